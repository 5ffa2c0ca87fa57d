#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The daemon with all that it has: idle it sleeps, and is small; it ends whatever the disk does; and no file of
# metrics is left where it is not written any more.

. "${0%/*}/lib.sh"
. "${0%/*}/ledger.sh"
DEADLINE=60

A=$TMP/a B=$TMP/b
HOLD=$TMP/hold # while it is there, the disk hangs

exec_run() {
	exec nsenter --net="/run/netns/$HOST" "$TOOLS/hold" "$HOLD" "$WGFENCE" run --config "$CONF"
}

# everything INTERVAL DIRECTORY: carried, guarded, unix sockets by name, and metrics.
everything() {
	printf '%s\n' '[fence]' "cgroup = $CGROUP" 'tunnel = wgft0' '[webui]' 'port = 8080' 'allow = lan' \
		'[dns]' "server = $VPN4" '[metrics]' "directory = $2" "interval = $1" >"$CONF"
}

file_in() {
	echo "$1/wgfence-$NAME.prom"
}

written() {
	sed -n "s/^wgfence_last_write_timestamp_seconds{.*} //p" "$(file_in "$A")"
}

rewritten() {
	[[ $(written) != "$1" ]]
}

# --- idle --------------------------------------------------------------------------------------

# Of system calls that let others run: a wake-up of the loop is one.
wakeups() {
	awk '/^voluntary_ctxt_switches/ { print $2 }' "/proc/${ACTOR_PID[run]}/status"
}

# memory FIELD: in KiB.
memory() {
	awk -v field="$1:" '$1 == field { print $2 }' "/proc/${ACTOR_PID[run]}/status"
}

test_all_is_on() {
	local said

	said=$(fence status)
	like "it is carried" "$said" 'routes +mark .*all there'
	like "it is guarded" "$said" 'guard +on [1-9]'
	like "unix sockets are looked at, or the kernel cannot" "$said" 'unix '
	like "metrics are written" "$said" "metrics +written to $A"
	like "top is answered" "$("$WGFENCE" top --once "$NAME")" "fence +$NAME: enforced"
	is "events are handed on" "$([[ -S /run/wgfence/$NAME/events ]] && echo yes)" yes
}

# With an hour until the next file there is nothing to wake up for.
test_asleep() {
	local before

	sleep 2
	before=$(wakeups)
	sleep 5
	is "nothing happens, and no file is due: it does not wake up" "$(($(wakeups) - before))" 0
}

# A file takes up to three wake-ups within a moment: the timer, the worker's end, and its thread's.
test_files() {
	local before i last

	everything 2 "$A"
	kill -HUP "${ACTOR_PID[run]}"
	for i in 1 2; do # what came before has ended
		last=$(written)
		until_true rewritten "$last"
	done
	before=$(wakeups)
	for i in 1 2 3 4; do
		last=$(written)
		until_true rewritten "$last"
	done
	i=$(($(wakeups) - before))
	diag "$i wake-ups for 4 files"
	is "it wakes up for its files alone" "$((i <= 3 * 5))" 1
}

# VmRSS has the pages of its program and libraries, too, which others share.
test_small() {
	diag "$(memory VmRSS) KiB resident, $(memory RssAnon) of them its own, $(memory RssFile) of files"
	is "it has less than 8 MiB resident, all pages counted" "$(($(memory VmRSS) < 8192))" 1
}

# --- a disk that hangs -------------------------------------------------------------------------

gone() {
	! kill -0 "$1" 2>/dev/null
}

test_disk_hangs() {
	local pid=${ACTOR_PID[run]} before

	touch "$HOLD"
	until_true test -e "$HOLD.held"
	is "the disk hangs" "$?" 0
	before=$(generation)
	ip -n "$HOST" link set wgft0 down
	until_true newer_than "$before"
	is "the disk hangs: the tunnel is followed" "$?" 0
	tunnel_return
	kill -TERM "$pid"
	until_true gone "$pid"
	is "the disk hangs: the daemon ends all the same" "$?" 0
	kill -KILL "$pid" 2>/dev/null
	wait "$pid"
	is "the disk hangs: with 0" "$?" 0
	unset 'ACTOR_PID[run]'
	like "the disk hangs: it is said" "$(<"$LOG")" "the last metrics could not be written to $A in time"
	is "the disk hangs: the fence stands" "$(json enforced)" true
	rm "$HOLD"
	follow
	until_true fresh
	is "and the next daemon writes" "$?" 0
}

fresh() {
	[[ $(fence status --json) == *'"fresh": true'* ]]
}

# --- what stays behind -------------------------------------------------------------------------

where() {
	ls "$(file_in "$A")" "$(file_in "$B")" 2>/dev/null | sed "s,$TMP/\(.\)/.*,\1," | paste -s -d ' '
}

is_where() {
	[[ $(where) == "$1" ]]
}

# Nobody runs while the configuration is changed.
test_moved() {
	ended run TERM
	is "it is ended: its last file stays" "$(where)" a
	everything 3600 "$B"
	follow
	until_true is_where b
	is "another directory, changed meanwhile: the file is there, and there alone" "$(where)" b
	ended run TERM
	sed -i '/metrics/,$d' "$CONF"
	follow
	until_true is_where ""
	is "[metrics] taken out meanwhile: no file is left" "$(where)" ""
	everything 3600 "$A"
	kill -HUP "${ACTOR_PID[run]}"
	until_true is_where a
	everything 3600 "$B"
	kill -HUP "${ACTOR_PID[run]}"
	until_true is_where b
	is "changed by a reload" "$(where)" b
	ended run TERM
	everything 3600 "$A"
	fence detach --force >>"$LOG" 2>&1
	is "changed, then detached: no file is left" "$(where)" ""
	is "nor a note of it" "$(readlink "/run/wgfence/$NAME/metrics")" ""
}

mkdir "$A" "$B"
lab_up
everything 3600 "$A"
follow
until_true test -s "$(file_in "$A")"
test_all_is_on
test_asleep
test_files
test_small
test_disk_hangs
test_moved
plan
