# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# System calls of `wgfence run` that fail, once.
#
# Owns: choosing which calls fail and how, starting it so, and the tally: one line of TAP for all
# faults of one call, and what went wrong in each.
#
# FAULTS=each: each call once, with one errno; FAULTS=all: with each errno that it can fail with. Else of
# the calls of one name MOST cases, spread over all of them, from a random one on, another errno each time.

. "$HERE/changes.sh"

MOST=3
SEED=${TEST_SEED:-$RANDOM}
TRIED=0

# cases LIST: of what failat has listed. A line each: the name, the call's number, the errno's.
cases() {
	awk -v which="${FAULTS:-}" -v most=$MOST -v seed="$SEED" '
		NF == 3 {
			if (!n[$2]++)
				name[++names] = $2
			call[$2, n[$2] - 1] = $1
			faults[$2] = $3
		}
		END {
			srand(seed)
			for (i = 1; i <= names; i++)
				choose(name[i], n[name[i]], faults[name[i]], int(rand() * 1000))
		}
		function choose(name, calls, errnos, first,    wanted, i) {
			wanted = calls * (which == "each" ? 1 : errnos)
			if (!which && wanted > most)
				wanted = most
			for (i = 0; i < wanted; i++)
				print name, call[name, (int(i * calls / wanted) + first) % calls],
					(i + (which == "all" ? 0 : first)) % errnos
		}' "$1"
}

# run_failing ARGUMENT...: of failat; stays this process.
run_failing() {
	exec nsenter --net="/run/netns/$HOST" "$TOOLS/failat" "$@" "$WGFENCE" run --config "$CONF"
}

# start ARGUMENT...: run, by failat with these; waits until it says that it stands (STOOD=yes), ends
# (STOOD=no), could not say it (STOOD=mute), or does none of that (STOOD=hangs). What it says is in
# $TMP/run.err, its fault in $TMP/fault. What it says later stays in the pipe.
STOOD='' OUT=''
start() {
	local line code end=$((SECONDS + DEADLINE))

	: >"$TMP/fault"
	: >"$TMP/run.err"
	from run run_failing "$@"
	OUT=$FROM ACTOR_PID["run"]=$REPLY
	STOOD=
	until [[ $STOOD ]]; do
		read -r -t 1 -u "$OUT" line
		code=$?
		fault
		if [[ $code -eq 0 && $line == "fence "*" stands on "* ]]; then
			STOOD=yes
		elif [[ $code -eq 1 ]]; then
			STOOD=no
		elif [[ $CALL == write ]]; then
			STOOD=mute
		elif [[ $SECONDS -ge $end ]]; then
			STOOD=hangs
		fi
	done
}

# stop [SIGNAL]: ends it, where it has not ended; the exit code is its own.
stop() {
	local code

	ended run "${1:-TERM}"
	code=$?
	exec {OUT}<&-
	return "$code"
}

# The fault that it met, "" where it met none: AT is the call's number, CALL its name, ERRNO the
# errno, CAUSE what strerror(3) says of it.
AT='' CALL='' ERRNO='' CAUSE=''
fault() {
	AT='' CALL='' ERRNO='' CAUSE=''
	read -r AT CALL ERRNO CAUSE <"$TMP/fault"
	[[ $ERRNO ]]
}

# What names the cause in words of its own: of a lock that another holds; and where libbpf asks the
# kernel what it can do, and takes a failure for a no.
OWN_WORDS='another wgfence is at work|cannot load the programs.*: |cannot map the policy image: '

# refused CODE: it ended as it should where it cannot do its work; else adds to WRONG what was wrong
# with that.
refused() {
	local said

	said=$(<"$TMP/run.err")
	[[ $1 -ne 0 && $1 -lt 128 ]] || WRONG+=" ended with $1: $said"
	[[ $said == *wgfence:*"$CAUSE"* || $said =~ wgfence:.*($OWN_WORDS) ]] && return
	WRONG+=" names no cause: $said"
}

# enforced: REPLY is what is wrong, where it is not.
enforced() {
	local said code

	said=$(fence status 2>&1)
	code=$?
	REPLY=
	[[ $code -eq 0 ]] || REPLY="status $code: $(tail -n 3 <<<"$said" | paste -s -d ' ')"
}

# each_fault SITUATION LIST JUDGE: JUDGE CALL ERRNO, by their numbers, for each case. It fills
# WRONG, and fault() tells of the case.
WRONG=''
each_fault() {
	local name call errno last='' bad='' n=0

	while read -r -u 9 name call errno; do
		if [[ $name != "$last" ]]; then
			tell_faults "$1" "$last" "$n" "$bad"
			last=$name n=0 bad=''
		fi
		WRONG='' AT='' CALL='' ERRNO=''
		$3 "$call" "$errno"
		[[ -z $ERRNO ]] || n=$((n + 1))
		[[ -z $WRONG ]] || bad+="${AT:-$call} $CALL $ERRNO: $WRONG"$'\n'
	done 9< <(cases "$2")
	tell_faults "$1" "$last" "$n" "$bad"
}

tell_faults() {
	[[ $2 ]] || return
	TRIED=$((TRIED + $3))
	if [[ -z $4 ]]; then
		ok "$1: $2 fails in $3 ways"
	else
		not_ok "$1: $2 fails in $3 ways"
		diag "${4%$'\n'}"
	fi
}
