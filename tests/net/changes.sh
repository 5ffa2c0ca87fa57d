# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Traffic in progress while the tunnel changes.
#
# Owns: the changes; the members, in two parts, each with a fence of its own, so that what `udp`
# sends can be counted to the packet while `tcp` retransmits at its own pace; and knowing when a
# change is in force.
#
# OTHER is another device with a way to the internet, which sometimes takes the tunnel's name;
# SQUATTER is made where the tunnel was, with its interface index. The sniffer is on both.

PARTS=${PARTS:-udp tcp}
. "$HERE/lifecycle.sh"

SINK=7000 ECHO=7001 # ports at the far end
OTHER=other0 SQUATTER=squat0
MOVED4=10.128.0.5 MOVED6=fd00:128::5 # the tunnel's other addresses

parts_up() {
	make_other
	parts_make
	actor far in_net "$TOOLS/serve" $WORLD4:$SINK:mute "[$WORLD6]:$SINK:mute" \
		$WORLD4:$ECHO "[$WORLD6]:$ECHO"
	ready far || bail "no server in the internet"
	sniff_others "other=$HOST:$OTHER:out"
}

# --- the policy in force -----------------------------------------------------------------------

# in_force [!]TEXT...: what is in force, for both parts, has each TEXT in its description, or has
# it not.
in_force() {
	each describes "$@"
}

describes() {
	local now text

	now=$(fence status 2>>"$LOG")
	for text; do
		if [[ $text == !* ]]; then
			[[ $now != *"${text#!}"* ]] || return 1
		else
			[[ $now == *"$text"* ]] || return 1
		fi
	done
}

index_of() {
	ip -n "$HOST" -o link show "$1" | sed 's/:.*//'
}

# The policies that must come: with the tunnel and these addresses; without an interface of its
# name; with one that cannot be used.
up() {
	until_true in_force "wgft0 (interface $(index_of wgft0))" " $1 on wgft0" " $2 on wgft0" \
		"!$3" || bail "the policy does not follow: wanted $1 and $2"
}
up_at_home() { up $TUN4 $TUN6 " $MOVED4 on"; }
up_moved() { up $MOVED4 $MOVED6 " $TUN4 on"; }
absent() { until_true in_force "wgft0 (not there" || bail "the policy does not follow: absent"; }
useless() { until_true in_force "wgft0 (down or" || bail "the policy does not follow: useless"; }

# --- the changes -------------------------------------------------------------------------------

host_ip() { ip -n "$HOST" "$@"; }

# route_by INTERFACE ROUTER4 ROUTER6: as the tunnel's routes, rather than the home line.
route_by() {
	host_ip route replace default via "$2" dev "$1" metric 10 onlink
	host_ip -6 route replace default via "$3" dev "$1" metric 10 onlink
}

# A router is behind it whose link address is known, so that a packet leaves at once.
reach_router() {
	knows "$HOST" "$1" "$(mac "$NET" "$2")" "$3" "$4"
}

make_other() {
	cable "$HOST" $OTHER "$NET" other1
	host_ip link set $OTHER down addrgenmode none
}

rename() {
	host_ip link set "$1" down
	host_ip link set "$1" name "$2"
	host_ip link set "$2" up
}

do_delete() { tunnel_delete; }
do_make() { tunnel_make; }
do_move() { tunnel_address $MOVED4 $MOVED6 && tunnel_route; }
do_return() { tunnel_address $TUN4 $TUN6 && tunnel_route; }
do_down() { host_ip link set wgft0 down; }
do_up() { host_ip link set wgft0 up && do_return; }

do_rename() {
	rename wgft0 away0
	addresses "$HOST" away0 $TUN6/128
	host_ip route replace default dev away0 metric 10
	host_ip -6 route replace default dev away0 metric 10
}

do_rename_back() { rename away0 wgft0 && do_return; }

# The tunnel is renamed and left down; the other takes its name, but has no address.
do_take_name() {
	host_ip link set wgft0 down
	host_ip link set wgft0 name away0
	rename $OTHER wgft0
	reach_router wgft0 other1 10.99.0.1 fd99::1
	route_by wgft0 10.99.0.1 fd99::1
}

