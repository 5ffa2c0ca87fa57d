#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tailscale's layout, imitated: WireGuard named tailscale0, its addresses, table 52 and its rules, its mark; the
# exit node is a default route in that table and the peer's AllowedIPs. tailscaled itself is not here. First
# beside the tunnel, where the WebUI answers the tailnet and nobody who comes by the exit node; then as the
# tunnel, with an exit node that is cleared, goes offline, and comes back.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/lifecycle.sh
. "$HERE/lifecycle.sh"

UI=8080
TS4=100.64.0.2 TS6=fd7a:115c:a1e0::2
NODE4=100.64.0.9 NODE6=fd7a:115c:a1e0::9 # another computer of the tailnet
GUEST4=203.0.113.50 GUEST6=2001:db8:50::1 # whoever comes in by the exit node
declare -A TS=([4]=$TS4 [6]=$TS6) NODE=([4]=$NODE4 [6]=$NODE6) GUEST=([4]=$GUEST4 [6]=$GUEST6)
declare -A WORLD=([4]=$WORLD4 [6]=$WORLD6) VOID=([4]=$WORLD_VOID4 [6]=$WORLD_VOID6)

# rules VERB: as tailscaled has them.
rules() {
	local family

	for family in -4 -6; do
		ip -n "$HOST" $family rule $1 pref 5210 fwmark 0x80000/0xff0000 lookup main
		ip -n "$HOST" $family rule $1 pref 5270 lookup 52
	done
}

tailnet_routes() {
	ip -n "$HOST" route replace 100.64.0.0/10 dev tailscale0 table 52
	ip -n "$HOST" -6 route replace ${TS6%::*}::/48 dev tailscale0 table 52
}

exit_node_on() {
	ip -n "$HOST" route replace default dev tailscale0 table 52
	ip -n "$HOST" -6 route replace default dev tailscale0 table 52
}

exit_node_off() {
	ip -n "$HOST" route del default table 52
	ip -n "$HOST" -6 route del default table 52
}

conf() {
	{
		printf '[fence]\ncgroup = %s\ntunnel = %s\n' "$CGROUP" "$1"
		cat
	} >"$CONF"
}

# --- beside the tunnel ---------------------------------------------------------------------------

# Both ends of a cable in place of the tailnet: who is at the other end is what counts here.
make_tailnet() {
	cable "$HOST" tailscale0 "$LAN" ts0
	addresses "$HOST" tailscale0 $TS4/32 $TS6/128
	addresses "$LAN" ts0 $NODE4/10 $NODE6/48 $GUEST4/32 $GUEST6/128
	tailnet_routes
	exit_node_on
	rules add
}

remove_tailnet() {
	rules del
	ip -n "$HOST" link del tailscale0
}

# asks FAMILY FROM: the WebUI, by the tailnet.
asks() {
	ANSWER=$(in_lan "$TOOLS/talk" "$(echo_by_tcp $1 ${TS[$1]} $UI $2 0)" | grep -v ' ok$' | tail -n 1)
}

# knocks FAMILY FROM: one SYN, whatever becomes of it.
knocks() {
	ANSWER=$(in_lan "$TOOLS/talk" "socket $1 stream; bind $2 0; connect ${TS[$1]} $UI; close" | tail -n 1)
}

test_beside() {
	local f

	make_tailnet
	conf wgft0 <<<$'[webui]\nport = 8080\nallow = tailscale0'
	follow
	actor ui member "$TOOLS/serve" "[::]:$UI"
	ready ui || bail "no server"
	for f in 4 6; do
		begin
		asks $f ${NODE[$f]}
		until_true no_connections
		want "the WebUI, IPv$f: answers the tailnet" "recv ok=1" - \
			"allowed egress ipv$f webui +, allowed ingress ipv$f webui +"
		knocks $f ${GUEST[$f]}
		want "who comes by the exit node, IPv$f: no answer" - - "dropped ingress ipv$f webui_network 1"
	done
	ended run TERM
	conf wgft0 <<<$'[webui]\nport = 8080\nallow = tailscale0 '"$GUEST4/32@tailscale0 $GUEST6/128@tailscale0"
	follow
	for f in 4 6; do
		begin
		asks $f ${GUEST[$f]}
		until_true no_connections
		want "named by its address, IPv$f: answered" "recv ok=1" - \
			"allowed egress ipv$f webui +, allowed ingress ipv$f webui +"
	done
	dismiss ui
	ended run TERM
	fence_down
	remove_tailnet
}

