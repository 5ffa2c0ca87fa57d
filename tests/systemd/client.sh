# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A home with the real client in it: `. "${0%/*}/client.sh"` instead of lib.sh, then home_up.
#
# Owns: what is there beside the demo's lab and swarm: a second peer, a computer in the Tailscale network, a
# container, a resolver behind the tunnel; and the machine's own files, as its people would have written
# them: the tunnel for wg-quick, the client's unit, its profile. Nothing of a fence: that is init's.

. "${BASH_SOURCE[0]%/*}/lib.sh"
DEMO=$SYSTEMD_TESTS/../../demo
# shellcheck source=demo/lab.sh
. "$DEMO/lab.sh"
# shellcheck source=demo/swarm.sh
. "$DEMO/swarm.sh"
# shellcheck source=demo/account.sh
. "$DEMO/account.sh"

DEADLINE=$((4 * DEADLINE))
SIZE_MIB=4 RATE_KIB=0
MACHINES+=" peer tail box"
PEER4=192.0.2.52 PEER6=2001:db8:52::1
SWARM+=" $PEER4 $PEER6"
TS_HOST4=100.64.0.2 TS_HOST6=fd7a:115c:a1e0::2 # the host in the Tailscale network
TAIL4=100.64.0.9 TAIL6=fd7a:115c:a1e0::9
BRIDGE4=172.17.0.1 BOX4=172.17.0.2
TRACKER_NAME=tracker.example
CLIENT=qbittorrent-nox.service FENCE=qbittorrent-nox
PROFILE=/var/lib/qbittorrent-nox
GOT=$PROFILE/qBittorrent/downloads
TUNNEL_TABLE=auto TUNNEL_DNS=$FAR_END4
WEBUI_URL=http://$TUNNEL4:$WEBUI/

# --- around the machine --------------------------------------------------------------------------

# Tailscale's interface has one address. Its routes are in a table of their own, and the rule for it must
# stand before wg-quick's: each of both takes the place before what is there, so tailscaled comes second.
make_tailscale() {
	cable "$HOST" tailscale0 "$ID-tail" eth0
	addresses "$HOST" tailscale0 $TS_HOST4/32 $TS_HOST6/128
	addresses "$ID-tail" eth0 $TAIL4/10 $TAIL6/48
}

tailscale_up() {
	ip -n "$HOST" route replace 100.64.0.0/10 dev tailscale0 table 52
	ip -n "$HOST" -6 route replace ${TS_HOST6%::*}::/48 dev tailscale0 table 52
	ip -n "$HOST" rule add pref 5270 lookup 52
	ip -n "$HOST" -6 rule add pref 5270 lookup 52
}

tailscale_down() {
	ip -n "$HOST" rule del pref 5270
	ip -n "$HOST" -6 rule del pref 5270
}

make_container() {
	ip -n "$HOST" link add docker0 type bridge
	ip -n "$HOST" link set docker0 up
	cable "$HOST" veth0 "$ID-box" eth0
	ip -n "$HOST" link set veth0 master docker0
	addresses "$HOST" docker0 $BRIDGE4/16
	addresses "$ID-box" eth0 $BOX4/16
	ip -n "$ID-box" route add default via $BRIDGE4
}

# The VPN hands what comes to its own address on to its customer, so that a peer can open a connection.
forward_ports() {
	at vpn nft -f - <<-END
		table ip forward {
			chain pre {
				type nat hook prerouting priority dstnat
				iifname eth0 ip daddr $VPN_EXIT4 udp dport != 51820 dnat to $TUNNEL4
				iifname eth0 ip daddr $VPN_EXIT4 meta l4proto tcp dnat to $TUNNEL4
			}
		}
	END
}

# resolver: at the tunnel's far end. It knows the tracker; whoever asks for the first nodes of the DHT is
# sent to the seeder, whose port is theirs.
resolver() {
	alone exec nsenter --net="/run/netns/$ID-vpn" dnsmasq --keep-in-foreground --conf-file=/dev/null \
		--no-resolv --no-hosts --user=root --pid-file= --bind-interfaces \
		--listen-address=$FAR_END4 --address=/$TRACKER_NAME/$TRACKER4 \
		--address=/bittorrent.com/utorrent.com/libtorrent.org/transmissionbt.com/$SEEDER4 \
		--log-queries --log-facility="$TMP/names" 2>>"$LOG" &
	ACTOR_PID[resolver]=$!
}

