#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A cgroup v1 net_cls hierarchy beside the fence. Before Linux 5.15 it takes sockets out of cgroup2,
# and the fence must refuse to stand; from then on members are members all the same.
#
# Comes last: before 5.15 the first classid ends cgroup2's hold on sockets until the next boot.

# shellcheck source=tests/net/lib.sh
. "${0%/*}/../../net/lib.sh"

N=3
NET_CLS=$TMP/net_cls
past="use 0; socket 4 dgram; sendto $PAST_VOID4 6000 $N 32"

net_cls_up() {
	mkdir -p "$NET_CLS"
	mount -t cgroup -o net_cls net_cls "$NET_CLS" || bail "no net_cls in this kernel"
}

net_cls_down() {
	umount "$NET_CLS"
}

# A hierarchy outlives its mount until its last group is freed, a while after it was removed; then
# mounting and unmounting it once more ends it, a while after that.
net_cls_gone() {
	[[ $(awk '$1 == "net_cls" { print $2 }' /proc/cgroups) == 0 ]] && return
	net_cls_up
	net_cls_down
	sleep 0.5
	return 1
}

# A group in it with a class of its own, and a member therein.
classify() {
	mkdir "$NET_CLS/classified"
	echo 0x10001 >"$NET_CLS/classified/net_cls.classid"
}

classified() {
	# shellcheck disable=SC2016
	member sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$NET_CLS/classified" "$@"
}

unclassify() {
	until_true rmdir "$NET_CLS/classified" 2>>"$LOG" || bail "the class stays in use"
}

# refused NAME: attach, with the exit code and the words for it, and leaves nothing.
refused() {
	fence attach >"$TMP/refused" 2>&1
	is "$1" "$? $(grep -c 'net_cls or net_prio' "$TMP/refused")" "4 1"
	is "$1, and nothing stands" "$(ls -d "$PINS" 2>/dev/null)" ""
}

# enforced NAME WANTED: what the metrics say, which is what an alert looks at.
enforced() {
	is "$1, wgfence_enforced is $2" \
		"$(fence metrics | sed -n 's/^wgfence_enforced{.*} //p')" "$2"
}

# judged NAME
judged() {
	attach
	begin
	actor m member "$TOOLS/talk"
	tell m "$past"
	want "$1" "sendto ok=0 EPERM=$N" "" "dropped egress ipv4 past_tunnel_ipv4 $N"
	dismiss m
	fence detach >>"$LOG" 2>&1 || bail "detach failed"
}

old() {
	net_cls_up
	refused "refused while net_cls is mounted"
	net_cls_down
	judged "once it is unmounted and was never used, members are judged"
	attach
	enforced "with a fence that stands" 1
	net_cls_up
	enforced "with net_cls mounted beside it" 0
	fence detach >>"$LOG" 2>&1 || bail "detach failed"
	classify
	unclassify
	net_cls_down
	until_true net_cls_gone || bail "the net_cls hierarchy does not go away"
	refused "refused after net_cls was used, for as long as the kernel runs"
}

new() {
	net_cls_up
	classify
	judged "with net_cls mounted, members are judged"
	attach
	begin
	actor m classified "$TOOLS/talk"
	tell m "$past"
	want "a member with a class is judged" "sendto ok=0 EPERM=$N" "" \
		"dropped egress ipv4 past_tunnel_ipv4 $N"
	dismiss m
	unclassify
	net_cls_down
}

lab_up
sniff_on
configure enforce </dev/null
if [[ $(printf '%s\n' 5.15 "$(uname -r)" | sort -V | head -n 1) == 5.15 ]]; then
	new
else
	old
fi
sniff_off
plan
