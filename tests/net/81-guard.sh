#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guard of the interfaces: what meets no program on the cgroup (the kernel's own answers in the
# tunnel's name, frames of packet sockets) leaves by no other interface than the tunnel. It follows
# interfaces, lives with others' filters, and leaves others' packets alone.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/lifecycle.sh
. "$HERE/lifecycle.sh"

declare -A WORLD=([4]=$WORLD4 [6]=$WORLD6) TUN=([4]=$TUN4 [6]=$TUN6)
declare -A VOID=([4]=$WORLD_VOID4 [6]=$WORLD_VOID6)
declare -A ASKS=([4]=10.128.0.77 [6]=fd00:128::77) # at the tunnel's other end, and nobody's
declare -A PINGS=([4]=0800000000010001 [6]=8000000000010001)
ETHERTYPE=([4]=0800 [6]=86dd)
PORT=5000 # of the next connection in TIME_WAIT

guard_conf() { # ROUTE GUARD [LINE...]
	printf '[fence]\ncgroup = %s\ntunnel = wgft0\nroute = %s\nguard = %s\n' "$CGROUP" "$1" "$2" >"$CONF"
	shift 2
	printf '%s\n' "$@" >>"$CONF"
}

# asks FAMILY PORT PROTOCOL [WORD...]: a packet through the tunnel, whose sender hears no answer.
asks() {
	local f=$1 port=$2

	shift 2
	in_net "$TOOLS/talk" "socket $f raw 255; device vpn0" \
		"packet ${TUN[$f]} $("$TOOLS/forge" ${ASKS[$f]} 4000 ${TUN[$f]} $port "$@")" >>"$LOG"
}

ask_tcp() { asks $1 81 tcp flags=S; }
ask_udp() { asks $1 81 udp; }
ask_ping() { [[ $1 == 4 ]] && asks 4 0 1 || asks 6 0 58; }
ask_cookie() { asks $1 7002 tcp flags=S; }

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

