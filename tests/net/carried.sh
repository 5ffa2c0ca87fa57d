# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Carried members, for the tests of it: what they send goes into the tunnel, what the host sends does not.
#
# Owns: these words, and what the host has of its own.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lifecycle.sh
. "$HERE/lifecycle.sh"

UI=8080
declare -A WORLD=([4]=$WORLD4 [6]=$WORLD6) PAST=([4]=$PAST4 [6]=$PAST6)
declare -A VOID=([4]=$WORLD_VOID4 [6]=$WORLD_VOID6) TUN=([4]=$TUN4 [6]=$TUN6) VPN=([4]=$VPN4 [6]=$VPN6)

# Its default route is the home line's; OWN is what it has of rules and routes.
carried_lab() {
	lab_up
	ip -n "$HOST" route del default dev wgft0 metric 10
	ip -n "$HOST" -6 route del default dev wgft0 metric 10
	actor far in_net "$TOOLS/serve" "$WORLD4:7000" "[$WORLD6]:7000"
	ready far || bail "no server in the internet"
	sniff_on
	OWN=$(own_routes)
}

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

# udp WHO FAMILY TO: three datagrams from an unbound socket.
udp() {
	ANSWER=$($1 "$TOOLS/talk" "socket $2 dgram; sendto $3 6000 3 32" | tail -n 1)
}

tcp() {
	ANSWER=$($1 "$TOOLS/talk" "$(echo_by_tcp $2 $3 7000)" | grep -v ' ok$' | tail -n 1)
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

# asked FAMILY: a member's server, by somebody in the tunnel.
asked() {
	ANSWER=$(in_net "$TOOLS/talk" "$(echo_by_tcp $1 ${TUN[$1]} 6000)" | grep -v ' ok$' | tail -n 1)
	until_true no_connections
}

# answered FAMILY NAME: and it answers, by the tunnel.
answered() {
	asked $1
	want "$2" "recv ok=1" "tunnel=+" "allowed egress ipv$1 tunnel +, allowed ingress ipv$1 tunnel +"
}

rp_filter() {
	in_host sh -c "for i in all wgft0 home0; do echo $1 >/proc/sys/net/ipv4/conf/\$i/rp_filter; done"
}

# The rules by the tunnel's addresses: what comes by it is answered by it, whoever answers.
without_from_rules() {
	local family

	for family in -4 -6; do
		ip -n "$HOST" $family rule show | awk -F : '/from (10.128|fd00)/ { print $1 }' |
			while read -r priority; do
				ip -n "$HOST" $family rule del priority "$priority"
			done
	done
}
