#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# init's sandbox on the real client's unit: what it bars, even where the unit was given the capabilities for
# it. That the client works in it is 50-acceptance.sh.

. "${0%/*}/client.sh"

# tried: what the unit could do at its last start: "bpf=ok io_uring=ok ...".
tried() {
	journal $CLIENT --since "$STARTED" | sed -n 's/^barred: \(.*\) \(.*\)$/\1=\2/p' | sort | paste -s -d ' '
}

restarted() {
	# A second of its own in the journal.
	sleep 1.1
	STARTED=$(date '+%F %T')
	sd restart $CLIENT
	until_true client_answers
	is "$1: the client runs" "$?" 0
}

# Exposure as systemd sees it: 0.0 is none, 10.0 all.
exposure() {
	inside systemd-analyze security --no-pager $CLIENT 2>>"$LOG" |
		sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p'
}

test_without() {
	restarted "without a fence"
	TRIED=$(tried)
	like "without a fence the unit can do all of it" "$TRIED" \
		'^bpf=ok io_uring=(ok|ENOSYS|EPERM) namespace=ok packet=ok$'
	[[ $TRIED == *io_uring=ok* ]] || diag "this kernel has io_uring switched off: $TRIED"
	BEFORE=$(exposure)
}

test_with() {
	local after

	fence_by_init
	restarted "fenced by init"
	is "fenced by init it can do nothing of it" "$(tried)" \
		"bpf=EPERM io_uring=EPERM namespace=EPERM packet=EAFNOSUPPORT"
	after=$(exposure)
	diag "systemd-analyze security: $BEFORE before, $after after"
	is "systemd-analyze security finds little left" \
		"$(awk -v before="$BEFORE" -v after="$after" 'BEGIN { print (before > 4) (after < 2) }')" 11
}

home_up first
sd start wg-quick@wg0.service || bail "$(journal wg-quick@wg0)"
inside sh -c 'cat >/opt/barred && chmod 755 /opt/barred' <"$TOOLS/barred"
put systemd/system/$CLIENT.d/10-test.conf <<-UNIT
	[Service]
	AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN CAP_BPF CAP_SYS_ADMIN
	ExecStartPre=/opt/barred
UNIT
sd daemon-reload
test_without
test_with
home_down
plan
