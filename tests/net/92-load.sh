#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Load. Thousands of connections through the fence, which outlive changes of the policy and the tunnel's
# absence; and drops as fast as all processors together can cause them, each its own reason: what was sent is
# what was counted, what was not told was counted as such, a slow reader's too, and nothing grows.
#
# LOAD_SECONDS is the time for each storm, CONNECTIONS how many; `make load` has minutes, and ten thousand.

. "${0%/*}/lib.sh"
. "${0%/*}/ledger.sh"
. "${0%/*}/changes.sh"
DEADLINE=90

CONNECTIONS=${CONNECTIONS:-2000}
CHANGES=${CHANGES:-30}
SECONDS_OF_STORM=${LOAD_SECONDS:-5}
SCATTERED=1000000

resident() {
	awk '/^VmRSS/ { print $2 }' "/proc/${ACTOR_PID[run]}/status"
}

is_up() { describes "wgft0 (interface $(index_of wgft0))" " $TUN4 on wgft0"; }
is_down() { describes "wgft0 (down or"; }

# --- a crowd -----------------------------------------------------------------------------------

answers() { # NAME QUESTION ANSWER
	ask crowd "$2"
	is "$1" "$ANSWER" "$3"
}

# What came to the tunnel, as its device counts (also what its queue had no room for), and as the fence does.
by_device() {
	in_host cat /proc/self/net/dev | awk '$1 == "wgft0:" { print $11 + $13 }'
}
by_fence() {
	counters | awk '$1 == "allowed" && $2 == "egress" && $4 == "tunnel" { n += $5 } END { print n + 0 }'
}

is_still() {
	local before

	before=$(by_device)
	sleep 0.5
	[[ $(by_device) == "$before" ]]
}

# One policy after the other, each other than the one before.
changes_on() {
	local i

	for ((i = 0; ; i++)); do
		printf '%s\n' '[webui]' "port = $((8000 + i % 2))" 'allow = lan' | configure enforce
		kill -HUP "${ACTOR_PID[run]}"
		sleep 0.05
	done &
	ACTOR_PID[changer]=$!
}

test_crowd() {
	local before device fence

	actor far in_net "$TOOLS/crowd" serve $WORLD4 7000
	ready far || bail "no server in the internet"
	actor crowd member "$TOOLS/crowd" call $WORLD4 7000
	ready crowd || bail "no crowd"
	device=$(by_device) fence=$(by_fence) before=$(generation)
	COUNTED=$(counters)
	answers "connections through the fence" "open $CONNECTIONS" "open=$CONNECTIONS"
	answers "each of them carries" echo "echoed=$CONNECTIONS"
	changes_on
	until [[ $(($(generation) - before)) -ge $CHANGES ]]; do
		ask crowd echo
		[[ $ANSWER == "echoed=$CONNECTIONS" ]] || break
	done
	kill "${ACTOR_PID[changer]}"
	wait "${ACTOR_PID[changer]}" 2>/dev/null
	unset "ACTOR_PID[changer]"
	is "and while the policy changes" "$ANSWER" "echoed=$CONNECTIONS"
	is "which it did, at least $CHANGES times" "$(($(generation) - before >= CHANGES))" 1
	is "nothing of theirs was dropped" "$(moved "$(counters)" | tr , '\n' | grep -c dropped)" 0
	until_true is_still # they acknowledge late what they were answered
	is "the fence has counted what the tunnel's device carried" "$(($(by_fence) - fence))" \
		"$(($(by_device) - device))"
	do_down
	until_true is_down
	answers "the tunnel is away: they send" send "sent=$CONNECTIONS"
	answers "and are there still" alive "alive=$CONNECTIONS"
	is "what they sent was dropped, and each time that they tried again" \
		"$(($(of_reason no_tunnel ipv4) >= CONNECTIONS))" 1
	do_up
	until_true is_up
	answers "it is back: all of it arrives" echo "echoed=$CONNECTIONS"
	leaked
	is "and nothing has left past it" "$REPLY" ""
	dismiss crowd
	dismiss far
	diag "until here $SECONDS s"
}

# --- storms ------------------------------------------------------------------------------------

# Reason, and where a datagram is dropped for it. By family.
STORMS=("past_tunnel_ipv4 ipv4 $PAST_VOID4 6201" "past_tunnel_ipv6 ipv6 $PAST_VOID6 6201" "dns ipv4 $PAST_VOID4 53"
	"local_discovery ipv4 $LAN_VOID4 6771" "loopback ipv4 127.0.0.1 631" "dns ipv6 $PAST_VOID6 53"
	"port_mapping ipv4 $LAN_VOID4 1900" "loopback ipv6 ::1 631")

# of_reason REASON FAMILY
of_reason() {
	counters | awk -v reason="$1" -v family="$2" \
		'$1 == "dropped" && $2 == "egress" && $3 == family && $4 == reason { print $5; n = 1 } END { if (!n) print 0 }'
}

