# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The fence under test, and what can be said of it from outside: its exit codes, its metrics, and
# what the sniffer saw. The test never writes maps.
#
# Owns: the configuration file, and `want`, the one comparison of what came out with what should.

NAME=wgf-net-$$
CONF=$TMP/$NAME.conf
PINS=/sys/fs/bpf/wgfence/$NAME

# fence VERB [OPTION...]
fence() {
	local verb=$1
	shift
	in_host "$WGFENCE" "$verb" --config "$CONF" "$@"
}

# configure MODE: with what follows [fence] on standard input. ROUTE=on has members carried.
ROUTE=${ROUTE:-off}
configure() {
	{
		printf '[fence]\ncgroup = %s\ntunnel = wgft0\nroute = %s\nmode = %s\n' "$CGROUP" "$ROUTE" "$1"
		cat
	} >"$CONF"
}

attach() {
	fence attach >>"$LOG" 2>&1 || bail "attach failed ($?)"
}

# attach_with MODE [LINE...]
attach_with() {
	local mode=$1
	shift
	printf '%s\n' "$@" | configure "$mode"
	attach
}

fence_down() {
	[[ -d $PINS ]] || return 0
	fence detach --force >>"$LOG" 2>&1
	rm -rf "$PINS"
	rmdir "${PINS%/*}"
}

# What fences have made of rules and routes.
ours() {
	local family

	for family in -4 -6; do
		ip -n "$HOST" $family rule show | grep 'proto 119'
		ip -n "$HOST" $family route show table all | grep 'proto 119'
	done
}

# --- counters ----------------------------------------------------------------------------------

# The counters that are not 0, a line each: "dropped egress ipv4 dns 3".
counters() {
	fence metrics 2>>"$LOG" | awk -F '["{} ,=]+' '
		/^wgfence_.*_(packets|calls)_total/ && $10 > 0 {
			sub(/^wgfence_/, "", $1)
			sub(/_(packets|calls)_total$/, "", $1)
			print $1, $5, $7, $9, $10
		}' | sort
}

COUNTED= # the counters at the end of the last `want`

# How far they moved since: "dropped egress ipv4 dns 3, ..." in the order of the alphabet.
moved() {
	printf '%s\n--\n%s\n' "$COUNTED" "$1" | awk '
		/^--/ { now = 1; next }
		!now { before[$1, $2, $3, $4] = $5; next }
		$5 != before[$1, $2, $3, $4] {
			printf "%s%s %s %s %s %d", comma, $1, $2, $3, $4, $5 - before[$1, $2, $3, $4]
			comma = ", "
		}'
}

# not_less BEFORE AFTER: no counter has gone back; both as of `counters`.
not_less() {
	printf '%s\n--\n%s\n' "$1" "$2" | awk '
		/^--/ { now = 1; next }
		!now { before[$1, $2, $3, $4] = $5; next }
		{ after[$1, $2, $3, $4] = $5 }
		END { for (k in before) if (after[k] + 0 < before[k]) exit 1 }'
}

# any GOT WANTED: GOT, with a + for each number for which WANTED has one; in REPLY.
any() {
	local i comma
	local -a words masks

	read -ra words <<<"${1//=/ = }"
	read -ra masks <<<"${2//=/ = }"
	for i in "${!masks[@]}"; do
		[[ ${masks[i]} =~ ^\+(,?)$ ]] || continue
		comma=${BASH_REMATCH[1]}
		[[ ${words[i]:-} =~ ^[1-9][0-9]*$comma$ ]] && words[i]=+$comma
	done
	REPLY="${words[*]}"
	REPLY=${REPLY// = /=}
}

# begin: forgets what has been counted and seen up to now.
begin() {
	COUNTED=$(counters)
	ask sniff count
}

# want NAME ANSWER SEEN MOVED
#   ANSWER  the last line that talk said; - for any
#   SEEN    what the sniffer saw: "home=3"; far ends are added here: what leaves must arrive. Empty:
#           nothing, anywhere; - for any
#   MOVED   the counters that moved: "dropped egress ipv4 dns 3"; no other may. - for any
# Either may have + for "at least one". What takes time (the far end, the softirq) is waited for;
# what comes too much or too late is found by the next `want`, which begins where this one ended.
want() {
	local name=$1 answer=$2 seen=$3 wanted=$4 end=$((SECONDS + DEADLINE)) got=$ANSWER now how saw

	[[ $seen == - ]] || seen=$(far_too "$seen")
	while :; do
		now=$(counters)
		any "$(moved "$now")" "$wanted"
		how=$REPLY
		ask sniff peek
		any "$ANSWER" "$seen"
		saw=$REPLY
		[[ $seen == - ]] && saw=-
		[[ $wanted == - ]] && how=-
		[[ $how == "$wanted" && $saw == "$seen" ]] && break
		[[ $SECONDS -lt $end ]] || break
		sleep 0.02
	done
	if [[ $how == "$wanted" && $saw == "$seen" && ($answer == - || $got == "$answer") ]]; then
		ok "$name"
	else
		not_ok "$name"
		diag "answer:   $got (wanted: $answer)"
		diag "seen:     $saw (wanted: $seen)"
		diag "counters: $how (wanted: $wanted)"
		diag "$(tail -n 5 "$TMP/sniffed")"
	fi
	COUNTED=$now
	ask sniff count
}

# "home=3 lan=1" becomes "home=3 lan=1 home.far=3 lan.far=1", in the sniffer's order.
far_too() {
	local label part far=

	for label in home lan tunnel; do
		for part in $1; do
			[[ $part == $label=* ]] && far+=" $label.far=${part#*=}"
		done
	done
	printf '%s%s' "$1" "$far"
}
