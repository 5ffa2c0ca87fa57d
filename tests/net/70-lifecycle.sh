#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The life of a fence: put in place, adopted, changed, left in peace, taken down. What a re-attach
# must keep is kept, what fails changes nothing, one at a time, and nobody but root.

. "${0%/*}/lib.sh"
. "${0%/*}/lifecycle.sh"

NOBODY=(setpriv --reuid 65534 --regid 65534 --clear-groups)

put_in_place() {
	says "status without a fence" 3 "does not stand" fence status
	is "the same in JSON" "$(json enforced) $(json tunnel.up)" "false true"
	says "attach" 0 "fence $NAME stands on $CGROUP" fence attach
	says "status" 0 "$NAME: enforced.*wgft0 .interface .*$TUN4 on wgft0" fence status
	is "the same in JSON" "$(json enforced) $(json tunnel.up)" "true true"
	is "metrics say so too" "$(fence metrics | sed -n '/^wgfence_\(enforced\|tunnel_up\)/s/.* //p' |
		paste -s)" $'1\t1'
	COUNTED=
	stands "attached"
}

adopted() {
	local programs generation counters

	programs=$(programs) generation=$(generation) counters=$(counters)
	says "re-attach" 0 "stands on $CGROUP" fence attach
	like "it has nine programs" "$programs" '^([0-9]+ ){8}[0-9]+$'
	is "and they are the same ones" "$(programs)" "$programs"
	is "the counters are too" "$(counters)" "$counters"
	is "the generation is the next" "$(generation)" $((generation + 1))
	stands "re-attached"
}

# Audit mode and back: another policy for the same programs.
modes() {
	local programs

	programs=$(programs)
	attach_with audit
	says "status in audit mode" 3 "audit mode: drops nothing" fence status
	is "the same in JSON" "$(json enforced) $(json mode)" 'false "audit"'
	tell m "$PAST"
	want "in audit mode what it would drop leaves" "$SENT" "home=3" \
		"would_drop egress ipv4 past_tunnel_ipv4 3"
	attach_with enforce
	says "status when it is enforced again" 0 "enforced" fence status
	stands "enforced again"
	is "all by the same programs" "$(programs)" "$programs"
}

# broken LINE MESSAGE: a configuration with an error changes nothing that stands.
broken() {
	local before

	before="$(programs) $(image) $(counters)"
	configure enforce <<<"$1"
	says "re-attach with \`$1\`" 2 "$CONF:6: $2" fence attach
	says "run with \`$1\`" 2 "$CONF:6: $2" try_to_run
	is "and nothing in force has changed" "$(programs) $(image) $(counters)" "$before"
	configure enforce </dev/null
}

broken_configurations() {
	broken "[rulez]" "found .rulez."
	broken "colour = red" "colour"
	broken "mode = audit" "mode"
	says "re-attach without a configuration" 2 "gone.conf: No such file" \
		in_host "$WGFENCE" attach --config "$TMP/gone.conf"
	stands "after broken configurations"
}

# A lock, held by whoever is at work.
one_at_a_time() {
	local lock before

	before="$(programs) $(image)"
	exec {lock}<"$PINS"
	flock -n "$lock" || bail "cannot lock $PINS"
	says "attach while another is at work" 5 "another wgfence is at work" fence attach
	says "run while another is at work" 5 "another wgfence is at work" try_to_run
	says "detach while another is at work" 5 "another wgfence is at work" fence detach --force
	exec {lock}<&-
	is "and nothing in force has changed" "$(programs) $(image)" "$before"

	follow
	says "attach while run is there" 5 "another wgfence is at work" fence attach
	says "run while run is there" 5 "another wgfence is at work" try_to_run
	says "status while run is there" 0 "enforced" fence status
	ended run TERM
	is "run ends in peace when it is told to" $? 0
	stands "after run has ended"
}

# Many at once: each of them does it, or says that another does.
at_once() {
	local i pids=() codes=

	for i in {1..8}; do
		fence attach >>"$LOG" 2>&1 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
		codes+=" $?"
	done
	like "attach, eight at once" "$codes" '^( [05])+$'
	like "at least one of them does it" "$codes" ' 0'
	stands "after eight at once"
}

roots_alone() {
	is "the directories are root's" "$(stat -c '%a %u' "${PINS%/*}" "$PINS" | paste -s -d ' ')" \
		"700 0 700 0"
	is "so are the pins" "$(stat -c '%a %u' "$PINS"/* | sort -u)" "600 0"
	says "a user cannot list them" 2 "Permission denied" "${NOBODY[@]}" ls "$PINS"
	says "nor open one" 1 "Permission denied" "${NOBODY[@]}" cat "$PINS"/image-*
	says "nor have the status" 5 "only root" "${NOBODY[@]}" "$WGFENCE" status "$NAME"
	says "nor take it down" 5 "only root" "${NOBODY[@]}" "$WGFENCE" detach "$NAME"
}

taken_down() {
	dismiss m
	until_true eval '[[ -z $(<"$CGROUP_DIR/cgroup.procs") ]]'
	says "detach" 0 "$NAME is taken down: .* every interface now \(0 processes, 0 sockets\)" \
		fence detach
	is "no pin is left" "$(ls -d "$PINS" 2>&1)" "ls: cannot access '$PINS': No such file or directory"
	says "detach again" 3 "no fence named $NAME" fence detach
	says "metrics of no fence" 0 "wgfence_enforced.fence=\"$NAME\". 0" fence metrics
	COUNTED=
	opened
	actor m member "$TOOLS/talk"
	tell m "$PAST"
	want "after detach it leaves" "$SENT" "home=3" ""
	says "attach after detach" 0 "stands on $CGROUP" fence attach
	is "it has counted nothing yet" "$(counters)" ""
	stands "attached after detach"
}

# The last: the sniffer does not know the tunnel that is made anew.
without_tunnel() {
	tunnel_delete
	says "status when the tunnel is gone" 0 "news .*wgft0 is gone" fence status
	is "the same in JSON" "$(json enforced) $(json tunnel.up) $(json tunnel.in_policy)" \
		"true false true"
	says "attach without a tunnel" 0 "not present: wgft0.*stands on $CGROUP" fence attach
	is "status without one" "$(json enforced) $(json tunnel.up) $(json tunnel.in_policy)" \
		"true false false"
	tell m "$BY_TUNNEL"
	want "nothing leaves without one" "$REFUSED" "" "dropped egress ipv4 no_tunnel 3"
	tunnel_make
	says "status when it is back" 0 "news .*wgft0 is up" fence status
	attach
	tell m "$BY_TUNNEL"
	want "after a re-attach it carries again" "$SENT" "tunnel.far=3" "allowed egress ipv4 tunnel 3"
}

lab_up
sniff_on
actor m member "$TOOLS/talk"
configure enforce </dev/null
put_in_place
adopted
modes
broken_configurations
one_at_a_time
at_once
roots_alone
taken_down
without_tunnel
sniff_off
plan