# asked NAME: has the client's machine asked the tunnel's resolver for that?
asked() {
	grep -qF "query[A] $1 from $TUNNEL4" "$TMP/names"
}

# --- the machine ---------------------------------------------------------------------------------

# openresolv would do this, but make the real machine's /etc/resolv.conf its own when it is installed.
give_resolvconf() {
	inside sh -c 'command -v resolvconf >/dev/null' && return
	inside sh -c 'cat >/usr/local/sbin/resolvconf && chmod 755 /usr/local/sbin/resolvconf' <<-'END'
		#!/bin/sh
		# -a INTERFACE: servers from standard input; -d INTERFACE: as before
		case $1 in
		-a) cp /etc/resolv.conf /etc/resolv.conf.before && cat >/etc/resolv.conf ;;
		-d) [ ! -e /etc/resolv.conf.before ] || mv /etc/resolv.conf.before /etc/resolv.conf ;;
		esac
	END
}

give_names() {
	inside rm -f /etc/resolv.conf
	put resolv.conf <"$TMP/resolv.conf"
	put nsswitch.conf < <(printf 'passwd: files\ngroup: files\nhosts: files dns\n')
	give_resolvconf
}

# With TUNNEL_TABLE=off the host's default route is the LAN, whatever the tunnel does.
give_tunnel() {
	sed "s,^\[Interface\],&\nAddress = $TUNNEL4/32\, $TUNNEL6/128\nTable = $TUNNEL_TABLE\n${TUNNEL_DNS:+DNS = $TUNNEL_DNS}," \
		"$TMP/wg0.wg" |
		put wireguard/wg0.conf
	inside chmod 600 /etc/wireguard/wg0.conf
}

# Debian has a template for a user's own client, and leaves the system's to its people.
give_client() {
	inside useradd --system --user-group --home-dir $PROFILE --create-home \
		--shell /usr/sbin/nologin qbittorrent-nox 2>>"$LOG" || bail "no user can be made"
	put systemd/system/$CLIENT <<-UNIT
		[Unit]
		Description=qBittorrent without a screen
		Wants=network-online.target
		After=network-online.target nss-lookup.target
		[Service]
		User=qbittorrent-nox
		StateDirectory=qbittorrent-nox
		ExecStart=/usr/bin/qbittorrent-nox --profile=$PROFILE --webui-port=$WEBUI
		Restart=on-failure
		[Install]
		WantedBy=multi-user.target
	UNIT
	settings client </dev/null
	tar -C "$TMP/client" -c qBittorrent | inside tar -C $PROFILE -x
	inside chown -R qbittorrent-nox: $PROFILE
	sd daemon-reload
}

# Nothing of the tunnel is up yet, and no client runs.
home_up() {
	make_lab
	{
		lives peer $PEER4 $PEER6 &&
			ip -n "$ID-peer" -6 route add ${LAN_HOST6%::*}::/64 via $HOME_LINE6 dev eth0 &&
			make_tailscale && make_container && forward_ports
	} 2>>"$LOG" || bail "cannot make the rest of the lab"
	resolver
	make_torrents "$@"
	machine_on
	give_names
	give_tunnel
	give_client
}

# In a virtual machine the disk is the next suite's, too.
home_down() {
	sd stop $CLIENT
	inside rm -rf $PROFILE /usr/local/sbin/resolvconf
}

