#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Carried: on a host whose default route is the home line, a member that binds nothing goes into the
# tunnel, and its WebUI's answers to where they came from. The host's own traffic, rules and routes are as
# they were.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/carried.sh
. "$HERE/carried.sh"

# One of each kind; the last is for all of IPv4.
RULES="allow = connect udp $PAST_VOID4 53
allow = serve udp ${LAN6%::*}::/64 7001
allow = connect udp 0.0.0.0/0 123"

# udp_to FAMILY TO PORT
udp_to() {
	ANSWER=$(member "$TOOLS/talk" "socket $1 dgram; sendto $2 $3 3 32" | tail -n 1)
}

test_control() {
	local f

	for f in 4 6; do
		udp member $f ${VOID[$f]}
		want "without a fence, IPv$f: by the home line" "sendto ok=3" "home=3" -
	done
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
			answered $f "a peer, IPv$f, rp_filter=$rp: answered in the tunnel"
		done
	done
	dismiss ui
}

# What no socket says: the kernel's own answers in the tunnel's name.
test_kernel() {
	local f

	for f in 4 6; do
		begin
		ANSWER=$(in_net "$TOOLS/talk" "socket $f stream; connect ${TUN[$f]} 81; finish" | tail -n 1)
		want "a closed port, IPv$f: refused in the tunnel" "finish ECONNREFUSED" "tunnel=1" -
	done
	without_from_rules
	for f in 4 6; do
		begin
		ANSWER=$(in_net "$TOOLS/talk" "socket $f stream; connect ${TUN[$f]} 81; close" | tail -n 1)
		want "without that rule, IPv$f: the guard stops it" - "" "dropped guard ipv$f tunnel_address 1"
	done
}

# sends_again SOCKET FAMILY TO SEEN: an open socket sends until it goes where it should.
sends_again() {
	tell m "use $1; sendto $3 6000 1 32"
	ask sniff peek
	[[ $ANSWER == *"$4="* ]]
}

# monitored COMMAND: what the kernel tells of rules and routes in a second in which that is done.
monitored() {
	local told=$TMP/told

	in_host timeout 1 ip monitor rule route >"$told" 2>&1 &
	sleep 0.3 # it listens by then; a change that it misses makes the control fail
	"$1"
	wait $!
	cat "$told"
}

host_rule() {
	ip -n "$HOST" rule add priority 4999 lookup 4999
	ip -n "$HOST" rule del priority 4999
}

# What was taken away, by whomever, comes back; what is others' stays.
test_restored() {
	local family before

	begin
	udp_to 4 $PAST_VOID4 53
	want "a rule: by the host's own route" "sendto ok=3" "home=3" "allowed egress ipv4 rule 3"
	udp_to 4 $PAST_VOID4 54
	want "another port: into the tunnel" "sendto ok=3" "tunnel=3" "allowed egress ipv4 tunnel 3"
	udp_to 4 $WORLD_VOID4 123
	want "a rule for all of IPv4: by the host's own route" "sendto ok=3" "home=3" \
		"allowed egress ipv4 rule 3"

	before=$(ours)
	for family in -4 -6; do
		while read -r priority; do
			ip -n "$HOST" $family rule del priority "${priority%:*}"
		done < <(ip -n "$HOST" $family rule show | grep 'proto 119')
		ip -n "$HOST" $family route flush table "$(awk '/fwmark.*lookup/ { print $5 == "lookup" ? $6 : $7; exit }' <<<"$before")"
	done
	until_true eval '[[ $(ours) == "$before" ]]'
	is "rules and routes that were removed are put back" "$(ours)" "$before"
	is "and nothing else is touched" "$(own_routes)" "$OWN"
	is "and then it is quiet" "$(monitored true)" ""
	like "where a change would be told" "$(monitored host_rule)" 'lookup 4999'

}

# An open socket that is bound to nothing goes on when the tunnel is back, with another number and address.
test_return() {
	local f

	tell m "use 4; socket 4 dgram; use 6; socket 6 dgram"
	tunnel_delete
	until_true says "wgft0 (not there"
	for f in 4 6; do
		begin
		tell m "use $f; sendto ${VOID[$f]} 6000 3 32"
		ANSWER=${ANSWER/E*UNREACH/UNREACH}
		want "away, IPv$f: an honest error at once" "sendto ok=0 UNREACH=3" "" ""
	done
	tunnel_new_address
	for f in 4 6; do
		until_true sends_again $f $f ${VOID[$f]} tunnel.far
		is "back with another address, IPv$f: the open socket goes on" "$?" 0
	done
}

