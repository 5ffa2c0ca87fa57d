#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every form of socket that sends datagrams: with the tunnel up its packets arrive in the tunnel and
# nowhere else; with the tunnel down they stay, whether the policy has followed or not; and in audit
# mode they leave by the home line, which is what would have happened without a fence.
#
# The sockets are made while the tunnel is up, so that those that are connected or bound have been.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

N=3
WHAT=() FAMILY=() MAKE=() SEND=() HOOK=() TUNNEL=() HOME_=()

# form WHAT FAMILY MAKE SEND [HOOK TUNNEL HOME]: how many packets the hook sees, leave by the tunnel,
# and by the home line: N each where not said.
form() {
	WHAT+=("$1") FAMILY+=("$2") MAKE+=("$3") SEND+=("$4")
	HOOK+=("${5:-$N}") TUNNEL+=("${6:-$N}") HOME_+=("${7:-$N}")
}

forms() {
	form "unconnected" ipv4 "socket 4 dgram" "sendto $WORLD_VOID4 6000 $N 32"
	form "unconnected" ipv6 "socket 6 dgram" "sendto $WORLD_VOID6 6000 $N 32"
	form "connected" ipv4 "socket 4 dgram; connect $WORLD_VOID4 6000" "send $N 32"
	form "connected" ipv6 "socket 6 dgram; connect $WORLD_VOID6 6000" "send $N 32"
	form "v4-mapped, unconnected" ipv4 "socket 6 dgram" "sendto ::ffff:$WORLD_VOID4 6000 $N 32"
	form "v4-mapped, connected" ipv4 "socket 6 dgram; connect ::ffff:$WORLD_VOID4 6000" "send $N 32"
	form "bound to the tunnel's address" ipv4 "socket 4 dgram; bind $TUN4 0" \
		"sendto $WORLD_VOID4 6000 $N 32"
	form "bound to the tunnel's address" ipv6 "socket 6 dgram; bind $TUN6 0" \
		"sendto $WORLD_VOID6 6000 $N 32"
	form "source as ancillary data" ipv4 "socket 4 dgram" \
		"aux source $TUN4; sendto $WORLD_VOID4 6000 $N 32"
	form "bound to a port" ipv4 "socket 4 dgram; bind 0.0.0.0 6881" "sendto $WORLD_VOID4 6000 $N 32"
	form "bound to a port" ipv6 "socket 6 dgram; bind :: 6882" "sendto $WORLD_VOID6 6000 $N 32"
	form "larger than the MTU" ipv4 "socket 4 dgram" "sendto $WORLD_VOID4 6000 1 5000" 1 4 4
	form "larger than the MTU" ipv6 "socket 6 dgram" "sendto $WORLD_VOID6 6000 1 5000" 1 4 4
	# A GSO send is one packet at the hook, and to a veth; WireGuard is handed its segments.
	form "GSO" ipv4 "socket 4 dgram; set segment 100" "sendto $WORLD_VOID4 6000 1 1000" 1 10 1
	form "GSO" ipv6 "socket 6 dgram; set segment 100" "sendto $WORLD_VOID6 6000 1 1000" 1 10 1
	form "corked" ipv4 "socket 4 dgram" \
		"set cork 1; sendto $WORLD_VOID4 6000 $N 32; set cork 0" 1 1 1
	form "corked" ipv6 "socket 6 dgram" \
		"set cork 1; sendto $WORLD_VOID6 6000 $N 32; set cork 0" 1 1 1
}

make_sockets() {
	local i

	for i in "${!MAKE[@]}"; do
		actor "m$i" member "$TOOLS/talk"
		tell "m$i" "${MAKE[i]}"
		[[ $ANSWER == *\ ok ]] || bail "${WHAT[i]}: $ANSWER"
	done
}

