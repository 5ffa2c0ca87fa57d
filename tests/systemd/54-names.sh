#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Names: a host whose default route is the LAN and whose names are systemd-resolved's, nscd's or the home
# router's. A unit without a fence asks by every one of these ways, and the home line shows each name; the
# same unit, fenced by init, asks the tunnel's resolver alone, with the tunnel there and away, and not one of
# its names is on the home line. Each question has a name of its own, which the sniffers read.

. "${0%/*}/client.sh"

UNIT=asker.service FENCE=asker
ZONE=names.example
HOME_ANSWER=203.0.113.5 TUNNEL_ANSWER=203.0.113.6 # who answers tells who was asked
BUS="busctl call org.freedesktop.resolve1 /org/freedesktop/resolve1 org.freedesktop.resolve1.Manager ResolveHostname isit 0"
ASKED=0 N_ASKED=0 LINES_BEFORE=0

# --- the lab -------------------------------------------------------------------------------------

# names_at MACHINE ADDRESS4 ADDRESS6 ANSWER: a resolver there.
names_at() {
	alone exec nsenter --net="/run/netns/$ID-$1" dnsmasq --keep-in-foreground --conf-file=/dev/null \
		--no-resolv --no-hosts --user=root --pid-file= --bind-interfaces \
		--listen-address="$2" --listen-address="$3" --address="/$ZONE/$4" \
		--log-queries --log-facility="$TMP/names-$1" 2>>"$LOG" &
	ACTOR_PID["names-$1"]=$!
}

give_resolved() {
	put systemd/resolved.conf <<-END
		[Resolve]
		DNS=$LAN_ROUTER4
		FallbackDNS=
		Cache=no
		DNSSEC=no
		LLMNR=no
		MulticastDNS=no
	END
}

# It runs the lines that it is given, and keeps what they say.
give_asker() {
	inside useradd --system --user-group --home-dir /srv/asker --create-home --shell /usr/sbin/nologin asker \
		2>>"$LOG" || bail "no user can be made"
	inside mkfifo -m 600 /srv/asker/in
	inside touch /srv/asker/out
	inside chown asker: /srv/asker/in /srv/asker/out
	inside sh -c 'cat >/opt/asker && chmod 755 /opt/asker' <<-'END'
		#!/bin/bash
		while read -r line; do
			eval "$line"
			echo "= $?"
		done <>/srv/asker/in >>/srv/asker/out 2>&1
	END
	# A query by hand, to whoever takes it: header, labels, type A; how many bytes of an answer come.
	inside sh -c 'cat >/opt/query && chmod 755 /opt/query' <<-'END'
		#!/bin/bash
		text='\0\1\1\0\0\1\0\0\0\0\0\0'
		IFS=.
		for label in $2; do
			text+="\\x$(printf %02x ${#label})$label"
		done
		exec 3<>"/dev/udp/$1/53"
		printf "$text"'\0\0\1\0\1' >&3
		head -c 1 <&3 | wc -c
	END
	put systemd/system/$UNIT <<-UNIT
		[Unit]
		Description=Asks for names
		[Service]
		User=asker
		ExecStart=/opt/asker
	UNIT
	sd daemon-reload
}

# --- questions -----------------------------------------------------------------------------------

answered() {
	sleep 0.05
	[[ $(inside grep -c '^= ' /srv/asker/out) -gt $ASKED ]]
}

# in_unit LINE: what it says, and its exit code in STATUS.
in_unit() {
	ASKED=$(inside grep -c '^= ' /srv/asker/out)
	# shellcheck disable=SC2016
	inside sh -c 'echo "$0" >/srv/asker/in' "$1"
	until_true answered || bail "the unit does not answer: $1"
	SAID=$(inside tail -n +"$((LINES_BEFORE + 1))" /srv/asker/out | grep -v '^= ')
	STATUS=$(inside tail -n 1 /srv/asker/out)
	STATUS=${STATUS#= }
	LINES_BEFORE=$(inside sh -c 'wc -l </srv/asker/out')
}

# way HOW NAME: the command by which a program asks for a name.
way() {
	case $1 in
	libc) echo "timeout 10 getent ahosts $2" ;;
	resolvectl) echo "timeout 10 resolvectl query $2" ;;
	bus) echo "timeout 10 $BUS $2 0 0" ;;
	stub | router | router6) echo "timeout 2 /opt/query $(server_of "$1") $2" ;;

	esac
}

