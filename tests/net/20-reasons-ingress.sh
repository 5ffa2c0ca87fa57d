#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each reason for which a packet is dropped on its way in: what came is dropped in silence and
# counted under that reason alone, and the member reads nothing; in audit mode the same is counted
# as what would have been dropped, and is read; where a line of the configuration can allow it, it
# is read so.
#
# TCP comes as bare resets where the count matters: a listener takes them without an answer of its
# own, so that one that passes is one packet. `no_policy` and IPv4 fragments cannot be had from
# outside: a link never stands without a policy, and the kernel puts fragments together before any
# socket sees them.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

N=3
STRANGER4=198.51.100.66 STRANGER6=2001:db8:8::66 # what comes by the home line can say so
RAW4=198.51.100.67 RAW6=2001:db8:8::67           # whom the members' raw sockets hear
FAMILY=() REASON=() SLOT=() WHAT=() FROM=() DO=() ALLOW=()

# comes FAMILY REASON SLOT WHAT FROM COMMANDS [ALLOW]
#   SLOT    where the member would read it; - where it cannot be read
#   FROM    net, lan or host: where the sender is
#   ALLOW   "tunnel"; a line for [rules]; or "webui" and a network, that lets it in
comes() {
	FAMILY+=("$1") REASON+=("$2") SLOT+=("$3") WHAT+=("$4") FROM+=("$5") DO+=("$6")
	ALLOW+=("${7:-}")
}

udp4() { printf 'socket 4 dgram; bind %s 5000; sendto %s 7001 %s 32' "$1" "$2" $N; }
udp6() { printf 'socket 6 dgram; bind %s 5000; sendto %s 7001 %s 32' "$1" "$2" $N; }
forge() { "$TOOLS/forge" "$@"; }
raw4() { printf 'socket 4 raw 255; packet %s %s %s' "$3" "$(forge "$@")" $N; }
raw6() { printf 'socket 6 raw 255; packet %s %s %s' "$3" "$(forge "$@")" $N; }

# Raw sockets hear everything of their protocol, so these are connected to a stranger of their own.
members() {
	local s

	for s in "1; socket 4 raw 6; connect $RAW4 0" "2; socket 6 raw 6; connect $RAW6 0" \
		"3; socket 4 raw 132; connect $RAW4 0" "4; socket 6 raw 132; connect $RAW6 0" \
		"7; socket 6 dgram; set v6only 0; bind :: 7001" \
		"8; socket 6 stream; set v6only 0; bind :: 7002; listen" \
		"9; socket 6 stream; set v6only 0; bind :: 8080; listen"; do
		tell m "use $s"
		[[ $ANSWER == *\ ok ]] || bail "$s: $ANSWER"
	done
	tell m "use 5; socket 4 dgram 136; bind 0.0.0.0 7003"
	[[ $ANSWER == *\ ok ]] || LITE=
	tell m "use 6; socket 6 dgram 136; set v6only 1; bind :: 7003"
}

unreadable_packets() {
	comes ipv4 malformed 1 "half a TCP header" net \
		"$(raw4 $RAW4 99 $HOME4 99 tcp cut=8)"
	comes ipv6 malformed 2 "half a TCP header, IPv6" net \
		"$(raw6 $RAW6 99 $HOME6 99 tcp cut=8)"
	comes ipv6 fragment 7 "a fragment header on a whole packet" net \
		"$(raw6 $STRANGER6 99 $HOME6 7001 udp extension=44)"
	comes ipv4 ip_options 7 "IPv4 options" net \
		"$(raw4 $STRANGER4 99 $HOME4 7001 udp options=01010101)"
	comes ipv4 ip_options 7 "IPv4 options, in the tunnel" net \
		"$(raw4 $VPN4 99 $TUN4 7001 udp options=01010101)"
	comes ipv6 extension_header 7 "destination options" net \
		"$(raw6 $STRANGER6 99 $HOME6 7001 udp extension=60)"
	comes ipv6 extension_header 7 "destination options, in the tunnel" net \
		"$(raw6 $VPN6 99 $TUN6 7001 udp extension=60)"
	comes ipv4 transport 3 "SCTP" net "$(raw4 $RAW4 9 $HOME4 9 132)"
	comes ipv6 transport 4 "SCTP, IPv6" net "$(raw6 $RAW6 9 $HOME6 9 132)"
	if [[ $LITE ]]; then
		comes ipv4 transport 5 "UDP-Lite" net \
			"socket 4 dgram 136; sendto $HOME4 7003 $N 32"
		comes ipv6 transport 6 "UDP-Lite, IPv6" net \
			"socket 6 dgram 136; sendto $HOME6 7003 $N 32"
		comes ipv4 transport 5 "UDP-Lite, in the tunnel" net \
			"socket 4 dgram 136; sendto $TUN4 7003 $N 32"
	fi
}

