#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A fence on this kernel, from attach to detach, around the kernel's own WireGuard: it stands, it
# drops and counts, lets through and counts, refuses calls, is adopted, changes its policy, outlives
# its daemon, and is gone when it is taken down.

# shellcheck source=tests/net/lib.sh
. "${0%/*}/../../net/lib.sh"

N=3
IFS=.- read -ra KERNEL < <(uname -r)

past4="use 0; socket 4 dgram; sendto $PAST_VOID4 6000 $N 32"
past6="use 0; socket 6 dgram; sendto $PAST_VOID6 6000 $N 32"
through4="use 0; socket 4 dgram; sendto $WORLD_VOID4 6000 $N 32"
through6="use 0; socket 6 dgram; sendto $WORLD_VOID6 6000 $N 32"

# The ids of the programs in the links to the cgroup, in one line.
programs() {
	local link

	for link in "$PINS"/[!g]*; do
		bpftool link show pinned "$link" 2>/dev/null | grep -o ' prog [0-9]*'
	done | tr -d '\n'
}

# stands NAME
stands() {
	is "$1" "$(fence status --json | grep -o '^  "enforced": [a-z]*'; fence status >/dev/null; echo $?)" \
		$'  "enforced": true\n0'
}

# drops WHAT: member's packets past the tunnel, each counted, none of them out.
drops() {
	tell m "$past4"
	want "$1: UDP past the tunnel" "sendto ok=0 EPERM=$N" "" \
		"dropped egress ipv4 past_tunnel_ipv4 $N"
	tell m "$past6"
	want "$1: UDP past the tunnel, IPv6" "sendto ok=0 EPERM=$N" "" \
		"dropped egress ipv6 past_tunnel_ipv6 $N"
}

# passes WHAT
passes() {
	tell m "$through4"
	want "$1: UDP through the tunnel" "sendto ok=$N" "tunnel=$N" "allowed egress ipv4 tunnel $N"
	tell m "$through6"
	want "$1: UDP through the tunnel, IPv6" "sendto ok=$N" "tunnel=$N" \
		"allowed egress ipv6 tunnel $N"
}

in_place() {
	local start=$EPOCHREALTIME

	attach_with enforce
	diag "attach took $(((${EPOCHREALTIME/./} - ${start/./}) / 1000)) ms"
	stands "the fence stands"
	begin
	drops "enforced"
	passes "enforced"
	tell m "use 0; socket 4 stream; connect $PAST_VOID4 443; close"
	want "TCP past the tunnel" - "" "dropped egress ipv4 past_tunnel_ipv4 1"
	tell m "use 0; socket 4 dgram; sendto $WORLD4 7 $N 32; recv $N"
	want "answers come through the tunnel" "recv ok=$N" "tunnel=$N" \
		"allowed egress ipv4 tunnel $N, allowed ingress ipv4 tunnel $N"
}

# The same in audit mode is what shows that the sniffer would have seen it.
audit() {
	attach_with audit
	begin
	tell m "$past4"
	want "audit: UDP past the tunnel leaves, and is counted" "sendto ok=$N" "home=$N" \
		"would_drop egress ipv4 past_tunnel_ipv4 $N"
	tell m "$past6"
	want "audit: UDP past the tunnel leaves, and is counted, IPv6" "sendto ok=$N" "home=$N" \
		"would_drop egress ipv6 past_tunnel_ipv6 $N"
	ANSWER=$(member unshare -n "$TOOLS/talk" 'socket 4 dgram')
	want "audit: a socket in a foreign namespace is made, and counted" "socket ok" "" \
		"would_refuse socket ipv4 foreign_namespace 1"
	attach_with enforce
	begin
}

calls() {
	local sizes

	ANSWER=$(member "$TOOLS/talk" 'socket 4 dgram')
	want "a socket in the fence's namespace is made" "socket ok" "" ""
	ANSWER=$(member unshare -n "$TOOLS/talk" 'socket 4 dgram')
	want "a socket in a foreign namespace is refused" "socket EPERM" "" \
		"refused socket ipv4 foreign_namespace 1"
	ANSWER=$(member unshare -n "$TOOLS/talk" 'socket 6 stream')
	want "a socket in a foreign namespace is refused, IPv6" "socket EPERM" "" \
		"refused socket ipv6 foreign_namespace 1"
	ANSWER=$(member "$TOOLS/talk" 'socket 4 raw 255')
	want "a raw socket is refused" "socket EPERM" "" "refused socket ipv4 socket_type 1"
	tell m "use 0; socket 4 dgram; join membership 239.1.1.1 home0"
	want "a join is refused" "join EPERM" "" "refused setsockopt ipv4 multicast_join 1"
	tell m "use 0; socket 6 dgram; join group_req ff05::1:3 home0"
	want "a join is refused, IPv6" "join EPERM" "" "refused setsockopt ipv6 multicast_join 1"
	tell m "use 0; socket 4 dgram; bind $HOME4 6881"
	want "a bind to another address is refused" "bind EPERM" "" \
		"refused bind ipv4 bind_refused 1"
	tell m "use 0; socket 4 dgram; connect 127.0.0.1 9"
	want "connecting to loopback is refused" "connect EPERM" "" "refused connect ipv4 loopback 1"
	for sizes in 4095 4096 4097 65536; do
		is "options of $sizes bytes pass" "$(member "$HERE/../vm/large" $sizes | grep -v ' ok$')" ""
	done
	is "the large options are set at all" "$(member "$HERE/../vm/large" 65536 | wc -l)" 3
}

adopted() {
	local before

	before=$(programs)
	like "there is a program for each link" "$before" '^( prog [0-9]+){9}(( prog [0-9]+){2})?$'
	attach
	is "attached again, the same programs stand" "$(programs)" "$before"
	begin
	drops "adopted"
}

