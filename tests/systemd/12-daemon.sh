#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The daemon is stopped, killed, restarted and replaced by a newer one, again and again, while the unit
# sends: the unit never notices, nothing passes the fence, and no counter goes back.

. "${0%/*}/lib.sh"
. "${0%/*}/unit.sh"

ROUNDS=${ROUNDS:-200}
NEWER=${WGF_NEXT:-$HERE/../../build/next/build/wgfence}
DAEMON=$(daemon_of a)
CLIENT= # the unit as it was started: its process, and how often
BEFORE= # the counters
BACK=0  # how often one has gone back

client() {
	echo "$(show member MainPID) $(starts member)"
}

# look: at the counters.
look() {
	local now

	now=$(counters)
	not_less "$BEFORE" "$now" || BACK=$((BACK + 1))
	BEFORE=$now
}

# undisturbed NAME: the unit was not restarted, nothing passed, no counter went back.
undisturbed() {
	look
	is "$1: the unit goes on as it was, and no counter goes back" "$(client), $BACK" "$CLIENT, 0"
	none_past "$1"
}

another() {
	[[ $(show "$DAEMON" MainPID) != "$1" ]] && is_in active "$DAEMON"
}

kill_daemon() {
	local pid

	pid=$(show "$DAEMON" MainPID)
	inside kill -KILL "$pid"
	until_true another "$pid"
}

test_stopped() {
	sd stop "$DAEMON"
	undisturbed "the daemon is stopped"
	sd start "$DAEMON"
	is "and starts again" "$?" 0
	undisturbed "the daemon is started"
}

test_restarts() {
	local i failed=0

	for ((i = 0; i < ROUNDS; i++)); do
		sd restart "$DAEMON" || failed=$((failed + 1))
		((i % 5)) || look
	done
	is "$ROUNDS restarts of the daemon: each says that the fence stands" "$failed" 0
	undisturbed "$ROUNDS restarts of the daemon"
}

# systemd waits half a second before each new one.
test_kills() {
	local i failed=0 rounds=$(((ROUNDS + 19) / 20))

	for ((i = 0; i < rounds; i++)); do
		kill_daemon || failed=$((failed + 1))
		look
	done
	is "$rounds times it is killed: each time there is another" "$failed" 0
	undisturbed "$rounds times it is killed"
}

# put_in_place FILE: in one step, as a package does it.
put_in_place() {
	inside install -m 755 "$1" /usr/bin/wgfence.new && inside mv /usr/bin/wgfence.new /usr/bin/wgfence
}

layout() {
	inside wgfence status a --json | sed -n 's/.*"layout": \([0-9]*\).*/\1/p'
}

# upgrade NAME COMMAND...: by which the daemon ends and the newer one starts.
upgrade() {
	local name=$1 older
	shift
	older=$(layout)
	put_in_place /etc/opt/newer
	"$@"
	is "$name: the newer daemon is there" "$? $(show "$DAEMON" ActiveState) $(layout)" \
		"0 active $((older + 1))"
	undisturbed "$name"
}

journal_says() {
	[[ $(journal "$DAEMON" | tail -n 20) == *"$1"* ]]
}

# What the newer one made the older one leaves alone, and says so; and a unit that is started now is not.
test_older_again() {
	put_in_place /etc/opt/older
	sd restart "$DAEMON"
	is "the older one again: it does not start" "$?" 1
	until_true journal_says 'made by a newer wgfence'
	is "and says why" "$?" 0
	put_in_place /etc/opt/newer
	until_true is_in active "$DAEMON"
	undisturbed "the older one, and the newer one again"
	started "and the unit starts with the newer one" sd restart member
	none_past "the unit is started with the newer one"
}

# Back to the older one there is but one way: without the unit.
back_to_older() {
	sd stop member
	sd stop "$DAEMON"
	settle
	inside wgfence detach a --force >>"$LOG" 2>&1
	put_in_place /etc/opt/older
}

begin_anew() {
	back_to_older
	sd start member
	until_true started_again member "${CLIENT#* }"
	past
	CLIENT=$(client) BEFORE=$(counters)
}

test_upgrades() {
	local i rounds=$(((ROUNDS + 99) / 100 + 1))

	for ((i = 1; i <= rounds; i++)); do
		if ((i % 2)); then
			upgrade "upgrade $i, restarted" sd restart "$DAEMON"
		else
			upgrade "upgrade $i, killed" kill_daemon
		fi
		((i == rounds)) || begin_anew
	done
}

lab_up
machine_on
watch
far_on
put opt/older <"$WGFENCE"
fence_of a wgft0
member_unit member $WORLD4 $WORLD6 $PAST4 $PAST6
dropin member a
sd daemon-reload
sd start member || bail "the unit does not start"
until_true started_again member 0
past
CLIENT=$(client) BEFORE=$(counters)
test_stopped
test_restarts
test_kills
if [[ -x $NEWER ]]; then
	put opt/newer <"$NEWER"
	test_upgrades
	test_older_again
	back_to_older
else
	skip "upgrades" "there is no newer wgfence here"
fi
sniff_off
plan
