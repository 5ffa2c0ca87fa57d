# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# WGF_MACHINE=itself: the machine of these tests is the one that they run on, a virtual machine that is
# thrown away afterwards (tests/vm). Process 1 is its systemd, and the lab's host its root network
# namespace.
#
# Owns: that a suite leaves it as it was, for the next one. Whatever is in /etc is a copy meanwhile.

make_namespace() {
	if [[ $1 == "$HOST" ]]; then
		ip netns attach "$1" 1
	else
		ip netns add "$1"
	fi
}

remove_namespace() {
	if [[ $1 == "$HOST" ]]; then
		empty_host
	else
		ip netns pids "$1" | kill_those KILL
	fi
	ip netns del "$1"
}

# Routes go with their links.
empty_host() {
	local link family

	for link in $(ip -o link show | awk -F '[ :@]+' '$2 != "lo" { print $2 }'); do
		ip link del "$link"
	done
	for family in -4 -6; do
		ip $family rule flush
		ip $family rule add pref 32766 lookup main
	done
	nft flush ruleset
}

machine_on() {
	mkdir -p /opt
	cp "${FOR_OPT[@]}" /opt/
	cp -a /etc "$TMP/etc"
	mount --bind "$TMP/etc" /etc || bail "cannot lay a copy over /etc"
	until_true booted || bail "systemd is not up: $STATE"
	units >"$TMP/units"
	SINCE=$EPOCHREALTIME
	MACHINE=itself
}

booted() {
	STATE=$(systemctl is-system-running 2>&1)
	[[ $STATE == running || $STATE == degraded ]]
}

units() {
	systemctl list-units --all --no-legend --plain --state=active,activating,deactivating,reloading \
		--type=service,slice,scope,socket,timer,path,target | awk '{ print $1 }' | sort
}

machine_off() {
	local new

	[[ -n $MACHINE ]] || return 0
	MACHINE=
	mapfile -t new < <(units | comm -13 "$TMP/units" -)
	((${#new[@]})) && sd stop "${new[@]}"
	drop_fences
	umount -l /etc
	rm -rf /run/systemd/{system,system.control}/* /run/*.starts /run/wgfence
	sd daemon-reload
	sd reset-failed
}

drop_fences() {
	local pins

	for pins in /sys/fs/bpf/wgfence/*/; do
		[[ -d $pins ]] || continue
		wgfence detach --force "$(basename "$pins")" >>"$LOG" 2>&1
		rm -rf "$pins"
	done
	rmdir /sys/fs/bpf/wgfence 2>/dev/null
}

inside() {
	"$@"
}

journal() {
	journalctl --output cat --no-pager --since "@$SINCE" --unit "$@"
}
