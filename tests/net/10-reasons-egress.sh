#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each reason for which a packet is dropped on its way out: what was sent is dropped and counted
# under that reason alone, and no interface sees it; in audit mode the same is counted as what would
# have been dropped, and arrives; where a line of the configuration can allow it, it arrives so.
#
# What sock_create refuses now is tried with sockets made before the fence. `no_policy` cannot be
# had from outside (a link never stands without a policy); the programs are run on it in tests/bpf.

# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

N=3
FAMILY=() REASON=() SEEN=() WHAT=() DO=() ALLOW=()

# sends FAMILY REASON SEEN WHAT COMMANDS [ALLOW]
#   SEEN    where the sniffer sees it if it is not dropped
#   ALLOW   a line for [rules], or "webui" and a network, that lets it out
sends() {
	FAMILY+=("$1") REASON+=("$2") SEEN+=("$3") WHAT+=("$4") DO+=("$5") ALLOW+=("${6:-}")
}

forge() { "$TOOLS/forge" "$@"; }

udp4() { printf 'use 0; socket 4 dgram; sendto %s %s %s 32' "$1" "$2" $N; }
udp6() { printf 'use 0; socket 6 dgram; sendto %s %s %s 32' "$1" "$2" $N; }
group4() { printf 'use 0; socket 4 dgram; set multicast_if %s; sendto %s %s %s 32' "$1" "$2" "$3" $N; }
group6() { printf 'use 0; socket 6 dgram; set multicast_if %s; sendto %s %s %s 32' "$1" "$2" "$3" $N; }
device() { printf 'use 0; socket %s dgram; device %s; set broadcast 1; sendto %s %s %s 32' "$@" $N; }
source4() { printf 'use 0; socket 4 dgram; aux source %s; sendto %s 6000 %s 32' "$1" "$2" $N; }
source6() { printf 'use 0; socket 6 dgram; aux source %s; sendto %s 6000 %s 32' "$1" "$2" $N; }
syn() { printf 'use 0; socket %s stream; connect %s %s; close' "$@"; }
raw4() { printf 'use 1; packet %s %s %s' "$1" "$(shift && forge "$@")" $N; }
raw6() { printf 'use 2; packet %s %s %s' "$1" "$(shift && forge "$@")" $N; }

before_the_fence() {
	local s

	for s in "1; socket 4 raw 255" "2; socket 6 raw 255" "3; socket 4 dgram 1" \
		"4; socket 6 dgram 58" "7; socket 4 raw 1; set icmp_filter ffffffff" \
		"8; socket 6 raw 58; set icmp6_filter $(printf 'f%.0s' {1..64})" \
		"10; socket 4 dgram; device wgft0; bind $HOME4 0" \
		"11; socket 6 dgram; device wgft0; bind $HOME6 0" \
		"12; socket 6 raw 255; device wgft0"; do
		tell m "use $s"
		[[ $ANSWER == *\ ok ]] || bail "$s: $ANSWER"
	done
	for s in "5; socket 4 dgram 136" "6; socket 6 dgram 136" "9; socket 4 stream 262"; do
		tell m "use $s"
		[[ $ANSWER == *\ ok ]] || LACKS[${s%%;*}]=$ANSWER
	done
}

