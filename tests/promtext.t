#!/bin/sh
# promtext, judged by what it writes, by promtool, by checks of our own for
# what promtool misses, and by the real node_exporter.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/node.sh"
cd "$tmp" || exit 1
trap 'stop_node; umount "$tmp/small" 2>/dev/null; rm -rf "$tmp"' EXIT

have() { command -v "$1" >/dev/null; }

# What differs from run to run.
steady() {
	sed 's/^\(promtext_build_info{\)[^,]*,[^,]*/\1BUILD/
	    s/^\(promtext_last_[a-z_]*{.*}\) .*/\1 X/'
}

# What promtool does not see: prints what is wrong.
missed() {
	tr -d '\n' <"$1" | grep -q "$(printf '\r')" && echo 'has a CR'
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null || echo 'is not UTF-8'
	[ -z "$(tail -c 1 "$1")" ] || echo 'last line has no end'
	awk '
	function bad(what) { print NR ": " what ": " $0 }
	/^# HELP / {
		if (seen[$3]++) bad("family twice")
		family = $3; type = ""; next }
	/^# TYPE / { if ($3 != family) bad("TYPE without HELP"); type = $4; next }
	/^#/ || !NF { bad("odd line"); next }
	{
		name = $0; sub(/[{ ].*/, "", name)
		base = name
		if (type == "histogram") sub(/_(bucket|sum|count)$/, "", base)
		if (base != family) bad("outside its family")
		if (type == "") bad("no TYPE")
		if (!match($0, /^[a-z_]+\{([a-z_]+="([^"\\]|\\["\\n])*",?)*\} [^ ]+$/))
			bad("not a sample")
		if ($0 ~ /[{,]__/) bad("reserved label")
		if ($0 !~ /[{,]stream="/) bad("no stream")
		series = $0; sub(/ [^ ]*$/, "", series)
		if (all[series]++) bad("series twice")
		value = $NF
		if (value !~ /^(-?[0-9.]+(e-?[0-9]+)?|NaN|\+Inf|-Inf)$/)
			bad("not a number")
		if (base == name && type == last_type && base == last_base &&
		    series < last && series !~ /\\/ && last !~ /\\/)
			bad("not sorted")
		last = series; last_type = type; last_base = base
		if (name !~ /_bucket$/ && type != "histogram") next
		le = $0; sub(/.*le="/, "", le); sub(/".*/, "", le)
		if (name ~ /_bucket$/) {
			if (value + 0 < cum + 0) bad("buckets fall")
			if (le == "+Inf") inf = value
			else if (le + 0 <= bound + 0) bad("bounds do not rise")
			cum = value; bound = le
		} else if (name ~ /_count$/) {
			if (inf == "" || value != inf) bad("+Inf is not count")
			cum = bound = 0; inf = ""
		}
	}' "$1"
}

# All judges of one file.
judge() {
	is "$2: nothing that promtool misses" "$(missed "$1" 2>&1)" ''
	is "$2: as many series as it says" \
	    "$(sed -n 's/^promtext_output_series.* //p' "$1")" \
	    "$(grep -c '^[^#]' "$1")"
	if have promtool; then
		ok "$2: promtool" sh -c "promtool check metrics <'$1'"
	else
		skip "$2: promtool" 'no promtool'
	fi
}

# metric FILE NAME [LABELS]: its value.
metric() {
	awk -v name="$2" -v labels="$3" 'index($0, name "{") == 1 &&
	    index($0, labels) { print $NF }' "$1"
}

cat >small.nd <<'IN'
{"seq":1,"time":100.5,"class":7,"label":"Sneaker","prob":0.9,"feat":{"m":1}}
{"seq":2,"time":101,"class":7,"label":"Sneaker","prob":0.95,"feat":{"m":2},"pht":{"alarm":false,"state":"learning"}}
{"seq":3,"time":102,"error":{"stage":"decode","reason":"not an image"}}
{"seq":4,"time":103,"class":8,"prob":0.5,"feat":{"m":4,"s":7},"pht":{"alarm":true,"event":"drift","tests":[{"field":"feat.m","stat":3.5,"limit":2.25,"alarm":true,"event":"drift","direction":"up","since":2},{"field":"feat.s","stat":0,"limit":2.25,"alarm":false}]},"mine":{"alarm":false,"tests":[{"field":"feat.m","stat":0.25,"limit":0.5,"p":0.125,"alarm":false}]}}
{"seq":5,"time":104,"class":7,"label":"Sneaker","prob":1,"feat":{"m":6,"s":9},"pht":{"alarm":true,"tests":[{"field":"feat.m","stat":3.75,"limit":2.25,"alarm":true},{"field":"feat.s","stat":0,"limit":2.25,"alarm":false}]},"mine":{"alarm":false,"tests":[{"field":"feat.m","stat":0.125,"limit":0.5,"p":0.5,"alarm":false}]}}
{"trailer":{"tool":"imgcls","records":5,"errors":1}}
IN
run 'promtext --stream cam0 --label site=east small.nd | tee small.prom | steady'
rc_is 0
err_is 'silent' </dev/null
out_is 'a small stream, byte for byte' <"$top/tests/promtext.golden"
judge small.prom 'small'

run 'promtext </dev/null >empty.prom'
rc_is 0 'an empty stream is a run'
judge empty.prom 'empty'
is 'with counts of 0' "$(metric empty.prom promtext_input_records_total)" '0
0
0
0'
is 'its stream is the default' \
    "$(metric empty.prom promtext_output_series 'stream="default"')" 13

# A filter for duplicates: a camera that is frozen from its fifth image on, and
# moves again at the last one but one.
if have dedup; then
	for v in 1 1.2 1.1 5 5.3 5.3 5.3 5.3 5.3 7 7.1; do
		echo "{\"time\":$((n = ${n:-0} + 60)),\"cam\":\"c\",\"v\":[$v]}"
	done >v.nd
	run "dedup -f 'v[*]' --distance 1 v.nd >dup.nd; promtext dup.nd >dup.prom"
	judge dup.prom 'duplicates'
	is 'they are counted' "$(metric dup.prom drift_duplicates_total)" 8
	is 'and the last one differs' \
	    "$(metric dup.prom drift_unchanged_seconds)" 0
	for n in 4:0 5:0 6:60 9:240 10:0; do
		head -n "${n%:*}" dup.nd | promtext >dup.prom
		is "after ${n%:*} of them" \
		    "$(metric dup.prom drift_unchanged_seconds)" "${n#*:}"
	done
	run "sed 's/^{/{\"act\":[3],\"class\":1,/' v.nd | head -n 5 |
	    dedup -n same -g cam --reference-size 2 | promtext -g cam"
	cp out dup.prom
	is 'what was kept, and then comes again' \
	    "$(metric dup.prom drift_unchanged_seconds '"c"')" 180
	is 'learnt ones are none' \
	    "$(metric dup.prom drift_duplicates_total '"c"')" 3
fi

# The detectors themselves.
if have pht && have iks && have nmddm; then
	awk 'BEGIN { for (s = 1; i++ < 900;) { s = s * 16807 % 2147483647
	    printf "{\"time\":%d,\"x\":%.6f}\n", i, s / 2147483647 + (i > 700) }
	    }' >x.nd
	run 'pht -f x --reference-size 300 --horizon 100 x.nd |
	    iks -n fast -f x --reference-size 200 --horizon 100 --p-value |
	    nmddm -f x --reference-size 200 --horizon 100 >det.nd &&
	    promtext det.nd >det.prom'
	rc_is 0 'after the detectors'
	judge det.prom 'detectors'
	for d in pht fast nmddm; do
		is "$d is in drift" \
		    "$(metric det.prom drift_detected "\"$d\"")" 1
		is "$d has counted its events" \
		    "$(metric det.prom drift_alarms_total "\"$d\"")" \
		    "$(grep -c "\"$d\":{\"alarm\":true,\"event\"" det.nd)"
		is "$d has counted its records" \
		    "$(metric det.prom drift_samples_total "\"$d\"")" 900
	done
	is 'a p-value' "$(metric det.prom drift_p_value | wc -l)" 1
	run 'awk "{ print substr(\$0, 1, length(\$0) - 1) \",\\\"kind\\\":\\\"\" (NR > 700 ? NR % 2 : NR % 5) \"\\\"}\" }" x.nd |
	    chi2 -n mix -f kind --reference-size 400 --window 100 --horizon 1000 |
	    tee mix.nd | promtext >mix.prom'
	rc_is 0 'after chi2'
	judge mix.prom 'chi2'
	is 'it is in drift' "$(grep '^drift_detected' mix.prom)" \
	    'drift_detected{feature="kind",detector="mix",stream="default"} 1'
	is 'its p-value is the last one' \
	    "$(metric mix.prom drift_p_value)" \
	    "$(tail -n 1 mix.nd | sed 's/.*"p":\([^,}]*\).*/\1/')"
	run 'awk "{ sub(/}/, \",\\\"v\\\":[\" NR % 3 \",\" (NR * 7 % 5) + (NR > 700) \"]}\"); print }" x.nd |
	    mewma -f "v[*]" -f x --reference-size 300 --horizon 100 |
	    tee vector.nd | promtext >vector.prom'
	rc_is 0 'after mewma'
	judge vector.prom 'mewma'
	is 'it goes by its first field' "$(grep '^drift_detected' vector.prom)" \
	    'drift_detected{feature="v[*]",detector="mewma",stream="default"} 1'
	tail -n 1 vector.nd | jq -r '.mewma.tests[0].top[] |
	    "drift_field_share{feature=\"\(.field)\",detector=\"mewma\"," +
	    "stream=\"default\"} \(.share)"' | sort >want
	grep '^drift_field_share' vector.prom | sort >got
	ok 'what moved' cmp got want
	is 'three fields' "$(wc -l <got)" 3
	run 'head -n 600 vector.nd | promtext | grep -c "^drift_field_share"'
	out_is 'nothing while there is no alarm' <<X
