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
	until_true has before0 1
	is "one that will be the tunnel is guarded at first" "$?" 0
	tunnel_delete
	ip -n "$HOST" link set before0 name wgft0
	tunnel_address $TUN4 $TUN6
	ip -n "$HOST" link set wgft0 up
	ip -n "$HOST" link set new1 up
	tunnel_address $TUN4 $TUN6
	until_true eval 'has wgft0 0 && has new1 1'
	is "and is not when it is the tunnel" "$?" 0
	tunnel_delete
	tunnel_make
	home_is_default
	until_true eval 'has home0 1 && has wgft0 0'
}

# comes_back NAME: where it was taken away.
comes_back() {
	until_true has home0 1
	is "$1: it comes back" "$?" 0
	until_true guarded home0 $PAST_VOID4
	is "$1: and guards" "$?" 0
}

restored_clsact() {
	local how

	for how in "filter del dev home0 egress" "qdisc del dev home0 clsact" \
		"filter replace dev home0 egress prio 1 handle 1 bpf da bytecode 1,6 0 0 0"; do
		tc -n "$HOST" $how 2>>"$LOG" || tc -n "$HOST" ${how% 1,6*} "${how#*bytecode }" 2>>"$LOG" ||
			bail "tc $how"
		comes_back "tc ${how% bpf*}"
	done
	tc -n "$HOST" qdisc del dev home0 clsact # what the last one left
	until_true has home0 1
}

# The kernel tells nobody of a link that was taken away: with the next change of the machine.
restored_tcx() {
	local how pin

	pin=$PINS/guard-$(ip -n "$HOST" -o link show home0 | sed 's/:.*//')
	for how in "rm $pin" "bpftool link detach pinned $pin"; do
		$how || bail "$how"
		until_true has home0 0
		is "${how%% *}: it is gone" "$?" 0
		ip -n "$HOST" link add nudge0 type veth peer name nudge1
		comes_back "${how%% *}"
		ip -n "$HOST" link del nudge0
	done
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
	tc -n "$HOST" qdisc replace dev home0 clsact
	tc -n "$HOST" filter add dev home0 egress prio 1 bpf da bytecode "$NO_6666" || bail "tc"
	tc -n "$HOST" qdisc replace dev lan0 clsact
	tc -n "$HOST" filter add dev lan0 egress prio 1 protocol all u32 match u32 0x12345678 0xffffffff at 0 \
		classid 1:1 || bail "tc"
	attach
	test_beside "there before it"
	has lan0 1
	is "another kind of filter at the first priority: it is there, too" "$?" 0
	tc -n "$HOST" filter add dev home0 egress prio 1 bpf da bytecode "$NO_6666" || bail "tc"
	test_beside "that came later"
	fence detach --force >>"$LOG" 2>&1
	is "detached: nothing of ours is left" \
		"$(for i in home0 lan0 wgft0 lo; do guards $i; done | sort -u)" "tcx=0 clsact=0"
	is "and those of others are" "$(tc -n "$HOST" filter show dev home0 egress | grep -c bytecode)" 2
	begin
	in_host "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 6666 3 32" >>"$LOG"
	want "and still work" - "" -
	tc -n "$HOST" qdisc del dev home0 clsact
	tc -n "$HOST" qdisc del dev lan0 clsact
}

chain() {
	in_host "$TOOLS/chain" show home0 | paste -s -d ' '
}

# Another's in the chain, before it and after: what that one drops the guard does not see.
test_chain() {
	local where

	attach
	for where in last first; do
		actor theirs in_host "$TOOLS/chain" hold home0 $where
		ready theirs || bail "no program by tcx"
		is "an administrator's program by tcx, $where" \
			"$(chain)" \
			"$([[ $where == first ]] && echo drop_6666 wgf_guard_skb || echo wgf_guard_skb drop_6666)"
		test_beside "by tcx, $where"
		dismiss theirs
		until_true eval '[[ $(chain) == wgf_guard_skb ]]'
	done
	actor theirs in_host "$TOOLS/chain" hold home0 last
	ready theirs || bail "no program by tcx"
	fence detach --force >>"$LOG" 2>&1
	attach
	is "put there again: it is the first" "$(chain)" "wgf_guard_skb drop_6666"
	dismiss theirs
}

