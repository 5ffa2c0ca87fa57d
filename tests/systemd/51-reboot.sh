#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Acceptance 12: the real client over a reboot in the middle of a download, and over a power cut: fence,
# tunnel and client come back by themselves.

. "${0%/*}/client.sh"

RATE_KIB=512 # of the seeder, a second: the download has to last

# What the power takes with it, and a network namespace alone does not.
power_cut() {
	machine_off
	ip -n "$HOST" link del wg0 2>/dev/null
	in_host nft flush ruleset
	for family in -4 -6; do
		ip -n "$HOST" $family rule flush
		ip -n "$HOST" $family rule add pref 32766 lookup main
		ip -n "$HOST" $family route flush table 51820
	done
}

# back HOW: nothing is done but to wait.
back() {
	local how=$1 init=$2

	machine_on
	is "acceptance 12: $how: it has booted anew" "$((INIT != init))" 1
	tailscale_up
	until_true client_answers
	is "acceptance 12: $how: the client is back, and its WebUI answers the LAN" \
		"$? $(show $CLIENT ActiveState)" "0 active"
	is "acceptance 12: $how: the fence stands" \
		"$(inside wgfence status $FENCE | head -n 1)" "fence       $FENCE: enforced"
	until_true shaken
	is "acceptance 12: $how: the tunnel is up again" "$? $(show wg-quick@wg0 ActiveState)" "0 active"
	until_true working first
	is "acceptance 12: $how: the client has reconnected to its tracker" "$?" 0
}

shaken() {
	sleep 0.1
	[[ $(inside wg show wg0 latest-handshakes 2>/dev/null | cut -f 2) -gt 0 ]]
}

begin_download() {
	with_name "$1"
	webui torrents/add -F "torrents=@$REPLY" >/dev/null
	until_true begun "$1" || bail "the download does not begin"
}

# The client may wait for a minute until it tries a peer again.
completes() {
	local DEADLINE=100

	until_true whole "$2"
	is "acceptance 12: $1: the download completes, with the right checksum" "$?" 0
	none_in_clear "acceptance 12: $1"
}

test_shut_down() {
	local init=$INIT

	tailscale_down
	machine_down
	none_in_clear "acceptance 12: shut down"
	back "a reboot" "$init"
	completes "a reboot" first
}

# Another torrent: the seeder did not see the first one's connection end, and would let nobody in from the
# same port for a minute.
test_power_cut() {
	local init=$INIT

	power_cut
	back "a power cut" "$init"
	begin_download second
	completes "a power cut" second
}

home_up first second
swarm_up Both first second
watched reboot
sd enable --now wg-quick@wg0.service || bail "$(journal wg-quick@wg0)"
tailscale_up
sd enable $CLIENT
fence_by_init
until_true client_answers || bail "the client's WebUI does not answer the LAN"
begin_download first
# From now on the tunnel takes its time. A client that was there before it would never notice it.
inside sed -i 's/^\[Interface\]/&\nPreUp = sleep 3/' /etc/wireguard/wg0.conf
test_shut_down
test_power_cut
is "acceptance 12: nothing went by the other interfaces" "$(at_others reboot)" ""
is "acceptance 12: tracker and peer saw the VPN's address, and no other" \
	"$(yes_or_no the_vpn_alone)" yes
sniffers_off
home_down
plan
