# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The unit under test: it sends TCP and UDP, IPv4 and IPv6, without pause, to where the tunnel leads
# and past it. `. "${0%/*}/unit.sh"` behind lib.sh.
#
# Owns: its files, how often it was started, and the one question: is there anything past the fence
# since the last count, while it tried? The fence is `a`, the unit `member`, where nothing else is said.

ROUTE=${ROUTE:-on} # off: the unit's way into the tunnel is the host's
ALL_WAYS='tcp4 tcp6 udp4 udp6'

# --- its files ---------------------------------------------------------------------------------

# fence_of NAME TUNNEL [LINE...]: what follows in the configuration.
fence_of() {
	local name=$1 tunnel=$2

	shift 2
	{
		printf '[fence]\nunit = x.service\ntunnel = %s\nroute = %s\n' "$tunnel" "$ROUTE"
		((!$#)) || printf '%s\n' "$@"
	} | put "wgfence/$name.conf"
}

# member_unit UNIT ADDRESS...: TimeoutStopSec= for what a shell that is told to end while it forks leaves.
member_unit() {
	local unit=$1
	shift
	put "systemd/system/$unit.service" <<-UNIT
		[Unit]
		StartLimitIntervalSec=0
		[Service]
		ExecStart=/opt/member /run/$unit.starts $*
		Environment=WGF_UNMARKED=$([[ $ROUTE == off ]] || echo unmarked)
		Restart=always
		RestartSec=50ms
		TimeoutStopSec=3
		[Install]
		WantedBy=multi-user.target
	UNIT
}

# dropin UNIT NAME
dropin() {
	put "systemd/system/$1.service.d/wgfence.conf" <<-UNIT
		[Unit]
		Wants=$(daemon_of "$2")
		After=$(daemon_of "$2")
		[Service]
		Slice=$(slice_of "$2")
		ExecStartPre=+/usr/bin/wgfence ready $2
	UNIT
}

# fence VERB [OPTION...]: of fence a, in the machine. So what tests/net has for reading a fence reads
# this one.
fence() {
	local verb=$1
	shift
	inside wgfence "$verb" a "$@"
}

# --- whether it was started --------------------------------------------------------------------

# starts UNIT: how often it was really started.
starts() {
	inside sh -c "cat /run/$1.starts 2>/dev/null" | wc -l
}

started_again() {
	[[ $(starts "$1") -gt $2 ]]
}

# started NAME COMMAND...: by which the member is really started once more.
started() {
	local name=$1 before got
	shift
	before=$(starts member)
	"$@"
	got=$?
	until_true started_again member "$before"
	is "$name: it starts" "$got $(show member ActiveState)" "0 active"
}

# started_again_and_again WHAT COMMAND...: ROUNDS times, by which the member is started each time once.
started_again_and_again() {
	local i failed=0 before what="$ROUNDS times: $1"

	shift
	before=$(starts member)
	for ((i = 0; i < ROUNDS; i++)); do
		"$@" || failed=$((failed + 1))
		# systemd counts it as started before its first line has run.
		until_true started_again member $((before + i))
	done
	is "$what: each time it starts" "$failed $(starts member)" "0 $((before + ROUNDS))"
	none_past "$what"
}

# refused NAME PATTERN COMMAND...: by which it is not, and the journal tells why.
refused() {
	local name=$1 pattern=$2 before got since
	shift 2
	before=$(starts member)
	since=$(date '+%F %T')
	"$@"
	got=$?
	is "$name: it does not start" "$((got != 0)) $(starts member)" "1 $before"
	like "$name: and it is said why" "$(journal member --since "$since")" "$pattern"
}

# --- what of it is seen where ------------------------------------------------------------------

# What is not the unit's on the host's interfaces: the kernel's own answers to what came before the tunnel
# was away. To the tunnel's other end, that nobody listens to it; to the unit itself, by the loopback, that the
# next hop does not answer; and for a connection whose socket is gone, a reset, which has no options and no
# socket, so that no cgroup hook sees it (threats.md has it). Where the unit is carried the rules by the tunnel's
# last addresses hold that back, too.
OTHERS="^home protocol 1 type 3 $HOME4 > $ROUTER4,"
OTHERS+="|^lo protocol (1 type 3 $TUN4 > $TUN4|58 type 1 $TUN6 > $TUN6),"
[[ $ROUTE == on ]] || OTHERS+="|^[a-z]+ tcp ($TUN4|$TUN6) [0-9]+ > ($WORLD4|$WORLD6) 9, (40|60) bytes, reset$"

# watch [TAP...]: every interface of the host but the tunnel, which comes and goes; of that one the
# other end, as `tunnel`.
watch() {
	AT=0
	actor sniff "$TOOLS/sniff" "$TMP/sniffed" "lo=$HOST:lo:out" "home=$HOST:home0:out" \
		"lan=$HOST:lan0:out" "tunnel=$NET:vpn0:in" "$@" "ours=$OURS"
	ready sniff || bail "the sniffer does not start"
}

# ways LABEL: which kinds of packets were seen there since the last count, as "tcp4 udp6".
ways() {
	ask sniff peek
	tail -c 500000 "$TMP/sniffed" | awk -v label="$1" '/^--/ { split("", seen) }
		$1 == label && ($2 == "tcp" || $2 == "udp") { seen[$2 ($3 ~ /:/ ? 6 : 4)] = 1 }
		END { for (way in seen) print way }' | sort | paste -s -d ' '
}

every_way() {
	[[ $(ways "$1") == "$ALL_WAYS" ]]
}

# The labels of interfaces that nothing may leave by.
PAST_LABELS='lo|home|lan'

# past: begins the next count; REPLY is how many packets there were past the fence in this one. Its end in the
# file is the next one's beginning, so that none is read again.
past() {
	local end

	ask sniff count
	REPLY=0
	[[ " $ANSWER" =~ ' '($PAST_LABELS)= ]] || return
	read -r REPLY end < <(tail -c +$((AT + 1)) "$TMP/sniffed" |
		awk -v others="$OTHERS" -v labels="^($PAST_LABELS)\$" '{ at += length($0) + 1 }
		/^--/ { before = n; n = 0; end = at }
		$1 ~ labels && $0 !~ others { n++ }
		END { print before + 0, end + 0 }')
	((end)) || bail "cannot read what was seen"
	AT=$((AT + end))
}

# none NAME GOT WANTED: with what was seen past the fence where it is not so.
none() {
	is "$@"
	[[ $2 == "$3" ]] || diag "$(grep -E "^($PAST_LABELS) " "$TMP/sniffed" | grep -vE "$OTHERS" | tail -n 5)"
}

entered() {
	tr ' ' '\n' <<<"$ANSWER" | grep '^tunnel='
}

# held_back FAMILY: how much of it the kernel counted, dropped or refused.
held_back() {
	counters | awk -v family="$1" '/^(dropped|refused) / && $2 != "ingress" && $2 != "guard" && $3 == family { n += $5 }
		END { print n + 0 }'
}

# It tries to get past the fence: in both families more than HELD was held back.
HELD4=0 HELD6=0
tries() {
	[[ $(held_back ipv4) -gt $HELD4 && $(held_back ipv6) -gt $HELD6 ]]
}

try_from_here() {
	HELD4=$(held_back ipv4) HELD6=$(held_back ipv6)
}

sends() {
	every_way tunnel && tries
}

# none_past NAME: since the last count. Meanwhile it sent in every way into the tunnel, and tried past it.
none_past() {
	local sent=yes

	try_from_here
	until_true sends || sent="no: $(ways tunnel), held back: $HELD4 $HELD6"
	past
	none "$1: it sends, and 0 packets past the fence" "$sent $REPLY" "yes 0"
}

# none_out NAME: since the last count, with the tunnel away: it tries, and nothing leaves, not even into
# the tunnel.
none_out() {
	local tried=yes

	try_from_here
	until_true tries || tried=no
	past
	none "$1: it tries, and nothing leaves" "$tried $REPLY $(entered)" "yes 0 "
}

# drained NAME: the tunnel has been taken away: waits until what was on its way into it is through, with
# nothing past the fence meanwhile.
drained() {
	local drained=yes

	PAST=0
	until_true nothing_enters || drained=no
	none "$1: nothing enters the tunnel, and 0 packets past the fence" "$drained $PAST" "yes 0"
}

nothing_enters() {
	past
	PAST=$((PAST + REPLY))
	sleep 0.1
	past
	PAST=$((PAST + REPLY))
	[[ -z $(entered) ]]
}

# none_at_all NAME: it does not even try.
none_at_all() {
	past
	none "$1: nothing at all is sent" "$REPLY $(entered)" "0 "
}

# settle: waits until nothing is on its way any more, and begins a count. For connections of a unit that has ended
# the kernel sends again, each time later, for minutes: here it gives them up the next time.
settle() {
	tries_again 1
	until_true quiet
	tries_again 0
}

tries_again() { # TIMES, 0 for the kernel's own
	in_host sh -c "echo $1 >/proc/sys/net/ipv4/tcp_orphan_retries"
}

quiet() {
	past
	sleep 0.2
	past
	[[ $REPLY -eq 0 && -z $(entered) && -z $(unfinished) ]]
}

unfinished() {
	in_host ss -Htn state fin-wait-1 state last-ack state closing
}

# The positive control: without the drop-in, all of it is seen there.
seen_at() {
	until_true every_way "$1"
	is "$2: all is seen" "$(ways "$1")" "$ALL_WAYS"
}

# sending_lab: the lab with the fence a and the unit that sends, without a drop-in yet.
sending_lab() {
	lab_up
	machine_on
	watch
	far_on
	fence_of a wgft0
	member_unit member $WORLD4 $WORLD6 $PAST4 $PAST6
}

# far_on: somebody who answers, where the tunnel leads, so that the unit has connections.
far_on() {
	actor far in_net "$TOOLS/serve" "$WORLD4:9:mute" "[$WORLD6]:9:mute"
	ready far || bail "no server in the internet"
}