# each_form HOW COUNTER [REASON]: sends with each; COUNTER with REASON (or, where there is none,
# that of its family past the tunnel) moves; what is dropped is not seen, and EPERM says so.
each_form() {
	local i how=$1 counter=$2 last answer seen reason

	for i in "${!WHAT[@]}"; do
		last=${SEND[i]##*; }
		reason=${3:-past_tunnel_${FAMILY[i]}}
		answer="${last%% *} ok=${HOOK[i]}" seen=home=${HOME_[i]}
		[[ $counter == dropped ]] && answer="${last%% *} ok=0 EPERM=${HOOK[i]}" seen=
		[[ $reason == tunnel ]] && seen=tunnel=${TUNNEL[i]}
		[[ $last == set* ]] && answer="set ok" # uncorking does not say what became of it
		tell "m$i" "${SEND[i]}"
		want "${WHAT[i]}, ${FAMILY[i]}: $how" "$answer" "$seen" \
			"$counter egress ${FAMILY[i]} $reason ${HOOK[i]}"
	done
}

# Each way to hand a datagram to the kernel; the tunnel is up, the packets go past it, or do not.
ways() {
	local mode=$1 family=$2 through=$3 past=$4 n seen= counter

	n=$("$TOOLS/ways" $past 6000 list | wc -l)
	ANSWER=$(member "$TOOLS/ways" $past 6000 | grep -c " EPERM$")
	if [[ $mode == enforce ]]; then
		want "$n ways to send, past the tunnel, $family: none" "$n" "" \
			"dropped egress $family past_tunnel_$family $n"
		ANSWER=$(member "$TOOLS/ways" $through 6000 | grep -c " ok$")
		want "$n ways to send, in the tunnel, $family: all" "$n" "tunnel=$n" \
			"allowed egress $family tunnel $n"
	else
		want "$n ways to send, past the tunnel, $family: all in audit mode" 0 "home=$n" \
			"would_drop egress $family past_tunnel_$family $n"
	fi
}

# SO_BINDTODEVICE chooses the interface whatever the routes say.
devices() {
	local mode=$1 family=$2 to=$3 counter=would_drop seen=home=$N answer="sendto ok=$N"

	[[ $mode == enforce ]] && counter=dropped seen= answer="sendto ok=0 EPERM=$N"
	tell m0 "use 9; socket ${family#ipv} dgram; device home0; sendto $to 6000 $N 32"
	want "bound to the home line's device, $family, $mode" "$answer" "$seen" \
		"$counter egress $family past_tunnel_$family $N"
	tell m0 "use 9; socket ${family#ipv} dgram; device wgft0; sendto $to 6000 $N 32"
	want "bound to the tunnel's device, $family, $mode: in the tunnel" "sendto ok=$N" \
		"tunnel=$N" "allowed egress $family tunnel $N"
	tell m0 "use 0"
}

# A mark can choose the way, too: the hook sees where it ends.
by_mark() {
	local mode=$1 counter=would_drop seen=home=$N answer="sendto ok=$N"

	[[ $mode == enforce ]] && counter=dropped seen= answer="sendto ok=0 EPERM=$N"
	tell m0 "use 9; socket 4 dgram; set mark 7; sendto $WORLD_VOID4 6000 $N 32"
	want "routed past the tunnel by a mark, $mode" "$answer" "$seen" \
		"$counter egress ipv4 past_tunnel_ipv4 $N"
	tell m0 "use 0"
}

# past WHO WHAT: that actor's datagrams past the tunnel are dropped, those in it pass.
past() {
	tell "$1" "use 0; sendto $PAST_VOID4 6000 $N 32"
	want "$2: nothing leaves past the tunnel" "sendto ok=0 EPERM=$N" "" \
		"dropped egress ipv4 past_tunnel_ipv4 $N"
	tell "$1" "use 0; sendto $WORLD_VOID4 6000 $N 32"
	want "$2: all arrives in the tunnel" "sendto ok=$N" "tunnel=$N" \
		"allowed egress ipv4 tunnel $N"
}

# Where a member is makes no difference; and a socket stays one when its process leaves.
places() {
	local mine

	mkdir "$CGROUP_DIR/child"
	actor child in_child "$TOOLS/talk"
	tell child "socket 4 dgram"
	past child "in a child cgroup"
	child_fence attach
	past child "in a child cgroup that has an open fence of its own"
	child_fence detach --force
	actor inside member unshare --cgroup "$TOOLS/talk"
	tell inside "socket 4 dgram"
	past inside "in a cgroup namespace"
	actor leaver member "$TOOLS/talk"
	tell leaver "socket 4 dgram"
	mine=$(<"$CGROUP_DIR/cgroup.procs")
	for pid in $mine; do
		echo "$pid" >"$CGROUP2/cgroup.procs"
	done
	is "the processes have left" "$(<"$CGROUP_DIR/cgroup.procs")" ""
	past leaver "a process that has left the cgroup, with a socket made there"
	tell leaver "use 0; socket 4 dgram; sendto $PAST_VOID4 6000 $N 32"
	want "its new socket is no member's" "sendto ok=$N" "home=$N" ""
}

# A fence below the fence: in audit mode, it lets everything pass.
child_fence() {
	local CONF=$TMP/$NAME-child.conf CGROUP=$CGROUP/child

	configure audit </dev/null
	fence "$@" >>"$LOG" 2>&1 || bail "the fence below: $1 failed"
}

in_child() {
	# shellcheck disable=SC2016
	sh -c 'echo $$ >"$0/child/cgroup.procs" && exec "$@"' "$CGROUP_DIR" \
		nsenter --net="/run/netns/$HOST" "$@"
}

lab_up
sniff_on
attach_with enforce
forms
make_sockets
begin
each_form "in the tunnel only" allowed tunnel
ip -n "$HOST" link set wgft0 down
each_form "tunnel down: nothing leaves" dropped
attach
each_form "tunnel down, and known to be: nothing leaves" dropped no_tunnel
attach_with audit
each_form "tunnel down, audit mode: by the home line" would_drop no_tunnel

tunnel_return
ip -n "$HOST" rule add fwmark 7 lookup 77
ip -n "$HOST" route add default via $ROUTER4 dev home0 table 77
for mode in audit enforce; do
	attach_with $mode
	begin
	ways $mode ipv4 $WORLD_VOID4 $PAST_VOID4
	ways $mode ipv6 $WORLD_VOID6 $PAST_VOID6
	devices $mode ipv4 $WORLD_VOID4
	devices $mode ipv6 $WORLD_VOID6
	by_mark $mode
done
places
sniff_off
plan
