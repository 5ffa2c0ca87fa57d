#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What TCP sends without being asked: nothing of it leaves past the tunnel. A connection through the
# tunnel, then the tunnel is down, and the home line is where its segments would go: in audit mode
# they do. And what the kernel answers in a listener's name.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# connect_through FAMILY WHO: a connection of WHO's, which has been used.
connect_through() {
	local -n to=WORLD$1

	tell "$2" "use 0; socket $1 stream; set nodelay 1; connect $to 7000; finish; send 1 10; recv 1"
	[[ $ANSWER == "recv ok=1" ]] || bail "no connection through the tunnel: $ANSWER"
}

# accept_through FAMILY WHO: one that somebody in the internet has opened, in WHO's slot 1.
accept_through() {
	local -n from=WORLD$1 to=TUN$1

	tell "$2" "socket $1 stream; bind $to 7002; listen"
	actor peer in_net "$TOOLS/talk"
	tell peer "socket $1 stream; bind $from 0; connect $to 7002; finish"
	tell "$2" "accept 1; close; use 1; send 1 10"
	[[ $ANSWER == "send ok=1" ]] || bail "no connection from the internet: $ANSWER"
	tell peer "recv 1"
}

# when_down WHAT COMMANDS [BEGIN]: what becomes of a connection, made by BEGIN, when the tunnel is
# down and then this is done; "kill" kills the process that has it.
when_down() {
	local mode family

	for mode in enforce audit; do
		for family in 4 6; do
			when_down_once "$1" "$2" "$mode" "$family" "${3:-connect_through}"
		done
	done
}

when_down_once() {
	local what=$1 commands=$2 mode=$3 family=$4 counter=dropped seen=

	[[ $mode == audit ]] && counter=would_drop seen=home=+
	attach_with "$mode" 'guard = off' # what the programs on the cgroup do, alone
	actor tcp member "$TOOLS/talk"
	$5 "$family" tcp
	ip -n "$HOST" link set wgft0 down
	begin
	if [[ $commands == kill ]]; then
		kill_those KILL <"$CGROUP_DIR/cgroup.procs"
	else
		tell tcp "$commands"
	fi
	want "$what, IPv$family, $mode" - "$seen" "$counter egress ipv$family past_tunnel_ipv$family +"
	dismiss tcp
	[[ -z ${ACTOR_PID[peer]:-} ]] || dismiss peer
	tunnel_return
	until_true no_connections || bail "a connection is left"
}

# Nothing is answered to what must not come in; in audit mode the kernel answers it.
answers() {
	local mode=$1 family cookies

	attach_with "$mode"
	for family in 4 6; do
		local -n to=HOSTLAN$family from=LAN$family
		for cookies in 1 2; do
			in_host sh -c "echo $cookies >/proc/sys/net/ipv4/tcp_syncookies"
			begin
			in_lan "$TOOLS/talk" "socket $family stream; connect $to 7002; close" >/dev/null
			answered "a listener's SYN-ACK, SYN cookies $cookies"
		done
		begin
		in_lan "$TOOLS/talk" "socket $family raw 255; packet $to $(
			"$TOOLS/forge" $from 99 $to 7002 tcp flags=A)" >/dev/null
		answered "a listener's reset"
	done
}

# answered WHAT: it is in audit mode; else one packet was dropped on its way in, and that is all.
answered() {
	if [[ $mode == audit ]]; then
		want "$1, IPv$family, audit" - "lan=+" -
	else
		want "$1, IPv$family" - "" "dropped ingress ipv$family unexpected_inbound 1"
	fi
}

lab_up
sniff_on
actor far in_net "$TOOLS/serve" $WORLD4:7000 "[$WORLD6]:7000"
ready far || bail "no server in the internet"

when_down "data" "send 1 100"
when_down "data, from whom somebody in the internet has connected to" "send 1 100" accept_through
when_down "a FIN" "close"
when_down "data and a FIN, of an orphan" "send 1 100; close"
when_down "a reset by SO_LINGER" "set linger 0; close"
when_down "keepalive" "set keepalive 1; set keepidle 1; set keepintvl 1"
when_down "the process is killed" kill

actor listener member "$TOOLS/talk"
tell listener "socket 6 stream; set v6only 0; bind :: 7002; listen"
for mode in enforce audit; do
	answers $mode
done
sniff_off
plan
