#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each system call of `run` failing once: nothing opens, nothing hangs, and the error names its cause.
# In a first start; in one that adopts a fence that stands, while the tunnel comes and goes; and while
# it follows a change. Members flood past the tunnel and through it where a fence stands.
#
# ROUTE=on has members carried: rules and routes are put in place, too, and must be there in the end.
# Each map that is made fails in each way, always: out of memory is where that happens first.
#
# FAULTS=each tries each call, FAULTS=all each errno at each; TEST_SEED repeats a choice.

PARTS=udp
UDP_FLOODS="udp4 connected6 past4" # two that follow the routes, one that never goes by the tunnel
. "${0%/*}/lib.sh"
. "${0%/*}/faults.sh"
FOLLOWS=3			   # seconds for a policy that must come
SPINS=20			   # per cent of a processor

# --- a first start -------------------------------------------------------------------------------

# Either it says that it stands, and does; or it ends, and says why. Then whatever it left is
# finished by the next, and taken down.
first_start() {
	start fail "$1" "$2" "$TMP/fault"
	case $STOOD in
	yes | mute) first_stands ;;
	no) first_refused ;;
	hangs) hangs ;;
	esac
	[[ ! -d $PINS ]] || fence detach --force >>"$LOG" 2>&1
}

first_stands() {
	enforced
	WRONG=$REPLY
	carried
	sends_nothing
	stop || WRONG+=" its end: $?"
}

# Rules and routes come, if not at the first try.
carried() {
	[[ $ROUTE == off ]] || until_true describes "all there" || WRONG+=" rules or routes are missing"
}

sends_nothing() {
	local sent

	sent=$(member "$TOOLS/talk" "${PAST#use 0; }" | tail -n 1)
	[[ $sent == "$REFUSED" ]] || WRONG+=" past the tunnel: $sent"
}

first_refused() {
	stop
	refused $?
	[[ -d $PINS ]] || return
	fence attach >>"$LOG" 2>&1 || WRONG+=" then attach: $?"
	enforced
	WRONG+=$REPLY
	carried
}

hangs() {
	WRONG="neither stands nor ends: $(<"$TMP/run.err")"
	stop KILL
}

# --- a fence that stands -------------------------------------------------------------------------

# Not by their ids: where it cannot be read what a link has, it gets the same once more.
programs_now() {
	bpftool cgroup show "$CGROUP_DIR" 2>>"$LOG" | awk '{ print $2, $4 }' | sort | paste -s -d ' '
}

# What must be so whatever failed: adds to WRONG what is not.
declare PROGRAMS COUNTERS LEAKED
intact() {
	local now

	now=$(counters)
	not_less "$COUNTERS" "$now" || WRONG+=" a counter went back"
	COUNTERS=$now
	leaked
	[[ $REPLY == "$LEAKED" ]] || WRONG+=" leaked: $REPLY: $(left | tail -n 3)"
	LEAKED=$REPLY
	[[ $(programs_now) == "$PROGRAMS" ]] || WRONG+=" programs: $(programs_now)"
	enforced
	WRONG+=$REPLY
}

adopting() {
	start fail "$1" "$2" "$TMP/fault"
	case $STOOD in
	yes | mute)
		idle
		stop || WRONG+=" its end: $?"
		;;
	no)
		stop
		refused $?
		;;
	hangs) hangs ;;
	esac
	intact
}

