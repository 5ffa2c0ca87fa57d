# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Reading the ledger, as its users do: `wgfence events`, `status --json`, `metrics`.
#
# Owns: waiting for what a reader is told, and picking fields out of lines of JSON.

. "$HERE/lifecycle.sh"

HOGS=()
READER= # its process
TOLD=$TMP/told

readers_on() {
	: >"$TOLD"
	alone exec nsenter --net="/run/netns/$HOST" "$WGFENCE" events --config "$CONF" --json \
		>"$TOLD" 2>>"$LOG" &
	READER=$!
	until_true grep -q '"hello"' "$TOLD" || bail "no hello from the daemon"
}

# fields KEY...: of lines of JSON without nested objects, the values of these keys, as they stand.
fields() {
	awk -v keys="$*" '{
		n = split(keys, key, " ")
		line = ""
		for (i = 1; i <= n; i++) {
			at = index($0, "\"" key[i] "\":")
			value = substr($0, at + length(key[i]) + 3)
			sub(/^ /, "", value)
			sub(/[,}].*/, "", value)
			line = line (i > 1 ? " " : "") (at ? value : "-")
		}
		print line
	}'
}

# with KEY VALUE...: the lines in which each key has that value.
with() {
	awk -v pairs="$*" 'BEGIN { n = split(pairs, pair, " ") } {
		for (i = 1; i < n; i += 2)
			if (!match($0, "\"" pair[i] "\": ?" escaped(pair[i + 1]) "[,}]"))
				next
		print
	}
	function escaped(text) {
		gsub(/[.]/, "[.]", text)
		return text
	}'
}

# pick KEY VALUE... : KEY...: of the first line with these values, those fields.
pick() {
	local -a pairs=()

	while [[ $1 != : ]]; do
		pairs+=("$1")
		shift
	done
	shift
	with "${pairs[@]}" | head -n 1 | fields "$@"
}

# event_with KEY VALUE... : KEY...: of what the reader was told; waited for.
event_with() {
	until_true has_event "$@"
	pick "$@" <"$TOLD"
}

has_event() {
	[[ -n $(pick "$@" <"$TOLD") ]]
}

# flow_with KEY VALUE... : KEY...: of the flows of `status`.
flow_with() {
	fence status --json 2>>"$LOG" | grep '^    {"hook".*"count"' | pick "$@"
}

# How many events the reader was told of.
told() {
	grep -cE '"type": ?"(drop|refuse)"' "$TOLD"
}

told_is() {
	[[ $(told) == "$1" ]]
}

# "sent=5 flow=21 rate=0 ring=0"
records() {
	fence metrics 2>>"$LOG" | awk '
		/^wgfence_events_total/ { sent = $2 }
		/^wgfence_events_not_sent_total/ {
			sub(/.*cause="/, "")
			sub(/"} /, "=")
			rest = rest " " $0
		}
		END { print "sent=" sent rest }'
}

# difference BEFORE AFTER, both of records
difference() {
	awk -F '[= ]' 'NR == 1 { split($0, was, "[= ]") }
		NR == 2 {
			for (i = 1; i < NF; i += 2)
				printf "%s%s=%d", (i > 1 ? " " : ""), $i, $(i + 1) - was[i + 1]
		}' <(printf '%s\n' "$1") <(printf '%s\n' "$2")
}

sum() {
	awk -F '[= ]' '{ for (i = 2; i <= NF; i += 2) n += $i; print n }' <<<"$1"
}

# reloaded: tells the daemon, and waits until its policy is in force.
reloaded() {
	local before

	before=$(generation)
	kill -HUP "${ACTOR_PID[run]}"
	until_true newer_than "$before" || bail "the daemon does not reload"
}

newer_than() {
	[[ $(generation) -gt $1 ]]
}