to_the_webui() {
	comes ipv4 webui_tunnel - "to the WebUI through the tunnel" net \
		"$(raw4 $VPN4 99 $TUN4 8080 tcp flags=R)"
	comes ipv6 webui_tunnel - "to the WebUI through the tunnel, IPv6" net \
		"$(raw6 $VPN6 99 $TUN6 8080 tcp flags=R)"
	comes ipv4 webui_network - "to the WebUI from a network not named" net \
		"$(raw4 $STRANGER4 99 $HOME4 8080 tcp flags=R)" "webui ${STRANGER4%.*}.0/24@home0"
	comes ipv6 webui_network - "to the WebUI from a network not named, IPv6" net \
		"$(raw6 $STRANGER6 99 $HOME6 8080 tcp flags=R)" "webui ${STRANGER6%::*}::/64@home0"
	comes ipv4 webui_network - "to the WebUI from a named network, but by another interface" net \
		"$(raw4 $LAN4 99 $HOME4 8080 tcp flags=R)"
	comes ipv4 webui_network - "to the WebUI over loopback, not named" host \
		"$(raw4 127.0.0.1 99 127.0.0.1 8080 tcp flags=R)" "webui localhost"
	comes ipv6 webui_network - "to the WebUI over loopback, not named, IPv6" host \
		"$(raw6 ::1 99 ::1 8080 tcp flags=R)" "webui localhost"
}

unexpected() {
	comes ipv4 unexpected_inbound 7 "UDP from the LAN" lan "$(udp4 $LAN4 $HOSTLAN4)" \
		"serve udp ${LAN4%.*}.0/24 7001"
	comes ipv6 unexpected_inbound 7 "UDP from the LAN, IPv6" lan "$(udp6 $LAN6 $HOSTLAN6)" \
		"serve udp ${LAN6%::*}::/64 7001 dev lan0"
	comes ipv4 unexpected_inbound 7 "UDP by the home line" net "$(udp4 $PAST4 $HOME4)" \
		"connect udp $PAST4 5000"
	comes ipv6 unexpected_inbound 7 "UDP by the home line, IPv6" net "$(udp6 $PAST6 $HOME6)" \
		"connect udp $PAST6 5000 dev home0"
	comes ipv4 unexpected_inbound 7 "UDP by the home line to the tunnel's address" net \
		"socket 4 raw 255; device host0; packet $TUN4 $(forge $STRANGER4 99 $TUN4 7001 udp) $N" \
		"serve udp $STRANGER4 7001"
	comes ipv4 unexpected_inbound 7 "UDP over loopback" host "$(udp4 127.0.0.1 127.0.0.1)" \
		"serve udp 127.0.0.1 7001 dev lo"
	comes ipv6 unexpected_inbound 7 "UDP over loopback, IPv6" host "$(udp6 ::1 ::1)" \
		"serve udp ::1 7001"
	comes ipv4 unexpected_inbound - "TCP from the LAN" lan \
		"$(raw4 $LAN4 99 $HOSTLAN4 7002 tcp flags=R)" "serve tcp $LAN4 7002"
	comes ipv6 unexpected_inbound - "TCP from the LAN, IPv6" lan \
		"$(raw6 $LAN6 99 $HOSTLAN6 7002 tcp flags=R)" "serve tcp $LAN6 7002"
	comes ipv4 unexpected_inbound - "TCP that looks like an answer" lan \
		"$(raw4 $LAN4 443 $HOSTLAN4 7002 tcp flags=R)" "connect tcp $LAN4 443"
}

