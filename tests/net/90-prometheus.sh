#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Metrics as their users have them: the daemon's textfile through a real node exporter in a real Prometheus,
# by the alert rules and the dashboard that are shipped. The counts are those of a sender; the alerts fire when
# the fence is attacked and the tunnel cut, and end.

PARTS=b
. "${0%/*}/lib.sh"
. "${0%/*}/ledger.sh"
. "${0%/*}/prometheus.sh"
DEADLINE=30
trap 'textfiles_gone 2>/dev/null; parts_down' EXIT

FILE=$TEXTFILES/wgfence-$NAME.prom
B=$NAME-b

# wireguard NETNS: its process.
wireguard_of() {
	local pid

	for pid in $(ip netns pids "$1"); do
		[[ $(<"/proc/$pid/comm") == wireguard-go ]] && echo "$pid" && return
	done
}

# With the socket of wireguard-go in sight, which the lab keeps in a mount namespace of its own.
exec_run() {
	exec nsenter --net="/run/netns/$HOST" --mount="/proc/$WIREGUARD/ns/mnt" \
		"$WGFENCE" run --config "$CONF"
}

# measured INTERVAL [MODE]: the configuration, with metrics.
measured() {
	printf '%s\n' '[metrics]' "directory = $TEXTFILES" "interval = $1" | configure "${2:-enforce}"
}

# --- the file ----------------------------------------------------------------------------------

has() {
	grep -q -- "$1" "$FILE"
}

series() {
	sed -n "s/^$1{fence=\"$NAME\"} //p" "$FILE"
}

test_first() {
	until_true test -s "$FILE"
	is "the file is everybody's to read" "$(stat -c %a "$FILE")" 644
	is "promtool check metrics" "$("$BIN/promtool" check metrics <"$FILE" 2>&1)" ""
	is "nothing is left beside it" "$(ls -A "$TEXTFILES")" "${FILE##*/}"
	like "status says so" "$(fence status)" "metrics +written to $TEXTFILES "
	tell m "use 0; socket 4 dgram; sendto $PAST_VOID4 6000 3 32"
	# The first of the three has it written, when the others may not be counted yet.
	until_true has '^wgfence_dropped_packets_total{.*family="ipv4",reason="past_tunnel_ipv4"} [123]$'
	is "a reason that moves for the first time is written at once, not a minute later" "$?" 0
}

# --- exact -------------------------------------------------------------------------------------

# What the sender sends, and what Prometheus then has; the sniffer sees that none of it left.
test_exact() {
	begin
	tell m "socket 4 dgram; sendto $PAST_VOID4 6000 4 32; socket 6 dgram; sendto $PAST_VOID6 6000 5 32"
	tell m "socket 4 dgram; sendto $PAST_VOID4 53 2 32; sendto $PAST_VOID4 1900 9 32"
	want "attempts and noise: none leaves" - "" \
		"dropped egress ipv4 dns 2, dropped egress ipv4 past_tunnel_ipv4 4, $(
		)dropped egress ipv4 port_mapping 9, dropped egress ipv6 past_tunnel_ipv6 5"
	tell m "$BY_TUNNEL"
	want "what goes by the tunnel does" "$SENT" "tunnel=3" "allowed egress ipv4 tunnel 3"
	tell m "socket 4 dgram; bind $HOME4 7007"
	want "a call is refused" - "" "refused bind ipv4 bind_refused 1"

	local of="fence=\"$NAME\"" egress="direction=\"egress\""
	becomes "Prometheus: past the tunnel, IPv4" \
		"wgfence_dropped_packets_total{$of,$egress,family=\"ipv4\",reason=\"past_tunnel_ipv4\"}" 7
	becomes "Prometheus: past the tunnel, IPv6" \
		"wgfence_dropped_packets_total{$of,$egress,family=\"ipv6\",reason=\"past_tunnel_ipv6\"}" 5
	becomes "Prometheus: their bytes, 32 and 48 a header" \
		"wgfence_dropped_bytes_total{$of,$egress,family=\"ipv6\",reason=\"past_tunnel_ipv6\"}" $((5 * 80))
	becomes "Prometheus: DNS" "wgfence_dropped_packets_total{$of,$egress,family=\"ipv4\",reason=\"dns\"}" 2
	becomes "Prometheus: noise" \
		"wgfence_dropped_packets_total{$of,$egress,family=\"ipv4\",reason=\"port_mapping\"}" 9
	becomes "Prometheus: the tunnel" \
		"wgfence_allowed_packets_total{$of,$egress,family=\"ipv4\",class=\"tunnel\"}" 3
	becomes "Prometheus: a refused call" \
		"wgfence_refused_calls_total{$of,call=\"bind\",family=\"ipv4\",reason=\"bind_refused\"}" 1
	becomes "Prometheus: all drops, no more" "sum(wgfence_dropped_packets_total{$of})" 23
	becomes "Prometheus: all refusals, no more" "sum(wgfence_refused_calls_total{$of})" 1
}

