#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The exceptions, as a user meets them, by real connections: the WebUI and who reaches it, and rules
# that let a member connect or serve. Whoever is not named gets no answer at all.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

UI=8080

# reaches WHAT WHO SEEN MOVED COMMANDS: the exchange succeeds.
reaches() {
	begin
	ANSWER=$($2 "$TOOLS/talk" "$5" | grep -v ' ok$' | tail -n 1)
	until_true no_connections
	want "$1" "recv ok=1" "$3" "$4"
}

# silent WHAT WHO MOVED FAMILY TO PORT [FROM PORT]: a SYN is dropped, and not answered.
silent() {
	local what=$1 who=$2 moved=$3 seen= from=

	shift 3
	[[ $who == in_host ]] && seen=lo=1
	[[ $# -gt 3 ]] && from="bind $4 $5; "
	begin
	$who "$TOOLS/talk" "socket $1 stream; ${from}connect $2 $3; close" >/dev/null
	want "$what: silence" - "$seen" "$moved"
}

both_ways() { printf 'allowed egress %s %s +, allowed ingress %s %s +' $1 $2 $1 $2; }

# ui_reached WHAT WHO LABEL FAMILY TO [FROM]
ui_reached() {
	reaches "WebUI: $1" $2 "$3=+" "$(both_ways ipv$4 webui)" "$(echo_by_tcp $4 $5 $UI ${6:+$6 0})"
}

# ui_silent WHAT WHO REASON FAMILY TO [FROM]
ui_silent() {
	silent "WebUI: $1" $2 "dropped ingress ipv$4 $3 1" $4 $5 $UI ${6:+$6 0}
}

webui() {
	attach_with enforce "$@"
}

by_everyone_named() {
	webui '[webui]' "port = $UI" 'allow = localhost lan'
	ui_reached "the LAN, named" in_lan lan 4 $HOSTLAN4
	ui_reached "the LAN, named, IPv6" in_lan lan 6 $HOSTLAN6
	ui_reached "the home network, which is a LAN too" in_net home 4 $HOME4 $ROUTER4
	ui_reached "the home network, which is a LAN too, IPv6" in_net home 6 $HOME6 $ROUTER6
	ui_reached "localhost, named" in_host lo 4 127.0.0.1
	ui_reached "localhost, named, IPv6" in_host lo 6 ::1
	ui_reached "the host's own LAN address, by lo" in_host lo 4 $HOSTLAN4
	ui_reached "the host's own LAN address, by lo, IPv6" in_host lo 6 $HOSTLAN6
	ui_silent "from the internet by the home line" in_net webui_network 4 $HOME4 $PAST4
	ui_silent "from the internet by the home line, IPv6" in_net webui_network 6 $HOME6 $PAST6
	ui_silent "through the tunnel" in_net webui_tunnel 4 $TUN4
	ui_silent "through the tunnel, IPv6" in_net webui_tunnel 6 $TUN6
	ui_silent "through the tunnel, from the internet" in_net webui_tunnel 4 $TUN4 $WORLD4
}

by_nobody_named() {
	webui '[webui]' "port = $UI"
	ui_silent "the LAN, not named" in_lan webui_network 4 $HOSTLAN4
	ui_silent "the LAN, not named, IPv6" in_lan webui_network 6 $HOSTLAN6
	ui_silent "through the tunnel, nothing named" in_net webui_tunnel 4 $TUN4
	webui '[webui]' "port = $UI" 'allow = lan0'
	ui_reached "an interface, named" in_lan lan 4 $HOSTLAN4
	ui_reached "an interface, named, IPv6" in_lan lan 6 $HOSTLAN6
	ui_silent "another interface" in_net webui_network 4 $HOME4 $ROUTER4
	webui '[webui]' "port = $UI" "allow = ${ROUTER4%.*}.0/24 ${PAST4%.*}.0/24@home0"
	ui_reached "a prefix, named" in_net home 4 $HOME4 $ROUTER4
	ui_reached "a network behind a gateway, named" in_net home 4 $HOME4 $PAST4
	ui_silent "not of that prefix" in_lan webui_network 4 $HOSTLAN4
	webui
	silent "no WebUI in the configuration: the LAN" in_lan \
		"dropped ingress ipv4 unexpected_inbound 1" 4 $HOSTLAN4 $UI
	webui '[webui]' "port = $((UI + 1))" 'allow = lan'
	silent "the WebUI has another port" in_lan \
		"dropped ingress ipv4 unexpected_inbound 1" 4 $HOSTLAN4 $UI
}

# A network that is withdrawn: what is connected gets no more.
withdrawn() {
	webui '[webui]' "port = $UI" 'allow = lan'
	actor browser in_lan "$TOOLS/talk"
	tell browser "$(echo_by_tcp 4 $HOSTLAN4 $UI)"
	webui '[webui]' "port = $UI" 'allow = localhost'
	begin
	tell browser "send 1 8"
	want "WebUI: withdrawn, what is connected is cut off" "send ok=1" "" \
		"dropped ingress ipv4 webui_network +"
}

# rule_reached WHAT WHO LABEL FAMILY COMMANDS
rule_reached() {
	reaches "rule: $1" "$2" "$3=+" "$(both_ways ipv$4 rule)" "$5"
}

# leaks_not WHAT FAMILY REASON COMMANDS: a member's packet is dropped.
leaks_not() {
	begin
	member "$TOOLS/talk" "$4" >/dev/null
	want "rule: $1: dropped" - "" "dropped egress ipv$2 $3 1"
}

echo_by_udp() { printf 'socket %s dgram; sendto %s %s 1 8; recv 1' "$@"; }

connect_rules() {
	webui '[rules]' "allow = connect tcp $LAN4 8096" "allow = connect tcp $LAN6 8096 dev lan0" \
		"allow = connect udp ${LAN4%.*}.0/24 8096" "allow = connect udp $LAN6 8096 dev lan0" \
		"allow = connect tcp $PAST4 8096 dev lan0" "allow = connect tcp 127.0.0.1 8096"
	rule_reached "connect tcp" member lan 4 "$(echo_by_tcp 4 $LAN4 8096)"
	rule_reached "connect tcp ... dev" member lan 6 "$(echo_by_tcp 6 $LAN6 8096)"
	rule_reached "connect tcp, v4-mapped" member lan 4 "$(echo_by_tcp 6 ::ffff:$LAN4 8096)"
	rule_reached "connect udp" member lan 4 "$(echo_by_udp 4 $LAN4 8096)"
	rule_reached "connect udp ... dev" member lan 6 "$(echo_by_udp 6 $LAN6 8096)"
	rule_reached "connect tcp on loopback" member lo 4 "$(echo_by_tcp 4 127.0.0.1 8096)"
	leaks_not "connect, another port" 4 past_tunnel_ipv4 "socket 4 stream; connect $LAN4 8097; close"
	leaks_not "connect, another transport" 4 past_tunnel_ipv4 "socket 4 dgram; sendto $PAST4 8096 1 8"
	leaks_not "connect, another interface" 4 past_tunnel_ipv4 \
		"socket 4 stream; connect $PAST4 8096; close"
	silent "rule: connect does not let them open" in_lan "dropped ingress ipv4 unexpected_inbound 1" \
		4 $HOSTLAN4 7100 $LAN4 8096
}

serve_rules() {
	webui '[rules]' "allow = serve tcp ${LAN4%.*}.0/24 7100" "allow = serve udp $LAN4 7100" \
		"allow = serve tcp $LAN6 7100 dev lan0" "allow = serve udp $LAN6 7100 dev lan0" \
		"allow = serve tcp ${PAST4%.*}.0/24 7100 dev lan0" \
		"allow = serve tcp ${LAN4%.*}.0/24 7101"
	rule_reached "serve tcp" in_lan lan 4 "$(echo_by_tcp 4 $HOSTLAN4 7100)"
	rule_reached "serve tcp ... dev" in_lan lan 6 "$(echo_by_tcp 6 $HOSTLAN6 7100)"
	rule_reached "serve udp" in_lan lan 4 "$(echo_by_udp 4 $HOSTLAN4 7100)"
	rule_reached "serve udp ... dev" in_lan lan 6 "$(echo_by_udp 6 $HOSTLAN6 7100)"
	silent "rule: serve, another source" in_net "dropped ingress ipv4 unexpected_inbound 1" \
		4 $HOME4 7100 $ROUTER4 0
	silent "rule: serve, another interface" in_net "dropped ingress ipv4 unexpected_inbound 1" \
		4 $HOME4 7100 $PAST4 0
	leaks_not "serve does not let a member open" 4 past_tunnel_ipv4 \
		"socket 4 stream; bind 0.0.0.0 7101; connect $LAN4 8096; close"
	leaks_not "serve udp from another port" 4 past_tunnel_ipv4 "socket 4 dgram; sendto $LAN4 9 1 8"
	begin
	member "$TOOLS/talk" "socket 4 dgram; bind $HOSTLAN4 7100; sendto $LAN4 9 1 8" >/dev/null
	want "rule: serve udp lets a member send from that port, as the manual says" - "lan=1" \
		"allowed egress ipv4 rule 1"
}

# Two members that talk over loopback are each a stranger to the other.
two_members() {
	webui '[rules]' 'allow = connect tcp 127.0.0.1 7100'
	begin
	member "$TOOLS/talk" "socket 4 stream; connect 127.0.0.1 7100; close" >/dev/null
	want "rule: two members on loopback, connect alone: dropped" - "lo=1" \
		"allowed egress ipv4 rule 1, dropped ingress ipv4 unexpected_inbound 1"
	webui '[rules]' 'allow = connect tcp 127.0.0.1 7100' 'allow = serve tcp 127.0.0.1 7100'
	rule_reached "two members on loopback, connect and serve" member lo 4 \
		"$(echo_by_tcp 4 127.0.0.1 7100)"
}

lab_up
sniff_on
attach_with enforce
actor server member "$TOOLS/serve" "[::]:$UI" '[::]:7100'
ready server || bail "no server in the fence"
actor lan in_lan "$TOOLS/serve" $LAN4:8096 "[$LAN6]:8096" $LAN4:8097
ready lan || bail "no server in the LAN"
actor local in_host "$TOOLS/serve" 127.0.0.1:8096
ready local || bail "no server on loopback"

by_everyone_named
by_nobody_named
connect_rules
serve_rules
two_members
withdrawn
sniff_off
plan