0
X
else
	skip 'after the detectors' 'they are not built'
fi

# The window, and one value alone.
run 'for i in 1 2 3 4 5; do
    echo "{\"v\":$i,\"d\":{\"alarm\":false,\"tests\":[{\"field\":\"v\",\"alarm\":false}]}}"
    done | promtext --window 3 | tee w.prom'
is 'mean of the window' "$(metric w.prom drift_feature_mean)" 4
is 'deviation of the window' "$(metric w.prom drift_feature_stddev)" 1
is 'its size' "$(metric w.prom drift_feature_window_samples)" 3
is 'no statistic, no series' "$(metric w.prom drift_statistic)" ''
run 'echo "{\"v\":5,\"d\":{\"alarm\":false,\"tests\":[{\"field\":\"v\",\"alarm\":false}]}}" |
    promtext >w.prom'
is 'one value has a mean' "$(metric w.prom drift_feature_mean)" 5
is 'but no deviation' "$(metric w.prom drift_feature_stddev)" ''
run 'printf "%s\n" "{\"d\":{\"alarm\":true,\"tests\":[{\"field\":\"v\",\"stat\":1,\"limit\":0,\"alarm\":true}]}}" \
    "{\"d\":{\"alarm\":false,\"state\":\"filling\"}}" | promtext >w.prom'
