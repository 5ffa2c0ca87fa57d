#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Cgroups come, go and are divided under the fence: sockets that outlive their process, their unit's cgroup and
# the slice; members that move into cgroups below; processes that outlive a stop; a second unit in the slice;
# and what systemd itself puts on a unit. Nothing passes the fence.

. "${0%/*}/lib.sh"
ROUTE=${ROUTE:-off} # on: what is left of the unit is carried, too
. "${0%/*}/unit.sh"

SLICE=$(slice_of a)

# --- orphans -------------------------------------------------------------------------------------

# A unit with one connection in each family, and a byte on its way in each. It is killed, not told to end.
connected_unit() {
	put systemd/system/connected.service <<-UNIT
		[Service]
		ExecStart=/bin/bash -c 'for a in $WORLD4 $WORLD6; do sleep infinity | /opt/flood tcp \$a 9 & done; wait'
		KillSignal=SIGKILL
	UNIT
}

# Both connections are there: what they send is seen in the tunnel.
connected() {
	[[ $(ways tunnel) == 'tcp4 tcp6' ]]
}

# The other end falls silent, so that something is left to be sent.
deafen() {
	ip -n "$NET" route add blackhole $TUN4/32
	ip -n "$NET" -6 route add blackhole $TUN6/128
}

hear() {
	ip -n "$NET" route del blackhole $TUN4/32
	ip -n "$NET" -6 route del blackhole $TUN6/128
}

# The tunnel's routes go, and the home line's are there.
unroute() {
	ip -n "$HOST" route del default dev wgft0 metric 10
	ip -n "$HOST" -6 route del default dev wgft0 metric 10
}

# orphaned COMMAND...: by which the unit is gone. The kernel goes on trying to send what is left, with the
# tunnel's address, where it must not.
orphaned() {
	sd start connected
	past
	until_true connected || bail "no connections: $(ways tunnel)"
	deafen
	"$@"
	unroute
	past
}

# As soon as the other end hears them they are done.
route_again() {
	tunnel_route
	hear
}

# TCP waits longer each time before it tries again.
test_orphans_control() {
	local DEADLINE=$((3 * DEADLINE))

	orphaned stop_connected
	until_true connected_by_home
	is "orphans without the fence leave by the home line" "$(ways home)" 'tcp4 tcp6'
	route_again
}

connected_by_home() {
	[[ $(ways home) == 'tcp4 tcp6' ]]
}

# orphans NAME COMMAND...: by which the unit is gone.
orphans() {
	local name=$1 tried=yes DEADLINE=$((3 * DEADLINE))
	shift

	orphaned "$@"
	if [[ $ROUTE == on ]]; then
		until_true connected || tried=no
		past
		none "$name: what is left goes on into the tunnel, and 0 packets past the fence" "$tried $REPLY" "yes 0"
	else
		drained "$name"
		try_from_here
		until_true tries || tried=no
		past
		none "$name: what is left tries to send, and nothing leaves" "$tried $REPLY $(entered)" "yes 0 "
	fi
	route_again
}

stop_connected() { sd stop connected; }

slice_stop_connected() {
	sd stop "$SLICE"
	until_true no_slice
}

no_slice() {
	! inside test -e "/sys/fs/cgroup/wgfence.slice/$SLICE"
}

test_orphans() {
	orphans "the unit is stopped with connections open" stop_connected
	orphans "and again" stop_connected
	orphans "the slice is stopped with connections open" slice_stop_connected
	started "the unit beside orphans" sd start member
	none_past "the unit beside orphans"
}

# --- below the unit's cgroup ---------------------------------------------------------------------

# member_with LINE...: of its [Service].
member_with() {
	{
		printf '[Service]\n'
		printf '%s\n' "$@"
	} | put systemd/system/member.service.d/more.conf
	sd daemon-reload
	past
	started "$1" sd restart member
}

member_without() {
	inside rm /etc/systemd/system/member.service.d/more.conf
	sd daemon-reload
	sd restart member
}

# The unit goes two cgroups deeper by itself, as container engines do.
test_below() {
	# shellcheck disable=SC2016
	member_with Delegate=yes ExecStart= \
		"ExecStart=/bin/sh -c 'd=/sys/fs/cgroup/wgfence.slice/$SLICE/member.service/below/deep; mkdir -p \$\$d; echo \$\$\$\$ >\$\$d/cgroup.procs; exec /opt/member /run/member.starts $WORLD4 $WORLD6 $PAST4 $PAST6'"
	like "it is below" "$(inside cat "/proc/$(show member MainPID)/cgroup")" 'member.service/below/deep'
	none_past "in a cgroup below its own"
	started "a restart from below" sd restart member
	none_past "a restart from below"
	member_without
}

# Processes that the stop leaves go on sending, in the cgroup that they were started in.
test_outliving() {
	member_with KillMode=process
	sd stop member
	is "KillMode=process: it is stopped" "$(show member ActiveState)" inactive
	none_past "its children go on"
	started "a start beside them" sd start member
	none_past "a start beside them"
	member_without
	inside systemctl kill --kill-who=all --signal=KILL member
	until_true is_in active member
}

# --- the slice -----------------------------------------------------------------------------------

# The second one has no gate: it is in the slice, and the fence is the slice's.
test_second() {
	member_unit second $PAST4 $PAST6
	printf '[Service]\nSlice=%s\n' "$SLICE" | put systemd/system/second.service.d/slice.conf
	sd daemon-reload
	sd stop member
	settle
	sd start second
	try_from_here
	until_true tries
	is "a second unit alone in the slice: it tries" "$?" 0
	past
	none "a second unit alone in the slice: 0 packets past the fence" "$REPLY" 0
	started "both" sd start member
	none_past "both"
	sd stop second
	none_past "the second one is stopped"
}

# Programs of systemd's own on the unit's cgroup, beside the fence's, and a limit on the slice.
test_properties() {
	sd set-property --runtime member IPAccounting=yes IPAddressAllow=any CPUWeight=50
	is "set-property of the unit: done" "$?" 0
	none_past "set-property of the unit"
	sd set-property --runtime "$SLICE" CPUWeight=50 TasksMax=500 IPAccounting=yes
	is "set-property of the slice: done" "$?" 0
	none_past "set-property of the slice"
	started "a start with them" sd restart member
	none_past "a start with them"
	inside systemctl freeze member >>"$LOG" 2>&1
	inside systemctl thaw member >>"$LOG" 2>&1
	none_past "frozen and thawed"
}

sending_lab
dropin member a
connected_unit
sd daemon-reload
test_orphans_control
dropin connected a
sd daemon-reload
test_orphans
test_below
test_outliving
test_second
test_properties
sniff_off
plan
