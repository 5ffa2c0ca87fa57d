# SPDX-License-Identifier: GPL-2.0-only
#
# What is wrong with a Grafana dashboard, a line each; nothing where all is well. Grafana leaves out without a word what it
# does not understand, so this asks for what each panel needs: a known type, a place of its own, a data source that the
# dashboard's variable names, queries that name only variables that are there.
#   jq -r -f tests/net/dashboard.jq FILE

def known_types: ["stat", "table", "timeseries"];
def known_units: ["none", "short", "percentunit", "s", "dateTimeFromNow", "dateTimeAsIso", "bytes", "Bps", "binBps", "pps", "cps", "ops"];
def known_steps: ["merge", "organize", "joinByField", "filterFieldsByName", "sortBy", "labelsToFields", "reduce", "seriesToRows"];
def of_grafana: ["__rate_interval", "__range", "__interval"];

. as $d
| ($d.templating.list | map(.name)) as $variables
| ($d.templating.list | map(select(.type == "datasource" and .query == "prometheus") | .name)) as $sources
| def is_source: .type == "prometheus" and (.uid as $uid | any($sources[]; "${" + . + "}" == $uid));
  def names: [scan("\\$\\{?([A-Za-z_]+)") | .[0]];
  def cells: . as $g | [range($g.y; $g.y + $g.h) as $y | range($g.x; $g.x + $g.w) as $x | [$x, $y]];
  def unless_empty($what): if . == [] then empty else "\($what): \(tojson)" end;

  ([$d.uid, $d.title] | map(select(type != "string" or . == "")) | unless_empty("no uid or title")),
  ([$d.schemaVersion] | map(select(type != "number" or . < 36)) | unless_empty("schemaVersion")),
  ([$d.panels[].id] | group_by(.) | map(select(length > 1 or (.[0] | type) != "number")) | unless_empty("panel ids")),
  ([$d.panels[].gridPos | select(.x < 0 or .w < 1 or .h < 1 or .x + .w > 24)] | unless_empty("outside of the grid")),
  ([$d.panels[].gridPos | cells[]] | group_by(.) | map(select(length > 1) | .[0]) | unless_empty("panels one over another")),
  ([$d.panels[] | select(.type as $t | known_types | index($t) | not) | .type] | unless_empty("unknown types of panels")),
  ([$d.panels[] | select((.title // "") == "" or (.targets // []) == []) | .id] | unless_empty("without title or query")),
  ([$d.panels[] | select(.datasource | is_source | not) | .title] | unless_empty("panels without the data source")),
  ([$d.panels[] | .title as $t | .targets[] | select(.datasource | is_source | not) | $t] | unless_empty("queries without it")),
  ([$d.panels[] | select([.targets[].refId] | length != (unique | length) or any(. == null)) | .title] | unless_empty("refId")),
  ([$d.panels[].targets[] | select((.expr // "") == "")] | unless_empty("empty queries")),
  ([$d.panels[].targets[].expr | names[]] + [$d.templating.list[].definition // "" | names[]] | unique
	| . - $variables - of_grafana | unless_empty("variables that are not there")),
  ($variables - $sources - ([$d.panels[].targets[].expr | names[]] | unique) | unless_empty("variables that no query asks for")),
  ([$d.templating.list[] | select(.type == "query" and ((.datasource | is_source | not) or .query.query != .definition)) | .name]
	| unless_empty("variables without the data source, or with two queries")),
  ([$d.panels[] | .. | objects | .unit? // empty | strings] | unique | . - known_units | unless_empty("unknown units")),
  ([$d.panels[].transformations[]?.id] | unique | . - known_steps | unless_empty("unknown transformations"))
