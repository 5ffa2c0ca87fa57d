#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `check`: what the packet filter and traffic control do behind the fence. While it looks, nothing leaves.
# shellcheck disable=SC2086,SC2016 # the lab's addresses hold no blanks; $ of others' shells

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/check-net.sh
. "$HERE/check-net.sh"

U32='protocol all u32 match u32 0 0'
BPF="bpf da bytecode '1,6 0 0 0,'"

OUTPUT="nft add table ip x; nft 'add chain ip x y { type filter hook output priority 0; }'
	nft 'add chain ip x z'"
EGRESS="nft add table netdev x
	nft 'add chain netdev x y { type filter hook egress device wgft0 priority 0; }'
	nft add rule netdev x y"

test_filter() {
	fault "a copy to the router" "broken filter.copies" \
		"$OUTPUT; nft add rule ip x y dup to $ROUTER4 device home0"
	fault "by a jump, of some of what leaves by the tunnel" "warning filter.copies" \
		"nft add rule ip x y oifname 'wg*' jump z; nft add rule ip x z udp dport 53 dup to $ROUTER4"
	host "nft flush chain ip x z; nft flush chain ip x y"
	fault "of what another interface should have" "broken filter.copies" \
		"nft add rule ip x y oifname home0 dup to $ROUTER4 device home0"
	fault "to this host's own programs" "broken filter.copies" "nft add rule ip x y dup to $HOME4"
	fault "sent elsewhere at netdev egress" "warning filter.forwards" "$EGRESS fwd to home0"
	fault "copied there" "warning filter.copies" "nft add rule netdev x y dup to home0"
	no_fault "copies of others' packets, into the tunnel, and behind what another interface let out" "
		nft add rule ip x y dup to $WORLD4 device wgft0
		nft 'add chain netdev x h { type filter hook egress device home0 priority 0; }'
		nft add rule netdev x h dup to lan0
		nft 'add chain ip x f { type filter hook forward priority 0; }'
		nft add rule ip x f dup to $ROUTER4" "nft delete table ip x; nft delete table netdev x"
	fault "another port leads to the WebUI's" "notice filter.webui" "nft add table ip x
		nft 'add chain ip x y { type nat hook prerouting priority dstnat; }'
		nft add rule ip x y tcp dport 80 redirect to :8080"
	fault "the same by its address" "notice filter.webui" \
		"nft add rule ip x y tcp dport 80 dnat to $HOSTLAN4:8080"
	no_fault "ports of containers (Docker)" "
		nft add rule ip x y iifname != docker0 tcp dport 8081 dnat to 172.17.0.2:8080
		nft 'add chain ip x p { type nat hook postrouting priority srcnat; }'
		nft add rule ip x p ip saddr 172.17.0.0/16 oifname != docker0 masquerade" "nft delete table ip x"
	seen "a rule of the old iptables" "notice filter.legacy" "$TOOLS/legacy add" "$TOOLS/legacy flush"
	no_fault "its table without a rule" true true
}

test_tc() {
	host "tc qdisc add dev wgft0 clsact"
	fault "tc sends what leaves by the tunnel elsewhere" "warning tc.redirect" \
		"tc filter add dev wgft0 egress prio 5 $U32 action mirred egress redirect dev home0"
	fault "a copy of it" "warning tc.redirect" \
		"tc filter add dev wgft0 egress prio 5 $U32 action mirred egress mirror dev home0"
	fault "somebody's program there" "notice tc.program" "tc filter add dev wgft0 egress prio 5 $BPF"
	no_fault "what comes in, and a queue for shaping" "ip link add ifb0 type ifb
		tc filter add dev wgft0 egress prio 5 $U32 action mirred egress redirect dev ifb0
		tc filter add dev wgft0 ingress prio 6 $U32 action mirred egress redirect dev home0" \
		"tc qdisc del dev wgft0 clsact; ip link del ifb0"
	if tc -n "$HOST" filter show dev home0 egress | grep -q "wgfence:$NAME "; then
		fault "a filter that came before the guard" "warning tc.before_guard" \
			"tc filter add dev home0 egress prio 1 $BPF"
	else
		no_fault "a filter of priority 1, where the guard is at tcx" \
			"tc qdisc add dev home0 clsact; tc filter add dev home0 egress prio 1 $BPF" \
			"tc filter del dev home0 egress"
	fi
	no_fault "one behind it" "tc filter add dev home0 egress prio 9 $U32 classid 1:1" \
		"tc filter del dev home0 egress pref 9"
}

