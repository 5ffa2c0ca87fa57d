#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The machine boots and starts the unit by itself, with the tunnel there, late, absent or failing: it is
# fenced from its first packet on, and goes into the tunnel when that comes. With the daemon failing or
# masked the unit does not start. No shutdown lets anything out either.

. "${0%/*}/lib.sh"
. "${0%/*}/unit.sh"
. "${0%/*}/quick.sh"

# reboot NAME
reboot() {
	past
	machine_down
	past
	none "$1: the shutdown lets nothing out" "$REPLY" 0
	machine_on
}

# booted_with NAME: the member was started, once, and by nobody but systemd.
booted_with() {
	until_true started_again member 0
	is "$1: systemd starts it" "$(show member ActiveState) $(starts member)" "active 1"
}

said() {
	[[ $(journal "$1") =~ $2 ]]
}

# booted_without NAME PATTERN: it was not started.
booted_without() {
	DEADLINE=$((3 * DEADLINE)) until_true said member "$2"
	like "$1: the gate says why" "$(journal member)" "$2"
	is "$1: it does not start" "$(starts member)" 0
	none_at_all "$1"
}

test_control() {
	sd enable member
	machine_down
	machine_on
	booted_with "without the drop-in"
	seen_at home "without the drop-in, on the home line"
	sd stop member
	settle
}

test_absent() {
	dropin member a
	sd enable "$(daemon_of a)"
	reboot "with the drop-in"
	booted_with "no tunnel"
	like "no tunnel: the daemon says so" "$(journal "$(daemon_of a)")" 'not present: wgft0'
	none_out "no tunnel"
}

test_late() {
	sd start $QUICK
	is "the tunnel comes late" "$?" 0
	none_past "the tunnel comes late"
	is "the unit is still the same" "$(starts member)" 1
}

test_there() {
	sd enable $QUICK
	reboot "the tunnel is started at boot"
	booted_with "the tunnel is started at boot"
	none_past "the tunnel is started at boot"
}

test_failing() {
	quick_conf_broken
	reboot "the tunnel fails"
	booted_with "the tunnel fails"
	is "the tunnel fails: it did" "$(show $QUICK ActiveState)" failed
	none_out "the tunnel fails"
	quick_conf
	sd restart $QUICK
	is "and is mended" "$?" 0
	none_past "the tunnel is mended"
}

test_daemon_fails() {
	inside sed -i 's/^tunnel/tunel/' /etc/wgfence/a.conf
	reboot "the daemon fails"
	booted_without "the daemon fails" 'no fence named a stands; no daemon is at work on it'
	like "the daemon says why" "$(journal "$(daemon_of a)")" '/etc/wgfence/a.conf:3: '
	fence_of a wgft0
	booted_with "once its configuration is right, by itself"
	none_past "once the configuration is right"
}

test_daemon_masked() {
	inside ln -sf /dev/null "/etc/systemd/system/$(daemon_of a)"
	reboot "the daemon is masked"
	booted_without "the daemon is masked" 'no fence named a stands; no daemon is at work on it'
	inside rm "/etc/systemd/system/$(daemon_of a)"
	sd daemon-reload
	sd start "$(daemon_of a)"
	booted_with "once the daemon is there, by itself"
	none_past "once the daemon is there"
}

quick_lab
test_control
test_absent
test_late
test_there
test_failing
test_daemon_fails
test_daemon_masked
sniff_off
plan
