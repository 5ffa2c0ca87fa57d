#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What is shipped for Prometheus and Grafana, without a fence: the alert rules by promtool, and that what they and
# the dashboard name is there.

. "${0%/*}/lib.sh"
. "${0%/*}/prometheus.sh"

# named FILE: the reasons that it names.
named() {
	grep -o 'reason[=!]~\\*"[a-z_0-9|]*' "$1" | sed 's/.*"//' | tr '|' '\n' | sort -u
}

test_rules() {
	is "promtool check rules" "$("$BIN/promtool" check rules "$RULES" 2>&1 | tail -n +2 | paste -s -d ' ')" \
		"  SUCCESS: 10 rules found "
	like "promtool test rules" "$("$BIN/promtool" test rules "$HERE/rules.yml" 2>&1 | paste -s -d ' ')" \
		'^Unit Testing: .*SUCCESS *$'
	is "what they name is a reason" "$({ named "$RULES"; named "$PACKAGING/grafana/wgfence.json"; } | sort -u |
		comm -23 - <(sed -n 's/^\tX([A-Z0-9_]*, "\([a-z_0-9]*\)".*/\1/p' "$HERE/../../include/reasons.h" | sort))" ""
}

# Every metric that is asked for is one that `wgfence metrics` prints, and the manual has.
test_metrics() {
	is "every metric that they ask for is in the manual" \
		"$(grep -oh 'wgfence_[a-z_]*' "$RULES" "$PACKAGING/grafana/wgfence.json" | sort -u |
			comm -23 - <(grep -o 'wgfence_[a-z_]*' "$HERE/../../man/wgfence-metrics.7" | sort -u))" ""
}

# faults JQ: what is wrong with the dashboard, once JQ has changed it.
faults() {
	jq "$1" "$PACKAGING/grafana/wgfence.json" 2>&1 | jq -r -f "$HERE/dashboard.jq" 2>&1 | paste -s -d ' '
}

# As far as that can be told without a Grafana.
test_dashboard() {
	is "the dashboard has nothing that Grafana would leave out" "$(faults .)" ""
	like "control: a panel over another" "$(faults '.panels[0].gridPos.w = 9')" 'one over another'
	like "control: a type that is none" "$(faults '.panels[0].type = "graph"')" 'types of panels: \["graph"\]'
	like "control: a variable that is not there" "$(faults '.panels[0].targets[0].expr = "up{a=\"$nope\"}"')" '"nope"'
	like "control: another data source" "$(faults '.panels[0].targets[0].datasource.uid = "mine"')" 'queries without it'
}

test_dashboard
needs_prometheus
test_rules
test_metrics
plan
