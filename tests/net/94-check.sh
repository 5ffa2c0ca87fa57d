#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `check`: a right setup has nothing to mend; each single fault is found, and nothing else with it; the
# command that it names mends it. Nothing is sent, whether the fence is whole or not.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

. "${0%/*}/lib.sh"
. "$HERE/ledger.sh"
# shellcheck source=tests/net/check.sh
. "$HERE/check.sh"

PATH=$(dirname "$WGFENCE"):$PATH
NEWER=${WGF_NEXT:-$HERE/../../build/next/build/wgfence}

# Without a daemon this is found of every fence.
alone_with() {
	EXPECTED=fence.daemon FINE=7
}

# faulty NAME KINDS KIND COMMAND...: by which it becomes so; the mend of KIND ends it.
faulty() {
	local name=$1 kinds=$2 kind=$3

	shift 3
	"$@" >>"$LOG" 2>&1 || bail "cannot plant: $name"
	planted "$name" $kinds
	mended "$name" "$kind" in_host
}

reconfigure() { # SED-COMMAND
	sed -i "$1" "$CONF"
}

conf() { # MODE [LINE...]
	local mode=$1

	shift
	printf '[fence]\ncgroup = %s\ntunnel = wgft0\nmode = %s\n' "$CGROUP" "$mode" >"$CONF"
	printf '%s\n' "$@" >>"$CONF"
}

audit() {
	reconfigure 's/^mode.*/mode = audit/'
	fence attach
}

unix_off() {
	reconfigure '2iunix = off'
	fence attach
}

newer_rule() {
	printf '[rules]\nallow = connect tcp 198.51.100.0/24 443\n' >>"$CONF"
}

# By tcx it is a link with a pin, by clsact a filter.
no_filter() {
	rm "$PINS/guard-$(ip -n "$HOST" -o link show home0 | cut -d : -f 1)" 2>/dev/null ||
		tc -n "$HOST" filter del dev home0 egress
}

# Everything that check can find of the fence itself.
fence_faults() {
	faulty "audit mode" "1 calls.audit fence.mode" fence.mode audit
	faulty "a link is missing" "1 fence.whole" fence.whole rm "$PINS/egress"
	faulty "a call's link is missing" "1 calls.allowed fence.whole" fence.whole rm "$PINS/setsockopt"
	faulty "no guard on an interface" "7 fence.guard" fence.guard no_filter
	faulty "a directory that others see" "7 fence.pins" fence.pins chmod 0755 "$PINS"
	faulty "a pin that others may write" "7 fence.pins" fence.pins chmod 0622 "$PINS/egress"
	faulty "a configuration that is not in force" "7 fence.policy" fence.policy newer_rule
	reconfigure 's,^allow = connect.*,allow = connect tcp 0.0.0.0/1 443,'
	fence attach >>"$LOG" 2>&1
	planted "a rule for most of the internet" 7 fence.note
	reconfigure 's,^allow = connect.*,allow = connect tcp 198.51.100.0/24 443,'
	fence attach >>"$LOG" 2>&1
	if [[ -e $PINS/connect_unix ]]; then
		faulty "unix = off" "7 kernel.unix" kernel.unix unix_off
	fi
	reconfigure 's/^tunnel.*/tunnel = /'
	planted "a configuration that cannot be read" 7 fence.config
	reconfigure 's/^tunnel.*/tunnel = wgft0/'
}

# A program of somebody else's that could undo what ours refuses.
other_program() {
	local pin=/sys/fs/bpf/$ID-other

	cat >"$TMP/other.c" <<-'END'
		__attribute__((section("cgroup/setsockopt"), used)) int other(void *ctx) { return 1; }
		char terms[] __attribute__((section("license"), used)) = "GPL";
	END
	clang -target bpf -O2 -c -o "$TMP/other.o" "$TMP/other.c" 2>>"$LOG" || bail "no clang"
	bpftool prog load "$TMP/other.o" "$pin" 2>>"$LOG" || bail "cannot load"
	bpftool cgroup attach "$CGROUP_DIR" setsockopt pinned "$pin" multi
	rm "$pin"
}

# foreign WHAT KIND: a program of somebody else's undoes what ours does, or does more.
foreign() {
	actor foreign "$TOOLS/foreign" "$1" "$CGROUP_DIR"
	ready foreign || bail "no program"
	planted "another's program: $1" "$2"
	dismiss foreign
	planted "another's program: $1, gone" "$FINE"
}

frozen() {
	echo 1 >"$CGROUP_DIR/cgroup.freeze"
	planted "a cgroup that is frozen" "7 calls.tried"
	echo 0 >"$CGROUP_DIR/cgroup.freeze"
	planted "thawed" "$FINE"
}

# The cgroup is made anew: the links are on the one that was.
anew() {
	rmdir "$CGROUP_DIR" && mkdir "$CGROUP_DIR"
}

elsewhere() {
	mkdir -p "$CGROUP_DIR-other"
	reconfigure "s,^cgroup.*,&-other,"
	planted "the configuration means another cgroup" "1 fence.cgroup"
	is "no command opens the first one" "$(mend_of fence.cgroup)" ""
	reconfigure "s,^\(cgroup.*\)-other,\1,"
	rmdir "$CGROUP_DIR-other"
}

