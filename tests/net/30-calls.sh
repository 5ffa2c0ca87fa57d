#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The socket calls that are refused: with EPERM, counted once under their reason, and nothing on any
# wire. In audit mode the same calls are admitted, and counted as what would have been refused. Who
# is not in the fence may do it all, uncounted.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

CALL=() FAMILY=() REASON=() WHAT=() DO=() SEEN=()

# calls CALL FAMILY REASON WHAT COMMANDS [SEEN]: the last command is the one to be refused. SEEN is
# what the sniffer sees in audit mode: a SYN, and on loopback the reset that answers it.
calls() {
	CALL+=("$1") FAMILY+=("$2") REASON+=("$3") WHAT+=("$4") DO+=("$5") SEEN+=("${6:-}")
}

udp() { printf 'use 0; socket %s dgram; connect %s %s' "$@"; }

connects() {
	calls connect ipv4 loopback "loopback" "$(udp 4 127.0.0.1 9999)"
	calls connect ipv6 loopback "loopback, IPv6" "$(udp 6 ::1 9999)"
	calls connect ipv4 loopback "0.0.0.0, which means loopback" "$(udp 4 0.0.0.0 9999)"
	calls connect ipv6 loopback "::, which means loopback" "$(udp 6 :: 9999)"
	calls connect ipv4 loopback "loopback, v4-mapped" "$(udp 6 ::ffff:127.0.0.1 9999)"
	calls connect ipv4 loopback "loopback by TCP" \
		"use 0; socket 4 stream; connect 127.0.0.1 9999" lo=2
	calls connect ipv6 loopback "loopback by TCP, IPv6" \
		"use 0; socket 6 stream; connect ::1 9999" lo=2
	calls connect ipv4 loopback "loopback by TCP fast open" \
		"use 0; socket 4 stream; fastopen 127.0.0.1 9999" lo=2
	calls connect ipv4 dns "the resolver stub" "$(udp 4 127.0.0.53 53)"
	calls connect ipv6 dns "a resolver on loopback, IPv6" "$(udp 6 ::1 53)"
	calls connect ipv4 port_mapping "UPnP discovery" "$(udp 4 239.255.255.250 1900)"
	calls connect ipv6 port_mapping "UPnP discovery, IPv6" "$(udp 6 ff02::c%home0 1900)"
	calls connect ipv4 local_discovery "mDNS" "$(udp 4 224.0.0.251 5353)"
	calls connect ipv6 local_discovery "local discovery, IPv6" "$(udp 6 ff15::efc0:988f 6771)"
	calls connect ipv4 multicast "multicast" "$(udp 4 239.1.2.3 9999)"
	calls connect ipv6 multicast "multicast, IPv6" "$(udp 6 ff05::1234 9999)"
	calls connect ipv4 broadcast "broadcast" \
		"use 0; socket 4 dgram; set broadcast 1; connect 255.255.255.255 9999"
	calls connect ipv4 broadcast "broadcast to a network" \
		"use 0; socket 4 dgram; set broadcast 1; connect ${HOME4%.*}.255 9999"
	calls connect ipv4 webui_opens "from the WebUI port" \
		"use 0; socket 4 stream; bind 0.0.0.0 8080; connect $PAST_VOID4 443" home=1
	calls connect ipv6 webui_opens "from the WebUI port, IPv6" \
		"use 0; socket 6 stream; bind :: 8080; connect $PAST_VOID6 443" home=1
	calls connect ipv4 webui_opens "from the WebUI port to a named network" \
		"use 0; socket 4 stream; bind 0.0.0.0 8080; connect $LAN_VOID4 443" lan=1
	calls connect ipv4 transport "a ping socket made before the fence" \
		"use 3; connect $PAST_VOID4 0"
	calls connect ipv6 transport "a ping socket made before the fence, IPv6" \
		"use 4; connect $PAST_VOID6 0"
}

binds() {
	calls bind ipv4 bind_refused "the home line's address" "use 0; socket 4 dgram; bind $HOME4 0"
	calls bind ipv6 bind_refused "the home line's address, IPv6" \
		"use 0; socket 6 dgram; bind $HOME6 0"
	calls bind ipv4 bind_refused "the LAN's address, with a port, TCP" \
		"use 0; socket 4 stream; bind $HOSTLAN4 6881"
	calls bind ipv6 bind_refused "the LAN's address, with a port, TCP, IPv6" \
		"use 0; socket 6 stream; bind $HOSTLAN6 6881"
	calls bind ipv4 bind_refused "the home line's address, v4-mapped" \
		"use 0; socket 6 dgram; bind ::ffff:$HOME4 0"
	calls bind ipv4 bind_refused "loopback" "use 0; socket 4 dgram; bind 127.0.0.1 0"
	calls bind ipv6 bind_refused "loopback, IPv6" "use 0; socket 6 dgram; bind ::1 0"
	calls bind ipv4 bind_refused "UDP of the WebUI's port number" \
		"use 0; socket 4 dgram; bind $HOSTLAN4 8080"
	calls bind ipv4 bind_refused "TCP of a port that is served by UDP" \
		"use 0; socket 4 stream; bind $HOSTLAN4 7001"
}

