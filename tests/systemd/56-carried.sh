#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A host whose default route is the LAN, and clients that know nothing of a tunnel: qBittorrent, and in the same
# slice transmission and curl. They are carried into the tunnel; the host's own traffic, rules and routes are
# as before. Without the mark they are dropped, and without the bind hook qBittorrent listens elsewhere.

. "${0%/*}/client.sh"

TUNNEL_TABLE=off
SLICE=$(slice_of $FENCE)
OURS=' proto 119$| proto 119 ' # what a fence has made

# --- two more clients ----------------------------------------------------------------------------

# unit NAME COMMAND: in the fence's slice, behind its gate, and with nothing else of init's.
unit() {
	put "systemd/system/$1.service" <<-UNIT
		[Unit]
		Wants=$(daemon_of $FENCE)
		After=$(daemon_of $FENCE)
		[Service]
		Slice=$SLICE
		User=qbittorrent-nox
		ExecStartPre=+/usr/bin/wgfence ready $FENCE
		BindReadOnlyPaths=/run/wgfence/$FENCE/resolv.conf:/etc/resolv.conf
		ExecStart=$2
	UNIT
	sd daemon-reload
}

# fetched UNIT-ARGUMENT...: curl, as a unit of the slice that runs once; its exit code is REPLY.
fetched() {
	unit fetch "/usr/bin/curl -sS -m 8 -o /dev/null $*"
	sd start fetch.service
	until_true ended
	REPLY=$(show fetch.service ExecMainStatus)
}

ended() {
	[[ $(show fetch.service ActiveState) =~ ^(inactive|failed)$ ]]
}

give_transmission() {
	inside mkdir -p $PROFILE/transmission
	inside sh -c "cat >$PROFILE/transmission/settings.json" <<-END
		{"download-dir": "$PROFILE/transmission", "rpc-enabled": true, "rpc-port": 9091,
		 "rpc-bind-address": "127.0.0.1", "rpc-authentication-required": false, "preallocation": 0}
	END
	inside chown -R qbittorrent-nox: $PROFILE/transmission
	unit transmission "/usr/bin/transmission-daemon --foreground --config-dir $PROFILE/transmission"
}

rpc() {
	inside transmission-remote 127.0.0.1:9091 "$@"
}

# Its RPC is asked on loopback, which a rule of the fence lets it answer.
transmission_answers() {
	sleep 0.2
	rpc --list >>"$LOG" 2>&1
}

transmission_has() {
	sleep 0.2
	[[ $(inside cat "$PROFILE/transmission/$1.bin" 2>/dev/null | sum) == "$(sum <"$TMP/share/$1.bin")" ]]
}

# --- the host ------------------------------------------------------------------------------------

# Rules and routes, without the fence's.
routing() {
	local family

	for family in -4 -6; do
		inside ip -d "$family" rule
		inside ip "$family" route show table all | sort
	done | grep -vE "$OURS" | sed 's/ *$//'
}

# The way of the host itself to an address.
way_to() {
	inside ip route get "$1" | sed -n 's/.* dev \([^ ]*\).*/\1/p'
}

test_host() {
	is "the host's own way is the LAN's, as before" "$(way_to $TRACKER4)" eth0
	inside curl -sS -m 8 -o /dev/null "http://$TRACKER4:$TRACKER_PORT/announce" 2>>"$LOG"
	is "the host's own client is answered" "$?" 0
	ask line peek
	like "and by the home line" "$(grep -c "^home tcp $LAN_HOST4 [0-9]* > $TRACKER4 $TRACKER_PORT," "$TMP/line-$RUN")" '^[1-9]'
	like "others have rules and routes" "$BEFORE" 'lookup 52.*default via'
	is "rules and routes of others are as before" "$(diff <(echo "$BEFORE") <(routing))" ""
}

# --- carried -------------------------------------------------------------------------------------

test_qbittorrent() {
	fence_by_init
	until_true client_answers || bail "the client's WebUI does not answer the LAN: $(journal $CLIENT)"
	with_name first
	is "qBittorrent: a torrent is added" "$(webui torrents/add -F "torrents=@$REPLY")" Ok.
	until_true whole first
	is "qBittorrent: it completes, with the right checksum" "$?" 0
	until_true working first
	is "qBittorrent: the tracker is reached by its name" "$? $(yes_or_no asked $TRACKER_NAME)" "0 yes"
}

