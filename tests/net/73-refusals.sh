#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is refused, each with its message and exit code, and with nothing in force changed: a machine
# that lacks something, pins that somebody else prepared, another cgroup or namespace than the fence
# stands in. And two fences side by side.

PARTS="a a-b"
. "${0%/*}/lib.sh"
. "${0%/*}/lifecycle.sh"

LAYOUT=$(sed -n "s/^#define WGF_LAYOUT //p" "$HERE/../../include/policy.h")

NOBODY=(setpriv --reuid 65534 --regid 65534 --clear-groups)

# elsewhere SCRIPT VERB: with mounts of its own, which the script changes.
elsewhere() {
	in_host unshare --mount --propagation private bash -c "$1"'
		exec timeout "$3" "$0" "$1" --config "$2"' "$WGFENCE" "$2" "$CONF" "$DEADLINE"
}

# A bpffs of its own, so that what is prepared in it touches no fence.
with_pins() {
	elsewhere "mount -t bpf bpf /sys/fs/bpf && cd /sys/fs/bpf && $1" "${2:-attach}"
}

# shellcheck disable=SC2016
NO_BPFFS='while mountpoint -q /sys/fs/bpf; do umount -l /sys/fs/bpf; done;'
NO_CGROUP2="while mountpoint -q '$CGROUP2'; do umount -l '$CGROUP2'; done;"

what_the_machine_lacks() {
	says "no bpffs" 4 "bpffs is not mounted: mount -t bpf" elsewhere "$NO_BPFFS" attach
	says "no bpffs, run" 4 "bpffs is not mounted: mount -t bpf" elsewhere "$NO_BPFFS" run
	says "no cgroup2" 4 "cgroup2 is not mounted here: mount -t cgroup2" \
		elsewhere "$NO_CGROUP2" attach
	says "a user" 5 "only root can put a fence in place" in_host "${NOBODY[@]}" \
		"$WGFENCE" attach --config "$CONF"
	says "a user, run" 5 "only root can put a fence in place" in_host "${NOBODY[@]}" \
		timeout "$DEADLINE" "$WGFENCE" run --config "$CONF"
	says "a user may see what would be" 0 "tunnel +wgft0 .interface" in_host "${NOBODY[@]}" \
		"$WGFENCE" attach --dry-run --config "$CONF"
}

what_somebody_prepared() {
	local own="must be a directory that is root's alone"

	says "pins of another owner" 5 "/sys/fs/bpf/wgfence $own, but is of uid 65534" \
		with_pins 'mkdir -m 700 wgfence && chown 65534 wgfence'
	says "pins that others may enter" 5 "/sys/fs/bpf/wgfence $own, .* mode 0755" \
		with_pins 'mkdir -m 755 wgfence'
	says "pins behind a link" 5 "/sys/fs/bpf/wgfence $own" \
		with_pins 'mkdir -m 700 trap && ln -s trap wgfence'
	says "a fence of another owner" 5 "/sys/fs/bpf/wgfence/$NAME $own" \
		with_pins "mkdir -m 700 wgfence wgfence/$NAME && chown 65534 wgfence/$NAME"
	says "a policy of another layout" 4 "the pinned map image is not of this" \
		with_pins "mkdir -m 700 wgfence wgfence/$NAME && bpftool map create \
			wgfence/$NAME/image-$LAYOUT type array key 4 value 64 entries 1 name other"
	says "the same, status" 4 "the pinned map image is not of this" \
		with_pins "mkdir -m 700 wgfence wgfence/$NAME && bpftool map create \
			wgfence/$NAME/image-$LAYOUT type array key 4 value 64 entries 1 name other" status
	says "maps of a newer layout" 4 "made by a newer wgfence .layout $((LAYOUT + 1))" \
		with_pins "mkdir -m 700 wgfence wgfence/$NAME && bpftool map create \
			wgfence/$NAME/image-$((LAYOUT + 1)) type array key 4 value 64 entries 1 name other"
	says "the same, status" 4 "made by a newer wgfence" \
		with_pins "mkdir -m 700 wgfence wgfence/$NAME && bpftool map create \
			wgfence/$NAME/image-$((LAYOUT + 1)) type array key 4 value 64 entries 1 name other" status
	says "maps of an older layout, status" 4 "made by an older wgfence .*takes it over" \
		with_pins "mkdir -m 700 wgfence wgfence/$NAME && bpftool map create \
			wgfence/$NAME/image-$((LAYOUT - 1)) type array key 4 value 64 entries 1 name other" status
	says "counters of another layout" 4 "the pinned map counters is not of this" \
		with_pins "mkdir -m 700 wgfence wgfence/$NAME && bpftool map create \
			wgfence/$NAME/counters-$LAYOUT type percpu_array key 4 value 64 entries 1 name other"
}

