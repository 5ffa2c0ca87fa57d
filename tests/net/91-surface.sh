#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What `wgfence` itself offers to attack: who may read and write what it makes, whatever the umask it was
# started with; and its two sockets, under rubbish, floods, passed descriptors and readers that never read,
# while the daemon follows the tunnel and the fence stands.

. "${0%/*}/lib.sh"
. "${0%/*}/ledger.sh"
. "${0%/*}/changes.sh"

DEADLINE=30
GROUP_ID=64999 # the group `wgfence` of the daemon that this test runs
ROUNDS=${ROUNDS:-10}
HELD=1000
READERS=$(sed -n 's/^#define HUB_MAX_READERS //p' "$HERE/../../src/hub.h")
TEXTFILES=$TMP/textfiles
RUN=/run/wgfence/$NAME

UMASK=0022 RUN_IS=theirs

# With a group wgfence, whatever the machine has; RUN_IS=new: and an empty /run.
exec_run() {
	{ grep -v '^wgfence:' /etc/group; echo "wgfence:x:$GROUP_ID:"; } >"$TMP/group"
	# shellcheck disable=SC2016
	exec nsenter --net="/run/netns/$HOST" unshare --mount sh -c '
		mount --bind "$0" /etc/group && { [ "$1" != new ] || mount -t tmpfs tmpfs /run; } &&
		umask "$2" && shift 2 && exec "$@"' \
		"$TMP/group" "$RUN_IS" "$UMASK" "$WGFENCE" run --config "$CONF"
}

AS=(setpriv --reuid 65534 --regid 65534)
in_group() { "${AS[@]}" "--groups=$GROUP_ID" "$@"; }
nobody() { "${AS[@]}" --clear-groups "$@"; }

# --- modes -------------------------------------------------------------------------------------

TABLE="d 700 0:0 /sys/fs/bpf/wgfence
d 700 0:0 /sys/fs/bpf/wgfence/NAME
d 755 0:0 /run/wgfence
d 755 0:0 /run/wgfence/NAME
f 644 0:0 /run/wgfence/NAME/nsswitch.conf
f 644 0:0 /run/wgfence/NAME/resolv.conf
f 644 0:0 $TEXTFILES/wgfence-NAME.prom
l 777 0:0 /run/wgfence/NAME/metrics
s 660 0:$GROUP_ID /run/wgfence/NAME/events
s 660 0:$GROUP_ID /run/wgfence/NAME/state"

