#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `ready --tunnel`: waits for interface, address, route and handshake, and says which one is missing.
# The tunnel is wireguard-go on the machine itself, so that its socket is where `ready` looks for it.

. "${0%/*}/lib.sh"

CONTROL='' # what `ready` said

# ready_in SECONDS: asked in the slice; its exit code.
ready_in() {
	CONTROL=$(inside systemd-run --quiet --wait --pipe --property=Slice=wgfence-q.slice \
		wgfence ready q --tunnel="$1" 2>&1)
}

# waits NAME PATTERN: it is not ready, and says why.
waits() {
	ready_in 1
	is "$1: not ready" "$?" 3
	like "$1: it says so" "$CONTROL" "not ready after 1 seconds: $2"
}

# ready_now NAME PATTERN
ready_now() {
	ready_in 10
	is "$1: ready" "$?" 0
	like "$1: it says so" "$CONTROL" "tunnel $2"
}

# The daemon follows: an address of the tunnel is in its policy, or none.
in_policy() {
	[[ $(inside wgfence status q --json) == *"\"in_policy\": $1"* ]]
}

make_tunnel() {
	put wireguard/wgft0.conf <"$TMP/wgft0.wg"
	put systemd/system/wgft0.service <<-'UNIT'
		[Service]
		ExecStart=wireguard-go -f wgft0
		ExecStartPost=sh -c 'until wg setconf wgft0 /etc/wireguard/wgft0.conf; do sleep 0.05; done'
	UNIT
	sd daemon-reload
	sd start wgft0 || bail "wireguard-go does not start in the machine"
}

# An address, and what the daemon makes of it.
give_addresses() {
	tunnel_address $TUN4 $TUN6
	until_true in_policy true || bail "the daemon does not follow"
}

test_wait_for_each() {
	waits "no interface" 'there is no interface wgft0'
	make_tunnel
	waits "an interface that is down" 'wgft0 is down'
	ip -n "$HOST" link set wgft0 up
	ip -n "$HOST" -6 addr flush dev wgft0
	waits "without an address" 'wgft0 has no address'
	give_addresses
	waits "without a route" 'no route to 10.128.0.1 leads by wgft0'
	tunnel_route
}

# The handshake is there only because it was asked for, by one packet.
test_handshake() {
	sniff_on
	ready_now "with all of it" 'wgft0: WireGuard, its peer answers'
	ask sniff count
	is "by one packet into the tunnel, none elsewhere" "$ANSWER" 'tunnel=1 tunnel.far=1'
	is "to the discard port of the neighbour" \
		"$(grep -c "^tunnel udp $TUN4 [0-9]* > $VPN4 9, " "$TMP/sniffed")" 1
	ready_now "with hands shaken" 'wgft0: WireGuard, its peer answers'
	ask sniff count
	is "and no packet more" "$ANSWER" ''
	sniff_off
}

# A peer that knows another key never answers.
test_no_answer() {
	sed -i "s,^PublicKey = .*,PublicKey = $(wg genkey | wg pubkey)," "$TMP/wgft0.wg"
	sd stop wgft0
	make_tunnel
	ip -n "$HOST" link set wgft0 up
	give_addresses
	tunnel_route
	waits "a peer that does not answer" 'no handshake of wgft0 .* packet to 10.128.0.1'
}

test_other_address() {
	sd mask --runtime "$(daemon_of q)"
	sd stop "$(daemon_of q)"
	tunnel_address 10.128.0.9 fd00:128::9
	waits "an address that nobody followed" 'no address of wgft0 is in the policy in force'
	sd unmask --runtime "$(daemon_of q)"
	sd start "$(daemon_of q)"
}

only_ipv6() {
	[[ $(inside wgfence status q) != *"$TUN4"* ]]
}

# A tunnel that is no WireGuard: no hands to shake.
test_plain() {
	sd stop wgft0
	ip -n "$HOST" tuntap add wgft0 mode tun
	ip -n "$HOST" link set wgft0 up
	give_addresses
	tunnel_route
	ready_now "a tunnel that is no WireGuard" 'wgft0: up, with address and route; no WireGuard'
	ip -n "$HOST" -4 addr flush dev wgft0
	until_true only_ipv6 || bail "the daemon does not follow"
	ready_now "with IPv6 alone" 'wgft0: up'
	ip -n "$HOST" -6 route del default dev wgft0 metric 10
	waits "with IPv6 alone, without a route" 'no route to fd00:128::1 leads by wgft0'
}

# The fence is what counts: with the tunnel there and no fence it is not ready.
test_no_fence() {
	sd mask --runtime "$(daemon_of q)"
	sd stop "$(daemon_of q)"
	inside wgfence detach q >>"$LOG" 2>&1
	ready_in 1
	is "without a fence: not ready" "$?" 3
	like "without a fence: it says so" "$CONTROL" 'not fenced by q: no fence named q stands'
}

lab_up
tunnel_delete
machine_on
printf '[fence]\nunit = x.service\ntunnel = wgft0\nroute = off\n' | put wgfence/q.conf
sd start "$(daemon_of q)" || bail "the daemon does not start"
test_wait_for_each
test_handshake
test_no_answer
test_other_address
test_plain
test_no_fence
plan