# What is dropped whatever the rules say; a SYN is answered where it is let in, so no other phase.
opens_in_vain() {
	arrives ipv4 webui_tunnel 1 net "a connection to the WebUI through the tunnel" \
		"socket 4 stream; connect $TUN4 8080"
	arrives ipv6 webui_tunnel 1 net "a connection to the WebUI through the tunnel, IPv6" \
		"socket 6 stream; connect $TUN6 8080"
	arrives ipv4 webui_network 1 net "a connection to the WebUI, network not named" \
		"socket 4 stream; bind $PAST4 0; connect $HOME4 8080"
	arrives ipv6 webui_network 1 net "a connection to the WebUI, network not named, IPv6" \
		"socket 6 stream; bind $PAST6 0; connect $HOME6 8080"
	arrives ipv4 unexpected_inbound 1 net "a connection from a port that a connect rule names" \
		"socket 4 stream; bind $PAST4 5001; connect $HOME4 7002"
	arrives ipv6 unexpected_inbound 1 lan "a connection that no rule names, IPv6" \
		"socket 6 stream; connect $HOSTLAN6 7002"
}

# arrives FAMILY REASON N FROM WHAT COMMANDS: dropped, and nothing is answered.
arrives() {
	"in_$4" "$TOOLS/talk" "$6; close" >/dev/null
	want "$2: $5: dropped in silence" - "" "dropped ingress $1 $2 $3"
}

# try I MODE
try() {
	local i=$1 seen="" name="${REASON[$1]}: ${WHAT[$1]}" in="ingress ${FAMILY[$1]}" class=rule read=$N

	[[ ${FROM[i]} == host ]] && seen=lo=$N
	"in_${FROM[i]}" "$TOOLS/talk" "${DO[i]}" >/dev/null
	[[ ${ALLOW[i]} == webui* ]] && class=webui
	case $2 in
	enforce)
		want "$name: dropped" - "$seen" "dropped $in ${REASON[i]} $N"
		read=0
		;;
	audit) want "$name: comes in, in audit mode" - "$seen" "would_drop $in ${REASON[i]} $N" ;;
	allow) want "$name: allowed by ${ALLOW[i]}" - "$seen" "allowed $in $class $N" ;;
	esac
	[[ ${SLOT[i]} == - ]] && return
	tell m "use ${SLOT[i]}; drain"
	is "$name: the member reads $read" "$ANSWER" "drain ok=$read"
}

try_all() {
	local i rules webui

	attach_with enforce "${WEBUI[@]}" "${RULES[@]}"
	begin
	for i in "${!DO[@]}"; do try "$i" enforce; done
	opens_in_vain
	attach_with audit "${WEBUI[@]}"
	for i in "${!DO[@]}"; do try "$i" audit; done
	mapfile -t rules < <(printf '%s\n' "${ALLOW[@]}" | grep -E '^(connect|serve)' | sort -u |
		sed 's/^/allow = /')
	mapfile -t webui < <(printf '%s\n' "${ALLOW[@]}" | sed -n 's/^webui /allow = /p' | sort -u)
	attach_with enforce "${WEBUI[@]}" "${webui[@]}" "${RULES[@]}" "${rules[@]}"
	for i in "${!DO[@]}"; do
		[[ -n ${ALLOW[i]} ]] && try "$i" allow
	done
}

# The positive control of everything in the tunnel.
through_the_tunnel() {
	in_net "$TOOLS/talk" "$(udp4 $VPN4 $TUN4)" "$(udp6 $VPN6 $TUN6)" >/dev/null
	want "the tunnel is open" - "" "allowed ingress ipv4 tunnel $N, allowed ingress ipv6 tunnel $N"
	tell m "use 7; drain"
	is "the tunnel is open: the member reads $((2 * N))" "$ANSWER" "drain ok=$((2 * N))"
}

LITE=yes
WEBUI=('[webui]' 'port = 8080' 'allow = lan0')
RULES=('[rules]' "allow = connect tcp $PAST4 5001")

lab_up
sniff_on
actor m member "$TOOLS/talk"
members
unreadable_packets
to_the_webui
unexpected
try_all
through_the_tunnel
sniff_off
plan
