#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A user's first quarter of an hour: the commands of README.md, as they stand there, on a machine with wg-quick@ and
# a qbittorrent-nox that run already; and that each shows what README.md says.

. "${0%/*}/client.sh"

DEADLINE=120 # Prometheus asks every fifteen seconds
FENCE=torrent
TREE=$(cd "$SYSTEMD_TESTS/../.." && pwd)
PROMETHEUS=$TREE/build/prometheus # a virtual machine has it installed
[[ ${WGF_MACHINE:-} != itself ]] || PROMETHEUS=/
RULES=/usr/local/share/wgfence/wgfence.rules.yml

# block WORDS: the commands behind the paragraph of the section that begins with these.
block() {
	awk -v words="$1" '
		/^## / { section = $0 == "## A first quarter of an hour" }
		/^```/ { on = section && there && $0 == "```sh"; there = there && on; next }
		on { print }
		index($0, words) == 1 { there = 1 }' "$TREE/README.md"
}

# does NAME WORDS [COMMANDS]: they are done, one after the other; SAID is what they say.
does() {
	local commands=${3:-$(block "$2")}

	[[ $commands ]] || bail "README.md has no commands for: $2"
	SAID=$(inside bash -ec "$commands" 2>&1)
	is "$1: its commands work" "$?" 0
	diag "$SAID"
}

# --- what is there already ---------------------------------------------------------------------

give_sudo() {
	inside sh -c 'command -v sudo >/dev/null ||
		{ printf "#!/bin/sh\nexec \"\$@\"\n" >/usr/local/bin/sudo && chmod 755 /usr/local/bin/sudo; }'
}

# As Debian's packages would have it. Five minutes are five seconds here.
give_prometheus() {
	if [[ $PROMETHEUS != / ]]; then
		tar -C "$PROMETHEUS" --exclude ./etc/init.d -c . | inside tar -C / --keep-directory-symlink -x ||
			bail "no Prometheus"
		inside useradd --system prometheus 2>>"$LOG"
		inside chown prometheus /var/lib/prometheus /var/lib/prometheus/metrics2
	fi
	inside sed -i 's/ for: 5m/ for: 5s/' $RULES
	sd daemon-reload
	sd start prometheus-node-exporter.service prometheus.service
	until_true inside curl -sf -o /dev/null http://localhost:9090/-/ready || bail "$(journal prometheus.service)"
}

has_prometheus() {
	[[ -x $PROMETHEUS/usr/bin/prometheus ]]
}

set_up() {
	home_up first second
	swarm_up UTP first second
	give_sudo
	sd enable --now wg-quick@wg0.service
	sd enable --now $CLIENT
	until_true client_answers || bail "the client's WebUI does not answer the LAN: $(journal $CLIENT)"
	webui torrents/add -F "torrents=@$TMP/first.torrent" >/dev/null
}

# --- the quarter of an hour --------------------------------------------------------------------

# What is installed for the other suites goes first. What is built is taken along. In a virtual machine is no
# compiler, and all stays as it is.
test_install() {
	if [[ ${WGF_MACHINE:-} == itself ]]; then
		skip "install" "nothing is built in a virtual machine"
		inside ln -sfn /usr/share/wgfence /usr/local/share/wgfence # where README.md has it
		return
	fi
	inside rm -rf /usr/bin/wgfence /usr/share/wgfence /usr/lib/systemd/system/wgfence@.service
	is "the packages to build it are those of the tests" "$(block 'For a Debian' | sed -n '/apt-get/,/dev$/p' |
		tr -s ' \\' '\n' | grep -xE '[a-z0-9-]+' | grep -vE '^(sudo|apt-get|install|--.*)$' | sort | paste -s -d ' ')" \
		"$(sed -n '/^for_build=/,/)/p' "$TREE/tests/deps.sh" | tr '()' '  ' | tr -s ' \t' '\n' |
			grep -xE '[a-z0-9-]+' | sort | paste -s -d ' ')"
	inside mkdir /root/wgfence
	tar -C "$TREE" --exclude ./build/test --exclude ./build/asan --exclude ./build/fuzz --exclude ./build/next \
		--exclude ./build/vm --exclude ./build/prometheus --exclude ./build/debs --exclude ./build/root \
		--exclude ./.git -c . | inside tar -C /root/wgfence -x
	does "install" "" "cd /root/wgfence && $(block 'For a Debian' | tail -n 1)"
	like "it is there" "$(inside sh -c 'command -v wgfence')" '^/usr/local/bin/wgfence$'
}

# Without a fence it is seen. What the kernel says by itself of groups that it has left comes a while after it.
test_fence() {
	watched before
	until_true seen_in_clear
	is "control: without a fence the client is seen on the home line" "$?" 0
	does "fence the client" '**Fence the client.**'
	like "init has found what it needs" "$(paste -s -d ' ' <<<"$SAID")" \
		"tunnel     wg0 .*webui      $WEBUI .*networks   localhost lan .*Nothing is written.*Written, and read by systemd"
	until_true client_answers
	is "the WebUI answers the LAN" "$?" 0
	until_true quiet_line
	sniffers_off
	watched quarter
}

