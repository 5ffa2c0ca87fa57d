# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the viewer sees: sentences, and below them a few lines that are drawn anew in place.
#
# Owns: the terminal. Without one, or with one that is too narrow, there are only plain lines; the
# cursor is moved, but never hidden, so that nothing has to be put right however the demo ends.

columns() {
	stty size 2>/dev/null </dev/tty | cut -d ' ' -f 2
}

LIVE='' BOLD='' RED='' GREEN='' PLAIN=''
if [[ -t 1 && ${TERM:-dumb} != dumb && $(columns) -ge 80 ]]; then
	BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
	LIVE=1
fi
DRAWN=0      # lines that may be drawn over
DRAWN_AT=-99 # when plain lines stand for them: the last one's time
PENDING=()   # and what was not printed since

# Printed for good, above what is drawn.
say() {
	local up=

	((DRAWN)) && up=$'\e['${DRAWN}$'A\e[J'
	printf '%s' "$up"
	printf '  %s\n' "$@"
	DRAWN=0
}

title() {
	DRAWN=0
	printf '\n%s%s%s\n' "$BOLD" "$*" "$PLAIN"
}

# draw LINE...: in one write, each line over the old one: nothing flickers.
draw() {
	local line out=

	if [[ ! $LIVE ]]; then
		PENDING=("$@")
		((SECONDS - DRAWN_AT >= 3)) || return 0
		DRAWN_AT=$SECONDS PENDING=()
		printf '  %s\n' "$@"
		return
	fi
	((DRAWN)) && out=$'\e['${DRAWN}A
	for line; do
		out+="  $line"$'\e[K\n'
	done
	printf '%s' "$out"
	DRAWN=$#
}

# What is drawn stays as it is.
settle() {
	((${#PENDING[@]})) && printf '  %s\n' "${PENDING[@]}"
	DRAWN=0 DRAWN_AT=-99 PENDING=()
}

# bar PERCENT
bar() {
	local full=$(($1 * 30 / 100)) all='##############################' none='..............................'

	printf '[%s%s] %3d %%' "${all:0:full}" "${none:full}" "$1"
}

# Good is 0.
packets() {
	if [[ $1 -eq 0 ]]; then
		printf '%s0 packets%s' "$GREEN" "$PLAIN"
	else
		printf '%s%d packets%s' "$RED" "$1" "$PLAIN"
	fi
}

# Instead of the one for tests: no TAP here.
bail() {
	settle
	printf >&2 'demo: %s\n' "$*"
	[[ -s $LOG ]] && tail -n 10 "$LOG" | sed 's/^/    /' >&2
	exit 1
}