# What it cannot read may be a fence that holds: its guard stays, which is a pin alone.
a_guard_that_holds() {
	local map="bpftool map create wgfence/$NAME" made

	made="mkdir -m 700 wgfence wgfence/$NAME && $map/image-$((LAYOUT + 1)) type array key 4 value 8192 entries 1 \
		name other flags 1024 && $map/guard-77 type array key 4 value 64 entries 1 name guard"
	says "detach, where a newer layout is" 4 "made by a newer wgfence" with_pins "$made" detach
	says "and its guard stays" 0 "guard-77" with_pins "$made; '$WGFENCE' detach --config '$CONF'; ls wgfence/$NAME; exit 0"
}

other_places() {
	says "another network namespace" 5 "stands in another network namespace" \
		in_net "$WGFENCE" attach --config "$CONF"
	says "another network namespace, run" 5 "stands in another network namespace" \
		in_net timeout "$DEADLINE" "$WGFENCE" run --config "$CONF"
	mkdir "$CGROUP_DIR/other"
	CGROUP=$CGROUP/other configure enforce </dev/null
	says "another cgroup that is there" 5 \
		"stands on another cgroup than $CGROUP/other, which would become open" fence attach
	says "the same, status" 3 "stands on another cgroup" fence status
	CGROUP=/nowhere configure enforce </dev/null
	says "no such cgroup" 3 "$CONF: cgroup: $CGROUP2/nowhere: No such file" fence attach
	sed -i 's/^cgroup.*/unit = sleep.service/' "$CONF"
	says "no such slice" 3 "slice of sleep.service does not exist yet .*systemctl start" \
		fence attach
	configure enforce </dev/null
}

# sends COMMANDS: what a member says to its last one.
sends() {
	member "$TOOLS/talk" "${1#use 0; }" | tail -n 1
}

# One name begins as the other does.
two_fences() {
	fence detach >>"$LOG" 2>&1
	opened
	parts_make
	each configure enforce </dev/null
	says "attach a" 0 "stands on $CGROUP/a" of a fence attach
	is "beside it the cgroup of a-b is open" "$(of a-b sends "$PAST")" "$SENT"
	says "attach a-b" 0 "stands on $CGROUP/a-b" of a-b fence attach
	is "the members of a-b are held back" "$(of a-b sends "$PAST")" "$REFUSED"
	is "it counts them" "$(of a-b counters | grep past)" "dropped egress ipv4 past_tunnel_ipv4 3"
	is "a has counted nothing" "$(of a counters)" ""
	says "detach a" 0 "$NAME-a is taken down" of a fence detach
	of a opened
	says "a-b stands" 0 "enforced" of a-b fence status
	is "and holds back" "$(of a-b sends "$PAST")" "$REFUSED"
	is "a does not any more" "$(of a sends "$PAST")" "$SENT"
	says "attach a again" 0 "stands on $CGROUP/a" of a fence attach
	says "detach a-b" 0 "$NAME-a-b is taken down" of a-b fence detach
	of a-b opened
	is "a holds back" "$(of a sends "$PAST")" "$REFUSED"
	is "a-b does not any more" "$(of a-b sends "$PAST")" "$SENT"
}

lab_up
chmod 755 "$TMP" # for a user to read the configuration
configure enforce </dev/null
attach
BEFORE="$(programs) $(image)"
what_the_machine_lacks
what_somebody_prepared
a_guard_that_holds
other_places
is "nothing in force has changed" "$(programs) $(image)" "$BEFORE"
is "it still drops" "$(sends "$PAST")" "$REFUSED"
two_fences
plan
