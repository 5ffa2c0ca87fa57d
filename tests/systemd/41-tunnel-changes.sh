#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tunnel changes under a unit that sends: deleted, renamed, made again as another kind of device, its
# index and its name taken by others, its address changed, its routes gone, and the default route moved
# back to the LAN. All is done twice: without the drop-in, when the unit must be seen outside the tunnel, and
# with it. ROUTE=on: the unit is carried, and what becomes of the host's routes is none of its business.

. "${0%/*}/lib.sh"
ROUTE=${ROUTE:-off}
PARTS=a
# shellcheck source=tests/net/changes.sh
. "$HERE/changes.sh"
trap 'trap "" INT TERM HUP; machine_off; clean_up' EXIT
. "${0%/*}/unit.sh"

# shellcheck disable=SC2034 # unit.sh reads it
PAST_LABELS='lo|home|lan|other'
FENCED= # whether the unit is

# --- the changes that tests/net does not have ----------------------------------------------------

do_unroute() {
	host_ip route del default dev wgft0 metric 10
	host_ip -6 route del default dev wgft0 metric 10
}

do_route() { tunnel_route; }

# The computer in the LAN takes it for a router.
do_default_to_lan() {
	host_ip route add default via $LAN4 dev lan0 metric 5
	host_ip -6 route add default via $LAN6 dev lan0 metric 5
}

do_default_back() {
	host_ip route del default via $LAN4 dev lan0 metric 5
	host_ip -6 route del default via $LAN6 dev lan0 metric 5
}

# The tunnel's name, addresses and routes, but no tunnel.
do_make_veth() {
	tunnel_delete
	cable "$HOST" wgft0 "$NET" veth1
	sniff_too veth "veth=$HOST:wgft0:out"
	tunnel_address $TUN4 $TUN6
	reach_router wgft0 veth1 10.99.0.1 fd99::1
	route_by wgft0 10.99.0.1 fd99::1
}

# --- what is seen --------------------------------------------------------------------------------

same() { up_at_home; }

# seen_by NAME: by a sniffer of its own, as `ways`.
seen_by() {
	ask "$1" peek
	grep -v 'reset$' "$TMP/$1.log" | awk '$2 == "tcp" || $2 == "udp" { print $2 ($3 ~ /:/ ? 6 : 4) }' |
		sort -u | paste -s -d ' '
}

all_by() {
	[[ $(seen_by "$1") == "$ALL_WAYS" ]]
}

# seen_outside NAME LABEL
seen_outside() {
	if [[ $2 == squat ]]; then
		until_true all_by squat
		is "$1, without the drop-in, by the squatter: all is seen" "$(seen_by squat)" "$ALL_WAYS"
	else
		seen_at "$2" "$1, without the drop-in, by $2"
	fi
}

# goes_on POLICY: a change of the host's routes alone, to a unit that is carried.
goes_on() {
	[[ $1 == same && $ROUTE == on ]]
}

# changes NAME LABEL POLICY CHANGE BACK: the tunnel is not there for the unit, and without the fence all of it
# leaves by LABEL.
changes() {
	local name=$1 label=$2 policy=$3 change=$4 back=$5

	past
	"$change" 2>>"$LOG" || bail "cannot do: $change"
	if [[ $FENCED ]]; then
		"$policy"
		if goes_on "$policy"; then
			none_past "$name"
		else
			drained "$name"
			none_out "$name"
		fi
	else
		seen_outside "$name" "$label"
	fi
	"$back" 2>>"$LOG" || bail "cannot do: $back"
	if [[ $label == squat ]]; then
		[[ ! $FENCED ]] || is "$name: nothing by the squatter" "$(seen_by squat)" ""
		dismiss squat
	fi
	[[ $FENCED ]] || return 0
	up_at_home
	none_past "$name, and back"
}

all_changes() {
	changes "deleted" home absent do_delete do_make
	changes "down" home useless do_down do_up
	changes "renamed" tunnel absent do_rename do_rename_back
	changes "another device has its name" other useless do_take_name do_give_name
	changes "another device has its index" squat absent do_take_index do_give_index
	changes "its routes are gone" home same do_unroute do_route
	changes "the default route is the LAN's" lan same do_default_to_lan do_default_back
}

# --- changes after which it goes on --------------------------------------------------------------

# sources LABEL FILE: which addresses it has sent from, since the last count.
sources() {
	tail -c 2000000 "$2" | awk -v label="$1" '/^--/ { split("", from) }
		$1 == label && NF > 3 { from[$3] = 1 } END { for (a in from) print a }' | sort | paste -s -d ' '
}

test_address() {
	do_move
	up_moved
	none_past "another address"
	past
	none_past "from the other address"
	do_return
	up_at_home
	none_past "the old address"
}

# The fence believes the name. Only what has the tunnel's address enters it.
test_kind() {
	do_make_veth
	up_at_home
	until_true all_by veth
	is "another kind of device: the unit's traffic goes there" "$(seen_by veth)" "$ALL_WAYS"
	is "with the tunnel's addresses" "$(sources veth "$TMP/veth.log")" "$TUN4 $TUN6"
	past
	none "another kind of device: 0 packets past the fence" "$REPLY" 0
	do_delete
	dismiss veth
	absent
	do_make
	up_at_home
	none_past "the first kind again"
}

# Not waiting for the daemon in between.
test_at_once() {
	local i

	for i in {1..10}; do
		do_delete && do_make
		do_move && do_return
		do_rename && do_rename_back
		do_default_to_lan && do_default_back
	done 2>>"$LOG"
	up_at_home
	none_past "$i times deleted, moved, renamed and routed, all at once"
}

lab_up
make_other
machine_on
watch "other=$HOST:$OTHER:out"
far_on
fence_of a wgft0
member_unit member $WORLD4 $WORLD6 $PAST4 $PAST6
sd daemon-reload
sd start member
all_changes
sd stop member
settle
FENCED=yes
dropin member a
sd daemon-reload
started "with the drop-in" sd start member
none_past "with the drop-in"
STARTED=$(starts member)
all_changes
test_address
test_kind
test_at_once
is "all the time the unit was not started again" "$(starts member)" "$STARTED"
sniff_off
plan
