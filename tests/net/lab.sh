# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The lab: three network namespaces and a cgroup.
#
#   host   the machine with the fence: home0 to the router, lan0 to the LAN, wgft0 the tunnel
#   net    the router, the internet behind it and the VPN's other end, all in one, so that a
#          destination is reached by the home line as well as through the tunnel
#   lan    a computer in the LAN
#
# Owns: making and removing them. The tunnel is WireGuard (wireguard-go), so its packets are real.
# The routes are the case that a kill switch is for: the tunnel is the default, and when it is away
# the home line takes over. PAST lies by the home line in any case.

HOST=$ID-host NET=$ID-net LAN=$ID-lan

HOME4=10.77.1.2 HOME6=fd77:1::2        # the host on the home line
ROUTER4=10.77.1.1 ROUTER6=fd77:1::1    # the router
HOSTLAN4=192.168.77.2 HOSTLAN6=fd77:2::2
LAN4=192.168.77.9 LAN6=fd77:2::9       # the computer in the LAN
TUN4=10.128.0.2 TUN6=fd00:128::2       # the tunnel's addresses
VPN4=10.128.0.1 VPN6=fd00:128::1       # its other end
WORLD4=203.0.113.7 WORLD6=2001:db8:7::7 # in the internet, through the tunnel
PAST4=198.51.100.7 PAST6=2001:db8:8::7  # in the internet, by the home line
# The same ways, and near in the LAN, but nobody is there who could answer with a reset or ICMP.
WORLD_VOID4=203.0.113.99 WORLD_VOID6=2001:db8:7::99
PAST_VOID4=198.51.100.99 PAST_VOID6=2001:db8:8::99
LAN_VOID4=192.168.77.99 LAN_VOID6=fd77:2::99

OURS=$HOME4:51821 # the tunnel's outer packets; no test uses this port

in_host() { nsenter --net="/run/netns/$HOST" "$@"; }
in_net() { nsenter --net="/run/netns/$NET" "$@"; }
in_lan() { nsenter --net="/run/netns/$LAN" "$@"; }

CGROUP2=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
CGROUP=/wgf-net-$$
CGROUP_DIR=$CGROUP2$CGROUP

# member COMMAND...: in the host's namespace, inside the cgroup.
member() {
	# shellcheck disable=SC2016
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$CGROUP_DIR" \
		nsenter --net="/run/netns/$HOST" "$@"
}

make_namespace() {
	ip netns add "$1"
}

quiet_namespace() {
	make_namespace "$1"
	nsenter --net="/run/netns/$1" sh -c '
		set -e
		for i in all default; do
			echo 0 >/proc/sys/net/ipv4/conf/$i/rp_filter
			echo 0 >/proc/sys/net/ipv6/conf/$i/accept_ra
			echo 0 >/proc/sys/net/ipv6/conf/$i/accept_dad
			echo 0 >/proc/sys/net/ipv6/conf/$i/dad_transmits
			echo 0 >/proc/sys/net/ipv6/conf/$i/router_solicitations
		done
		echo "0 2147483647" >/proc/sys/net/ipv4/ping_group_range
		ip link set lo up'
}

# cable A NAME B NAME: a veth pair, with each other's link address known beforehand: a packet then
# leaves within the call that sends it, and not when a neighbour has answered.
cable() {
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
}

mac() {
	ip -n "$1" -o link show "$2" | sed 's/.*ether \([0-9a-f:]*\).*/\1/'
}

# knows NETNS INTERFACE MAC ADDRESS...
knows() {
	local ns=$1 dev=$2 mac=$3 a
	shift 3
	for a; do
		ip -n "$ns" neigh add "$a" lladdr "$mac" dev "$dev" nud permanent
	done
}

addresses() {
	local ns=$1 dev=$2 a
	shift 2
	for a; do
		ip -n "$ns" addr add "$a" dev "$dev"
	done
}

