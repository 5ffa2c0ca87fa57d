# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# `check` and the network, for the tests of it: the right setup has no finding; each fault has its own and
# no other, and the command that the finding names, executed, makes it go away; what looks like a fault and is
# none has none.
#
# Owns: the setup, and comparing what is found. Only the areas that concern the network count here.
# shellcheck disable=SC2086,SC2016,SC2034 # the lab's addresses hold no blanks; $ of others' shells

# shellcheck source=tests/net/lifecycle.sh
. "$HERE/lifecycle.sh"
# shellcheck source=tests/net/guard.sh
. "$HERE/guard.sh"

P=4700 T=22999 MARK=0x1000000/0x7f000000
ELSEWHERE=46.0.0.0/8 # a part of the internet
UNIX=on GUARD=on

check_conf() { # ROUTE [LINE...]
	local route=$1

	shift
	{
		printf '[fence]\ncgroup = %s\ntunnel = wgft0\nroute = %s\nunix = %s\nguard = %s\n' "$CGROUP" \
			"$route" "$UNIX" "$GUARD"
		[[ $route == off ]] || printf '[route]\npriority = %s\ntable = %s\nmark = %s\n' $P $T $MARK
		printf '[webui]\nport = 8080\nallow = %s/24\n' ${LAN4%.*}.0
		printf '[dns]\nserver = %s\n' $VPN4
		printf '%s\n' "$@"
	} >"$CONF"
	attach
}

# Where wireguard-go's socket is, which tells of AllowedIPs.
beside_wireguard() {
	local pid

	for pid in $(ip netns pids "$HOST"); do
		[[ $(cat "/proc/$pid/comm") == wireguard-go ]] || continue
		PATH=$TMP/bin:$PATH nsenter --target "$pid" --mount --net "$@"
		return
	done
	bail "no wireguard-go"
}

look() {
	beside_wireguard "$WGFENCE" check --config "$CONF" --json >"$TMP/found" 2>>"$LOG"
	grep -q '"complete": true' "$TMP/found" || bail "check says nothing"
	grep -E '"kind": "(route|tunnel|names|filter|tc|redirect)\.' "$TMP/found" |
		grep -v '"severity": "fine"' >"$TMP/findings"
}

# What is found, "broken filter.copies" and so on.
found() {
	look
	sed -n 's/.*"severity": "\([a-z]*\)", "kind": "\([a-z0-9_.]*\)".*/\1 \2/p' "$TMP/findings" | sort |
		paste -s -d , | sed 's/,/, /g'
}

# The commands that the findings name, one after the other.
mend() {
	local command

	while read -r command; do
		beside_wireguard bash -c "$command" >>"$LOG" 2>&1 || diag "failed: $command"
	done < <(sed -n 's/.*"mend": "\(.*\)"}.*/\1/p' "$TMP/findings" | sed 's/\\"/"/g; s/\\\\/\\/g')
}

host() { in_host sh -c "$1" 2>>"$LOG" || bail "$1"; }

# fault NAME FINDINGS COMMAND: planted, found, mended.
fault() {
	host "$3"
	is "$1: found" "$(found)" "$2"
	mend
	is "$1: mended by what it says" "$(found)" "${4:-}"
}

# seen NAME FINDINGS COMMAND UNDO: no command mends it.
seen() {
	host "$3"
	is "$1: found" "$(found)" "$2"
	host "$4"
}

# no_fault NAME COMMAND UNDO
no_fault() {
	host "$2"
	is "no fault: $1" "$(found)" ""
	diag "$(cat "$TMP/findings")"
	host "$3"
}

# A member that sees what a unit with init's drop-in sees: the fence's resolv.conf, and a /run of its own.
begin_member() { # [LINE of resolv.conf]
	cp "/run/wgfence/$NAME/resolv.conf" "$TMP/resolv.conf"
	[[ $# -eq 0 ]] || printf '%s\n' "$1" >"$TMP/resolv.conf"
	actor m member unshare --mount bash -c '
		mount -t tmpfs tmpfs /run
		at=$(readlink -f /etc/resolv.conf)
		mkdir -p "${at%/*}" && touch "$at" && mount --bind "$0" "$at" && mount -t tmpfs tmpfs /var/lib
		[[ ! -e $1 ]] || { touch /run/docker.sock && mount --bind "$1" /run/docker.sock; }
		echo ready
		read -r' "$TMP/resolv.conf" "$TMP/engine"
	ready m || bail "no member"
}

# The right setup, with nothing to find.
check_up() {
	lab_up
	mkdir "$TMP/bin"
	ln -s "$WGFENCE" "$TMP/bin/wgfence"
	KEY=$(awk '/^PublicKey/ { print $3 }' "$TMP/wgft0.wg")
	home_is_default
	check_conf on
	begin_member
	is "the right setup: nothing is found" "$(found)" ""
	diag "$(cat "$TMP/findings")"
}