# Time that it was on a processor, in ns: all threads.
cpu_time() {
	cat /proc/"${ACTOR_PID[run]}"/task/*/schedstat 2>/dev/null |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# used SECONDS: more than SPINS in this time?
used() {
	local before

	before=$(cpu_time)
	sleep "$1"
	REPLY=$(awk -v before="$before" -v now="$(cpu_time)" -v seconds="$1" \
		'BEGIN { print int((now - before) / seconds / 1e7) }')
	[[ $REPLY -ge $SPINS ]]
}

# It does not spin: a second that tells is spent only where a short look is not enough.
idle() {
	used 0.1 && used 1 && WRONG+=" spins: $REPLY %"
}

# One change after the other, at a pace that leaves something of the processors to others.
churn() {
	while [[ ! -e $TMP/enough ]]; do
		for change in do_down do_up do_down do_up do_delete do_make; do
			$change
			sleep 0.2
		done
	done
}

churn_on() {
	alone churn 2>>"$LOG" &
	ACTOR_PID["churn"]=$!
}

churn_off() {
	touch "$TMP/enough"
	wait "${ACTOR_PID[churn]}"
	unset "ACTOR_PID[churn]"
	[[ $(index_of wgft0) ]] || do_make
}

# --- while it follows ----------------------------------------------------------------------------

is_up() {
	describes "wgft0 (interface $(index_of wgft0))" " $TUN4 on wgft0" " $TUN6 on wgft0"
}

is_down() { describes "wgft0 (down or"; }

# watch ARGUMENT...: failat on the one that runs.
watch() {
	from watch exec "$TOOLS/failat" "$@" "$TMP/fault" -p "${ACTOR_PID[run]}"
	WATCH=$FROM WATCHER=$REPLY
	read -r -t "$DEADLINE" -u "$WATCH" || bail "failat does not trace"
}

watch_no_more() {
	kill "$WATCHER" 2>/dev/null
	wait "$WATCHER" 2>/dev/null
	exec {WATCH}<&-
}

follow_on() {
	start fail 1000000 0 "$TMP/fault"
	[[ $STOOD == yes ]] || bail "run does not stand: $(<"$TMP/run.err")"
}

runs() {
	kill -0 "${ACTOR_PID[run]}" 2>/dev/null && ! grep -q '^State:.*Z' "/proc/${ACTOR_PID[run]}/status"
}

# follows NAME CHECK: within its time, or it has ended.
follows() {
	DEADLINE=$FOLLOWS until_true follows_or_ended "$2" || WRONG+=" does not follow: $1"
}
follows_or_ended() { "$1" || ! runs; }

down_and_up() {
	do_down
	follows "down" is_down
	do_up
	follows "up" is_up
}

# Until the fault is met. The policy's slots go round meanwhile: the calls for that are among them.
ROUNDS=4
until_met() {
	local i

	for ((i = 0; i < ROUNDS; i++)); do
		down_and_up
		fault && return
	done
}

following() {
	local met

	: >"$TMP/fault"
	: >"$TMP/run.err"
	watch fail "$1" "$2"
	until_met 2>>"$LOG"
	watch_no_more
	fault
	runs && idle
	if ! runs || [[ $WRONG ]]; then
		stop KILL
		[[ $WRONG ]] || refused $?
		met=("$AT" "$CALL" "$ERRNO")
		follow_on
		AT=${met[0]} CALL=${met[1]} ERRNO=${met[2]}
		until_true is_up || WRONG+=" and the next does not follow"
	fi
	intact
}

# --- all of it -----------------------------------------------------------------------------------

# list COMMAND...: which calls there are: $TMP/list.
list() {
	"$@"
	stop || bail "run ended while its calls were listed: $(<"$TMP/run.err")"
	cp "$TMP/fault" "$TMP/list"
	fault_count=$(wc -l <"$TMP/list")
	diag "$fault_count calls"
}

list_start() { start list "$TMP/fault"; }

list_following() {
	local i

	follow_on
	watch list
	for ((i = 0; i < ROUNDS; i++)); do
		down_and_up 2>>"$LOG"
	done
	watch_no_more
}

floods_on_here() {
	local name

	for name in $UDP_FLOODS; do
		flood_on "$name"
	done
}

in_a_first_start() {
	list list_start
	fence detach --force >>"$LOG" 2>&1
	each_fault "a first start" "$TMP/list" first_start
	grep ' bpf-map_create ' "$TMP/list" >"$TMP/maps"
	FAULTS=all each_fault "a first start, each map" "$TMP/maps" first_start
	diag "until here $SECONDS s"
}

in_one_that_adopts() {
	list list_start
	churn_on
	each_fault "adopting" "$TMP/list" adopting
	churn_off
	diag "until here $SECONDS s"
}

in_one_that_follows() {
	list list_following
	follow_on
	each_fault "following" "$TMP/list" following
	stop
}

lab_up
parts_up
diag "TEST_SEED=$SEED${FAULTS:+, $FAULTS}"
of udp configure enforce </dev/null
of udp in_a_first_start
of udp attach
of udp floods_on_here
try_to_send 20
PROGRAMS=$(of udp programs_now) COUNTERS=$(of udp counters)
leaked
LEAKED=$REPLY
of udp in_one_that_adopts
of udp in_one_that_follows
of udp follow_on
WRONG=
of udp intact
of udp carried
is "the next run, without a fault" "$WRONG" ""
of udp stop
udp_floods_off
sniff_off
diag "$TRIED faults"
like "faults enough" "$TRIED" '^([2-9]..|....+)$'
plan