says() {
	[[ $(fence status) == *"$1"* ]] || [[ $(fence status) != *"(interface"* ]]
}

tunnel_new_address() {
	wireguard "$HOST" wgft0
	tunnel_address 10.128.0.9 fd00:128::9
	ip -n "$HOST" link set wgft0 up
	tunnel_address 10.128.0.9 fd00:128::9
}

# refused WHAT PATTERN: the fence is not put in place, and nothing changes.
refused() {
	local said

	said=$(fence attach 2>&1)
	is "$1: refused" "$?" 2
	like "$1: and it is said why" "$said" "$2"
	is "$1: and nothing of ours is there" "$(ours)" ""
}

test_taken() {
	ip -n "$HOST" rule add priority 4999 lookup 4999
	printf '[route]\npriority = 4998\n' | carried_conf
	refused "a priority of somebody else's" "somebody else has an ip rule at priority 4999"
	ip -n "$HOST" rule del priority 4999
	ip -n "$HOST" -6 route add 2001:db8:99::/48 dev home0 table 4999
	printf '[route]\ntable = 4999\n' | carried_conf
	refused "a table of somebody else's" "somebody else has a route in table 4999"
	ip -n "$HOST" -6 route flush table 4999
}

# Another fence, on a cgroup below, with a mark that meets this one's.
test_two() {
	local other=$TMP/$NAME-b.conf said mark table

	mark=$(fence status | awk '$1 == "routes" { sub(/,.*/, "", $3); print $3 }')
	table=$(fence status | awk '$1 == "routes" { sub(/:/, "", $5); print $5 }')
	mkdir "$CGROUP_DIR/b"
	for numbers in "table = 300\npriority = 300\nmark = $mark" \
		"table = $table\npriority = 300\nmark = 0x2000000/0x3000000" \
		"table = 300\npriority = 403\nmark = 0x2000000/0x3000000"; do
		printf "[fence]\\ncgroup = %s/b\\ntunnel = wgft0\\n[route]\\n$numbers\\n" "$CGROUP" >"$other"
		said=$(in_host "$WGFENCE" attach --config "$other" 2>&1)
		is "another fence with one of its numbers: refused" "$?" 2
		like "and it is said whose" "$said" "fence $NAME has table"
	done
	printf '[fence]\ncgroup = %s/b\ntunnel = wgft0\n[route]\n%s\n' "$CGROUP" \
		$'table = 300\npriority = 300\nmark = 0x2000000/0x3000000' >"$other"
	is "with another one: not" "$(in_host "$WGFENCE" attach --config "$other" >>"$LOG" 2>&1; echo $?)" 0
	is "and is taken down" "$(in_host "$WGFENCE" detach --config "$other" >>"$LOG" 2>&1; echo $?)" 0
	is "and its end takes nothing of the first one's" "$(fence status | grep -o 'all there')" 'all there'
	rmdir "$CGROUP_DIR/b"
}

# Other numbers: those from before go.
test_numbers() {
	printf '[route]\ntable = 4999\npriority = 4998\nmark = 0x1000000/0x3000000\n' | carried_conf
	attach
	is "with numbers of its own, and no others" \
		"$(ours | grep -oE 'lookup [0-9]+|table [0-9]+|fwmark [0-9a-fx/]+|^[0-9]+' | sort -u | paste -s -d ' ')" \
		'4998 5000 5001 fwmark 0x1000000/0x3000000 lookup 4999 table 4999'
	printf '[fence]\ncgroup = %s\ntunnel = wgft0\nroute = off\n' "$CGROUP" >"$CONF"
	attach
	is "route = off: none at all" "$(ours)" ""
}

carried_lab
: >"$CONF"
test_control
printf '[webui]\nport = %s\nallow = localhost lan\n' $UI | carried_conf
attach
test_carried
test_served
test_kernel
attach
test_carried
fence detach --force >>"$LOG" 2>&1
is "detached: nothing of ours is left" "$(ours)" ""
is "and what was there is as it was" "$(own_routes)" "$OWN"
test_taken
printf '[webui]\nport = %s\nallow = localhost lan\n[rules]\n%s\n' $UI "$RULES" | carried_conf
follow
actor m member "$TOOLS/talk"
test_restored
test_return
ended run TERM
printf '[route]\npriority = 400\nmark = 0x1000000/0x3000000\n' | carried_conf
attach
test_two
test_numbers
sniff_off
plan
