# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of the guard share.
#
# Owns: a configuration with and without rules and guard, by which of the kernel's two ways the guard is
# put on interfaces, who speaks in the tunnel's name, what the kernel is asked to say by itself, and frames of
# packet sockets.
# shellcheck disable=SC2086,SC2034 # the lab's addresses hold no blanks; and what is for the tests

declare -A WORLD=([4]=$WORLD4 [6]=$WORLD6) TUN=([4]=$TUN4 [6]=$TUN6)
declare -A VOID=([4]=$WORLD_VOID4 [6]=$WORLD_VOID6)
ETHERTYPE=([4]=0800 [6]=86dd)

guard_conf() { # ROUTE GUARD [LINE...]
	printf '[fence]\ncgroup = %s\ntunnel = wgft0\nroute = %s\nguard = %s\n' "$CGROUP" "$1" "$2" >"$CONF"
	shift 2
	printf '%s\n' "$@" >>"$CONF"
}

home_is_default() {
	ip -n "$HOST" route del default dev wgft0 metric 10
	ip -n "$HOST" -6 route del default dev wgft0 metric 10
}

# bytes FAMILY: an IP packet by the home line.
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

# speaks FAMILY TO: a datagram of the host's own in the tunnel's name.
speaks() {
	in_host "$TOOLS/talk" "socket $1 dgram; bind ${TUN[$1]} 0; sendto $2 6000 1 32" >>"$LOG" 2>&1
}

declare -A ASKS=([4]=10.128.0.77 [6]=fd00:128::77) # at the tunnel's other end, and nobody's
declare -A PINGS=([4]=0800000000010001 [6]=8000000000010001)
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

# The sniffer leaves out what is like WireGuard's own; this one does not. At the line's other end: what goes
# past tc is not shown to a sniffer on its own device.
sniff_frames() {
	actor frames "$TOOLS/sniff" "$TMP/frames" "home=$NET:host0:in"
	ready frames || bail "the sniffer does not start"
}

frames_seen() {
	grep -cE '51821 > .* 51820, (36|56) bytes' "$TMP/frames"
}

frames_are() {
	ask frames peek
	[[ $(frames_seen) == "$1" ]]
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
	until_true frames_are "$4"
	is "$1: on the wire" "$(frames_seen)" "$4"
}

# --- by tcx, and by clsact as before 6.6 ---------------------------------------------------------

HAS_TCX=no
BY=clsact # how wgfence does it now
TODAY=$WGFENCE

ways_known() {
	"$TOOLS/chain" show lo >>"$LOG" 2>&1
	[[ $? -eq 3 ]] && return
	HAS_TCX=yes BY=tcx
	printf '#!/bin/sh\nexec env LD_PRELOAD="%s" "%s" "$@"\n' "$TOOLS/older.so" "$TODAY" >"$TMP/older"
	chmod +x "$TMP/older"
}

as_today() {
	WGFENCE=$TODAY
	[[ $HAS_TCX == no ]] || BY=tcx
}

# As on an older kernel; where this one is, nothing changes.
as_before_6_6() {
	[[ $HAS_TCX == no ]] || WGFENCE=$TMP/older
	BY=clsact
}

# each_way COMMAND...: with no fence before each.
each_way() {
	[[ $HAS_TCX == no ]] || { diag "by tcx"; "$@"; }
	[[ ! -d $PINS ]] || fence detach --force >>"$LOG" 2>&1
	as_before_6_6
	diag "by clsact"
	"$@"
	[[ ! -d $PINS ]] || fence detach --force >>"$LOG" 2>&1
	as_today
}

# guards INTERFACE: on it, of all fences, by either way: "tcx=1 clsact=0".
guards() {
	echo "tcx=$(in_host "$TOOLS/chain" show "$1" 2>>"$LOG" | grep -c wgf_guard)" \
		"clsact=$(tc -n "$HOST" filter show dev "$1" egress 2>>"$LOG" | grep -c 'wgfence:')"
}

# has INTERFACE N: so many, by the way that is tried now, and none by the other.
has() {
	[[ $BY == tcx ]] && [[ $(guards "$1") == "tcx=$2 clsact=0" ]] && return
	[[ $BY == clsact && $(guards "$1") == "tcx=0 clsact=$2" ]]
}
