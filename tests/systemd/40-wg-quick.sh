#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tunnel is wg-quick@wgft0.service, and it is taken down and brought up again and again while the unit
# sends, carried: nothing passes the fence, not even what the kernel says by itself, and each time the
# traffic flows in the tunnel again.

ROUTE=on
. "${0%/*}/lib.sh"
. "${0%/*}/unit.sh"
. "${0%/*}/quick.sh"

ROUNDS=${ROUNDS:-100}

# flows: all of it is in the tunnel since the last count. TCP tries again often enough.
flows() {
	until_true every_way tunnel
}

down() { sd stop $QUICK; }
up() { sd start $QUICK; }
down_by_hand() { inside wg-quick down wgft0 >>"$LOG" 2>&1; }
up_by_hand() { inside wg-quick up wgft0 >>"$LOG" 2>&1; }

# Without the fence wg-quick's own routes let it out as soon as the tunnel is down.
test_control() {
	up || bail "wg-quick does not start"
	sd start member
	flows || bail "nothing flows in the tunnel"
	past
	down
	seen_at home "without the drop-in, the tunnel down, on the home line"
	sd stop member
	settle
}

test_down_and_up() {
	dropin member a
	sd daemon-reload
	up
	started "with the drop-in" sd start member
	none_past "with the drop-in"
	down
	is "down" "$(inside ip link show wgft0 2>&1)" 'Device "wgft0" does not exist.'
	drained "while it goes down"
	none_out "down"
	up
	none_past "up again"
}

# rounds N NAME COMMAND...: which brings the tunnel down and up, or restarts it.
rounds() {
	local n=$1 name=$2 i failed=0 dry=0 sum=0

	shift 2
	for ((i = 0; i < n; i++)); do
		for command; do
			$command || failed=$((failed + 1))
		done
		past
		sum=$((sum + REPLY))
		flows || dry=$((dry + 1))
	done
	is "$name, $n times: it always could" "$failed" 0
	((!failed)) || diag "$(journal $QUICK --priority notice | tail -n 30)"
	is "$name, $n times: each time the unit's traffic flows again" "$dry" 0
	none "$name, $n times: 0 packets past the fence" "$sum" 0
	none_past "after $n times $name"
}

restart() { sd restart $QUICK; }

# The service is down, so that it does not mind.
test_by_hand() {
	down
	up_by_hand
	flows
	rounds $(((ROUNDS + 4) / 5)) "wg-quick down, up" down_by_hand up_by_hand
	down_by_hand
	up
}

test_same_unit() {
	is "all the time the unit was not started again" "$(starts member)" "$1"
}

quick_lab
test_control
test_down_and_up
STARTED=$(starts member)
rounds "$ROUNDS" "systemctl restart $QUICK" restart
test_by_hand
test_same_unit "$STARTED"
sniff_off
plan
