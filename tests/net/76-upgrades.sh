#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A newer wgfence, of another layout, takes a fence over from an older one while members send: not
# one packet leaves past the tunnel, and each packet is counted once, whoever is killed when.

PARTS=udp
UDP_FLOODS="udp4 udp6 connected4 connected6 past4 past6"
. "${0%/*}/lib.sh"
. "${0%/*}/changes.sh"

UPGRADES=50
OLDER=$WGFENCE
NEWER=${WGF_NEXT:-$HERE/../../build/next/build/wgfence}

as() {
	local WGFENCE=$1

	shift
	"$@"
}

older() { as "$OLDER" "$@"; }
newer() { as "$NEWER" "$@"; }

# watch_counts: until B stands, what it says of the packets that were allowed never goes back.
BACKWARDS=
watch_counts() {
	local now last=0

	until grep -q "^fence .* stands" "$TMP/run.out"; do
		[[ $SECONDS -lt $1 ]] || bail "the newer one does not say that it stands"
		now=$(fence metrics 2>/dev/null | awk '/^wgfence_allowed_packets_total.*tunnel/ { n += $2 }
			END { print n + 0 }')
		[[ $now -eq 0 || $now -ge $last ]] || BACKWARDS="from $last to $now"
		[[ $now -eq 0 ]] || last=$now
	done
}

# take_over KILLED: the newer one starts; KILLED milliseconds later it is killed, and starts anew.
take_over() {
	if [[ $1 ]]; then
		run_in_background run
		sleep "0.$1"
		ended run KILL
	fi
	run_in_background run
	watch_counts $((SECONDS + DEADLINE))
}

# What the floods sent and what was counted, "ipv4 ok=10/10 EPERM=2/2 ...".
balance() {
	local family

	for family in 4 6; do
		sent $family ok
		printf 'ipv%d ok=%d/%d ' $family "$REPLY" "$(of udp counted allowed ipv$family)"
		sent $family EPERM
		printf 'EPERM=%d/%d ' "$REPLY" "$(of udp counted dropped ipv$family)"
	done
}

# Both numbers of each pair are the same, and something was sent, by the tunnel and past it.
balanced() {
	awk '{ for (i = 2; i <= NF; i++) if (split($i, n, /[=\/]/) == 3) {
			if (n[2] != n[3]) bad = 1
			sent[n[1]] += n[2]
		} } END { exit bad || !sent["ok"] || !sent["EPERM"] }' <<<"$1"
}

upgrade() {
	local i=$1 killed= how=TERM name account

	((i % 2)) || how=KILL
	((i % 3)) || killed=$(printf '%03d' $((RANDOM % 400)))
	of udp older follow
	up_by_older
	for name in $UDP_FLOODS; do
		of udp flood_on "$name"
	done
	try_to_send 10
	if ((i % 4 == 0)); then
		tunnel_delete
		try_to_send 3
	fi
	ended run "$how"
	of udp newer take_over "$killed"
	((i % 4)) || tunnel_make
	try_to_send 10
	udp_floods_off
	leaked
	account=$(newer balance)
	name="upgrade $i: the older ended by $how${killed:+, the newer killed after $killed ms}"
	if balanced "$account" && [[ -z $REPLY && -z $BACKWARDS ]]; then
		ok "$name"
	else
		not_ok "$name"
		diag "$account; leaked: $REPLY; went back: $BACKWARDS"
	fi
	diag "$account"
	ended run TERM
}

up_by_older() {
	until_true older each describes "wgft0 (interface $(index_of wgft0))" || bail "no policy"
}

# The pins of the older layout are gone, those of the newer are whole.
test_pins() {
	local layout

	layout=$(find "$PINS-udp" -name 'image-*' | sed 's/.*-//')
	is "one set of maps is left" "$(find "$PINS-udp" -mindepth 1 -name '*-[0-9]*' ! -name 'guard-*' -printf '%f\n' |
		sort | paste -s -d ' ')" \
		"counters-$layout events-$layout flows-$layout former-$layout image-$layout unix-$layout who-$layout"
}

# The older one does not touch what a newer one made.
test_older_refuses() {
	local verb

	for verb in attach status metrics; do
		of udp older says "the older one refuses: $verb" 4 "made by a newer wgfence" \
			older fence "$verb"
	done
	of udp older says "the older one refuses: run" 4 "made by a newer wgfence" older try_to_run
	of udp newer says "and nothing has changed" 0 "enforced" newer fence status
}

lab_up
parts_up
of udp configure enforce </dev/null
for ((n = 1; n <= UPGRADES; n++)); do
	upgrade $n
	if ((n == UPGRADES)); then
		test_pins
		test_older_refuses
	fi
	of udp newer fence detach --force >>"$LOG" 2>&1
	of udp opened
done
sniff_off
plan