# counted NAME: of each storm's reason, to the array of that name.
counted() {
	local -n of=$1
	local i=0 reason family

	for storm in "${STORMS[@]}"; do
		read -r reason family _ <<<"$storm"
		of[i]=$(of_reason "$reason" "$family")
		i=$((i + 1))
	done
}

# As many at a time as there are processors.
storms_on() {
	local i=0 pids=() reason family to port

	for storm in "${STORMS[@]}"; do
		read -r reason family to port <<<"$storm"
		alone member "$TOOLS/storm" "$SECONDS_OF_STORM" "$to" "$port" 0 >"$TMP/storm-$i" 2>>"$LOG" &
		pids+=($!)
		i=$((i + 1))
		((i % $(nproc))) && continue
		wait "${pids[@]}"
		pids=()
	done
	((${#pids[@]} == 0)) || wait "${pids[@]}" # of none it would wait for all
}

# A reader's own words of what it lost.
lost() {
	awk 'match($0, /"type": ?"lost"/) { sub(/.*"count": ?/, ""); n += $0 } END { print n + 0 }' "$1"
}

heard() { # FILE: what it was told, and told of as lost
	echo $(($(grep -cE '"type": ?"(drop|refuse)"' "$1") + $(lost "$1")))
}

heard_is() {
	[[ $(heard "$1") == "$2" ]]
}

records_sent() {
	records | sed 's/sent=\([0-9]*\) .*/\1/'
}

# one_more SENT: so much is told in a second; after a storm that is used up.
one_more() {
	member "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 6203 1 32" >/dev/null
	[[ $(records_sent) -gt $1 ]]
}

# Reads nothing until it is let.
slow_reader_on() {
	alone exec nsenter --net="/run/netns/$HOST" "$WGFENCE" events --config "$CONF" --json \
		>"$TMP/slow" 2>>"$LOG" &
	ACTOR_PID["slow"]=$!
	until_true grep -q '"hello"' "$TMP/slow" || bail "no hello from the daemon"
	kill -STOP "${ACTOR_PID[slow]}"
}

test_storms() {
	local before warm i=0 reason family to port sent all=$SCATTERED told

	member "$TOOLS/storm" many 2001:db8:8::1000 6202 100000 >"$TMP/warm"
	slow_reader_on
	before=$(records) warm=$(resident)
	counted BEFORE
	storms_on
	counted AFTER
	# To ever new places: as many events as there may be, more than a reader that does not read has room for.
	member "$TOOLS/storm" many 2001:db8:8::1000 6204 $SCATTERED >"$TMP/scattered"
	is "to ever new places: none left" "$(<"$TMP/scattered")" " ok=0 EPERM=$SCATTERED"
	for storm in "${STORMS[@]}"; do
		read -r reason family to port <<<"$storm"
		read -r _ sent < <(sed 's/.*EPERM=/x /' "$TMP/storm-$i")
		like "$reason, $family: none left" "$(<"$TMP/storm-$i")" '^ ok=0 EPERM=[0-9]+$'
		is "$reason, $family: sent is counted" "$((AFTER[i] - BEFORE[i]))" "$sent"
		all=$((all + sent))
		i=$((i + 1))
	done
	diag "$all drops, $(((all - SCATTERED) / (SECONDS_OF_STORM * (i + $(nproc) - 1) / $(nproc)))) a second"
	is "told and not told are all" "$(sum "$(difference "$before" "$(records)")")" "$all"
	told=$(records_sent)
	until_true heard_is "$TOLD" "$told"
	is "who reads was told of all that was sent, or of how many not" "$(heard "$TOLD")" "$told"
	kill -CONT "${ACTOR_PID[slow]}"
	until_true one_more "$told" # a gap is told with the next line
	told=$(($(records_sent) - $(sed 's/sent=\([0-9]*\) .*/\1/' <<<"$before")))
	until_true heard_is "$TMP/slow" "$told"
	is "who did not read: the same" "$(heard "$TMP/slow")" "$told"
	like "and lost most" "$(lost "$TMP/slow")" '^[1-9][0-9]*$'
	diag "$told events; the slow reader lost $(lost "$TMP/slow"); resident $warm kB, then $(resident) kB"
	is "the daemon has not grown" "$(($(resident) - warm <= 128))" 1
	like "the table of flows keeps to its size" \
		"$(fence status --json | sed -n 's/.*flows_total": \([0-9]*\).*/\1/p')" '^([0-9]{1,3}|10[01][0-9]|102[0-4])$'
	leaked
	is "and nothing has left past the tunnel" "$REPLY" ""
}

declare -a BEFORE AFTER
lab_up
printf '%s\n' '[webui]' 'port = 8001' 'allow = lan' | configure enforce
follow
sniff_others
readers_on
test_crowd
test_storms
ended run TERM
is "it ends when it is told to" "$?" 0
sniff_off
plan
