#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `check` runs twins of what stands: of programs that let out what is promised to be dropped, that decide or
# count otherwise than they should, that drop what is needed, and of another build's it says so. Each is this
# wgfence, broken in one place.

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/check.sh
. "$HERE/check.sh"

PATH=$(dirname "$WGFENCE"):$PATH
TRUE=$WGFENCE
EXPECTED=fence.daemon # none is at work here
FINE=7

# broken NAME FILE EXPRESSION: what says wgfence is that one, and its fence stands.
broken() {
	"$HERE/../lib/broken" "$TMP/$1" "$2" "$3" >>"$LOG" 2>&1 || bail "cannot build: $1"
	WGFENCE=$TMP/$1/build/wgfence
	stand
}

stand() {
	fence attach >>"$LOG" 2>&1 || bail "cannot attach"
}

whole() {
	fence detach >>"$LOG" 2>&1
	WGFENCE=$TRUE
	stand
}

# It says which packet, and which way.
tells() {
	like "$1" "$(findings | grep -F "\"kind\": \"$2\"" | head -n 1)" "$3"
}

lab_up
printf '[fence]\ncgroup = %s\ntunnel = wgft0\n[webui]\nport = 8080\nallow = lan\n' "$CGROUP" >"$CONF"
stand
planted "what was built whole" 7

broken leak bpf/verdict.h 's/hook == WGF_EGRESS && !wgf_is_source\(p, &f->local, f->ifindex\)/0/'
planted "any source out of the tunnel" "1 twins.leak"
tells "which packet it is" twins.leak '"broken".*wgft0.*is let through'
whole

broken differs bpf/decide.h 's/count\(audit, hook, f->family, reason, bytes\)/count(audit, hook, f->family, WGF_FRAGMENT, bytes)/'
planted "drops under a wrong reason" "1 twins.differs twins.more"
tells "and under which" twins.differs 'is dropped \(fragment\)'
whole

broken blocked bpf/verdict.h 's/return wgf_is_named_network\(p, &f->remote, f->ifindex\) \? WGF_WEBUI/return 0 ? WGF_WEBUI/'
planted "the WebUI's answers are dropped" "7 twins.blocked twins.more"
WGFENCE=$TRUE
planted "another build's programs" "7 twins.same"
mended "another build's programs" twins.same in_host
plan
