#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The demo: a client loses its tunnel, once without the fence and once with it.
#
# A host with a home line and a WireGuard tunnel (wireguard-go), the router, and the VPN's other end,
# in network namespaces. The client floods an internet address by IPv4 and IPv6 and asks the router
# for names. A sniffer on the home line says what left in clear. Leaves nothing behind, also on ^C.
#
# Owns: the story. The lab is the tests'.

# shellcheck source=tests/net/lib.sh
. "${0%/*}/../tests/net/lib.sh"

PORT=6881 # not one that has a reason of its own
AWAY=3    # seconds without the tunnel
BOLD='' RED='' GREEN='' PLAIN=''
[[ -t 1 ]] && BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'

title() {
	printf '\n%s%s%s\n' "$BOLD" "$*" "$PLAIN"
}

say() {
	printf '  %s\n' "$*"
}

# seen LABEL: how many packets the sniffer saw there since the last count.
seen() {
	local word

	for word in $ANSWER; do
		[[ $word == "$1="* ]] && printf '%s' "${word#*=}" && return
	done
	printf 0
}

client_on() {
	actor four "$@" "$TOOLS/flood" udp $WORLD4 $PORT
	actor six "$@" "$TOOLS/flood" udp $WORLD6 $PORT
	actor names "$@" "$TOOLS/flood" udp $ROUTER4 53
	ready four && ready six && ready names || bail "the client does not start"
}

client_off() {
	dismiss four
	dismiss six
	dismiss names
}

# The same for both runs: with the tunnel, without it, with it again.
story() {
	ask sniff count
	sleep 1
	ask sniff count
	say "the tunnel is there:  $(seen tunnel.far) packets arrived at its other end in a second," \
		"$(seen home) in clear on the home line"
	tunnel_delete
	ask sniff count
	sleep "$AWAY"
	ask sniff count
	CLEAR=$(seen home)
	say "the tunnel is away:   $(colour "$CLEAR") in clear on the home line in $AWAY seconds"
	tunnel_make
	sleep 1
	ask sniff count
	sleep 1
	ask sniff count
	CLEAR_AFTER=$(seen home)
	BACK=$(seen tunnel.far)
	say "the tunnel is back:   $BACK packets arrived at its other end in a second," \
		"$CLEAR_AFTER in clear on the home line"
}

colour() {
	if [[ $1 -gt 0 ]]; then
		printf '%s%d packets%s' "$RED" "$1" "$PLAIN"
	else
		printf '%s0 packets%s' "$GREEN" "$PLAIN"
	fi
}

counted() {
	fence metrics | awk -F '["{} ,=]+' '/^wgfence_(dropped|allowed)_packets_total/ && $10 > 0 {
		sub(/^wgfence_/, "", $1); sub(/_packets_total$/, "", $1)
		printf "  %-8s %-8s %-5s %-22s %9d\n", $1, $5, $7, $9, $10 }'
}

lab_up
sniff_on

title "1. Without the fence"
client_on in_host
story
client_off
LEAKED=$CLEAR

title "2. With the fence"
printf '%s\n' '[webui]' 'port = 8080' 'allow = lan' | configure enforce
in_host "$WGFENCE" run --config "$CONF" >"$TMP/run" 2>&1 &
until_true grep -q stands "$TMP/run" || bail "$(cat "$TMP/run")"
say "$(grep stands "$TMP/run")"
client_on member
story
client_off

title "What the kernel counted"
counted

title "In short"
say "without the fence $LEAKED packets left in clear, with it $CLEAR while the tunnel was away."
if [[ $LEAKED -gt 0 && $CLEAR -eq 0 && $CLEAR_AFTER -eq 0 && $BACK -gt 0 ]]; then
	say "${GREEN}the fence held.$PLAIN"
	exit 0
fi
say "${RED}the demo did not go as it should$PLAIN (the sniffer's log: $(tail -n 1 "$TMP/sniffed"))"
exit 1