is 'a detector that fills its window is not in drift' \
    "$(metric w.prom drift_detected)" 0
is 'and has no statistic' "$(metric w.prom drift_statistic)" ''
is 'but has read the record' "$(metric w.prom drift_samples_total)" 2

# Records with what should not be in them.
cat >odd.nd <<'IN'
{"a":{"alarm":1,"tests":[]},"b":{"alarm":true},"c":{"tests":[]},"d":7}
{"a":{"alarm":true,"tests":{}}}
{"a":{"alarm":true,"tests":[1]}}
{"a":{"alarm":true,"tests":[{"field":1,"alarm":true}]}}
{"a":{"alarm":true,"tests":[{"field":"x","alarm":"yes"}]}}
{"a":{"alarm":true,"tests":[{"field":"x","alarm":true,"stat":"3"}]}}
{"a":{"alarm":true,"state":3}}
{"time":"noon"}
{"class":1,"prob":"high"}
{"a":{"alarm":true,"tests":[]},"a":{"alarm":false,"state":"learning"}}
{"class":1e999}
{"class":-1}
{"class":1.5}
{"class":1,"prob":1.5}
{"class":1,"prob":-1e999}
{"time":1e999,"y":1e999,"z":{"alarm":true,"tests":[{"field":"y","stat":1e999,"limit":-1e400,"p":2,"alarm":true}]}}
{"error":"text"}
{"error":{"stage":"moon"}}
{"error":null,"class":2}
{}
IN
run 'promtext odd.nd >odd.prom'
rc_is 0 'odd records'
judge odd.prom 'odd'
is 'wrong types are counted' \
    "$(metric odd.prom promtext_input_errors_total schema)" 10
is 'numbers out of range too' \
    "$(metric odd.prom promtext_input_errors_total range)" 6
is 'errors of unknown stage' "$(metric odd.prom imgcls_errors_total other)" 2
is 'no values of numbers that are none' \
    "$(metric odd.prom drift_statistic)$(metric odd.prom drift_feature_mean)" ''
is 'but the alarm' "$(metric odd.prom drift_detected)" 1
is 'classes without a label' \
    "$(metric odd.prom imgcls_predictions_total 'class="1"')" 3
awk 'BEGIN { printf "{\"a\":"; for (; i < 200; i++) printf "[{\"alarm\":"
    exit }' >deep.nd
run 'promtext deep.nd'
rc_is 2 'deep nesting'
awk 'BEGIN { o = "{\"alarm\":true,\"tests\":["
    for (; i < 100; i++) s = s "{\"alarm\":true,\"tests\":["
    for (; i > 0; i--) e = e "]}"
    print "{\"a\":" s e "}" }' >deep.nd
run 'promtext deep.nd >deep.prom'
rc_is 0 'nesting that is allowed'
judge deep.prom 'deep'

# What is not an error, and what is damaged.
cat >mild.nd <<'IN'
{"class":3.0,"prob":0.5,"damaged":"cut short"}
{"class":3,"error":false,"damaged":null}
{"class":3,"error":null,"trailer":false,"damaged":7}
{"time":1700000000000,"v":1,"d":{"alarm":false,"tests":[{"field":"v","alarm":false}]}}
{"time":1700000000.5,"v":1,"e":{"alarm":false,"tests":[{"field":"v","alarm":false}]}}
IN
run 'promtext mild.nd >mild.prom'
rc_is 0 'errors that are none'
judge mild.prom 'mild'
is 'a class may have a decimal point' \
    "$(metric mild.prom imgcls_predictions_total 'class="3"')" 3
is 'false and null are no error' \
    "$(metric mild.prom imgcls_errors_total | sort -u)" 0
is 'nor a trailer' \
    "$(metric mild.prom promtext_input_records_total trailer)" 0
is 'a damaged image is counted' \
    "$(metric mild.prom imgcls_images_damaged_total)" 1
is 'unless it does not say why' \
    "$(metric mild.prom promtext_input_errors_total schema)" 1
is 'milliseconds are no time' \
    "$(metric mild.prom promtext_input_errors_total range)" 1
ok 'and the clock is taken' awk '/^drift_last_sample.*"d"/ { d = $NF }
    /^drift_last_sample.*"e"/ { e = $NF }
    END { exit !(d < 1e10 && d > e && e == 1700000000.5) }' mild.prom

# Input that other tools have skipped, and detectors that learn.
awk 'BEGIN {
	for (; i < 150; i++)
		printf "{\"skipped\":{\"tool\":\"t%d\",\"reason\":\"json\",\"where\":\"a:1\"}}\n", i
	for (k = 0; k < 3; k++)
		print "{\"skipped\":{\"tool\":\"t0\",\"reason\":\"json\"}}"
	print "{\"skipped\":true,\"class\":1}"
	print "{\"skipped\":{\"reason\":7},\"class\":1}"
	print "{\"a\":{\"alarm\":false,\"state\":\"learning\"},\"b\":{\"alarm\":false,\"state\":\"filling\"}}"
	print "{\"a\":{\"alarm\":false,\"tests\":[{\"field\":\"v\",\"alarm\":false}]}}"
    }' >skipped.nd
run 'promtext skipped.nd >skipped.prom'
rc_is 0 'skipped input'
judge skipped.prom 'skipped'
is 'is counted by tool' "$(metric skipped.prom drift_skipped_total '"t0"')" 4
is 'by so many of them' "$(metric skipped.prom drift_skipped_total | wc -l)" 100
is 'and the others together' \
    "$(metric skipped.prom drift_skipped_total '"other"')" 51
