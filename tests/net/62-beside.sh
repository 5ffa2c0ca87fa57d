#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Carried on a host that translates addresses for containers, as Docker and podman do it, and that asks of each
# packet whether its answer would leave where it came in, strictly, as NixOS does it.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/carried.sh
. "$HERE/carried.sh"

# Theirs in what matters here: all of a container's network, by whichever interface, and published ports.
nat() {
	in_host nft -f - <<-'X'
		table ip nat {
			chain DOCKER {
				iifname "docker0" return
				iifname != "docker0" tcp dport 8088 dnat to 172.17.0.2:80
			}
			chain PREROUTING {
				type nat hook prerouting priority dstnat;
				fib daddr type local jump DOCKER
			}
			chain OUTPUT {
				type nat hook output priority -100;
				ip daddr != 127.0.0.0/8 fib daddr type local jump DOCKER
			}
			chain POSTROUTING {
				type nat hook postrouting priority srcnat;
				oifname != "docker0" ip saddr 172.17.0.0/16 masquerade
			}
		}
		table inet netavark {
			chain POSTROUTING {
				type nat hook postrouting priority srcnat;
				meta mark & 0x00002000 == 0x00002000 masquerade
				ip saddr 10.88.0.0/16 ip daddr != 10.88.0.0/16 masquerade
			}
		}
	X
}

strict() {
	rp_filter 1
	in_host nft -f - <<-'X'
		table inet nixos {
			chain rpfilter {
				type filter hook prerouting priority mangle + 10; policy drop;
				meta nfproto ipv4 udp sport . udp dport { 67 . 68, 68 . 67 } accept
				meta nfproto ipv6 icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
				fib saddr . mark . iif oif exists accept
			}
		}
	X
}

test_peers() {
	local f

	actor server member "$TOOLS/serve" "[::]:6000"
	ready server || bail "no server"
	for f in 4 6; do
		begin
		answered $f "a peer, IPv$f: answered in the tunnel"
	done
	without_from_rules
	for f in 4 6; do
		begin
		ANSWER=$(in_net "$TOOLS/talk" "socket $f stream; connect ${TUN[$f]} 6000; close" | tail -n 1)
		want "without the rule by the tunnel's address, IPv$f: the filter drops it" - "" ""
	done
	dismiss server
}

carried_lab
nat || bail "no nf_tables"
strict || bail "no fib in nf_tables"
printf '[webui]\nport = %s\nallow = localhost lan\n' $UI | carried_conf
attach
test_carried
test_peers
sniff_off
plan