home_is_default() {
	ip -n "$HOST" route del default dev wgft0 metric 10
	ip -n "$HOST" -6 route del default dev wgft0 metric 10
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

# bytes FAMILY: an IP packet by the home line; link_bytes: with its link header.
bytes() {
	[[ $1 == 4 ]] && "$TOOLS/forge" $HOME4 51821 $ROUTER4 51820 udp
	[[ $1 == 6 ]] && "$TOOLS/forge" $HOME6 51821 $ROUTER6 51820 udp
}

frames() { # FAMILY raw|dgram: as talk's commands, with WireGuard's port and endpoint, and a mark
	local to from

	to=$(mac "$NET" host0 | tr -d :) from=$(mac "$HOST" home0 | tr -d :)
	printf 'frames home0 %s %s %s; set mark 51820; frame %s%s 3' "$2" "${ETHERTYPE[$1]}" "$to" \
		"$([[ $2 == raw ]] && echo "$to$from${ETHERTYPE[$1]}")" "$(bytes $1)"
}

# The sniffer leaves out what is like WireGuard's own; this one does not.
sniff_frames() {
	actor frames "$TOOLS/sniff" "$TMP/frames" "home=$HOST:home0:out"
	ready frames || bail "the sniffer does not start"
}

frames_seen() {
	grep -cE '51821 > .* 51820, (36|56) bytes' "$TMP/frames"
}

# sent NAME WHO COMMANDS SEEN MOVED: three frames of a packet socket. What the guard drops fails.
sent() {
	local answer="frame ok=0 ENOBUFS=3"

	[[ $4 == 3 ]] && answer="frame ok=3"
	begin
	ask frames count
	: >"$TMP/frames"
	ANSWER=$($2 "$TOOLS/talk" "$3" | tail -n 1)
	want "$1" "$answer" - "$5"
	ask frames peek
	is "$1: on the wire" "$(frames_seen)" "$4"
}

below() {
	# shellcheck disable=SC2016
	sh -c 'mkdir -p "$0/b/c" && echo $$ >"$0/b/c/cgroup.procs" && exec "$@"' "$CGROUP_DIR" \
		nsenter --net="/run/netns/$HOST" "$@"
}

test_frames() {
	local f type

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
	dismiss frames
}

# A tunnel that encapsulates in place: its outer packets carry the socket of the member.
test_outer() {
	ip -n "$HOST" link add vx0 type vxlan id 7 remote $ROUTER4 dstport 4789 2>>"$LOG" || {
		skip "the outer packets of a tunnel in the kernel pass" "no vxlan here"
		return
	}
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

# speaks FAMILY TO: a datagram of the host's own in the tunnel's name.
speaks() {
	in_host "$TOOLS/talk" "socket $1 dgram; bind ${TUN[$1]} 0; sendto $2 6000 1 32" >>"$LOG" 2>&1
}

# guarded INTERFACE: does it drop and count there what speaks in the tunnel's name?
guarded() {
	local before

	before=$(counters)
	speaks 4 ${2:-10.99.0.9}
	[[ $(COUNTED=$before moved "$(counters)") == "dropped guard ipv4 tunnel_address 1" ]]
}

filters() {
	tc -n "$HOST" filter show dev $1 egress 2>>"$LOG" | grep -c "wgfence:$NAME "
}

later_veth() { ip -n "$HOST" link add new0 type veth peer name new1; ip -n "$HOST" link set new1 up; }
later_bridge() { ip -n "$HOST" link add new0 type bridge; }
later_tap() { ip -n "$HOST" tuntap add new0 mode tap; }
later_wireguard() { sed 's/51821/51999/' "$TMP/wgft0.wg" >"$TMP/new0.wg"; wireguard "$HOST" new0; }

# wireguard-go's is a tun: no link header.
test_later() {
	local kind

	for kind in veth bridge tap wireguard; do
		later_$kind 2>>"$LOG" || bail "no $kind"
		ip -n "$HOST" addr add 10.99.0.1/24 dev new0
		ip -n "$HOST" link set new0 up
		[[ $kind == wireguard ]] || knows "$HOST" new0 02:00:00:00:00:01 10.99.0.9
		until_true guarded new0
		is "an interface that comes later is guarded: $kind" "$?" 0
		ip -n "$HOST" link del new0
	done
	ip -n "$HOST" link add before0 type veth peer name new1
	until_true eval '[[ $(filters before0) == 1 ]]'
	is "one that will be the tunnel is guarded at first" "$?" 0
	tunnel_delete
	ip -n "$HOST" link set before0 name wgft0
	tunnel_address $TUN4 $TUN6
	ip -n "$HOST" link set wgft0 up
	ip -n "$HOST" link set new1 up
	tunnel_address $TUN4 $TUN6
	until_true eval '[[ $(filters wgft0) == 0 && $(filters new1) == 1 ]]'
	is "and is not when it is the tunnel" "$?" 0
	tunnel_delete
	tunnel_make
	home_is_default
	until_true eval '[[ $(filters home0) == 1 && $(filters wgft0) == 0 ]]'
}

program_of() {
	tc -n "$HOST" filter show dev $1 egress | grep -o "wgfence:$NAME .* id [0-9]*" | grep -o '[0-9]*$'
}

test_restored() {
	local how

	for how in "filter del dev home0 egress" "qdisc del dev home0 clsact" \
		"filter replace dev home0 egress prio 1 handle 1 bpf da bytecode 1,6 0 0 0"; do
		tc -n "$HOST" $how 2>>"$LOG" || tc -n "$HOST" ${how% 1,6*} "${how#*bytecode }" 2>>"$LOG" ||
			bail "tc $how"
		until_true eval '[[ $(filters home0) == 1 ]]'
		is "tc ${how% bpf*}: it comes back" "$?" 0
		until_true guarded home0 $PAST_VOID4
		is "tc ${how% bpf*}: and guards" "$?" 0
	done
	tc -n "$HOST" qdisc del dev home0 clsact
}

# UDP to port 6666, which the administrator drops: classic BPF, behind an Ethernet header.
NO_6666='8,40 0 0 12,21 0 5 2048,48 0 0 23,21 0 3 17,40 0 0 36,21 0 1 6666,6 0 0 2,6 0 0 4294967295,'

test_beside() { # WHEN
	begin
	in_host "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 6666 3 32; sendto $PAST_VOID4 6667 2 32" >>"$LOG"
	want "a filter of the administrator's, $1: still works" - "home=2" ""
	begin
	speaks 4 $PAST_VOID4
	want "and the guard beside it" - "" "dropped guard ipv4 tunnel_address 1"
}

test_others() {
	fence detach --force >>"$LOG" 2>&1
	tc -n "$HOST" qdisc replace dev home0 clsact
	tc -n "$HOST" filter add dev home0 egress prio 1 bpf da bytecode "$NO_6666" || bail "tc"
	tc -n "$HOST" qdisc replace dev lan0 clsact
	tc -n "$HOST" filter add dev lan0 egress prio 1 protocol all u32 match u32 0x12345678 0xffffffff at 0 \
		classid 1:1 || bail "tc"
	attach
	test_beside "there before it"
	is "another kind of filter at the first priority: the second is taken" \
		"$(tc -n "$HOST" filter show dev lan0 egress | grep -c "pref 2 bpf.*wgfence:$NAME ")" 1
	tc -n "$HOST" filter add dev home0 egress prio 1 bpf da bytecode "$NO_6666" || bail "tc"
	test_beside "that came later"
	fence detach --force >>"$LOG" 2>&1
	is "detached: no filter of ours is left" \
		"$(for i in home0 lan0 wgft0 lo; do tc -n "$HOST" filter show dev $i egress; done | grep -c wgfence)" 0
	is "and those of others are" "$(tc -n "$HOST" filter show dev home0 egress | grep -c bytecode)" 2
	begin
	in_host "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 6666 3 32" >>"$LOG"
	want "and still work" - "" -
	tc -n "$HOST" qdisc del dev home0 clsact
	tc -n "$HOST" qdisc del dev lan0 clsact
}

# In the place of clsact an ingress qdisc has no egress: told, and the fence stands without.
test_in_the_way() {
	tc -n "$HOST" qdisc add dev lan0 ingress
	says "an ingress qdisc is in the way: the fence stands" 0 "stands on" fence attach
	like "and it is said" "$(fence attach 2>&1)" "not guarded.*lan0: an ingress qdisc"
	like "by status, too" "$(fence status)" "guard +on 1 interface, missing on lan0"
	is "and in JSON" "$(json guard.on) $(json guard.in_place) $(json guard.interfaces)" "true false 1"
	tc -n "$HOST" qdisc del dev lan0 ingress
	attach
	like "taken away: all are guarded" "$(fence status)" "guard +on 2 interfaces"
	is "and in JSON" "$(json guard.on) $(json guard.in_place) $(json guard.interfaces)" "true true 2"
}

# An address that another interface has, too, is not the tunnel's alone.
test_shared() {
	ip -n "$HOST" addr add $TUN4/32 dev lan0
	attach
	begin
	speaks 4 $PAST_VOID4
	want "an address that another interface has, too: passes" - "home=1" ""
	ip -n "$HOST" addr del $TUN4/32 dev lan0
	attach
	begin
	speaks 4 $PAST_VOID4
	want "and not when it is the tunnel's alone" - "" "dropped guard ipv4 tunnel_address 1"
	for f in 4 6; do
		begin
		speaks_own $f
		want "the host's own traffic, IPv$f: passes" "sendto ok=3" "home=3" ""
	done
}

speaks_own() {
	ANSWER=$(in_host "$TOOLS/talk" "socket $1 dgram; sendto ${VOID[$1]} 6000 3 32" | tail -n 1)
}

# Through the daemon's life: reload, and its death.
test_daemon() {
	kill -9 "${ACTOR_PID[run]}"
	wait "${ACTOR_PID[run]}" 2>/dev/null
	unset "ACTOR_PID[run]"
	begin
	speaks 4 $PAST_VOID4
	want "the daemon killed: it guards" - "" "dropped guard ipv4 tunnel_address 1"
	follow
	guard_conf off off
	kill -HUP "${ACTOR_PID[run]}"
	until_true eval '[[ $(filters home0) == 0 ]]'
	is "reloaded with guard = off: no filter" "$(filters home0) $(filters lan0)" "0 0"
	like "and status says so" "$(fence status)" "guard +off"
	begin
	speaks 4 $PAST_VOID4
	want "and none guards" - "home=1" ""
	guard_conf off on
	kill -HUP "${ACTOR_PID[run]}"
	until_true eval '[[ $(filters home0) == 1 ]]'
	begin
	speaks 4 $PAST_VOID4
	want "reloaded with guard = on: it guards" - "" "dropped guard ipv4 tunnel_address 1"
}

# The guard asks for the cgroup's id: one made anew has another.
test_anew() {
	rmdir "$CGROUP_DIR"/b/c "$CGROUP_DIR"/b
	until_true rmdir "$CGROUP_DIR"
	until_true grep -q "is gone" "$TMP/run.out" || bail "it does not notice"
	: >"$TMP/run.out"
	mkdir "$CGROUP_DIR"
	until_true grep -q "^policy" "$TMP/run.out" || bail "no new policy"
	begin
	ANSWER=$(member "$TOOLS/talk" "$(frames 4 raw)" | tail -n 1)
	want "the cgroup made anew: its frames are a member's" "frame ok=0 ENOBUFS=3" - "dropped guard ipv4 packet_socket 3"
}

# Two fences on the same interfaces, each with its own tunnel's address.
test_two() {
	local other=$TMP/$NAME-b.conf

	ip -n "$HOST" link add tunb type veth peer name tunb1
	ip -n "$HOST" addr add 10.98.0.2/24 dev tunb
	ip -n "$HOST" link set tunb up
	ip -n "$HOST" link set tunb1 up
	mkdir "$CGROUP2/wgf-net-$$-b"
	printf '[fence]\ncgroup = %s\ntunnel = tunb\nroute = off\n' "/wgf-net-$$-b" >"$other"
	in_host "$WGFENCE" attach --config "$other" >>"$LOG" 2>&1 || bail "no second fence"
	attach
	is "two fences: both are on an interface" "$(tc -n "$HOST" filter show dev home0 egress | grep -c wgfence:)" 2
	begin
	speaks 4 $PAST_VOID4
	want "the first one guards" - "" "dropped guard ipv4 tunnel_address 1"
	begin
	in_host "$TOOLS/talk" "socket 4 dgram; bind 10.98.0.2 0; sendto $PAST_VOID4 6000 2 32" >>"$LOG"
	want "the second one, too, and the first does not count that" - "" ""
	is "but it does" "$(in_host "$WGFENCE" metrics --config "$other" |
		sed -n 's/^wgfence_dropped_packets_total.*tunnel_address"} \([1-9].*\)/\1/p')" 2
	is "the second one taken down" "$(in_host "$WGFENCE" detach --config "$other" --force >>"$LOG" 2>&1; echo $?)" 0
	is "leaves the first one's" "$(tc -n "$HOST" filter show dev home0 egress | grep -c wgfence:)" 1
	rmdir "$CGROUP2/wgf-net-$$-b"
	ip -n "$HOST" link del tunb
}

# Pins that were removed by hand: detach still finds what is on the interfaces.
test_remains() {
	rm -rf "$PINS"
	is "the pins removed by hand: a filter is left" "$(filters home0)" 1
	says "detach: no fence stands" 3 "no fence named" fence detach
	is "and takes the filter away" "$(filters home0)" 0
}

lab_up
home_is_default
actor far in_net "$TOOLS/serve" "$WORLD4:7000" "[$WORLD6]:7000"
ready far || bail "no server in the internet"
sniff_on
each_kernel_case test_kernel
each_kernel_case test_cookies
test_frames
test_outer
guard_conf off on
test_others
test_in_the_way
test_shared
test_two
follow
test_later
sniff_off
sniff_on
test_restored
test_daemon
test_anew
ended run TERM
fence detach --force >>"$LOG" 2>&1
attach
test_remains
sniff_off
plan
