#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the daemon reads and writes goes wrong under a unit that sends: the configuration is broken, made
# wider and stricter, and cannot be read; the disk is full; bpffs is unmounted. What stood stands, what does
# not stand lets nothing start, and each is said.

. "${0%/*}/lib.sh"
. "${0%/*}/unit.sh"

DAEMON=$(daemon_of a)

# status_has TEXT
status_has() {
	[[ $(fence status 2>&1) == *"$1"* ]]
}

said() {
	[[ $(journal "$DAEMON") == *"$1"* ]]
}

generation() {
	fence status --json | sed -n 's/.*"policy_generation": \([0-9]*\).*/\1/p'
}

# --- what it reads -------------------------------------------------------------------------------

# not_reloaded NAME WHY: the policy stays the same, and journal and status say why.
not_reloaded() {
	local before

	before=$(generation)
	sd reload "$DAEMON"
	until_true said "not reloaded, what stood stands: /etc/wgfence/a.conf$2"
	like "$1: reload changes nothing and says why" "$(journal "$DAEMON")" \
		"not reloaded, what stood stands: /etc/wgfence/a.conf$2"
	is "$1: it is the same policy" "$(generation)" "$before"
	like "$1: status says why, too" "$(fence status 2>&1)" "config +/etc/wgfence/a.conf$2"
	none_past "$1"
}

test_broken() {
	fence_of a wgft0 '[webui]' 'port = 0'
	not_reloaded "a broken configuration" ':6: port: found'
	fence_of a wgft0
	inside chmod 666 /etc/wgfence/a.conf
	not_reloaded "one that all can write" ': .*writ'
	inside chmod 644 /etc/wgfence/a.conf
}

# What passed before is dropped: the same sockets go on sending.
test_wider_and_stricter() {
	fence_of a wgft0 '[rules]' "allow = connect udp $PAST4 9 dev home0" \
		"allow = connect udp $PAST6 9 dev home0" "allow = connect tcp $PAST4 9 dev home0" \
		"allow = connect tcp $PAST6 9 dev home0"
	sd reload "$DAEMON"
	until_true status_has 'connect udp'
	seen_at home "made wider, on the home line"
	fence_of a wgft0 '[rules]' "allow = connect udp $PAST4 9 dev home0"
	sd reload "$DAEMON"
	until_true lacks 'connect tcp'
	past
	until_true sends
	is "made stricter: what is still named passes, and nothing else" "$(ways home)" udp4
	fence_of a wgft0
	sd reload "$DAEMON"
	until_true lacks 'connect udp'
	past
	none_past "made stricter still"
}

lacks() {
	! status_has "$1"
}

# A start without a configuration: what stands goes on, and what does not stand holds the unit back.
test_unreadable() {
	inside mv /etc/wgfence /etc/away
	not_reloaded "no /etc/wgfence" ': No such file'
	sd restart "$DAEMON"
	is "the daemon does not start without it" "$?" 1
	none_past "the daemon does not start"
	started "the fence stands" sd restart member
	none_past "the unit is started without a daemon"
	sd stop member
	settle
	inside wgfence detach a >>"$LOG" 2>&1 || bail "detach failed"
	refused "without a fence" 'no fence named a stands' sd start member
	none_at_all "without a fence"
	started "once /etc/wgfence is back, by itself" inside mv /etc/away /etc/wgfence
	until_true is_in active "$DAEMON"
	none_past "once /etc/wgfence is back"
}

# --- what it writes ------------------------------------------------------------------------------

# full DIRECTORY: there is no room in it for anything more.
full() {
	inside mkdir -p "$1"
	inside mount -t tmpfs -o size=4k,mode=755 tmpfs "$1"
	# shellcheck disable=SC2016
	inside sh -c 'cat /dev/zero >"$0/filled" 2>/dev/null' "$1"
}

no_inode() {
	inside mount -t tmpfs -o nr_inodes=1,mode=755 tmpfs "$1"
}

