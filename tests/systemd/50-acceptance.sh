#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# qBittorrent, the real one, as a native service: the acceptance points, each by the test that names it.
# The 12th, a reboot, is in 51-reboot.sh.
#
# All is done as a user would, by wg-quick@, systemctl and `wgfence init`; the client's settings are its own.

. "${0%/*}/client.sh"

PROCESSES='' # before there is a client

# Everything that runs in the machine, by name; the kernel's own threads have no executable. What is in
# the asker's own cgroup is the test, where the machine is the one that it runs on.
processes() {
	# shellcheck disable=SC2016
	inside sh -c 'own=$(cat /proc/self/cgroup); for p in /proc/[0-9]*; do
		[ "$(readlink $p/exe)" ] && [ "$(cat $p/cgroup)" != "$own" ] && cat $p/comm; done' 2>/dev/null |
		grep -vE '^(sh|cat|readlink|nsenter|systemctl|sd_.*|\(.*)$' | sort
}

test_tunnel() {
	sd enable --now wg-quick@wg0.service
	is "acceptance 1: WireGuard is set up by the system, wg-quick@wg0.service" \
		"$? $(show wg-quick@wg0 ActiveState) $(inside wg show interfaces)" "0 active wg0"
	is_in active wg-quick@wg0 || bail "$(journal wg-quick@wg0)"
	tailscale_up
	inside curl -sS -m 10 -o /dev/null "http://$TRACKER_NAME:$TRACKER_PORT/announce" 2>>"$LOG"
	is "acceptance 2: it passes traffic, and hands were shaken" \
		"$? $(($(inside wg show wg0 latest-handshakes | cut -f 2) > 0))" "0 1"
}

test_native() {
	local pid

	fence_by_init
	diag "$SAID"
	until_true client_answers || bail "the client's WebUI does not answer the LAN: $(journal $CLIENT)"
	pid=$(show $CLIENT MainPID)
	is "acceptance 3: qbittorrent-nox is a native service" \
		"$(show $CLIENT ActiveState) $(show $CLIENT User) $(inside readlink "/proc/$pid/exe")" \
		"active qbittorrent-nox /usr/bin/qbittorrent-nox"
	diag "$(inside qbittorrent-nox --version)"
	is "and it is fenced" "$(inside wgfence status $FENCE | head -n 1)" \
		"fence       $FENCE: enforced"
	like "init found tunnel, WebUI, networks and resolver" "$(paste -s -d ' ' <<<"$SAID")" \
		"tunnel     wg0 .*webui      $WEBUI .*networks   localhost lan (docker0 tailscale0|tailscale0 docker0) resolver   $FAR_END4 "
	is "DHT, PeX, local discovery and UPnP are on, and it is bound to no interface" \
		"$(webui app/preferences | grep -oE '"(dht|pex|lsd|upnp)":[a-z]*|"current_network_interface":"[^"]*"' |
			sort | paste -s -d ' ')" \
		'"current_network_interface":"" "dht":true "lsd":true "pex":true "upnp":true'
}

test_download() {
	with_name first
	is "acceptance 10: a Web API client adds a torrent" \
		"$(webui torrents/add -F "torrents=@$REPLY")" Ok.
	until_true whole first
	is "acceptance 9: a test torrent completes, with the right checksum" "$?" 0
	is "acceptance 8: names resolve, by a resolver through the tunnel" \
		"$(yes_or_no asked $TRACKER_NAME)" yes
	until_true working first
	is "acceptance 8: and the tracker is reached by its name" "$?" 0
}

# The seeder is gone, so it has it from the client.
test_seed() {
	dismissed seeder
	api peer $PEER4 torrents/add -F "torrents=@$TMP/first.torrent" -F "savepath=$TMP/second" >/dev/null
	until_true second_peer_has
	is "acceptance 9: and is seeded to a second peer, with the right checksum" "$?" 0
}

second_peer_has() {
	sleep 0.2
	cmp -s "$TMP/share/first.bin" "$TMP/second/first.bin"
}

