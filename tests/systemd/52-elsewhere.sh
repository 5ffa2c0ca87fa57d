#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the real client tries elsewhere, with its tunnel and without it: each appears under its reason, in
# `status --json`, in `metrics` and as an event; and nothing of it is on the home line.

. "${0%/*}/client.sh"

RATE_KIB=512 # of the seeder, a second: the download has to last
TOLD=$TMP/told

events_on() {
	alone inside wgfence events --json $FENCE >"$TOLD" 2>>"$LOG" &
	ACTOR_PID["events"]=$!
	until_true grep -q '"hello"' "$TOLD" || bail "no hello from the daemon"
}

# tries WHAT REASON: it comes, and all three tell of it. What is told is a thread's name: Qt has names for those
# that it keeps.
tries() {
	local status

	until_true is_held "$2"
	status=$(inside wgfence status --json $FENCE | grep "\"reason\": \"$2\"")
	is "$1: counted as $2" "$(($(held "$2") > 0))" 1
	like "$1: in status --json" "$status" '"allows": false'
	until_true grep -q "\"reason\":\"$2\"" "$TOLD"
	is "$1: told as an event, of the client" \
		"$(grep "\"reason\":\"$2\"" "$TOLD" | grep -o '"comm":"[^"]*"' | grep -vF 'Thread (pooled)' | sort -u)" \
		'"comm":"qbittorrent-nox"'
}

# towards REASON ADDRESS PORT: one of the events is about that.
towards() {
	grep "\"reason\":\"$1\"" "$TOLD" | grep -q "\"remote\":\"$2\",\"remote_port\":$3,"
}

# By the tunnel's own interface, where all its sockets are: the fence lets it have none elsewhere.
test_with_tunnel() {
	tries "sockets at the host's other addresses" bind_refused
	tries "local discovery and UPnP join their groups" multicast_join
	tries "UPnP looks for a router" port_mapping
	until_true towards port_mapping 239.255.255.250 1900
	is "UPnP: to its group and port" "$?" 0
	with_name first
	webui torrents/add -F "torrents=@$REPLY" >/dev/null
	until_true begun first
	is "meanwhile it downloads" "$?" 0
}

# What people do who see that nothing comes any more.
grow_impatient() {
	webui torrents/reannounce -d hashes=all
	webui torrents/addPeers -d "hashes=$(field first hash)" -d "peers=$NOBODY4:6881" >/dev/null
}

test_tunnel_away() {
	sd stop wg-quick@wg0.service
	is "the tunnel is away, and the LAN's resolver back" \
		"$(inside sed -n 's/^nameserver //p' /etc/resolv.conf)" $LAN_ROUTER4
	grow_impatient
	tries "the tunnel away: it looks for peers" no_tunnel
	is "the tunnel away: the WebUI answers the LAN" "$(yes_or_no client_answers)" yes
	sd restart $CLIENT
	tries "the tunnel away: DHT asks for its first nodes" dns
	is "DHT: asked at the tunnel's resolver, which is the unit's" \
		"$(yes_or_no towards dns $FAR_END4 53) $(yes_or_no towards dns $LAN_ROUTER4 53)" "yes no"
	until_true client_answers
	is "the tunnel away: it starts, and the WebUI answers the LAN" "$?" 0
}

# Restarted, because it has no socket left that would make it look for the tunnel (wgfence(8), WHAT IS NOT).
# Another torrent, because the seeder lets nobody in again for a minute whose connection it saw no end of.
test_tunnel_back() {
	sd start wg-quick@wg0.service
	sd restart $CLIENT
	until_true client_answers
	with_name second
	webui torrents/add -F "torrents=@$REPLY" >/dev/null
	until_true whole second
	is "the tunnel back, the client restarted: a download completes" "$?" 0
}

home_up first second
swarm_up Both first second
watched elsewhere
sd start wg-quick@wg0.service || bail "$(journal wg-quick@wg0)"
tailscale_up
inside wgfence init $CLIENT --yes >>"$LOG" 2>&1 || bail "init failed"
sd start "$(daemon_of $FENCE)"
events_on
sd restart $CLIENT
until_true client_answers || bail "the client's WebUI does not answer the LAN"
test_with_tunnel
test_tunnel_away
test_tunnel_back
none_in_clear "all the while"
is "all the while: nothing by the other interfaces" "$(at_others elsewhere)" ""
sniffers_off
home_down
plan
