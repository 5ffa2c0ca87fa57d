# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the suites that attack share: `. .../attack.sh` behind their lib.sh. Each attempt is made once by
# each attacker (a pass): `open` and `open-root` outside of the fence, `fence` and `root` in it without a
# drop-in, `dropin` with it.
#
# Owns: the order (one attempt, then what was seen and counted), what changes beside an attempt, and the
# raw account that judge.awk reads. The suite brings `attacker PASS`, which starts the actor `attacker`,
# `attacker_off`, `republished`, `daemon_again` and `mended`.
#
# In net/86 the tunnel is the default and the fence carries nobody (route = off): what is tried past it goes by
# the home line, and only the hooks are there to stop it. In systemd/61 (CARRIED=yes) it is as `init` makes it: the
# host's default is the home line, and members are carried into the tunnel by their mark.

ATTACK=${WGF_TEST_TOOLS:-$HERE/../../build/test/net}/../attack/attack
ATTACK_DIR=${BASH_SOURCE[0]%/*}
RAW=$TMP/raw
declare -A PASS_OF=([open]=0 [open-root]=1 [fence]=2 [dropin]=3 [root]=4) # `pass=`, and of what marks
WEBUI_PORT=8080

# world DIR OUTSIDER CGROUP PINS: what the attacker is told.
world() {
	printf '%s\n' "past=$PAST_VOID4,$PAST_VOID6" "lan=$LAN_VOID4,$LAN_VOID6" "inner=$WORLD4,$WORLD6" \
		"home=$HOME4,$HOME6" "router=$ROUTER4,$ROUTER6" home_if=home0 tunnel_if=wgft0 \
		"router_mac=$(mac "$NET" host0)" "home_mac=$(mac "$HOST" home0)" "webui=$WEBUI_PORT" \
		"dir=$1" "outsider=$2" "cgroup=$3" "pins=$4"
}

home_is_default() {
	ip -n "$HOST" route del default dev wgft0 metric 10
	ip -n "$HOST" -6 route del default dev wgft0 metric 10
}

# Of the tunnel the other end: it comes and goes. Of the lines both: what goes past tc goes past a tap on its own
# device, too.
attack_lab() {
	[[ -z ${CARRIED:-} ]] || home_is_default
	ip -n "$HOST" rule add fwmark 51820 lookup 77
	ip -n "$HOST" route add default via $ROUTER4 dev home0 table 77
	in_host sh -c 'cd /proc/sys/net/ipv4 && echo 1 >tcp_orphan_retries && echo 3 >tcp_retries2' ||
		bail "cannot let what is left over end soon"
	actor far in_net "$TOOLS/serve" "$WORLD4:7000" "[$WORLD6]:7000"
	ready far || bail "no server in the internet"
	actor sniff "$TOOLS/sniff" "$TMP/sniffed" "lo=$HOST:lo:out" "home=$HOST:home0:out" \
		"lan=$HOST:lan0:out" "home.far=$NET:host0:in" "lan.far=$LAN:eth0:in" \
		"tunnel=$NET:vpn0:in" "ours=$OURS"
	ready sniff || bail "the sniffer does not start"
	exec {SNIFFED}<"$TMP/sniffed"
	"$ATTACK" list >"$TMP/list" || bail "no attacker"
	: >"$RAW"
}

# --- beside an attempt ---------------------------------------------------------------------------

tunnel_blinks() {
	ip -n "$HOST" link set wgft0 down
	sleep 0.2
	tunnel_return
	[[ -z ${CARRIED:-} ]] || home_is_default
}

tunnel_anew() {
	tunnel_delete
	sleep 0.2
	tunnel_make
	[[ -z ${CARRIED:-} ]] || home_is_default
}

# A SYN of the other end's, to where the attempt has begun a connection from the WebUI's port.
syns() {
	local i packet

	packet=$("$TOOLS/forge" $PAST_VOID4 $((20000 + 1000 * ${PASS_OF[$1]} + $2)) $HOME4 $WEBUI_PORT tcp flags=S)
	for i in 1 2 3; do
		sleep 0.1
		in_net "$TOOLS/talk" "socket 4 raw 255" "packet $HOME4 $packet"
	done
}

# beside PASS NUMBER NAME
beside() {
	case $3 in
	*"crossed with a SYN"*) syns "$1" "$2" ;;
	*"published anew") [[ $1 == open* ]] || republished ;;
	*"tunnel goes and comes") [[ $1 == open* ]] || tunnel_blinks ;;
	*"tunnel is made anew") [[ $1 == open* ]] || tunnel_anew ;;
	*"daemon is killed and started") [[ $1 == open* ]] || daemon_again ;;
	esac >>"$LOG" 2>&1
}

# --- one attempt ---------------------------------------------------------------------------------

# What the sniffer wrote since the last time.
seen_since() {
	local line

	ask sniff count
	while IFS= read -r -u "$SNIFFED" line && [[ $line != -- ]]; do
		printf 'S %s\n' "$line"
	done
}

counted_now() {
	fence metrics 2>>"$LOG" | sed -nE 's/^wgfence_(dropped|refused)_(packets|calls)_total/C /p'
}

# attempt PASS NUMBER NAME
attempt() {
	local line

	printf '%s\n' "$2" >&"${ACTOR_IN[attacker]}"
	beside "$@"
	read -r -t $((DEADLINE + 10)) -u "${ACTOR_OUT[attacker]}" line ||
		bail "no answer from the attacker ($1) to: $3" >&"$TAP"
	[[ $line == "$2 "* ]] || bail "the attacker ($1) answers to another attempt than $2, $3: $line" >&"$TAP"
	printf '@ %s %s\n' "$1" "$line"
	[[ $1 == open* ]] || counted_now
	seen_since
}

# attacked PASS: all of them, as that.
attacked() {
	local number part name rest since=$SECONDS

	exec {TAP}>&1 # what goes to standard output below is the account
	attacker "$1"
	{
		printf '@ %s 0 begins\n' "$1"
		counted_now
		seen_since
		while IFS=$'\t' read -r -u 9 number part name rest; do
			[[ ${WGF_ATTACK_ONLY:-$part} == "$part" ]] || continue
			attempt "$1" "$number" "$name"
			[[ $1 == *root && $part == bpf ]] && mended
		done 9<"$TMP/list"
		until_true no_connections
		printf '@ %s 0 ends\n' "$1"
		seen_since
	} >>"$RAW"
	exec {TAP}>&-
	attacker_off
	diag "as $1: $(grep -c "^@ $1 [1-9]" "$RAW") attempts in $((SECONDS - since)) s"
}

# judged: TAP of all passes; the table of this kernel is $TMP/table.tsv.
judged() {
	awk -v kernel="$(uname -r)" -v out="$TMP/table.tsv" -v tests="$TESTS" \
		-v others="^home(.far)? protocol 1 type 3 $HOME4 > $ROUTER4," -f "$ATTACK_DIR/judge.awk" \
		"$TMP/list" "$RAW" >"$TMP/judged"
	cat "$TMP/judged"
	TESTS=$((TESTS + $(grep -cE '^(not )?ok ' "$TMP/judged")))
	FAILED=$((FAILED + $(grep -c '^not ok ' "$TMP/judged")))
}
