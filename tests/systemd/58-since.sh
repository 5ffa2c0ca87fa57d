#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `events --since`: of what the journal keeps, what was asked for, through the same filters, and nothing
# of other fences.

. "${0%/*}/lib.sh"

# kept FENCE REASON REMOTE PORT PROCESS: as `run` tells the first of a kind (wgfence(8), THE JOURNAL).
kept() {
	inside logger --journald <<-ENTRY
		MESSAGE_ID=3fc0f451dba1418080e3cdc2613432b3
		MESSAGE=the first of its kind
		WGFENCE_FENCE=$1
		WGFENCE_REASON=$2
		WGFENCE_HOOK=egress
		WGFENCE_FAMILY=ipv4
		WGFENCE_MODE=enforce
		WGFENCE_INTERFACE=home0
		WGFENCE_PROTOCOL=udp
		WGFENCE_REMOTE=$3
		WGFENCE_REMOTE_PORT=$4
		WGFENCE_LOCAL=$HOME4
		WGFENCE_LOCAL_PORT=7000
		WGFENCE_COMM=$5
		WGFENCE_PID=77
		WGFENCE_UID=0
	ENTRY
}

since() {
	inside wgfence events "$@" 2>&1
}

there() {
	[[ $(since since-a --since today | wc -l) -eq $1 ]]
}

test_since() {
	kept since-a past_tunnel_ipv4 $PAST_VOID4 6000 'flo\x1bod'
	kept since-a dns $PAST_VOID4 53 curl
	kept since-b dns $PAST_VOID4 53 curl
	kept since-a no_such_reason $PAST_VOID4 53 curl
	until_true there 2
	is "since today: of this fence, what is understood" "$(since since-a --since today | wc -l)" 2
	like "as the stream tells it, escaped" "$(since since-a --since "1 min ago" | head -n 1)" \
		"^[0-9:]{8} flo.x1bod\[77\] egress ipv4 udp $HOME4:7000 > $PAST_VOID4:6000 by home0: past the tunnel"
	like "filtered by reason" "$(since since-a --since today --reason dns)" '^[0-9:]+ curl\[77\] .*DNS past the tunnel$'
	like "by process and port" "$(since since-a --since today --process curl --to :53)" '^[0-9:]+ curl\[77\] [^*]*$'
	is "which nothing fits" "$(since since-a --since today --process curl --to :54)" ""
	is "nothing since now" "$(since since-a --since now --process nobody)" ""
	like "as JSON" "$(since since-a --since today --reason dns --json)" '"reason":"dns".*"comm":"curl","count":1}$'
	is "another fence" "$(since since-b --since today | wc -l)" 1
}

lab_up
machine_on
test_since
plan
