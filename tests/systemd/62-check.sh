#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `check` of a unit: what init sets up has nothing to mend; each single fault of the unit, its files and the
# daemon is found, and nothing else with it; the command that the finding names mends it.

. "${0%/*}/lib.sh"
. "${0%/*}/unit.sh"
# shellcheck source=tests/net/check.sh
. "$HERE/check.sh"

UNIT=plain.service
DROPINS=systemd/system/$UNIT.d

# Not by nsenter: whoever comes from outside of the machine's cgroups cannot enter one of them.
fence() {
	local verb=$1

	shift
	inside systemd-run --quiet --wait --pipe --collect wgfence "$verb" a "$@"
}

plain_unit() {
	put systemd/system/$UNIT <<-'UNIT'
		[Service]
		User=daemon
		ExecStart=/usr/bin/sleep infinity
		[Install]
		WantedBy=multi-user.target
	UNIT
}

# Files' times are whole seconds to systemd's own of a start.
restart() {
	sleep 1.1
	sd daemon-reload
	sd restart $UNIT
}

# other LINE...: another drop-in's, behind init's.
other() {
	printf '%s\n' '[Service]' "$@" | put "$DROPINS/zz.conf"
	restart
}

# loose NAME LINE...: what another drop-in takes back.
loose() {
	local name=$1

	shift
	other "$@"
	planted "$name" 7 unit.sandbox
	mended "$name" unit.sandbox inside
}

# faulty NAME KINDS KIND COMMAND...
faulty() {
	local name=$1 kinds=$2 kind=$3

	shift 3
	"$@" || bail "cannot plant: $name"
	# shellcheck disable=SC2086 # several words
	planted "$name" $kinds
	sleep 1.1
	mended "$name" "$kind" inside
}

no_dropin() {
	inside rm "/etc/$DROPINS/wgfence.conf"
	restart
}

edited_dropin() {
	inside sed -i '/^RestrictNamespaces/d' "/etc/$DROPINS/wgfence.conf"
	restart
}

touched() {
	sleep 1.1
	printf '[Service]\nNice=1\n' | put "$DROPINS/nice.conf"
}

touched_and_read() {
	touched && sd daemon-reload
}

socket_unit() {
	printf '[Socket]\nListenStream=7777\n[Install]\nWantedBy=sockets.target\n' | put systemd/system/plain.socket
	sd stop $UNIT
	sd daemon-reload
	sd enable --now plain.socket
	sd start $UNIT
}

replaced_program() {
	inside sh -c 'cp -a /usr/bin/wgfence /usr/bin/wgfence.new && mv /usr/bin/wgfence.new /usr/bin/wgfence'
}

audit() {
	inside sed -i 's/^mode.*/mode = audit/' /etc/wgfence/a.conf
	inside grep -q '^mode' /etc/wgfence/a.conf || inside sed -i '/^\[fence\]/amode = audit' /etc/wgfence/a.conf
	sd restart "$(daemon_of a)"
}

live() {
	sd stop $UNIT "$(daemon_of a)"
	inside wgfence detach a >>"$LOG" 2>&1
	inside rm -r "/etc/$DROPINS"
	sd daemon-reload
	sd start $UNIT
	inside wgfence attach --live a >>"$LOG" 2>&1
	sd restart $UNIT
	sd start "$(daemon_of a)"
}

lab_up
machine_on
plain_unit
sd daemon-reload
inside wgfence init $UNIT --name a --tunnel wgft0 --yes >>"$LOG" 2>&1 || bail "init failed"
sd enable --now "$(daemon_of a)"
sd start $UNIT || bail "the unit does not start"
planted "what init sets up" 0
faulty "no daemon" "7 fence.daemon" fence.daemon sd stop "$(daemon_of a)"
faulty "a program that was replaced" "7 fence.daemon" fence.daemon replaced_program
faulty "audit mode" "1 calls.audit fence.mode" fence.mode audit
loose "new privileges" NoNewPrivileges=no
loose "all families" RestrictAddressFamilies=
loose "all calls" SystemCallFilter=
loose "all namespaces" RestrictNamespaces=no
loose "the host's /etc and /run" TemporaryFileSystem=
loose "capabilities" CapabilityBoundingSet=CAP_NET_RAW
faulty "a drop-in that was edited" "7 unit.sandbox" unit.sandbox edited_dropin
faulty "no drop-in" "1 unit.gate unit.inside unit.sandbox unit.slice" unit.inside no_dropin
faulty "a file that systemd has not read" "7 unit.reload" unit.reload touched
faulty "a process older than its files" "7 unit.stale" unit.stale touched_and_read
faulty "a socket unit" "1 members.outside unit.socket" unit.socket socket_unit
other User=root
planted "root" 7 unit.user
other PrivateNetwork=yes
planted "a network of its own" 7 unit.namespace
inside rm "/etc/$DROPINS/zz.conf"
restart
planted "no more" 0
live
like "fenced live" "$(kinds)" '^7 .*unit.live'
plan
