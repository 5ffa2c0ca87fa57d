#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tunnel goes and comes back under clients that run, carried on a host whose default route is the home
# line: what fails at once and how, who carries on, and after how long. Times are told, not judged; TCP's are
# its own pauses. Nothing leaves past the tunnel meanwhile.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/lifecycle.sh
. "$HERE/lifecycle.sh"

PORT=7000
OTHER4=10.128.0.9 OTHER6=fd00:128::9 # other addresses of the tunnel
DEADLINE=60 # TCP asks again after twice as long each time
declare -A WORLD=([4]=$WORLD4 [6]=$WORLD6) VOID=([4]=$WORLD_VOID4 [6]=$WORLD_VOID6)
declare -A TUN=([4]=$TUN4 [6]=$TUN6)
KINDS="tcp unbound connected bound"
declare -A WHAT=([tcp]="a TCP connection" [unbound]="UDP, bound to nothing"
	[connected]="UDP, connected" [bound]="UDP, bound to the tunnel's address")

clients_on() {
	local f

	for f in 4 6; do
		actor tcp$f member "$TOOLS/regain" tcp ${WORLD[$f]} $PORT
		actor unbound$f member "$TOOLS/regain" udp ${WORLD[$f]} $PORT
		actor connected$f member "$TOOLS/regain" connected ${WORLD[$f]} $PORT
		actor bound$f member "$TOOLS/regain" udp ${WORLD[$f]} $PORT ${TUN[$f]}
	done
	for f in 4 6; do
		for kind in $KINDS; do
			ready $kind$f || bail "$kind$f is not answered"
		done
	done
}

# through NAME: answered since the change began.
through() {
	ask "$1" look
	[[ $ANSWER == since\ * && ${ANSWER#since } -ge $BEGUN ]]
}

stopped() {
	ask "$1" look
	[[ $ANSWER == not\ * ]]
}

all_stopped() {
	local f kind

	for f in 4 6; do
		for kind in $KINDS; do
			stopped $kind$f || return
		done
	done
}

now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }

# change COMMAND...: after which the tunnel is usable.
BEGUN=0 DONE=0
change() {
	BEGUN=$(now_ms)
	"$@" 2>>"$LOG"
	DONE=$(now_ms)
}

# carries_on NAME KIND...: those kinds do.
carries_on() {
	local name=$1 f kind after

	shift
	for f in 4 6; do
		for kind; do
			until_true through $kind$f
			is "$name: ${WHAT[$kind]}, IPv$f, carries on" "$?" 0
			after=$((${ANSWER#* } - DONE))
			diag "after $((after > 0 ? after : 0)) ms"
		done
	done
}

# does_not NAME ERROR4 ERROR6 KIND...: those do not, whatever comes.
does_not() {
	local name=$1 errors=([4]=$2 [6]=$3) f kind

	shift 3
	for f in 4 6; do
		for kind; do
			ask $kind$f look
			is "$name: ${WHAT[$kind]}, IPv$f: not" "$ANSWER" "not ${errors[$f]}"
		done
	done
}

# The tunnel away: at once, not after a time-out: a socket that does not wait shows it.
test_away() {
	local f

	for f in 4 6; do
		begin
		ANSWER=$(member "$TOOLS/talk" "socket $f stream; connect ${VOID[$f]} 443" | tail -n 1)
		want "$1: connect, IPv$f, fails in the call" "connect EPERM" - "refused connect ipv$f no_tunnel 1"
		ANSWER=$(member "$TOOLS/talk" "socket $f dgram; connect ${VOID[$f]} 6000" | tail -n 1)
		want "$1: connect of UDP, IPv$f, fails in the call" "connect EPERM" - "refused connect ipv$f no_tunnel 1"
		ANSWER=$(member "$TOOLS/talk" "socket $f dgram; sendto ${VOID[$f]} 6000 3 32" | tail -n 1)
		want "$1: sendto, IPv$f, fails in the call" "sendto ok=0 EHOSTUNREACH=3" - ""
		ANSWER=$(member "$TOOLS/talk" "socket $f stream; bind ${TUN[$f]} 0" | tail -n 1)
		want "$1: bind to its address, IPv$f" "bind EPERM" - "refused bind ipv$f bind_refused 1"
	done
}

new_tunnel() { # ADDRESS4 ADDRESS6
	wireguard "$HOST" wgft0
	ip -n "$HOST" link set wgft0 up
	tunnel_address "$@"
}

back_up() {
	ip -n "$HOST" link set wgft0 up
	tunnel_address $TUN4 $TUN6
}

gone() {
	tunnel_delete
	until_true all_stopped || bail "not all are stopped"
}

lab_up
ip -n "$HOST" route del default dev wgft0 metric 10
ip -n "$HOST" -6 route del default dev wgft0 metric 10
actor far in_net "$TOOLS/serve" "$WORLD4:$PORT" "[$WORLD6]:$PORT"
ready far || bail "no server in the internet"
printf '[fence]\ncgroup = %s\ntunnel = wgft0\n' "$CGROUP" >"$CONF"
follow
sniff_others
clients_on

ip -n "$HOST" link set wgft0 down
until_true all_stopped || bail "not all are stopped"
test_away "down"
change back_up
carries_on "up again" $KINDS

gone
test_away "gone"
does_not "gone" EHOSTUNREACH EHOSTUNREACH unbound
does_not "gone" ENETUNREACH EHOSTUNREACH bound connected
change new_tunnel $TUN4 $TUN6
carries_on "made anew" $KINDS

gone
sleep 5 # so that TCP's pauses have grown
change new_tunnel $TUN4 $TUN6
carries_on "made anew after five seconds" $KINDS

gone
change new_tunnel $OTHER4 $OTHER6
carries_on "with another address" unbound
does_not "with another address" ENETUNREACH EPERM connected bound
does_not "with another address" EAGAIN EAGAIN tcp
change tunnel_address $TUN4 $TUN6
carries_on "with the old address again" $KINDS
leaked
is "all the time nothing left past the tunnel" "$REPLY" ""
sniff_off
plan