test_confined() {
	until_true dht_has_nodes
	is "acceptance 4: DHT has found a node, by the tunnel" "$?" 0
	is "acceptance 4: all TCP and UDP that entered the tunnel has its address" \
		"$(yes_or_no only "$(sources)" $TUNNEL4 $TUNNEL6)" yes
	like "acceptance 4: through it went what goes to the tracker, by TCP" \
		"$(through tcp $TRACKER4 $TRACKER_PORT)" '^[1-9]'
	like "acceptance 4: and what goes to the seeding peer, uTP and DHT" \
		"$(through udp $SEEDER4 $SEEDER_PORT)" '^[1-9][0-9]{2}'
	count_clear
	is "acceptance 4: and on the home line were 0 packets in clear" "$REPLY" 0
	[[ $REPLY -eq 0 ]] || diag "$(in_clear "$RUN")"
	is "acceptance 4: and by Tailscale and the container's bridge 0 but the WebUI's answers" \
		"$(at_others "$RUN")" ""
	is "acceptance 7: tracker and peers saw the VPN's address, and no other" \
		"$(yes_or_no the_vpn_alone)" yes
}

dht_has_nodes() {
	sleep 0.2
	webui transfer/info | grep -q '"dht_nodes":[1-9]'
}

# answers MACHINE ADDRESS: the WebUI lets that one in.
answers() {
	log_in "$1" "$2" && api "$1" "$2" app/version >/dev/null
}

test_webui() {
	is "acceptance 5: the WebUI answers the LAN (IPv4)" "$(yes_or_no answers pc $LAN_HOST4)" yes
	is "acceptance 5: the WebUI answers the LAN (IPv6)" "$(yes_or_no answers pc "[$LAN_HOST6]")" yes
	is "acceptance 5: the WebUI answers Tailscale (IPv4)" "$(yes_or_no answers tail $TS_HOST4)" yes
	is "acceptance 5: the WebUI answers Tailscale (IPv6)" "$(yes_or_no answers tail "[$TS_HOST6]")" yes
}

# webui_asked MACHINE ADDRESS: the status of the answer; 000 where there is none.
webui_asked() {
	at "$1" curl -gs -m 2 --noproxy '*' -o /dev/null -w '%{http_code}' "http://$2:$WEBUI/"
}

# not_answered NAME REASON MACHINE ADDRESS
not_answered() {
	local before

	before=$(held "$2")
	is "acceptance 6: the WebUI does not answer $1" "$(webui_asked "$3" "$4")" 000
	is "acceptance 6: $1: dropped as $2" "$(($(held "$2") > before))" 1
}

test_webui_elsewhere() {
	not_answered "the far end of the tunnel (IPv4)" webui_tunnel vpn $TUNNEL4
	not_answered "the far end of the tunnel (IPv6)" webui_tunnel vpn "[$TUNNEL6]"
	not_answered "the internet, by the VPN's address" webui_tunnel peer $VPN_EXIT4
	not_answered "the internet, by the host's own IPv6 address" webui_network peer "[$LAN_HOST6]"
	ask tunnel peek
	is "acceptance 6: nothing of the WebUI's entered the tunnel" \
		"$(grep -cE "^tunnel tcp [^ ]+ $WEBUI > " "$TMP/tunnel")" 0
}

# verb STOP: as this version of the API calls it: pause and resume, or from 2.11 on stop and start.
verb() {
	local minor

	minor=$(webui app/webapiVersion | cut -d . -f 2)
	case $1:$((minor >= 11)) in
	stop:0) echo pause ;;
	start:0) echo resume ;;
	*) echo "$1" ;;
	esac
}

state_is() {
	sleep 0.2
	[[ $(field first state) =~ $1 ]]
}

test_api() {
	local hash

	hash=$(field first hash)
	webui "torrents/$(verb stop)" -d "hashes=$hash"
	until_true state_is '^(paused|stopped)UP$'
	is "acceptance 10: it stops a torrent" "$?" 0
	webui "torrents/$(verb start)" -d "hashes=$hash"
	until_true state_is '^(uploading|stalledUP|queuedUP|forcedUP)$'
	is "acceptance 10: it starts it again" "$?" 0
}

deleted() {
	sleep 0.2
	[[ -z $(field first hash) && -z $(inside find $GOT -name 'first.bin') ]]
}

test_delete() {
	webui torrents/delete -d "hashes=$(field first hash)" -d deleteFiles=true
	until_true deleted
	is "acceptance 10: it deletes it, with its file" "$?" 0
}

