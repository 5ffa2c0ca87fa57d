#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The journal: one structured entry, and no line beside it, for the start, a change of the policy, the tunnel lost
# and back, and the first drop of a kind, with their fields; and the textfile of metrics, written by the unit with
# its sandbox as it is installed.

. "${0%/*}/lib.sh"

DAEMON=$(daemon_of a)
BEGAN=$EPOCHSECONDS
DIRECTORY=/var/lib/prometheus/node-exporter

# id NAME: as the header has it.
id() {
	sed -n "s/^#define ID_$1[[:space:]]*\"\([0-9a-f]*\)\".*/\1/p" "$SYSTEMD_TESTS/../../src/message_ids.h"
}

# entries ID FIELD: of all entries of that kind since the suite began the field, a line each.
entries() {
	inside journalctl --no-pager --since "@$BEGAN" --output cat --output-fields "$2" "MESSAGE_ID=$(id "$1")"
}

# had ID [NUMBER]: at least so many entries of it, 1 where not said.
had() {
	[[ $(entries "$1" MESSAGE | wc -l) -ge ${2:-1} ]]
}

# entry NAME ID FIELD=VALUE...: of the last one of its kind.
entry() {
	local name=$1 id=$2 field

	shift 2
	for field; do
		is "$name: ${field%%=*}" "$(entries "$id" "${field%%=*}" | tail -n 1)" "${field#*=}"
	done
}

# once NAME TEXT: in all that the daemon said.
once() {
	is "$1: told once" "$(journal "$DAEMON" | grep -c -- "$2")" 1
}

test_start() {
	sd start "$DAEMON"
	until_true had STANDS
	entry "start" STANDS "MESSAGE=fence a stands on /wgfence.slice/wgfence-a.slice" WGFENCE_FENCE=a \
		WGFENCE_UNIT=member.service WGFENCE_CGROUP=/wgfence.slice/wgfence-a.slice \
		WGFENCE_TUNNEL=wgft0 PRIORITY=5 "_SYSTEMD_UNIT=$DAEMON" SYSLOG_IDENTIFIER=wgfence
	once "start" 'fence a stands'
}

test_tunnel() {
	ip -n "$HOST" link set wgft0 down
	until_true had TUNNEL_LOST
	entry "the tunnel is lost" TUNNEL_LOST WGFENCE_TUNNEL=wgft0 WGFENCE_FENCE=a PRIORITY=4
	like "which says" "$(entries TUNNEL_LOST MESSAGE)" 'policy [0-9]*: tunnel wgft0 is not there'
	tunnel_return
	until_true had TUNNEL_BACK
	entry "the tunnel is back" TUNNEL_BACK WGFENCE_TUNNEL=wgft0 PRIORITY=6
	like "with the policy's number" "$(entries TUNNEL_BACK WGFENCE_GENERATION | tail -n 1)" '^[1-9][0-9]*$'
}

# A process that goes on, 5000 times a second, is told of once.
test_first_drop() {
	put systemd/system/member.service <<-UNIT
		[Service]
		Slice=$(slice_of a)
		ExecStart=sh -c 'sleep infinity | exec /opt/flood udp $PAST_VOID4 6000'
	UNIT
	sd daemon-reload
	sd start member.service
	until_true had FIRST_DROP
	entry "the first drop" FIRST_DROP WGFENCE_REASON=past_tunnel_ipv4 WGFENCE_HOOK=egress \
		WGFENCE_FAMILY=ipv4 WGFENCE_MODE=enforce WGFENCE_PROTOCOL=udp WGFENCE_REMOTE=$PAST_VOID4 \
		WGFENCE_REMOTE_PORT=6000 WGFENCE_COMM=flood WGFENCE_UID=0 WGFENCE_INTERFACE=home0 \
		WGFENCE_UNIT=member.service PRIORITY=4
	like "in words" "$(entries FIRST_DROP MESSAGE)" \
		'the first of its kind: .* flood\[[0-9]+\] egress ipv4 udp .*: past the tunnel \(IPv4\)'
	# The kernel tells the number that the process has outside of the machine's namespaces.
	is "the process" "$(<"/proc/$(entries FIRST_DROP WGFENCE_PID)/comm")" flood
	if [[ ${WGF_MACHINE:-} == itself ]]; then
		like "it stands in the service's own journal, too" "$(journal member.service)" 'the first of its kind: '
		entry "what journald itself knows of the process" FIRST_DROP OBJECT_SYSTEMD_UNIT=member.service \
			OBJECT_COMM=flood OBJECT_UID=0 "OBJECT_PID=$(entries FIRST_DROP WGFENCE_PID)"
	else
		is "where that number may be another's, the journal is not given it" "$(entries FIRST_DROP OBJECT_PID)" ""
	fi
	ip -n "$HOST" link set wgft0 down
	until_true had TUNNEL_LOST 2
	tunnel_return
	until_true had TUNNEL_BACK 2
	until_true dropped 5000
	is "thousands later it is still one" "$(entries FIRST_DROP WGFENCE_REASON | sort | uniq -c | tr -s ' ' |
		grep -c ' 1 past_tunnel_ipv4')" 1
	sd stop member.service
}

