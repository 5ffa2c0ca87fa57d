#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `top` in a real terminal (tmux): what it shows is what was counted, at every size, by every key, and
# while more is dropped than it can show.

. "${0%/*}/lib.sh"
. "${0%/*}/lifecycle.sh"
. "${0%/*}/terminal.sh"

GROUP_ID=64999 # the group `wgfence` of the daemon that this test runs
COLS=(80x24 200x50)

# As it is, but with a group wgfence, whatever the machine has.
exec_run() {
	{ grep -v '^wgfence:' /etc/group; echo "wgfence:x:$GROUP_ID:"; } >"$TMP/group"
	# shellcheck disable=SC2016
	exec nsenter --net="/run/netns/$HOST" unshare --mount sh -c '
		mount --bind "$0" /etc/group && exec "$@"' "$TMP/group" "$WGFENCE" run --config "$CONF"
}

# top_in COLSxROWS [VARIABLE=VALUE...]
top_in() {
	local size=$1

	shift
	terminal "${size%x*}" "${size#*x}" env LC_ALL=C.UTF-8 "$@" "$WGFENCE" top "$NAME"
	until_true on_screen 'wgfence top' || diag "$(screen)"
}

as() { # GROUPS COMMAND...
	local groups=$1

	shift
	setpriv --reuid 65534 --regid 65534 "$groups" "$@"
}

# Exactly what was sent: 5 past the tunnel, 3 of discovery, 2 calls.
attempts() {
	member "$TOOLS/storm" one $PAST_VOID4 6200 5 >/dev/null
	member "$TOOLS/storm" one $LAN_VOID4 6771 3 >/dev/null
	for _ in 1 2; do
		member "$TOOLS/talk" "socket 4 dgram; bind $HOME4 7007" >/dev/null
	done
}

# once_of PATTERN: of the table, the line
once_of() {
	"$WGFENCE" top --once "$NAME" 2>&1 | grep -E "$1" | sed 's/  */ /g; s/^ //'
}

counted() {
	[[ $(once_of '^blocked') == "$1" ]]
}

test_once() {
	attempts
	until_true counted "blocked 5 attempts, 5 expected noise"
	is "--once: attempts and noise apart" "$(once_of '^blocked')" "blocked 5 attempts, 5 expected noise"
	is "--once: an attempt by its reason" "$(once_of ' past_tunnel_ipv4 ')" \
		"5 past_tunnel_ipv4 past the tunnel (IPv4)"
	is "--once: noise by its reason" "$(once_of ' local_discovery ')" "3 local_discovery local discovery"
	is "--once: a refused call" "$(once_of ' bind_refused ')" \
		"2 bind_refused bind to an address outside the tunnel"
	like "--once: the flow" "$(once_of ' to 198')" \
		"^5 storm\[[0-9]+\] egress udp to $PAST_VOID4 port 6200: past the tunnel"
	like "--once: the fence" "$(once_of '^fence')" "^fence $NAME: enforced"
	like "--once: the tunnel" "$(once_of '^tunnel')" '^tunnel wgft0 up, in the policy'
	is "--once agrees with the counters" \
		"$(once_of '^ .*_|^ .* dns ' | awk '{ n += $1 } END { print n }')" \
		"$(counters | awk '/^(dropped|refused)/ { n += $5 } END { print n }')"
	says "no terminal: the same" 0 'blocked +5 attempts' "$WGFENCE" top "$NAME"
	like "without a name: a fence that is there" "$("$WGFENCE" top --once)" '^fence '
}

test_who_may() {
	says "a member of the group may" 0 "$NAME: enforced" as "--groups=$GROUP_ID" "$WGFENCE" top "$NAME" --once
	says "who is none may not, and is told why" 5 'only root and the group wgfence' \
		as --clear-groups "$WGFENCE" top "$NAME" --once
	is "and asked for nothing: the pins are root's" "$(as "--groups=$GROUP_ID" ls "$PINS" 2>/dev/null | wc -l)" 0
}