is 'it is no record' \
    "$(metric skipped.prom promtext_input_records_total other)" 2
is 'as others are' \
    "$(metric skipped.prom imgcls_predictions_total 'class="1"')" 2
is 'who learns, who tests' "$(grep ^drift_learning skipped.prom)" \
    'drift_learning{detector="a",stream="default"} 0
drift_learning{detector="b",stream="default"} 1'
head -n 77 skipped.nd >skip1.nd
sed 1,77d skipped.nd >skip2.nd
run 'promtext -s skips skip1.nd >/dev/null && promtext -s skips skip2.nd |
    grep -E "^drift_(skipped|learning)" >both.txt &&
    promtext -s skips /dev/null | grep -E "^drift_(skipped|learning)" >again.txt'
rc_is 0 'counted from run to run'
is 'to the same numbers' "$(cat both.txt)" \
    "$(grep -E '^drift_(skipped|learning)' skipped.prom)"
ok 'and remembered' cmp both.txt again.txt

# Hostile labels.
long=$(awk 'BEGIN { for (; i < 10000; i++) printf "x" }')
{
	# shellcheck disable=SC1003
	for l in '<script>alert(1)</script>' 'a\"b' 'a\\b' 'a\\\\' 'a\nb' \
	    'a\u0000b' 'a\u0001\r\tb' '\ud800' '\ud83d\ude00' 'é€' '{}' '__x' \
	    "$long" "${long}y" '\\n' 'a\",stream=\"x' '#' ' ' '\u007f\u0085'; do
		printf '{"class":1,"label":"%s","prob":0.5}\n' "$l"
		printf '{"v":1,"%s":{"alarm":false,"tests":[{"field":"%s","stat":1,"limit":2,"alarm":false}]}}\n' "$l" "$l"
	done
} >hostile.nd
run "promtext --stream '<b>\"\\\\' --label 'x=a\"b
c' --model-name '\"\\' --model-version \"\$(printf 'a\\377\\tb')\" hostile.nd >hostile.prom"
rc_is 0 'hostile labels'
judge hostile.prom 'hostile'
is 'an invalid byte is replaced' "$(grep -c 'version="a��b"' hostile.prom)" 1
run "printf '{\"class\":1,\"label\":\"\\377\"}\n' | promtext"
rc_is 2 'invalid UTF-8 in a record'

# Lines that are no records.
printf '{"class":1}\nnot\n\n{"class":1}\n{"class":1,"pro' >torn.nd
run 'promtext torn.nd'
rc_is 2 'a line that is no record'
err_has 'promtext: torn.nd:2:1: not a JSON object'
out_is 'and nothing is written' </dev/null
run 'promtext --skip-bad torn.nd >torn.prom'
rc_is 0 'unless it is to be dropped'
err_has '3 lines that are not JSON objects were dropped'
judge torn.prom 'torn'
is 'counted' "$(metric torn.prom promtext_input_errors_total parse)" 2
is 'a torn one apart' \
    "$(metric torn.prom promtext_input_errors_total truncated)" 1
run "printf '{\"class\":1}' | promtext --skip-bad >torn.prom"
is 'a last line without its end is whole' \
    "$(metric torn.prom imgcls_predictions_total)" 1
run "printf '{\"x\":NaN}\n' | promtext"
rc_is 2 'NaN is no JSON'

# The trailer.
run 'promtext --trailer small.nd'
rc_is 0 'a stream with its trailer'
for f in x.nd /dev/null; do
	[ -f "$f" ] || [ "$f" = /dev/null ] || continue
	run "promtext --trailer $f"
	rc_is 2 "$f has none"
	out_is 'nothing is written' </dev/null
done
run 'cat small.nd odd.nd | promtext --trailer'
rc_is 2 'nor does one that goes on'
err_has 'promtext: the input has no trailer; nothing is written'

# Stream, labels, model.
for l in 'x' 'x=' '=x' '__x=1' 'le=1' 'quantile=1' 'job=1' 'instance=1' \
    'stream=1' 'feature=1' 'model=1' 'type=1' 'a-b=1' '1a=1' 'é=1'; do
	run "promtext --label '$l' small.nd"
	rc_is 2 "refused: --label '$l'"
	err_has "'--label': "