# give_packages: what tests/deps.sh has fetched, laid into the machine alone: installed, it would start services
# and take over the names of the machine that the tests run on.
give_packages() {
	local deb debs=$SYSTEMD_TESTS/../../build/debs

	[[ ${WGF_MACHINE:-} != itself ]] || return 0 # its image has them
	for deb in "$debs"/*.deb; do
		[[ -e $deb ]] || bail "no packages in build/debs: tests/deps.sh gets them"
		dpkg-deb --fsys-tarfile "$deb" | inside tar -C / --keep-directory-symlink -x ||
			bail "cannot unpack $deb"
	done
	inside ldconfig
	inside systemd-sysusers 2>>"$LOG"
	inside systemd-tmpfiles --create 2>>"$LOG"
	sd daemon-reload
	sd reload dbus.service
}

# --- the client ----------------------------------------------------------------------------------

client_answers() {
	log_in pc $LAN_HOST4
}

# dismissed NAME: a client of the swarm that ends as if its power failed.
dismissed() {
	kill -KILL "${ACTOR_PID[$1]}"
	wait "${ACTOR_PID[$1]}" 2>/dev/null
	unset "ACTOR_PID[$1]"
}

# with_name TORRENT: the same torrent, but the tracker by its name. REPLY is the file.
with_name() {
	REPLY=$TMP/$1-named.torrent
	mktorrent -a "http://$TRACKER_NAME:$TRACKER_PORT/announce" -o "$REPLY" "$TMP/share/$1.bin" \
		>/dev/null 2>>"$LOG" || bail "mktorrent failed"
}

sum() {
	sha256sum | cut -d ' ' -f 1
}

# whole NAME: what the client has of it is what it should be.
whole() {
	sleep 0.2
	[[ $(inside cat "$GOT/$1.bin" 2>/dev/null | sum) == "$(sum <"$TMP/share/$1.bin")" ]]
}

# begun NAME: it has some of it, and not all.
begun() {
	sleep 0.2
	[[ $(field "$1" progress) =~ ^0\.[0-9]*[1-9] ]]
}

# field NAME KEY: of the torrent, as the WebUI says.
field() {
	webui torrents/info | sed 's/},{/}\n{/g' | grep -F "\"name\":\"$1.bin\"" |
		grep -oE "\"$2\":(\"[^\"]*\"|[^,}]*)" | cut -d : -f 2- | tr -d '"'
}

# working NAME: the tracker, by its name. As qBittorrent says: 2 is "working".
working() {
	sleep 0.2
	webui "torrents/trackers?hash=$(field "$1" hash)" |
		grep -q "\"status\":2,[^}]*\"url\":\"http://$TRACKER_NAME"
}

# --- the fence -----------------------------------------------------------------------------------

# fence_by_init: what a user does: asks init, and does what it says. SAID is that.
fence_by_init() {
	SAID=$(inside wgfence init $CLIENT --yes 2>&1) || bail "init: $SAID"
	inside sh -ec "$(sed -nE 's/^(Now|then): *//p' <<<"$SAID")" >>"$LOG" 2>&1
}

# held REASON: how often it was dropped or refused, at all hooks.
held() {
	inside wgfence metrics $FENCE 2>>"$LOG" |
		awk -v reason="reason=\"$1\"" '/^wgfence_(dropped|refused)_.*_total/ && index($0, reason) {
			n += $NF } END { print n + 0 }'
}

is_held() {
	[[ $(held "$1") -gt ${2:-0} ]]
}

# --- what is seen --------------------------------------------------------------------------------

# watched RUN: the home line and the swarm, and the host's other interfaces.
watched() {
	sniffers_on "$1" "peer=$ID-peer:eth0:in" "other=$HOST:tailscale0:out" "other=$HOST:docker0:out"
}

# at_others RUN: TCP and UDP there, the WebUI's answers apart.
at_others() {
	ask swarm peek
	grep -E '^other (tcp|udp) ' "$TMP/swarm-$1" | grep -vE "^other tcp [^ ]+ $WEBUI > "
}

# tunnel_watched: while it is there.
tunnel_watched() {
	actor tunnel "$TOOLS/sniff" "$TMP/tunnel" "tunnel=$HOST:wg0:out"
	ready tunnel || bail "the tunnel's sniffer does not start"
}

# sources: the addresses from which TCP and UDP entered the tunnel.
sources() {
	ask tunnel peek
	awk '$2 == "tcp" || $2 == "udp" { print $3 }' "$TMP/tunnel" | sort -u | paste -s -d ' '
}

# through PROTOCOL ADDRESS PORT: how many packets went there by the tunnel.
through() {
	ask tunnel peek
	grep -c "^tunnel $1 $TUNNEL4 [0-9]* > $2 $3," "$TMP/tunnel"
}

# The swarm saw the VPN's address, and no other.
the_vpn_alone() {
	local saw

	ask swarm peek
	saw=$(swarm_saw "$RUN")
	has "$saw" $VPN_EXIT4 && only "$saw" $VPN_EXIT4 $VPN_EXIT6
}

# none_in_clear NAME: nor what the kernel says by itself in the tunnel's name.
none_in_clear() {
	ask line peek
	is "$1: 0 packets in clear on the home line" "$(in_clear "$RUN")" ""
}