# --- as the tunnel -------------------------------------------------------------------------------

# The tunnel's own packets take the main table, by their mark.
make_exit_tunnel() {
	ip -n "$HOST" link set wgft0 down
	ip -n "$HOST" link set wgft0 name tailscale0
	ip -n "$HOST" addr flush dev tailscale0
	ip -n "$HOST" link set tailscale0 up
	addresses "$HOST" tailscale0 $TS4/32 $TS6/128
	ip -n "$NET" route replace 100.64.0.0/10 dev vpn0
	ip -n "$NET" -6 route replace ${TS6%::*}::/48 dev vpn0
	tailnet_routes
	exit_node_on
	rules add
	wg_set fwmark 0x80000
}

# wg_set WORD...: of the tunnel; wireguard-go's socket has its old name, in a mount namespace of its own.
wg_set() {
	local pid

	in_host wg set tailscale0 "$@" 2>>"$LOG" && return
	for pid in $(ip netns pids "$HOST"); do
		[[ $(cat "/proc/$pid/comm") == wireguard-go ]] || continue
		nsenter --target "$pid" --mount --net wg set wgft0 "$@" 2>>"$LOG" && return
	done
	bail "wg set failed"
}

# allowed PREFIXES: of the peer.
allowed() {
	wg_set peer "$KEY" allowed-ips "$1"
}

sniff_tailnet() {
	actor sniff "$TOOLS/sniff" "$TMP/sniffed" "lo=$HOST:lo:out" "home=$HOST:home0:out" "lan=$HOST:lan0:out" \
		"tunnel=$HOST:tailscale0:out" "home.far=$NET:host0:in" "lan.far=$LAN:eth0:in" \
		"tunnel.far=$NET:vpn0:in" "ours=$OURS"
	ready sniff || bail "the sniffer does not start"
}

# carried NAME: both families, and an answer by TCP.
carried() {
	local f

	for f in 4 6; do
		begin
		ANSWER=$(member "$TOOLS/talk" "socket $f dgram; sendto ${VOID[$f]} 6000 3 32" | tail -n 1)
		want "$1, IPv$f: into the tunnel" "sendto ok=3" "tunnel=3" "allowed egress ipv$f tunnel 3"
	done
}

# blocked NAME: sent, perhaps into the interface, and arriving nowhere; nothing in clear.
blocked() {
	local f

	for f in 4 6; do
		begin
		member "$TOOLS/talk" "socket $f dgram; sendto ${VOID[$f]} 6000 3 32" >>"$LOG"
		ANSWER=$(in_host "$TOOLS/talk" "socket 4 dgram; bind $HOME4 0; device home0; sendto $PAST_VOID4 6000 1 32" | tail -n 1)
		ask sniff peek
		is "$1, IPv$f: it arrives nowhere, and the home line has the host's own alone" \
			"$(tr ' ' '\n' <<<"$ANSWER" | grep -v '^tunnel=' | paste -s -d ' ')" "home=1 home.far=1"
	done
}

test_as_tunnel() {
	make_exit_tunnel
	sniff_tailnet
	conf tailscale0 </dev/null
	follow
	carried "an exit node"
	exit_node_off
	allowed 100.64.0.0/10,${TS6%::*}::/48
	blocked "the exit node cleared"
	allowed 0.0.0.0/0,::/0
	exit_node_on
	carried "the exit node set again"
	ip -n "$NET" link set vpn0 down
	blocked "the exit node offline"
	ip -n "$NET" link set vpn0 up
	ip -n "$NET" route replace 100.64.0.0/10 dev vpn0
	ip -n "$NET" -6 route replace ${TS6%::*}::/48 dev vpn0
	carried "the exit node back"
	ended run TERM
	fence_down
	rules del
	sniff_off
}

lab_up
KEY=$(awk '/^PublicKey/ { print $3 }' "$TMP/wgft0.wg")
sniff_on
test_beside
sniff_off
test_as_tunnel
plan