done
run 'promtext --label a=1 --label a=2 small.nd'
err_has "'--label': given twice: 'a'"
run "promtext --stream '' small.nd"
rc_is 2 'an empty stream'
printf 'A\nB\nA\n' >names.txt
printf 123456789 >net.v2.weights
run 'promtext -l names.txt --weights net.v2.weights --model-version 7 </dev/null >m.prom'
rc_is 0 'a model'
judge m.prom 'model'
is 'known classes begin at 0' "$(metric m.prom imgcls_predictions_total)" '0
0'
is 'so do known errors' "$(metric m.prom imgcls_errors_total | sort -u)" 0
is 'its digest' "$(grep "imgcls_model_info{" m.prom)" \
    'imgcls_model_info{model="net.v2",version="7",digest="crc32:cbf43926",stream="default"} 1'
run 'printf "{\"class\":1}\n{\"class\":9}\n" | promtext -l names.txt'
out_has 'imgcls_predictions_total{model="default",class="B",stream="default"} 1'
out_has 'imgcls_predictions_total{model="default",class="9",stream="default"} 1'
run 'promtext -w missing small.nd'
rc_is 2 'missing weights'
err_has 'promtext: missing: No such file'
run 'promtext -l missing small.nd'
rc_is 2 'missing labels'
mkdir -p etc
cat >etc/c.yaml <<'IN'
model:
  name: fashion
  version: "3"
  labels: ../names.txt
  cfg: other.cfg
promtext:
  output: ../from.prom
  label: [a=b, c=d]
  window: 2
IN
run 'promtext -c etc/c.yaml small.nd'
rc_is 0 'options from a file'
is 'model, labels, output' "$(grep "imgcls_model_info{" from.prom)" \
    'imgcls_model_info{model="fashion",version="3",stream="from",a="b",c="d"} 1'
run 'promtext -c etc/c.yaml --model-name x -o - small.nd'
rc_is 2 'no file of that suffix'

# Limits.
awk 'BEGIN { for (; i < 300; i++) printf "{\"class\":%d}\n{\"a\":{\"alarm\":false,\"tests\":[{\"field\":\"f%d\",\"alarm\":false}]}}\n", i, i % 3 }' >many.nd
run 'promtext --max-series 60 -o limit.prom many.nd'
rc_is 2 'more series than allowed'
err_has 'series were too many and are left out'
judge limit.prom 'limited'
is 'no more than that' "$(grep -c '^[^#]' limit.prom)" 60
is 'drift comes before classes' "$(metric limit.prom drift_detected | wc -l)" 3
is 'those left out are counted' \
    "$(metric limit.prom promtext_series_dropped_total limit)" \
    "$(promtext many.nd | awk '/^promtext_output_series/ { print $2 - 60 }')"
awk 'BEGIN { for (; i < 100; i++) printf "{\"a%d\":{\"alarm\":false,\"tests\":[{\"field\":\"f%d\",\"alarm\":false}]}}\n", i, i }' >many.nd
run 'promtext many.nd >limit.prom'
rc_is 2 'more detectors than there is room for'
err_has 'promtext: many.nd:33: over a limit of streams, features or detectors'
is 'said once, and at the end' "$(wc -l <"$tmp/err")" 2
judge limit.prom 'detectors limited'
awk 'BEGIN { for (; i < 300; i++) for (k = 0; k <= i % 150; k++)
    printf "{\"g\":%d,\"class\":%d}\n", (i >= 150), i % 150 }' >many.nd
run 'promtext many.nd >top.prom'
rc_is 0 'more classes than a hundred'
judge top.prom 'classes'
is 'have no series of their own' \
    "$(metric top.prom imgcls_predictions_total | wc -l)" 101
is 'but are counted' "$(metric top.prom imgcls_predictions_total 'class="other"')" \
    "$(awk 'BEGIN { for (i = 101; i <= 150; i++) n += 2 * i; print n }')"
run 'promtext -g g --top-classes 3 many.nd >top.prom'
judge top.prom 'classes of streams'
is 'in each stream' "$(grep ^imgcls_predictions top.prom | grep -o 'class.*')" \
    "$(for s in 0 1; do
	for c in 0 1 2; do
		echo "class=\"$c\",stream=\"$s\"} $((c + 1))"
	done
	echo "class=\"other\",stream=\"$s\"} 11319"
    done | LC_ALL=C sort -t '"' -k 2,2)"
run 'promtext --top-classes 0 many.nd >top.prom'
is 'or not at all' "$(metric top.prom imgcls_predictions_total)" 22650
# Those that have names keep them from run to run.
head -n 11000 many.nd >one.nd
sed 1,11000d many.nd | tac >two.nd
cat one.nd two.nd >both.nd
run 'promtext -g g --top-classes 3 both.nd >top.prom'
for f in one two; do
	run "promtext -s named -g g --top-classes 3 $f.nd >$f.prom"
done
is 'the same classes in each run' "$(grep ^imgcls_predictions two.prom)" \
    "$(grep ^imgcls_predictions top.prom)"
ok 'the others only rise' awk '!/class="other"/ { next }
    { n++ } FNR == NR { was[$1] = $2; next } $2 < was[$1] { exit bad = 1 }
    END { exit bad || n < 3 }' one.prom two.prom
awk 'BEGIN { for (; i < 110000; i++) printf "{\"class\":%d}\n", i }' >many.nd
run 'promtext many.nd >top.prom'
rc_is 0 'classes without number'
judge top.prom 'classes without number'
run 'promtext --top-classes 1000000 --max-series 1000000 many.nd >top.prom'
rc_is 0 'as many series as are allowed'
is 'are all there' "$(metric top.prom imgcls_predictions_total | wc -l)" 110000

# In a pipeline of driftpipe-run a limit is no end.
if have driftpipe-run && have pht; then
	awk 'BEGIN { for (; i < 50; i++) printf "{\"g\":%d,\"x\":1}\n", i }' >cams.nd
	for n in 1 2; do
		run "driftpipe-run -i cams.nd -s over -o over.prom --stage 'pht -q -f x -g g' \
		    --stage 'promtext -g g --max-groups 20'"
		rc_is 0 "over a limit in a pipeline, run $n"
	done
	judge over.prom 'over a limit'
	is 'those left out are a metric' \
	    "$(metric over.prom promtext_series_dropped_total)" 60
	is 'the others are there' \
	    "$(metric over.prom drift_learning | wc -l)" 20
else
	skip 'over a limit in a pipeline' 'driftpipe-run is not built'
fi

