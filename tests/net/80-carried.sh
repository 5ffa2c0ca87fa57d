#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Carried: on a host whose default route is the home line, a member that binds nothing goes into the
# tunnel, and its WebUI's answers to where they came from. The host's own traffic, rules and routes are as
# they were.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

UI=8080
declare -A WORLD=([4]=$WORLD4 [6]=$WORLD6) PAST=([4]=$PAST4 [6]=$PAST6)
declare -A VOID=([4]=$WORLD_VOID4 [6]=$WORLD_VOID6) TUN=([4]=$TUN4 [6]=$TUN6) VPN=([4]=$VPN4 [6]=$VPN6)

carried_conf() {
	{
		printf '[fence]\ncgroup = %s\ntunnel = wgft0\n' "$CGROUP"
		cat
	} >"$CONF"
}

# What the host has of its own: ours bear their protocol. Link-local ones come when they like.
own_routes() {
	for family in -4 -6; do
		ip -n "$HOST" $family rule show | grep -v 'proto 119'
		ip -n "$HOST" $family route show table all | grep -vE 'proto 119|fe80:|ff00:'
	done
}

ours() {
	for family in -4 -6; do
		ip -n "$HOST" $family rule show | grep 'proto 119'
		ip -n "$HOST" $family route show table all | grep 'proto 119'
	done
}

echo_by_tcp() {
	printf 'socket %s stream; connect %s %s; finish; send 1 8; recv 1; set linger 0' $1 $2 $3
}

# udp WHO FAMILY TO: three datagrams from an unbound socket.
udp() {
	ANSWER=$($1 "$TOOLS/talk" "socket $2 dgram; sendto $3 6000 3 32" | tail -n 1)
}

tcp() {
	ANSWER=$($1 "$TOOLS/talk" "$(echo_by_tcp $2 $3 7000)" | grep -v ' ok$' | tail -n 1)
}

test_control() {
	local f

	for f in 4 6; do
		udp member $f ${VOID[$f]}
		want "without a fence, IPv$f: by the home line" "sendto ok=3" "home=3" -
	done
}

test_carried() {
	local f

	for f in 4 6; do
		begin
		udp member $f ${VOID[$f]}
		want "UDP, IPv$f: into the tunnel" "sendto ok=3" "tunnel=3" "allowed egress ipv$f tunnel 3"
		udp member $f ${PAST[$f]}
		want "UDP, IPv$f, where the home line has a route of its own" "sendto ok=3" "tunnel=3" \
			"allowed egress ipv$f tunnel 3"
		tcp member $f ${WORLD[$f]}
		until_true no_connections
		want "TCP, IPv$f: into the tunnel, and answered" "recv ok=1" "tunnel=+" \
			"allowed egress ipv$f tunnel +, allowed ingress ipv$f tunnel +"
		udp in_host $f ${VOID[$f]}
		want "the host's own, IPv$f: by the home line" "sendto ok=3" "home=3" ""
	done
	is "the host's own rules and routes are as they were" "$(own_routes)" "$OWN"
}

# A server as a member, asked from the LAN and from the far end of the tunnel.
test_served() {
	local f

	actor ui member "$TOOLS/serve" "[::]:$UI" "[::]:6000"
	ready ui || bail "no server"
	for f in 4 6; do
		[[ $f == 4 ]] && lan=$HOSTLAN4 || lan=$HOSTLAN6
		begin
		ANSWER=$(in_lan "$TOOLS/talk" "$(echo_by_tcp $f $lan $UI)" | grep -v ' ok$' | tail -n 1)
		until_true no_connections
		want "the WebUI, IPv$f: answers the LAN there" "recv ok=1" "lan=+" \
			"allowed egress ipv$f webui +, allowed ingress ipv$f webui +"
		for rp in 0 1 2; do
			rp_filter $rp
			ANSWER=$(in_net "$TOOLS/talk" "$(echo_by_tcp $f ${TUN[$f]} 6000)" | grep -v ' ok$' | tail -n 1)
			until_true no_connections
			want "a peer, IPv$f, rp_filter=$rp: answered in the tunnel" "recv ok=1" "tunnel=+" \
				"allowed egress ipv$f tunnel +, allowed ingress ipv$f tunnel +"
		done
	done
	dismiss ui
}

rp_filter() {
	in_host sh -c "for i in all wgft0 home0; do echo $1 >/proc/sys/net/ipv4/conf/\$i/rp_filter; done"
}

# What no socket says: the kernel's own answers in the tunnel's name.
test_kernel() {
	local f

	for f in 4 6; do
		begin
		ANSWER=$(in_net "$TOOLS/talk" "socket $f stream; connect ${TUN[$f]} 81; finish" | tail -n 1)
		want "a closed port, IPv$f: refused in the tunnel" "finish ECONNREFUSED" "tunnel=1" -
	done
	for family in -4 -6; do
		ip -n "$HOST" $family rule show | awk -F: '/from (10.128|fd00)/ { print $1 }' |
			while read -r priority; do
				ip -n "$HOST" $family rule del priority "$priority"
			done
	done
	for f in 4 6; do
		begin
		ANSWER=$(in_net "$TOOLS/talk" "socket $f stream; connect ${TUN[$f]} 81; close" | tail -n 1)
		want "without that rule, IPv$f: by the home line" - "home=1" -
	done
}

test_away() {
	local f

	tunnel_delete
	attach
	for f in 4 6; do
		begin
		udp member $f ${VOID[$f]}
		ANSWER=${ANSWER/E*UNREACH/UNREACH}
		want "no tunnel, IPv$f: an honest error at once" "sendto ok=0 UNREACH=3" "" ""
	done
}

lab_up
ip -n "$HOST" route del default dev wgft0 metric 10
ip -n "$HOST" -6 route del default dev wgft0 metric 10
actor far in_net "$TOOLS/serve" "$WORLD4:7000" "[$WORLD6]:7000"
ready far || bail "no server in the internet"
sniff_on
OWN=$(own_routes)
: >"$CONF"
test_control
printf '[webui]\nport = %s\nallow = localhost lan\n' $UI | carried_conf
attach
diag "$(ours)"
test_carried
test_served
test_kernel
attach
test_carried
fence detach --force >>"$LOG" 2>&1
is "detached: nothing of ours is left" "$(ours)" ""
is "and what was there is as it was" "$(own_routes)" "$OWN"
attach
test_away
sniff_off
plan