# policy PATTERN: reads what `run` says until it says that.
policy() {
	while read -r -t "$DEADLINE" -u "${ACTOR_OUT[run]}" ANSWER; do
		# shellcheck disable=SC2053 # a pattern
		[[ $ANSWER == $1 ]] && return
	done
	bail "run never said: $1"
}

# `wgfence run` as an actor; its process is not the actor's.
run_up() {
	# shellcheck disable=SC2016
	actor run sh -c 'echo $$ >"$0" && exec "$@"' "$TMP/run.pid" \
		nsenter --net="/run/netns/$HOST" "$WGFENCE" run --config "$CONF"
	policy "fence * stands on *"
}

# Its cgroup removed and made anew: the daemon puts the programs on the new one.
made_anew() {
	local i CGROUP=$CGROUP/anew CGROUP_DIR=$CGROUP_DIR/anew CONF=${CONF%.conf}-anew.conf NAME=$NAME-anew

	mkdir "$CGROUP_DIR"
	configure enforce </dev/null
	run_up
	for i in 1 2 3; do
		rmdir "$CGROUP_DIR"
		policy "the cgroup * is gone*"
		mkdir "$CGROUP_DIR"
		policy "fence * stands on *"
		is "the cgroup made anew, $i: members are held" \
			"$(member "$TOOLS/talk" "${past4#use 0; }" | tail -n 1)" "sendto ok=0 EPERM=$N"
	done
	kill -KILL "$(<"$TMP/run.pid")"
	wait "${ACTOR_PID[run]}" 2>/dev/null
	fence detach --force >>"$LOG" 2>&1
	begin
}

# Twenty publications, for which slots are freed in the background.
changes() {
	local i answers=

	run_up
	begin
	for i in {1..10}; do
		ip -n "$HOST" link set wgft0 down
		policy "policy *: tunnel wgft0 is not there, *"
		tell m "$through4"
		answers+="$ANSWER, "
		ip -n "$HOST" link set wgft0 up
		tunnel_route
		policy "policy *: tunnel wgft0 is up, *"
		tell m "$through4"
		answers+="$ANSWER; "
	done
	is "twenty changes of the policy, each in force at once" "$answers" \
		"$(printf "sendto ok=0 EPERM=$N, sendto ok=$N; %.0s" {1..10})"
	want "and each packet counted" - "tunnel=$((10 * N))" \
		"allowed egress ipv4 tunnel $((10 * N)), dropped egress ipv4 no_tunnel $((10 * N))"
	tunnel_address $TUN4 $TUN6
	tunnel_route
	policy "policy *: tunnel wgft0 is up, 2 addresses, *"
}

# Held back where this kernel can; else it is said, and the fence stands all the same.
unix_sockets() {
	local said

	printf '%s\n' '[unix]' "allow = @$ID.named" | configure enforce
	said=$(fence attach 2>&1)
	stands "with names of unix sockets the fence stands"
	begin
	tell m "use 0; socket unix dgram; connect @$ID.other 0"
	if ((KERNEL[0] > 6 || (KERNEL[0] == 6 && KERNEL[1] >= 7))); then
		want "a unix socket that is not named" "connect EPERM" "" "refused unix unix unix_socket 1"
		tell m "use 0; socket unix dgram; connect @$ID.named 0"
		want "one that is named, where nobody is" "connect ECONNREFUSED" "" ""
		tell m "use 0; socket unix dgram; sendto /run/$ID.other 1 1 8"
		want "sent to one that is not named" "sendto ok=0 EPERM=1" "" "refused unix unix unix_socket 1"
		tell m "use 0; socket unix stream; connect /run/$ID.other 1"
		want "connected to one that is not named, by its path" "connect EPERM" "" \
			"refused unix unix unix_socket 1"
		ANSWER=$(in_host "$TOOLS/talk" "socket unix dgram; connect @$ID.other 0" | tail -n 1)
		want "somebody outside is not asked" "connect ECONNREFUSED" "" ""
	else
		want "a unix socket meets no hook here" "connect ECONNREFUSED" "" ""
		like "attach says so" "$said" 'warning: this kernel .* cannot hold back unix sockets'
		like "and so does status" "$(fence status)" "unix +this kernel .* only the unit's mounts"
	fi
	attach_with enforce
}

killed() {
	kill -KILL "$(<"$TMP/run.pid")"
	wait "${ACTOR_PID[run]}" 2>/dev/null
	stands "the fence outlives its daemon"
	drops "daemon killed"
	passes "daemon killed"
	attach
	stands "the fence is adopted after it"
}

# They go a while after their links.
no_program() {
	! bpftool prog show | grep -q ' name wgf_'
}

taken_down() {
	fence detach >"$TMP/detach" 2>&1
	is "detach is refused while members hold sockets" \
		"$? $(grep -c 'members hold' "$TMP/detach")" "5 1"
	stands "the fence still stands"
	tell m "use 0; close"
	fence detach >>"$LOG" 2>&1
	is "detach takes it down" "$?" 0
	is "no pin is left" "$(ls -A "$PINS" "${PINS%/*}" 2>/dev/null)" ""
	until_true no_program
	is "no program is left" "$(bpftool prog show | grep ' name wgf_')" ""
	begin
	tell m "$past4"
	want "what was fenced is open again" "sendto ok=$N" "home=$N" ""
}

lab_up
sniff_on
actor echo in_net "$TOOLS/serve" $WORLD4:7
ready echo || bail "no server in the world"
actor m member "$TOOLS/talk"

made_anew
in_place
audit
calls
adopted
unix_sockets
changes
killed
taken_down
sniff_off
plan
