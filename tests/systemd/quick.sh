# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The tunnel as wg-quick(8) makes it, with the routes of its own for AllowedIPs = 0.0.0.0/0, ::/0: a rule
# for all that WireGuard has not marked. Where the kernel has no WireGuard, it takes wireguard-go.
#
# Owns: its files in the machine, and the lab in which there is nothing yet but they. Behind unit.sh.

QUICK=wg-quick@wgft0.service

quick_conf() {
	sed "s,^\[Peer\],Address = $TUN4/32\, $TUN6/128\n[Peer]," "$TMP/wgft0.wg" |
		put wireguard/wgft0.conf
	inside chmod 600 /etc/wireguard/wgft0.conf
	printf '[Unit]\nStartLimitIntervalSec=0\n' | put "systemd/system/$QUICK.d/often.conf"
}

# That wg-quick cannot read.
quick_conf_broken() {
	inside sed -i 's,^PrivateKey = .*,PrivateKey = rubbish,' /etc/wireguard/wgft0.conf
}

# The lab, where there is no tunnel yet, and the unit that sends, without a drop-in yet.
quick_lab() {
	lab_up
	tunnel_delete
	machine_on
	watch
	far_on
	quick_conf
	fence_of a wgft0
	member_unit member $WORLD4 $WORLD6 $PAST4 $PAST6
	sd daemon-reload
}
