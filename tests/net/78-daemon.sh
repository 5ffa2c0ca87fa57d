#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What `run` owes to whoever runs it: it says when it is ready and not before, feeds the watchdog,
# reloads, sleeps while nothing happens, notices what it missed, waits for nobody, and ends.

. "${0%/*}/lib.sh"
. "${0%/*}/ledger.sh"

SAID=$TMP/notified

# Of system calls that let others run: a wake-up is one.
wakeups() {
	awk '/^voluntary_ctxt_switches/ { print $2 }' "/proc/${ACTOR_PID[run]}/status"
}

said() {
	grep -q -- "$1" "$SAID"
}

# run with what systemd gives a service of Type=notify with a watchdog.
notifying() {
	export NOTIFY_SOCKET=$TMP/notify WATCHDOG_USEC=$1
	run_in_background run
	unset NOTIFY_SOCKET WATCHDOG_USEC
}

test_ready() {
	alone exec "$TOOLS/heed" "$TMP/notify" >>"$SAID" 2>>"$LOG" &
	ACTOR_PID["heed"]=$!
	until_true said '^ready' || bail "nobody listens to notifications"
	notifying 400000
	until_true said 'READY=1' || bail "no READY=1"
	says "ready: at that moment it is enforced" 0 "enforced" fence status
	is "ready is said once" "$(grep -c 'READY=1' "$SAID")" 1
	until_true said 'WATCHDOG=1'
	is "the watchdog is fed" "$(grep -c -m 1 'WATCHDOG=1' "$SAID")" 1
	ended run TERM
	is "it ends by SIGTERM" "$?" 0
	is "and says that it stops" "$(grep -c 'STOPPING=1' "$SAID")" 1
	says "the fence stands" 0 "enforced" fence status
}

# Nothing is said of readiness where the fence does not stand.
test_not_ready() {
	: >"$SAID"
	printf 'rubbish\n' >"$CONF.wrong"
	mv "$CONF" "$CONF.right"
	mv "$CONF.wrong" "$CONF"
	notifying 60000000
	wait "${ACTOR_PID[run]}"
	is "a wrong configuration: it ends with 2" "$?" 2
	unset 'ACTOR_PID[run]'
	is "and never says that it is ready" "$(grep -c 'READY=1' "$SAID")" 0
	mv "$CONF.right" "$CONF"
}

# A reload replaces the policy; one that fails changes nothing, and `status` says why.
test_reload() {
	local before

	: >"$SAID"
	notifying 60000000
	until_true said 'READY=1' || bail "no READY=1"
	printf '%s\n' '[webui]' 'port = 8080' 'allow = lan' | configure enforce
	reloaded
	like "reload: the new policy is in force" "$(fence status)" 'webui +tcp port 8080'
	like "and told: reloading, ready" "$(grep -E 'RELOADING|READY' "$SAID" | paste -s -d ' ')" \
		'READY=1.*RELOADING=1.*READY=1'
	before=$(image)
	printf '%s\n' '[webui]' 'port = 0' 'allow = lan' | configure enforce
	kill -HUP "${ACTOR_PID[run]}"
	until_true said 'not reloaded'
	like "reload of a broken file: told" "$(grep 'not reloaded' "$SAID")" "$CONF:7: port: found"
	is "and nothing changed" "$(image)" "$before"
	like "and status says why" "$(fence status)" "config +$CONF:7: port: found"
	like "also in JSON" "$(fence status --json)" '"configuration_error": ".*port: found'
	printf '[fence]\ncgroup = /\ntunnel = wgft0\n' >"$CONF"
	sed -i "s,= /\$,= $CGROUP/other," "$CONF"
	mkdir "$CGROUP_DIR/other"
	kill -HUP "${ACTOR_PID[run]}"
	until_true said 'another unit or cgroup'
	is "reload of another cgroup: refused" "$(grep -c 'another unit or cgroup' "$SAID")" 1
	is "and nothing changed" "$(image)" "$before"
	rmdir "$CGROUP_DIR/other"
	printf '%s\n' '[webui]' 'port = 8081' 'allow = lan' | configure enforce
	reloaded
	like "the next one that is right is taken" "$(fence status)" 'webui +tcp port 8081'
}

test_idle() {
	local before

	sleep 1
	before=$(wakeups)
	sleep 3
	is "while nothing happens it sleeps" "$(($(wakeups) - before))" 0
}

# More news than its socket holds, while it cannot read.
test_overrun() {
	local i

	kill -STOP "${ACTOR_PID[run]}"
	for i in {1..3000}; do
		echo "addr add 10.9.$((i % 200)).1/32 dev lan0"
		echo "addr del 10.9.$((i % 200)).1/32 dev lan0"
	done | ip -n "$HOST" -force -batch - 2>>"$LOG"
	tunnel_address 10.128.0.9 fd00:128::9
	kill -CONT "${ACTOR_PID[run]}"
	until_true current 10.128.0.9
	like "news that were lost are made up for" "$(fence status)" '10\.128\.0\.9 on wgft0'
	tunnel_address $TUN4 $TUN6
	until_true current $TUN4
}

current() {
	[[ $(fence status) == *" $1 on wgft0"* ]]
}

