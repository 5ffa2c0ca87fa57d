#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `check`: names, the way back for what comes by the tunnel, and hosts as others have them.
# shellcheck disable=SC2086,SC2016 # the lab's addresses hold no blanks; $ of others' shells

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/check-net.sh
. "$HERE/check-net.sh"

# Here the way out is the host's own, and the way back for what comes by the tunnel is not.
test_reverse_path() {
	check_conf off
	is "route = off and the home line is the default" "$(found)" "warning route.way, warning route.way"
	tunnel_route
	is "route = off and the tunnel is the default" "$(found)" ""
	host "ip rule add pref 200 from $TUN4 lookup 998; ip route add default via $ROUTER4 dev home0 table 998"
	fault "the kernel's filter, strict" "warning tunnel.reverse_path" \
		"echo 1 >/proc/sys/net/ipv4/conf/wgft0/rp_filter"
	fault "nftables', as NixOS has it" "warning filter.reverse_path" "nft -f - <<-'X'
		table inet nixos {
			chain allow { }
			chain rpfilter {
				type filter hook prerouting priority mangle + 10; policy drop;
				meta nfproto ipv4 udp sport . udp dport { 67 . 68, 68 . 67 } accept
				fib saddr . mark . iif oif exists accept
				jump allow
			}
		}
		X"
	host "nft flush chain inet nixos rpfilter
		nft add rule inet nixos rpfilter fib saddr . mark . iif oif exists accept
		nft add rule inet nixos rpfilter jump allow"
	no_fault "NixOS's, which lets the tunnel pass" "nft add rule inet nixos allow iifname wgft0 accept" \
		"nft delete table inet nixos"
	host "ip rule del pref 200; ip route flush table 998; echo 0 >/proc/sys/net/ipv4/conf/wgft0/rp_filter"
	home_is_default
	check_conf on
	host "echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter"
	no_fault "carried, and the filter is strict" "nft add table inet nixos
		nft 'add chain inet nixos rpfilter { type filter hook prerouting priority mangle; policy drop; }'
		nft add rule inet nixos rpfilter fib saddr . mark . iif oif exists accept" \
		"nft delete table inet nixos; echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter"
}

# A container engine's socket in the member's /run, which nothing refuses; then the fence does.
helper() {
	actor o in_host "$TOOLS/talk"
	tell o "socket unix stream; bind $TMP/engine 0; listen"
	dismiss m
	begin_member "nameserver 9.9.9.9"
	is "a container engine's socket, unix = off" "$(found)" "broken names.helper"
	UNIX=on
	check_conf on
	if [[ $(json unix.enforced) == true ]]; then
		is "with the hooks for unix sockets: no fault" "$(found)" ""
		check_conf on "[unix]" "allow = /run/docker.sock"
		is "named in [unix]" "$(found)" "broken names.helper"
	else
		skip "with the hooks for unix sockets" "this kernel has none"
	fi
	dismiss o
}

test_names() {
	dismiss m
	UNIX=off
	check_conf on
	begin_member "nameserver 127.0.0.53"
	is "a resolver on this host" "$(found)" "warning names.server"
	dismiss m
	begin_member "nameserver $LAN4"
	is "one in the LAN" "$(found)" "warning names.server"
	dismiss m
	begin_member "search home.arpa"
	is "none" "$(found)" "warning names.server"
	dismiss m
	begin_member "nameserver 9.9.9.9"
	is "another one, by the tunnel: no fault" "$(found)" ""
	helper
	dismiss m
	check_conf on
	begin_member
	fault "the fence's own files changed" "warning names.files" "echo >>/run/wgfence/$NAME/resolv.conf"
	check_conf on "[rules]" "allow = connect udp $PAST4 53"
	is "a rule lets members ask past the tunnel" "$(found)" "notice names.rule"
	check_conf on
}

# Of the host as others have it: no finding.
test_others() {
	no_fault "wg-quick's rules for this tunnel" "
		ip route add default dev wgft0 table 51820; ip -6 route add default dev wgft0 table 51820
		for f in -4 -6; do
			ip \$f rule add not fwmark 51820 table 51820
			ip \$f rule add table main suppress_prefixlength 0
		done
		nft -f - <<-'X'
		table ip wg-quick-wgft0 {
			chain preraw {
				type filter hook prerouting priority raw; policy accept;
				iifname != wgft0 ip daddr $TUN4 fib saddr type != local drop
			}
			chain premangle {
				type filter hook prerouting priority mangle; policy accept;
				meta l4proto udp meta mark set ct mark
			}
			chain postmangle {
				type filter hook postrouting priority mangle; policy accept;
				meta l4proto udp meta mark 51820 ct mark set meta mark
			}
		}
		X" "nft delete table ip wg-quick-wgft0
		for f in -4 -6; do
			ip \$f rule del not fwmark 51820 table 51820
			ip \$f rule del table main suppress_prefixlength 0
			ip \$f route flush table 51820
		done"
	no_fault "Tailscale's rules" "
		for f in -4 -6; do
			ip \$f rule add pref 5210 fwmark 0x80000/0xff0000 lookup main
			ip \$f rule add pref 5230 fwmark 0x80000/0xff0000 lookup default
			ip \$f rule add pref 5250 fwmark 0x80000/0xff0000 unreachable
			ip \$f rule add pref 5270 lookup 52
		done
		ip route add 100.64.0.0/10 dev lan0 table 52" "
		for f in -4 -6; do for p in 5210 5230 5250 5270; do ip \$f rule del pref \$p; done; done
		ip route flush table 52"
	no_fault "the LAN by a rule of its own" "ip rule add pref 100 to 192.168.0.0/16 lookup main" \
		"ip rule del pref 100"
}

check_up
test_others
test_reverse_path
test_names
plan
