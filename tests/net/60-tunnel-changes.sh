#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# TCP connections and UDP floods of members, IPv4 and IPv6, while the tunnel is deleted, made again
# and changed more than 50 times, and `wgfence run` follows: not one packet leaves by another
# interface, the counters account for each that was sent, and in the end all goes on.
#
# Whenever the tunnel is away, the routes lead elsewhere, so that without the fence all would leave
# there: 61-tunnel-controls.sh shows it.

. "${0%/*}/lib.sh"
. "${0%/*}/changes.sh"

ROUNDS=3
CHANGES=0

# change N NAME POLICY COMMAND...: N changes, the last without waiting for the one before. Then, with
# the policy in force, members try to send.
change() {
	local n=$1 name=$2 policy=$3 now was

	shift 3
	for command; do
		"$command" 2>>"$LOG" || bail "cannot do: $command"
	done
	$policy
	was=$(counts)
	try_to_send 20
	now=$(counts)
	CHANGES=$((CHANGES + n))
	leaked
	is "$CHANGES: $name" "$(moved_since "$was" "$now"), leaked: $REPLY" \
		"${WANTED[$policy]}, leaked: "
	[[ -z $REPLY ]] || diag "$(tail -n 5 "$TMP/sniff.log")"
}

counts() {
	of udp counted allowed ipv4
	of udp counted allowed ipv6
	of udp counted dropped ipv4
	of udp counted dropped ipv6
}

# Which of them have grown: "allowed4 allowed6".
moved_since() {
	paste <(printf 'allowed4\nallowed6\ndropped4\ndropped6') <(echo "$1") <(echo "$2") |
		awk '$3 > $2 { print $1 }' | paste -s -d ' '
}

declare -A WANTED=([up_at_home]="allowed4 allowed6" [up_moved]="allowed4 allowed6"
	[absent]="dropped4 dropped6" [useless]="dropped4 dropped6")

one_round() {
	change 1 "deleted" absent do_delete
	change 1 "made anew" up_at_home do_make
	change 1 "another address" up_moved do_move
	change 1 "the old address" up_at_home do_return
	change 1 "down" useless do_down
	change 1 "up" up_at_home do_up
	change 1 "renamed away" absent do_rename
	change 1 "renamed back" up_at_home do_rename_back
	change 2 "renamed, another device has its name" useless do_take_name
	change 2 "has its name again" up_at_home do_give_name
	change 2 "deleted, another device has its index" absent do_take_index
	change 2 "made anew" up_at_home do_give_index
	dismiss squat
	change 2 "deleted and made anew at once" up_at_home do_delete do_make
	change 2 "another address and back at once" up_at_home do_move do_return
	change 2 "down and up at once" up_at_home do_down do_up
	change 2 "renamed away and back at once" up_at_home do_rename do_rename_back
	all_go_on
}

# Also TCP, which tries again after up to twice the time that it could not.
all_go_on() {
	local name

	for name in $UDP_FLOODS $TCP_FLOODS; do
		if DEADLINE=60 goes_on "$name" ok 20; then
			ok "$name goes on"
		else
			not_ok "$name goes on"
		fi
	done
}

lab_up
parts_up
each configure enforce </dev/null
of udp follow run.udp
of tcp follow run.tcp
floods_on
try_to_send 20
for ((round = 0; round < ROUNDS; round++)); do
	one_round
done
like "at least 50 changes" "$CHANGES" '^([5-9].|...)$'

udp_floods_off
accounted 4 ipv4
accounted 6 ipv6
sniff_off
plan
