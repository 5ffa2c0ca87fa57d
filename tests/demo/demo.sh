#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# TAP: the demo does what it says, and leaves nothing behind, neither at its end nor where ^C or SIGTERM
# ends it.
#
# Owns: running it as people do, without a terminal; its account is held against what it must be. What is
# looked for afterwards is all that bears the demo's process id or lies in an enclosure of its own.
set -uo pipefail
cd "${0%/*}/../.." || exit 1

TMP=$(mktemp -d "/tmp/wgf-demo-test-$$.XXXXXX") || exit 1
CGROUP2=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
PID= # of the demo's process group
N=0

clean_up() {
	[[ $PID ]] && kill -TERM -- "-$PID" 2>/dev/null && wait "$PID" 2>/dev/null
	rm -rf "$TMP"
}
trap clean_up EXIT

# test_that NAME COMMAND...
test_that() {
	local name=$1

	shift
	N=$((N + 1))
	if "$@"; then
		echo "ok $N - $name"
	else
		echo "not ok $N - $name"
		tail -n 50 "$TMP/out" | sed 's/^/# /'
	fi
}

# demo_on: as from a terminal's shell, in a process group and an enclosure of its own, and not deaf to
# ^C, as what a script starts in the background would be.
demo_on() {
	: >"$TMP/out"
	env -u WGF_ENCLOSED TMPDIR="$TMP" setsid env --default-signal=INT demo/demo.sh \
		>"$TMP/out" 2>&1 </dev/null &
	PID=$!
}

# demo_ends: its exit status in STATUS.
demo_ends() {
	wait "$PID" 2>/dev/null
	STATUS=$?
	LAST=$PID
	PID=
}

says() {
	grep -qE "$1" "$TMP/out"
}

# row WHAT FENCED OPEN: that row of the account.
row() {
	says "^  $1 +$2 +$3$"
}

no_escape() {
	! grep -q $'\e' "$TMP/out"
}

fits() {
	! grep -E '.{81}' "$TMP/out" | sed 's/^/# /' | grep .
}

# What is left of the last one: processes of its session, its enclosure, its files. Those that have
# ended, and wait for init to take note, are none.
left() {
	sed -n "s/^\([0-9]* (.*)\) [^Z] [0-9]* [0-9]* $LAST .*/\1/p" /proc/[0-9]*/stat 2>/dev/null
	[[ ! -d $CGROUP2/wgf-run-$LAST ]] || echo "$CGROUP2/wgf-run-$LAST"
	find "$TMP" -mindepth 1 -maxdepth 1 ! -name out
}

nothing_left() {
	local found

	found=$(left)
	[[ $found ]] || return 0
	echo "# left: ${found//$'\n'/ }"
	return 1
}

wait_for() {
	local i

	for ((i = 0; i < 1200; i++)); do
		says "$1" && return
		kill -0 "$PID" 2>/dev/null || return
		sleep 0.1
	done
	return 1
}

# ended_by SIGNAL AT: in the middle, when it says that.
ended_by() {
	demo_on
	test_that "$1: the demo comes to: $2" wait_for "$2"
	kill "-$1" -- "-$PID"
	demo_ends
	test_that "$1 at \"$2\": not 0 is its exit status" test "$STATUS" -ne 0
	test_that "$1 at \"$2\": nothing is left" nothing_left
}

demo_on
demo_ends
test_that "exit status 0" test "$STATUS" -eq 0
test_that "it says that the fence held" says '^  The fence held\.$'
test_that "the tunnel away: no packet in clear, and some without the fence" \
	row 'packets in clear, the tunnel away' 0 '[1-9][0-9]*'
test_that "the whole run: no packet in clear, and some without the fence" \
	row 'packets in clear, the whole run' 0 '[1-9][0-9]*'
test_that "the swarm saw the VPN" row "the swarm saw the VPN's address" yes '(yes|no)'
test_that "the swarm saw the home without the fence alone" \
	row "the swarm saw the home's address" no yes
test_that "the WebUI answered the LAN while the tunnel was away" \
	row 'WebUI asked from the LAN, answered' '[1-9][0-9]* of [0-9]+' '[0-9]+ of [0-9]+'
test_that "the download is whole" row 'the download' 'whole, the same' 'not finished'
test_that "drops are counted by their reasons" says '^ +[1-9][0-9]* +(dropped|refused) .*no tunnel$'
test_that "plain lines without a terminal" no_escape
test_that "no line is longer than 80 columns" fits
test_that "nothing is left" nothing_left

ended_by INT 'A home, a VPN and an internet'
ended_by TERM 'In the fence'
ended_by INT 'The tunnel is away'
echo "1..$N"
