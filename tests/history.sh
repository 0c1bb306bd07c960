# shellcheck shell=sh disable=SC2034,SC2154
# Helpers for a month of records in several parts, to be sourced after lib.sh.
#
#	make_month            six days of twelve cameras, in day-N.ndjson and, one,
#	                      compressed; month.yaml; and in one.prom the metrics of
#	                      one process
#	month_is DIR P        DIR has what one process has: metrics, events, a page

history=$top/configs/history

make_month() {
	normals 6000 21 4200 1.5 | awk '{
		sub(/}$/, "")
		day = int((NR - 1) / 1000)
		printf "%s,\"time\":%d,\"cam\":\"cam%d\",\"class\":%d,\"prob\":%s}\n",
		    $0, 1763000000 + day * 86400 + NR % 1000 * 60, NR * 31 % 12,
		    NR % 3, NR * 7919 % 89 / 100 >"day-" day ".ndjson"
	}'
	gzip day-2.ndjson
	cat >month.yaml <<-'YAML'
	driftpipe-run:
	  stage: [pht, iks, chi2, promtext]
	  group: cam
	pht:
	  field: [x, y]
	  group: cam
	  reference-size: 50
	  lambda: 9
	iks:
	  field: x
	  group: cam
	  window: 50
	  reference-size: 50
	  limit: 0.6
	chi2:
	  group: cam
	  window: 50
	  reference-size: 50
	  limit: 15
	promtext:
	  group: cam
	  stream: month
	YAML
	days='day-0.ndjson day-1.ndjson day-2.ndjson.gz day-3.ndjson
	    day-4.ndjson day-5.ndjson'
	# shellcheck disable=SC2086
	zcat -f $days | driftpipe-run -q -c month.yaml -s one -o one.prom \
	    --journal one.journal -i - 2>one.events
}

# What is of the cameras, and not of a run.
_cameras() { grep -E '^(drift|imgcls)_' "$1" | grep -v 'stream="month' | sort; }
_events() { cat "$@" | jq -c 'del(.journal)' | sort; }

month_is() {
	_cameras one.prom >want
	_cameras "$1/history.prom" >got
	ok 'the metrics are those of one process' cmp got want
	is 'every record is counted once' "$(awk '
	    /^promtext_input_records_total.*stream="month"/ { n += $2 }
	    END { print n }' "$1/history.prom")" 6000
	_events one.journal/events-*.ndjson >want
	_events "$1"/journal/*of"$2"/events-*.ndjson >got
	ok 'so are the events' cmp got want
	ok 'there are some' [ "$(wc -l <want)" -gt 10 ]
	ok 'and a page' grep -q '<html' "$1/report.html"
}
