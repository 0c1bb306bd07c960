#!/bin/sh
# The dashboards, as far as can be known without Grafana: what its linter wants,
# and that every query has data in a real Prometheus.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/prometheus.sh"
trap 'prometheus_stop; rm -rf "$tmp"' EXIT
boards=$top/configs/grafana/dashboards

promtext --metrics | jq -Rs 'split("\n") | map(select(. != "") | split("\t") |
    if .[1] == "histogram" then .[0] + ("_bucket", "_sum", "_count")
    else .[0] end)' >"$tmp/metrics"
complaints() {
	jq -r --argjson metrics "$(cat "$tmp/metrics")" \
	    --argjson board "$(cat "$1")" -f "$top/tests/grafana.jq" "$1"
}

for board in stream fleet; do
	is "$board: nothing to complain of" \
	    "$(complaints "$boards/driftpipe-$board.json")" ''
done

# The checks see what they are for.
while IFS='	' read -r change complaint; do
	jq "$change" "$boards/driftpipe-stream.json" >"$tmp/changed.json"
	is "seen: $complaint" "$(complaints "$tmp/changed.json")" "$complaint"
done <<'MUTATIONS'
.id = 7	has an id of its own
.panels[2].id = .panels[1].id	panel id 2 is there twice
.panels[1].gridPos.x -= 1	State is over In drift for
.panels[1].fieldConfig.defaults.unit = "sec"	In drift for: no such unit: sec
.templating.list[1].allValue = ".*"	variable job is not as usual
.panels[0].datasource.uid = "abc"	State: fixed data source
.panels[0].targets[0].expr |= sub("instance=~"; "instance=")	State: a metric of any job or instance
.panels[0].targets[0].expr |= sub("detected"; "detect")	State: no such metric: drift_detect
.panels[1].targets[0].expr |= sub("time"; "max(increase(drift_alarms_total{job=~\"$job\",instance=~\"$instance\"}[5m])) + time")	In drift for: a fixed interval
.panels[0].targets[0].expr |= sub("drift_detected"; "drift_alarms_total")	State: a counter as it is
.links[0].url = "/d/nowhere"	no such dashboard: nowhere
MUTATIONS

is 'the folder of the dashboards is the one that compose mounts' "$(
    sed -n 's/^ *path: //p' \
	"$top/configs/grafana/provisioning/dashboards/driftpipe.yml")" \
    /etc/grafana/dashboards

if [ -f /usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz ]; then
	"$top/scripts/history.sh" -h 2 -n 400 -s 240 north=drift yard=broken \
	    2>/dev/null | awk '/^drift_statistic/ && /"mewma"/ && !/"yard"/ {
		line = $0; sub(/"mewma"/, "\"edet\"", line); print line }
		{ print }' >"$tmp/history"
	ok 'a history' prometheus_start "$tmp/history" "$tmp"
else
	skip 'every query has data' 'no Fashion-MNIST'
	done_testing
	exit 0
fi

# As Grafana would put it, for one stream.
expressions() { # BOARD STREAM
	jq -r --arg stream "$2" '[(.. | .targets? // [] | .[].expr),
	    .annotations.list[].target.expr][] |
	    gsub("\\$__rate_interval"; "15m") |
	    gsub("\\$(job|instance|feature|detector)"; ".+") |
	    gsub("\\$stream"; $stream)' "$boards/driftpipe-$1.json" | sort -u
}
series() {
	curl -sSG "$prometheus/api/v1/query_range" --data-urlencode "query=$1" \
	    --data-urlencode "start=$(($(date +%s) - 7200))" \
	    --data-urlencode "end=$(date +%s)" -d step=60 |
	    jq 'if .status == "success" then .data.result | length
		else .error end'
}
for board in 'stream north' 'stream yard' 'fleet .+'; do
	name=${board% *}
	# The board and the stream.
	# shellcheck disable=SC2086
	expressions $board >"$tmp/queries"
	while IFS= read -r query; do
		# There was no drift in the yard, so nothing began there.
		case $board$query in
		'stream yard'*'drift_last_alarm'* | 'stream yard'*'alarms_total'* | \
		'stream yard'*'field_share'*)
			continue ;;
		esac
		ok "$board has data: $query" test "$(series "$query")" -gt 0
	done <"$tmp/queries"
	ok "$board: there were queries" test "$(wc -l <"$tmp/queries")" -gt 10
done
# label_values(SELECTOR, LABEL) asks for this.
while IFS='	' read -r selector label; do
	ok "the variable of $label has values" test "$(
	    curl -sSG "$prometheus/api/v1/label/$label/values" \
		${selector:+--data-urlencode "match[]=$selector"} |
		jq '.data | length')" -gt 0
done <<VALUES
$(jq -r '.templating.list[] | select(.type == "query").query.query |
    capture("^label_values\\((?<s>.*), (?<l>[a-z]+)\\)$") |
    [(.s | gsub("\\$(job|instance|feature)"; ".+") | gsub("\\$stream"; "north")),
	.l] | @tsv' "$boards"/*.json)
VALUES
done_testing