unreadable_packets() {
	local hops
	# In a routing header the last address is the first to go to.
	hops=20010db800070000000000000000009920010db8000800000000000000000099

	sends ipv4 malformed home "version 6 in an IPv4 header" \
		"$(raw4 $PAST_VOID4 $HOME4 99 $PAST_VOID4 99 udp version=6)"
	sends ipv4 malformed home "half a TCP header, IPv4" \
		"$(raw4 $PAST_VOID4 $HOME4 8080 $LAN4 99 tcp cut=8)"
	sends ipv6 malformed home "version 4 in an IPv6 header" \
		"$(raw6 $PAST_VOID6 $HOME6 99 $PAST_VOID6 99 udp version=4)"
	sends ipv6 malformed home "half a UDP header, IPv6" \
		"$(raw6 $PAST_VOID6 $HOME6 99 $PAST_VOID6 99 udp cut=4)"
	sends ipv6 malformed home "an IPv4 address in an IPv6 header" \
		"$(raw6 $PAST_VOID6 $HOME6 99 ::ffff:$LAN4 99 udp)"
	sends ipv4 fragment home "a first fragment that shows port 8080" \
		"$(raw4 $PAST_VOID4 $HOME4 8080 $PAST_VOID4 99 tcp flags=A frag=2000)"
	sends ipv4 fragment home "a later fragment" \
		"$(raw4 $PAST_VOID4 $HOME4 99 $PAST_VOID4 99 udp frag=0001)"
	sends ipv6 fragment home "a fragment header" \
		"$(raw6 $PAST_VOID6 $HOME6 99 $PAST_VOID6 99 udp extension=44)"
	sends ipv4 ip_options home "no-operations, by socket option" \
		"use 0; socket 4 dgram; set ip_options 01010101; sendto $PAST_VOID4 6000 $N 32"
	sends ipv4 ip_options home "record route, as ancillary data" \
		"use 0; socket 4 dgram; aux ip_options 07070400000000; sendto $PAST_VOID4 6000 $N 32"
	sends ipv4 ip_options home "a loose source route" \
		"use 0; socket 4 dgram; set ip_options 830704c6336463; sendto $WORLD4 6000 $N 32"
	sends ipv6 extension_header home "destination options, by socket option" \
		"use 0; socket 6 dgram; set dstopts 0000010400000000; sendto $PAST_VOID6 6000 $N 32"
	sends ipv6 extension_header home "hop-by-hop options, as ancillary data" \
		"use 0; socket 6 dgram; aux hopopts 0000010400000000; sendto $PAST_VOID6 6000 $N 32"
	sends ipv6 extension_header home "a routing header of type 4" \
		"use 0; socket 6 dgram; set rthdr 0004040101000000$hops; sendto $WORLD6 6000 $N 32"
	sends ipv6 extension_header tunnel "destination options, in the tunnel" \
		"use 0; socket 6 dgram; set dstopts 0000010400000000; sendto $WORLD_VOID6 6000 $N 32"
}

other_transports() {
	sends ipv4 transport home "a ping socket" "use 3; packet $PAST_VOID4 0800000000000000 $N"
	sends ipv6 transport home "a ping socket, IPv6" "use 4; packet $PAST_VOID6 8000000000000000 $N"
	sends ipv4 transport home "UDP-Lite" "use 5; sendto $PAST_VOID4 6000 $N 32"
	sends ipv6 transport home "UDP-Lite, IPv6" "use 6; sendto $PAST_VOID6 6000 $N 32"
	sends ipv4 transport home "raw ICMP" "use 7; packet $PAST_VOID4 0800000000000000 $N"
	sends ipv6 transport home "raw ICMPv6" "use 8; packet $PAST_VOID6 8000000000000000 $N"
	sends ipv4 transport home "SCTP by hand" "$(raw4 $PAST_VOID4 $HOME4 9 $PAST_VOID4 9 132)"
	sends ipv6 transport home "SCTP by hand, IPv6" "$(raw6 $PAST_VOID6 $HOME6 9 $PAST_VOID6 9 132)"
	sends ipv4 transport tunnel "a ping in the tunnel" \
		"use 3; packet $WORLD_VOID4 0800000000000000 $N"
	sends ipv6 transport tunnel "a ping in the tunnel, IPv6" \
		"use 4; packet $WORLD_VOID6 8000000000000000 $N"
}

out_of_the_tunnel() {
	sends ipv4 wrong_source tunnel "a source as ancillary data" "$(source4 $HOME4 $WORLD_VOID4)"
	sends ipv6 wrong_source tunnel "a source as ancillary data, IPv6" "$(source6 $HOME6 $WORLD_VOID6)"
	sends ipv4 wrong_source tunnel "a socket bound before the fence" \
		"use 10; sendto $WORLD_VOID4 6000 $N 32"
	sends ipv6 wrong_source tunnel "a socket bound before the fence, IPv6" \
		"use 11; sendto $WORLD_VOID6 6000 $N 32"
	sends ipv4 wrong_source tunnel "a source made up" \
		"$(raw4 $WORLD_VOID4 10.128.0.3 99 $WORLD_VOID4 99 udp)"
	sends ipv4 webui_tunnel tunnel "an answer of the WebUI" \
		"$(raw4 $WORLD_VOID4 $TUN4 8080 $WORLD_VOID4 99 tcp flags=SA)"
	sends ipv6 webui_tunnel tunnel "an answer of the WebUI, IPv6" \
		"$(raw6 $WORLD_VOID6 $TUN6 8080 $WORLD_VOID6 99 tcp flags=SA)"
	sends ipv4 loopback tunnel "loopback" "$(device 4 wgft0 127.0.0.1 9999)"
	sends ipv6 loopback tunnel "loopback, IPv6" "$(device 6 wgft0 ::1 9999)"
	sends ipv4 multicast tunnel "multicast" "$(group4 wgft0 239.1.2.3 9999)"
	sends ipv6 multicast tunnel "multicast, IPv6" "$(group6 wgft0 ff05::1234 9999)"
	sends ipv4 broadcast tunnel "broadcast" "$(device 4 wgft0 255.255.255.255 9999)"
	sends ipv4 unspecified tunnel "the network 0" "$(device 4 wgft0 0.1.2.3 9999)"
	sends ipv6 unspecified tunnel "the unspecified address" \
		"use 12; packet $WORLD_VOID6 $(forge $TUN6 99 :: 99 udp) $N"
}