# Each size: all of it is there, and nothing beside it.
test_sizes() {
	local size

	for size in "${COLS[@]}"; do
		top_in "$size"
		shows "$size: the fence" "wgfence top  $NAME: enforced"
		shows "$size: the tunnel" 'tunnel   wgft0 up'
		shows "$size: blocked" 'blocked  [56] attempts.*expected noise 5'
		shows "$size: an attempt" 'past the tunnel \(IPv4\) +[56] '
		shows "$size: noise has its own place" 'expected noise'
		shows "$size: the flow" "storm\[[0-9]+\] (>|egress udp to) $PAST_VOID4"
		member "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 6300 1 32" >/dev/null
		shows "$size: the latest" "[0-9:]{8} (past_tunnel_ipv4 +talk\[[0-9]+\] >|talk\[[0-9]+\] .* >) $PAST_VOID4:6300"
		is "$size: as many rows as it has" "$(screen | wc -l)" "${size#*x}"
		screen >"$TMP/screen-$size"
		press q
		shows "$size: q ends it with 0" '^exit 0'
	done
}

test_resize() {
	top_in 80x24
	resize 120 40
	shows "resized: larger" '^ .* [0-9:]{8}$|wgfence top'
	until_true is_wide
	is "resized: it takes the width" "$(is_wide && echo yes)" yes
	resize 60 20
	shows "too small: says so" '60x20 is too small'
	shows "and what it needs" 'needs 80x24'
	resize 80 24
	shows "and is back" 'blocked  '
	press q
}

is_wide() {
	[[ $(screen | head -n 1 | wc -c) -gt 100 ]]
}

test_keys() {
	top_in 80x24
	member "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 6301 1 32" >/dev/null
	shows "keys: there is an event" 'talk\['
	press /
	press -l zzz
	press Enter
	hides "filter: what does not match is gone" 'talk\['
	shows "filter: it is shown" "filter .zzz'"
	press Escape
	shows "filter: cleared" 'talk\['
	press n
	hides "noise off: gone" 'local discovery'
	press n
	shows "noise on: back" 'local discovery'
	press p
	shows "paused: said" 'PAUSED'
	member "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 6302 1 32" >/dev/null
	shows "paused: events are counted" 'PAUSED, 1 events'
	is "paused: and not shown" "$(screen | grep -c 6302)" 0
	press p
	hides "goes on" 'PAUSED'
	press Enter
	shows "whole: the reason's sentence" 'without the fence, a leak'
	shows "whole: by hook and family" 'egress +ipv4 +[0-9]+ packets'
	press Escape
	shows "whole: back" 'Latest'
	press h
	shows "help" 'expected noise on or off'
	press h
	press s
	shows "sort" 's by total'
	press Tab
	shows "the next list" '^> Latest'
	press C-c
	shows "^C ends it with 0" '^exit 0'
}

# What a process calls itself steers no terminal.
test_hostile() {
	local evil=$TMP/$'\e[2Jevil'

	cp "$TOOLS/talk" "$evil"
	top_in 80x24
	member "$evil" "socket 4 dgram; sendto $PAST_VOID4 6303 1 32" >/dev/null
	shows "a name with an escape is escaped" 'x1b\[2Jevil'
	on_screen 'wgfence top'
	is "and nothing was cleared" "$?" 0
	press q
}

test_terminals() {
	top_in 80x24 LC_ALL=C
	shows "C locale: there" 'blocked  '
	member "$TOOLS/storm" one $PAST_VOID4 6200 5 >/dev/null
	shows "C locale: a history in ASCII" 'past the tunnel \(IPv4\) .*%'
	is "C locale: nothing but ASCII" "$(screen | LC_ALL=C grep -c '[^ -~]')" 0
	press q
	top_in 80x24 LC_ALL=C.UTF-8
	member "$TOOLS/storm" one $PAST_VOID4 6200 5 >/dev/null
	shows "UTF-8: a history in blocks" '█'
	press q
	top_in 80x24 TERM=vt100
	shows "vt100: there" 'blocked  '
	is "vt100: without colour" "$(tm capture-pane -e -p -t t | grep -c $'\e\\[[0-9;]*3[0-7]m')" 0
	press q
	top_in 80x24 NO_COLOR=1
	shows "NO_COLOR: there" 'blocked  '
	is "NO_COLOR: without colour" "$(tm capture-pane -e -p -t t | grep -c $'\e\\[[0-9;]*3[0-7]m')" 0
	press q
	top_in 80x24
	shows "with colour: there" 'blocked  '
	until_true colourful
	is "with colour" "$(colourful && echo yes)" yes
	press q
	terminal 160 60 env TERM=dumb "$WGFENCE" top "$NAME"
	shows "dumb: the table" '^exit 0'
	shows "dumb: the table" 'blocked +[0-9]+ attempts'
}