seen_in_clear() {
	count_clear
	[[ $REPLY -gt 0 ]]
}

# Five seconds without a packet.
quiet_line() {
	local before

	count_clear
	before=$REPLY
	sleep 5
	count_clear
	[[ $REPLY -eq $before ]]
}

test_look() {
	until_true is_held multicast_join
	does "look" '**Look.**'
	like "status: enforced" "$SAID" "fence +$FENCE: enforced"
	like "status: the tunnel" "$SAID" 'tunnel +wg0 \(interface'
	like "top: the tunnel is up" "$SAID" 'tunnel +wg0 up, in the policy'
	like "top: what is usual is told apart" "$SAID" 'blocked +[0-9]+ attempts, [1-9][0-9]* expected noise'
	until_true whole first
	is "and it downloads" "$?" 0
}

test_watch() {
	if ! has_prometheus; then
		does "have it watched, the metrics alone" "" "mkdir -p /var/lib/prometheus/node-exporter
			$(block '**Have it watched**' | head -n 2)"
	else
		give_prometheus
		does "have it watched" '**Have it watched**'
		until_true prometheus_knows
		is "Prometheus knows that the fence stands" "$?" 0
	fi
	like "status: metrics are written" "$(inside wgfence status $FENCE)" 'metrics +written to /var/lib/prometheus/node-exporter'
	like "for everybody to read" "$(inside cat /var/lib/prometheus/node-exporter/wgfence-$FENCE.prom)" \
		"wgfence_enforced[{]fence=\"$FENCE\"[}] 1"
}

prometheus_knows() {
	inside curl -s 'http://localhost:9090/api/v1/query?query=wgfence_enforced==1' | grep -q "\"fence\":\"$FENCE\""
}

test_cut() {
	local commands cut

	commands=$(block '**Cut the tunnel**')
	cut=$(head -n 1 <<<"$commands")
	does "cut the tunnel" "" "$cut"
	webui torrents/addPeers -d "hashes=$(field first hash)" -d "peers=$NOBODY4:6881" >/dev/null
	until_true is_held no_tunnel
	does "see it" "" "${commands#"$cut"}"
	like "top: the tunnel is down" "$SAID" 'tunnel +wg0 DOWN, not in the policy'
	like "top: what the client tries has no tunnel" "$SAID" ' [1-9][0-9]*  no_tunnel '
	like "the journal: the tunnel is lost" "$SAID" 'policy [0-9]*: tunnel wg0 is not there'
	like "the journal: a first attempt" "$SAID" 'the first of its kind: .*qbittorrent-nox.*: no tunnel'
	like "events --since: the attempt" "$SAID" $'\n[0-9:]+ qbittorrent-nox\\[[0-9]+\\] [^\n]*: no tunnel'
	like "the metrics: the tunnel is down" "$(inside cat /var/lib/prometheus/node-exporter/wgfence-$FENCE.prom)" \
		"wgfence_tunnel_up[{]fence=\"$FENCE\"[}] 0"
}

alerts() {
	inside bash -ec "$(block '**Find the alert**')" 2>/dev/null
}

alerted() {
	alerts | grep -q "\"alertname\":\"$1\",\"fence\":\"$FENCE\".*\"state\":\"firing\""
}

test_alert() {
	if ! has_prometheus; then
		skip "the alert" "no Prometheus is here"
		return
	fi
	is "before the cut no alert of the tunnel fired" "$ALERTED" no
	until_true alerted WgfenceTunnelDown
	is "WgfenceTunnelDown fires" "$?" 0
	does "find the alert" '**Find the alert**'
}

test_back() {
	does "and back" '**And back.**'
	until_true client_answers
	webui torrents/add -F "torrents=@$TMP/second.torrent" >/dev/null
	until_true whole second
	is "it downloads again" "$?" 0
	if has_prometheus; then
		until_true not_alerted
		is "WgfenceTunnelDown ends" "$?" 0
	fi
}

not_alerted() {
	[[ $(alerts) == *'"status":"success"'* ]] && ! alerted WgfenceTunnelDown
}

test_rid() {
	none_in_clear "all the while"
	sniffers_off
	does "to be rid of it" '**To be rid of it**'
	is "no fence is left" "$(inside wgfence status $FENCE | head -n 1)" "fence       $FENCE: does not stand"
	is "nor a file of it" "$(inside find /etc/wgfence /etc/systemd /var/lib/prometheus /run/wgfence -not -type d \
		'(' -name "*[-@]$FENCE*" -o -name "$FENCE.conf" -o -name wgfence.conf -o -path "*/$FENCE/*" ')' 2>/dev/null)" ""
	until_true client_answers
	is "and the client runs" "$?" 0
}

set_up
test_install
test_fence
test_look
test_watch
ALERTED=$(has_prometheus && yes_or_no alerted WgfenceTunnelDown)
test_cut
test_alert
test_back
test_rid
sd stop prometheus.service prometheus-node-exporter.service
inside rm -rf /var/lib/prometheus
home_down
plan
