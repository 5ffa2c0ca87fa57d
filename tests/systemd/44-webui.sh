#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The WebUI of a unit that sends without pause answers whoever is named: the LAN, Tailscale, a container
# behind its bridge, localhost, each in both families; and never the internet nor the tunnel. Through
# restarts of the daemon and the unit, and with the tunnel down.
#
# Owns: what stands for Tailscale and for a bridge of containers; their other ends are in the LAN's namespace.

. "${0%/*}/lib.sh"
. "${0%/*}/unit.sh"

UI=8080
TAIL4=100.64.0.1 TAIL6=fd7a:115c:a1e0::1   # the host in the tailnet
PEER4=100.64.0.9 PEER6=fd7a:115c:a1e0::9   # another computer there
BRIDGE4=172.17.0.1 BRIDGE6=fd17::1         # the host on the bridge
INNER4=172.17.0.2 INNER6=fd17::2           # a container
DAEMON=$(daemon_of a)

# A visit, as the sniffer has it: what is sent to who is named, from the WebUI's port, and on lo the visitor's
# own packets.
NAMED="$LAN4|$LAN6|$ROUTER4|$ROUTER6|$PEER4|$PEER6|$INNER4|$INNER6"
OTHERS+="|^[a-z]+ tcp [^ ]+ $UI > ($NAMED) "
OTHERS+="|^lo tcp [^ ]+ ($UI > [^ ]+ [0-9]+|[0-9]+ > [^ ]+ $UI),"
# shellcheck disable=SC2034 # unit.sh reads it
PAST_LABELS='lo|home|lan|tail|bridge'

# Tailscale gives its interface an address alone, and the network is a route.
make_tailscale() {
	cable "$HOST" tailscale0 "$LAN" tail0
	addresses "$HOST" tailscale0 $TAIL4/32 $TAIL6/128
	ip -n "$HOST" route add 100.64.0.0/10 dev tailscale0
	ip -n "$HOST" -6 route add fd7a:115c:a1e0::/48 dev tailscale0
	addresses "$LAN" tail0 $PEER4/10 $PEER6/48
}

make_bridge() {
	ip -n "$HOST" link add docker0 type bridge
	ip -n "$HOST" link set docker0 up
	cable "$HOST" port0 "$LAN" inner0
	ip -n "$HOST" link set port0 master docker0
	addresses "$HOST" docker0 $BRIDGE4/16 $BRIDGE6/64
	addresses "$LAN" inner0 $INNER4/16 $INNER6/64
}

# The unit is a WebUI, too.
webui_unit() {
	put systemd/system/member.service.d/webui.conf <<-UNIT
		[Service]
		ExecStart=
		ExecStart=/bin/sh -c '/opt/serve [::]:$UI >/dev/null & \\
			exec /opt/member /run/member.starts $WORLD4 $WORLD6 $PAST4 $PAST6'
	UNIT
}

# --- visits --------------------------------------------------------------------------------------

# visit WHO FAMILY TO [FROM]: the last that comes of it is in ANSWER.
visit() {
	ANSWER=$("$1" "$TOOLS/talk" "$(echo_by_tcp "$2" "$3" $UI ${4:+"$4" 0})" | grep -v ' ok$' |
		tail -n 1)
}

visited() {
	visit "$@"
	[[ $ANSWER == 'recv ok=1' ]]
}

# One line a visitor: who it is, whose program, the family, where to, where from.
visitors() {
	cat <<-LIST
		LAN in_lan 4 $HOSTLAN4
		LAN in_lan 6 $HOSTLAN6
		home in_net 4 $HOME4 $ROUTER4
		home in_net 6 $HOME6 $ROUTER6
		Tailscale in_lan 4 $TAIL4
		Tailscale in_lan 6 $TAIL6
		container in_lan 4 $BRIDGE4
		container in_lan 6 $BRIDGE6
		localhost in_host 4 127.0.0.1
		localhost in_host 6 ::1
		host-by-its-LAN-address in_host 4 $HOSTLAN4
		host-by-its-LAN-address in_host 6 $HOSTLAN6
	LIST
}

# Who gets no answer, and the reason that counts it.
strangers() {
	cat <<-LIST
		webui_network in_net 4 $HOME4 $PAST4
		webui_network in_net 6 $HOME6 $PAST6
	LIST
	[[ $1 == without ]] || cat <<-LIST
		webui_tunnel in_net 4 $TUN4
		webui_tunnel in_net 6 $TUN6
		webui_tunnel in_net 4 $TUN4 $WORLD4
		webui_tunnel in_net 6 $TUN6 $WORLD6
	LIST
}