do_give_name() {
	rename wgft0 $OTHER
	host_ip link set $OTHER down
	do_rename_back
}

do_take_index() {
	local index

	index=$(index_of wgft0)
	tunnel_delete
	host_ip link add $SQUATTER index "$index" type veth peer name squat1 netns "$NET"
	sniff_too squat "squatter=$HOST:$SQUATTER:out"
	ip -n "$NET" link set squat1 up
	host_ip link set $SQUATTER up
	addresses "$HOST" $SQUATTER 10.98.0.2/24 fd98::2/64
	reach_router $SQUATTER squat1 10.98.0.1 fd98::1
	route_by $SQUATTER 10.98.0.1 fd98::1
}

do_give_index() {
	host_ip link del $SQUATTER
	tunnel_make
}

# --- the floods --------------------------------------------------------------------------------

UDP_FLOODS=${UDP_FLOODS:-udp4 udp6 connected4 connected6} TCP_FLOODS="tcp4 tcp6"

# flood_on NAME: its family is the last letter; past4 and past6 never go by the tunnel
flood_on() {
	local kind=${1%[46]} to=WORLD${1: -1} port=$SINK

	[[ $1 == tcp* ]] && port=$ECHO
	[[ $1 == past* ]] && kind="${UNMARKED:+unmarked }udp" to=PAST_VOID${1: -1}
	actor "$1" member "$TOOLS/flood" $kind "${!to}" $port
	ready "$1" || bail "no $1 flood"
}

floods_on() {
	local name

	for name in $UDP_FLOODS; do
		of udp flood_on "$name"
	done
	for name in $TCP_FLOODS; do
		of tcp flood_on "$name"
	done
}

# tally NAME [RESULT]: how many sends of it so far; of that result only.
tally() {
	ask "$1" tally
	count_of "$ANSWER" "${2:-}"
}

count_of() {
	local part

	REPLY=0
	for part in $1; do
		[[ -z $2 || ${part%=*} == "$2" ]] && REPLY=$((REPLY + ${part#*=}))
	done
}

# goes_on NAME RESULT N: waits until it has had N more such results.
goes_on() {
	local begin

	tally "$1" "$2"
	begin=$REPLY
	until_true more_than "$1" "$2" $((begin + $3))
}

more_than() {
	tally "$1" "$2"
	[[ $REPLY -gt $3 ]]
}

# Each UDP flood tries to send at least N times more.
try_to_send() {
	local name

	for name in $UDP_FLOODS; do
		goes_on "$name" "" "$1" || bail "the $name flood has stopped"
	done
}

# Ends the UDP floods: their last words are in LAST.
declare -A LAST
udp_floods_off() {
	local name

	for name in $UDP_FLOODS; do
		exec {ACTOR_IN[$name]}>&-
		read -r -t "$DEADLINE" -u "${ACTOR_OUT[$name]}" "LAST[$name]" ||
			bail "no last words from $name"
		wait "${ACTOR_PID[$name]}"
		unset "ACTOR_PID[$name]"
	done
}

# sent FAMILY RESULT: of all UDP floods of the family, at their end.
sent() {
	local name words=

	for name in $UDP_FLOODS; do
		[[ $name != *"$1" ]] || words+=" ${LAST[$name]}"
	done
	count_of "$words" "$2"
}

# --- what was counted -------------------------------------------------------------------------

# counted METRIC [FAMILY]: how many packets of the fence at hand.
counted() {
	fence metrics 2>>"$LOG" | awk -v metric="wgfence_$1_packets_total" -v family="${2:-}" \
		-F '["{} ,=]+' '
		$1 == metric && $5 == "egress" && (family == "" || $7 == family) { sum += $10 }
		END { print sum + 0 }'
}

# accounted FAMILY NAME: each packet of a UDP flood was allowed, or dropped (EPERM).
accounted() {
	sent "$1" ok
	is "$2: what could be sent was counted as allowed" "$(of udp counted allowed "$2")" "$REPLY"
	sent "$1" EPERM
	is "$2: what could not was counted as dropped" "$(of udp counted dropped "$2")" "$REPLY"
	diag "$2: ${LAST[udp$1]}; connected: ${LAST[connected$1]}"
}
