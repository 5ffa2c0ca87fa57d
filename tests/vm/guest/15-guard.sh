#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guard on this kernel: by tcx from 6.6 on, by clsact before. What the kernel answers by itself in the
# tunnel's name, and frames of packet sockets, leave without it and not with it; the kernel's own WireGuard
# sends a member's packets on past it. In short, and in full by tests/net/81-guard and 82-guard-interfaces.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/../../net/lib.sh"
# shellcheck source=tests/net/lifecycle.sh
. "$HERE/lifecycle.sh"
# shellcheck source=tests/net/guard.sh
. "$HERE/guard.sh"

IFS=.- read -ra KERNEL < <(uname -r)

wanted_way() {
	((KERNEL[0] > 6 || (KERNEL[0] == 6 && KERNEL[1] >= 6))) && echo tcx || echo clsact
}

# Each is asked through the tunnel, and answers by the home line while nothing holds it back.
answers() { # GUARD SEEN
	local f what dropped=

	for f in 4 6; do
		[[ $1 == on ]] && dropped="dropped guard ipv$f tunnel_address 1"
		for what in tcp ping; do
			begin
			ask_$what $f
			ANSWER=
			want "guard $1: the kernel answers, $what, IPv$f: ${2:-nowhere}" - "$2" "$dropped"
		done
	done
}

frames_of_members() { # N MOVED
	local f

	for f in 4 6; do
		sent "a member's frames, IPv$f: $1 on the wire" member "$(frames $f raw)" $1 "${2/FAMILY/ipv$f}"
	done
}

# Frames by a family that takes no capability.
sessions_of_members() { # MOVED SEEN
	begin
	ANSWER=$(member "$TOOLS/talk" "session home0 $(mac "$NET" host0 | tr -d :); send 3 32" | tail -n 1)
	want "a member's PPPoE: ${2:-nowhere}" "send ok=3" "$2" "$1"
}

# The packets that carry the member's socket: the tunnel's outer ones, by the interface that is guarded.
outer() {
	local f

	for f in 4 6; do
		begin
		ANSWER=$(member "$TOOLS/talk" "socket $f dgram; bind ${TUN[$f]} 0; sendto ${VOID[$f]} 6000 3 32" | tail -n 1)
		want "a member's packets, IPv$f, in the kernel's WireGuard: none is the guard's" "sendto ok=3" \
			"tunnel=3" "allowed egress ipv$f tunnel 3"
	done
}

later() {
	follow
	ip -n "$HOST" link add new0 type veth peer name new1
	until_true has new0 1
	is "an interface that comes later is guarded" "$?" 0
	ip -n "$HOST" link del new0
	ended run KILL
	has home0 1
	is "the daemon killed: it guards" "$?" 0
	answers on ""
}

lab_up
ways_known
home_is_default
sniff_on
in_host sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit
	echo 0 >/proc/sys/net/ipv4/tcp_invalid_ratelimit'
is "this kernel's way" "$BY" "$(wanted_way)"
sniff_frames
guard_conf off off
attach
answers off "home=1"
frames_of_members 3 ""
sessions_of_members "" "home=3"
guard_conf off on
attach
like "status says by which way" "$(fence status)" "guard +on 2 interfaces by $BY"
is "and so does the kernel" "$(has home0 1; echo $?) $(has lan0 1; echo $?) $(has wgft0 0; echo $?)" "0 0 0"
answers on ""
frames_of_members 0 "dropped guard FAMILY packet_socket 3"
sessions_of_members "dropped guard unknown packet_socket 3" ""
ip -n "$HOST" route add default dev wgft0 table 5999 && ip -n "$HOST" rule add from $TUN4 lookup 5999
ip -n "$HOST" -6 route add default dev wgft0 table 5999 && ip -n "$HOST" -6 rule add from $TUN6 lookup 5999
outer
ip -n "$HOST" rule del from $TUN4 lookup 5999
ip -n "$HOST" -6 rule del from $TUN6 lookup 5999
later
fence detach --force >>"$LOG" 2>&1
until_true has home0 0
is "detached: nothing of it is left" "$(guards home0) $(guards lan0)" "tcx=0 clsact=0 tcx=0 clsact=0"
dismiss frames
sniff_off
plan
