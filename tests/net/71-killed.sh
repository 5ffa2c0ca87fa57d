#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `run` and `attach` killed (SIGKILL) at whatever moment, while members send: what stands goes on
# standing and counting, not one packet leaves past the tunnel, and whoever comes next finishes the
# work.

PARTS=udp
UDP_FLOODS="udp4 udp6 connected4 connected6 past4 past6"
. "${0%/*}/lib.sh"
. "${0%/*}/changes.sh"

KILLS=100 # of run
MOMENTS=30 # at least, of attach

status_code() {
	fence status >>"$LOG" 2>&1
	echo $?
}

# One change after the other, until told that it is enough.
churn() {
	while [[ ! -e $TMP/enough ]]; do
		do_down
		do_up
		do_move
		do_return
		do_delete
		do_make
	done
}

# One configuration after the other, and each a reload for whoever runs; every third has an error.
reloads() {
	local i=0

	while [[ ! -e $TMP/enough ]]; do
		i=$((i + 1))
		printf '%s\n' '[webui]' "port = $((i % 3 ? 8000 + i % 50 : 0))" 'allow = lan' >"$TMP/next"
		(CONF=$TMP/next.conf configure enforce <"$TMP/next")
		mv "$TMP/next.conf" "$CONF"
		kill_those HUP <"$TMP/run.pid"
		sleep 0.05
	done
}

# intact NAME: nothing left, the programs are the same, no counter has gone back.
declare PROGRAMS COUNTERS
intact() {
	local now monotonic=no

	now=$(counters)
	not_less "$COUNTERS" "$now" && monotonic=yes
	leaked
	is "$1" "leaked: $REPLY; programs: $(programs); status $(status_code); monotonic: $monotonic" \
		"leaked: ; programs: $PROGRAMS; status 0; monotonic: yes"
	COUNTERS=$now
}

run_is_killed() {
	local i ms

	alone churn 2>>"$LOG" &
	ACTOR_PID[churn]=$!
	: >"$TMP/run.pid"
	alone reloads 2>>"$LOG" &
	ACTOR_PID[reloads]=$!
	for ((i = 1; i <= KILLS; i++)); do
		ms=$(printf '%03d' $((RANDOM % 400)))
		run_in_background run
		echo "${ACTOR_PID[run]}" >"$TMP/run.pid"
		sleep "0.$ms"
		ended run KILL
		intact "run killed, $i: $ms ms after its start"
	done
	touch "$TMP/enough"
	wait "${ACTOR_PID[churn]}" "${ACTOR_PID[reloads]}"
	unset "ACTOR_PID[churn]" "ACTOR_PID[reloads]"
	configure enforce </dev/null
}

# Every system call is a moment; in all at least MOMENTS of them.
attach_is_killed() {
	local n code kills=0

	for ((n = 1; ; n += 1 + RANDOM % 25)); do
		in_host "$TOOLS/killat" call "$n" "$WGFENCE" attach --config "$CONF" >>"$LOG" 2>&1
		code=$?
		[[ $code -eq 137 ]] || break
		intact "attach on a standing fence killed before its system call $n"
		kills=$((kills + 1))
	done
	is "attach that is not killed" "$code" 0
	like "at least $MOMENTS moments" "$kills" '^([3-9].|...)$'
}

# On a cgroup without a fence: before each call that changes something, and so after each. Egress is the last
# of the links: with it the fence stands, and what is still to come is the guard on each interface.
first_attach_is_killed() {
	local n code got sent wanted

	for ((n = 1; ; n++)); do
		fence detach --force >>"$LOG" 2>&1
		in_host "$TOOLS/killat" change "$n" "$WGFENCE" attach --config "$CONF" >>"$LOG" 2>&1
		code=$?
		[[ $code -eq 137 ]] || break
		wanted=3
		[[ -e $PINS/egress ]] && wanted=0
		got="status $(status_code)"
		attach
		sent=$(member "$TOOLS/talk" "${PAST#use 0; }" | tail -n 1)
		is "the first attach killed before its change $n; attached again" \
			"$got, then $(status_code): $sent" "status $wanted, then 0: $REFUSED"
	done
	is "the first attach, not killed" "$code" 0
	like "there were changes to be killed at" "$n" '^[2-9].$'
}

# The links go in order, and egress is the last.
detach_is_killed() {
	local n code sent wanted

	for ((n = 1; ; n++)); do
		attach
		in_host "$TOOLS/killat" change "$n" "$WGFENCE" detach --config "$CONF" >>"$LOG" 2>&1
		code=$?
		[[ $code -eq 137 ]] || break
		wanted=$REFUSED
		if [[ ! -e $PINS/egress ]]; then
			wanted=$SENT
			opened
		fi
		sent=$(member "$TOOLS/talk" "${PAST#use 0; }" | tail -n 1)
		is "detach killed before its change $n" "$sent" "$wanted"
	done
	is "detach that is not killed" "$code" 0
	like "there were changes to be killed at" "$n" '^[1-9].$'
}

lab_up
parts_up
of udp configure enforce </dev/null
of udp attach
for name in $UDP_FLOODS; do
	of udp flood_on "$name"
done
try_to_send 20
PROGRAMS=$(of udp programs) COUNTERS=$(of udp counters)
of udp run_is_killed
of udp follow
up_at_home
of udp intact "the next run adopts what stands, and the policy follows"
ended run TERM
of udp attach_is_killed
try_to_send 20
udp_floods_off
accounted 4 ipv4
accounted 6 ipv6
of udp first_attach_is_killed
of udp detach_is_killed
sniff_off
plan
