#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The ledger: what is recorded of drops names who asked, is limited, and adds up to the counters.

. "${0%/*}/lib.sh"
. "${0%/*}/ledger.sh"

# Two processes that run all the time: what looks at the current task would find these.
hogs_on() {
	for _ in 1 2; do
		sh -c 'while :; do :; done' &
		HOGS+=($!)
	done
}

hogs_off() {
	kill "${HOGS[@]}" 2>/dev/null
	HOGS=()
}

# Each socket of `whose` by IPv4 and IPv6: process and name of the event, and count of the flow.
test_who() {
	local address kind port pid comm

	hogs_on
	for address in $PAST_VOID4 $PAST_VOID6; do
		member "$TOOLS/whose" "$address" 6100 >"$TMP/whose" 2>>"$LOG"
		while read -r kind port pid comm; do
			is "who: $kind, $address" \
				"$(event_with remote "\"$address\"" remote_port "$port" : pid comm uid)" \
				"$pid \"$comm\" 0"
		done <"$TMP/whose"
		pid=$(awk '$1 == "tcp" { print $3 }' "$TMP/whose")
		like "who: repeated SYNs are of the same flow, $address" \
			"$(flow_with remote "\"$address\"" port 6101 : pid comm count)" "^$pid \"w-tcp\" [2-9]$"
	done
	hogs_off
	is "what was tried five times by each family was five times told" "$(wc -l <"$TMP/whose")" 5
}

# A connection that a server accepted, then the network is not named any more: what comes is its
# server's, not that of the peer whose process delivers it here.
test_accepted() {
	local pid

	actor web member "$TOOLS/serve" 0.0.0.0:8080
	ready web || bail "no server on the WebUI's port"
	pid=$(sed 's,.*,/proc/&/comm,' "$CGROUP_DIR/cgroup.procs" | xargs grep -l '^serve$' | cut -d / -f 3)
	actor peer in_lan "$TOOLS/talk"
	tell peer "socket 4 stream; connect $HOSTLAN4 8080; finish; send 1 3; recv 1"
	printf '%s\n' '[webui]' 'port = 8080' 'allow = localhost' | configure enforce
	reloaded
	tell peer "send 1 3"
	is "who: an accepted socket" \
		"$(event_with hook '"ingress"' local_port 8080 : pid comm reason)" \
		"$pid \"serve\" \"webui_network\""
	dismiss peer
	dismiss web
}

test_call() {
	local pid

	member "$TOOLS/talk" "socket 4 dgram; bind $HOME4 7007" >/dev/null
	is "a refused call is an event" \
		"$(event_with hook '"bind"' local_port 7007 : type reason comm length interface)" \
		'"refuse" "bind_refused" "talk" null null'
	member "$TOOLS/talk" "socket 4 raw 1" >/dev/null
	is "and a socket that is refused" \
		"$(event_with hook '"socket"' reason '"socket_type"' : type comm remote)" '"refuse" "talk" null'
}

# One event for a flow within a second; its count is exact; what was not sent is told.
test_flow_is_limited() {
	local before after

	before=$(records)
	member "$TOOLS/storm" one $PAST_VOID4 6200 1000 >"$TMP/storm"
	like "1000 sends" "$(cat "$TMP/storm")" 'ok=0 EPERM=1000'
	is "the flow counts each" "$(flow_with port 6200 : count)" 1000
	after=$(records)
	like "few of them are events" "$(difference "$before" "$after")" '^sent=[1-3] flow=99[789] rate=0 ring=0$'
}

# To ever new destinations: at most 250 in a quarter of a second, and four quarters to be on the
# safe side.
test_all_are_limited() {
	local before after n

	before=$(records)
	member "$TOOLS/storm" many 2001:db8:8::1000 6300 20000 >"$TMP/storm"
	like "20000 sends" "$(cat "$TMP/storm")" 'ok=0 EPERM=20000'
	after=$(records)
	n=$(difference "$before" "$after")
	is "sent and not sent are all" "$(sum "$n")" 20000
	like "most were beyond the limit" "$n" '^sent=[0-9]{1,4} flow=[0-9]+ rate=1[5-9][0-9]{3} ring=0$'
	like "the table keeps to its size" "$(fence status --json | sed -n 's/.*flows_total": \([0-9]*\).*/\1/p')" \
		'^([0-9]{1,3}|10[01][0-9]|102[0-4])$'
}

# Nobody reads the ring: it fills, and what does not fit is counted.
test_ring_is_full() {
	local before after n

	ended run TERM
	before=$(records)
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		member "$TOOLS/storm" many 2001:db8:8::1000 6400 3000 >/dev/null
		sleep 0.25
	done
	after=$(records)
	n=$(difference "$before" "$after")
	is "without a daemon: sent and not sent are all" "$(sum "$n")" 48000
	like "the ring was full" "$n" ' ring=[1-9]'
	follow
	readers_on
	member "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 6500 1 32" >/dev/null
	is "with the next one events go on" "$(event_with remote_port 6500 : reason comm)" \
		'"past_tunnel_ipv4" "talk"'
}

# All that a reader was told is all that was sent.
test_reader_is_told_all() {
	local sent

	sent=$(records | sed 's/sent=\([0-9]*\) .*/\1/')
	until_true told_is "$sent"
	is "a reader was told of each event that was sent" "$(told)" "$sent"
}

# By one reading; one drop may be counted and not yet recorded while it is read.
adds_up() {
	fence metrics 2>>"$LOG" | awk '
		/^wgfence_(dropped_packets|would_drop_packets|refused_calls|would_refuse_calls)_total/ { n += $2 }
		/^wgfence_events_(not_sent_)?total/ { records += $2 }
		END { print "# " n " drops and refused calls, " records " records"
			exit n == 0 || n != records }' >"$TMP/sums"
}

test_adds_up() {
	until_true adds_up
	is "all records are all drops and refused calls" "$?" 0
	cat "$TMP/sums"
}

test_audit() {
	configure audit <<<''
	reloaded
	member "$TOOLS/talk" "socket 4 dgram; sendto $PAST_VOID4 6600 1 32" >/dev/null
	is "in audit mode it passes, and is told" \
		"$(event_with remote_port 6600 : audit reason)" 'true "past_tunnel_ipv4"'
}

lab_up
printf '%s\n' '[webui]' 'port = 8080' 'allow = lan' | configure enforce
follow
readers_on
test_who
test_call
test_flow_is_limited
test_all_are_limited
test_reader_is_told_all
test_adds_up
test_ring_is_full
test_accepted # last of these: its orphan goes on trying
test_adds_up
test_audit
plan
