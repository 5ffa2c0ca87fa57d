# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What every test with systemd begins with: `. "${0%/*}/lib.sh"`, then machine_on.
#
# Owns: the machine: the lab's host, with systemd as process 1 of namespaces of its own, and its end.
# What it writes is in memory, outlasts a reboot and goes with the suite; its cgroups are below the lab's.
# TAP, the lab and the sniffer are those of tests/net.

# A shell that is told to end twice at once (by its group and by timeout(1)) may end without its trap,
# most of all while it waits for a $(...), as these tests do (bash 5.2). So the one that is told only
# hands it on, once, to one in a group of its own. That one has its own mounts: nothing of them is left.
if [[ -z ${WGF_TOLD_ONCE:-} ]]; then
	export WGF_TOLD_ONCE=yes
	trap 'trap "" INT TERM HUP; kill -TERM "$CHILD"' INT TERM HUP
	set -m
	setpriv --pdeathsig TERM unshare --mount --propagation private "$0" "$@" &
	CHILD=$!
	wait "$CHILD"
	STATUS=$?
	while kill -0 "$CHILD" 2>/dev/null; do
		wait "$CHILD"
		STATUS=$?
	done
	exit "$STATUS"
fi

SYSTEMD_TESTS=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
# shellcheck source=tests/net/lib.sh
. "$SYSTEMD_TESTS/../net/lib.sh"

INSTALLED=${WGF_INSTALLED:-$SYSTEMD_TESTS/../../build/root}
FOR_OPT=("$TOOLS/flood" "$TOOLS/serve" "$SYSTEMD_TESTS/member") # what the machine has in /opt
MACHINE= # the process that waits for process 1
INIT=    # process 1, as it is called outside

# A second signal must not end the end.
trap 'trap "" INT TERM HUP; machine_off; umount -l "$TMP/machine" 2>/dev/null; clean_up' EXIT

# machine_on: again with the same disk after machine_off.
machine_on() {
	if [[ ! -d $TMP/machine ]]; then
		mkdir "$TMP/machine"
		mount -t tmpfs -o mode=755 tmpfs "$TMP/machine"
	fi
	# shellcheck disable=SC2016
	alone exec sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$CGROUP_DIR" \
		nsenter --net="/run/netns/$HOST" \
		unshare --pid --fork --kill-child --mount --cgroup --uts --ipc --propagation private \
		"$SYSTEMD_TESTS/boot" "$TMP/machine" "$INSTALLED" "${FOR_OPT[@]}" \
		</dev/null >>"$LOG" 2>&1 &
	MACHINE=$!
	DEADLINE=$((4 * DEADLINE)) until_true booted || bail "systemd does not boot: ${STATE:-it is not there}"
}

booted() {
	INIT=$(cat "/proc/$MACHINE/task/$MACHINE/children" 2>>"$LOG")
	INIT=${INIT% }
	STATE=$(inside systemctl is-system-running 2>&1)
	[[ $STATE == running || $STATE == degraded ]]
}

# As when the power fails: process 1 takes all others with it. What the kernel keeps of a network goes
# by a reboot, too; here the namespace stays.
machine_off() {
	[[ -n $MACHINE ]] || return 0
	kill -KILL "$MACHINE" 2>/dev/null
	wait "$MACHINE" 2>/dev/null
	MACHINE=
	until_true no_cgroups
}

# Those of what is being killed cannot be removed at once.
no_cgroups() {
	find "$CGROUP_DIR" -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null
	[[ -z $(find "$CGROUP_DIR" -mindepth 1 -type d) ]]
}

# machine_down: as people shut it down; machine_on boots it again.
machine_down() {
	sd poweroff --no-block
	DEADLINE=$((4 * DEADLINE)) until_true gone || bail "the machine does not power off"
	machine_off
}

gone() {
	! kill -0 "$MACHINE" 2>/dev/null
}

# inside COMMAND...: in the machine, but in no cgroup of it.
inside() {
	[[ -n $INIT ]] && nsenter --target "$INIT" --all -- "$@"
}

# sd COMMAND...: systemctl there; what it says is kept in the log.
sd() {
	inside systemctl "$@" >>"$LOG" 2>&1
}

# put FILE: from standard input, below /etc of the machine.
put() {
	# shellcheck disable=SC2016
	inside sh -c 'mkdir -p "$(dirname "/etc/$0")" && cat >"/etc/$0"' "$1"
}

# show UNIT PROPERTY
show() {
	inside systemctl show --property "$2" --value "$1"
}

# is_in STATE UNIT
is_in() {
	[[ $(show "$2" ActiveState) == "$1" ]]
}

# journal UNIT [OPTION...]: what it said. Not --lines: together with --since these are the first ones.
journal() {
	inside journalctl --output cat --no-pager --unit "$@"
}

# As in the name of a unit.
escaped() {
	systemd-escape "$1"
}

# daemon_of NAME, slice_of NAME
daemon_of() { systemd-escape --template=wgfence@.service "$1"; }
slice_of() { echo "wgfence-$(systemd-escape "$1").slice"; }

# On a virtual machine: the machine is that one.
if [[ ${WGF_MACHINE:-} == itself ]]; then
	# shellcheck source=tests/systemd/itself.sh
	. "$SYSTEMD_TESTS/itself.sh"
fi