from_the_webui() {
	sends ipv4 webui_opens home "a connection from the WebUI port" \
		"$(raw4 $PAST_VOID4 $HOME4 8080 $PAST_VOID4 443 tcp flags=S)"
	sends ipv6 webui_opens home "a connection from the WebUI port, IPv6" \
		"$(raw6 $PAST_VOID6 $HOME6 8080 $PAST_VOID6 443 tcp flags=S)"
	sends ipv4 webui_opens lan "a connection from the WebUI port to a named network" \
		"$(raw4 $LAN_VOID4 $HOSTLAN4 8080 $LAN_VOID4 443 tcp flags=S)"
	sends ipv4 webui_network home "an answer of the WebUI, network not named" \
		"$(raw4 $PAST_VOID4 $HOME4 8080 $PAST_VOID4 443 tcp flags=SA)" \
		"webui ${PAST4%.*}.0/24@home0"
	sends ipv6 webui_network home "an answer of the WebUI, network not named, IPv6" \
		"$(raw6 $PAST_VOID6 $HOME6 8080 $PAST_VOID6 443 tcp flags=SA)" \
		"webui ${PAST6%::*}::/64@home0"
	sends ipv4 webui_network home "a bare reset of the WebUI" \
		"$(raw4 $PAST_VOID4 $HOME4 8080 $PAST_VOID4 443 tcp flags=R)" \
		"webui ${PAST4%.*}.0/24@home0"
}

noise() {
	sends ipv4 port_mapping home "NAT-PMP" "$(udp4 $ROUTER4 5351)" "connect udp $ROUTER4 5351"
	sends ipv6 port_mapping home "PCP, IPv6" "$(udp6 $ROUTER6 5351)" "connect udp $ROUTER6 5351"
	sends ipv4 port_mapping home "UPnP discovery" "$(group4 home0 239.255.255.250 1900)" \
		"connect udp 239.255.255.250 1900"
	sends ipv6 port_mapping home "UPnP discovery, IPv6" "$(group6 home0 ff02::c 1900)" \
		"connect udp ff02::c 1900"
	sends ipv4 local_discovery lan "BitTorrent local discovery" \
		"$(group4 lan0 239.192.152.143 6771)" "connect udp 239.192.152.143 6771"
	sends ipv6 local_discovery lan "BitTorrent local discovery, IPv6" \
		"$(group6 lan0 ff15::efc0:988f 6771)" "connect udp ff15::efc0:988f 6771"
	sends ipv4 local_discovery home "mDNS" "$(group4 home0 224.0.0.251 5353)" \
		"connect udp 224.0.0.251 5353 dev home0"
	sends ipv6 local_discovery home "mDNS, IPv6" "$(group6 home0 ff02::fb 5353)" \
		"connect udp ff02::fb 5353 dev home0"
	sends ipv4 multicast home "multicast" "$(group4 home0 239.1.2.3 9999)" \
		"connect udp 239.1.2.0/24 9999"
	sends ipv6 multicast home "multicast, IPv6" "$(group6 home0 ff05::1234 9999)" \
		"connect udp ff05::/16 9999"
	sends ipv4 broadcast home "broadcast to a network" "$(device 4 home0 10.77.1.255 9999)" \
		"connect udp 10.77.1.255 9999"
	sends ipv4 broadcast lan "broadcast to everybody" \
		"$(device 4 lan0 255.255.255.255 9999)" "connect udp 255.255.255.255 9999 dev lan0"
}

