#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Breaks the decision, one place at a time, and asks whether the tests notice.
#
# Owns: a copy of the tree in which each line of `mutants` is applied, built and tested, then taken
# back. Noticed is what makes a test fail: a mutant that changes nothing, does not compile or lets
# every test pass is a failure of this one. TAP on stdout. Needs build/ (make).
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
export TEST_SEED=1 TEST_SHORTER=20

ROOT=$PWD
TREE=$(mktemp -d) || exit 1
trap 'rm -rf "$TREE"' EXIT
trap 'exit 130' INT TERM HUP
cp -r Makefile bpf include src tests vmlinux "$TREE"/
LIST=$TREE/list
grep -vE '^(#|$)' tests/mutate/mutants >"$LIST"
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

notices() { # TEST FILE: 0 where it fails, 1 where it passes, 2 where it cannot be built
	build "$1" "$2" >log 2>&1 || return 2
	timeout 60 ./test >log 2>&1 && return 1
	grep -q '^not ok' log || return 2
}

mutant() { # FILE TESTS EXPRESSION: says what went wrong, if anything
	local test status

	sed -E -i "$3" "$1"
	cmp -s "$1" "$ROOT/$1" && echo "it changes nothing" && return
	for test in $2; do
		notices "$test" "$1"
		status=$?
		((status == 0)) && return
		((status == 2)) && echo "$test: cannot be built or run: $(tail -1 log)" && return
	done
	echo "unnoticed"
}

# What fails on the unbroken tree would notice everything.
unbroken() {
	local test

	for test in $(cut -d '|' -f 3 "$LIST" | tr ' ' '\n' | sort -u); do
		in_kernel "$test" && [[ $EUID -ne 0 ]] && continue
		notices "$test" src/compile.c
		(($? == 1)) || { echo "$test: $(tail -1 log)" && return; }
	done
}

# @function to the lines from its definition to its end.
lines() {
	sed -E 's,^@([a-z0-9_]+) (/.*|s.*)$,/^[a-zA-Z_].* \\*?\1\\(/\,/^}/{\2},' <<<"$1"
}

trim() {
	sed -E 's/^ +| +$//g' <<<"$1"
}

if [[ ! -e $CORE ]]; then
	echo "Bail out! build/src/core.a is missing: make"
	exit 1
fi
report() { # NAME WRONG
	number=$((number + 1))
	if [[ $2 ]]; then
		failed=$((failed + 1))
		printf 'not ok %d - %s\n# %s\n' "$number" "$1" "$2"
	else
		echo "ok $number - $1"
	fi
}

cd "$TREE" || exit 1
number=0 failed=0
echo "1..$(($(wc -l <"$LIST") + 1))"
report "the unbroken tree passes" "$(unbroken)"
while IFS='|' read -r name file tests expression; do
	name=$(trim "$name") file=$(trim "$file") tests=$(trim "$tests")
	if in_kernel "$tests" && [[ $EUID -ne 0 ]]; then
		report "$name # SKIP needs root" ""
		continue
	fi
	report "$name" "$(mutant "$file" "$tests" "$(lines "$(trim "$expression")")")"
	cp "$ROOT/$file" "$file"
done <"$LIST"
exit $((failed > 0))