# What the kernel and WireGuard say of the same moment.
test_state() {
	local of="fence=\"$NAME\"" shaken

	becomes "Prometheus: enforced" "wgfence_enforced{$of}" 1
	becomes "Prometheus: the mode" "wgfence_mode{$of} == 1" 1
	is "which is" "$(query "wgfence_mode{$of} == 1" | grep -o 'mode="[a-z]*"')" 'mode="enforce"'
	becomes "Prometheus: the tunnel is up" "wgfence_tunnel_up{$of}" 1
	becomes "Prometheus: the daemon runs" "wgfence_daemon_up{$of}" 1
	becomes "Prometheus: the policy's number" "wgfence_policy_generation{$of}" "$(generation)"
	shaken=$(nsenter --mount="/proc/$WIREGUARD/ns/mnt" wg show wgft0 latest-handshakes | cut -f 2)
	like "WireGuard has shaken hands" "$shaken" '^[1-9][0-9]*$'
	is "and the file says when" "$(series wgfence_tunnel_last_handshake_timestamp_seconds)" "$shaken.000"
	is "and how much the tunnel carried" "$(series wgfence_tunnel_transmit_bytes_total)" \
		"$(in_host cat /proc/self/net/dev | awk '$1 == "wgft0:" { print $10 }')"
	becomes "Prometheus: the last drop is of this hour" \
		"time() - wgfence_last_drop_timestamp_seconds{$of} < bool 3600" 1
	is "and the version" "$(query "wgfence_build_info{$of}" | grep -o 'version="[^"]*"')" \
		"version=\"$("$WGFENCE" --version | awk '{ print $2; exit }')\""
}

test_two_fences() {
	of b measured 1 audit
	of b follow b
	until_true queried "wgfence_enforced{fence=\"$B\"}"
	is "a second fence's file: the exporter takes both" \
		"$(query wgfence_enforced | grep -o 'fence="[^"]*"' | paste -s -d ' ')" "fence=\"$NAME\" fence=\"$B\""
	is "and finds no fault" "$(value node_textfile_scrape_error)" 0
	is "nor does it say a word" "$(grep -ciE 'error|inconsistent|collected before' "$TMP/exporter")" 0
}

# --- whole -------------------------------------------------------------------------------------

# 10,000 readings while it is written without pause: each has the first line, the last one, and as many
# as the others; how many different files they were.
test_whole() {
	local writer

	while kill -HUP "${ACTOR_PID[run]}"; do :; done 2>/dev/null &
	writer=$!
	awk -v file="$FILE" 'BEGIN {
		for (i = 0; i < 10000; i++) {
			n = 0
			first = last = ""
			while ((got = (getline line < file)) > 0) {
				if (!n++)
					first = line
				last = line
				if (index(line, "wgfence_last_write_timestamp_seconds{") == 1 && line != written) {
					written = line
					files++
				}
			}
			close(file)
			if (!all)
				all = n
			if (got < 0 || n != all || first !~ /^# HELP wgfence_dropped_packets_total / ||
			    last !~ /^wgfence_build_info[{].*[}] 1$/)
				broken++
		}
		print broken + 0, (files >= 50), files
	}' >"$TMP/whole"
	kill $writer
	wait $writer 2>/dev/null
	like "10000 readings while it is written without pause: each is whole" "$(<"$TMP/whole")" '^0 1 '
	diag "$(cut -d ' ' -f 3 "$TMP/whole") files were read"
	calms "reloads" WgfenceMetricsStale
}

# --- alerts ------------------------------------------------------------------------------------

test_attack() {
	calms "before" WgfenceBlockedAttempt
	tell m "use 0; socket 4 dgram; sendto $PAST_VOID4 1900 9 32"
	until_true value_is "sum(wgfence_dropped_packets_total{fence=\"$NAME\"})" 32
	is "noise alone: no alert" "$(query "ALERTS{fence=\"$NAME\"}")" ""
	tell m "$PAST"
	alarms "an attempt" WgfenceBlockedAttempt
	calms "and when it ends" WgfenceBlockedAttempt
}

test_tunnel_cut() {
	is "the tunnel is up: no alert" "$(query "ALERTS{alertname=\"WgfenceTunnelDown\",fence=\"$NAME\"}")" ""
	ip -n "$HOST" link set wgft0 down
	alarms "the tunnel is cut" WgfenceTunnelDown
	tunnel_return
	calms "the tunnel is back" WgfenceTunnelDown
}

# The other end hangs: members send, and nothing comes back.
test_tunnel_silent() {
	local far

	far=$(wireguard_of "$NET")
	actor echo in_net "$TOOLS/serve" $WORLD4:7000
	ready echo || bail "no echo"
	actor udp member "$TOOLS/flood" udp $WORLD_VOID4 7001
	actor tcp member "$TOOLS/flood" tcp $WORLD4 7000
	{ ready udp && ready tcp; } || bail "no traffic"
	until_true value_is "increase(wgfence_allowed_packets_total{fence=\"$NAME\",direction=\"ingress\",family=\"ipv4\",class=\"tunnel\"}[5s]) > bool 0" 1
	until_true value_is "time() - wgfence_tunnel_last_handshake_timestamp_seconds{fence=\"$NAME\"} > bool 3" 1
	calms "an old handshake, and answers" WgfenceTunnelSilent
	kill -STOP "$far"
	alarms "no answers any more" WgfenceTunnelSilent
	test_dashboard
	kill -CONT "$far"
	calms "answers again" WgfenceTunnelSilent
	dismiss tcp
	dismiss udp
	dismiss echo
}

# While there is traffic, and a second fence in audit mode.
test_dashboard() {
	local expr n=0

	while read -r expr; do
		n=$((n + 1))
		until_true queried "$expr" && continue
		not_ok "the dashboard: $expr has no data"
		n=-1000
	done < <(panels)
	like "every panel of the dashboard has data" "$n" '^(2[0-9]|3[0-9])$'
}

test_audit() {
	alarms "a fence in audit mode" WgfenceAudit "$B"
	of b member "$TOOLS/talk" "socket 4 dgram; sendto $PAST4 6000 2 32" >/dev/null
	calms "and nothing else" WgfenceNotEnforced "$B"
	alarms "what audit mode lets pass" WgfenceLeak "$B"
	of b measured 1
	kill -HUP "${ACTOR_PID[b]}"
	calms "enforced again" WgfenceAudit "$B"
	calms "enforced again" WgfenceLeak "$B"
}

test_not_enforced() {
	rm "$PINS-b/egress"
	alarms "a program is taken away" WgfenceNotEnforced "$B"
	ended b TERM
	is "a stopped daemon's file says so" \
		"$(grep -c "^wgfence_daemon_up{fence=\"$B\"} 0" "$TEXTFILES/wgfence-$B.prom")" 1
	alarms "a stopped daemon" WgfenceDaemonEnded "$B"
	of b follow b
	calms "the next one" WgfenceNotEnforced "$B"
	calms "the next one" WgfenceDaemonEnded "$B"
}

test_hangs() {
	kill -STOP "${ACTOR_PID[b]}"
	alarms "a daemon that hangs" WgfenceMetricsStale "$B"
	kill -CONT "${ACTOR_PID[b]}"
	calms "a daemon that goes on" WgfenceMetricsStale "$B"
}

test_lost() {
	member "$TOOLS/storm" many 2001:db8:8::1000 6300 20000 >/dev/null
	alarms "more than is told of" WgfenceEventsLost
	calms "no more" WgfenceEventsLost
}

test_gone() {
	ended b TERM
	of b fence detach --force >>"$LOG" 2>&1
	is "detach takes the file away" "$(ls -A "$TEXTFILES")" "${FILE##*/}"
	alarms "a fence that is gone" WgfenceGone "$B"
	calms "after its time" WgfenceGone "$B"
}

# --- what fails --------------------------------------------------------------------------------

failed() {
	[[ $(fence status) == *"ERROR: not written to $TEXTFILES"* ]]
}

fresh() {
	[[ $(fence status --json) == *'"fresh": true'* ]]
}

# obstructed NAME WORDS: what was written stays whole, and is told to be old; the fence stands.
obstructed() {
	until_true failed
	like "$1: status" "$(fence status)" "metrics +ERROR: not written to $TEXTFILES for"
	is "$1: enforced all the same" "$(json enforced)" true
	like "$1: it is told, once" "$(grep -c "cannot write the metrics.*$2" "$LOG")" '^1$'
	is "$1: what was there is whole" "$(grep -c . "$FILE") $("$BIN/promtool" check metrics <"$FILE" 2>&1)" "$LINES_IN_FILE "
	stands "$1"
}

test_obstacles() {
	local LINES_IN_FILE

	LINES_IN_FILE=$(grep -c . "$FILE")
	begin
	dd if=/dev/zero of="$TEXTFILES/filler" bs=4k 2>/dev/null
	obstructed "the disk is full" "No space left"
	rm "$TEXTFILES/filler"
	until_true fresh
	is "room again: written again" "$? $(ls -A "$TEXTFILES")" "0 ${FILE##*/}"
	mount -o remount,ro "$TEXTFILES"
	obstructed "it cannot be written" "Read-only"
	mount -o remount,rw "$TEXTFILES"
	until_true fresh
	is "and can again" "$?" 0
	like "each end of it is told" "$(grep -c "the metrics are written to $TEXTFILES again" "$TMP/run.out")" '^2$'
}

has_moved() {
	[[ ! -e $FILE && -e $TEXTFILES/other/${FILE##*/} ]]
}

# A reload to another directory takes the file along.
test_moved() {
	mkdir "$TEXTFILES/other"
	printf '%s\n' '[metrics]' "directory = $TEXTFILES/other" | configure enforce
	kill -HUP "${ACTOR_PID[run]}"
	until_true has_moved
	is "another directory" "$? $(ls -A "$TEXTFILES/other")" "0 ${FILE##*/}"
	measured 1
	kill -HUP "${ACTOR_PID[run]}"
	until_true fresh
	is "and back" "$? $(ls -A "$TEXTFILES/other")" "0 "
	rmdir "$TEXTFILES/other"
}

# --- the end -----------------------------------------------------------------------------------

none_there() {
	[[ ! -e $FILE ]]
}

# The fence stands, so what it counts goes on, and nobody writes it down.
test_end() {
	ended run TERM
	is "its last file says that it was ended" "$(series wgfence_daemon_up) $(series wgfence_enforced)" "0 1"
	printf '' | configure enforce
	follow
	like "without [metrics] status says nothing of it" "$(fence status)" '^[^!]*routes'
	until_true none_there
	is "nor is anything there any more: nobody would keep it" "$?" 0
}

needs_prometheus
textfiles_make
lab_up
parts_make
WIREGUARD=$(wireguard_of "$HOST")
measured 60
follow
actor m member "$TOOLS/talk"
sniff_on
test_first
exporter_on
prometheus_on
measured 1
kill -HUP "${ACTOR_PID[run]}"
test_exact
test_state
test_two_fences
test_attack
test_tunnel_cut
test_tunnel_silent
test_audit
test_not_enforced
test_hangs
test_lost
test_gone
test_whole
test_obstacles
test_moved
test_end
sniff_off
plan
