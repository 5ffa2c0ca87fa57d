#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Unix sockets (Linux 6.7): members reach those that the configuration names, in that very spelling,
# and no other; refused with EPERM, counted once, and the other end sees nothing. With `unix = off` and
# in audit mode the same calls arrive. Names are added and withdrawn while a member runs.

. "${0%/*}/lib.sh"
. "${0%/*}/ledger.sh"

D=$TMP/sockets
LONG=$D/$(printf '%*s' $((107 - ${#D})) '' | tr ' ' x) # 108 bytes, which leave no room for a NUL
NAMED=("allow = $D/named $D/dgram" "allow = $D/seq $LONG" "allow = @$ID.a\\x00b @$ID.dgram")

# Who is asked, outside of the fence: a slot of the actor `o` for each, and what lies there.
ENDS=(
	"stream $D/named" "dgram $D/dgram" "seq $D/seq" "stream $D/name" "stream $D/named.d"
	"stream @$ID.a\\x00b" "stream @$ID.a" "stream @$ID.a\\x00" "stream @$ID.a\\x00bc" "dgram $D/other"
	"dgram @$ID.other" "seq @$ID.seq" "stream $LONG" "stream @$ID.a\\x00b\\x00" "stream $D/stream"
	"dgram @$ID.dgram"
)

NAME_OF=() END=() DO=()

# case WHAT END COMMAND: of a socket of that end's type.
try() {
	NAME_OF+=("$1") END+=("$2") DO+=("use 0; socket unix ${ENDS[$2]%% *}; $3")
}

tries() {
	NAME_OF=() END=() DO=()
}

not_named() {
	tries
	try "a path, stream" 14 "connect $D/stream 1"
	try "a path, dgram, connect" 9 "connect $D/other 1"
	try "a path, dgram, send" 9 "sendto $D/other 1 1 8"
	try "a path, without its NUL" 14 "connect $D/stream 0"
	try "abstract, dgram, connect" 10 "connect @$ID.other 0"
	try "abstract, dgram, send" 10 "sendto @$ID.other 0 1 8"
	try "abstract, seqpacket" 11 "connect @$ID.seq 0"
	try "what a name begins with" 3 "connect $D/name 1"
	try "the same without its NUL" 3 "connect $D/name 0"
	try "what begins with a name" 4 "connect $D/named.d 0"
	try "what an abstract name begins with, before its NUL" 6 "connect @$ID.a 0"
	try "what an abstract name begins with, with its NUL" 7 "connect @$ID.a\\x00 0"
	try "what begins with an abstract name" 8 "connect @$ID.a\\x00bc 0"
	try "an abstract name and a NUL" 13 "connect @$ID.a\\x00b 1"
	try "a named one by a relative path" 0 "connect ./named 1"
	try "a named one by .." 0 "connect $D/../sockets/named 1"
	try "a named one by //" 0 "connect $D//named 1"
	try "a named one by a link" 0 "connect $D/link 1"
	try "by io_uring" 14 "uring $D/stream 1"
}

# The kernel's copy of an address is not cleared: behind its end lies the one before.
stale() {
	tell m "use 0; socket unix stream; after $D/named.d 1 $D/named 0"
	want "a named one, behind which lies another one's end" "after ok" "" "$REFUSED_ONE"
	tell m "use 0; socket unix stream; after $D/named 1 $D/name 0"
	want "what a name begins with, behind which lies its end" "after EPERM" "" "$REFUSED_ONE"
	tell m "use 0; socket unix stream; after @$ID.a\\x00bc 0 @$ID.a\\x00b 0"
	want "an abstract one, behind which lies another one's end" "after ok" "" "$REFUSED_ONE"
	tell o "use 0; drain; use 5; drain"
}

named() {
	tries
	try "a path, stream" 0 "connect $D/named 1"
	try "a path, without its NUL" 0 "connect $D/named 0"
	try "a path, with NULs behind it" 0 "connect $D/named 9"
	try "a path, dgram, connect" 1 "connect $D/dgram 1; send 1 8"
	try "a path, dgram, send" 1 "sendto $D/dgram 1 1 8"
	try "a path, seqpacket" 2 "connect $D/seq 1"
	try "a path of 108 bytes" 12 "connect $LONG 0"
	try "abstract, with a NUL in it" 5 "connect @$ID.a\\x00b 0"
	try "abstract, dgram, send" 15 "sendto @$ID.dgram 0 1 8"
	try "a path, by io_uring" 0 "uring $D/named 1"
}

verb() {
	local last=${1##*; }

	case ${last%% *} in
	sendto | send) echo "${last%% *} ok=${2/EPERM/0 EPERM=1}" ;;
	*) echo "${last%% *} $2" ;;
	esac | sed 's/ok=ok/ok=1/'
}

# io_uring may be switched off.
can() {
	[[ ${DO[$1]} != *uring* || $(in_host "$TOOLS/talk" "${DO[$1]}") == *"uring ok" ]] || return
	tell o "use ${END[$1]}; drain"
}

# all MODE ANSWER SEEN COUNTED: each case, by the actor m. A connect alone shows nothing to a dgram.
all() {
	local i what seen

	for i in "${!DO[@]}"; do
		what="$1: ${NAME_OF[i]}" seen=$3
		[[ ${DO[i]} == *"unix dgram; connect"* && ${DO[i]} != *send* ]] && seen=0
		if ! can "$i"; then
			skip "$what" "io_uring is switched off"
			continue
		fi
		tell m "${DO[i]}"
		want "$what: $2" "$(verb "${DO[i]}" "$2")" "" "$4"
		tell o "use ${END[i]}; drain"
		is "$what: the other end saw $seen" "$ANSWER" "drain ok=$seen"
	done
}

REFUSED_ONE="refused unix unix unix_socket 1"

ends_up() {
	local i

	mkdir "$D" "$CGROUP_DIR/below"
	ln -s named "$D/link"
	actor o in_host "$TOOLS/talk"
	for i in "${!ENDS[@]}"; do
		tell o "use $i; socket unix ${ENDS[i]%% *}; bind ${ENDS[i]#* } 0"
		[[ $ANSWER == "bind ok" ]] || bail "cannot bind ${ENDS[i]}: $ANSWER"
		[[ ${ENDS[i]} == dgram* ]] || tell o "listen"
	done
}

modes() {
	not_named
	attach_with enforce "unix = off"
	begin
	all "unix = off" ok 1 ""
	attach_with audit '[unix]' "${NAMED[@]}"
	begin
	all "audit mode" ok 1 "would_refuse ${REFUSED_ONE#* }"
	attach_with enforce '[unix]' "${NAMED[@]}"
	begin
	all "not named" EPERM 0 "$REFUSED_ONE"
	named
	all "named" ok 1 ""
	stale
	tell m "pair"
	want "a pair of sockets is nobody's business" "pair ok" "" ""
}

# In a cgroup below, and by whoever is not in the fence.
below_and_outside() {
	CGROUP_DIR=$CGROUP_DIR/below actor b member "$TOOLS/talk"
	tell b "socket unix stream; connect $D/stream 1"
	want "in a cgroup below: refused" "connect EPERM" "" "$REFUSED_ONE"
	tell b "socket unix stream; connect $D/named 1"
	want "in a cgroup below: named" "connect ok" "" ""
	dismiss b
	is "who is not in the fence is not asked" \
		"$(in_host "$TOOLS/talk" "socket unix stream; connect $D/stream 1" | tail -n 1)" "connect ok"
	tell o "use 0; drain; use 14; drain"
	want "nor counted" "drain ok=1" "" ""
}

shows() {
	[[ $(fence status 2>>"$LOG") =~ $1 ]]
}

held_programs() {
	find "/proc/${ACTOR_PID[run]}/fd" -lname '*bpf-prog*' | wc -l
}

# What is loaded for a configuration that is refused in the end must not be put on the next cgroup.
refused_reload() {
	local before

	before=$(held_programs)
	in_host ip rule add priority 4999 lookup 4999
	printf '[fence]\ncgroup = %s\ntunnel = wgft0\n[route]\npriority = 4998\n' "$CGROUP" >"$CONF"
	kill -HUP "${ACTOR_PID[run]}"
	until_true grep -q "not reloaded.*priority 4999" "$LOG"
	is "on, with numbers of somebody else's: refused, and it holds no more programs than before" \
		"$? $(held_programs)" "0 $before"
	in_host ip rule del priority 4999
}

# A member goes on while names come and go, and so does what it has connected.
reloads() {
	not_named
	follow
	readers_on
	tell m "use 3; socket unix dgram; connect $D/dgram 1; send 1 8"
	printf '%s\n' '[unix]' "allow = $D/stream" | configure enforce
	kill -HUP "${ACTOR_PID[run]}"
	until_true shows "unix  .* $D/stream .line 7"
	begin
	tell m "use 0; socket unix stream; connect $D/stream 1"
	want "a reload adds a name" "connect ok" "" ""
	tell m "use 0; socket unix stream; connect $D/named 1"
	want "and withdraws one" "connect EPERM" "" "$REFUSED_ONE"
	tell m "use 3; send 1 8"
	want "what is connected stays so" "send ok=1" "" ""
	tell m "use 3; sendto $D/dgram 1 1 8"
	want "and asks anew where it names it" "sendto ok=0 EPERM=1" "" "$REFUSED_ONE"
	tell o "use 0; drain; use 14; drain; use 1; drain"
	is "the other end saw the two" "$ANSWER" "drain ok=2"
	configure enforce <<<"unix = off"
	kill -HUP "${ACTOR_PID[run]}"
	until_true shows "unix +off: members may ask programs outside"
	is "off: its links are gone" "$(find "$PINS" -name '*_unix')" ""
	is "and so says status" "$(json unix.on) $(json unix.enforced) $(json enforced)" "false false true"
	until_true arrives # the kernel detaches a link some time after its pin is gone
	begin
	tell m "use 0; socket unix stream; connect $D/stream 1"
	want "off: it arrives" "connect ok" "" ""
	refused_reload
	printf '%s\n' '[unix]' "${NAMED[@]}" | configure enforce
	kill -HUP "${ACTOR_PID[run]}"
	until_true shows "unix  .* $D/named .line 7"
	is "on again" "$(json unix.on) $(json unix.enforced) $(json enforced)" "true true true"
	tell m "use 0; socket unix stream; connect $D/stream 1"
	want "on again: refused" "connect EPERM" "" "$REFUSED_ONE"
	tell o "use 14; drain"
}

arrives() {
	tell m "use 0; socket unix stream; connect $D/stream 1"
	[[ $ANSWER == "connect ok" ]]
}

# tail_told NAME: the reader has it by now. A flow that had its event a moment ago has none: it is tried again.
tail_told() {
	tell m "use 0; socket unix stream; connect $1 1"
	sleep 0.2
	has_event hook '"unix"' name "\"...${1: -32}\"" : reason
}

told_of() {
	local name=$D/stream

	until_true tail_told "$name"
	is "an event tells the end of its name" \
		"$(event_with hook '"unix"' name "\"...${name: -32}\"" : type family reason name_length comm local remote_port)" \
		"\"refuse\" \"unix\" \"unix_socket\" ${#name} \"talk\" null null"
	is "and so do the flows" \
		"$(flow_with hook '"unix"' name "\"...${name: -16}\"" : name_length reason comm)" \
		"${#name} \"unix_socket\" \"talk\""
	begin
}

# Whoever ends or is killed, the fence stands.
daemon_ends() {
	ended run KILL
	tell m "use 0; socket unix stream; connect $D/stream 1"
	want "the daemon is killed: refused" "connect EPERM" "" "$REFUSED_ONE"
	tell m "use 0; socket unix stream; connect $D/named 1"
	want "the daemon is killed: named" "connect ok" "" ""
}

# One link taken away by hand: the fence is not whole, and an attach mends it.
lost_link() {
	rm "$PINS/connect_unix"
	says "a link that is missing is told of" 3 "NOT WHOLE.*missing .*unix sockets one is not there" \
		fence status
	says "attach mends it" 0 "stands on $CGROUP" fence attach
	tell m "use 0; socket unix stream; connect $D/stream 1"
	want "and it holds back again" "connect EPERM" "" "$REFUSED_ONE"
}

explained() {
	local what

	for what in "$D/stream:is refused: unix socket that is not named .unix_socket" \
		"$D/named:passes" "@$ID.a\\x00b:passes" "@$ID.a:is refused" "/run/systemd/notify:passes"; do
		says "explain ${what%%:*}" 0 "${what#*:}" fence explain unix --unix "${what%%:*}"
	done
	says "explain by the configuration" 0 "passes" fence explain unix --would-be --unix "$D/seq"
	says "a dry run shows the names" 0 "unix  .*/run/systemd/notify .always.*$D/named .line 7" \
		fence attach --dry-run
}

taken_down() {
	fence detach --force >>"$LOG" 2>&1
	opened
	until_true arrives
	is "after detach it arrives" "$ANSWER" "connect ok"
	tell o "use 14; drain"
	is "after detach the other end sees it" "$ANSWER" "drain ok=1"
}

lab_up
configure enforce </dev/null
attach
if [[ ! -e $PINS/connect_unix ]]; then
	like "this kernel lacks the hooks, and status says so" "$(fence status)" \
		"unix +this kernel .* cannot hold back unix sockets .* only the unit's mounts"
	is "the fence stands all the same" "$(json unix.on) $(json unix.enforced) $(json enforced)" \
		"true false true"
	is "its metrics have no series for it" "$(fence metrics | grep -c 'call="unix"')" 0
	plan
fi
is "its metrics have a series from the start" "$(fence metrics | grep -c 'call="unix"')" 4
sniff_on
actor m member "$TOOLS/talk"
ends_up
tell m "cd $D"
modes
below_and_outside
reloads
told_of
daemon_ends
lost_link
explained
taken_down
sniff_off
plan