# of_stranger REASON FAMILY: how many of its packets were dropped.
of_stranger() {
	counters | awk -v reason="$1" -v family="ipv$2" \
		'$1 == "dropped" && $2 == "ingress" && $3 == family && $4 == reason { print $5 }'
}

more_of_stranger() {
	[[ $(of_stranger "$1" "$2") -gt $3 ]]
}

# knocks REASON WHO FAMILY TO [FROM]: and is not answered.
knocks() {
	local reason=$1 who=$2 family=$3 to=$4 from=${5:-} before

	before=$(of_stranger "$reason" "$family")
	"$who" "$TOOLS/talk" "socket $family stream; ${from:+bind $from 0; }connect $to $UI; close" \
		>/dev/null
	until_true more_of_stranger "$reason" "$family" "${before:-0}"
}

# What the WebUI has sent to nobody who is named, up to now.
answered_strangers() {
	ask sniff peek
	grep -E "^(tunnel|home|lan|tail|bridge) tcp [^ ]+ $UI > " "$TMP/sniffed" | grep -cvE "$OTHERS"
}

# open_to_named NAME [without]: all of that, once; `without` a tunnel.
open_to_named() {
	local name=$1 line unanswered='' unheard=''

	while read -r line; do
		# shellcheck disable=SC2086 # words
		visited ${line#* } || unanswered+="$line: $ANSWER; "
	done < <(visitors)
	is "$name: the WebUI answers all who are named" "$unanswered" ""
	while read -r line; do
		# shellcheck disable=SC2086
		knocks $line || unheard+="$line; "
	done < <(strangers "${2:-with}")
	is "$name: internet${2:+ (no tunnel)} and tunnel are dropped, and counted" "$unheard" ""
	is "$name: and not answered" "$(answered_strangers)" 0
	if [[ ${2:-} ]]; then
		drained "$name"
		none_out "$name"
	else
		none_past "$name"
	fi
}

# --- through it all ------------------------------------------------------------------------------

# Without a fence all are answered, strangers too.
test_control() {
	local line unanswered=''

	sd start member
	until_true visited in_lan 4 $HOSTLAN4
	while read -r line; do
		# shellcheck disable=SC2086
		visited ${line#* } || unanswered+="$line: $ANSWER; "
	done < <(strangers with)
	is "without the drop-in internet and tunnel are answered" "$unanswered" ""
	sd stop member
	settle
	sniff_off
	watch "${TAPS[@]}"
}

# The server is there some time after the unit has started.
started_with_webui() {
	started "$@"
	until_true visited in_lan 4 $HOSTLAN4
}

another() {
	[[ $(show "$DAEMON" MainPID) != "$1" ]] && is_in active "$DAEMON"
}

test_daemon() {
	local pid

	sd restart "$DAEMON"
	open_to_named "the daemon is restarted"
	pid=$(show "$DAEMON" MainPID)
	inside kill -KILL "$pid"
	open_to_named "the daemon is killed"
	until_true another "$pid"
	sd stop "$DAEMON"
	open_to_named "the daemon is stopped"
	sd start "$DAEMON"
}

absent() {
	[[ $(fence status) == *"wgft0 (not there"* ]]
}

present() {
	[[ $(fence status) == *" $TUN6 on wgft0"* ]]
}

test_tunnel() {
	tunnel_delete
	until_true absent
	open_to_named "the tunnel is down" without
	tunnel_make
	until_true present
	open_to_named "the tunnel is up again"
}

test_unit() {
	started_with_webui "the unit is restarted" sd restart member
	open_to_named "the unit is restarted"
	sd stop "$(slice_of a)"
	started_with_webui "the slice is made anew" sd start member
	open_to_named "the slice is made anew"
}

lab_up
make_tailscale
make_bridge
TAPS=("tail=$HOST:tailscale0:out" "bridge=$HOST:docker0:out")
machine_on
watch "${TAPS[@]}"
far_on
fence_of a wgft0 '[webui]' "port = $UI" 'allow = localhost lan tailscale0 docker0'
member_unit member $WORLD4 $WORLD6 $PAST4 $PAST6
webui_unit
sd daemon-reload
test_control
dropin member a
sd daemon-reload
started_with_webui "with the drop-in" sd start member
past
open_to_named "in the beginning"
test_daemon
test_tunnel
test_unit
sniff_off
plan
