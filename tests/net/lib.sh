# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What every network test begins with: `. "${0%/*}/lib.sh"`.
#
# Owns: TAP, the processes that a test talks to, and leaving nothing behind however it ends. The
# lab is in lab.sh, the fence in fence.sh.
#
# Everything that outlives a process bears $ID, which has this test's process id in it, so that
# tests can run side by side, and after one that was killed.

set -u
HERE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
TOOLS=${WGF_TEST_TOOLS:-$HERE/../../build/test/net}
WGFENCE=${WGFENCE:-$HERE/../../build/wgfence}
ID=wgf$$
TMP=$(mktemp -d "${TMPDIR:-/tmp}/$ID.XXXXXX") || exit 1
LOG=$TMP/log # what the programs of the test say on standard error
DEADLINE=${DEADLINE:-10} # seconds for something that must come; a test never passes by waiting for it

# --- TAP ---------------------------------------------------------------------------------------

TESTS=0
FAILED=0

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

ok() {
	TESTS=$((TESTS + 1))
	printf 'ok %d - %s\n' "$TESTS" "$1"
}

not_ok() {
	TESTS=$((TESTS + 1))
	FAILED=$((FAILED + 1))
	printf 'not ok %d - %s\n' "$TESTS" "$1"
}

skip() {
	TESTS=$((TESTS + 1))
	printf 'ok %d - %s # SKIP %s\n' "$TESTS" "$1" "$2"
}

# is NAME GOT WANTED
is() {
	if [[ $2 == "$3" ]]; then
		ok "$1"
	else
		not_ok "$1"
		diag "got:    $2"
		diag "wanted: $3"
	fi
}

# like NAME GOT PATTERN: an extended regular expression
like() {
	if [[ $2 =~ $3 ]]; then
		ok "$1"
	else
		not_ok "$1"
		diag "got: $2"
		diag "wanted a match of: $3"
	fi
}

# A step that is not there is a step that was not taken.
command_not_found_handle() {
	echo "$1" | tee -a "$TMP/not-found" >&2
	return 127
}

plan() {
	[[ ! -e $TMP/not-found ]] || not_ok "there is no command $(sort -u "$TMP/not-found" | paste -s -d ' ')"
	printf '1..%d\n' "$TESTS"
	[[ $FAILED -eq 0 ]]
	exit
}

# The lab itself is broken: no verdict on anything.
bail() {
	printf 'Bail out! %s\n' "$*"
	[[ -s $LOG ]] && tail -n 20 "$LOG" | sed 's/^/# /'
	exit 1
}

# until_true COMMAND...: waits for it, at most DEADLINE seconds.
until_true() {
	local end=$((SECONDS + DEADLINE))

	until "$@"; do
		[[ $SECONDS -lt $end ]] || return 1
		sleep 0.02
	done
}

# --- processes to talk to ----------------------------------------------------------------------

declare -A ACTOR_IN ACTOR_OUT ACTOR_PID
ANSWER= # of the last question

# alone COMMAND...: without the pipes of the actors. Whoever else held one, a wireguard-go that stays
# in the background for instance, would keep an actor from ever seeing its end.
alone() {
	local fd

	for fd in "${ACTOR_IN[@]}" "${ACTOR_OUT[@]}"; do
		exec {fd}>&-
	done
	"$@"
}

# from NAME COMMAND...: in the background; REPLY is its process, FROM a descriptor that reads what it
# prints. No <(...): where process ids come round again soon, bash (5.2) may take the end of a command
# for that of such a one that ended long ago, and wait for the command forever.
REPLY='' FROM=''
from() {
	local name=$1

	shift
	mkfifo "$TMP/$name.fifo"
	alone "$@" >"$TMP/$name.fifo" 2>>"$TMP/$name.err" &
	REPLY=$!
	exec {FROM}<"$TMP/$name.fifo"
	rm "$TMP/$name.fifo"
}

# actor NAME COMMAND...: starts it, with pipes for its standard input and output.
actor() {
	local name=$1 in out
	shift
	mkfifo "$TMP/$name.in" "$TMP/$name.out"
	alone "$@" <"$TMP/$name.in" >"$TMP/$name.out" 2>>"$LOG" &
	ACTOR_PID[$name]=$!
	exec {in}>"$TMP/$name.in" {out}<"$TMP/$name.out"
	rm "$TMP/$name.in" "$TMP/$name.out"
	ACTOR_IN[$name]=$in
	ACTOR_OUT[$name]=$out
}

# ready NAME: waits until it says so.
ready() {
	read -r -t "$DEADLINE" -u "${ACTOR_OUT[$1]}" ANSWER && [[ $ANSWER == ready ]]
}

# ask NAME QUESTION: one line there, one line back.
ask() {
	printf '%s\n' "$2" >&"${ACTOR_IN[$1]}"
	read -r -t "$DEADLINE" -u "${ACTOR_OUT[$1]}" ANSWER || bail "no answer from $1 to: $2"
}

# tell NAME COMMANDS: for talk; ANSWER is its last line, and the others must say ok.
tell() {
	local line last=

	printf '%s\n' "$2" >&"${ACTOR_IN[$1]}"
	while :; do
		read -r -t "$DEADLINE" -u "${ACTOR_OUT[$1]}" line || bail "no answer from $1 to: $2"
		[[ $line == . ]] && break
		if [[ -n $last && ! $last =~ \ ok(=[0-9]+)?$ ]]; then
			line="$last; $line"
		fi
		last=$line
	done
	ANSWER=$last
}

# Ends an actor, and waits until it is gone.
dismiss() {
	kill "${ACTOR_PID[$1]}" 2>/dev/null
	wait "${ACTOR_PID[$1]}" 2>/dev/null
	exec {ACTOR_IN[$1]}>&- {ACTOR_OUT[$1]}<&-
	unset "ACTOR_IN[$1]" "ACTOR_OUT[$1]" "ACTOR_PID[$1]"
}

# --- the end -----------------------------------------------------------------------------------

clean_up() {
	trap '' INT TERM HUP
	exec 2>/dev/null
	lab_down
	until_true rm -rf "$TMP" # what has just been killed may still be writing there
}

# And none for signals: a shell that is ended by one runs this all the same, while bash 5.2 aborts,
# with nothing cleaned up, where a trap for a signal meets the expansion of a $(...).
trap clean_up EXIT

# shellcheck source=tests/net/lab.sh
. "$HERE/lab.sh"
# shellcheck source=tests/net/fence.sh
. "$HERE/fence.sh"