colourful() {
	tm capture-pane -e -p -t t | grep -q $'\e\\[[0-9;]*3[0-7]m'
}

# Ten seconds of drops as fast as a processor makes them; meanwhile each key is answered.
test_flood() {
	local before after begin end key worst=0 took

	top_in 80x24
	before=$(blocked)
	alone member "$TOOLS/storm" 10 $PAST_VOID4 6400 0 >"$TMP/flood" 2>>"$LOG" &
	ACTOR_PID["flood"]=$!
	until_true on_screen '6400'
	begin=$EPOCHREALTIME
	for key in h h h h h h; do
		took=$EPOCHREALTIME
		press "$key"
		if [[ $((++pressed % 2)) == 1 ]]; then
			shows "flood: help is there" 'Help: any key'
		else
			hides "flood: help is gone" 'Help: any key'
		fi
		took=$(awk -v a="$took" -v b="$EPOCHREALTIME" 'BEGIN { printf "%d", (b - a) * 1000 }')
		((took > worst)) && worst=$took
	done
	after=$(blocked)
	end=$EPOCHREALTIME
	kill -0 "${ACTOR_PID[flood]}"
	is "flood: it was still on" "$?" 0
	diag "$(awk -v n="$((after - before))" -v s="$end" -v b="$begin" \
		'BEGIN { printf "%d drops a second", n / (s - b) }'), the slowest key took $worst ms"
	wait "${ACTOR_PID[flood]}"
	unset 'ACTOR_PID[flood]'
	until_true shows_all
	is "flood: in the end the screen has the exact count" "$(shows_all && echo yes)" yes
	press q
	shows "flood: ends" '^exit 0'
}
pressed=0

blocked() {
	counters | awk '/^dropped egress ipv4 past_tunnel_ipv4/ { print $5 }'
}

shows_all() {
	on_screen "past the tunnel \(IPv4\) +$(blocked) "
}

# Asking without end: each is answered.
test_daemon() {
	local i

	for i in {1..200}; do
		"$WGFENCE" top --once "$NAME" >/dev/null || break
	done
	is "asked 200 times, answered 200 times" "$i" 200
}

# Another fence, on a cgroup below.
test_switch() {
	local first=$NAME CONF=$CONF NAME=$NAME CGROUP=$CGROUP/second

	mkdir "$CGROUP_DIR/second"
	NAME=zz-$NAME CONF=$TMP/zz-$first.conf
	configure audit <<<''
	follow second
	terminal 80 24 env LC_ALL=C.UTF-8 "$WGFENCE" top "$first"
	shows "switch: the first" "wgfence top  $first: enforced"
	press f
	shows "switch: the next" "wgfence top  $NAME: AUDIT"
	press F
	shows "switch: back" "wgfence top  $first: enforced"
	press f
	shows "switch: the next again" "wgfence top  $NAME: AUDIT"
	ended second TERM
	shows "its daemon ends: root reads the pins" 'counters alone'
	press q
	fence detach --force >>"$LOG" 2>&1
	rmdir "$CGROUP_DIR/second"
}

test_without_daemon() {
	top_in 80x24
	shows "with its daemon" 'blocked  '
	ended run TERM
	shows "the daemon ends: said" 'does not run'
	follow
	hides "it is back: so are we" 'does not run'
	member "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 6304 1 32" >/dev/null
	shows "and so are events" ':6304'
	press q
	ended run TERM
	says "without daemon, as root: the pins" 0 "$NAME: enforced" "$WGFENCE" top "$NAME" --once
	says "without daemon, not root: said" 3 'does not run' \
		as "--groups=$GROUP_ID" "$WGFENCE" top "$NAME" --once
	says "no fence at all" 3 'does not stand' "$WGFENCE" top no-such-fence --once
}

command -v tmux >/dev/null || bail "no tmux: tests/deps.sh installs it"
lab_up
printf '%s\n' '[webui]' 'port = 8080' 'allow = lan' | configure enforce
follow
test_once
test_who_may
test_sizes
test_resize
test_keys
test_hostile
test_terminals
test_flood
test_daemon
test_switch
test_without_daemon
terminal_off
plan
