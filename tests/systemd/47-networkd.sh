#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tunnel's addresses are systemd-networkd's, which takes away the rules and routes that others have made,
# whenever it configures the interface anew. A fence puts its own back, and while the unit sends nothing of it passes.
# Where networkd is told to leave them alone, it does.

ROUTE=on
. "${0%/*}/lib.sh"
. "${0%/*}/unit.sh"

TIMES=$(((${ROUNDS:-100} + 9) / 10))
NETWORKD=systemd-networkd.service

ours_are() {
	[[ $(ours) == "$OURS_BEFORE" ]]
}

others_rule_gone() {
	[[ $(ip -n "$HOST" rule show) != *"192.0.2.77"* ]]
}

networkd_on() {
	put systemd/network/wgft0.network <<-CONF
		[Match]
		Name=wgft0
		[Network]
		Address=$TUN4/32
		Address=$TUN6/128
		LinkLocalAddressing=no
	CONF
	# Where /sys can be written it waits for a udev, which is not here.
	printf '%s\n' '[Unit]' StartLimitIntervalSec=0 '[Service]' ReadOnlyPaths=/sys |
		put "systemd/system/$NETWORKD.d/test.conf"
	sd daemon-reload
}

other_rule() { # add|del
	ip -n "$HOST" rule "$1" pref 30001 to 192.0.2.77 lookup main
}

# configured_anew: a rule of somebody else's tells that it did what it does.
configured_anew() {
	other_rule add || return
	sd restart $NETWORKD || return
	until_true inside networkctl reconfigure wgft0 2>>"$LOG"
	until_true others_rule_gone
}

test_control() {
	sd start member
	seen_at home "without the drop-in, on the home line"
	sd stop member
	settle
}

test_networkd() {
	local i failed=0 missing=0 sum=0

	OURS_BEFORE=$(ours)
	like "there are rules and routes of the fence" "$OURS_BEFORE" 'fwmark.*default'
	for ((i = 0; i < TIMES; i++)); do
		configured_anew || failed=$((failed + 1))
		until_true ours_are || missing=$((missing + 1))
		past
		sum=$((sum + REPLY))
	done
	is "the tunnel is configured anew, $TIMES times: each time others' rules are taken away" "$failed" 0
	((!failed)) || diag "$(journal $NETWORKD | tail -n 20)"
	is "each time the fence's rules and routes are there again" "$missing" 0
	none "and 0 packets past the fence" "$sum" 0
	none_past "after it"
}

# They were really gone, each time.
test_without_daemon() {
	sd stop "$(daemon_of a)"
	configured_anew
	is "without the daemon: networkd takes the fence's rules, too" "$? $(ours | grep -c lookup)" "0 0"
	none_past "without the daemon"
	sd start "$(daemon_of a)"
	until_true ours_are
	is "the daemon is there again: so are they" "$(ours)" "$OURS_BEFORE"
	none_past "the daemon is there again"
	is "the unit was not started again" "$(starts member)" "$STARTED"
}

others_route_gone() {
	[[ $(ip -n "$HOST" route show) != *"192.0.2.78"* ]]
}

# As the manual says. A route of somebody else's, which it still takes away, tells that it has been there.
test_told_not_to() {
	printf '[Network]\nManageForeignRoutingPolicyRules=no\n' | put systemd/networkd.conf.d/wgfence.conf
	other_rule add
	ip -n "$HOST" route add 192.0.2.78 dev wgft0
	sd restart $NETWORKD
	until_true inside networkctl reconfigure wgft0 2>>"$LOG"
	until_true others_route_gone
	is "told to leave rules alone: it takes routes" "$?" 0
	is "and no rule, neither others' nor the fence's" \
		"$(others_rule_gone || echo there) $(ours | grep lookup)" "there $(grep lookup <<<"$OURS_BEFORE")"
	other_rule del
	none_past "told to leave rules alone"
}

sending_lab
networkd_on
test_control
dropin member a
sd daemon-reload
started "with the drop-in" sd start member
none_past "with the drop-in"
STARTED=$(starts member)
test_networkd
test_without_daemon
test_told_not_to
sd stop $NETWORKD
sniff_off
plan
