#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# `wgfence init` on a machine: it shows, writes three files and no more, is asked again, meets edits, takes
# all away; a template's instance, units with ties of their own, and a read-only /etc/systemd.

. "${0%/*}/client.sh"

TEMPLATE=qbittorrent-nox@qbittorrent-nox.service
CONF_OF=wgfence/$FENCE.conf
DROPIN_OF=systemd/system/$CLIENT.d/wgfence.conf
SLICE_OF=systemd/system/$(slice_of $FENCE).d/wgfence.conf
NIXOS='As a NixOS module:.*systemd.services."qbittorrent-nox".serviceConfig = \{.*Slice = "wgfence-'

# init_says ARGUMENT...: init's exit code in STATUS, what it said in SAID, in one line.
init_says() {
	SAID=$(inside wgfence init "$@" 2>&1)
	STATUS=$?
	SAID=${SAID//$'\n'/ }
}

# files: of /etc, with their contents' sums and times.
files() {
	inside find /etc -xdev -type f ! -name resolv.conf\* -printf '%P %T@ ' -exec sha256sum {} \; |
		awk '{ print $1, $2, $3 }' | sort
}

# changed: the files that are others, or gone, since BEFORE; in one line.
changed() {
	diff <(printf '%s\n' "$BEFORE") <(files) | awk '/^[<>]/ { print $2 }' | sort -u | paste -s -d ' '
}

three() {
	printf '%s\n' "$CONF_OF" "$DROPIN_OF" "$SLICE_OF" | sort | paste -s -d ' '
}

test_refusals() {
	init_says absent.service
	is "no such unit: misuse" "$STATUS" 2
	like "no such unit: it is said" "$SAID" 'absent.service'
	init_says $CLIENT
	is "no tunnel: misuse" "$STATUS" 2
	like "no tunnel: it is said which one could be" "$SAID" \
		'no WireGuard interface now \(/etc/wireguard has wg0\)'
	is "nothing is written" "$(changed)" ""
}

test_shows() {
	init_says $CLIENT
	is "asked: fine" "$STATUS" 0
	like "asked: it shows and says that nothing is written" "$SAID" \
		"/etc/$CONF_OF: new .*Slice=wgfence-.*Nothing is written: --yes writes it"
	is "asked: nothing is written" "$(changed)" ""
}

# The client runs meanwhile: systemd would read the files of a unit that does not, whenever it is asked.
test_writes() {
	local pid

	sd start $CLIENT
	pid=$(show $CLIENT MainPID)
	init_says $CLIENT --yes
	is "--yes: fine" "$STATUS" 0
	like "--yes: it says what comes next" "$SAID" "Now:  systemctl enable --now 'wgfence@"
	is "--yes: three files are written, and no more" "$(changed)" "$(three)"
	is "--yes: systemd has read them" "$(show $CLIENT Slice) $(show $CLIENT NeedDaemonReload)" \
		"$(slice_of $FENCE) no"
	is "--yes: nothing is started anew" \
		"$(show $CLIENT MainPID) $(show "$(daemon_of $FENCE)" ActiveState)" "$pid inactive"
	is "--yes: systemd finds nothing wrong with the unit" \
		"$(inside systemd-analyze verify --man=no $CLIENT 2>&1)" ""
	BEFORE=$(files)
	init_says $CLIENT --yes
	is "again: fine, and nothing is changed" "$STATUS $(changed)" "0 "
	like "again: it says so" "$SAID" 'All of it is there: nothing has to change'
}

# A right configuration that was edited is its user's; an edited drop-in may have lost what holds the unit.
test_edited() {
	edited "$CONF_OF" "0 " "- # mine.*All of it is there: nothing has to change"
	edited "$DROPIN_OF" "2 " "- # mine.*/etc/$DROPIN_OF was edited since init wrote it: .*--force"
}

# edited FILE WANTED PATTERN: what becomes of it, and what is said.
edited() {
	local file=$1

	inside sed -i '$ a # mine' "/etc/$file"
	BEFORE=$(files)
	init_says $CLIENT --yes
	is "$file edited: nothing is changed" "$STATUS $(changed)" "$2"
	like "$file edited: it is said, and shown" "$SAID" "$3"
	init_says $CLIENT --remove --yes
	is "$file edited: nor is it taken away" "$STATUS $(changed)" "2 "
	init_says $CLIENT --yes --force
	is "$file edited, --force: it is replaced" "$STATUS $(changed)" "0 $file"
}

test_removes() {
	BEFORE=$(files)
	init_says $CLIENT --remove
	is "--remove alone: nothing is changed" "$STATUS $(changed)" "0 "
	init_says $CLIENT --remove --yes
	is "--remove --yes: the three are gone, and no more" "$STATUS $(changed)" "0 $(three)"
	is "--remove --yes: systemd knows" "$(show $CLIENT Slice) $(show $CLIENT NeedDaemonReload)" \
		"system.slice no"
	sd stop $CLIENT
	is "--remove --yes: no directory of init's is left" \
		"$(inside sh -c 'ls -d /etc/systemd/system/*.d' 2>/dev/null | grep -c -e wgfence -e "$CLIENT")" 0
	init_says $CLIENT --remove --yes
	like "--remove again: fine" "$STATUS $SAID" '^0 .*nothing of init'
}

# Debian's own unit, whose instance is the user.
test_template() {
	if ! inside systemctl cat "$TEMPLATE" >/dev/null 2>&1; then
		skip "a template's instance" "this system has no qbittorrent-nox@.service"
		return
	fi
	inside sh -c "mkdir -p $PROFILE/.config && cp -r $PROFILE/qBittorrent/config $PROFILE/.config/qBittorrent &&
		chown -R qbittorrent-nox: $PROFILE"
	BEFORE=$(files)
	init_says $TEMPLATE --yes
	is "a template's instance: fine" "$STATUS" 0
	is "a template's instance: three files, of that instance" "$(changed | wc -w) $(changed | grep -o 'system/qb[^ ]*')" \
		"3 system/$TEMPLATE.d/wgfence.conf"
	like "a template's instance: its WebUI is found in its user's profile" "$SAID" \
		"webui +$WEBUI \\($PROFILE/.config/qBittorrent/qBittorrent.conf\\)"
	sd start "$(daemon_of "${TEMPLATE%.service}")"
	sd start $TEMPLATE
	until_true client_answers
	is "a template's instance: it runs, and its WebUI answers the LAN" "$? $(show $TEMPLATE ActiveState)" "0 active"
	is "a template's instance: fenced" "$(inside wgfence status "${TEMPLATE%.service}" | head -n 1)" \
		"fence       ${TEMPLATE%.service}: enforced"
	is "a template's instance: in the slice of its own" "$(show $TEMPLATE ControlGroup)" \
		"/wgfence.slice/$(slice_of "${TEMPLATE%.service}")/$TEMPLATE"
	sd stop $TEMPLATE "$(daemon_of "${TEMPLATE%.service}")"
}

test_ties() {
	put systemd/system/tied.service <<-'UNIT'
		[Unit]
		BindsTo=wg-quick@wg0.service
		[Service]
		User=qbittorrent-nox
		Slice=media.slice
		ExecStart=/usr/bin/sleep infinity
	UNIT
	printf '[Socket]\nListenStream=7777\n' | put systemd/system/tied.socket
	sd daemon-reload
	init_says tied.service
	is "a unit with ties: fine" "$STATUS" 0
	like "a unit with ties: its slice is reported" "$SAID" 'note +Slice=media.slice of the unit gives way'
	like "a unit with ties: its BindsTo= is reported" "$SAID" 'note +BindsTo=wg-quick@wg0.service stops the unit'
	like "a unit with ties: its socket is reported" "$SAID" 'note +tied.socket hands in sockets'
	like "a unit with ties: that it is no qBittorrent is reported" "$SAID" 'note +The unit does not run qBittorrent'
}

test_read_only() {
	inside sh -c 'mount --bind /etc/systemd /etc/systemd && mount -o remount,bind,ro /etc/systemd'
	BEFORE=$(files)
	init_says $CLIENT --yes
	is "/etc/systemd is read-only: not supported, and nothing is written" "$STATUS $(changed)" "4 "
	like "/etc/systemd is read-only: the NixOS module is printed" "$SAID" "$NIXOS"
	inside umount /etc/systemd
	init_says $CLIENT --yes
	is "writable again: it is written" "$STATUS $(changed)" "0 $(three)"
}

home_up
BEFORE=$(files)
test_refusals
sd start wg-quick@wg0.service || bail "$(journal wg-quick@wg0)"
test_shows
test_writes
test_edited
test_removes
test_template
test_ties
test_read_only
home_down
plan