# arr MACHINE ADDRESS: what Sonarr and the like do: log in, ask for the version, the settings and their own
# category, hand a torrent in, find it by the category, take it away.
arr() {
	local hash

	log_in "$1" "$2" && api "$1" "$2" app/webapiVersion >/dev/null &&
		api "$1" "$2" app/preferences >/dev/null || return
	api "$1" "$2" torrents/createCategory -d category=tv-sonarr -d savePath= >/dev/null
	api "$1" "$2" torrents/add -F "torrents=@$TMP/second.torrent" -F category=tv-sonarr \
		-F paused=true -F stopped=true | grep -q Ok || return
	until_true arr_finds "$1" "$2" || return
	hash=$(arr_hash "$1" "$2")
	api "$1" "$2" torrents/delete -d "hashes=$hash" -d deleteFiles=true
	until_true arr_forgot "$1" "$2"
}

arr_hash() {
	api "$1" "$2" 'torrents/info?category=tv-sonarr' | grep -oE '"hash":"[0-9a-f]*"' | cut -d '"' -f 4
}
arr_finds() { sleep 0.1 && [[ -n $(arr_hash "$@") ]]; }
arr_forgot() { sleep 0.1 && [[ -z $(arr_hash "$@") ]]; }

test_arr() {
	is "acceptance 11: the *arr way works from the host, by 127.0.0.1" \
		"$(yes_or_no arr host 127.0.0.1)" yes
	is "acceptance 11: the *arr way works from the host, by its LAN address" \
		"$(yes_or_no arr host $LAN_HOST4)" yes
	is "acceptance 11: the *arr way works from the host, by localhost" \
		"$(yes_or_no arr host localhost)" yes
	is "acceptance 11: the *arr way works from a container" "$(yes_or_no arr box $BRIDGE4)" yes
}

only_these_more() {
	MORE=$(comm -13 <(printf '%s\n' "$PROCESSES") <(processes) | paste -s -d ' ')
	[[ $MORE == "qbittorrent-nox wgfence" ]]
}

test_nothing_else() {
	local pid

	pid=$(show $CLIENT MainPID)
	is "acceptance 13: the unit's network is the host's own" \
		"$(inside readlink "/proc/$pid/ns/net")" "$(inside readlink /proc/1/ns/net)"
	# In a virtual machine the lab's are there.
	is "acceptance 13: there is no network namespace with a name" "$(inside ls /run/netns 2>/dev/null | grep -v "^$ID-")" ""
	until_true only_these_more
	is "acceptance 13: nothing runs that did not before, but client and fence" "$MORE" \
		"qbittorrent-nox wgfence"
}

# Without the drop-in the same client is seen on the home line, and its WebUI in the tunnel. Last, because
# the kernel goes on to say by itself which groups such a client has left.
test_control() {
	watched control
	inside wgfence init $CLIENT --remove --yes >>"$LOG" 2>&1 || bail "init --remove failed"
	sd restart $CLIENT
	until_true client_answers
	is "control: without a fence the WebUI answers the LAN" "$?" 0
	is "control: and the VPN's far end" "$(webui_asked vpn $TUNNEL4)" 200
	is "control: and the internet, by the VPN's address" "$(webui_asked peer $VPN_EXIT4)" 200
	until_true seen_in_clear
	is "control: and the client is seen on the home line" "$?" 0
	# Without a torrent 5.1 has nothing to tell the other networks.
	webui torrents/add -F "torrents=@$TMP/second.torrent" >/dev/null
	until_true seen_at_others
	is "control: and on the host's other interfaces" "$?" 0
	diag "without a fence, in clear:"
	diag "$(kinds control)"
	sniffers_off
}

seen_at_others() {
	[[ -n $(at_others control) ]]
}

seen_in_clear() {
	count_clear
	[[ $REPLY -gt 0 ]]
}

home_up first second
swarm_up UTP first
printf '[BitTorrent]\nSession\\BTProtocol=UTP\n' | settings peer
torrent_client peer at peer
until_true log_in peer $PEER4 || bail "the second peer does not start"
watched fenced
test_tunnel
PROCESSES=$(processes)
tunnel_watched
test_native
test_download
test_seed
test_webui
test_webui_elsewhere
test_api
test_arr
test_confined
test_nothing_else
test_delete
sniffers_off
test_control
home_down
plan
