#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Drops as fast as one processor can cause them, for a minute (STORM_SECONDS), with a daemon and a
# reader: every one is counted, every one is recorded or counted as not, and nothing grows.

. "${0%/*}/lib.sh"
. "${0%/*}/ledger.sh"

SECONDS_OF_STORM=${STORM_SECONDS:-60}

resident() {
	awk '/^VmRSS/ { print $2 }' "/proc/${ACTOR_PID[run]}/status"
}

# Of all time in ticks (hundredths of a second), by the daemon.
ticks() {
	awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/${ACTOR_PID[run]}/stat"
}

lab_up
configure enforce </dev/null
follow
readers_on
member "$TOOLS/storm" one $PAST_VOID4 6200 200000 >"$TMP/warm"
WARM=$(resident) TICKS=$(ticks)
begin_counted=$(fence metrics | awk '/^wgfence_dropped_packets_total/ { n += $2 } END { print n }')
BEFORE=$(records)
member "$TOOLS/storm" "$SECONDS_OF_STORM" $PAST_VOID4 6201 0 >"$TMP/storm"
member "$TOOLS/storm" many 2001:db8:8::1000 6202 500000 >"$TMP/scattered"
AFTER=$(records)
END=$(resident)
USED=$(($(ticks) - TICKS))
read -r _ ALL < <(sed 's/.*EPERM=/x /' "$TMP/storm")
ALL=$((ALL + 500000))
counted=$(fence metrics | awk '/^wgfence_dropped_packets_total/ { n += $2 } END { print n }')
diag "$((ALL / SECONDS_OF_STORM)) drops a second; resident $WARM kB, then $END kB; $USED ticks of the daemon"
like "all were dropped" "$(cat "$TMP/storm" "$TMP/scattered" | paste -s)" '^ ok=0 EPERM=[0-9]+.* ok=0 EPERM=500000$'
is "the counters are the sender's own count" "$((counted - begin_counted))" "$ALL"
is "recorded and not recorded are all" "$(sum "$(difference "$BEFORE" "$AFTER")")" "$ALL"
SENT=$(records | sed 's/sent=\([0-9]*\) .*/\1/')
until_true told_is "$SENT"
is "a reader was told of all that was sent" "$(told)" "$SENT"
is "the daemon has not grown" "$((END - WARM <= 64))" 1
is "nor needed a tenth of a processor" "$((USED <= SECONDS_OF_STORM * 10 + 100))" 1
is "its memory is below 8 MiB" "$((END < 8192))" 1
plan
