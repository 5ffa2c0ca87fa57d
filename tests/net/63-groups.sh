#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is sent to a group, or to everybody on a network. Of IPv4 the kernel gives a copy to this host's own
# programs before egress is asked, and asks about the copy never: so it is refused in the call. Of IPv6 it asks
# first. A program of the host listens to all of it.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

N=3
PORT=9999
NETWORK4=${HOME4%.*}.255
FAMILY=() REASON=() WHAT=() DO=()

# sends FAMILY REASON WHAT COMMANDS
sends() {
	FAMILY+=("$1") REASON+=("$2") WHAT+=("$3") DO+=("use 0; $4")
}

# to ADDRESS
to() { printf 'sendto %s %s %s 32' "$1" $PORT $N; }

all_ways() {
	local group='socket 4 dgram; set multicast_if' all='socket 4 dgram; set broadcast 1'

	sends ipv4 multicast "a group, by the home line" "$group home0; $(to 239.1.2.3)"
	sends ipv4 multicast "a group, by the tunnel" "$group wgft0; $(to 239.1.2.3)"
	sends ipv4 multicast "a group, from a socket for IPv6" "socket 6 dgram; $(to ::ffff:239.1.2.3)"
	sends ipv4 multicast "a group, from a socket that is connected elsewhere" \
		"$group home0; connect $WORLD4 6000; $(to 239.1.2.3)"
	sends ipv4 multicast "all hosts" "$group home0; $(to 224.0.0.1)"
	sends ipv4 broadcast "everybody" "$all; device home0; $(to 255.255.255.255)"
	sends ipv4 broadcast "everybody, by the tunnel" "$all; device wgft0; $(to 255.255.255.255)"
	sends ipv4 broadcast "everybody on a network" "$all; $(to $NETWORK4)"
	sends ipv4 broadcast "everybody on the tunnel's network" "$all; $(to ${TUN4%.*}.255)"
	sends ipv6 multicast "IPv6, a group, by the home line" "socket 6 dgram; set multicast_if home0; $(to ff05::1234)"
	sends ipv6 multicast "IPv6, a group, by the tunnel" "socket 6 dgram; set multicast_if wgft0; $(to ff05::1234)"
}

# The host's own program: it is in the groups, on both interfaces.
listen() {
	local dev

	actor host in_host "$TOOLS/talk"
	tell host "use 4; socket 4 dgram; bind 0.0.0.0 $PORT"
	tell host "use 6; socket 6 dgram; set v6only 1; bind :: $PORT"
	for dev in home0 wgft0; do
		tell host "use 4; join membership 239.1.2.3 $dev"
		tell host "use 6; join membership ff05::1234 $dev"
		[[ $ANSWER == *ok ]] || bail "the host's program is in no group: $ANSWER"
	done
}

# What the kernel itself says of the groups that are joined, a few times within seconds, is over.
said() {
	ask sniff count
	sleep 1.5
	ask sniff peek
	[[ -z $ANSWER ]]
}

# heard NAME FAMILY N: so many came to it.
heard() {
	tell host "use ${2#ipv}; drain"
	is "$1: this host's program hears $3" "$ANSWER" "drain ok=$3"
}

# try I NAME HEARD ANSWER SEEN COUNTERS
try() {
	local name="${WHAT[$1]}: $2"

	tell m "${DO[$1]}"
	want "$name" "sendto $4" "$5" "$6"
	heard "$name" "${FAMILY[$1]}" "$3"
}

test_control() {
	local i

	for i in "${!DO[@]}"; do
		tell m "${DO[i]}"
		is "${WHAT[i]}: without a fence it is sent" "$ANSWER" "sendto ok=$N"
		heard "${WHAT[i]}: without a fence" "${FAMILY[i]}" $N
	done
	until_true said
}

test_refused() {
	local i by

	attach_with enforce
	begin
	for i in "${!DO[@]}"; do
		by="refused connect"
		[[ ${FAMILY[i]} == ipv4 ]] || by="dropped egress"
		try "$i" "in the fence" 0 "ok=0 EPERM=$N" "" "$by ${FAMILY[i]} ${REASON[i]} $N"
	done
	tell m "use 0; socket 4 dgram; set broadcast 1; connect $NETWORK4 $PORT"
	want "connect to everybody on a network" "connect EPERM" "" "refused connect ipv4 broadcast 1"
}

# Each packet is dropped, and yet the copy comes.
test_without_the_hook() {
	local i

	rm "$PINS/sendmsg4"
	like "without the hook: status says so" "$? $(fence status 2>&1)" 'the link sendmsg4 is not there'
	begin
	for i in "${!DO[@]}"; do
		[[ ${FAMILY[i]} == ipv4 && ${WHAT[i]} != *tunnel\'s* ]] || continue
		try "$i" "egress alone" $N "ok=0 EPERM=$N" "" "dropped egress ipv4 ${REASON[i]} $N"
	done
	attach
	begin
	try 0 "attached again" 0 "ok=0 EPERM=$N" "" "refused connect ipv4 multicast $N"
}

test_named() {
	attach_with enforce '[rules]' "allow = connect udp 239.1.2.0/24 $PORT" "allow = connect udp $NETWORK4 $PORT"
	begin
	try 0 "named by a rule" $N "ok=$N" "home=$N" "allowed egress ipv4 rule $N"
	try 4 "not named by it" 0 "ok=0 EPERM=$N" "" "refused connect ipv4 multicast $N"
	try 7 "named by a rule" $N "ok=$N" "home=$N" "allowed egress ipv4 rule $N"
}

test_audit() {
	attach_with audit
	begin
	try 0 "in audit mode" $N "ok=$N" "home=$N" \
		"would_drop egress ipv4 multicast $N, would_refuse connect ipv4 multicast $N"
}

lab_up
# A tunnel with others in it, and so with a broadcast address.
ip -n "$HOST" addr del $TUN4/32 dev wgft0
ip -n "$HOST" addr add $TUN4/24 dev wgft0
tunnel_route
sniff_on
actor m member "$TOOLS/talk"
listen
all_ways
test_control
test_refused
test_without_the_hook
test_named
test_audit
sniff_off
plan
