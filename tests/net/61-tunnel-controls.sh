#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The positive control of 60-tunnel-changes.sh: the same members, the same changes. Without a fence
# their packets leave by other interfaces at each change, and in every form; in audit mode they do so
# too, and are counted to the packet.

. "${0%/*}/lib.sh"
. "${0%/*}/changes.sh"

SEEN=0     # how many lines left() had before the change
COUNTED=   # and the counters

# The members sleep while the tunnel comes back: what leaves by it before the policy follows is
# counted, but seen by nobody.
members() {
	local part

	for part in $PARTS; do
		xargs -r kill "-$1" <"$CGROUP_DIR/$part/cgroup.procs"
	done
}

since() {
	left | tail -n "+$((SEEN + 1))"
}

# new KIND...: have all of these left since? As "home.udp4".
new() {
	local kinds kind

	kinds=" $(since | awk '{ print $1 "." $2 ($3 ~ /:/ ? 6 : 4) }' | sort -u | paste -s -d ' ') "
	for kind; do
		[[ $kinds == *" $kind "* ]] || return 1
	done
}

would_drop() {
	echo $(($(of udp counted would_drop) + $(of tcp counted would_drop)))
}

all_counted() {
	GOT=$(($(would_drop) - COUNTED)) WANTED=$(since | wc -l)
	[[ $GOT -eq $WANTED ]]
}

# leaves NAME CHANGE POLICY BACK KIND...: after the change these kinds of packets leave past the
# tunnel; in audit mode all that leave are counted. Then BACK brings the tunnel back.
leaves() {
	local name="$MODE: $1" change=$2 policy=$3 back=$4

	shift 4
	SEEN=$(left | wc -l)
	COUNTED=$(would_drop)
	members CONT
	"$change" 2>>"$LOG" || bail "cannot do: $change"
	if until_true new "$@"; then
		ok "$name: $* leave"
	else
		not_ok "$name: $* leave"
		diag "$(since | cut -d ' ' -f 1-6 | sort | uniq -c)"
	fi
	[[ $MODE == audit ]] && $policy
	members STOP
	if [[ $MODE == audit ]]; then
		until_true all_counted # a segment may be on its way
		is "$name: would_drop counts what leaves" "$GOT" "$WANTED"
	fi
	"$back" 2>>"$LOG" || bail "cannot do: $back"
	[[ $MODE != audit ]] || up_at_home
	[[ $change != do_take_index ]] || dismiss squat
}

# The members' TCP gets through again: else its timer would be on its way to minutes.
tcp_goes_on() {
	members CONT
	{ goes_on tcp4 ok 20 && goes_on tcp6 ok 20; } || bail "TCP does not go on"
	members STOP
}

# TCP leaves as well where its address stays: with IPv4 an interface that is down keeps it, with
# IPv6 nobody asks whose it is.
all_changes() {
	MODE=$1
	leaves "deleted" do_delete absent do_make home.udp4 home.udp6 home.tcp6
	tcp_goes_on
	leaves "down" do_down useless do_up home.udp4 home.udp6 home.tcp4 home.tcp6
	tcp_goes_on
	leaves "renamed, another device has its name" do_take_name useless do_give_name \
		other.udp4 other.udp6
	leaves "deleted, another device has its index" do_take_index absent do_give_index \
		squatter.udp4 squatter.udp6
	tcp_goes_on
}

lab_up
parts_up
floods_on
all_changes "no fence"

# A datagram socket that was connected while the home line was the way keeps its address there, and
# goes into the tunnel with it, where no sniffer is. (Enforced, it could not have been connected.)
dismiss connected4
dismiss connected6
each configure audit </dev/null
of udp follow run.udp
of tcp follow run.tcp
all_changes audit
is "in audit mode nothing is dropped" "$(each counted dropped | paste -s -d ' ')" "0 0"
sniff_off
plan