sockets() {
	local f ip

	for f in "4 ipv4 1" "6 ipv6 58"; do
		read -r f ip icmp <<<"$f"
		calls socket $ip socket_type "a ping socket, $ip" "use 0; socket $f dgram $icmp"
		calls socket $ip socket_type "raw ICMP, $ip" "use 0; socket $f raw $icmp"
		calls socket $ip socket_type "raw TCP, $ip" "use 0; socket $f raw 6"
		calls socket $ip socket_type "raw, header included, $ip" "use 0; socket $f raw 255"
		calls socket $ip socket_type "UDP-Lite, $ip" "use 0; socket $f dgram 136"
		calls socket $ip socket_type "MPTCP, $ip" "use 0; socket $f stream 262"
		calls socket $ip socket_type "SCTP, $ip" "use 0; socket $f stream 132"
		calls socket $ip socket_type "SCTP, one-to-many, $ip" "use 0; socket $f seq 132"
	done
}

joins() {
	local way

	for way in membership source_membership msfilter group_req source_req filter; do
		calls setsockopt ipv4 multicast_join "$way" \
			"use 0; socket 4 dgram; join $way 239.7.7.7 home0" -
	done
	for way in membership anycast group_req source_req filter; do
		calls setsockopt ipv6 multicast_join "$way, IPv6" \
			"use 0; socket 6 dgram; join $way ff05::7777 home0" -
	done
	calls setsockopt ipv4 multicast_join "an IPv4 group on an IPv6 socket" \
		"use 0; socket 6 dgram; join membership 239.7.7.8 home0" -
}

without_tunnel() {
	calls connect ipv4 no_tunnel "UDP" "$(udp 4 $WORLD4 6000)"
	calls connect ipv6 no_tunnel "UDP, IPv6" "$(udp 6 $WORLD6 6000)"
	calls connect ipv4 no_tunnel "UDP, v4-mapped" "$(udp 6 ::ffff:$WORLD4 6000)"
	calls connect ipv4 no_tunnel "TCP" "use 0; socket 4 stream; connect $WORLD_VOID4 443" home=1
	calls connect ipv6 no_tunnel "TCP, IPv6" \
		"use 0; socket 6 stream; connect $WORLD_VOID6 443" home=1
	calls connect ipv4 no_tunnel "TCP to the LAN" \
		"use 0; socket 4 stream; connect $LAN_VOID4 443" lan=1
	calls connect ipv4 no_tunnel "TCP to the LAN by fast open" \
		"use 0; socket 4 stream; fastopen $LAN_VOID4 443" lan=1
	calls connect ipv4 dns "a name server" "$(udp 4 $WORLD4 53)"
	calls connect ipv4 port_mapping "NAT-PMP" "$(udp 4 $ROUTER4 5351)"
	calls connect ipv6 port_mapping "PCP, IPv6" "$(udp 6 $ROUTER6 5351)"
}

# Does this kernel know the call at all? Asked outside of the fence.
possible() {
	[[ ${REASON[$1]} != socket_type || $(in_host "$TOOLS/talk" "${DO[$1]}") == *"socket ok" ]]
}

# What else is counted in audit mode, where SEEN says that TCP sends.
with_syn() {
	[[ ${SEEN[$1]} == *=* ]] || return
	printf 'would_drop egress %s %s 1, ' "${FAMILY[$1]}" "${REASON[$1]}"
	[[ ${SEEN[$1]} == lo=* ]] && printf 'would_drop ingress %s unexpected_inbound 1, ' "${FAMILY[$1]}"
}

