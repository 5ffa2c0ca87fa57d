#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The attacker of tests/attack, in the fence and in no sandbox: what the programs in the kernel stop alone, of
# somebody who is not root. The same outside of the fence is the control, and root inside shows what the
# promise excludes. With the drop-in: systemd/61.

. "${0%/*}/lib.sh"
. "${0%/*}/lifecycle.sh"
# shellcheck source=tests/attack/attack.sh
. "$HERE/../attack/attack.sh"

NOBODY=(setpriv --reuid 65534 --regid 65534 --clear-groups)

configured() {
	printf '[fence]\ncgroup = %s\ntunnel = wgft0\nroute = off\n%s\n' "$CGROUP" "$1" >"$CONF"
	printf '[webui]\nport = %s\nallow = lan\n' "$WEBUI_PORT" >>"$CONF"
}

# A reload publishes whatever it reads. What became of it is in ANEW.
ANEW=0
republished() {
	local i before

	for i in {1..10}; do
		before=$(generation)
		configured "mode = enforce"
		kill -HUP "${ACTOR_PID[run]}"
		until_true is_published_behind "$before" && ANEW=$((ANEW + 1))
	done
}
is_published_behind() { [[ $(generation) -gt $1 ]]; }

daemon_again() {
	ended run KILL
	sleep 0.2
	follow
}

# What root has taken away is put back by the next who attaches.
mended() {
	[[ ${ACTOR_PID[run]:-} ]] || return
	find "$CGROUP_DIR" -mindepth 1 -type d -exec rmdir {} + 2>/dev/null
	fence status >/dev/null 2>>"$LOG" || daemon_again
}

outsider_on() {
	mkdir "$TMP/outside"
	chmod 755 "$TMP"
	chown 65534 "$TMP/outside"
	mapfile -t WORDS < <(world "$TMP/outside" 0 "$CGROUP_DIR" "$PINS")
	actor outsider exec nsenter --net="/run/netns/$HOST" "${NOBODY[@]}" "$ATTACK" outsider "${WORDS[@]}"
	ready outsider || bail "the outsider does not start"
	WORDS[-3]=outsider=${ACTOR_PID[outsider]}
}

attacker() {
	local WORDS=("${WORDS[@]}" "pass=${PASS_OF[$1]}")

	case $1 in
	open) actor attacker in_host "${NOBODY[@]}" "$ATTACK" "${WORDS[@]}" ;;
	open-root) actor attacker in_host "$ATTACK" "${WORDS[@]}" ;;
	fence) actor attacker member "${NOBODY[@]}" "$ATTACK" "${WORDS[@]}" ;;
	root) actor attacker member "$ATTACK" "${WORDS[@]}" ;;
	esac
	ready attacker || bail "the attacker does not start ($1)"
}

attacker_off() {
	dismiss attacker
}

lab_up
attack_lab
outsider_on
attacked open
attacked open-root
configured ""
follow
attacked fence
attacked root
judged
is "the policy was published anew beside an attempt, every time" "$((ANEW > 0 && ANEW % 10 == 0))" 1
sniff_off
plan
