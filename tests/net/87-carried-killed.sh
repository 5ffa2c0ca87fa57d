#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rules and routes, with whoever puts them there or takes them away killed (SIGKILL) before any message to
# the kernel: nothing leaves past the tunnel, nothing of somebody else's is touched, and the next one has
# them as they should be.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/lifecycle.sh
. "$HERE/lifecycle.sh"

KILLS=${KILLS:-30} # of run
FLOODS="udp4 udp6 unmarked4 unmarked6"
A='table = 4999\npriority = 4998\nmark = 0x1000000/0x3000000'
B='table = 5999\npriority = 5998\nmark = 0x2000000/0x3000000'

conf() { # NUMBERS
	printf "[fence]\\ncgroup = %s\\ntunnel = wgft0\\n[route]\\n$1\\n" "$CGROUP" >"$CONF"
}

# Of others: right before ours and right behind, of the same address, and into the same table.
others_up() {
	local f

	for f in -4 -6; do
		ip -n "$HOST" $f rule add priority 4997 fwmark 0x3000000/0x3000000 lookup 4999
		ip -n "$HOST" $f rule add priority 5002 fwmark 0x3000000/0x3000000 lookup 300
		ip -n "$HOST" $f rule add priority 5003 lookup 300
	done
	ip -n "$HOST" rule add priority 4996 from $TUN4 to 192.0.2.0/24 lookup 300
	ip -n "$HOST" route add 192.0.2.0/24 dev home0 table 300
	ip -n "$HOST" -6 route add 2001:db8:99::/48 dev home0 table 300 proto static
}

# Link-local routes come when they like; those of the tunnel's own go with it.
others() {
	local f

	for f in -4 -6; do
		ip -n "$HOST" $f rule show | grep -v 'proto 119'
		ip -n "$HOST" $f route show table all | grep -vE 'proto 119|fe80:|ff00:|wgft0'
	done
}

of_table() {
	ours | grep -E "lookup $1\b|table $1\b|^$(($1 - 1)):|^$1:|^$(($1 + 1)):|^$(($1 + 2)):"
}

# A dump that is interrupted by a change shows less; what was taken away stays away.
others_there() {
	[[ $(others) == "$OTHERS" ]]
}

# after NAME WANTED: what is ours now; nothing of others has changed, nothing has left past the tunnel.
after() {
	leaked
	DEADLINE=5 until_true others_there
	is "$1" "leaked: $REPLY; others': $? $(cksum <<<"$2")" "leaked: ; others': 0 $(cksum <<<"$3")"
	[[ $2 == "$3" ]] || diag "$(diff <(echo "$2") <(echo "$3"))"
}

# killed N VERB...: before its Nth message; fails where it ended before that.
killed() {
	local n=$1

	shift
	in_host "$TOOLS/killat" message "$n" "$WGFENCE" "$1" --config "$CONF" "${@:2}" >>"$LOG" 2>&1
	CODE=$?
	[[ $CODE -eq 137 ]]
}

moments() { # NAME N
	is "$1, not killed" "$CODE" 0
	like "$1: there were messages to be killed at" "$2" '^[1-9].$'
}

first_attach_is_killed() {
	local n

	conf "$A"
	for ((n = 1; ; n++)); do
		fence detach --force >>"$LOG" 2>&1
		killed "$n" attach || break
		attach
		after "the first attach killed before its message $n; attached again" "$(ours)" "$ALL"
	done
	moments "the first attach" "$n"
}

detach_is_killed() {
	local n

	for ((n = 1; ; n++)); do
		attach
		killed "$n" detach --force || break
		fence detach --force >>"$LOG" 2>&1
		after "detach killed before its message $n; detached again" "$(ours)" ""
	done
	moments "detach" "$n"
}

# Every second one of ours is missing when it begins.
holes() {
	local f priority i=0

	for f in -4 -6; do
		while read -r priority; do
			((i++ % 2)) && ip -n "$HOST" $f rule del priority "$priority" protocol 119
		done < <(ip -n "$HOST" $f rule show | sed -n 's/^\([0-9]*\):.*proto 119.*/\1/p')
		ip -n "$HOST" $f route flush table 4999
	done 2>>"$LOG"
}

attach_is_killed() {
	local n

	for ((n = 1; ; n++)); do
		holes
		killed "$n" attach || break
		attach
		after "attach on a fence that lacks some, killed before its message $n; attached again" \
			"$(ours)" "$ALL"
	done
	moments "attach on a fence that lacks some" "$n"
}

# What it had before may stay: nobody knows those numbers any more. With these again, it is adopted.
numbers_are_changed() {
	local n whole_b

	conf "$B"
	attach
	whole_b=$(ours)
	for ((n = 1; ; n++)); do
		conf "$A"
		attach
		conf "$B"
		killed "$n" attach || break
		attach
		after "other numbers, killed before its message $n; attached again" "$(of_table 5999)" "$whole_b"
	done
	moments "attach with other numbers" "$n"
	conf "$A"
	attach
	after "the first numbers again: they are adopted" "$(ours)" "$ALL"
}

churn() {
	while [[ ! -e $TMP/enough ]]; do
		ip -n "$HOST" link set wgft0 down
		sleep 0.1
		ip -n "$HOST" link set wgft0 up
		tunnel_address $TUN4 $TUN6
		holes
		sleep 0.1
		ip -n "$HOST" link del wgft0
		wireguard "$HOST" wgft0
		tunnel_address 10.128.0.9 fd00:128::9
		ip -n "$HOST" link set wgft0 up
		sleep 0.1
		tunnel_address $TUN4 $TUN6
	done
}

run_is_killed() {
	local i ms

	alone churn 2>>"$LOG" &
	ACTOR_PID[churn]=$!
	for ((i = 1; i <= KILLS; i++)); do
		ms=$(printf '%03d' $((RANDOM % 400)))
		run_in_background run
		sleep "0.$ms"
		ended run KILL
		after "run killed, $i: $ms ms after its start" "" ""
	done
	touch "$TMP/enough"
	wait "${ACTOR_PID[churn]}"
	unset "ACTOR_PID[churn]"
	follow
	until_true eval '[[ $(ours) == "$ALL" ]]'
	after "the next run has all of it" "$(ours)" "$ALL"
	ended run TERM
	after "and it stays when that ends" "$(ours)" "$ALL"
}

lab_up
ip -n "$HOST" route del default dev wgft0 metric 10
ip -n "$HOST" -6 route del default dev wgft0 metric 10
others_up
sniff_others
OTHERS=$(others)
conf "$A"
attach
ALL=$(ours)
for name in $FLOODS; do
	to=WORLD_VOID${name: -1}
	kind=udp
	[[ $name == unmarked* ]] && kind="unmarked udp"
	actor "$name" member "$TOOLS/flood" $kind "${!to}" 7000
	ready "$name" || bail "no $name flood"
done
tried() {
	ask "$1" tally
	[[ $ANSWER == *$2=* ]]
}
for name in $FLOODS; do
	case $name in
	udp*) until_true tried $name ok ;;
	unmarked*) until_true tried $name EPERM ;;
	esac
	is "$name: sends" "$?" 0
done
attach_is_killed
numbers_are_changed
run_is_killed
for name in $FLOODS; do
	dismiss "$name"
done
kill_those KILL <"$CGROUP_DIR/cgroup.procs"
first_attach_is_killed
detach_is_killed
sniff_off
plan