# try I MODE
try() {
	local i=$1 name="${CALL[$1]}: ${REASON[$1]}: ${WHAT[$1]}" last=${DO[$1]##*; } counted answer

	if ! possible "$i"; then
		skip "$name: $2" "this kernel has no such socket"
		return
	fi
	tell m "${DO[i]}"
	counted="${CALL[i]} ${FAMILY[i]} ${REASON[i]} 1"
	if [[ $2 == enforce ]]; then
		want "$name: refused" "${last%% *} EPERM" "" "refused $counted"
		return
	fi
	answer=$ANSWER
	tell m "use 0; close" # no retransmissions
	# Whatever else the kernel may have against it, it is not EPERM.
	ANSWER=$answer
	[[ $answer == *EPERM ]] || ANSWER=admitted
	want "$name: admitted in audit mode" admitted "${SEEN[i]}" "$(with_syn "$i")would_refuse $counted"
}

try_all() {
	local i

	attach_with enforce "${CONFIGURATION[@]}"
	begin
	for i in "${!DO[@]}"; do try "$i" enforce; done
	attach_with audit "${CONFIGURATION[@]}"
	for i in "${!DO[@]}"; do try "$i" audit; done
}

forget_calls() {
	CALL=() FAMILY=() REASON=() WHAT=() DO=() SEEN=()
}

# may WHAT COMMANDS [SEEN]: a member may do that, and nothing is counted or seen.
may() {
	local last=${2##*; }

	tell m "use 0; $2"
	want "admitted: $1" "${last%% *} ok" "${3:-}" ""
}

admitted() {
	attach_with enforce "${CONFIGURATION[@]}"
	may "TCP" "socket 4 stream"
	may "TCP, IPv6" "socket 6 stream 6"
	may "UDP" "socket 4 dgram 17"
	may "UDP, IPv6" "socket 6 dgram"
	may "connecting UDP through the tunnel" "socket 4 dgram; connect $WORLD4 6000"
	may "connecting UDP through the tunnel, IPv6" "socket 6 dgram; connect $WORLD6 6000"
	may "connecting where a connect rule allows it" "socket 4 dgram; connect 127.0.0.1 8096"
	may "connecting UDP where a serve rule allows it" "socket 4 dgram; connect 127.0.0.2 7000"
	may "binding the wildcard" "socket 4 dgram; bind 0.0.0.0 0"
	may "binding the wildcard, IPv6" "socket 6 stream; bind :: 6881"
	may "binding the wildcard, v4-mapped" "socket 6 dgram; set v6only 0; bind ::ffff:0.0.0.0 0"
	may "binding the tunnel's address" "socket 4 stream; bind $TUN4 6881"
	may "binding the tunnel's address, IPv6" "socket 6 dgram; bind $TUN6 0"
	may "binding the WebUI's port" "socket 4 stream; bind $HOSTLAN4 8080"
	may "binding the WebUI's port, IPv6" "socket 6 stream; bind ::1 8080"
	may "binding a served port" "socket 4 dgram; bind $HOME4 7001"
	may "binding a served port, IPv6" "socket 6 dgram; bind $HOSTLAN6 7002"
	may "an option that joins nothing" "socket 4 dgram; set multicast_if home0"
	may "an option that joins nothing, IPv6" "socket 6 dgram; set multicast_if home0"
}

# Interface numbers mean nothing in another network namespace.
foreign_namespaces() {
	local family=ipv$1

	attach_with "$2" "${CONFIGURATION[@]}"
	begin
	foreign "$family" "$2" "a new user and network namespace" "$1" unshare -Urn
	foreign "$family" "$2" "a new network namespace" "$1" unshare -n
	foreign "$family" "$2" "one that is there" "$1" nsenter "--net=/run/netns/$LAN"
}

# foreign FAMILY MODE WHAT NUMBER COMMAND...
foreign() {
	local family=$1 mode=$2 what=$3 number=$4 counter="refused" answer="socket EPERM"

	shift 4
	[[ $mode == audit ]] && counter=would_refuse answer="socket ok"
	ANSWER=$(member "$@" "$TOOLS/talk" "socket $number dgram" 2>>"$LOG")
	want "foreign namespace, $family: $what: $mode" "$answer" "" \
		"$counter socket $family foreign_namespace 1"
}

# Nobody outside of the fence is asked, or counted.
outside() {
	local answers

	attach_with enforce "${CONFIGURATION[@]}"
	begin
	answers=$(in_host "$TOOLS/talk" 'use 3; socket 4 dgram 1; use 4; socket 6 dgram 58' "${DO[@]}")
	is "outside: nothing is refused" "$(grep -c EPERM <<<"$answers")" 0
	want "outside: nothing is counted" - - ""
}

# A join makes the kernel itself report to the routers, past every program: what is refused must
# not. A stranger's join on another interface shows that reports would have been seen by now.
silence() {
	in_host "$TOOLS/talk" 'socket 4 dgram; join membership 239.7.7.9 lan0' \
		'use 1; socket 6 dgram; join membership ff05::7779 lan0' >/dev/null
	want "what is refused is not reported (IGMP, MLD)" - "lan=+" ""
}

reported() {
	ask sniff peek
	grep -q '^home.far protocol 2 ' "$TMP/sniffed" && grep -q '^home.far protocol 0 ' "$TMP/sniffed"
}

CONFIGURATION=('[webui]' 'port = 8080' 'allow = lan localhost' '[rules]'
	'allow = connect udp 127.0.0.1 8096' 'allow = serve udp 10.0.0.0/8 7001'
	'allow = serve udp 127.0.0.2 7002')

lab_up
sniff_on
actor m member "$TOOLS/talk"
tell m "use 3; socket 4 dgram 1; use 4; socket 6 dgram 58"
connects
binds
sockets
try_all
admitted
outside

for mode in enforce audit; do
	foreign_namespaces 4 $mode
	foreign_namespaces 6 $mode
done

forget_calls
ip -n "$HOST" link set wgft0 down
without_tunnel
try_all
ip -n "$HOST" link set wgft0 up

forget_calls
joins
attach_with enforce "${CONFIGURATION[@]}"
begin
for i in "${!DO[@]}"; do try "$i" enforce; done
silence
attach_with audit "${CONFIGURATION[@]}"
begin
for i in "${!DO[@]}"; do try "$i" audit; done
until_true reported
is "what audit mode admits is reported (IGMP, MLD)" $? 0
sniff_off
plan