server_of() {
	case $1 in
	stub) echo 127.0.0.53 ;;
	router) echo $LAN_ROUTER4 ;;
	router6) echo $LAN_ROUTER6 ;;
	esac
}

# on_home_line NAME: how many packets there ask for it.
on_home_line() {
	ask line peek
	grep -c "^home .*, asks $1\$" "$TMP/line-$RUN"
}

# asks HOW WHERE: the unit asks that way for a name of its own, NAME.
asks() {
	NAME=$1-$2-$((++N_ASKED)).$ZONE
	in_unit "$(way "$1" "$NAME")"
}

# leaks HOW HOST: without a fence.
leaks() {
	asks "$1" open
	like "$2, no fence: $1 asks, and the home line shows it" "$(on_home_line "$NAME")" '^[1-9]'
}

# resolves HOW HOST: names are found, by the tunnel's resolver.
resolves() {
	asks "$1" fenced
	is "$2, fenced: $1 finds the name, by the tunnel's resolver" "$STATUS $(grep -c "^$TUNNEL_ANSWER" <<<"$SAID")" "0 3"
	is "$2, fenced: it is not on the home line" "$(on_home_line "$NAME")" 0
}

# barred HOW HOST: a way past the tunnel's resolver leads nowhere. (What is sent to a router goes into the
# tunnel, and the lab's router can be reached from there.)
barred() {
	asks "$1" barred
	[[ $1 == router* ]] ||
		is "$2, fenced: $1 finds nothing" "$(grep -cE "$HOME_ANSWER|^1$" <<<"$SAID")" 0
	is "$2, fenced: $1 is not on the home line" "$(on_home_line "$NAME")" 0
}

# --- hosts ---------------------------------------------------------------------------------------

# host_resolved LINK|FILE: systemd-resolved with its stub, asked through NSS as well.
host_resolved() {
	sd start systemd-resolved.service || bail "$(journal systemd-resolved)"
	inside rm -f /etc/resolv.conf
	case $1 in
	link) inside ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf ;;
	file) put resolv.conf <<<"nameserver 127.0.0.53" ;;
	esac
	put nsswitch.conf <<<"hosts: resolve [!UNAVAIL=return] files dns"
}

host_router() {
	sd stop systemd-resolved.service
	inside rm -f /etc/resolv.conf
	put resolv.conf <<<"nameserver $1"
	put nsswitch.conf <<<"hosts: files dns"
}

host_nscd() {
	host_router $LAN_ROUTER4
	sd start nscd.service || bail "$(journal nscd)"
}

started() {
	sd restart $UNIT
	until_true is_in active $UNIT || bail "$(journal $UNIT)"
	LINES_BEFORE=$(inside sh -c 'wc -l </srv/asker/out')
}

# --- with and without ----------------------------------------------------------------------------

test_open() {
	local way

	sniffers_on open
	host_resolved link
	started
	for way in libc resolvectl bus stub router router6; do
		leaks $way resolved
	done
	host_nscd
	started
	leaks libc nscd
	# Only nscd's own query: libc's in the unit would be the unit's.
	sd stop nscd.service
	host_router $LAN_ROUTER6
	started
	leaks libc "a router by IPv6"
	sniffers_off
}

# The daemon's files are there before the gate lets the unit start.
fence_asker() {
	SAID=$(inside wgfence init $UNIT --yes 2>&1) || bail "init: $SAID"
	like "init says that no resolver is known" "${SAID//$'\n'/ }" \
		'No resolver of the tunnel is known, so the unit will find no name'
	printf '\n[dns]\nserver = %s\n' $FAR_END4 | inside sh -c "cat >>/etc/wgfence/$FENCE.conf"
	inside sh -ec "$(sed -nE 's/^(Now|then): *//p' <<<"$SAID")" >>"$LOG" 2>&1
	LINES_BEFORE=$(inside sh -c 'wc -l </srv/asker/out')
}

nothing_of_helpers() {
	in_unit 'ls -d /run/systemd/resolve /run/nscd /var/run/nscd /run/dbus /run/user 2>/dev/null | wc -l'
	is "$1: no helper's directory is there" "$SAID" 0
	in_unit 'grep -c . /etc/resolv.conf; grep -v "^#" /etc/resolv.conf'
	is "$1: resolv.conf is the fence's" "${SAID//$'\n'/ }" "2 nameserver $FAR_END4"
}