leaks() {
	sends ipv4 dns home "a name query" "$(udp4 $PAST_VOID4 53)" "connect udp $PAST_VOID4 53"
	sends ipv6 dns home "a name query, IPv6" "$(udp6 $PAST_VOID6 53)" "connect udp $PAST_VOID6 53"
	sends ipv4 dns lan "a name query in the LAN" "$(udp4 $LAN_VOID4 53)" "connect udp $LAN_VOID4 53"
	sends ipv4 dns home "a name query by QUIC" "$(udp4 $PAST_VOID4 853)" "connect udp $PAST_VOID4 853"
	sends ipv4 dns home "a name query by TCP" "$(syn 4 $PAST_VOID4 53)" "connect tcp $PAST_VOID4 53"
	sends ipv6 dns home "a name query by TLS" "$(syn 6 $PAST_VOID6 853)" "connect tcp $PAST_VOID6 853"
	sends ipv4 dns lo "a name query to the resolver stub" "$(udp4 127.0.0.53 53)" \
		"connect udp 127.0.0.53 53"
	sends ipv4 loopback lo "loopback" "$(udp4 127.0.0.1 9999)" "connect udp 127.0.0.1 9999"
	sends ipv6 loopback lo "loopback, IPv6" "$(udp6 ::1 9999)" "connect udp ::1 9999"
	sends ipv4 loopback lo "the host's own LAN address" "$(udp4 $HOSTLAN4 9999)" \
		"connect udp $HOSTLAN4 9999 dev lo"
	sends ipv4 past_tunnel_ipv4 home "UDP" "$(udp4 $PAST_VOID4 6000)" "connect udp $PAST_VOID4 6000"
	sends ipv6 past_tunnel_ipv6 home "UDP, IPv6" "$(udp6 $PAST_VOID6 6000)" \
		"connect udp $PAST_VOID6 6000"
	sends ipv4 past_tunnel_ipv4 home "TCP" "$(syn 4 $PAST_VOID4 443)" "connect tcp $PAST_VOID4 443"
	sends ipv6 past_tunnel_ipv6 home "TCP, IPv6" "$(syn 6 $PAST_VOID6 443)" \
		"connect tcp $PAST_VOID6 443"
	sends ipv4 past_tunnel_ipv4 lan "UDP to the LAN" "$(udp4 $LAN_VOID4 6000)" \
		"connect udp $LAN_VOID4 6000 dev lan0"
	sends ipv4 past_tunnel_ipv4 home "UDP, from the tunnel's address" "$(source4 $TUN4 $PAST_VOID4)" \
		"connect udp $PAST_VOID4 6000"
	sends ipv6 past_tunnel_ipv6 home "UDP, from the tunnel's address, IPv6" \
		"$(source6 $TUN6 $PAST_VOID6)" "connect udp $PAST_VOID6 6000"
	sends ipv4 past_tunnel_ipv4 home "UDP, v4-mapped" "$(udp6 ::ffff:$PAST_VOID4 6000)" \
		"connect udp $PAST_VOID4 6000"
	sends ipv4 past_tunnel_ipv4 home "UDP from the WebUI's port number" \
		"use 0; socket 4 dgram; bind 0.0.0.0 8080; sendto $PAST_VOID4 6000 $N 32" \
		"connect udp $PAST_VOID4 6000"
	sends ipv4 past_tunnel_ipv4 home "MPTCP made before the fence" \
		"use 9; connect $PAST_VOID4 443; disconnect" "connect tcp $PAST_VOID4 443"
}

# What goes out when the tunnel is away.
without_tunnel() {
	sends ipv4 no_tunnel home "UDP" "$(udp4 $WORLD_VOID4 6000)" "connect udp $WORLD_VOID4 6000"
	sends ipv6 no_tunnel home "UDP, IPv6" "$(udp6 $WORLD_VOID6 6000)" "connect udp $WORLD_VOID6 6000"
	sends ipv4 no_tunnel lan "UDP to the LAN" "$(udp4 $LAN_VOID4 6000)" "connect udp $LAN_VOID4 6000"
	sends ipv4 no_tunnel home "a raw TCP segment" \
		"$(raw4 $WORLD_VOID4 $HOME4 99 $WORLD_VOID4 443 tcp flags=S)" \
		"connect tcp $WORLD_VOID4 443"
	sends ipv6 no_tunnel home "a raw TCP segment, IPv6" \
		"$(raw6 $WORLD_VOID6 $HOME6 99 $WORLD_VOID6 443 tcp flags=S)" \
		"connect tcp $WORLD_VOID6 443"
}