# Its socket of events is all that it writes.
test_run_full() {
	no_inode /run/wgfence
	sd restart "$DAEMON"
	is "/run is full: the daemon starts, and the fence stands" \
		"$? $(fence status | grep -c enforced)" "0 1"
	like "it says what is missing" "$(journal "$DAEMON" | tail -n 20)" \
		'No space left.*; events are not handed on'
	none_past "/run is full"
	started "a start with /run full" sd restart member
	none_past "a start with /run full"
	inside umount -l /run/wgfence
	sd restart "$DAEMON"
	is "and has its socket when there is room" "$(inside stat -c %F /run/wgfence/a/events)" socket
}

# init_full NAME DIRECTORY FILE: nothing half is left there, whichever of its files has no room.
init_full() {
	local said got

	full "$2"
	said=$(inside wgfence init other --name other --tunnel wgft0 --yes 2>&1)
	got=$?
	like "init, $1 is full: it says so" "$got $said" "^5 .*No space left"
	# shellcheck disable=SC2016
	is "init, $1 is full: and leaves nothing half" \
		"$(inside sh -c 'find "$0" -name "*.new"; find "$0" -name "$1"' "$2" "$3")" ""
	inside umount -l "$2"
}

test_init_full() {
	local dir=/etc/systemd/system/other.service.d

	member_unit other $PAST4
	sd daemon-reload
	init_full "/etc/wgfence" /etc/wgfence other.conf
	is "and no drop-in was written" "$(inside sh -c "ls $dir 2>/dev/null")" ""
	init_full "the unit's directory" $dir wgfence.conf
	inside wgfence init other --name other --tunnel wgft0 --yes >>"$LOG" 2>&1
	is "init with room: it writes both" \
		"$? $(inside ls $dir /etc/wgfence/other.conf | grep -c conf)" "0 2"
	inside wgfence init other --name other --remove --yes >>"$LOG" 2>&1
	none_past "init on a full disk, for another unit"
}

# --- bpffs ---------------------------------------------------------------------------------------

# While it is away nobody can read the counters: that it sends is seen in the tunnel.
none_past_unseen() {
	local sent=yes

	until_true every_way tunnel || sent=no
	past
	none "$1: it sends, and 0 packets past the fence" "$sent $REPLY" "yes 0"
}

test_bpffs_alive() {
	past
	inside umount -l /sys/fs/bpf
	until_true said 'bpffs was unmounted'
	like "bpffs is unmounted: the daemon notices" "$(journal "$DAEMON")" \
		'bpffs was unmounted; the fence stands as long as this process'
	past
	none_past_unseen "bpffs is unmounted, the daemon alive"
	refused "bpffs is unmounted" 'not fenced by a: bpffs is not mounted: mount -t bpf' sd restart member
	inside mount -t bpf -o mode=700 bpf /sys/fs/bpf
	until_true started_again member "$BEFORE"
	is "mounted again: the unit starts by itself" "$? $(show member ActiveState)" "0 active"
	like "and the daemon has pinned it anew" "$(journal "$DAEMON")" 'bpffs is back'
	none_past "bpffs is mounted again"
}

# As documented: then it takes the fence away, and the gate must know.
test_bpffs_dead() {
	sd mask --runtime "$DAEMON"
	sd stop "$DAEMON" member
	settle
	inside umount -l /sys/fs/bpf
	inside mount -t bpf -o mode=700 bpf /sys/fs/bpf
	refused "bpffs was mounted anew without a daemon" 'no fence named a stands' sd start member
	none_at_all "bpffs was mounted anew without a daemon"
	sd stop member
	inside umount -l /sys/fs/bpf
	refused "without bpffs" 'not fenced by a: bpffs is not mounted: mount -t bpf' sd start member
	none_at_all "without bpffs"
	inside mount -t bpf -o mode=700 bpf /sys/fs/bpf
	sd unmask --runtime "$DAEMON"
	started "with bpffs and the daemon, by itself" sd start "$DAEMON"
	none_past "with bpffs and the daemon"
}

sending_lab
dropin member a
sd daemon-reload
started "in the beginning" sd start member
none_past "in the beginning"
test_broken
test_wider_and_stricter
test_unreadable
test_run_full
test_init_full
BEFORE=$(starts member)
test_bpffs_alive
test_bpffs_dead
sniff_off
plan
