#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `check`: the tunnel, and where members' packets would leave.
# shellcheck disable=SC2086,SC2016 # the lab's addresses hold no blanks; $ of others' shells

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/check-net.sh
. "$HERE/check-net.sh"

test_routes() {
	fault "a rule of ours removed" "warning route.rules" "ip rule del pref $P"
	fault "our table emptied" "warning route.rules" "ip -6 route flush table $T"
	fault "a route of another in our table" "warning route.table" \
		"ip route add $ELSEWHERE dev home0 table $T"
	fault "and of IPv6, that refuses" "warning route.table" \
		"ip -6 route add unreachable 2600:1::/32 table $T"
	fault "a rule of another among ours" "warning route.priority" \
		"ip rule add pref $((P + 1)) to $ELSEWHERE lookup main"
	seen "a rule for our mark" "warning route.mark" "ip rule add pref 30000 fwmark $MARK lookup main" \
		"ip rule del pref 30000"
	host "ip rule del pref 5200"
	fault "a rule before ours, to a part of the internet" "warning route.before" \
		"ip rule add pref 100 to $ELSEWHERE lookup main"
	fault "one by port" "warning route.before" "ip -6 rule add pref 100 ipproto tcp dport 443 lookup main"
	fault "one that refuses" "warning route.before" "ip rule add pref 100 to $ELSEWHERE prohibit"
	fault "one by the tunnel's address" "warning route.before" \
		"ip rule add pref 100 from $TUN4 lookup main"
	host "ip route add default dev lan0 table 51999"
	fault "wg-quick's, of another tunnel" "warning route.before" \
		"ip rule add pref 100 not fwmark 51999 lookup 51999"
	host "ip rule flush; ip rule add pref 0 lookup local; ip rule add pref 32766 lookup main
		ip -6 rule del pref 5200; ip route flush table 51999"
	attach
}

test_tunnel() {
	fault "AllowedIPs leave out one half" "warning tunnel.allowed" \
		"true $(beside_wireguard wg set wgft0 peer "$KEY" allowed-ips 128.0.0.0/1,::/0)"
	ip -n "$HOST" addr del $TUN6/128 dev wgft0
	attach
	is "the tunnel has no IPv6, the host has" "$(found)" "notice tunnel.ipv6"
	ip -n "$HOST" addr add $TUN6/128 dev wgft0
	ip -n "$HOST" link set wgft0 down
	attach
	is "the tunnel is down" "$(found)" "notice tunnel.up"
	ip -n "$HOST" link set wgft0 up
	tunnel_address $TUN4 $TUN6
	attach
	is "nobody tells what the tunnel is" "$(
		beside_wireguard() { in_host "$@"; } # where its socket is not
		found
	)" "notice tunnel.wireguard"
}

check_up
is "and it is said what was looked at" \
	"$(grep -cE '"fine", "kind": "(route|tunnel|names|filter|tc|redirect)\.' "$TMP/found")" 10
test_tunnel
test_routes
plan