redirects() { # DEVICE of what leaves by the tunnel
	printf 'tc qdisc add dev wgft0 clsact; tc filter add dev wgft0 egress prio 5 %s action mirred egress redirect dev %s' \
		"$U32" "$1"
}

# What the findings say, on the wire: three datagrams of a member that is not root, and where they or copies go.
leaves() { # NAME TO ANSWER SEEN MOVED
	begin
	ANSWER=$(member setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all \
		"$TOOLS/talk" "socket 4 dgram; sendto $2 6000 3 32" | tail -n 1)
	want "$1" "sendto $3" "$4" "$5"
}

# Behind the fence: the guard stops what has the tunnel's address.
test_behind() {
	local guard dropped severity at_home

	for guard in on off; do
		[[ $guard == on ]] && dropped=", dropped guard ipv4 tunnel_address 3" severity=warning at_home='' ||
			dropped='' severity=broken at_home="home=3 "
		GUARD=$guard UNIX=off check_conf on
		host "$EGRESS dup to home0"
		leaves "guard = $guard: copied at the tunnel" $WORLD_VOID4 ok=3 "${at_home}tunnel=3" \
			"allowed egress ipv4 tunnel 3$dropped"
		is "and it is said" "$(found)" "$severity filter.copies"
		host "nft flush chain netdev x y; nft add rule netdev x y fwd to home0"
		leaves "guard = $guard: sent elsewhere there" $WORLD_VOID4 ok=3 "${at_home% }" \
			"allowed egress ipv4 tunnel 3$dropped"
		is "and it is said, too" "$(found)" "$severity filter.forwards"
		host "nft delete table netdev x; $(redirects home0)"
		leaves "guard = $guard: sent elsewhere by tc" $WORLD_VOID4 ok=3 "${at_home% }" \
			"allowed egress ipv4 tunnel 3$dropped"
		is "and that is said" "$(found)" "$severity tc.redirect"
		host "tc qdisc del dev wgft0 clsact"
	done
}

# Before it: what the fence drops has been copied, and no guard knows the copy.
test_before() {
	GUARD=on UNIX=off check_conf on
	leaves "to the LAN, not from the WebUI's port" $LAN_VOID4 "ok=0 EPERM=3" "" "dropped egress ipv4 past_tunnel_ipv4 3"
	host "$OUTPUT; nft add rule ip x y oifname lan0 dup to $ROUTER4 device home0"
	leaves "a copy of what is dropped" $LAN_VOID4 "ok=0 EPERM=3" "home=3" "dropped egress ipv4 past_tunnel_ipv4 3"
	is "which is said" "$(found)" "broken filter.copies"
	host "nft delete table ip x"
	check_conf on
}

# A program that leads data past what the fence can judge.
test_redirect() {
	actor foreign in_host "$TOOLS/foreign" sk_lookup
	ready foreign || bail "no program that chooses sockets"
	fault "a program that chooses sockets" "warning redirect.sk_lookup" true
	dismiss foreign
}

# While it looks, and finds: nothing, anywhere.
test_silent() {
	host "$OUTPUT; nft add rule ip x y dup to $ROUTER4 device home0; ip rule add pref 100 to $ELSEWHERE lookup main"
	begin
	found >/dev/null
	is "it found something meanwhile" "$(grep -c . "$TMP/findings")" 2
	want "it sends nothing" - "" -
	host "nft delete table ip x; ip rule del pref 100"
}

check_up
sniff_on
test_silent
test_filter
test_tc
test_redirect
test_behind
test_before
sniff_off
plan
