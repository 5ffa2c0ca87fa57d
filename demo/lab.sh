# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The demo's lab: a home, a VPN and an internet, each machine a network namespace.
#
#   host   the machine with the fence: eth0 at the home's LAN, wg0 the tunnel
#   pc     another computer in the LAN
#   router the home's router, which hides the LAN behind the home's address
#   vpn    the tunnel's other end, which hides what comes out of it behind the VPN's address
#   net    the internet: nothing but a switch; tracker and seeder hang on it, too
#
# Owns: making and removing them. What every lab needs (namespaces, cables, WireGuard, processes that
# are found again) is the tests', in tests/net/lab.sh. The host's routes are the case that a kill switch
# is for: the tunnel is the default, and where it is away the home line takes over. The VPN's server is
# also where the tunnel comes out, so a client that hears its own address from the tracker and tries it
# goes past the tunnel even while that is there: the way to the server is the home line.

MACHINES="host pc router vpn net tracker seeder"

LAN_HOST4=192.168.1.2 LAN_HOST6=2001:db8:1::2
LAN_ROUTER4=192.168.1.1 LAN_ROUTER6=2001:db8:1::1
LAN_PC4=192.168.1.9 LAN_PC6=2001:db8:1::9
HOME_LINE4=198.51.100.23 HOME_LINE6=2001:db8:23::1 # the home, as the internet sees it
VPN_EXIT4=203.0.113.77 VPN_EXIT6=2001:db8:77::1    # the VPN, as the internet sees it
TRACKER4=192.0.2.80 TRACKER6=2001:db8:80::1
SEEDER4=192.0.2.51 SEEDER6=2001:db8:51::1
NOBODY4=192.0.2.99
TUNNEL4=10.128.0.2 TUNNEL6=fd00:128::2
FAR_END4=10.128.0.1 FAR_END6=fd00:128::1
OUTER=$LAN_HOST4:51821 # the tunnel's own packets on the home line

at() {
	local machine=$1

	shift
	nsenter --net="/run/netns/$ID-$machine" "$@"
}

# Before a command: it asks the home's router for names, and nothing of the real machine: neither its
# resolver nor a helper behind a unix socket.
# shellcheck disable=SC2016
OWN_NAMES=(unshare --mount sh -c '
	for f in resolv.conf nsswitch.conf; do
		[ ! -e "/etc/$f" ] || mount --bind "$0/$f" "/etc/$f" || exit
	done
	exec "$@"' "$TMP")

# in_fence COMMAND...: on the host, as a member of the fenced cgroup.
in_fence() {
	# shellcheck disable=SC2016
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$CGROUP_DIR" \
		nsenter --net="/run/netns/$ID-host" "$@"
}

# hides MACHINE INTERFACE: packets that it forwards there bear its own address.
hides() {
	at "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
	at "$1" nft -f - <<-END
		table inet nat {
			chain post {
				type nat hook postrouting priority srcnat
				oifname $2 masquerade
			}
		}
	END
}

# plug SWITCH MACHINE INTERFACE: a cable to a switch, which is a bridge named br0.
plug() {
	cable "$ID-$1" "$2" "$ID-$2" "$3"
	ip -n "$ID-$1" link set "$2" master br0
}

# lives MACHINE IPV4 IPV6: in the internet, where everybody else is a neighbour.
lives() {
	plug net "$1" eth0
	addresses "$ID-$1" eth0 "$2/32" "$3/128"
	ip -n "$ID-$1" route add default dev eth0
	ip -n "$ID-$1" -6 route add default dev eth0
}

make_internet() {
	ip -n "$ID-net" link add br0 type bridge
	ip -n "$ID-net" link set br0 up
	lives router $HOME_LINE4 $HOME_LINE6
	lives vpn $VPN_EXIT4 $VPN_EXIT6
	lives tracker $TRACKER4 $TRACKER6
	lives seeder $SEEDER4 $SEEDER6
	hides router eth0
	hides vpn eth0
}

make_home() {
	ip -n "$ID-router" link add br0 type bridge
	ip -n "$ID-router" link set br0 up
	plug router host eth0
	plug router pc eth0
	addresses "$ID-router" br0 $LAN_ROUTER4/24 $LAN_ROUTER6/64
	addresses "$ID-host" eth0 $LAN_HOST4/24 $LAN_HOST6/64
	addresses "$ID-pc" eth0 $LAN_PC4/24 $LAN_PC6/64
	ip -n "$ID-host" route add default via $LAN_ROUTER4 metric 100
	ip -n "$ID-host" -6 route add default via $LAN_ROUTER6 metric 100
}

write_files() {
	local a b

	a=$(wg genkey)
	b=$(wg genkey)
	printf '[Interface]\nPrivateKey = %s\nListenPort = %s\n[Peer]\nPublicKey = %s\n' \
		"$a" "${OUTER#*:}" "$(wg pubkey <<<"$b")" >"$TMP/wg0.wg"
	printf 'Endpoint = %s:51820\nAllowedIPs = 0.0.0.0/0, ::/0\nPersistentKeepalive = 25\n' $VPN_EXIT4 >>"$TMP/wg0.wg"
	printf '[Interface]\nPrivateKey = %s\nListenPort = 51820\n[Peer]\nPublicKey = %s\n' \
		"$b" "$(wg pubkey <<<"$a")" >"$TMP/wg1.wg"
	printf 'AllowedIPs = %s/32, %s/128\n' $TUNNEL4 $TUNNEL6 >>"$TMP/wg1.wg"
	printf 'nameserver %s\noptions timeout:1 attempts:1\n' $LAN_ROUTER4 >"$TMP/resolv.conf"
	printf 'hosts: files dns\n' >"$TMP/nsswitch.conf"
}

# Its own packets take the home line; all else takes the tunnel while it is there.
tunnel_up() {
	wireguard "$ID-host" wg0
	ip -n "$ID-host" link set wg0 up
	addresses "$ID-host" wg0 $TUNNEL4/32 $TUNNEL6/128
	ip -n "$ID-host" route replace $VPN_EXIT4 via $LAN_ROUTER4
	ip -n "$ID-host" route replace default dev wg0 metric 10
	ip -n "$ID-host" -6 route replace default dev wg0 metric 10
}

# As when its service is stopped or dies: interface, address and routes are gone.
tunnel_away() {
	ip -n "$ID-host" link del wg0
}

far_end_up() {
	wireguard "$ID-vpn" wg1
	addresses "$ID-vpn" wg1 $FAR_END4/24 $FAR_END6/64
	ip -n "$ID-vpn" link set wg1 up
}

# All but the host's own end of the tunnel.
make_lab() {
	local machine

	mkdir "$CGROUP_DIR" || bail "cannot make $CGROUP_DIR"
	{
		for machine in $MACHINES; do
			quiet_namespace "$ID-$machine" || break
		done && make_internet && make_home && write_files
	} 2>>"$LOG" || bail "cannot make the lab"
	far_end_up
}

lab_up() {
	make_lab
	tunnel_up
}

# Instead of the one of tests/net/lab.sh, which knows of its own namespaces.
lab_down() {
	local machine

	kill "${ACTOR_PID[@]}"
	kill_cgroup
	fence_down
	for machine in $MACHINES; do
		[[ -e /run/netns/$ID-$machine ]] || continue
		remove_namespace "$ID-$machine"
	done
	wait
}