test_transmission() {
	sd start transmission.service
	until_true transmission_answers || bail "transmission does not answer: $(journal transmission)"
	inside sh -c "cat >/opt/second.torrent" <"$TMP/second.torrent"
	rpc --add /opt/second.torrent >>"$LOG" 2>&1
	DEADLINE=$((2 * DEADLINE)) until_true transmission_has second # it is slow to ask a peer again
	is "transmission: a torrent completes, with the right checksum" "$?" 0
}

test_curl() {
	fetched "http://$TRACKER_NAME:$TRACKER_PORT/announce"
	is "curl, by name: it is answered" "$REPLY" 0
	fetched -6 "http://[$TRACKER6]:$TRACKER_PORT/announce"
	is "curl, by IPv6: it is answered" "$REPLY" 0
}

test_all_in_tunnel() {
	is "all TCP and UDP that entered the tunnel has its address" \
		"$(yes_or_no only "$(sources)" $TUNNEL4 $TUNNEL6)" yes
	is "tracker and peers saw the VPN's address, and no other" "$(yes_or_no the_vpn_alone)" yes
	none_in_clear "qBittorrent, transmission and curl"
	is "nothing by the host's other interfaces" "$(at_others "$RUN")" ""
}

# --- one part taken away -------------------------------------------------------------------------

set_route() {
	inside sed -i '/^route = /d' /etc/wgfence/$FENCE.conf
	inside sed -i "s/^\[fence\]/&\nroute = $1/" /etc/wgfence/$FENCE.conf
	sd reload "$(daemon_of $FENCE)"
}

test_without_mark() {
	local before

	set_route off
	until_true unmarked
	before=$(held past_tunnel_ipv4)
	fetched "http://$TRACKER4:$TRACKER_PORT/announce"
	is "without the mark: curl is not answered" "$REPLY" 28
	is "without the mark: it went past the tunnel, and was dropped" "$(($(held past_tunnel_ipv4) > before))" 1
	none_in_clear "without the mark"
	set_route on
	until_true marked
	fetched "http://$TRACKER4:$TRACKER_PORT/announce"
	is "with the mark again: it is answered" "$REPLY" 0
}

marked() { [[ $(inside ip rule) == *fwmark* ]]; }
unmarked() { ! marked; }

# Where the client listens, by address.
listens() {
	inside ss -Hltun -p | awk '/qbittorrent-nox/ && $5 !~ /:8080$/ { sub(/:[0-9]*$/, "", $5); print $5 }' | sort -u |
		paste -s -d ' '
}

at_the_lan_too() {
	sleep 0.2
	[[ $(listens) == *$LAN_HOST4* ]]
}

in_the_tunnel() {
	sleep 0.2
	[[ $(listens) == *$TUNNEL4* ]]
}

test_without_bind_hook() {
	sd restart $CLIENT
	until_true in_the_tunnel
	is "it listens in the tunnel, and not at the LAN's address" \
		"$? $(yes_or_no at_the_lan_too)" "0 no"
	diag "it listens at $(listens)"
	sd stop "$(daemon_of $FENCE)"
	inside rm /sys/fs/bpf/wgfence/$FENCE/bind4 /sys/fs/bpf/wgfence/$FENCE/bind6
	# The gate would refuse a fence that is not whole.
	put systemd/system/$CLIENT.d/zz-no-gate.conf <<<$'[Unit]\nWants=\n[Service]\nExecStartPre='
	inside systemctl mask --runtime "$(daemon_of $FENCE)" 2>>"$LOG"
	sd daemon-reload
	sd restart $CLIENT
	until_true at_the_lan_too
	is "without the bind hook: it listens at the LAN's address, too" "$?" 0
	none_in_clear "without the bind hook"
}

home_up first second
swarm_up Both first second
watched carried
sd start wg-quick@wg0.service || bail "$(journal wg-quick@wg0)"
tailscale_up
give_packages
tunnel_watched
BEFORE=$(routing)
test_qbittorrent
printf '\n[rules]\nallow = serve tcp 127.0.0.1 9091\n' | inside sh -c "cat >>/etc/wgfence/$FENCE.conf"
sd reload "$(daemon_of $FENCE)"
give_transmission
test_transmission
test_curl
test_all_in_tunnel
test_without_mark
test_without_bind_hook
test_host
sniffers_off
home_down
plan
