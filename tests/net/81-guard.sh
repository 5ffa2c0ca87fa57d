#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What meets no program on the cgroup (the kernel's own answers in the tunnel's name, frames of packet
# sockets) leaves by no other interface than the tunnel, where there are rules for it or the guard.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/guard.sh
. "$HERE/guard.sh"

PORT=5000 # of the next connection in TIME_WAIT

# A segment for a connection of the host's own that has ended, and lies in TIME_WAIT.
ask_ended() {
	in_net "$TOOLS/talk" "socket $1 raw 255; device vpn0" \
		"packet ${TUN[$1]} $("$TOOLS/forge" ${WORLD[$1]} 7000 ${TUN[$1]} $PORT tcp flags=A)" >>"$LOG"
}

in_time_wait() {
	in_host cat /proc/self/net/tcp /proc/self/net/tcp6 |
		awk -v port="$(printf '%04X' $PORT)" '$2 ~ ":" port "$" && $4 == "06" { found = 1 } END { exit !found }'
}

end_connection() { # FAMILY
	PORT=$((PORT + 1))
	tunnel_route
	in_host "$TOOLS/talk" "socket $1 stream; bind ${TUN[$1]} $PORT; connect ${WORLD[$1]} 7000; finish; close" >>"$LOG"
	until_true in_time_wait || bail "no TIME_WAIT"
	home_is_default
}

# What the kernel says by itself, once of each kind. With neither it leaves by the home line: that is
# the control of all others.
test_kernel() { # ROUTE GUARD SEEN
	local f what dropped

	guard_conf $1 $2
	attach
	for f in 4 6; do
		dropped=
		[[ $1 == off && $2 == on ]] && dropped="dropped guard ipv$f tunnel_address 1"
		for what in tcp udp ping ended; do
			[[ $what == ended ]] && end_connection $f
			begin
			ask_$what $f
			ANSWER=
			want "route $1, guard $2: $what, IPv$f: ${3:-nowhere}" - "$3" "$dropped"
		done
	done
}

# A SYN cookie for a member's listener; which other hooks see it depends on the kernel.
test_cookies() { # ROUTE GUARD SEEN
	local f moved

	guard_conf $1 $2
	attach
	actor ui member "$TOOLS/serve" "[::]:7002"
	ready ui || bail "no server"
	for f in 4 6; do
		moved=-
		[[ $1 == off && $2 == on ]] &&
			moved="allowed ingress ipv$f tunnel 1, dropped guard ipv$f tunnel_address 1"
		begin
		ask_cookie $f
		ANSWER=
		want "route $1, guard $2: a SYN cookie, IPv$f: ${3:-nowhere}" - "$3" "$moved"
	done
	kill_those KILL <"$CGROUP_DIR/cgroup.procs"
	dismiss ui
	until_true eval '[[ ! -s $CGROUP_DIR/cgroup.procs ]]'
}

each_kernel_case() {
	in_host sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit
		echo 0 >/proc/sys/net/ipv4/tcp_invalid_ratelimit; echo 2 >/proc/sys/net/ipv4/tcp_syncookies'
	"$1" off off "home=1"
	"$1" on off "tunnel=1"
	"$1" off on ""
	"$1" on on "tunnel=1"
}

below() {
	# shellcheck disable=SC2016
	sh -c 'mkdir -p "$0/b/c" && echo $$ >"$0/b/c/cgroup.procs" && exec "$@"' "$CGROUP_DIR" \
		nsenter --net="/run/netns/$HOST" "$@"
}

test_frames() {
	local f type past_tc

	guard_conf off off
	attach
	sniff_frames
	for f in 4 6; do
		sent "guard = off: a member's frame, IPv$f" member "$(frames $f dgram)" 3 ""
	done
	guard_conf off on
	attach
	for f in 4 6; do
		for type in raw dgram; do
			sent "a member's frame, $type, IPv$f" member "$(frames $f $type)" 0 \
				"dropped guard ipv$f packet_socket 3"
			sent "somebody else's, $type, IPv$f" in_host "$(frames $f $type)" 3 ""
		done
	done
	past_tc=$(frames 4 raw)
	past_tc=${past_tc/set mark 51820/set bypass 1}
	sent "a member's way past tc is refused" member "$past_tc" 0 \
		"dropped guard ipv4 packet_socket 3, refused setsockopt unknown packet_socket 1"
	sent "somebody else's way past tc" in_host "$past_tc" 3 ""
	sent "a frame from a cgroup below" below "$(frames 4 raw)" 0 "dropped guard ipv4 packet_socket 3"
	begin
	ANSWER=$(member "$TOOLS/talk" "frames home0 dgram 0806 ffffffffffff; frame $(printf '00%.0s' {1..28}) 2" | tail -n 1)
	want "ARP of a member's" "frame ok=0 ENOBUFS=2" - "dropped guard unknown packet_socket 2"
	begin
	ANSWER=$(member "$TOOLS/talk" "frames wgft0 dgram 0800 000000000000; frame $("$TOOLS/forge" $TUN4 5 $WORLD_VOID4 6000 udp) 2" | tail -n 1)
	want "into the tunnel: none of the guard's business" "frame ok=2" "tunnel=2" ""
	guard_conf off on "mode = audit"
	attach
	sent "audit: a member's frame passes, and is counted" member "$(frames 4 raw)" 3 \
		"would_drop guard ipv4 packet_socket 3"
	sent "audit: past tc the guard sees nothing of it" member "$past_tc" 3 \
		"would_refuse setsockopt unknown packet_socket 1"
	dismiss frames
}

# A tunnel that encapsulates in place: its outer packets carry the socket of the member.
test_outer() {
	ip -n "$HOST" link add vx0 type vxlan id 7 remote $ROUTER4 dstport 4789 2>>"$LOG" || {
		skip "the outer packets of a tunnel in the kernel pass" "no vxlan here"
		return
	}
	in_host sh -c 'echo 1 >/proc/sys/net/ipv6/conf/vx0/disable_ipv6' # nor what IPv6 says by itself
	ip -n "$HOST" addr add 10.66.0.1/24 dev vx0
	ip -n "$HOST" link set vx0 up
	knows "$HOST" vx0 02:00:00:00:00:01 10.66.0.9
	printf '[fence]\ncgroup = %s\ntunnel = vx0\nroute = off\n' "$CGROUP" >"$CONF"
	attach
	begin
	ANSWER=$(member "$TOOLS/talk" "socket 4 dgram; sendto 10.66.0.9 6000 3 32" | tail -n 1)
	want "the outer packets of a tunnel in the kernel pass" "sendto ok=3" "home=3" \
		"allowed egress ipv4 tunnel 3"
	ip -n "$HOST" link del vx0
}

all() {
	each_kernel_case test_kernel
	each_kernel_case test_cookies
	test_frames
	test_outer
}

lab_up
ways_known
home_is_default
actor far in_net "$TOOLS/serve" "$WORLD4:7000" "[$WORLD6]:7000"
ready far || bail "no server in the internet"
sniff_on
each_way all
sniff_off
plan
