# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What was seen, by the sniffers alone: on the host's home line, and at the tracker's and the seeder's.
#
# Owns: what is in clear. Everything that leaves the host by the home line is, but for three things: the
# tunnel's own packets; the WebUI's answers to the LAN; and what the host's kernel says to the VPN by
# itself while nobody listens at the tunnel's port (ICMP, port unreachable).

SWARM="$TRACKER4 $TRACKER6 $SEEDER4 $SEEDER6"

# sniffers_on RUN [TAP...]: with logs of their own; more taps in the swarm.
sniffers_on() {
	RUN=$1
	shift
	actor line "$TOOLS/sniff" "$TMP/line-$RUN" "home=$ID-host:eth0:out" "ours=$OUTER"
	actor swarm "$TOOLS/sniff" "$TMP/swarm-$RUN" "tracker=$ID-tracker:eth0:in" \
		"seeder=$ID-seeder:eth0:in" "$@"
	ready line && ready swarm || bail "the sniffers do not start"
}

sniffers_off() {
	local name

	for name in line swarm; do
		ask "$name" lost
		[[ $ANSWER == 0 ]] || bail "the sniffer lost $ANSWER packets"
		ask "$name" peek # so that all of it is in the log
		dismiss "$name"
	done
}

# in_clear RUN: the packets, a line each.
in_clear() {
	grep '^home ' "$TMP/line-$1" | grep -v \
		-e "^home tcp $LAN_HOST4 $WEBUI > $LAN_PC4 " \
		-e "^home tcp $LAN_HOST6 $WEBUI > $LAN_PC6 " \
		-e "^home protocol 1 type 3 $LAN_HOST4 > $VPN_EXIT4,"
}

# count_clear: REPLY is how many they are up to now.
count_clear() {
	ask line peek
	REPLY=$(in_clear "$RUN" | wc -l)
}

# kinds RUN: what they were, most frequent first: "18 names asked (DNS), 6 ...".
kinds() {
	in_clear "$1" | awk -v tracker="$TRACKER_PORT" -v lan="$LAN_ROUTER4" '
		{ port = $7 + 0; kind = "to peers (DHT, handshakes)" }
		$2 == "protocol" { kind = "multicast joins, ICMP" }
		port == tracker { kind = "to the tracker" }
		port == 53 { kind = "names asked (DNS)" }
		port == 5351 || port == 1900 { kind = "port mapping at the router" }
		port == 6771 { kind = "local discovery" }
		{ n[kind]++ }
		END { for (kind in n) printf "  %5d  %s\n", n[kind], kind }' | sort -k 1,1nr
}

# swarm_saw RUN: the addresses from which the swarm got packets, in one line; its own apart.
swarm_saw() {
	awk -v me="$SWARM" '
		BEGIN { n = split(me, list); for (i = 1; i <= n; i++) mine[list[i]] = 1 }
		$2 == "tcp" || $2 == "udp" { if ($6 in mine && !($3 in mine)) saw[$3] }
		END { for (a in saw) print a }' "$TMP/swarm-$1" | sort | paste -s -d ' '
}

# only LIST ALLOWED...: it is not empty, and has nothing else in it.
only() {
	local list=$1 a

	shift
	[[ $list ]] || return
	for a in $list; do
		[[ " $* " == *" $a "* ]] || return
	done
}

has() {
	local list=$1 a

	shift
	for a; do
		[[ " $list " == *" $a "* ]] && return
	done
	return 1
}

FAULTS=0

# claim WHAT FENCED OPEN COMMAND...: a row of the account; COMMAND says whether it is as it should be.
claim() {
	local colour=$GREEN

	"${@:4}" || { colour=$RED FAULTS=$((FAULTS + 1)); }
	printf '  %-42s%s%-17s%s%s\n' "$1" "$colour" "$2" "$PLAIN" "$3"
}

yes_or_no() {
	if "$@"; then
		printf yes
	else
		printf no
	fi
}

# How often a reason was counted; without one, how often any was.
stopped() {
	awk -v reason="${1:-}" 'reason == "" || $4 == reason { n += $5 } END { print n + 0 }' <<<"$AGAINST"
}

download() {
	if same_file "$1"; then
		printf 'whole, the same'
	else
		printf 'not finished'
	fi
}

the_swarm_is_right() {
	# shellcheck disable=SC2086
	only "${SAW[fenced]}" $VPN && has "${SAW[open]}" $HOME_LINE
}

account() {
	local VPN="$VPN_EXIT4 $VPN_EXIT6" HOME_LINE="$HOME_LINE4 $HOME_LINE6"

	title "The account: what sniffers saw and the kernel counted"
	claim "" "in the fence" "outside" true
	claim "packets in clear, the tunnel away" "${CLEAR_AWAY[fenced]}" "${CLEAR_AWAY[open]}" \
		test "${CLEAR_AWAY[fenced]}" -eq 0 -a "${CLEAR_AWAY[open]}" -gt 0
	claim "packets in clear, the whole run" "${CLEAR_ALL[fenced]}" "${CLEAR_ALL[open]}" \
		test "${CLEAR_ALL[fenced]}" -eq 0 -a "${CLEAR_ALL[open]}" -gt 0
	# shellcheck disable=SC2086
	claim "the swarm saw the VPN's address" "$(yes_or_no has "${SAW[fenced]}" $VPN)" \
		"$(yes_or_no has "${SAW[open]}" $VPN)" has "${SAW[fenced]}" $VPN
	# shellcheck disable=SC2086
	claim "the swarm saw the home's address" "$(yes_or_no has "${SAW[fenced]}" $HOME_LINE)" \
		"$(yes_or_no has "${SAW[open]}" $HOME_LINE)" the_swarm_is_right
	claim "packets and calls that were stopped" "$(stopped)" - test "$(stopped no_tunnel)" -gt 0
	claim "WebUI asked from the LAN, answered" "${WEBUI_AWAY[fenced]}" \
		"${WEBUI_AWAY[open]}" test "${WEBUI_AWAY[fenced]%% *}" -gt 0
	claim "the download" "$(download fenced)" "$(download open)" same_file fenced

	title "What the fence stopped, by reason"
	in_words '  %5d  %-8s %-11s %-5s %s\n' <<<"$AGAINST" | sort -k 1,1nr
	title "What left in clear outside it"
	kinds open
	title "Whom the tracker and the seeding peer saw"
	say "in the fence: ${SAW[fenced]:-nobody}" "outside:      ${SAW[open]:-nobody}"
	printf '\n'
	if [[ $FAULTS -eq 0 ]]; then
		say "${GREEN}The fence held.$PLAIN"
	else
		say "${RED}$FAULTS of these are not as they should be.$PLAIN"
	fi
	[[ $FAULTS -eq 0 ]]
}
