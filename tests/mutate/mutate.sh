#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Breaks the decision, one place at a time, and asks whether the tests notice.
#
# Owns: how a mutant of `mutants` is built and tested. Noticed is what makes a test fail. TAP on stdout. Needs
# build/ (make).
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
export TEST_SEED=1 TEST_SHORTER=20
# shellcheck source=tests/mutate/lib.sh
. tests/mutate/lib.sh tests/mutate/mutants
CORE=$ROOT/build/src/core.a
CLANG=${CLANG:-clang}
BPFTOOL=${BPFTOOL:-$(PATH=$PATH:/usr/sbin:/sbin command -v bpftool)}

compile() {
	"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -Iinclude -Ibpf -Isrc -I. "$@"
}

skeleton() { # SOURCE NAME
	"$CLANG" -target bpf -mcpu=v3 -O2 -g -Ivmlinux -Iinclude -Ibpf -c -o "$2.bpf.o" "$1" &&
		"$BPFTOOL" gen skeleton "$2.bpf.o" name "$2_bpf" >"$2.skel.h"
}

# The programs, which are run in the kernel, by root.
in_kernel() {
	[[ $1 == programs || $1 == guard ]]
}

obstacle() {
	in_kernel "$1" && [[ $EUID -ne 0 ]] && echo "needs root"
}

build() { # TEST FILE: ./test, with FILE itself where it is a part of the core
	local own=()

	[[ $2 == src/* ]] && own=("$2")
	if in_kernel "$1"; then
		skeleton bpf/fence.bpf.c fence && skeleton tests/bpf/copied.bpf.c copied &&
			skeleton bpf/guard.bpf.c guard &&
			compile -o test "tests/bpf/test_$1.c" tests/bpf/programs.c "$CORE" \
				-lcmocka -lbpf -lelf -lz
	else
		compile -o test "tests/unit/test_$1.c" "${own[@]}" "$CORE" -lcmocka
	fi
}

notices() {
	build "$1" "$2" >log 2>&1 || return 2
	timeout 60 ./test >log 2>&1 && return 1
	grep -q '^not ok' log || return 2
}

unbroken() {
	local test

	for test in $(cut -d '|' -f 3 "$LIST" | tr ' ' '\n' | sort -u); do
		[[ $(obstacle "$test") ]] && continue
		notices "$test" src/compile.c
		(($? == 1)) || { echo "$test: $(tail -1 log)" && return; }
	done
}

if [[ ! -e $CORE ]]; then
	echo "Bail out! build/src/core.a is missing: make"
	exit 1
fi
cd "$TREE" || exit 1
each_mutant "$(unbroken)"
