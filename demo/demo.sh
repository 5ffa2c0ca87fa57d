#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The demo: qBittorrent loses its tunnel in the middle of a download; in the fence, and outside it.
#
# All in network namespaces, see lab.sh; the sniffers and the kernel's counters are what is believed.
# Exit status 0 only where all that the account says is as it should be. Leaves nothing behind, also
# on ^C.
#
# Owns: the story.

DEMO=$(cd "${0%/*}" && pwd) || exit 1
export LC_ALL=C
if [[ $EUID -ne 0 ]]; then
	echo >&2 "demo: needs root"
	exit 1
fi
if [[ -z ${WGF_ENCLOSED:-} ]]; then
	exec "$DEMO/../tests/lib/enclose" "$DEMO/${0##*/}"
fi

# shellcheck source=tests/net/lib.sh
. "$DEMO/../tests/net/lib.sh"
NAME=torrent CONF=$TMP/torrent.conf PINS=/sys/fs/bpf/wgfence/torrent
CGROUP=/torrent CGROUP_DIR=$CGROUP2/torrent
DEADLINE=30

SIZE_MIB=16
RATE_KIB=1024 # of the seeder, a second: the download has to last
CUT_AT=25     # per cent
AWAY=8        # seconds without the tunnel

# shellcheck source=demo/view.sh
. "$DEMO/view.sh"
# shellcheck source=demo/lab.sh
. "$DEMO/lab.sh"
# shellcheck source=demo/swarm.sh
. "$DEMO/swarm.sh"
# shellcheck source=demo/account.sh
. "$DEMO/account.sh"
# shellcheck source=demo/tried.sh
. "$DEMO/tried.sh"

fence_up() {
	{
		printf '[fence]\ncgroup = %s\ntunnel = wg0\n\n' "$CGROUP"
		printf '[webui]\nport = %s\nallow = localhost lan\n' $WEBUI
	} >"$CONF"
	: >"$TMP/run.out"
	alone exec nsenter --net="/run/netns/$HOST" "$WGFENCE" run --config "$CONF" \
		>"$TMP/run.out" 2>>"$LOG" &
	ACTOR_PID[run]=$!
	until_true grep -q "^fence .* stands" "$TMP/run.out" || bail "the fence does not stand"
}

PERCENT=0 SPEED=0 TUNNEL=there HASH='' ASKED=0 ANSWERED=0
declare -A CLEAR_AWAY CLEAR_ALL WEBUI_AWAY SAW

# look: asks the WebUI and the sniffer, and shows what they say.
look() {
	local info clear blocked=

	info=$(webui torrents/info)
	ASKED=$((ASKED + 1))
	if [[ $info =~ \"dlspeed\":([0-9]+).*\"hash\":\"([0-9a-f]+)\".*\"progress\":([0-9.e-]+) ]]; then
		ANSWERED=$((ANSWERED + 1))
		SPEED=$((BASH_REMATCH[1] / 1024)) HASH=${BASH_REMATCH[2]}
		PERCENT=$(awk -v p="${BASH_REMATCH[3]}" 'BEGIN { print int(100 * p) }')
	fi
	count_clear
	clear=$REPLY
	if [[ $RUN == fenced ]]; then
		blocked=", the fence stopped $(against | awk '{ n += $5 } END { print n + 0 }')"
		tried_look
		((${#TRIED[@]})) && say "${TRIED[@]}"
	fi
	draw "$(bar "$PERCENT")  $(printf '%4d' "$SPEED") KiB/s  tunnel $TUNNEL" \
		"home line: $(packets "$clear") in clear$blocked"
}

# watch SECONDS [CONDITION...]: shows until then, at most that long.
watch() {
	local end=$((SECONDS + $1))

	shift
	while look; [[ $SECONDS -lt $end ]]; do
		(($#)) && "$@" && break
		sleep 0.3
	done
	settle
	(($# == 0)) || "$@"
}

at_least() { [[ $PERCENT -ge $1 ]]; }

# What somebody in the LAN does at the WebUI when nothing comes any more: asks the tracker again, and names
# a peer by hand. The client would wait for longer until it tried new ways by itself.
grow_impatient() {
	webui torrents/reannounce -d hashes=all
	webui torrents/addPeers -d "hashes=$HASH" -d "peers=$NOBODY4:6881" >/dev/null
}

# The same for both runs, up to the moment when the tunnel could come back.
cut_in_the_middle() {
	local before

	watch 60 at_least $CUT_AT || bail "the download does not get on"
	count_clear
	before=$REPLY
	tunnel_away
	TUNNEL=away ASKED=0 ANSWERED=0
	settle
	say "${BOLD}The tunnel is away.$PLAIN"
	watch $((AWAY / 2))
	grow_impatient
	watch $((AWAY / 2))
	count_clear
	CLEAR_AWAY[$RUN]=$((REPLY - before))
	WEBUI_AWAY[$RUN]="$ANSWERED of $ASKED"
	settle
}

run_ends() {
	count_clear
	CLEAR_ALL[$RUN]=$REPLY
	sniffers_off
	SAW[$RUN]=$(swarm_saw "$RUN")
}

fenced_run() {
	title "1. In the fence"
	fence_up
	say "$(grep stands "$TMP/run.out"): wg0, and the WebUI for the LAN, are all."
	sniffers_on fenced
	tried_begin
	client_up fenced in_fence
	say "qbittorrent-nox runs in it, with its own settings: DHT, PeX, local discovery" \
		"and UPnP are on. A computer in the LAN gave it a torrent, by its WebUI." \
		"What the fence stops is shown as it happens:"
	cut_in_the_middle
	tunnel_up
	TUNNEL=there
	say "${BOLD}The tunnel is back.$PLAIN"
	watch 120 at_least 100 || bail "the download does not end"
	settle
	tried_end
	AGAINST=$(against)
	client_down
	run_ends
}

open_run() {
	title "2. The same outside the fence"
	PERCENT=0 SPEED=0 TUNNEL=there
	sniffers_on open
	client_up open at host
	say "The same client and swarm, another file; the fence still stands, beside it."
	cut_in_the_middle
	run_ends
}

title "A home, a VPN and an internet"
say "A host, a home router, another computer in the LAN, a VPN server, a tracker" \
	"and a seeding peer: each is a network namespace, the tunnel is WireGuard." \
	"The host's way out is the tunnel; when it is away, the home line takes over."
lab_up
# Two, so that no run knows of the other's peers. The seeder takes TCP alone: its connections outlive the
# tunnel's absence, where those of uTP end, and nobody has to wait for a minute until the client tries that
# peer again.
make_torrents fenced open
swarm_up TCP fenced open
fenced_run
open_run
account
