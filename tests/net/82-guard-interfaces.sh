#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guard follows interfaces as they come and go, comes back where it was removed, lives with others'
# filters and with another fence's, and leaves others' packets alone.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/lifecycle.sh
. "$HERE/lifecycle.sh"
# shellcheck source=tests/net/guard.sh
. "$HERE/guard.sh"

# guarded INTERFACE: does it drop and count there what speaks in the tunnel's name?
guarded() {
	local before

	before=$(counters)
	speaks 4 ${2:-10.99.0.9}
	[[ $(COUNTED=$before moved "$(counters)") == "dropped guard ipv4 tunnel_address 1" ]]
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
	tc -n "$HOST" qdisc del dev home0 clsact # what the last one left
	until_true eval '[[ $(filters home0) == 1 ]]'
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
sniff_on
guard_conf off on
attach
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