# A pipe for its output that nobody reads.
test_unread() {
	local i

	ended run TERM
	mkfifo "$TMP/unread"
	exec {UNREAD}<>"$TMP/unread"
	alone exec_run >"$TMP/unread" 2>&1 &
	ACTOR_PID["run"]=$!
	until_true listens || bail "no daemon"
	for i in {1..1500}; do
		echo "link set wgft0 mtu $((1280 + i % 2)) down"
		echo "link set wgft0 up"
	done | ip -n "$HOST" -batch -
	for i in {1..60}; do
		ip -n "$HOST" link set wgft0 down
		until_true absent_now
		tunnel_back
		until_true current $TUN4 || break
	done
	is "with its output unread it still follows" "$i $(fence status | grep -c " $TUN4 on wgft0")" "60 1"
	ended run TERM
	is "and ends when it is told to" "$?" 0
	exec {UNREAD}<&-
}

# A pipe whose reader has gone: a plain write would end the daemon.
test_abandoned() {
	local reader

	exec {reader}< <(alone exec_run 2>>"$LOG")
	ACTOR_PID["run"]=$!
	read -r -t "$DEADLINE" -u "$reader" _ || bail "no daemon"
	exec {reader}<&-
	ip -n "$HOST" link set wgft0 down
	until_true absent_now
	tunnel_back
	until_true current $TUN4
	is "with nobody at its output it still follows" "$(fence status | grep -c " $TUN4 on wgft0")" 1
	ended run TERM
	is "and ends when it is told to" "$?" 0
}

tunnel_back() {
	ip -n "$HOST" link set wgft0 up
	tunnel_address $TUN4 $TUN6
}

absent_now() {
	[[ $(fence status) == *"wgft0 (down or"* ]]
}

listens() {
	[[ -S /run/wgfence/$NAME/events ]]
}

# What is made in a cgroup that is removed and made anew, with the one above it or without.
test_cgroup() {
	local whole=$CGROUP_DIR CGROUP=$CGROUP/above/below CGROUP_DIR=$CGROUP_DIR/above/below i

	fence detach --force >>"$LOG" 2>&1
	mkdir -p "$CGROUP_DIR"
	configure enforce </dev/null
	run_in_background run
	for i in 1 2 3 4; do
		until_true grep -q "stands on $CGROUP" "$TMP/run.out" || bail "it does not stand"
		is "the cgroup, $i: members are held" "$(member "$TOOLS/talk" "${PAST#use 0; }" | tail -n 1)" \
			"$REFUSED"
		: >"$TMP/run.out"
		rmdir "$CGROUP_DIR"
		until_true grep -q "is gone" "$TMP/run.out" || bail "it does not notice"
		is "and gone: status says so" "$(fence status >>"$LOG" 2>&1; echo $?)" 3
		((i % 2)) || rmdir "$whole/above"
		: >"$TMP/run.out"
		mkdir -p "$CGROUP_DIR"
	done
	until_true grep -q "stands on $CGROUP" "$TMP/run.out"
	ended run TERM
	fence detach --force >>"$LOG" 2>&1
}

# bpffs unmounted under the daemon, and mounted again.
test_bpffs() {
	local CGROUP=$CGROUP/mounted CGROUP_DIR=$CGROUP_DIR/mounted

	mkdir "$CGROUP_DIR"
	fence detach --force >>"$LOG" 2>&1
	configure enforce </dev/null
	: >"$TMP/run.out"
	follow
	umount -l /sys/fs/bpf
	until_true grep -q "bpffs was unmounted" "$LOG" || bail "it does not notice"
	is "bpffs unmounted: members are held" "$(member "$TOOLS/talk" "${PAST#use 0; }" | tail -n 1)" "$REFUSED"
	says "but others see no fence" 4 "bpffs is not mounted|does not stand" fence attach
	mount -t bpf bpf /sys/fs/bpf
	until_true grep -q "is back" "$TMP/run.out" || bail "it does not repair"
	says "bpffs back: it stands, and is seen" 0 "enforced" fence status
	umount -l /sys/fs/bpf
	until_true grep -q "bpffs was unmounted" "$LOG"
	rmdir_and_make
	mount -t bpf bpf /sys/fs/bpf
	until_true grep -q "is back" "$TMP/run.out"
	until_true fence status >>"$LOG" 2>&1
	is "the cgroup made anew while bpffs was away: members are held" \
		"$(member "$TOOLS/talk" "${PAST#use 0; }" | tail -n 1)" "$REFUSED"
	ended run KILL
	is "and without the daemon" "$(member "$TOOLS/talk" "${PAST#use 0; }" | tail -n 1)" "$REFUSED"
	says "it is adopted" 0 "stands on" fence attach
	fence detach --force >>"$LOG" 2>&1
}

rmdir_and_make() {
	rmdir "$CGROUP_DIR"
	mkdir "$CGROUP_DIR"
	: >"$TMP/run.out"
	: >"$LOG"
}

lab_up
configure enforce </dev/null
test_ready
test_not_ready
test_reload
test_idle
test_overrun
test_unread
test_abandoned
test_bpffs
test_cgroup
plan