# In the place of clsact an ingress qdisc has no egress: told, and the fence stands without.
test_in_the_way() {
	tc -n "$HOST" qdisc add dev lan0 ingress
	if [[ $BY == tcx ]]; then
		attach
		like "an ingress qdisc is in nobody's way" "$(fence status)" "guard +on 2 interfaces by tcx"
		is "and in JSON" "$(json guard.in_place) $(json guard.interfaces) $(json guard.by_tcx)" "true 2 2"
		tc -n "$HOST" qdisc del dev lan0 ingress
		return
	fi
	says "an ingress qdisc is in the way: the fence stands" 0 "stands on" fence attach
	like "and it is said" "$(fence attach 2>&1)" "not guarded.*lan0: an ingress qdisc"
	like "by status, too" "$(fence status)" "guard +on 1 interface by clsact, missing on lan0"
	is "and in JSON" "$(json guard.on) $(json guard.in_place) $(json guard.interfaces)" "true false 1"
	tc -n "$HOST" qdisc del dev lan0 ingress
	attach
	like "taken away: all are guarded" "$(fence status)" "guard +on 2 interfaces by clsact"
	is "and in JSON" "$(json guard.in_place) $(json guard.interfaces) $(json guard.by_tcx)" "true 2 0"
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
	until_true has home0 0
	is "reloaded with guard = off: none" "$(guards home0) $(guards lan0)" \
		"tcx=0 clsact=0 tcx=0 clsact=0"
	like "and status says so" "$(fence status)" "guard +off"
	begin
	speaks 4 $PAST_VOID4
	want "and none guards" - "home=1" ""
	guard_conf off on
	kill -HUP "${ACTOR_PID[run]}"
	until_true has home0 1
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
	has home0 2
	is "two fences: both are on an interface" "$?" 0
	begin
	speaks 4 $PAST_VOID4
	want "the first one guards" - "" "dropped guard ipv4 tunnel_address 1"
	begin
	in_host "$TOOLS/talk" "socket 4 dgram; bind 10.98.0.2 0; sendto $PAST_VOID4 6000 2 32" >>"$LOG"
	want "the second one, too, and the first does not count that" - "" ""
	is "but it does" "$(in_host "$WGFENCE" metrics --config "$other" |
		sed -n 's/^wgfence_dropped_packets_total.*tunnel_address"} \([1-9].*\)/\1/p')" 2
	is "the second one taken down" "$(in_host "$WGFENCE" detach --config "$other" --force >>"$LOG" 2>&1; echo $?)" 0
	until_true has home0 1
	is "leaves the first one's" "$?" 0
	rmdir "$CGROUP2/wgf-net-$$-b"
	ip -n "$HOST" link del tunb
}

# Pins that were removed by hand: a link goes with its pin, and detach still finds a filter.
test_remains() {
	rm -rf "$PINS"
	until_true has home0 "$([[ $BY == tcx ]] && echo 0 || echo 1)"
	is "the pins removed by hand: what is left is what detach takes" "$?" 0
	says "detach: no fence stands" 3 "no fence named" fence detach
	is "and takes it away" "$(guards home0)" "tcx=0 clsact=0"
}

# Into another network namespace, where the guard has no business; and back.
test_leaves() {
	ip -n "$HOST" link add new0 type veth peer name new1
	until_true has new0 1
	ip -n "$HOST" link set new0 netns "$LAN"
	until_true not_in_lan
	is "an interface that goes to another network namespace is left alone there" "$?" 0
	ip -n "$LAN" link set new0 netns "$HOST"
	until_true has new0 1
	is "and is guarded when it is back" "$?" 0
	ip -n "$HOST" link del new0
	until_true eval '[[ $(pins_of_guard) == 2 ]]'
	is "no pin of an interface that is gone" "$?" 0
}

not_in_lan() {
	[[ -z $(in_lan "$TOOLS/chain" show new0) && -z $(tc -n "$LAN" filter show dev new0 egress) ]]
}

pins_of_guard() {
	[[ $BY == tcx ]] || { echo 2; return; }
	find "$PINS" -name 'guard-*' | wc -l
}

speak_on() {
	while [[ ! -e $TMP/enough ]]; do
		in_host "$TOOLS/talk" "socket 4 dgram; bind $TUN4 0; sendto $PAST_VOID4 6000 500 32" >>"$LOG" 2>&1
	done
}

# From a wgfence that knew no tcx to one that does, and back: never a moment with neither.
test_taken_over() {
	local round whole=0

	as_before_6_6
	attach
	begin
	alone speak_on &
	ACTOR_PID[speaker]=$!
	for round in 1 2 3; do
		as_today
		attach
		has home0 1 || break
		as_before_6_6
		attach
		[[ $(guards home0) == "tcx=1 clsact=1" ]] || break
		whole=$((whole + 1))
	done
	is "to and fro, each time as it should be" "$whole" 3
	as_today
	attach
	is "a filter of before 6.6 gives way to tcx" "$(guards home0)" "tcx=1 clsact=0"
	touch "$TMP/enough"
	wait "${ACTOR_PID[speaker]}"
	unset "ACTOR_PID[speaker]"
	want "and not one packet passed meanwhile" - "" "dropped guard ipv4 tunnel_address +"
}

all() {
	guard_conf off on
	test_others
	[[ $BY == clsact ]] || test_chain
	test_in_the_way
	test_shared
	test_two
	follow
	test_later
	test_leaves
	sniff_off
	sniff_on
	restored_$BY
	test_daemon
	test_anew
	ended run TERM
	fence detach --force >>"$LOG" 2>&1
	attach
	test_remains
}

lab_up
ways_known
home_is_default
sniff_on
each_way all
guard_conf off on
[[ $HAS_TCX == no ]] || test_taken_over
sniff_off
plan