test_fenced() {
	local host

	sniffers_on fenced
	for host in "resolved link" "resolved file" "router $LAN_ROUTER4" "router $LAN_ROUTER6" nscd; do
		# shellcheck disable=SC2086
		host_$host
		started
		nothing_of_helpers "$host"
		resolves libc "$host"
		for way in resolvectl bus stub router router6; do
			barred $way "$host"
		done
		[[ $host != nscd ]] || sd stop nscd.service
	done
	sniffers_off
}

# What appears, or is renamed over, while the unit runs.
test_meanwhile() {
	sniffers_on meanwhile
	host_router $LAN_ROUTER4
	started
	host_resolved link
	sd start nscd.service
	nothing_of_helpers "helpers started later"
	resolves libc "helpers started later"
	barred bus "helpers started later"
	inside sh -c "echo nameserver $LAN_ROUTER4 >/etc/new && mv /etc/new /etc/resolv.conf"
	inside sh -c "echo 'hosts: resolve dns' >/etc/new && mv /etc/new /etc/nsswitch.conf"
	nothing_of_helpers "renamed over"
	resolves libc "renamed over"
	sd stop nscd.service
}

# Another resolver, in place: the unit is not started anew.
test_reload() {
	local pid

	pid=$(show $UNIT MainPID)
	inside sed -i "s/^server = .*/server = $FAR_END6/" /etc/wgfence/$FENCE.conf
	sd reload "$(daemon_of $FENCE)"
	until_true inside grep -q $FAR_END6 /run/wgfence/$FENCE/resolv.conf
	in_unit 'grep -v "^#" /etc/resolv.conf'
	is "reloaded: the running unit sees the other resolver" "$SAID" "nameserver $FAR_END6"
	resolves libc "a resolver by IPv6"
	is "reloaded: it is the same process" "$(show $UNIT MainPID)" "$pid"
	like "status tells which" "$(inside wgfence status $FENCE)" "names +$FAR_END6"
}

test_tunnel_away() {
	local way

	sd stop wg-quick@wg0.service
	asks libc away
	is "the tunnel is away: no name is found" "$STATUS" 2
	is "the tunnel is away: the name is not on the home line" "$(on_home_line "$NAME")" 0
	for way in resolvectl bus stub router router6; do
		barred $way "the tunnel is away"
	done
	sd stop "$(daemon_of $FENCE)"
	asks libc away
	is "and the daemon too: no name is found" "$STATUS" 2
	is "and the daemon too: the name is not on the home line" "$(on_home_line "$NAME")" 0
	sd start "$(daemon_of $FENCE)"
	sd start wg-quick@wg0.service
	until_true found_again
	is "the tunnel is back: names are found, without a restart" "$?" 0
	sniffers_off
}

found_again() {
	asks libc back
	[[ $STATUS == 0 ]]
}

taken_down() {
	SAID=$(inside wgfence detach $FENCE 2>&1)
}

# All that the unit is seen to ask is what the sniffer has to be able to see: the fence taken away again.
test_taken_away() {
	sniffers_on again
	sd stop $UNIT
	sd stop "$(daemon_of $FENCE)"
	# Its configuration was edited.
	inside wgfence init $UNIT --remove --yes --force >>"$LOG" 2>&1
	until_true taken_down # its last sockets go a while after it
	like "the fence is taken away" "$? $SAID" "^0 "
	host_resolved link
	started
	leaks libc "the fence taken away"
	is "its files are gone" "$(inside find /run/wgfence/$FENCE -name '*.conf')" ""
	sniffers_off
}

make_lab
names_at router $LAN_ROUTER4 $LAN_ROUTER6 $HOME_ANSWER
names_at vpn $FAR_END4 $FAR_END6 $TUNNEL_ANSWER
machine_on
TUNNEL_TABLE=off TUNNEL_DNS=
give_tunnel
give_packages
give_resolved
give_asker
sd start wg-quick@wg0.service || bail "$(journal wg-quick@wg0)"
test_open
fence_asker
test_fenced
test_meanwhile
test_reload
test_tunnel_away
test_taken_away
plan
