# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the client tried and the fence did not let it do, as it happens.
#
# Owns: where that is known from. `wgfence events` tells of each try; where this wgfence has no such verb,
# what the counters moved by since the last look.

TRIED=()     # since the last look, a line each
TRIED_FROM=0 # lines of events that were shown before; with counters, the counters then
TRIED_MOST=3 # tries a look

events_there() {
	"$WGFENCE" events --help >/dev/null 2>&1
}

# The counters of what was not let be, reason by reason: "refused connect ipv4 no_tunnel 2".
against() {
	counters | grep -E '^(dropped|refused) '
}

# in_words FORMAT: such lines as number, what, where, family and the text that wgfence has for the reason.
in_words() {
	awk -v format="$1" '
		BEGIN { FS = "\"" }
		FNR == NR { if (/^\tX\(/) text[$2] = $4; next }
		NF { split($0, w, " "); printf format, w[5], w[1], w[2], w[3], text[w[4]] }
	' "$DEMO/../include/reasons.h" -
}

tried_begin() {
	if events_there; then
		alone in_host "$WGFENCE" events --config "$CONF" >"$TMP/events" 2>>"$LOG" &
		ACTOR_PID["events"]=$!
	else
		TRIED_FROM=$(against)
	fi
}

tried_look() {
	local now

	if [[ ${ACTOR_PID[events]:-} ]]; then
		mapfile -t -s "$TRIED_FROM" TRIED <"$TMP/events"
		TRIED_FROM=$((TRIED_FROM + ${#TRIED[@]}))
		mapfile -t TRIED < <(printf '%s\n' "${TRIED[@]}" | grep '^[0-9]')
	else
		now=$(against)
		mapfile -t TRIED < <(COUNTED=$TRIED_FROM moved "$now" | sed 's/, /\n/g' |
			in_words "$(date +%T)  %d %s: %s %s, %s\n")
		TRIED_FROM=$now
	fi
	if ((${#TRIED[@]} > TRIED_MOST)); then
		TRIED[TRIED_MOST - 1]="... and $((${#TRIED[@]} - TRIED_MOST + 1)) more"
		TRIED=("${TRIED[@]:0:TRIED_MOST}")
	fi
	mapfile -t TRIED < <(printf '%s\n' "${TRIED[@]}" | wrapped)
}

# Lines that fit, what follows a first one indented; empty ones left out.
wrapped() {
	awk 'NF {
		line = $1
		for (i = 2; i <= NF; i++)
			if (length(line) + length($i) > 76) {
				print line
				line = "         " $i
			} else {
				line = line " " $i
			}
		print line
	}'
}

tried_end() {
	[[ ${ACTOR_PID[events]:-} ]] || return 0
	kill "${ACTOR_PID[events]}"
	unset "ACTOR_PID[events]"
}