# Groups. Each stream is as if it were alone.
family() {
	grep -E '^(drift|imgcls)' "$1" | grep -F "stream=\"$2\"" | sort
}
awk 'BEGIN {
	for (s = 7; i++ < 3000;) {
		s = s * 16807 % 2147483647
		c = s % 5
		if (i % 50 == 0) e = "\"error\":{\"stage\":\"decode\"}"
		else if (i % 7 == 0) e = "\"d\":{\"alarm\":false,\"state\":\"filling\"}"
		else if (c == 4 && i < 1500) e = "\"y\":3"
		else e = sprintf("\"d\":{\"alarm\":%s,\"tests\":[{\"field\":\"%s\",\"stat\":%d,\"limit\":50,\"alarm\":%s%s}]}",
		    s % 3 ? "true" : "false", s % 11 ? "x" : "y", s % 97,
		    s % 3 ? "true" : "false",
		    s % 13 ? "" : ",\"event\":\"drift\"")
		printf "{\"at\":{\"cam\":%s},\"time\":%d,\"x\":%d,\"y\":%d,\"class\":%d,\"prob\":0.%d,%s}\n",
		    c == 0 ? "\"a\"" : c == 1 ? 7 : c == 2 ? "true" : c == 3 ? "\"\\u0062\"" : "\"c\\\"\"",
		    i, s % 101, s % 1009, s % 3, s % 7 + 1, e
	} }' >group.nd
run 'promtext -g at.cam --window 40 group.nd >group.prom'
rc_is 0 'streams by a field'
judge group.prom 'groups'
for g in a 7 true b 'c\"'; do
	k=$(printf '%s' "$g" | sed 's/b/\\u0062/')
	case $g in
	7 | true) k="{\"cam\":$k}" ;;
	*) k="{\"cam\":\"$k\"}" ;;
	esac
	grep -F "$k" group.nd | promtext --window 40 \
	    --stream "$(printf '%s' "$g" | sed 's/.\("\)/\1/')" >alone.prom
	family alone.prom "$g" >want
	is "$g: is not nothing" "$([ "$(wc -l <want)" -gt 30 ] && echo yes)" yes
	family group.prom "$g" >got
	ok "stream $g is as it is alone" cmp want got
done
is 'the run is a stream of its own' \
    "$(grep '^promtext' group.prom | grep -cvF 'stream="default"')" 0
is 'which counts all records' \
    "$(awk '/^promtext_input_records/ { n += $NF } END { print n }' group.prom)" 3000

cat >group.nd <<'IN'
{"g":"main","v":1,"d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"v":2,"d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"g":null,"v":3,"d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"g":"","v":3,"d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"g":1.5,"v":3,"d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"g":["x"],"v":3,"d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"g":7,"d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"g":"7","d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"g":"\u0037","d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"g":"x\u0001","d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"g":"x\u0000","d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}
{"g":-12,"class":1}
{"g":false,"error":{"stage":"open"}}
IN
for l in "$long" "${long}y" '<b>' '{}' 'a\"b' 'a\\b' 'a\nb' '\ud800'; do
	printf '{"g":"%s","d":{"alarm":true,"tests":[{"field":"v","event":"drift","alarm":true}]}}\n' "$l"
done >>group.nd
run 'promtext -g g --stream main group.nd >odd-group.prom'
rc_is 0 'odd streams'
judge odd-group.prom 'odd groups'
alarms() { metric odd-group.prom drift_alarms_total "stream=\"$1"; }
is 'no value, no text, and the same name' "$(alarms 'main"')" 6
is 'other types are counted as errors' \
    "$(metric odd-group.prom promtext_input_errors_total schema)" 2
is 'a number is as its text' "$(alarms '7"')" 3
is 'what becomes the same is the same' "$(alarms 'x�"')" 2
is 'cut off too' "$(alarms 'xxxxx')" 2
is 'an image of a stream' \
    "$(metric odd-group.prom imgcls_predictions_total 'stream="-12"')" 1
is 'an error' "$(metric odd-group.prom imgcls_errors_total |
    awk '{ n += $1 } END { print n }')" 1
run 'promtext --max-series 100000 -g g --max-groups 3 --model-name m group.nd >few.prom'
rc_is 2 'more streams than allowed'
err_has "series were too many and are left out, for there are more streams than '--max-groups'"
judge few.prom 'few groups'
is 'the first ones are there' "$(sed -n 's/^imgcls_model_info.*stream=/stream=/p' few.prom)" \
    'stream="7"} 1
stream="default"} 1
stream="main"} 1
stream="x�"} 1'
is 'those left out are counted' \
    "$(metric few.prom promtext_series_dropped_total limit)" \
    "$(promtext --max-series 100000 -g g --model-name m group.nd >all.prom
	awk 'FNR == 1 { k++ }
	/^[^#]/ && !/^imgcls_(last_image|usual_gap)/ { n[k]++ }
	END { print n[2] - n[1] }' few.prom all.prom)"
run 'promtext -g a..b group.nd'
rc_is 2 'no path'
err_has "'--group': not a dotted path: 'a..b'"
awk 'BEGIN { for (; i < 3000; i++) printf "{\"g\":%d,\"d\":{\"alarm\":false,\"tests\":[{\"field\":\"v\",\"alarm\":false}]}}\n", i % 1500 }' >group.nd
run 'promtext -g g --max-series 100000 --max-groups 1000 group.nd >many.prom'
rc_is 2 'more streams than may be'
is 'as many as may be' "$(metric many.prom drift_samples_total | sort | uniq -c | tr -s ' ')" ' 1000 2'
run 'promtext -g g --max-series 100000 group.nd >many.prom'
rc_is 0 'as many as there are'
judge many.prom 'many groups'

# What should be: by awk, from the reference.
awk 'BEGIN { for (s = 5; i++ < 400;) {
	s = s * 16807 % 2147483647
	printf "{\"cam\":%s,\"time\":%d,\"x\":%.3f,\"pixels\":{\"contrast\":0.%d},\"class\":%d,\"model\":\"m\"}\n",
	    i % 3 ? "null" : "\"own\"", i * 60, s % 1000 / 7 + (i % 3 == 0) * 90, s % 89 + 10, s % 7 % 3 } }' >ref.nd
