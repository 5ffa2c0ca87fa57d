#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sockets that outlive their process, and their cgroup: the kernel goes on sending what is left in
# them. While there is one, detach refuses; a cgroup made anew gets links of its own, and those of
# the old one are kept until its last socket is gone.
#
# The tunnel goes down, and with it its routes; IPv4 keeps its address, and IPv6 does not ask whose
# it is, so that without a fence the orphans send by the home line.

. "${0%/*}/lib.sh"
. "${0%/*}/lifecycle.sh"

DEADLINE=40 # TCP waits longer each time before it sends again
ECHO=7001

# connection NAME FAMILY: an actor with one through the tunnel.
connection() {
	local to=WORLD$2

	actor "$1" member "$TOOLS/talk"
	tell "$1" "use 0; socket $2 stream; connect ${!to} $ECHO; finish"
	[[ $ANSWER == "finish ok" ]] || bail "no connection: $ANSWER"
}

tunnel_down() {
	ip -n "$HOST" link set wgft0 down
}

tunnel_up() {
	ip -n "$HOST" link set wgft0 up
	tunnel_address $TUN4 $TUN6
	tunnel_route
}

# orphans: two connections with unsent data, and their processes gone.
orphans() {
	connection m4 4
	connection m6 6
	tunnel_down
	tell m4 "send 1 1000"
	tell m6 "send 1 1000"
	xargs -r kill -9 <"$CGROUP_DIR/cgroup.procs"
	until_true empty
	dismiss m4
	dismiss m6
}

empty() {
	[[ -z $(<"$CGROUP_DIR/cgroup.procs") ]]
}

dropped() {
	fence metrics 2>>"$LOG" | awk -v family="$1" -F '["{} ,=]+' '
		/^wgfence_dropped_packets/ && $5 == "egress" && $7 == family { sum += $10 }
		END { print sum + 0 }'
}

more_dropped() {
	[[ $(dropped ipv4) -gt $1 && $(dropped ipv6) -gt $2 ]]
}

# try_again NAME: the orphans of both families try again, and are held back.
try_again() {
	local were4 were6 result="were silent"

	were4=$(dropped ipv4) were6=$(dropped ipv6)
	until_true more_dropped "$were4" "$were6" && result="tried again"
	leaked
	is "$1" "$result, leaked: $REPLY" "tried again, leaked: "
}

# seen KIND...: have packets of each kind left? As "tcp4".
seen() {
	local kinds kind

	kinds=" $(left | awk '{ print $2 ($3 ~ /:/ ? 6 : 4) }' | sort -u | paste -s -d ' ') "
	for kind; do
		[[ $kinds == *" $kind "* ]] || return 1
	done
}

retired() {
	find "$PINS" -name 'retired-*' | wc -l
}

# Eight, and two for unix sockets where the kernel has hooks for them.
links() {
	find "$PINS" ! -name '*-*' -type f | wc -l
}

none_retired() {
	fence attach >>"$LOG" 2>&1
	[[ $(retired) -eq 0 ]]
}

# held NAME COMMANDS: a member with such a socket and no other keeps the fence from being taken down,
# until it closes it.
held() {
	actor one member "$TOOLS/talk"
	tell one "use 0; $2"
	[[ $ANSWER == *\ ok* ]] || bail "$2: $ANSWER"
	says "detach with $1" 5 "members hold 1 socket" fence detach
	tell one "close"
	until_true fence detach >>"$LOG" 2>&1
	is "detach when it is closed" $? 0
	attach
	dismiss one
	until_true empty
}

# The socket is made before the fence, which would not let it be made.
refuses_before_the_fence() {
	actor raw member "$TOOLS/talk"
	tell raw "use 0; socket 4 raw 255"
	attach
	says "detach with a raw socket from before the fence" 5 "members hold 1 socket" fence detach
	dismiss raw
	until_true empty
}

# A process has gone to another cgroup with it; the one that it is of is removed.
held_elsewhere() {
	attach
	mkdir "$CGROUP_DIR/unit"
	CGROUP_DIR=$CGROUP_DIR/unit actor one member "$TOOLS/talk"
	tell one "use 0; socket 6 dgram; sendto $WORLD_VOID6 6000 1 32"
	[[ $ANSWER == *\ ok* ]] || bail "a UDP socket: $ANSWER"
	xargs -n 1 <"$CGROUP_DIR/unit/cgroup.procs" | while read -r pid; do
		echo "$pid" >"$CGROUP_DIR/../cgroup.procs"
	done
	rmdir "$CGROUP_DIR/unit" || bail "cannot remove $CGROUP_DIR/unit"
	says "detach with a socket that has been carried elsewhere" 5 \
		"members hold 1 socket.*some of a cgroup that was removed" fence detach
	tell one "close"
	until_true fence detach >>"$LOG" 2>&1
	is "detach when it is closed" $? 0
	dismiss one
}

