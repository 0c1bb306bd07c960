# What is wrong with a Grafana dashboard (classic model, schemaVersion 39): a
# line for each complaint. --argjson metrics: the names that there are.
#
# These are the rules of Grafana's dashboard-linter, and what Grafana itself
# does not forgive: ids that are there twice, panels on top of each other.

def units: ["none", "short", "s", "percentunit", "ops"];
def kinds: ["row", "stat", "state-timeline", "timeseries", "heatmap", "table"];

def all_panels: .panels[] | ., (.panels // [])[];
def shown: all_panels | select(.type != "row");
def expressions: (shown | .title as $title | .targets[] | {where: $title, expr}),
	(.annotations.list[] | {where: .name, expr: .target.expr});
def twice: group_by(.) | map(select(length > 1)[0])[];
def variable($name): .templating.list[] | select(.name == $name);
def overlap($a; $b): $a.x < $b.x + $b.w and $b.x < $a.x + $a.w and
	$a.y < $b.y + $b.h and $b.y < $a.y + $a.h;
def source_is_variable: .datasource.uid == "${datasource}";

(select(.schemaVersion != 39) | "schemaVersion is not 39"),
(select(has("id")) | "has an id of its own"),
(select(.editable != false) | "can be edited"),
(.uid, .title, .description | select((. // "") == "") | "no uid, title or description"),
([all_panels | .id] | twice | "panel id \(.) is there twice"),
(all_panels | select(.id | type != "number") | "a panel has no id"),
(all_panels | select(.type as $t | kinds | index($t) | not) | "\(.title): no such panel: \(.type)"),
([.panels[] | {title, gridPos}] | range(length) as $i | range($i + 1; length) as $j |
	select(overlap(.[$i].gridPos; .[$j].gridPos)) |
	"\(.[$i].title) is over \(.[$j].title)"),
(.panels[] | select(.gridPos | .x < 0 or .x + .w > 24 or .w < 1 or .h < 1) | "\(.title): outside of the grid"),

([variable("datasource")] | select(length != 1 or .[0].type != "datasource" or
	.[0].query != "prometheus" or .[0].label != "Data source") | "no variable for the data source"),
("job", "instance" | . as $name | $ARGS.named.board | [variable($name)] |
	select(length != 1 or .[0].type != "query" or (.[0].multi | not) or
	    .[0].allValue != ".+" or .[0].label != ($name[:1] | ascii_upcase) + $name[1:]) |
	"variable \($name) is not as usual"),
(.templating.list[] | select(.type == "query") |
	(select(.refresh != 2) | "variable \(.name) is not read again with the time"),
	(select(source_is_variable | not) | "variable \(.name) has a fixed data source")),

(shown |
	(select((.title // "") == "" or (.description // "") == "") | "panel \(.id): no title or description"),
	(select(source_is_variable | not) | "\(.title): fixed data source"),
	(select(.targets | length == 0) | "\(.title): no query"),
	(.title as $title | .targets[] | select(source_is_variable | not) | "\($title): a query has a fixed data source"),
	([.targets[].refId] | twice | "refId \(.) is there twice"),
	(.title as $title | [.fieldConfig | .. | objects | .unit?, (select(.id? == "unit") | .value)] |
	    .[] | select(. != null) | select(. as $u | units | index($u) | not) |
	    "\($title): no such unit: \(.)"),
	(select(.fieldConfig.defaults.unit == null) | "\(.title): no unit")),

(expressions |
	(select(.expr | [match("\\b(drift|imgcls|promtext)_[a-z_]+(\\{[^}]*\\})?"; "g").string |
	    select(test("job=~\"\\$job\"") and test("instance=~\"\\$instance\"") | not)] | length > 0) |
	    "\(.where): a metric of any job or instance"),
	(select(.expr | [match("\\[([^]]*)\\]"; "g").captures[0].string] | any(. != "$__rate_interval")) |
	    "\(.where): a fixed interval"),
	(select(.expr | gsub("(rate|increase)\\([a-z_]+\\{[^}]*\\}\\["; "") |
	    test("_(total|bucket|sum|count)\\{")) | "\(.where): a counter as it is"),
	(.where as $where | .expr | match("\\b(drift|imgcls|promtext)_[a-z_]+"; "g").string |
	    select(. as $m | $metrics | index($m) | not) | "\($where): no such metric: \(.)")),
(.templating.list[] | select(.type == "query") | .query.query |
	match("\\b(drift|imgcls|promtext)_[a-z_]+"; "g").string |
	select(. as $m | $metrics | index($m) | not) | "variables: no such metric: \(.)"),
# A link has to lead somewhere.
(.. | .url? // empty | select(startswith("/d/")) | split("?")[0] | .[3:] |
	select(IN("driftpipe-stream", "driftpipe-fleet") | not) | "no such dashboard: \(.)")
