#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A unit with the drop-in starts only when it is fenced, whatever becomes of the daemon, the slice and
# systemd itself; and while it sends without pause, nothing of it is seen on the home line.

. "${0%/*}/lib.sh"
. "${0%/*}/unit.sh"

ROUNDS=${ROUNDS:-200}

test_control() {
	sd start member
	seen_at home "without the drop-in, on the home line"
	sd stop member
	settle
}

test_start() {
	dropin member a
	sd daemon-reload
	started "with the drop-in" sd start member
	is "the daemon was started for it" "$(show "$(daemon_of a)" ActiveState)" active
	like "the gate said so" "$(journal member)" 'fenced by a on /wgfence.slice/wgfence-a.slice/member.service'
	none_past "at the start"
}

test_systemd() {
	sd daemon-reload
	none_past "daemon-reload"
	sd daemon-reexec
	none_past "daemon-reexec"
	sd set-property --runtime member CPUWeight=50
	none_past "set-property"
	started "after these" sd restart member
	none_past "a restart after these"
}

crash() {
	inside kill -KILL "$(show member MainPID)"
}

test_crash() {
	started "after a crash" crash
	none_past "a crash with Restart=always"
}

test_daemon_away() {
	local daemon

	daemon=$(daemon_of a)
	inside kill -KILL "$(show "$daemon" MainPID)"
	started "the daemon is killed" sd restart member
	none_past "the daemon is killed"
	until_true is_in active "$daemon"
	is "and is there again by itself" "$(show "$daemon" ActiveState)" active
	sd mask --runtime "$daemon"
	sd stop "$daemon"
	started "the daemon is stopped and masked, links and policy stand" sd restart member
	none_past "the daemon is masked"
}

# The daemon is masked when this begins.
test_no_links() {
	local daemon

	daemon=$(daemon_of a)
	sd stop member
	settle
	inside wgfence detach a >>"$LOG" 2>&1 || bail "detach failed"
	refused "the daemon is masked, and no links" \
		'no fence named a stands; no daemon is at work on it: systemctl start .wgfence@a.service' \
		sd start member
	none_at_all "the daemon is masked, and no links"
	sd unmask --runtime "$daemon"
	started "once the daemon is there, by itself" sd start "$daemon"
	none_past "once the daemon is there"
}

# What is pinned was for the slice that is gone.
test_slice_without_daemon() {
	local daemon

	daemon=$(daemon_of a)
	sd mask --runtime "$daemon"
	sd stop "$daemon"
	sd stop "$(slice_of a)"
	settle
	refused "the slice is made anew, without a daemon" 'not fenced by a: the cgroup of the link' \
		sd start member
	none_at_all "the slice is made anew, without a daemon"
	sd unmask --runtime "$daemon"
	started "once the daemon is there, by itself" sd start "$daemon"
	none_past "the slice is made anew, then the daemon started"
}

# The daemon lives: it puts the programs on the new slice while the gate waits for that.
slice_anew() {
	sd stop "$(slice_of a)"
	sd start member
}

test_wrong_slice() {
	sd stop member
	inside sed -i '/^Slice=/d' /etc/systemd/system/member.service.d/wgfence.conf
	sd daemon-reload
	settle
	refused "without Slice=" 'which is not inside it; the unit needs Slice=wgfence-a.slice' \
		sd start member
	none_at_all "without Slice="
	sd stop member
	dropin member a
	sd daemon-reload
	started "with it again" sd start member
}

# mode MODE: of fence a, in force.
mode() {
	inside sed -i "/^mode/d; \$ a mode = $1" /etc/wgfence/a.conf
	sd reload "$(daemon_of a)"
	until_true mode_is "$1" || bail "the daemon does not reload"
}

mode_is() {
	[[ $(inside wgfence status a --json) == *"\"mode\": \"$1\""* ]]
}

# In audit mode nothing is held back: that has to be wanted.
test_audit() {
	sd stop member
	settle
	mode audit
	refused "audit mode" 'audit mode and drops nothing: set mode = enforce' sd start member
	none_at_all "audit mode"
	sd stop member
	inside sed -i 's/ready a$/ready a --allow-audit/' \
		/etc/systemd/system/member.service.d/wgfence.conf
	sd daemon-reload
	started "audit mode with --allow-audit" sd start member
	seen_at home "which does let it out"
	sd stop member
	mode enforce
	dropin member a
	sd daemon-reload
	settle
	started "enforced again" sd start member
	none_past "enforced again"
}

# A name with a dash is not a child of the one before the dash.
test_two() {
	fence_of a-b absent0
	member_unit second $WORLD4 $WORLD6 $PAST4 $PAST6
	dropin second a-b
	sd daemon-reload
	sd start second
	is "a second unit, fence a-b" "$? $(show second ActiveState) $(show second ControlGroup)" \
		'0 active /wgfence.slice/wgfence-a\x2db.slice/second.service'
	none_past "both at once"
	sd stop "$(daemon_of a)" member "$(slice_of a)"
	settle
	is "the first one's slice is stopped: the second goes on" "$(show second ActiveState)" active
	none_at_all "fence a-b, whose tunnel is not there"
	sd restart second
	is "and starts again" "$? $(show second ActiveState)" "0 active"
	none_at_all "fence a-b, after a restart"
}

lab_up
machine_on
watch
fence_of a wgft0
member_unit member $WORLD4 $WORLD6 $PAST4 $PAST6
sd daemon-reload
test_control
test_start
started_again_and_again "restarts in a row" sd restart member
test_systemd
test_crash
test_daemon_away
test_no_links
test_slice_without_daemon
ROUNDS=10 started_again_and_again "the slice is stopped and made anew" slice_anew
test_wrong_slice
test_audit
test_two
sniff_off
plan
