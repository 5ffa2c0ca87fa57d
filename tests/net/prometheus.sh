# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A real node exporter and a real Prometheus, as tests/deps.sh unpacks them, in the LAN's namespace.
#
# Owns: both, and asking them. The exporter has the directory into which the fences write.

BIN=$HERE/../../build/prometheus/usr/bin
TEXTFILES=$TMP/textfiles
PACKAGING=$HERE/../../packaging
RULES=$PACKAGING/prometheus/wgfence.rules.yml
SERVER=http://127.0.0.1:9090

needs_prometheus() {
	[[ -x $BIN/promtool && -x $BIN/prometheus-node-exporter ]] && return
	skip "metrics in a real Prometheus" "tests/deps.sh could not get it"
	plan
}

# A file system of its own, so that it can be full. Before lab_up: what the lab starts then sees it.
textfiles_make() {
	mkdir "$TEXTFILES"
	mount -t tmpfs -o mode=755,size=8m tmpfs "$TEXTFILES"
}

textfiles_gone() {
	umount -l "$TEXTFILES"
}

# The same rules, but minutes are seconds.
quick_rules() {
	sed -e 's/\[[0-9]*m\]/[5s]/' -e 's/ for: .*/ for: 0s/' -e 's/> 300/> 3/' -e 's/> 120/> 4/' \
		-e 's/offset 15m/offset 5s/' "$RULES" >"$TMP/rules.yml"
}

exporter_on() {
	alone exec nsenter --net="/run/netns/$LAN" "$BIN/prometheus-node-exporter" \
		--collector.disable-defaults --collector.textfile --collector.textfile.directory="$TEXTFILES" \
		--web.disable-exporter-metrics --web.listen-address=127.0.0.1:9100 >>"$TMP/exporter" 2>&1 &
	ACTOR_PID["exporter"]=$!
	until_true scraped >"$TMP/scraped" || bail "no exporter: $(tail -n 3 "$TMP/exporter")"
}

scraped() {
	in_lan curl -sf http://127.0.0.1:9100/metrics
}

prometheus_on() {
	quick_rules
	cat >"$TMP/prometheus.yml" <<-END
		global: {scrape_interval: 1s, evaluation_interval: 1s}
		rule_files: [$TMP/rules.yml]
		scrape_configs:
		  - {job_name: node, static_configs: [{targets: ["127.0.0.1:9100"]}]}
	END
	alone exec nsenter --net="/run/netns/$LAN" "$BIN/prometheus" --config.file="$TMP/prometheus.yml" \
		--storage.tsdb.path="$TMP/tsdb" --web.listen-address=127.0.0.1:9090 >>"$TMP/prometheus" 2>&1 &
	ACTOR_PID["prometheus"]=$!
	until_true queried up || bail "no Prometheus: $(tail -n 3 "$TMP/prometheus")"
}

# query EXPRESSION: a line for each series, as promtool has it: "NAME{LABELS} => VALUE @[TIME]".
query() {
	in_lan "$BIN/promtool" query instant $SERVER "$1" 2>>"$LOG"
}

# queried EXPRESSION: something came.
queried() {
	[[ -n $(query "$1") ]]
}

# value EXPRESSION: of its only series.
value() {
	query "$1" | sed 's/.* => \(.*\) @.*/\1/'
}

value_is() {
	[[ $(value "$1") == "$2" ]]
}

# becomes NAME EXPRESSION VALUE
becomes() {
	until_true value_is "$2" "$3"
	is "$1" "$(value "$2")" "$3"
}

# fires ALERT [FENCE]
fires() {
	queried "ALERTS{alertname=\"$1\",alertstate=\"firing\",fence=\"${2:-$NAME}\"}"
}

silent() {
	! fires "$@"
}

# alarms NAME ALERT [FENCE]; calms NAME ALERT [FENCE]
alarms() {
	local name=$1

	shift
	until_true fires "$@"
	is "$name: $1 fires" "$?" 0
}

calms() {
	local name=$1

	shift
	until_true silent "$@"
	is "$name: $1 is resolved" "$?" 0
}

# The expressions of the dashboard's panels, a line each, as Grafana sends them.
panels() {
	sed -n 's/^ *"expr": "\(.*\)",$/\1/p' "$PACKAGING/grafana/wgfence.json" |
		sed -e 's/\\"/"/g' -e 's/\$__rate_interval/10s/g' -e 's/\$__range/5m/g' -e 's/\$[a-z]\{1,\}/.*/g'
}