# The kernel's own sockets are of whoever made their interface: of a service that has ended, say.
kernels_own() {
	attach
	mkdir "$CGROUP_DIR-made"
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$CGROUP_DIR-made" \
		ip -n "$HOST" link add own0 type vxlan id 1 dstport 4789
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$CGROUP_DIR-made" ip -n "$HOST" link set own0 up
	until_true rmdir "$CGROUP_DIR-made" 2>>"$LOG" || bail "cannot remove $CGROUP_DIR-made"
	is "the kernel has a socket of a cgroup that is gone" \
		"$(in_host ss -Huan --cgroup | grep -c ':4789 .*cgroup:unreachable')" 1
	says "detach beside it" 0 "0 processes, 0 sockets" fence detach
	ip -n "$HOST" link del own0
}

orphans_of_a_process() {
	orphans
	says "detach with two orphans" 5 "members hold 2 sockets" fence detach
	try_again "the orphans are held back"
	says "detach from another namespace" 5 "another network namespace" \
		in_net "$WGFENCE" detach "$NAME"
	says "detach --force" 0 "taken down.*every interface.*0 processes, 2 sockets" \
		fence detach --force
	until_true seen tcp4 tcp6
	is "then the orphans leave by the home line" $? 0
	tunnel_up
	until_true no_socket_left || bail "the orphans stay for ever"
	dismiss sniff
	sniff_others
}

no_socket_left() {
	attach
	fence detach >>"$LOG" 2>&1
}

# As of a unit that has been stopped, in a slice that stays.
orphans_of_a_cgroup_below() {
	attach
	mkdir "$CGROUP_DIR/unit"
	CGROUP_DIR=$CGROUP_DIR/unit orphans
	rmdir "$CGROUP_DIR/unit" || bail "cannot remove $CGROUP_DIR/unit"
	try_again "the orphans of a cgroup below that was removed are held back"
	says "re-attach" 0 "stands on $CGROUP" fence attach
	try_again "they still are"
	says "detach" 5 "members hold 2 sockets .some of a cgroup that was removed" fence detach
	tunnel_up
	until_true no_socket_left
	is "detach once they are gone" $? 0
}

orphans_of_a_cgroup() {
	local sent

	attach
	orphans
	rmdir "$CGROUP_DIR" || bail "cannot remove $CGROUP_DIR"
	says "status without the cgroup" 3 "No such file" fence status
	says "attach without the cgroup" 3 "$CONF: cgroup: $CGROUP_DIR: No such file" fence attach
	try_again "the orphans of a cgroup that was removed are held back"

	mkdir "$CGROUP_DIR"
	says "status when it is made anew" 3 "the cgroup of the link .* was removed" fence status
	re_attach_killed_often
	says "re-attach" 0 "stands on $CGROUP" fence attach
	says "status after it" 0 "enforced" fence status
	is "the old links are kept" "$(retired)" "$(links)"
	try_again "by them the orphans are held back"
	sent=$(member "$TOOLS/talk" "${PAST#use 0; }" | tail -n 1)
	is "by the new ones whoever is in the new cgroup" "$sent" "$REFUSED"
	says "detach" 5 "members hold 2 sockets .some of a cgroup that was removed" fence detach

	tunnel_up
	until_true none_retired
	is "once the orphans are gone, an attach sweeps the old links" "$(retired)" 0
	says "and detach takes the fence down" 0 "0 processes, 0 sockets" fence detach
	leaked
	is "nothing has left meanwhile" "$REPLY" ""
}

# Each attempt gets a step further than the one before.
re_attach_killed_often() {
	local n code

	for ((n = 1; ; n++)); do
		in_host "$TOOLS/killat" change "$n" "$WGFENCE" attach --config "$CONF" >>"$LOG" 2>&1
		code=$?
		[[ $code -eq 137 ]] || break
	done
	is "re-attach killed $((n - 1)) times, further on each time" "$code" 0
	leaked
	is "meanwhile nothing leaves" "$REPLY" ""
}

lab_up
sniff_others
actor far in_net "$TOOLS/serve" $WORLD4:$ECHO "[$WORLD6]:$ECHO"
ready far || bail "no server in the internet"
configure enforce </dev/null
refuses_before_the_fence
held "a connection" "socket 4 stream; connect $WORLD4 $ECHO; finish"
held "a connection, IPv6" "socket 6 stream; connect $WORLD6 $ECHO; finish"
held "a socket that listens" "socket 6 stream; bind :: 5555; listen"
held "a UDP socket" "socket 6 dgram; sendto $WORLD_VOID6 6000 1 32"
held "a UDP socket that was never used" "socket 4 dgram"
held "a TCP socket that was never used" "socket 6 stream"
says "status: it stands" 0 "enforced" fence status
fence detach >>"$LOG" 2>&1
held_elsewhere
kernels_own
attach
orphans_of_a_process
orphans_of_a_cgroup_below
orphans_of_a_cgroup
ask sniff lost
is "the sniffer has seen everything" "$ANSWER" 0
plan
