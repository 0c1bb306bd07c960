#!/bin/bash
# Print in how many undrifted streams of images the pipeline of
# configs/fashion.yaml, promtext and the alert rules warn or page somebody, and
# in how many whose camera goes out of focus half way. Fails when more than one
# undrifted stream pages, or a drifted one does not.
#
#	[ROWS=FILE] scripts/experiments/pages.sh [REFERENCES [STREAMS [RECORDS]]]
#
# With ROWS each stream's line is added to that file, and streams that are in it
# are not made again: a long run can be ended, and goes on later.
#
# 10 references, and for each 15 undrifted streams of 10,000 images and one that
# drifts, unless told. An image comes every 10 seconds; the pipeline runs, as by
# cron, every 10 minutes, and each of its files stands until the next run. As in
# pipeline.sh, a reference and a stream are drawn together, without replacement,
# from the 15,000 images that were not trained on. The rules are evaluated by
# promtool, over what promtext has written.
set -euo pipefail
references=${1:-10} streams=${2:-15} records=${3:-10000}
cd "$(dirname "$0")/../.."
top=$PWD
PATH=$PWD/${BUILD:-build}/bin:$PWD/build/prometheus:$PATH
set=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
config=configs/fashion.yaml
every=60 # images in a run
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# The images that were not trained on, damaged so.
classified() { # OPTION...
	imgdegrade -o "$tmp/frames" --list --skip 55000 "$@" \
	    "$set/train-images-idx3-ubyte.gz" >"$tmp/list"
	imgdegrade -o "$tmp/frames" --list --prefix t "$@" \
	    "$set/t10k-images-idx3-ubyte.gz" >>"$tmp/list"
	imgcls -q -c $config <"$tmp/list" | featstat -q -c $config |
	    jq -c 'select(.seq) | del(.image, .time, .top)'
	rm -r "$tmp/frames"
}
classified >"$tmp/clean"
classified --blur 1 >"$tmp/blurred"

# A reference of n records, and a stream of others, the second half of it
# blurred or not.
draw() { # SEED REFERENCE FROM
	awk -v seed="$1" -v to="$2" -v from="$3" -v n="$n" -v records="$records" '
	    BEGIN { srand(seed) }
	    NR == FNR { clean[FNR] = $0; order[FNR] = FNR; next }
	    { blurred[FNR] = $0 }
	    END {
		for (i = 1; i <= n + records; i++) {
			j = i + int(rand() * (FNR - i + 1))
			k = order[j]
			order[j] = order[i]
			if (i <= n && to != "")
				print clean[k] >to
			if (i <= n)
				continue
			line = i - n > from ? blurred[k] : clean[k]
			printf "%s,\"time\":%d}\n",
			    substr(line, 1, length(line) - 1), (i - n) * 10
		}
	    }' "$tmp/clean" "$tmp/blurred"
}

# The guarantee holds whatever the number of runs that a limit is of.
watch() { # REFERENCE
	set -- -q -c $config --horizon "$records" --reference "$1"
	mewma "$@" --lives 999 | sed 's/,"act":{[^}]*}//' | pht "$@" |
	    iks "$@" | nmddm "$@" | chi2 "$@"
}

# What each run of promtext says: its number, and the series.
runs() { # RECORDS
	rm -rf "$tmp/state" "$tmp/run."*
	split -a 4 -l $every "$1" "$tmp/run."
	run=0
	for part in "$tmp/run."*; do
		run=$((run + 1))
		promtext -q -s "$tmp/state" --stream cam0 -o "$tmp/cam0.prom" "$part"
		sed -n "/^drift_\(detected\|last_alarm_\|last_sample_\|alarms_total\)/s/^/$run /p" \
		    "$tmp/cam0.prom"
	done
}

# A test for promtool, that nothing has fired.
rules() { # SERIES
	awk -v top="$top" -v minutes=$((every / 6)) '
	    { name = $2
	      sub(/[{]/, "{job=\"node\",instance=\"h\",", name)
	      if (!(name in runs)) names[++n] = name
	      value[name, $1] = $3
	      runs[name]
	      if ($1 > last) last = $1 }
	    END {
		print "rule_files: [" top "/configs/prometheus/recording.yml, " \
		    top "/configs/prometheus/alerts.yml]"
		print "evaluation_interval: 1m"
		print "group_eval_order: [driftpipe_recording, driftpipe_drift]"
		print "tests:\n  - interval: 1m\n    input_series:"
		for (i = 1; i <= n; i++) {
			print "      - series: '\''" names[i] "'\''"
			text = "_x" minutes - 1
			for (r = 1; r <= last; r++) {
				v = (names[i], r) in value ? value[names[i], r] : "_"
				text = text " " v "x" minutes - 1
			}
			print "        values: " text
		}
		print "    promql_expr_test:"
		print "      - expr: count by (alertname, severity) (" \
		    "count_over_time(ALERTS{alertstate=\"firing\"}[1w]))"
		print "        eval_time: " (last + 1) * minutes "m"
	    }' "$1"
}

# The severities of what has fired.
fired() { # RECORDS
	runs "$1" >"$tmp/series"
	rules "$tmp/series" >"$tmp/rules.yml"
	promtool test rules "$tmp/rules.yml" 2>&1 |
	    grep -o 'severity="[a-z]*"' | sort -u || :
}

n=$(wc -l <data/fashion-reference.ndjson)
rows=${ROWS:-$tmp/rows}
touch "$rows"
for r in $(seq "$references"); do
	reference=$tmp/reference
	for s in $(seq 0 "$streams"); do
		[ "$s" -eq 0 ] || ! grep -q "^$r $s " "$rows" || continue
		what=undrifted from=$records
		[ "$s" -gt 0 ] || what=drifted from=$((records / 2))
		draw "$((r * 1000 + s))" "$reference" "$from" >"$tmp/stream"
		reference=''
		! grep -q "^$r $s " "$rows" || continue
		watch "$tmp/reference" <"$tmp/stream" >"$tmp/watched"
		echo "$r $s $what" \
		    "$(grep -c '"event":"drift"' "$tmp/watched" || :)" \
		    "$(! grep -q '"event":"drift"' "$tmp/watched" ||
			fired "$tmp/watched" | tr '\n' ' ')" |
		    tee -a "$rows" >&2
	done
done
awk '
    { n[$3]++; events[$3] += $4 > 0 }
    /warning/ { warned[$3]++ }
    /critical/ { paged[$3]++ }
    END {
	printf "%-10s %8s %8s %8s %6s\n", "", "streams", "events", "warned",
	    "paged"
	for (what in n)
		printf "%-10s %8d %8d %8d %6d\n", what, n[what], events[what],
		    warned[what], paged[what]
	exit paged["undrifted"] > 1 || paged["drifted"] < n["drifted"]
    }' "$rows"