# To a group or to everybody on a network, of IPv4: judged in the call (net/63).
in_the_call() {
	[[ ${FAMILY[$1]} == ipv4 && ${DO[$1]} =~ sendto\ (22[4-9]|23[0-9]|255|10\.77\.1\.255) ]]
}

# try I MODE: sends it, and compares.
try() {
	local i=$1 mode=$2 last=${DO[$1]##*; } n=$N answer refused class=rule moves

	answer="${last%% *} ok=$n" refused="${last%% *} ok=0 EPERM=$n"
	# TCP sends one SYN, and does not say what becomes of it; nor does an IPv6 ping socket.
	# MPTCP sends another when it is told to stop.
	[[ $last == sendto* || $last == packet* ]] || n=1 answer=- refused=-
	[[ ${DO[i]} == use\ 4\;* ]] && refused=-
	[[ ${DO[i]} == use\ 9\;* ]] && n=+
	[[ ${ALLOW[i]} == webui* ]] && class=webui
	if [[ -n ${LACKS[${DO[i]:4:1}]:-} && ${DO[i]} == use\ [569]\;* ]]; then
		skip "$mode: ${REASON[i]}: ${WHAT[i]}" "this kernel has no such socket"
		return
	fi
	tell m "use 0; aux off; ${DO[i]}"
	case $mode in
	enforce)
		moves="dropped egress ${FAMILY[i]} ${REASON[i]} $n"
		! in_the_call "$i" || moves="refused connect ${FAMILY[i]} ${REASON[i]} $n"
		want "${REASON[i]}: ${WHAT[i]}: dropped" "$refused" "" "$moves"
		;;
	audit)
		moves="would_drop egress ${FAMILY[i]} ${REASON[i]} $n"
		! in_the_call "$i" || moves+=", would_refuse connect ${FAMILY[i]} ${REASON[i]} $n"
		want "${REASON[i]}: ${WHAT[i]}: leaves in audit mode" "$answer" "${SEEN[i]}=$n" "$moves"
		;;
	allow)
		want "${REASON[i]}: ${WHAT[i]}: allowed by ${ALLOW[i]}" "$answer" "${SEEN[i]}=$n" \
			"allowed egress ${FAMILY[i]} $class $n"
		;;
	esac
}

# All of them: dropped, then in audit mode, then allowed.
try_all() {
	local i rules webui

	attach_with enforce "${WEBUI[@]}"
	begin
	for i in "${!DO[@]}"; do try "$i" enforce; done
	# The guard would stop what is sent in the tunnel's name all the same, and count it.
	attach_with audit 'guard = off' "${WEBUI[@]}"
	for i in "${!DO[@]}"; do try "$i" audit; done
	mapfile -t rules < <(printf '%s\n' "${ALLOW[@]}" | grep '^connect' | sort -u | sed 's/^/allow = /')
	mapfile -t webui < <(printf '%s\n' "${ALLOW[@]}" | sed -n 's/^webui /allow = /p' | sort -u)
	attach_with enforce 'guard = off' "${WEBUI[@]}" "${webui[@]}" '[rules]' "${rules[@]}"
	for i in "${!DO[@]}"; do
		[[ -n ${ALLOW[i]} ]] && try "$i" allow
	done
}

# The bytes of a counter are what the hook saw: header and payload.
bytes_too() {
	local before after pattern='^wgfence_dropped_bytes_total.*egress.*ipv4.*no_tunnel'

	attach_with enforce
	before=$(fence metrics | sed -n "/$pattern/s/.* //p")
	tell m "$(udp4 $WORLD_VOID4 6000)"
	after=$(fence metrics | sed -n "/$pattern/s/.* //p")
	is "bytes are counted as well" $((after - before)) $((N * (20 + 8 + 32)))
}

declare -A LACKS
WEBUI=('[webui]' 'port = 8080' 'allow = lan localhost')

lab_up
sniff_on
# Somebody is at home on loopback, or the kernel would answer each datagram by an ICMP of its own.
actor local in_host "$TOOLS/serve" 127.0.0.1:9999:mute '[::1]:9999:mute' $HOSTLAN4:9999:mute \
	127.0.0.53:53:mute
ready local || bail "no server on loopback"
actor m member "$TOOLS/talk"
before_the_fence

unreadable_packets
other_transports
out_of_the_tunnel
from_the_webui
noise
leaks
try_all

FAMILY=() REASON=() SEEN=() WHAT=() DO=() ALLOW=()
ip -n "$HOST" link set wgft0 down
without_tunnel
try_all
bytes_too
sniff_off
plan
