# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# . lib.sh LIST: what breaks the tree on purpose, one place at a time.
#
# Owns: a copy of the tree in which each line of LIST is applied, asked about and taken back. A mutant that
# changes nothing, cannot be asked about or is not noticed is a failure. TAP on stdout. Whoever includes it has
#   notices TEST FILE    0 where it fails, 1 where it passes, 2 where it cannot be built or run; says it in `log`
#   obstacle TESTS       why these cannot be run here; nothing where they can
ROOT=$PWD
TREE=$(mktemp -d) || exit 1
trap 'rm -rf "$TREE"' EXIT
trap 'exit 130' INT TERM HUP
cp -r Makefile bpf include src tests vmlinux "$TREE"/
LIST=$TREE/list
grep -vE '^(#|$)' "$1" >"$LIST"
number=0 failed=0

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

# @function to the lines from its definition to its end.
lines() {
	sed -E 's,^@([a-z0-9_]+) (/.*|s.*)$,/^[a-zA-Z_].* \\*?\1\\(/\,/^}/{\2},' <<<"$1"
}

trim() {
	sed -E 's/^ +| +$//g' <<<"$1"
}

report() { # NAME WRONG
	number=$((number + 1))
	if [[ $2 ]]; then
		failed=$((failed + 1))
		printf 'not ok %d - %s\n# %s\n' "$number" "$1" "$2"
	else
		echo "ok $number - $1"
	fi
}

# What fails on the unbroken tree, which WRONG says, would notice everything.
each_mutant() { # WRONG
	local name file tests expression why

	echo "1..$(($(wc -l <"$LIST") + 1))"
	report "the unbroken tree passes" "$1"
	while IFS='|' read -r name file tests expression; do
		name=$(trim "$name") file=$(trim "$file") tests=$(trim "$tests")
		why=$(obstacle "$tests")
		if [[ $why ]]; then
			report "$name # SKIP $why" ""
			continue
		fi
		report "$name" "$(mutant "$file" "$tests" "$(lines "$(trim "$expression")")")"
		cp "$ROOT/$file" "$file"
	done <"$LIST"
	exit $((failed > 0))
}