for cam in own other; do
	awk -v cam="$cam" 'BEGIN { for (; i++ < 30;) printf "{\"cam\":\"%s\",\"time\":%d,\"x\":%d,\"pixels\":{\"contrast\":0.5},\"class\":%d,\"d\":{\"alarm\":false,\"tests\":[{\"field\":\"x\",\"stat\":1,\"limit\":2,\"alarm\":false}]},\"c\":{\"alarm\":false,\"tests\":[{\"field\":\"class\",\"stat\":1,\"limit\":2,\"alarm\":false,\"df\":2}]}}\n", cam, i * 10 + (i > 20) * 500 + (i > 25) * 3000, i, i % 2 }'
done >now.nd
run 'promtext -g cam --reference ref.nd now.nd >usual.prom'
rc_is 0 'with the reference'
judge usual.prom 'a reference'
# usual SELECTION PATH: mean and deviation, by another way
usual() {
	jq -r "select($1) | $2" ref.nd | awk '{ x[NR] = $1; m += $1 }
	    END { m /= NR; for (i in x) v += (x[i] - m) ^ 2
		printf "%.9g %.9g\n", m, sqrt(v / (NR - 1)) }'
}
said() {
	printf '%.9g %.9g\n' \
	    "$(metric usual.prom drift_reference_mean "feature=\"$2\",stream=\"$1\"")" \
	    "$(metric usual.prom drift_reference_stddev "feature=\"$2\",stream=\"$1\"")"
}
is 'a stream of its own reference' "$(said own x)" "$(usual '.cam == "own"' .x)"
is 'and one of that for all' "$(said other x)" "$(usual '.cam == null' .x)"
is 'what imgcls measures, too' "$(said other pixels.contrast)" \
    "$(usual '.cam == null' .pixels.contrast)"
for class in 0 1 2; do
	is "class $class" \
	    "$(metric usual.prom imgcls_reference_share "class=\"$class\",stream=\"own\"")" \
	    "$(jq -s "map(select(.cam == \"own\")) |
		(map(select(.class == $class)) | length) / length" ref.nd)"
done
is 'which reference it is' \
    "$(metric usual.prom drift_reference_info "digest=\"crc32:$(gzip -c ref.nd |
	tail -c 8 | od -An -N4 -tx4 --endian=little |
	tr -d ' ')\",model=\"m\",stream=\"own\"")" 1
is 'the mean of a field that no detector names' \
    "$(metric usual.prom drift_feature_mean 'feature="pixels.contrast",stream="own"')" 0.5
is 'none of classes' "$(grep -c '^drift_feature.*feature="class"' usual.prom)" 0
is 'the latest image' \
    "$(metric usual.prom imgcls_last_image_timestamp_seconds 'stream="own"')" 3800
is 'the second longest gap' \
    "$(metric usual.prom imgcls_usual_gap_seconds 'stream="own"')" 510
is 'nothing of streams without images' \
    "$(grep -cE '^(drift_ref|imgcls_ref|imgcls_last).*stream="default"' usual.prom)" 0
run 'promtext -f x -f y.z ref.nd'
is 'other fields' "$(grep '^drift_feature_window' out)" \
    'drift_feature_window_samples{feature="x",stream="default"} 100'
run 'promtext -f a..b ref.nd'
err_is 'a field that is none' <<'ERR'
promtext: '--field': no dotted path, or too many: 'a..b'
ERR
run 'promtext --reference none now.nd'
rc_is 2 'a reference that is not there'
# Days: what is older than two weeks, a clock that is ahead, an old file.
awk 'BEGIN { for (; i++ < 40;) print "{\"class\":1,\"time\":" i * 86400 - (i < 9) * 3600 * i "}"
    print "{\"class\":1,\"time\":86400}" }' >days.nd
run 'promtext days.nd'
is 'days' "$(grep '^imgcls_[ul]' out)" \
    'imgcls_last_image_timestamp_seconds{stream="default"} 3456000
imgcls_usual_gap_seconds{stream="default"} 86400'
run "echo '{\"class\":1,\"time\":4000000000}' | cat days.nd - | promtext"
ok 'no image of tomorrow' test "$(sed -n 's/^imgcls_last_image.* //p' out | cut -d. -f 1)" \
    -le "$(date +%s)"

run 'promtext --metrics'
rc_is 0
is 'the list of metrics' "$(cut -f 1,2 "$tmp/out" | wc -l)" 38
for f in small.prom hostile.prom m.prom odd-group.prom; do
	is "$f has nothing else" "$(grep '^# TYPE' $f | cut -d' ' -f 3,4 |
	    grep -vxF "$(awk -F'\t' '{ print $1, $2 }' "$tmp/out")")" ''
	is "$f has that help" "$(sed -n 's/^# HELP //p' $f | sed 's/ /\t/' |
	    grep -vxF "$(cut -f 1,4 "$tmp/out")")" ''
done

# Files.
run 'promtext -o cam7.prom small.nd'
rc_is 0 'to a file'
out_is 'and not to stdout' </dev/null
is 'the stream is its name' \
    "$(metric cam7.prom drift_detected 'stream="cam7"' | wc -l)" 3
is 'anyone may read it' "$(find cam7.prom -printf %m)" 644
ok 'whatever the umask' sh -c 'umask 077; promtext -o um.prom small.nd &&
    test -n "$(find um.prom -perm 644)"'