make_cables() {
	cable "$HOST" home0 "$NET" host0
	cable "$HOST" lan0 "$LAN" eth0
	addresses "$HOST" home0 $HOME4/24 $HOME6/64
	addresses "$HOST" lan0 $HOSTLAN4/24 $HOSTLAN6/64
	addresses "$NET" host0 $ROUTER4/24 $ROUTER6/64
	addresses "$NET" lo $WORLD4/32 $WORLD6/128 $PAST4/32 $PAST6/128
	addresses "$LAN" eth0 $LAN4/24 $LAN6/64
	knows "$HOST" home0 "$(mac "$NET" host0)" $ROUTER4 $ROUTER6
	knows "$HOST" lan0 "$(mac "$LAN" eth0)" $LAN4 $LAN6 $LAN_VOID4 $LAN_VOID6
	knows "$NET" host0 "$(mac "$HOST" home0)" $HOME4 $HOME6
	knows "$LAN" eth0 "$(mac "$HOST" lan0)" $HOSTLAN4 $HOSTLAN6
}

make_keys() {
	local a b

	a=$(wg genkey)
	b=$(wg genkey)
	cat >"$TMP/wgft0.wg" <<-EOF
		[Interface]
		PrivateKey = $a
		ListenPort = ${OURS#*:}
		[Peer]
		PublicKey = $(wg pubkey <<<"$b")
		Endpoint = $ROUTER4:51820
		AllowedIPs = 0.0.0.0/0, ::/0
	EOF
	cat >"$TMP/vpn0.wg" <<-EOF
		[Interface]
		PrivateKey = $b
		ListenPort = 51820
		[Peer]
		PublicKey = $(wg pubkey <<<"$a")
		Endpoint = $OURS
		AllowedIPs = 0.0.0.0/0, ::/0
	EOF
}

# wireguard NETNS INTERFACE: a new one. wireguard-go is controlled by a socket in /run/wireguard,
# whose name is the interface's: a mount namespace keeps those of several labs apart.
wireguard() {
	local REPLY FROM

	# shellcheck disable=SC2016
	from "$2-$BASHPID" exec nsenter --net="/run/netns/$1" unshare --mount bash -c '
		mkdir -p /run/wireguard
		mount -t tmpfs tmpfs /run/wireguard
		wireguard-go -f "$0" >/dev/null 2>&1 &
		for ((i = 0; i < 500; i++)); do
			wg setconf "$0" "$1" 2>/dev/null && break
			sleep 0.01
		done
		wg show "$0" >/dev/null 2>&1 && echo ready
		exec >/dev/null
		wait' "$2" "$TMP/$2.wg"
	read -r -t "$DEADLINE" -u "$FROM" || bail "wireguard-go does not start"
	exec {FROM}<&-
}

# The tunnel, with its addresses (others than its usual ones where given), and its routes.
tunnel_make() {
	wireguard "$HOST" wgft0
	tunnel_address "${1:-$TUN4}" "${2:-$TUN6}"
	ip -n "$HOST" link set wgft0 up
	tunnel_route
}

tunnel_address() {
	ip -n "$HOST" addr flush dev wgft0
	addresses "$HOST" wgft0 "$1/32" "$2/128"
}

tunnel_route() {
	ip -n "$HOST" route replace default dev wgft0 metric 10
	ip -n "$HOST" -6 route replace default dev wgft0 metric 10
}

# Up again after it was down: the kernel has taken its IPv6 address and its routes away.
tunnel_return() {
	ip -n "$HOST" link set wgft0 up
	tunnel_address $TUN4 $TUN6
	tunnel_route
}

tunnel_delete() {
	ip -n "$HOST" link del wgft0
}

home_routes() {
	ip -n "$HOST" route add default via $ROUTER4 dev home0 metric 100
	ip -n "$HOST" -6 route add default via $ROUTER6 dev home0 metric 100
	ip -n "$HOST" route add ${PAST4%.*}.0/24 via $ROUTER4 dev home0
	ip -n "$HOST" -6 route add ${PAST6%::*}::/64 via $ROUTER6 dev home0
}

vpn_end() {
	wireguard "$NET" vpn0
	addresses "$NET" vpn0 $VPN4/32 $VPN6/128
	ip -n "$NET" link set vpn0 up
	ip -n "$NET" route add ${TUN4%.*}.0/24 dev vpn0
	ip -n "$NET" -6 route add ${TUN6%::*}::/64 dev vpn0
	ip -n "$NET" -6 route add blackhole $WORLD_VOID6
	ip -n "$NET" -6 route add blackhole $PAST_VOID6
}

lab_up() {
	[[ $EUID -eq 0 ]] || bail "the network tests need root"
	[[ -n $CGROUP2 ]] || bail "no cgroup2 is mounted"
	mkdir "$CGROUP_DIR" || bail "cannot make $CGROUP_DIR"
	{
		quiet_namespace "$HOST" && quiet_namespace "$NET" && quiet_namespace "$LAN" &&
			make_cables && home_routes && make_keys
	} 2>>"$LOG" || bail "cannot make the lab"
	vpn_end
	tunnel_make
}

# Nobody is connected any more on the host: no segment of a connection is on its way. State 6 is
# TIME_WAIT, A is LISTEN.
no_connections() {
	in_host cat /proc/self/net/tcp /proc/self/net/tcp6 |
		awk '$4 ~ /^0[^6A]$/ { left = 1 } END { exit left }'
}

# An echo by TCP, as talk's commands: echo FAMILY TO PORT [FROM PORT]
echo_by_tcp() {
	printf 'socket %s stream; ' "$1"
	[[ $# -gt 3 ]] && printf 'bind %s %s; ' "$4" "$5"
	printf 'connect %s %s; finish; send 1 8; recv 1; set linger 0' "$2" "$3"
}

# --- sniffing ----------------------------------------------------------------------------------

# sniff_on: every interface of the host, the tunnel apart, and the far ends.
sniff_on() {
	local taps=("lo=$HOST:lo:out" "home=$HOST:home0:out" "lan=$HOST:lan0:out")

	ip -n "$HOST" link show wgft0 >/dev/null 2>&1 && taps+=("tunnel=$HOST:wgft0:out")
	taps+=("home.far=$NET:host0:in" "lan.far=$LAN:eth0:in" "tunnel.far=$NET:vpn0:in")
	actor sniff "$TOOLS/sniff" "$TMP/sniffed" "${taps[@]}" "ours=$OURS"
	ready sniff || bail "the sniffer does not start"
}

sniff_off() {
	ask sniff lost
	[[ $ANSWER == 0 ]] || bail "the sniffer lost $ANSWER packets"
	dismiss sniff
}

# --- the end -----------------------------------------------------------------------------------

# kill_those SIGNAL: the processes that standard input names; 0 is one that cannot be seen from here.
# By the shell itself: a program `kill` is not on every machine (Debian's procps).
kill_those() {
	local pids

	mapfile -t pids < <(grep -vx 0)
	[[ ${#pids[@]} -eq 0 ]] || kill "-$1" "${pids[@]}"
}

kill_cgroup() {
	local dir

	[[ -d $CGROUP_DIR ]] || return 0
	find "$CGROUP_DIR" -depth -type d | while read -r dir; do
		kill_those KILL <"$dir/cgroup.procs"
		until_true rmdir "$dir"
	done
}

remove_namespace() {
	ip netns pids "$1" | kill_those KILL
	ip netns del "$1"
}

lab_down() {
	local ns

	for pid in "${ACTOR_PID[@]}"; do
		kill "$pid"
	done
	kill_cgroup
	fence_down
	for ns in "$HOST" "$NET" "$LAN"; do
		[[ -e /run/netns/$ns ]] || continue
		remove_namespace "$ns"
	done
	wait
}
