#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Breaks what is proved, one place at a time: the proof that `mutants` names must be refuted.
#   tests/prove/mutate.sh [NAME...]    only the mutants of these proofs
#
# Owns: what counts as refuted: the model checker has a counterexample to a claim. Not decided is not refuted.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/mutate/lib.sh
. tests/mutate/lib.sh tests/prove/mutants

obstacle() {
	[[ -z $CHOSEN || " $CHOSEN " == *" $1 "* ]] || echo "not chosen"
}

notices() {
	PROVE_ONE=yes tests/prove/run "$1" >log 2>&1 && return 1
	grep -q '^not ok .* refuted$' log || return 2
}

unbroken() {
	local proofs

	mapfile -t proofs < <(cut -d '|' -f 3 "$LIST" | tr -d ' ' | sort -u)
	tests/prove/run "${proofs[@]}" | grep '^not ok'
}

CHOSEN=$*
if ! tests/prove/tool >/dev/null 2>&1; then
	echo "1..0 # SKIP no model checker"
	exit 0
fi
cd "$TREE" || exit 1
each_mutant "$([[ $CHOSEN ]] || unbroken)"
