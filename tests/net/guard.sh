# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of the guard share.
#
# Owns: a configuration with and without rules and guard, who speaks in the tunnel's name, and frames of
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

filters() {
	tc -n "$HOST" filter show dev $1 egress 2>>"$LOG" | grep -c "wgfence:$NAME "
}
