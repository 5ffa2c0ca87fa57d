# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The swarm: a tracker, a peer that has the whole file, and the client that wants it.
#
# Owns: how each is started and asked. All three are qbittorrent-nox, which has a tracker built in, and
# all are asked by their web API, the client from another computer of the LAN. The client's own settings
# are qBittorrent's: DHT, PeX, local discovery and UPnP are on, it listens everywhere and is bound to no
# interface. It is only told what it needs to run without a screen.

WEBUI=8080
TRACKER_PORT=9000
SEEDER_PORT=6881
PASSWORD=adminadmin
# Of that password, as qBittorrent keeps it: salt and PBKDF2.
HASHED='ARQ77eY1NUZaQsuDHbIMCA==:0WMRkYTUWVT9wVvdDtHAjU9b3b7uB8NR1Gur2hmQCvCDpm39Q+PsJRJPaCU51dEiz+dTzh8qbPsL8WkFljQYFQ=='

# settings NAME: its profile, in $TMP/NAME, with more lines for it on standard input.
settings() {
	local dir=$TMP/$1/qBittorrent/config

	mkdir -p "$dir"
	{
		printf '[LegalNotice]\nAccepted=true\n'
		printf '[Preferences]\nWebUI\\Port=%s\n' $WEBUI
		printf 'WebUI\\Password_PBKDF2="@ByteArray(%s)"\n' "$HASHED"
		cat
	} >"$dir/qBittorrent.conf"
}

# torrent_client NAME COMMAND...: qbittorrent-nox with that profile, started by COMMAND.
torrent_client() {
	local name=$1

	shift
	HOME=$TMP/$name alone "$@" "${OWN_NAMES[@]}" qbittorrent-nox --profile="$TMP/$name" \
		</dev/null >"$TMP/$name.out" 2>&1 &
	ACTOR_PID[$name]=$!
}

# api MACHINE ADDRESS PATH [CURL'S OPTIONS...]: one request to a WebUI, from that machine. IPv6 has [ ].
api() {
	local machine=$1 address=$2 path=$3

	shift 3
	at "$machine" curl -gsS --fail -m 5 --noproxy '*' -b "$TMP/cookie-$address" \
		"http://$address:$WEBUI/api/v2/$path" "$@" 2>>"$LOG"
}

log_in() {
	sleep 0.2
	api "$1" "$2" auth/login -c "$TMP/cookie-$2" \
		-d "username=admin&password=$PASSWORD" | grep -q Ok
}

# make_torrents NAME...: files, each with a torrent that names the tracker; the sources are random, so that
# nothing but the swarm can have them.
make_torrents() {
	local name

	mkdir "$TMP/share"
	for name; do
		head -c $((SIZE_MIB << 20)) /dev/urandom >"$TMP/share/$name.bin"
		mktorrent -a "http://$TRACKER4:$TRACKER_PORT/announce" -o "$TMP/$name.torrent" \
			"$TMP/share/$name.bin" >/dev/null 2>>"$LOG" || bail "mktorrent failed"
	done
}

# swarm_up TCP|UTP|Both NAME...: with a seeder that speaks that and has these.
swarm_up() {
	local protocol=$1 name

	shift
	printf 'Advanced\\trackerPort=%s\n[BitTorrent]\nTrackerEnabled=true\n' $TRACKER_PORT |
		settings tracker
	settings seeder <<-END
		[BitTorrent]
		Session\BTProtocol=$protocol
		Session\Port=$SEEDER_PORT
	END
	torrent_client tracker at tracker
	torrent_client seeder at seeder
	until_true log_in tracker $TRACKER4 || bail "the tracker does not start"
	until_true log_in seeder $SEEDER4 || bail "the seeder does not start"
	for name; do
		api seeder $SEEDER4 torrents/add -F "torrents=@$TMP/$name.torrent" \
			-F "savepath=$TMP/share" -F skip_checking=true \
			-F "upLimit=$((RATE_KIB << 10))" >/dev/null || bail "the seeder takes no torrent"
	done
	for name; do
		until_true tracker_knows "$name" || bail "the tracker does not hear of the seeder"
	done
}

# tracker_knows NAME: has the seeder told it of this torrent? A client that came first would not be told
# of the seeder until it asks again, half an hour later. 2 is qBittorrent's "working".
tracker_knows() {
	local hash

	sleep 0.2
	hash=$(api seeder $SEEDER4 torrents/info | grep -o '"hash":"[0-9a-f]*","[^}]*"name":"'"$1"'\.' |
		cut -d '"' -f 4)
	[[ $hash ]] && api seeder $SEEDER4 "torrents/trackers?hash=$hash" |
		grep -q "\"status\":2,[^}]*\"url\":\"http://$TRACKER4"
}

# client_up NAME COMMAND...: started by COMMAND, its WebUI reached from the LAN, and the torrent given to
# it there.
client_up() {
	local name=$1

	shift
	settings "$name" </dev/null
	torrent_client "$name" "$@"
	until_true log_in pc $LAN_HOST4 || bail "the client's WebUI does not answer the LAN"
	webui torrents/add -F "torrents=@$TMP/$name.torrent" -F "savepath=$TMP/got-$name" |
		grep -q Ok || bail "the client takes no torrent"
}

webui() {
	api pc $LAN_HOST4 "$@"
}

# The fenced client ends as its people would end it.
client_down() {
	webui app/shutdown -X POST >/dev/null
	until_true no_member || bail "the client does not end"
}

no_member() {
	[[ -z $(cat "$CGROUP_DIR/cgroup.procs") ]]
}

same_file() {
	cmp -s "$TMP/share/$1.bin" "$TMP/got-$1/$1.bin"
}