# Another's mount over the pins, which then nobody sees.
without_bpffs() {
	cat >"$TMP/without" <<-END
		#!/bin/sh
		exec unshare --mount sh -c 'mount -t tmpfs none /sys/fs/bpf && exec "\$@"' sh $WGFENCE "\$@"
	END
	chmod +x "$TMP/without"
	WGFENCE=$TMP/without planted "no bpffs" "1 fence.bpffs fence.stands"
}

# Of a program that is newer, by which this one cannot put anything back.
newer() {
	fence_down
	WGFENCE=$NEWER fence attach >>"$LOG" 2>&1
	planted "a newer wgfence's fence" "7 fence.layout"
	is "there is no command for it" "$(mend_of fence.layout)" ""
	WGFENCE=$NEWER fence detach >>"$LOG" 2>&1
	fence attach >>"$LOG" 2>&1
}

# A process that comes into the cgroup with a socket from outside. An actor is a shell that waits for it.
inside_from_outside() {
	actor m in_host "$TOOLS/talk"
	tell m "socket 4 dgram; bind $HOSTLAN4 7777"
	cat "/proc/${ACTOR_PID[m]}/task/${ACTOR_PID[m]}/children" >"$CGROUP_DIR/cgroup.procs"
}

neighbour() {
	exec nsenter --net="/run/netns/$HOST" setpriv --reuid 65533 --clear-groups sleep 60
}

members() {
	inside_from_outside
	planted "a socket that was made outside" 1 members.outside members.root
	dismiss m
	actor m member setpriv --reuid 65533 --clear-groups --inh-caps=-all "$TOOLS/talk"
	tell m "socket 4 dgram; bind $TUN4 7778"
	planted "a member without capabilities" "$FINE"
	neighbour &
	until_true has_kind members.neighbours
	planted "its user's process outside" "$FINE" members.neighbours
	kill $!
	fence_down
	fence attach >>"$LOG" 2>&1
	planted "a member that is older than the fence" "$FINE" members.older
	dismiss m
}

has_kind() {
	[[ " $(kinds) " == *" $1 "* ]]
}

# By whoever was killed between two of its calls.
left_behind() {
	mkdir "$CGROUP_DIR/wgfence-check-1"
	planted "what a check that was killed left" "$FINE"
	is "is taken away" "$(find "$CGROUP_DIR" -mindepth 1 -type d)" ""
}

killed() {
	local i

	for ((i = 0; i < 20; i++)); do
		in_host timeout -s KILL "0.$((RANDOM % 90 + 10))" "$WGFENCE" check --config "$CONF" >/dev/null 2>&1
	done
	until_true nobody_inside
	planted "killed 20 times, whenever" "$FINE"
	is "nothing of it is left" "$(find "$CGROUP_DIR" -mindepth 1 -type d)" ""
}

nobody_inside() {
	[[ -z $(find "$CGROUP_DIR" -name cgroup.procs -exec cat {} +) ]]
}

# It says no packet, whatever is missing; what it tries is counted as a member's calls.
silent() {
	local refused

	begin
	refused=$(fence metrics | awk '/^wgfence_refused_calls_total/ { n += $NF } END { print n }')
	fence check >>"$LOG" 2>&1
	want "nothing is sent" - "" -
	refused=$(($(fence metrics | awk '/^wgfence_refused_calls_total/ { n += $NF } END { print n }') - refused))
	like "its refused calls are counted" "$refused" '^[1-9]'
	rm "$PINS"/{egress,ingress,connect4,connect6,sendmsg4,bind4,bind6,sock_create,setsockopt} 2>>"$LOG"
	rm -f "$PINS"/*_unix
	begin
	fence check >>"$LOG" 2>&1
	want "nor with every link gone" - "" -
	fence attach >>"$LOG" 2>&1
}

for_people() {
	says "for people: counted" 7 "fence $NAME: [0-9]+ warnings?, .*[0-9]+ fine.*fence.*warning  no wgfence run is at work on it.*why  .*mend +wgfence run --config" \
		fence check
	says "for people, --verbose: the evidence" 7 "twins.*programs in the kernel are those of this wgfence.*of packets as this machine could send them" \
		fence check --verbose
	like "JSON is JSON" "$(jq -r .worst "$TMP/check.json" 2>&1)" \
		'^(fine|notice|warning|broken)$'
	says "not root: refused" 5 "only root" setpriv --reuid 65534 --clear-groups "$WGFENCE" check --config "$CONF"
	says "another namespace: refused" 5 "another network namespace" in_net "$WGFENCE" check --config "$CONF"
}

lab_up
conf enforce '[webui]' 'port = 8080' 'allow = lan'
planted "no fence" 1 fence.stands
follow
planted "a right setup" 0
sniff_on
silent_with_daemon=$(kinds)
is "and again" "$silent_with_daemon" 0
ended run TERM
alone_with
is "no daemon: found" "$(EXPECTED='' kinds)" "7 fence.daemon"
like "no daemon: its mend" "$(mend_of fence.daemon)" "wgfence run --config $CONF"
for_people
silent
fence_faults
other_program
planted "another's program at a hook" 7 fence.others
mended "another's program at a hook" fence.others in_host
foreign unmark "7 calls.mark fence.others"
foreign refuse "7 calls.refused fence.others"
frozen
faulty "its cgroup is made anew" "1 fence.cgroup fence.whole" fence.cgroup anew
elsewhere
without_bpffs
newer
tunnel_delete
fence attach >>"$LOG" 2>&1
planted "no tunnel" 7
tunnel_make
fence attach >>"$LOG" 2>&1
left_behind
killed
members
sniff_off
plan
