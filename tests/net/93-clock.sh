#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A wall clock that jumps, ten years on and back before the epoch: the daemon follows all the same, sleeps
# as before, and what it tells has the time that is then. Waits are by the clock that does not jump.

. "${0%/*}/lib.sh"
. "${0%/*}/ledger.sh"
. "${0%/*}/changes.sh"

TEXTFILES=$TMP/textfiles
FILE=$TEXTFILES/wgfence-$NAME.prom
YEARS=$((10 * 365 * 86400))

exec_run() {
	exec nsenter --net="/run/netns/$HOST" env LD_PRELOAD="$TOOLS/shift.so" WGF_SHIFT="$TMP/shift" \
		"$WGFENCE" run --config "$CONF"
}

# shifted_by SECONDS: in place, as the process has it mapped.
shifted_by() {
	local n=$1 i bytes=

	for ((i = 0; i < 8; i++)); do
		bytes+=$(printf '\\x%02x' $((n & 255)))
		n=$((n >> 8))
	done
	# shellcheck disable=SC2059
	printf "$bytes" | dd of="$TMP/shift" conv=notrunc status=none
}

is_up() { describes "wgft0 (interface $(index_of wgft0))" " $TUN4 on wgft0"; }
is_down() { describes "wgft0 (down or"; }

wakeups() {
	awk '/^voluntary_ctxt_switches/ { print $2 }' "/proc/${ACTOR_PID[run]}/status"
}

value() {
	sed -n "s/^$1{[^}]*} //p" "$FILE"
}

# The number, whole seconds, that the file has is at least this one.
written_since() {
	local n

	n=$(value wgfence_last_write_timestamp_seconds)
	[[ ${n%.*} -ge $1 && ${n%.*} -le $(($1 + 600)) ]]
}

# at NAME SHIFT YEAR PORT
at() {
	local name=$1 now=$(($(date +%s) + $2)) before last

	((now < 0)) && now=0
	shifted_by "$2"
	do_down
	until_true is_down
	is "$name: it follows the tunnel away" "$?" 0
	do_up
	until_true is_up
	is "$name: and back" "$?" 0
	sleep 1.1 # so that the flow may tell of itself again
	member "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 $4 1 32" >/dev/null
	like "$name: an event has the time that is then" "$(event_with remote_port "$4" : time)" "^\"$3-"
	kill -HUP "${ACTOR_PID[run]}"
	until_true written_since "$now"
	is "$name: the metrics are of then" "$?" 0
	last=$(value wgfence_last_drop_timestamp_seconds)
	like "$name: the last drop is not of the future" "$last $(value wgfence_last_write_timestamp_seconds)" '^[0-9]+\.[0-9]{3} [0-9]+\.[0-9]{3}$'
	is "$name: nor later than its metrics" "$((${last%.*} <= now + 600))" 1
	sleep 1
	before=$(wakeups)
	sleep 2
	is "$name: it sleeps" "$(($(wakeups) - before <= 1))" 1
	is "$name: members are held" "$(member "$TOOLS/talk" "${PAST#use 0; }" | tail -n 1)" "$REFUSED"
}

lab_up
mkdir "$TEXTFILES"
printf '%s\n' '[metrics]' "directory = $TEXTFILES" 'interval = 3600' | configure enforce
printf '\0\0\0\0\0\0\0\0' >"$TMP/shift"
follow
sniff_others
readers_on
until_true test -s "$FILE"
at "as it is" 0 "$(date -u +%Y)" 6601
at "ten years on" $YEARS "$(date -u -d "@$(($(date +%s) + YEARS))" +%Y)" 6602
at "and back" 0 "$(date -u +%Y)" 6603
at "1970" "-$(($(date +%s) - 30))" 1970 6604
at "and back again" 0 "$(date -u +%Y)" 6605
leaked
is "nothing has left past the tunnel" "$REPLY" ""
ended run TERM
is "it ends when it is told to" "$?" 0
sniff_off
plan
