#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tunnel's addresses are systemd-networkd's, which takes away the rules and routes that others have made,
# whenever it starts. A fence puts its own back, and while the unit sends nothing of it passes.

ROUTE=on
. "${0%/*}/lib.sh"
. "${0%/*}/unit.sh"

TIMES=$(((${ROUNDS:-100} + 9) / 10))
NETWORKD=systemd-networkd.service

# What a fence has made of rules and routes.
ours() {
	local family

	for family in -4 -6; do
		ip -n "$HOST" $family rule show | grep 'proto 119'
		ip -n "$HOST" $family route show table all | grep 'proto 119'
	done
}

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

# networkd_again: a rule of somebody else's tells that it did what it does.
networkd_again() {
	ip -n "$HOST" rule add pref 30001 to 192.0.2.77 lookup main || return
	sd restart $NETWORKD || return
	until_true inside networkctl reconfigure wgft0 2>>"$LOG"
	until_true others_rule_gone
}

test_control() {
	sd start member
	seen_at home "without the drop-in, on the home line"
	sd stop member
	until_true quiet
}

test_networkd() {
	local i failed=0 missing=0 sum=0

	OURS_BEFORE=$(ours)
	like "there are rules and routes of the fence" "$OURS_BEFORE" 'fwmark.*default'
	for ((i = 0; i < TIMES; i++)); do
		networkd_again || failed=$((failed + 1))
		until_true ours_are || missing=$((missing + 1))
		past
		sum=$((sum + REPLY))
	done
	is "networkd is started $TIMES times: each time it takes others' rules away" "$failed" 0
	((!failed)) || diag "$(journal $NETWORKD | tail -n 20)"
	is "each time the fence's rules and routes are there again" "$missing" 0
	none "and 0 packets past the fence" "$sum" 0
	none_past "after it"
}

# They were really gone, each time.
test_without_daemon() {
	sd stop "$(daemon_of a)"
	networkd_again
	is "without the daemon: networkd takes the fence's rules, too" "$? $(ours | grep -c lookup)" "0 0"
	past
	none "without the daemon: 0 packets past the fence" "$REPLY" 0
	sd start "$(daemon_of a)"
	until_true ours_are
	is "the daemon is there again: so are they" "$(ours)" "$OURS_BEFORE"
	none_past "the daemon is there again"
	is "the unit was not started again" "$(starts member)" "$STARTED"
}

lab_up
machine_on
watch
far_on
fence_of a wgft0
member_unit member $WORLD4 $WORLD6 $PAST4 $PAST6
networkd_on
test_control
dropin member a
sd daemon-reload
started "with the drop-in" sd start member
none_past "with the drop-in"
STARTED=$(starts member)
test_networkd
test_without_daemon
sd stop $NETWORKD
sniff_off
plan
