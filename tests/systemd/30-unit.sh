#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# wgfence@.service: names that systemd escapes, several at once, before there is a tunnel; reload,
# watchdog, and a stop that takes nothing away, neither its own fence nor what is of the others.

. "${0%/*}/lib.sh"

NAMES=(q a a-b x@y)

# standing NAME: the fence and where it stands, as the kernel has it.
standing() {
	inside wgfence status "$1" | awk '$1 == "fence" { print $3 } $1 == "cgroup" { print $2 }' |
		paste -s -d ' '
}

test_names() {
	local name

	for name in "${NAMES[@]}"; do
		printf '[fence]\nunit = x.service\ntunnel = absent0\n' | put "wgfence/$name.conf"
		sd start "$(daemon_of "$name")"
		is "fence $name: ready means enforced, on its slice" "$? $(standing "$name")" \
			"0 enforced /wgfence.slice/$(slice_of "$name")"
	done
	like "before there is a tunnel, and it says so" "$(journal "$(daemon_of q)")" \
		'not present: absent0: no such interface'
	# Not escaped it would be another fence's: refused, and nothing is made of it.
	sd start 'wgfence@a-b.service'
	is "a name that is not escaped does not start" "$?" 1
	sd stop 'wgfence@a-b.service'
}

sockets() {
	# shellcheck disable=SC2016
	inside bash -c 'for name; do [[ -S /run/wgfence/$name/events ]] && echo "$name"; done' - \
		"${NAMES[@]}" | paste -s -d ' '
}

test_stop() {
	is "each has its socket of events" "$(sockets)" "q a a-b x@y"
	sd stop "$(daemon_of a)"
	is "one is stopped: the others keep theirs" "$(sockets)" "q a-b x@y"
	like "and its fence stands" "$(standing a)" '^enforced'
	sd start "$(daemon_of a)"
	is "it starts again, and adopts the fence" "$? $(standing a)" \
		"0 enforced /wgfence.slice/wgfence-a.slice"
}

test_reload() {
	printf '[fence]\nunit = x.service\ntunnel = absent0\n[webui]\nport = 8080\nallow = lan\n' |
		put wgfence/q.conf
	sd reload "$(daemon_of q)"
	is "reload" "$?" 0
	until_true reloaded_webui
	like "the new policy is in force" "$(inside wgfence status q)" 'webui +tcp port 8080'
}

reloaded_webui() {
	[[ $(inside wgfence status q) == *"tcp port 8080"* ]]
}

test_group() {
	inside sh -c 'echo wgfence:x:777: >>/etc/group'
	sd restart "$(daemon_of q)"
	is "the socket is the group's" "$(inside stat -c '%U %G %a' /run/wgfence/q/events)" \
		"root wgfence 660"
}

another() {
	local pid

	pid=$(show "$(daemon_of q)" MainPID)
	[[ $pid != 0 && $pid != "$1" ]] && is_in active "$(daemon_of q)"
}

# What hangs is killed by the watchdog; meanwhile the fence stands.
test_watchdog() {
	local before DEADLINE=$((4 * DEADLINE))

	before=$(show "$(daemon_of q)" MainPID)
	inside kill -STOP "$before"
	like "a daemon that hangs: the fence stands" "$(standing q)" '^enforced'
	until_true another "$before"
	is "the watchdog ends it, and the next one is there" "$? $(standing q)" \
		"0 enforced /wgfence.slice/wgfence-q.slice"
	like "the watchdog it was" "$(journal "$(daemon_of q)")" 'Watchdog timeout'
}

# A daemon that is killed again and again is there each time: no limit stops it.
test_kills() {
	local i pid DEADLINE=$((2 * DEADLINE))

	for i in {1..10}; do
		pid=$(show "$(daemon_of q)" MainPID)
		inside kill -KILL "$pid"
		until_true another "$pid" || break
	done
	is "10 kills in a row: each time there is a next one" "$i $(standing q)" \
		"10 enforced /wgfence.slice/wgfence-q.slice"
}

test_verify() {
	is "systemd finds nothing wrong with the unit" \
		"$(inside systemd-analyze verify ${WGF_MACHINE:+--man=no} wgfence@q.service 2>&1)" ""
}

lab_up
machine_on
test_names
test_stop
test_reload
test_group
test_watchdog
test_kills
test_verify
plan
