#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Live: a fence on a unit that runs, has no drop-in, and sends without pause. Its restarts are covered,
# with the daemon and without; what cannot be promised is said; detach takes all of it back.

. "${0%/*}/lib.sh"
. "${0%/*}/unit.sh"

ROUNDS=${ROUNDS:-20}
DROPIN=/run/systemd/system/member.service.d/zz-wgfence-live-a.conf
RECORD=/run/wgfence/a/cgroup
OWN=/system.slice/member.service

config() {
	printf '[fence]\nunit = %s\ntunnel = wgft0\nroute = off\n%s\n' "${1:-member.service}" "${2:-}" |
		put wgfence/a.conf
}

# attach OPTION: what it said in CONTROL; its exit code.
attach() {
	CONTROL=$(inside wgfence attach "$1" a 2>&1)
}

left_over() {
	inside ls "$DROPIN" "$RECORD" 2>/dev/null
}

test_refusals() {
	attach --live
	is "a unit that does not run: refused" "$?" 2
	like "and says so" "$CONTROL" 'member.service does not run'
	config absent.service
	attach --live
	is "a unit that is not there: refused" "$?" 2
	config
	sd start member
	seen_at home "without a fence, on the home line"
	config member.service $'[webui]\nport = 8080\nallow = wgft0'
	attach --live
	is "a configuration in conflict: refused" "$?" 2
	is "nothing is left of it" "$(left_over)" ""
	config
	printf '[Service]\nExecStartPre=\n' | put systemd/system/member.service.d/zzz.conf
	attach --live
	is "another drop-in takes the gate back: refused" "$?" 5
	is "nothing is left of that" "$(left_over)" ""
	inside rm /etc/systemd/system/member.service.d/zzz.conf
	sd daemon-reload
	attach --here
	like "--here, called in no cgroup that can be told, or in this suite's: refused" "$?" '^[23]$'
	CONTROL=$(inside systemd-run --quiet --wait --pipe wgfence attach --here a 2>&1)
	is "--here, called in another unit: refused" "$?" 2
	like "and says so" "$CONTROL" 'unit: found member.service; would be right: .*run-.*[.]service'
	is "which is not fenced" "$(left_over)" ""
}

test_attach() {
	attach --live
	is "attach --live" "$?" 0
	like "it says where" "$CONTROL" "fence a stands on $OWN"
	like "and what is not promised" "$CONTROL" \
		'what it has sent until now.*its [1-9][0-9]* internet sockets \([1-9][0-9]* processes\)'
	until_true quiet_at_home
	none_past "sockets from before, and new ones"
	like "status says that it is live" "$(fence status)" "$OWN \\(live: until the next boot\\)"
}

# What was under way when the fence came has left.
quiet_at_home() {
	past
	past
	[[ $REPLY -eq 0 ]]
}

crash() {
	inside kill -KILL "$(show member MainPID)"
}

test_restarts() {
	started_again_and_again "restarts without the daemon" sd restart member
	started "a crash" crash
	none_past "a crash"
	sd start "$(daemon_of a)"
	is "the daemon starts, and adopts it" "$? $(show "$(daemon_of a)" ActiveState)" "0 active"
	like "on the unit's own cgroup" "$(fence status)" "enforced.*cgroup +$OWN"
	started_again_and_again "restarts with the daemon" sd restart member
}

# The tunnel is followed there, too.
test_tunnel() {
	tunnel_delete
	past # what was in the tunnel when it went
	none_out "the tunnel is away"
	tunnel_make
	none_past "the tunnel is back"
	sd stop "$(daemon_of a)"
	started "the daemon is stopped" sd restart member
	none_past "the daemon is stopped"
}

test_closed() {
	sd stop member
	settle
	printf 'nonsense\n' | put wgfence/a.conf
	refused "a broken configuration" 'a.conf:1: ' sd start member
	none_at_all "a broken configuration"
	sd stop member
	config
	inside mount -t tmpfs -o ro,mode=755 tmpfs /run/wgfence
	refused "no record can be written" 'cannot make or open the directory a: Read-only' sd start member
	none_at_all "no record can be written"
	sd stop member
	inside umount /run/wgfence
	started "both mended" sd start member
	none_past "both mended"
}

test_in_slice() {
	sd stop member
	dropin member a
	sd daemon-reload
	inside wgfence detach a >>"$LOG" 2>&1
	sd start member
	attach --live
	is "in its slice already: refused" "$?" 2
	like "and says so" "$CONTROL" "runs in the fence's slice.*wgfence attach a is enough"
	is "nothing is left of it" "$(left_over)" ""
	sd stop member "$(daemon_of a)"
	inside wgfence detach a >>"$LOG" 2>&1
	inside rm -r /etc/systemd/system/member.service.d
	sd daemon-reload
}

# A fence that stands on its slice, while its unit runs outside: nothing may be moved, nothing left.
test_elsewhere() {
	sd start "$(daemon_of a)"
	sd stop "$(daemon_of a)"
	sd start member
	attach --live
	is "the fence stands on its slice: refused" "$?" 5
	like "and says so" "$CONTROL" 'stands on another cgroup'
	is "nothing is left of that, either" "$(left_over)" ""
	like "and the fence stands where it stood" "$(fence status)" "enforced.*cgroup +/wgfence.slice/"
	sd stop member
	inside wgfence detach a >>"$LOG" 2>&1
}

# As after an attach --live that was killed: a gate, and no fence.
test_gate_alone() {
	inside mkdir -p "${DROPIN%/*}" "${RECORD%/*}"
	printf '[Service]\nExecStartPre=+/usr/bin/wgfence attach --here a\n' | inside tee "$DROPIN" >/dev/null
	printf '%s\n' $OWN | inside tee "$RECORD" >/dev/null
	inside mount -t tmpfs tmpfs /sys/fs/bpf
	CONTROL=$(inside wgfence detach a 2>&1)
	is "without bpffs, where nobody knows: the gate stays" "$(left_over)" "$DROPIN"$'\n'"$RECORD"
	inside umount /sys/fs/bpf
	CONTROL=$(inside wgfence detach a 2>&1)
	is "no fence, only the gate: detach says that there is none" "$?" 3
	like "and what becomes of the gate" "$CONTROL" 'the gate of fence a is taken away'
	is "which is gone" "$(left_over)" ""
}

test_detach() {
	CONTROL=$(inside wgfence detach a 2>&1)
	is "detach while it runs: refused" "$?" 5
	is "the drop-in stays" "$(left_over)" "$DROPIN"$'\n'"$RECORD"
	sd stop member
	until_true detached
	is "stopped, detached: nothing is left of it" "$(left_over)" ""
	is "systemd knows no gate any more" "$(show member ExecStartPre)" ""
}

# Sockets that are not closed yet (FIN_WAIT) count.
detached() {
	inside wgfence detach a >>"$LOG" 2>&1
}

lab_up
machine_on
watch
config
member_unit member $WORLD4 $WORLD6 $PAST4 $PAST6
sd daemon-reload
test_refusals
test_attach
test_restarts
test_tunnel
test_closed
test_detach
test_elsewhere
test_gate_alone
test_in_slice
sniff_off
plan