# As the daemon sees it.
made() {
	local root=/proc/${ACTOR_PID[run]}/root

	find "$root"/sys/fs/bpf/wgfence "$root"/run/wgfence "$root$TEXTFILES"/* \
		! -path '*/bpf/wgfence/*/*' -printf '%y %m %U:%G %p\n' |
		sed "s,$root,,; s,$NAME,NAME,g" | LC_ALL=C sort
}

test_modes() {
	local RUN_IS=new

	for UMASK in 0000 0077; do
		rm -rf "${TEXTFILES:?}"/*
		follow
		until_true test -s "$TEXTFILES/wgfence-$NAME.prom"
		is "umask $UMASK: what it makes, and whose it is" "$(made)" "$(LC_ALL=C sort <<<"$TABLE")"
		is "umask $UMASK: every pin is root's alone" \
			"$(find "$PINS" -mindepth 1 ! \( -type f -perm 600 -uid 0 -gid 0 \))" ""
		like "of which there are enough" "$(find "$PINS" -mindepth 1 | wc -l)" '^[1-9][0-9]$'
		ended run TERM
		fence detach --force >>"$LOG" 2>&1
	done
	UMASK=0022
}

# --- who may ------------------------------------------------------------------------------------

writable() {
	"$@" find /sys/fs/bpf/wgfence /run/wgfence "$TEXTFILES" "$CONF" "$WGFENCE" -writable 2>/dev/null |
		LC_ALL=C sort | paste -s -d ' '
}

test_who_may() {
	local socket

	is "the group may write to the sockets, and to nothing else" "$(writable in_group)" \
		"$RUN/events $RUN/state"
	is "who is not in it: to nothing" "$(writable nobody)" ""
	for socket in events state; do
		is "the group may connect: $socket" "$(in_group "$TOOLS/pester" "$RUN/$socket" rubbish 1)" " ok=1"
		is "who is not in it may not: $socket" "$(nobody "$TOOLS/pester" "$RUN/$socket" rubbish 1)" \
			" ok=0 EACCES=1"
	done
	says "nobody can hold the fence's lock against it" 1 'Permission denied' \
		eval 'nobody flock -n "$PINS" true || (exit 1)'
	is "the metrics are everybody's to read" \
		"$(nobody grep -c '^wgfence_enforced' "$TEXTFILES/wgfence-$NAME.prom")" 1
}

# --- under siege -------------------------------------------------------------------------------

PESTERS=()

# pester NAME SOCKET WHAT N: as the group.
pester() {
	alone exec "${AS[@]}" "--groups=$GROUP_ID" "$TOOLS/pester" "$RUN/$2" "$3" "$4" \
		</dev/null >"$TMP/pester-$1" 2>>"$LOG" &
	PESTERS+=($!)
}

# Holders end with their standard input.
hold() {
	actor "hold-$1" in_group "$TOOLS/pester" "$RUN/$1" hold "$2"
}

descriptors_now() {
	find "/proc/${ACTOR_PID[run]}/fd" -mindepth 1 2>/dev/null | wc -l
}

descriptors_are() {
	[[ $(descriptors_now) -eq $1 ]]
}

resident() {
	awk '/^VmRSS/ { print $2 }' "/proc/${ACTOR_PID[run]}/status"
}

# Of all time in ticks (hundredths of a second), by the daemon.
ticks() {
	awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/${ACTOR_PID[run]}/stat"
}

is_up() { describes "wgft0 (interface $(index_of wgft0))" " $TUN4 on wgft0"; }
is_down() { describes "wgft0 (down or"; }

siege_on() { # HELD
	local socket

	for socket in events state; do
		hold $socket "$1"
		pester "$socket-flood" $socket flood 3600
		pester "$socket-rubbish" $socket rubbish 1000000
	done
	ready hold-events && ready hold-state
}

siege_off() {
	local pid

	for pid in "${PESTERS[@]}"; do
		kill "$pid"
		wait "$pid"
	done 2>/dev/null
	PESTERS=()
	dismiss hold-events
	dismiss hold-state
}

# The tunnel is taken away and comes back; what members send meanwhile is dropped, then carried.
round() {
	do_down
	until_true is_down || FOLLOWED+=" down"
	tell m "$BY_TUNNEL"
	[[ $ANSWER == "$REFUSED" ]] || FOLLOWED+=" without-tunnel:$ANSWER"
	tell m "$PAST"
	[[ $ANSWER == "$REFUSED" ]] || FOLLOWED+=" past:$ANSWER"
	do_up
	until_true is_up || FOLLOWED+=" up"
	tell m "$BY_TUNNEL"
	[[ $ANSWER == "$SENT" ]] || FOLLOWED+=" by-tunnel:$ANSWER"
}

# Memory that a first one has taken, the next one has again.
first_siege() {
	local i

	siege_on 100
	for ((i = 0; i < 3; i++)); do
		round
	done
	siege_off
	until_true descriptors_are $((QUIET + 1))
}

# While it goes on: what follows is in FOLLOWED where it is wrong, and MOST is the most descriptors.
besieged() {
	local i now

	for ((i = 0; i < ROUNDS; i++)); do
		round
		now=$(descriptors_now)
		((now > MOST)) && MOST=$now
	done
	is "under siege it follows, and the fence stands" "$FOLLOWED" ""
	says 'who asks meanwhile is answered, or told that he is not' '[05]' \
		"$NAME: enforced|$NAME does not answer" in_group "$WGFENCE" top "$NAME" --once
}

test_siege() {
	local before begin used took FOLLOWED='' MOST=0

	readers_on
	until_true descriptors_are $((QUIET + 1))
	first_siege
	before=$(resident) COUNTED=$(counters) used=$(ticks) begin=$SECONDS
	siege_on $HELD
	is "$HELD connections at a time on each socket" "$?" 0
	besieged
	used=$(($(ticks) - used)) took=$((SECONDS - begin))
	like "descriptors: readers have theirs, and no more" "$((MOST <= QUIET + READERS + 3)) $MOST" '^1 '
	siege_off
	diag "$took s, $used ticks; $MOST descriptors at most, $QUIET in quiet; resident $before kB, then $(resident) kB"
	diag "who came and went:$(cat "$TMP"/pester-* | paste -s)"
	is "of each kind some were let in" "$(grep -LE ' ok=[1-9]' "$TMP"/pester-*)" ""
	is "it takes less than a fifth of a processor" "$((used <= took * 20 + 50))" 1
	until_true descriptors_are $((QUIET + 1))
	is "and then it has as many as before" "$(descriptors_now)" $((QUIET + 1))
	# Outboxes may lie elsewhere than before; the least that can be lost for each who came would be twice this.
	is "nor has it grown" "$(($(resident) - before <= 400))" 1
	leaked
	is "nothing left past the tunnel" "$REPLY" ""
	is "and what was dropped was counted, exactly" "$(moved "$(counters)" | grep -o 'dropped .*')" \
		"dropped egress ipv4 no_tunnel $((ROUNDS * 6))"
	until_true told_is "$(records | sed 's/sent=\([0-9]*\) .*/\1/')"
	is "the reader that was there was told of all that was sent" "$(told)" \
		"$(records | sed 's/sent=\([0-9]*\) .*/\1/')"
}

test_descriptors() {
	local socket

	for socket in events state; do
		is "descriptors that are passed: nobody has them when who passed them is gone: $socket" \
			"$(in_group "$TOOLS/pester" "$RUN/$socket" descriptors 100 | paste -s)" \
			"released	 ok=100"
	done
	until_true descriptors_are $((QUIET + 1))
	is "nor has the daemon more than before" "$(descriptors_now)" $((QUIET + 1))
}

lab_up
chmod 755 "$TMP"
mkdir -m 755 "$TEXTFILES"
printf '%s\n' '[metrics]' "directory = $TEXTFILES" | configure enforce
test_modes
follow
sniff_others
actor m member "$TOOLS/talk"
QUIET=$(descriptors_now)
until_true test -s "$TEXTFILES/wgfence-$NAME.prom"
test_who_may
test_siege
test_descriptors
ended run TERM
is "and it ends when it is told to" "$?" 0
sniff_off
plan
