#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the kernel answers in a listener's name: SYN-ACK, also by a SYN cookie, and reset. Some of it does not
# come to the egress hook, which depends on the kernel: a program there that drops everything shows
# what. Under a fence nothing of it leaves, for what would cause it is dropped on its way in.
# shellcheck disable=SC2086 # the lab's addresses hold no blanks

# shellcheck source=tests/net/lib.sh
. "${0%/*}/../../net/lib.sh"

# since VERSION: this kernel is that one or newer.
since() {
	[[ $(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1) == "$1" ]]
}

# cause FAMILY WHAT: of what the LAN sends to the listener.
cause() {
	local -n to=HOSTLAN$1 from=LAN$1

	case $2 in
	SYN-ACK | cookie)
		in_host sh -c "echo $([[ $2 == cookie ]] && echo 2 || echo 1) \
			>/proc/sys/net/ipv4/tcp_syncookies"
		in_lan "$TOOLS/talk" "socket $1 stream; connect $to 7002; close" >/dev/null
		;;
	reset)
		in_lan "$TOOLS/talk" "socket $1 raw 255; packet $to $(
			"$TOOLS/forge" $from 99 $to 7002 tcp flags=A)" >/dev/null
		;;
	esac
}

# each COMMAND...: runs it for everything that a listener answers, with FAMILY and WHAT. A listener that is
# closed forgets whom it still wanted to answer.
each() {
	local family what

	for family in 4 6; do
		for what in SYN-ACK cookie reset; do
			tell listener "socket 6 stream; set v6only 0; bind :: 7002; listen"
			begin
			cause $family $what
			"$@" $family $what
			tell listener "close"
		done
	done
}

# leaves NAME FAMILY WHAT
leaves() {
	want "$1: IPv$2, $3 leaves" - "lan=+" -
}

stays() {
	want "$1: IPv$2, $3 does not leave" - "" -
}

# The hook is run for the socket by which the kernel sends, and only where the packet says it is its own.
past_egress() {
	local until=

	case $2$1 in
	SYN-ACK4) until=0 ;;
	SYN-ACK6) until=6.6 ;;
	reset4) until=6.13 ;;
	cookie* | reset6) ;; # up to the newest that was tried
	esac
	if [[ $until ]] && since $until; then
		stays "everything dropped at egress" "$@"
	else
		leaves "everything dropped at egress" "$@"
	fi
}

held() {
	want "the fence: IPv$1, no $2 leaves" - "" "dropped ingress ipv$1 unexpected_inbound 1"
}

lab_up
sniff_on
actor listener member "$TOOLS/talk"
configure enforce </dev/null
each leaves "no fence"

bpftool prog load "$HERE/../vm/shut.bpf.o" /sys/fs/bpf/shut type cgroup/skb 2>>"$LOG" || bail "cannot load shut"
bpftool cgroup attach "$CGROUP_DIR" egress pinned /sys/fs/bpf/shut 2>>"$LOG" || bail "cannot attach shut"
each past_egress
bpftool cgroup detach "$CGROUP_DIR" egress pinned /sys/fs/bpf/shut
rm /sys/fs/bpf/shut

attach
each held
sniff_off
plan
