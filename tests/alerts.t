#!/bin/sh
# The rules for Prometheus: that they are valid, fire when they should and are
# silent when they should be, use metrics that there are, and that each alert
# has its section in driftpipe-alerts(7).
. "$(dirname "$0")/lib.sh"
cd "$top/configs/prometheus" || exit 1
page=$top/man/driftpipe-alerts.7

command -v promtool >/dev/null || {
	echo '1..0 # SKIP no promtool'
	exit 0
}
for f in recording.yml alerts.yml legacy.yml; do
	ok "$f is valid" promtool check rules --lint=all --lint-fatal "$f"
done
ok 'so is the configuration' promtool check config prometheus.yml
is 'which has them all' "$(sed -n 's/^  - \([a-z]*\.yml\).*/\1/p' \
    prometheus.yml | sort | tr '\n' ' ')" 'alerts.yml legacy.yml recording.yml '
for f in tests/*.yml; do
	ok "$f" promtool test rules "$f"
done

# Names: of metrics in the table, of recorded ones in recording.yml.
promtext --metrics | awk -F'\t' '{ print $1
    if ($2 == "histogram") {
	    print $1 "_sum"; print $1 "_count"; print $1 "_bucket" } }' >"$tmp/known"
cat >>"$tmp/known" <<'IN'
node_textfile_scrape_error
promhttp_metric_handler_errors_total
IN
sed -n 's/.*record: //p' recording.yml legacy.yml >>"$tmp/known"
# What could be the name of one, in the expressions.
names() {
	sed 's/#.*//; s/"[^"]*"//g; s/\[[^]]*\]//g; s/.*record: //; s/.*alert: //
	    /runbook_url:/d' "$@" |
	    grep -oE '[a-z_][a-z_0-9]*(:[a-z_0-9]+)*' |
	    grep -E '^(layer|data|drift|imgcls|promtext|node|promhttp)_|:' |
	    sort -u
}
for f in recording.yml alerts.yml legacy.yml tests/*.yml; do
	is "$f: has metrics that there are" \
	    "$(names "$f" | grep -vxFf "$tmp/known")" ''
done
is 'the search finds what is in no table' \
    "$(echo 'expr: max(drift_detectad) + stream:x:max' | names |
	grep -vxFf "$tmp/known" | tr '\n' ' ')" 'drift_detectad stream:x:max '

# The alerts, one a line: name, severity, whether it has each annotation, URL.
awk '
function put() { if (name) print name, severity, summary, description, url }
/- alert:/ { put(); name = $3; severity = summary = description = url = "-" }
/severity:/ { severity = $2 }
/summary:/ { summary = /\.$/ ? "." : "?" }
/description:/ { description = "." }
/runbook_url:/ { url = $2 }
END { put() }' alerts.yml >"$tmp/alerts"
is 'each has what it needs, and names its section' \
    "$(awk '$2 !~ /^(critical|warning|info)$/ || $3 != "." || $4 != "." ||
	$5 != "man:driftpipe-alerts(7)#" $1' "$tmp/alerts")" ''
is 'the page has these sections' "$(sed -n 's/^\.Ss \(Drift.*\)/\1/p' "$page")" \
    "$(cut -d' ' -f 1 "$tmp/alerts")"
if command -v mandoc >/dev/null; then
	is 'as HTML it has these anchors' "$(mandoc -Thtml "$page" |
	    grep -o 'id="Drift[^"]*"' | cut -d'"' -f 2)" \
	    "$(cut -d' ' -f 1 "$tmp/alerts")"
else
	skip 'as HTML it has these anchors' 'no mandoc'
fi
is 'each section says what, how urgent, where to look, what to do' "$(awk '
    /^\.S[sh]/ { name = $2 }
    /^\.It (Means|Urgent|Look|Act|Silence)$/ { said[name] = said[name] $2 }
    END { for (n in said) if (said[n] != "MeansUrgentLookActSilence") print n
    }' "$page")" ''
is 'it is as urgent as the rule says' "$(awk '
    NR == FNR { want[$1] = $2; next }
    /^\.Ss/ { name = $2 }
    /^\.It Urgent/ { getline; $0 = $0 "."
	gsub(/[:.,]/, " "); if ($2 != want[name]) print name }' \
    "$tmp/alerts" "$page")" ''
is 'each is fired by a test' \
    "$(sed -n 's/.*- alertname: //p' tests/*.yml | sort)" \
    "$(cut -d' ' -f 1 "$tmp/alerts" | sort)"

# A rule that fires too soon or never, or another limit, is noticed.
mkdir "$tmp/tests"
cp tests/*.yml "$tmp/tests"
cp ./*.yml "$tmp"
noticed() {
	sed "$2" alerts.yml >"$tmp/alerts.yml"
	if cmp -s alerts.yml "$tmp/alerts.yml"; then
		ok "$1: is a change" false
		return
	fi
	# The cases that are named, alone: others run for hours.
	for _f in drift pipeline days; do
		awk -v name="$3" '!n { print } /^tests:/ { n = 1 }
		    /^  - name:/ { on = $0 ~ name } n && on' tests/$_f.yml \
		    >"$tmp/tests/$_f.yml"
		grep -q '^  - name:' "$tmp/tests/$_f.yml" && _file=$_f
	done
	ok "$1: is noticed" sh -c \
	    "cd '$tmp/tests' && ! promtool test rules $_file.yml"
}
noticed 'no patience' 's/max) >= 900/max) >= 840/' sustained
noticed 'one detector' 's/300) >= 2/300) >= 1/' sustained
noticed 'the file of one run' 's/max >= 300)/max >= 0)/' sustained
noticed 'new series are not seen' 's/\[3h\] offset/[3h] offset -/' events
noticed 'few images' 's/3600 >= 100 *$/3600 >= 10/' confidence
noticed 'rare errors' 's/> 0.05/> 0.04/' "can't be read"
noticed 'a little out of focus' 's/< 0.1$/< 0.3/' covered
noticed 'slow cameras' 's/clamp_min(2 \* .*, 900)/900/' silent
noticed 'an image twice' 's/unchanged_seconds) >= 900/unchanged_seconds) >= 60/' frozen
noticed 'the clock' 's/abs(time() - \(.*\)) > 900/time() - \1 > 900/' ahead
noticed 'hosts that are down' '/and on (job, instance) up == 1/d' ahead
noticed 'hosts that are not' 's/up == 0/up >= 0/' 'not answer'
noticed 'other errors of the exporter' 's/{cause="gathering"}//' conflicts
# What the alert calls stale, the console and the dashboards do.
limit=$(sed -n 's/.*promtext_last_success_timestamp_seconds)) > //p' \
    "$top/configs/prometheus/alerts.yml")
ok 'the console has the limit of the alert' grep -q "stale := \"$limit\"" \
    "$top/configs/prometheus/consoles/driftpipe.html"
for f in "$top"/configs/grafana/dashboards/*.json; do
	ok "${f##*/} has the limit of the alert" grep -q "\"value\": $limit\$" "$f"
done

done_testing
