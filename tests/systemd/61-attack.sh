#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The attacker of tests/attack as a service: with the drop-in that `wgfence init` writes for the client, in the
# fence alone, and outside; as the service's user, and as root. With the drop-in and not root: 0 packets past
# the fence. What this kernel and this sandbox said goes to build/attack, for docs/attacks.md.

. "${0%/*}/lib.sh"
# shellcheck source=tests/attack/attack.sh
. "$SYSTEMD_TESTS/../attack/attack.sh"

NAME=attack
CARRIED=yes
SLICE=/sys/fs/cgroup/wgfence.slice/wgfence-attack.slice
RESULTS=${WGF_ATTACK_RESULTS:-$SYSTEMD_TESTS/../../build/attack}

fence() {
	local verb=$1

	shift
	inside wgfence "$verb" $NAME "$@"
}

# in_machine PATH: as it is called here.
in_machine() {
	if [[ ${WGF_MACHINE:-} == itself ]]; then
		echo "$1"
	else
		echo "/proc/$INIT/root$1"
	fi
}

# unit NAME USER SLICE PROGRAM: an attacker, which is asked and answers by two pipes. As the client it has the
# client's name: so init knows it, and writes all of its sandbox.
unit() {
	local name=$1 user=$2 slice=$3 program=$4

	put "systemd/system/$name.service" <<-UNIT
		[Service]
		User=$user
		ExecStart=$program ${WORDS[*]} pass=${PASS_OF[${name/$NAME/dropin}]}
		StandardInput=file:/run/$name.in
		StandardOutput=file:/run/$name.out
		StandardError=journal
		TimeoutStopSec=3
		$slice
	UNIT
	inside mkfifo "/run/$name.in" "/run/$name.out"
}

units_on() {
	inside sh -c 'cat >/opt/attack && chmod 755 /opt/attack && cp /opt/attack /opt/qbittorrent-nox' <"$ATTACK"
	inside useradd --system --home-dir /var/lib/attack attack 2>>"$LOG"
	inside mkdir -p /run/outside
	inside chown attack /run/outside
	mapfile -t WORDS < <(world /run/outside 0 $SLICE /sys/fs/bpf/wgfence/$NAME)
	inside systemd-run --quiet --unit attack-outsider --uid attack /opt/attack outsider "${WORDS[@]}" ||
		bail "the outsider does not start"
	WORDS[-3]=outsider=$(show attack-outsider MainPID)
	unit open attack "" /opt/attack
	unit open-root root "" /opt/attack
	unit fence attack "Slice=wgfence-attack.slice" /opt/attack
	unit root root "Slice=wgfence-attack.slice" /opt/attack
	unit $NAME attack "" /opt/qbittorrent-nox
	sd daemon-reload
}

# fence_by_init: as its user does it.
fence_by_init() {
	local said

	said=$(inside wgfence init $NAME.service --tunnel wgft0 --yes 2>&1) || bail "init: $said"
	sd daemon-reload
	inside cat "/etc/systemd/system/$NAME.service.d/wgfence.conf" >>"$LOG"
	sd start "$(daemon_of $NAME)" || bail "$(journal "$(daemon_of $NAME)")"
}

# The hooks alone: the tunnel is the default, and all that goes by another way goes past it.
nobody_carried() {
	inside sed -i 's/^\[fence\]/&\nroute = off/' /etc/wgfence/$NAME.conf
	sd reload "$(daemon_of $NAME)"
	CARRIED=
	tunnel_route
	until_true no_rules || bail "the fence's rules stay"
}

no_rules() {
	[[ $(fence status) == *"off: whoever goes elsewhere"* ]]
}

republished() {
	local i

	for i in {1..10}; do
		inside sed -i "\$ a # $i" /etc/wgfence/$NAME.conf
		sd reload "$(daemon_of $NAME)"
	done
}

daemon_again() {
	inside systemctl kill --signal KILL "$(daemon_of $NAME)"
	until_true fence status >/dev/null
}

mended() {
	inside rmdir $SLICE/root.service/attack 2>/dev/null
	fence status >/dev/null 2>&1 || sd restart "$(daemon_of $NAME)"
}

attacker() {
	local name=${1/dropin/$NAME} pipe in out line=

	pipe=$(in_machine "/run/$name")
	exec {in}<>"$pipe.in" {out}<>"$pipe.out"
	sd start "$name.service" || bail "$(journal "$name")"
	ACTOR_IN[attacker]=$in
	ACTOR_OUT[attacker]=$out
	until [[ $line == ready ]]; do
		read -r -t $((DEADLINE + 10)) -u "$out" line || bail "the attacker does not start ($1): $(journal "$name")"
	done
	RUNS=$name.service
}

# Not a process of ours.
attacker_off() {
	exec {ACTOR_IN[attacker]}>&- {ACTOR_OUT[attacker]}<&-
	unset "ACTOR_IN[attacker]" "ACTOR_OUT[attacker]"
	sd stop "$RUNS"
}

# A virtual machine has no other way out than its TAP (tests/vm/merge.awk).
kept() {
	if [[ ${WGF_MACHINE:-} == itself ]]; then
		sed 's/^/# attacked\t/' "$TMP/table.tsv"
	else
		mkdir -p "$RESULTS" && cp "$TMP/table.tsv" "$RESULTS/$(uname -r | cut -d - -f 1).tsv"
	fi
}

lab_up
machine_on
attack_lab
units_on
fence_by_init
attacked open
attacked open-root
attacked dropin
nobody_carried
attacked fence
attacked root
judged
kept
sniff_off
sd stop attack-outsider
plan