cp cam7.prom old.prom
old() { ok "$1: the old file is left" cmp cam7.prom old.prom; }
alone() { is "$1: nothing else is" "$(find . -maxdepth 1 -name ".?*")" ""; }
run 'promtext -o cam7.prom torn.nd'
rc_is 2 'a run that fails'
old 'failure'
run 'promtext -o cam7.prom missing.nd'
rc_is 2 'a missing file'
err_has 'promtext: missing.nd: No such file or directory'
old 'missing file'
run 'promtext --trailer -o cam7.prom odd.nd'
old 'no trailer'
run 'promtext -o cam7.txt small.nd'
rc_is 2 'not a .prom file'
run 'promtext -o prom small.nd'
rc_is 2
mkdir dir.prom && mkfifo fifo.prom && ln -s old.prom link.prom &&
    ln -s nowhere dangling.prom
for f in dir fifo link dangling; do
	run "promtext -o $f.prom small.nd"
	rc_is 2 "$f: refused"
	err_is 'said' <<ERR
promtext: $f.prom: is not a regular file
ERR
done
run 'promtext -o no/dir.prom small.nd'
rc_is 2 'no such directory'
err_has 'promtext: no/: No such file or directory'
run 'promtext -o /proc/x.prom small.nd'
rc_is 2 'a directory that takes no file'
mkdir -m 555 locked && chmod 711 "$tmp"
if [ "$(id -u)" -ne 0 ]; then
	run 'promtext -o locked/x.prom small.nd'
	rc_is 2 'a directory that may not be written'
elif have setpriv && setpriv --reuid=65534 --clear-groups \
    "$(command -v promtext)" --metrics >/dev/null 2>&1; then
	run 'setpriv --reuid=65534 --clear-groups "$(command -v promtext)" \
	    -o locked/x.prom'
	rc_is 2 'a directory that may not be written'
	err_has 'promtext: locked/: Permission denied'
else
	skip 'a directory that may not be written' 'root may'
fi
alone 'failures'

run 'promtext small.nd >/dev/full'
rc_is 2 'a full disk under stdout'
err_has 'promtext: standard output: No space left on device'
run 'promtext small.nd | head -c 1'
rc_is 0 'a closed pipe'
err_is 'is quiet' </dev/null
run 'promtext -o cam7.prom small.nd >&-'
rc_is 0 'stdout is not needed with a file'
cp cam7.prom old.prom
run '(ulimit -f 1; exec promtext -o cam7.prom hostile.nd)'
rc_is 2 'a file that may not grow'
err_has 'promtext: cam7.prom: File too large; it is left as it was'
old 'limit'
alone 'limit'
mkdir small
if mount -t tmpfs -o size=16k none small 2>/dev/null; then
	run 'promtext -o small/x.prom </dev/null && cp small/x.prom x.prom'
	rc_is 0 'a small disk'
	run 'promtext -o small/x.prom hostile.nd'
	rc_is 2 'a full one'
	err_has 'promtext: small/x.prom: No space left on device'
	ok 'the old file is left' cmp small/x.prom x.prom
	is 'and no other' "$(ls -A small)" x.prom
	umount small
else
	skip 'a full disk under a file' 'tmpfs can not be mounted'
fi

# Signals: it ends as at the end of the input. What follows the records is more
# than a pipe holds, so that they have been read when it has been written.
mkfifo in
awk 'BEGIN { for (; i < 30000; i++) print "{\"trailer\":{}}" }' >rest.nd
live() {
	promtext "$@" <in >live.out 2>live.err &
	pid=$!
	exec 9>in
	cat small.nd rest.nd >&9
}
live -o live.prom
kill -TERM $pid
wait $pid
is 'SIGTERM ends the stream' $? 0
exec 9>&-
is 'which is written' "$(metric live.prom promtext_input_records_total error)" 1
cp live.prom old.prom
live --trailer -o live.prom
kill -INT $pid 2>/dev/null
kill -TERM $pid
wait $pid
is 'with --trailer it is not' $? 2
exec 9>&-
ok 'the old file is left' cmp live.prom old.prom
live -o live.prom
kill -KILL $pid
wait $pid 2>/dev/null
exec 9>&-
ok 'killed: the old file is left' cmp live.prom old.prom

# Killed at any moment, two at once: there is always one whole file.
awk 'BEGIN { for (; i < 4000; i++) printf "{\"class\":%d}\n", i }' >big.nd
promtext -o both.prom big.nd
size=$(wc -l <both.prom)
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	promtext -o both.prom big.nd &
	one=$!
	promtext -o both.prom big.nd &
	two=$!
	sleep "0.00$i"
	[ $((i % 3)) -eq 0 ] || kill -KILL $one 2>/dev/null
	[ "$(wc -l <both.prom)" -eq "$size" ] || echo "# partial: $i"
	wait $one 2>/dev/null
	wait $two 2>/dev/null
done 2>/dev/null >torn
is 'two writers, one killed: never a part of a file' "$(cat torn)" ''
rm -f .both.prom.*
judge both.prom 'two writers'

if have prometheus-node-exporter && have perl; then
	if start_node; then
		for f in small empty odd hostile m torn deep limit both \
		    odd-group; do
			carried "$f" "$f.prom"
		done
		is 'none of it was in the log' \
		    "$(grep -c 'level=error' node.log)" 0
	else
		ok 'node_exporter starts' false
	fi
else
	skip 'node_exporter' 'not installed'
fi

run 'promtext --help'
rc_is 0
for o in output stream group max-groups label weights labels model-name model-version window \
    top-classes max-series trailer skip-bad metrics check; do
	out_has "--$o"
done
run 'promtext --window 0'
rc_is 2 'out of range'
run 'promtext --max-series 5'
rc_is 2 'out of range'
done_testing