dropped() {
	[[ $(inside wgfence metrics a | sed -n 's/^wgfence_dropped_packets_total.*"ipv4",reason="past_tunnel_ipv4"} //p') -gt $1 ]]
}

# policy_with LINE...: another configuration, and a reload.
policy_with() {
	printf '%s\n' '[fence]' 'unit = member.service' 'tunnel = wgft0' 'route = off' "$@" | put wgfence/a.conf
	sd reload "$DAEMON"
}

test_policy() {
	local before

	before=$(entries POLICY MESSAGE | wc -l)
	policy_with '[webui]' 'port = 8080' 'allow = lan'
	until_true had POLICY $((before + 1))
	entry "another policy" POLICY WGFENCE_FENCE=a WGFENCE_TUNNEL=wgft0 PRIORITY=6
	once "another policy" "policy $(entries POLICY WGFENCE_GENERATION | tail -n 1):"
}

test_metrics() {
	policy_with '[metrics]' 'directory = /srv/metrics' 'interval = 1'
	until_true had METRICS_FAILED
	entry "where the unit may not write" METRICS_FAILED PRIORITY=3 WGFENCE_FENCE=a
	like "it is said why" "$(entries METRICS_FAILED MESSAGE)" '/srv/metrics/wgfence-a.prom: Read-only file system'
	like "status says it" "$(inside wgfence status a)" 'metrics +ERROR: /srv/metrics/wgfence-a.prom'
	is "the fence stands" "$(inside wgfence status a >/dev/null; echo $?)" 0
	policy_with '[metrics]' "directory = $DIRECTORY" 'interval = 1'
	until_true had METRICS_BACK
	is "the node exporter's directory: it may" "$(inside stat -c '%a %U' $DIRECTORY/wgfence-a.prom)" "644 root"
	inside chown 65534 $DIRECTORY
	until_true had METRICS_FAILED 2
	like "a directory of another user: it is said what to do" "$(entries METRICS_FAILED MESSAGE | tail -n 1)" \
		"uid 65534's, mode 0755, .*chgrp root $DIRECTORY; chmod g\+w $DIRECTORY"
	inside chgrp root $DIRECTORY
	inside chmod g+w $DIRECTORY
	until_true had METRICS_BACK 2
	is "which helps" "$?" 0
	inside chown root $DIRECTORY
	inside chmod 755 $DIRECTORY
	like "status says it" "$(inside wgfence status a)" "metrics +written to $DIRECTORY"
	sd stop "$DAEMON"
	is "stopped: the last file says so" "$(inside grep -c 'wgfence_daemon_up{fence="a"} 0' $DIRECTORY/wgfence-a.prom)" 1
}

# What is told while journald is started anew waits in its socket, which systemd keeps.
test_journald() {
	local before

	before=$(entries POLICY MESSAGE | wc -l)
	sd kill --signal=STOP systemd-journald.service
	policy_with '[webui]' 'port = 8081' 'allow = lan'
	sd kill --signal=KILL systemd-journald.service
	until_true had POLICY $((before + 1))
	entry "told while journald does not read, and is started anew" POLICY WGFENCE_FENCE=a PRIORITY=6
}

lab_up
machine_on
printf '[fence]\nunit = member.service\ntunnel = wgft0\nroute = off\n' | put wgfence/a.conf
inside mkdir -p $DIRECTORY /srv/metrics
test_start
test_tunnel
test_first_drop
test_policy
test_journald
test_metrics
plan
