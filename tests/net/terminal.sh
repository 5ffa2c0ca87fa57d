# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A real terminal: tmux, with a server of its own.
#
# Owns: it. Whoever uses this ends it by terminal_off, or lab_down does.

TERMINAL_CONF=$TMP/tmux.conf
TERMINALS=0 # a server each: one that is still ending takes no new ones

tm() {
	tmux -L "$ID-$TERMINALS" -f "$TERMINAL_CONF" "$@" 2>>"$LOG"
}

# terminal COLS ROWS COMMAND...: runs it there. The server holds none of our pipes. What it ends with
# stays on the screen: "exit 0".
terminal() {
	local cols=$1 rows=$2

	shift 2
	printf 'set -g status off\nset -g escape-time 0\nset -g default-terminal screen-256color\n' >"$TERMINAL_CONF"
	terminal_off
	TERMINALS=$((TERMINALS + 1))
	alone tm new-session -d -x "$cols" -y "$rows" -s t \
		"$(printf '%q ' "$@"); echo exit \$?; sleep 1000" </dev/null >/dev/null
}

terminal_off() {
	tm kill-server || true
}

press() {
	tm send-keys -t t "$@"
}

screen() {
	tm capture-pane -p -t t
}

on_screen() {
	screen | grep -qE -- "$1"
}

# shows NAME PATTERN: waited for
shows() {
	if until_true on_screen "$2"; then
		ok "$1"
	else
		not_ok "$1"
		diag "$(screen)"
		diag "wanted a match of: $2"
	fi
}

# hides NAME PATTERN: waited for
hides() {
	until_true off_screen "$2"
	is "$1" "$(screen | grep -cE -- "$2")" 0
}

off_screen() {
	! on_screen "$1"
}

resize() {
	tm resize-window -t t -x "$1" -y "$2"
}
