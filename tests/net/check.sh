# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Reading `wgfence check`, as a program does.
#
# Owns: which kinds of findings there are beside what is fine, and running the command that mends one.

# What concerns the host's network is net/95's, 97's and 98's; here it is as the machine of the test has it.
NETWORK='"kind": "(names|tunnel|route|tc|filter|redirect)\.'

# findings: the lines of --json that are not fine; the exit code, as it is without the network's, in
# $TMP/check.code.
findings() {
	local code

	fence check --json >"$TMP/check.json" 2>>"$LOG"
	code=$?
	grep '^    {"severity"' "$TMP/check.json" | grep -v '^    {"severity": "fine"' >"$TMP/check.all"
	grep -vE "$NETWORK" "$TMP/check.all" >"$TMP/check.found"
	if ! grep -q '"complete": true' "$TMP/check.json"; then
		code="no report, exit $code"
	elif [[ $code != $(code_of "$TMP/check.all") ]]; then
		code="exit $code is not of what was found"
	else
		code=$(code_of "$TMP/check.found")
	fi
	echo "$code" >"$TMP/check.code"
	cat "$TMP/check.found"
}

# code_of FILE: by the worst of them.
code_of() {
	if grep -q '"severity": "broken"' "$1"; then
		echo 1
	elif grep -q '"severity": "warning"' "$1"; then
		echo 7
	else
		[[ ! -s $1 ]]
		echo $(($? * 6))
	fi
}

# kinds: of these, "code kind kind": each once, in the order of the alphabet, those in EXPECTED apart.
EXPECTED=
kinds() {
	local found

	found=$(findings | sed 's/.*"kind": "\([^"]*\)".*/\1/' | grep -vxF "${EXPECTED:-none}" | sort -u | paste -s -d ' ')
	echo "$(cat "$TMP/check.code")${found:+ $found}"
}

# mend_of KIND: the command of the first finding of that kind.
mend_of() {
	findings | grep -F "\"kind\": \"$1\"" | head -n 1 |
		sed -n 's/.*"mend": "\(.*\)"}.*/\1/p' | sed 's/\\\(["\\]\)/\1/g'
}

# planted NAME CODE KIND...: what was planted is found, and nothing else.
planted() {
	local name=$1

	shift
	is "$name: found" "$(kinds)" "$*"
}

# mended NAME KIND WHERE...: its command, run by WHERE, mends it.
mended() {
	local name=$1 kind=$2 command

	shift 2
	command=$(mend_of "$kind")
	like "$name: it has a mend" "$command" .
	"$@" sh -c "$command" >>"$LOG" 2>&1
	is "$name: mended by $command" "$(kinds)" "${FINE:-0}"
}
