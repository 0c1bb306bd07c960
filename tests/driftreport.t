#!/bin/sh
# driftreport: what the page says is what the records say; that it is valid and
# loads nothing; and a page for whatever can't be used.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# valid NAME: well-formed, and nothing in it is run or fetched.
valid() {
	if ! command -v xmllint >/dev/null; then
		skip "$1: well-formed" 'no xmllint'
		skip "$1: loads and runs nothing" 'no xmllint'
		return
	fi
	ok "$1: well-formed" xmllint --noout out
	is "$1: loads and runs nothing" "$(xmllint --xpath '
	    count(//*[local-name() = "script" or local-name() = "link" or
		local-name() = "iframe" or local-name() = "object"] |
	    //@*[starts-with(name(), "on")] |
	    //@src[not(starts-with(., "data:image/"))] |
	    //@href[contains(., ":") or contains(., "//")])' out)" 0
	is "$1: pictures and charts have texts, tables headers, a language" \
	    "$(xmllint --xpath '
	    count(//*[local-name() = "img" and not(@alt != "")] |
	    //*[local-name() = "svg" and not(*[local-name() = "title"] != "")] |
	    //*[local-name() = "table" and not(.//*[@scope = "col"])] |
	    //*[local-name() = "tr" and not(*[@scope])] |
	    /*[not(@lang)])' out)" 0
	ok "$1: no style fetches anything" \
	    sh -c '! grep -qiE "@import|url\(" out'
}

# A picture that goes out of focus at record 1500, seen by one detector.
normals 2000 1 1500 -3 | jq -c '{seq, time: (1.7e9 + 60 * .seq),
    image: "cam/\(.seq).png", class: (.seq * 7 % (if .seq > 1500 then 3 else 5
    end)), prob: 0.9, wrong: (if .seq > 1500 and .seq % 2 == 0 then 1 else 0
    end), pixels: {sharpness: (10 + .x), brightness: (5 + .y / 10)}}' >plain
pht -f pixels.sharpness --horizon 2000 --lives 999 plain >records
run 'driftreport --format text records'
rc_is 0 'a stream that drifts'
out_has 'The stream has drifted since 2023-11-15' 'since when'
out_has 'later by pht' 'who found it'
out_has 'Accuracy fell from 100.0' 'what it costs'
out_has 'Sharpness fell to two thirds' 'what moved'
out_has 'Less sharp at the same brightness: out of focus' 'the cause'
out_has 'is not known here' 'how sure that is, records do not say'
is 'no line is longer than a mail has' \
    "$(awk 'length($0) > 200' out | grep -cv jq)" 0
is 'the alerts that it silences are there' "$(sed -n \
    "s/.*alertname=~'Drift(\(.*\))'.*/\1/p" out | tr '|' '\n' |
    while read -r name; do
	    grep -qx " *- alert: Drift$name" \
		"$top/configs/prometheus/alerts.yml" && echo yes
    done | uniq -c | tr -s ' ')" ' 3 yes'
run 'driftreport --format text --horizon 2000 records | tr -s "\n " " "'
out_has 'of runs of 2000 undrifted records' 'but the user can'
out_has 'false alarms a month' 'and how often that is'
run 'driftreport --format markdown records'
out_has '| pixels.sharpness |' 'Markdown: a table'
ok 'Markdown: no HTML' sh -c '! grep -q "<[a-z]" out'
run 'driftreport records'
valid 'HTML'
ok 'it is small' test "$(wc -c <out)" -lt 2000000
cp out page
run 'driftreport -o page2 records'
ok '-o writes the same' cmp page page2
run 'driftreport -o - records'
ok 'and - is standard output' cmp page out
run 'driftreport <records -o stdin.html'
rc_is 0 'from standard input'

# The numbers again, by jq: of the reference, the first 500, and of now.
# Contrast as WCAG 2 has it, of all that text is written in, by colour scheme.
tr '{};' '\n' <page | awk '
function part(x, i) {
	x = (index(hex, substr(x, i, 1)) - 1) * (n == 4 ? 17 : 16) + \
	    (n == 4 ? 0 : index(hex, substr(x, i + 1, 1)) - 1)
	x /= 255
	return x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ^ 2.4
}
function light(x) {
	n = length(x)
	return n == 4 ? \
	    .2126 * part(x, 2) + .7152 * part(x, 3) + .0722 * part(x, 4) : \
	    .2126 * part(x, 2) + .7152 * part(x, 4) + .0722 * part(x, 6)
}
BEGIN { hex = "0123456789abcdef" }
/^--[a-z]+:#/ {
	split($0, a, ":"); c[substr(a[1], 3)] = light(a[2])
	if (a[1] == "--open") {
		schemes++
		for (i = split("ink soft bad good open", t, " "); i > 0; i--)
			for (k = split("paper wash", b, " "); k > 0; k--) {
				x = c[t[i]] + .05; y = c[b[k]] + .05
				r = x > y ? x / y : y / x
				if (r < 4.5) print t[i], "on", b[k], r
			}
	}
}
END { print schemes, "schemes" }' >contrast
is 'every text has a contrast of 4.5 to 1' "$(cat contrast)" '3 schemes'

run 'driftreport --format json records'
rc_is 0 'JSON'
from=$(jq '.streams[0] | .records + 1 - ([.classes[].n] | add)' out)
is 'now begins at most a bucket after the change' \
    "$(jq --argjson from "$from" '.streams[0].since as $s |
	$from >= $s and $from - $s < 2000 / 32' out)" true
jq -s --argjson from "$from" '
    def share($x): (map(select(. <= $x)) | length) / length;
    def quantile($p): sort[(length * $p | ceil) - 1];
    map(.pixels.sharpness) as $x | $x[:500] as $a | $x[$from - 1:] as $b |
    map(.class) as $k | $k[:500] as $c | $k[$from - 1:] as $d |
    {d: ([$x[:500][], $b[] | . as $t | ($a | share($t)) - ($b | share($t)) |
	if . < 0 then -. else . end] | max),
     mean: ($b | add / length), median: ($b | quantile(.5)),
     before: ($a | quantile(.5)),
     chi2: ([range(5) as $i | ($c | map(select(. == $i)) | length) as $p |
	($d | map(select(. == $i)) | length) as $q | ($c | length) as $n |
	($d | length) as $m | ($n * $q - $m * $p) as $e |
	$e * $e / ($n * $m * ($p + $q))] | add)}' records >want
jq -s '.[0] as $w | .[1].streams[0] as $r |
    ($r.fields[] | select(.field == "pixels.sharpness")) as $f |
    def near($a; $b; $e): ($a - $b) < $e and ($b - $a) < $e;
    {d: ($f.distance <= $w.d + 1e-12 and $w.d <= $f.distance_at_most + 1e-12
	and $w.d - $f.distance < .01),
     mean: near($f.now.mean; $w.mean; 1e-9),
     median: near($f.now.quantiles[2]; $w.median; .05),
     before: near($f.reference.quantiles[2]; $w.before; 1e-12),
     chi2: near($r.mix_chi2; $w.chi2; 1e-9)} | [.[]] | all' want out >same
is 'distance, mean, medians and chi-square are those of jq' "$(cat same)" true ||
    cat want
is 'accuracy is what wrong says' \
    "$(jq -c '.streams[0] | [.accuracy_before, (.accuracy * 1000 | round)]' \
	out)" '[1,500]'

# Where the true class is known: what each class lost, without a change point.
jq -c '.truth = (.seq * 3 % 5)' plain >labelled
run 'driftreport --format json labelled'
jq -s 'def share($n): if $n > 0 then length / $n else null end;
    [range(5) as $c | map(select(.truth == $c)) as $t |
    map(select(.class == $c)) as $a | map(select(.truth == $c and
	.class == $c)) as $r | {class: "\($c)", n: ($t | length),
    recall: ($r | share($t | length)), answers: ($a | length),
    precision: ($r | share($a | length))}]' labelled >want
is 'recall and precision of each class are those of jq' "$(jq -s '.[0] as $w |
    (.[1].streams[0].quality | sort_by(.class) |
	map(del(.recall_before, .precision_before))) == $w' want out)" true
jq -c '.truth = (.seq * 7 % 5)' records >labelled
run 'driftreport --format json labelled'
from=$(jq '.streams[0] | .records + 1 - ([.classes[].n] | add)' out)
is 'before the change and now' "$(jq -c '[.streams[0].quality[] |
    select(.class == "2") | .recall_before, (.recall * 1000 | round)]' out)" \
    "$(jq -c -s --argjson from "$from" '.[$from - 1:] |
	map(select(.truth == 2)) | [1, ((map(select(.class == 2)) | length) *
	1000 / length | round)]' labelled)"
is 'what lost most stands first' "$(jq '.streams[0].quality |
    map(.recall - .recall_before) | . == sort' out)" true
run 'driftreport labelled'
valid 'recall and precision'

# What only the metrics know, of this stream.
promtext --stream cam0 <records >cam.prom
cat >>cam.prom <<'X'
imgcls_errors_total{model="m",reason="decode",stream="cam0"} 7
imgcls_errors_total{model="m",reason="open <b>",stream="cam0"} 1234567
imgcls_errors_total{model="m",reason="open",stream="cam1"} 9
drift_skipped_total{tool="driftpipe-run",reason="json",stream="cam0"} 3
X
{ jq -c '.cam = "cam0"' records; head -n 1500 records |
    jq -c '.cam = "cam1"'; } >cams
run 'driftreport --metrics cam.prom -g cam --format json cams'
rc_is 0 'metrics'
is 'their samples, those of the stream' "$(jq -c '.streams[0].metrics |
    map(select(.name | test("errors|skipped"))) |
    map([.labels.reason, .value])' out)" \
    '[["open <b>",1234567],["decode",7],["json",3]]'
is 'the latest image' "$(jq '.streams[0].metrics[] |
    select(.name == "imgcls_last_image_timestamp_seconds").value' out)" \
    "$(tail -n 1 records | jq .time)"
is 'and of the other its own' "$(jq -c '.streams[1].metrics | map(.value)' \
    out)" '[9]'
run 'driftreport --metrics cam.prom -g cam cams'
valid 'metrics'
out_has 'Images that could not be classified, by reason.'
out_has 'reason open &lt;b&gt;'
for form in text markdown; do
	run "driftreport --metrics cam.prom --format $form records"
	out_has 'stream cam1' "$form: without a name, those of all streams"
done
run 'driftreport --metrics empty.prom records'
rc_is 2 'metrics that are not there'
printf 'a 1\n\nb{c="d} 2\n' >bad.prom
run 'driftreport --metrics bad.prom records'
rc_is 2 'a file that has no metrics'
err_has 'bad.prom:3: not in Prometheus'

# The sections come in the order of the page.
jq -c '.truth = .class | .accest = {alarm: false, accuracy: .9, low: .8,
    high: 1, method: "em", window: 20, tests: [{field: "accuracy", stat: 0,
    limit: .05, alarm: false}]}' records >full
echo '{"error":{"stage":"open","reason":"gone"},"seq":2001}' >>full
run 'driftreport --metrics cam.prom full'
is 'the sections are in their order' \
    "$(sed -n 's|.*<h2 class="section".*>\(.*\)</h2>.*|\1|p' out | tr '\n' ';')" \
    "How often this would be a false alarm;Time line;What moved;Classes;\
Accuracy;Pictures;Images that could not be read;Data quality;\
Estimated accuracy;What the metrics add;What this was made of;\
What to do next;"
is 'and the top of the page leads to each' "$(tr '<' '\n' <out |
    sed -n 's|a href="#\(.*\)">.*|\1|p' | tr '\n' ' ')" "$(tr '<' '\n' <out |
    sed -n 's|h2 class="section" id="\(.*\)">.*|\1|p' | tr '\n' ' ')"
jq -c 'if .seq > 700 then .time += 7200 else . end' records >later
run 'driftreport later'
out_has 'no records for' 'a long silence is on the time line'
out_has '>2 hours<' 'with its length'
valid 'a long silence'

if /usr/bin/python3 -c 'import scipy' 2>/dev/null; then
	run '"$top/scripts/oracle-report.py" "${BUILD:-$top/build}/bin"'
	rc_is 0 'all numbers are those of SciPy' || cat out
else
	skip 'all numbers are those of SciPy' 'no SciPy'
fi

head -n 1500 plain >A
tail -n +1501 plain >B
run 'driftreport --compare --format json A B'
rc_is 0 'two files'
jq -s --slurpfile b B 'map(.pixels.sharpness) as $x |
    ($b | map(.pixels.sharpness)) as $y | [$x[] as $p | $y[] |
	if . > $p then 1 elif . < $p then -1 else 0 end] |
    add / length' A >want
is "Cliff's delta is that of jq" "$(jq -s '.[0] as $w | .[1].streams[0].compared[]
    | select(.field == "pixels.sharpness").delta - $w |
    . < 1e-9 and . > -1e-9' want out)" true
run 'driftreport --compare A B'
valid 'two files'
out_has 'A against B'
run 'driftreport --compare A'
rc_is 2 'two files are needed'
run 'driftreport --compare --reference A A B'
rc_is 2 'and no other reference'

head -n 1500 records >quiet
run 'driftreport --format text quiet'
out_has 'No drift in 1500 records' 'no drift'
out_has 'Nothing has to be done.'
run 'driftreport --format text plain'
out_has 'No detector tested these records' 'no detector'
head -n 600 plain >reference
run 'driftreport --format text --reference reference records'
out_has 'Reference: 600 records of reference' 'a file as the reference'

iks -f pixels.sharpness --horizon 2000 --lives 999 plain >late
run 'driftreport --format text late'
out_has 'When it began is not estimated.' 'a detector that does not say since when'
pht --after reset -f pixels.sharpness --horizon 2000 --lives 999 plain >again
run 'driftreport --format json again'
is 'events one after the other are one drift' \
    "$(jq -c '.streams[0] | [.state, (.since > 1490 and .since < 1510),
	.events_all > 3]' out)" '["Drift",true,true]'
{ cat again; head -n 400 records | jq -c '.seq += 2000'; } >back
run 'driftreport --format text back'
out_has 'and was back at' 'a drift that is over'

head -n 600 records >few
run 'driftreport --reference-size 1000 --format text few'
out_has 'No drift in 600 records' 'tested, though too few for a reference'
seq 700 | awk '{ printf "{\"seq\":%d,\"x\":%d}\n", $1,
    $1 * 7919 % 101 + ($1 > 300) * 200 }' |
    pht -f x --reference-size 200 --horizon 1000 --lives 999 >early
run 'driftreport --format json early'
is 'what drifts is no reference' "$(jq '.streams[0].fields[] |
    .reference.mean < 60' out)" true
seq 800 | awk '{ printf "{\"seq\":%d,\"act\":[%d,%d,%d]}\n", $1,
    $1 * 7 % 11 + ($1 > 600) * 20, $1 * 5 % 13, $1 * 3 % 17 }' |
    mewma -q -f 'act[*]' --reference-size 300 --horizon 1000 \
	--lives 999 >vector
run 'driftreport --reference-size 300 --format text vector'
out_has 'act[0] went up' 'a vector: what contributed'

# Two streams, of which one drifts.
{ jq -c '.cam = "a"' quiet; jq -c '.cam = "b"' records; } >two
run 'driftreport -g cam two'
valid 'two streams'
run 'driftreport -g cam --format text two'
is 'the one that drifts stands first' \
    "$(awk '/^Stream +State/ { getline; print $1, $2; getline; print $1, $2
    }' out)" 'b Drift
a In'
out_has '1 of 2 streams drifts.' 'how many that are'
since=$(driftreport --format json records | jq '.streams[0].since')
grep '^ *jq -r' out >line
. ./line
is 'its command finds the images' "$(head -n 1 look.txt) $(wc -l <look.txt)" \
    "cam/$since.png 200"
run 'driftreport -g cam --max-groups 1 --format text two'
out_has '2000 records of streams beyond' 'too many streams are said'

# Accuracy without labels, by accest itself; beside it the truth.
cp "$top"/tests/vectors/accest/*.ndjson .
accest -q --learn --window 20 -o learnt --damaged mild.ndjson \
    --damaged strong.ndjson clean.ndjson
{ jq -c '.class = (.probs | index(max))' clean.ndjson mild.ndjson
    jq -c 'del(.truth)' strong.ndjson; } | jq -c '.x =
    input_line_number % 7 + if .truth then 0 else 9 end' |
    accest --learnt learnt --stride 1 | pht -q -f x --reference-size 100 \
    --horizon 1000 --lives 999 >judged
run 'driftreport --reference-size 100 --format json judged'
rc_is 0 'estimated accuracy'
jq -s 'length as $n | ((($n - 1) / 64 | floor) + 1) as $few |
    (if $few > 2 then 4 else $few end) as $width |
    def mean: if length > 0 then add / length else null end;
    [range(0; $n; $width) as $i | .[$i:$i + $width] |
    {record: ($i + length), estimated: (map(.accest.accuracy | numbers) | mean),
    low: (map(.accest.low | numbers) | mean),
    high: (map(.accest.high | numbers) | mean),
    accuracy: (map(select(.truth) | if .truth == .class then 1 else 0 end) |
    mean), known: (map(select(.truth)) | length)} |
    select(.estimated or .known > 0)]' judged >want
is 'over time as jq has it' "$(jq -s '.[0] as $w |
    .[1].streams[0].accuracy_over_time as $o | ($w | length) as $n |
    ($o | length) == $n and ([range($n) as $i | $w[$i] | to_entries[] |
	(.value - $o[$i][.key])? // (if .value == $o[$i][.key] then 0 else 1
	end) | fabs] | max) < 1e-12' want out)" true
is 'and the last one' "$(jq -c '.streams[0].estimated | .by, .method, .window,
    .accuracy, .low, .high' out | tr '\n' ' ')" "$(tail -n 1 judged |
    jq -c '"accest", (.accest | .method, .window, .accuracy, .low, .high)' |
    tr '\n' ' ')"
run 'driftreport --reference-size 100 judged'
valid 'estimated accuracy'
out_has 'estimates how many of the last 20 records are right'
out_has 'It gives no promise about false alarms'
ok 'and none is made for it' sh -c '! grep -q "detectors together" out'
for form in text markdown; do
	run "driftreport --reference-size 100 --format $form judged"
	out_has 'Right, by truth' "$form: a table over time"
	out_has 'Estimated accuracy' "$form: where no truth is known now"
done
is 'the verdict is by the estimate, where no truth is known since' \
    "$(jq -c 'if input_line_number > 90 then del(.truth) else . end' judged |
    driftreport --reference-size 100 --format json |
    jq -r '.streams[0].moved' | grep -c 'Accuracy, as estimated, fell')" 1

# How sure it is by the sections of the detectors.
cat >detectors.yaml <<X
pht: {fap: &share 0.02, horizon: 400}
late: {tool: iks, fap: *share, horizon: 100}
X
iks -n late -f pixels.sharpness --horizon 2000 --lives 999 records >both
run 'driftreport -c detectors.yaml --format text both | tr -s "\n " " "'
out_has "at most one false alarm in $(awk 'BEGIN {
    printf "%d", 1 / (-log(.98) / 400 - log(.98) / 100) }') undrifted"
sed 1d detectors.yaml | sed 's/.share/0.02/' >part.yaml
run 'driftreport -c part.yaml --format text both | tr -s "\n " " "'
out_has 'is not known here' 'a configuration of some does not tell of all'
run 'driftreport -c part.yaml --fap .1 --format text both | tr -s "\n " " "'
out_has 'Each detector that is not in the configuration raises'
sed 's/400/many/' detectors.yaml >x.yaml
run 'driftreport -c x.yaml both'
rc_is 2 'a horizon that is no number'
err_has "x.yaml:1:34: 'horizon': not a number"

head -n 1 two >one
run 'driftreport -g cam -o pages/ two'
is 'a directory: a page for each, and an index' "$(cd pages && echo *)" \
    'a.html b.html index.html'
cp pages/index.html out
is 'the index leads to them' \
    "$(grep -o 'href="[^"]*"' out | tr '\n' ' ')" \
    'href="b.html" href="a.html" '
jq -c 'range(60) as $i | .cam = "c\($i)" |
    .more = ([range(20) | {"f\(.)": (1 / (1 + ($i + .) % 7))}] | add)' one >many
sed 's/"seq"/"sequence"/' many >again
cat many again many again >fleet
run 'driftreport -g cam --reference-size 2 fleet'
ok 'sixty streams are below 2 MB' test "$(wc -c <out)" -lt 2000000
out_has 'have no room here' 'and what is left out is said'
valid 'sixty streams'

# As many streams and fields as there may be: five hundred, of a thousand.
awk 'BEGIN {
	for (i = 0; i < 1500; i++) {
		printf "{\"cam\":%d", i % 500
		for (k = 0; k < 1000; k++)
			printf ",\"f%d\":%d", k, (i * 7 + k) % 11
		print "}"
	}
}' >wide
run 'driftreport -g cam --max-groups 500 --reference-size 2 wide'
ok 'five hundred streams of a thousand fields are below 2 MB' \
    test "$(wc -c <out)" -lt 2000000
out_has 'There were more fields than a report takes'
valid 'five hundred streams'

# A fleet of journals, by the commands of cron and of the unit.
mkdir cam0.journal cam1.journal 'cam 2.journal'
head -n 900 records >cam0.journal/records-000001.ndjson
tail -n +901 records >cam0.journal/records-000002.ndjson
cp quiet cam1.journal/records-000010.ndjson
: >'cam 2.journal/.lock'
sed -n "s|^5 [^ ]* [^ ]* [^ ]* [^ ]* driftpipe ||; s|/var/l[a-z]*/driftpipe|.|g
    /^driftreport/p" "$top/configs/cron/driftreport" >pages.sh
run '. ./pages.sh'
rc_is 0 'cron: the line for the pages runs'
is 'they are called like the cameras' "$(cd report && echo *)" \
    'cam0.html cam1.html cam_2-1.html index.html'
cp report/index.html out
valid 'its index'
is 'which leads to them, those that drift first' \
    "$(grep -o 'href="[^"]*"' out | tr '\n' ' ')" \
    'href="cam0.html" href="cam_2-1.html" href="cam1.html" '
cp report/cam_2-1.html out
out_has 'There are no records' 'a journal that is empty'
sed -n "s|^ExecStart=/bin/sh -c '||; s|/usr/local/bin/||; s|'\$||
    s|/var/lib/driftpipe|.|gp" \
    "$top/configs/systemd/driftpipe-report@.service" >unit.sh
is 'the unit runs the same' "$(cat unit.sh)" "exec $(cat pages.sh)"
sed -n "s|^15 6 [^ ]* [^ ]* 1 driftpipe ||; s|/var/l[a-z]*/driftpipe|.|g
    /^driftreport/p" "$top/configs/cron/driftreport" >mail.sh
run '. ./mail.sh'
rc_is 0 'cron: the line for the mail runs'
out_has '1 of 3 streams drifts.' 'which says how many drift'
out_has 'The stream has drifted since' 'and since when'
out_has 'driftpipe-run -c CONFIG --rebaseline last:1000' 'how to accept it'
grep '^ *jq -r' out >line
. ./line
is 'a command names the files of the journal' "$(wc -l <look.txt)" 200
run 'driftreport --group-files -g cam two'
rc_is 2 'streams by one of two means'
run 'driftreport --group-files <two'
rc_is 2 'and not from standard input'
mkdir none
run 'driftreport none'
rc_is 2 'a directory that is no journal'
cp records a-1.ndjson
cp records b.ndjson
mkdir other
cp records other/b.ndjson
driftreport --group-files -o alike/ a-1.ndjson b.ndjson other/b.ndjson
is 'no page takes the place of another' "$(cd alike && echo *)" \
    'a-1-1.html b-3.html b.html index.html'

# A journal that has lost its first records, but not what happened there.
normals 9000 3 1500 -2 | jq -c '. + {time: (1.7e9 + 60 * .seq), note:
    "some words more, so that a mebibyte does not hold all of them"},
    (select(.seq % 1000 == 0) | {seq, image: "\(.seq).png",
    error: {stage: "decode", reason: "damaged"}})' >long
echo 'no record' >>long
run "driftpipe-run -q -i long -s states --journal long.journal \\
    --journal-size 1 --stage 'pht -f x --horizon 9000 --lives 999 --after reset' >all"
cat long.journal/records-*.ndjson >kept
jq -s --slurpfile kept kept '($kept[0].seq) as $first |
    [.[] | select(.seq and .seq < $first)] |
    {events: map(select(.pht.event)) | length,
     errors: map(select(.error)) | length,
     last: (map(select(.pht.event)) | last.time)}' all >want
run 'driftreport --format json long.journal'
rc_is 0 'a journal whose first records are gone'
is 'it was early enough for a test' "$(jq '.events > 0 and .errors > 1' want)" \
    true
is 'what happened there is counted once' "$(jq -c '.streams[0].earlier |
    {events: .events_all, errors: .unreadable_all, last: .events[-1].time}' \
    out)" "$(jq -c . want)"
is 'with the line that was skipped' "$(jq '.skipped[0].n' out)" 1
run 'driftreport long.journal'
valid 'events of a journal'
out_has 'In the journal, before these records'
out_has 'decode: damaged'
run 'driftreport --format text long.journal | tr -s "\n " " "'
# 0.05 in 9,000 records, and a record each minute.
out_has 'for at most one false alarm in 180' \
    'its false alarms are those of the states'
ok 'an event is found by somebody, or nobody is named' \
    sh -c '! grep -q "later by *\." out'
out_has 'at most 0.24 false alarms a month' 'at the rate of the stream'
head -n 600 long >short
driftpipe-run -q -i short -s fixed --journal fixed.journal \
    --stage 'pht -q -f x --reference-size 400' \
    --stage 'iks -q -f x --window 50 --limit .1 --reference-size 400' >/dev/null
run 'driftreport --format text --reference-size 400 fixed.journal | tr -s "\n " " "'
out_has 'is not known here' 'nothing is known of fixed limits, nor of all'

# Pictures: those that are there, by name, and why the others are not.
cp -r "$top/tests/images" pictures 2>/dev/null || mkdir pictures
png=$(cd pictures && find . -name '*.png' | sort | head -n 1)
echo damaged >pictures/damaged.png
for name in "$png" damaged.png gone.png; do
	echo "{\"image\":\"$name\",\"prob\":0.5}"
done >named
run 'driftreport --images pictures named'
rc_is 0 'pictures'
valid 'pictures'
if [ -n "$png" ]; then
	ok 'one that is there' grep -q 'src="data:image/jpeg;base64,/9j/' out
else
	skip 'one that is there' 'no picture'
fi
out_has 'not there any more' 'one that is gone'
ok 'one that is damaged' grep -q 'class="none">[^n]' out

# Of many images only those that are shown are opened.
if command -v strace >/dev/null && strace true 2>/dev/null; then
	mkdir many.d
	(cd many.d && seq 1000 | sed 's/$/.png/' | xargs touch)
	seq 1000 | sed 's/.*/{"seq":&,"image":"&.png","prob":0.5}/' >named
	run 'strace -f -e trace=open,openat -o trace driftreport \
	    --images many.d named'
	is 'of 1,000 images those that are shown are opened' \
	    "$(grep -c 'many\.d/' trace)" "$(grep -c 'class="none"' out)"
else
	skip 'of 1,000 images those that are shown are opened' 'no strace'
fi

printf '\0\0\010\3\0\0\0\2\0\0\0\2\0\0\0\2\0\377\0\377\377\0\377\0' >two.idx
for i in 0 1 2; do
	echo "{\"image\":\"two.idx#$i\",\"prob\":0.5}"
done >named
run 'driftreport named'
valid 'items of an IDX file'
is 'two are there, the third is not' \
    "$(grep -o 'src="data' out | wc -l) $(grep -o 'not there any more' out | wc -l)" \
    '4 2'

# Names that want to be more than names.
cat >evil <<'X'
{"seq":1,"image":"<script>alert(1)</script>","class":"</td><img src=x onerror=y>","label":"\u202e&\u0000\u001b[2J'\"","prob":0.5,"a<b>":1,"p":{"alarm":true,"event":"drift","tests":[{"field":"<i>","stat":2,"limit":1,"alarm":true,"event":"drift","top":[{"class":"<b>","observed":1,"expected":0}]}]}}
{"seq":2,"image":"x","error":{"stage":"decode","reason":"<svg onload=z>"},"model":"]]>"}
{"seq":3,"skipped":{"tool":"<u>","reason":"json","where":"<"}}
X
printf 'no record\n' >>evil
run 'driftreport --stream "<h1>" evil'
rc_is 0 'hostile records'
valid 'hostile records'
out_has '&lt;script&gt;alert(1)' 'a name is text'
out_has '1 line of the input that is no record' 'a bad line is counted'
run 'driftreport --format text evil'
is 'no control character reaches a mail' \
    "$(tr -d '\n\040-\176\200-\377' <out | wc -c)" 0

# Little or nothing.
: >empty
head -n 1 records >one
for f in empty one; do
	run "driftreport $f"
	rc_is 0 "$f"
	valid "$f"
done
run 'driftreport --format text empty'
out_has 'There are no records'
run 'driftreport --format text one'
out_has 'There is 1 record, too few to compare'
run 'driftreport --reference empty --format text records'
rc_is 0 'an empty reference'
echo '{"error":{"stage":"open","reason":"gone"},"image":"a.png","seq":1}' >gone
run 'driftreport --format text gone'
out_has 'open: gone' 'an image that could not be read'
awk 'BEGIN { for (i = 0; i < 1000000; i++)
    printf "{\"seq\":%d,\"class\":%d,\"prob\":0.%d}\n", i + 1, i,
    i % 7 + 1 }' >many
run 'driftreport many'
rc_is 0 'a million classes'
valid 'a million classes'
ok 'are no large page' test "$(wc -c <out)" -lt 200000
out_has 'are counted together, as all others' 'and said'

run 'driftreport missing'
rc_is 2 'a file that is not there'
run 'driftreport --reference missing records'
rc_is 2 'a reference that is not there'
run 'driftreport -f a..b records'
rc_is 2 'a field that is none'
run 'driftreport records >/dev/full'
rc_is 2 'a full disk'
run 'driftreport -o missing/page records'
rc_is 2 'no such directory'
done_testing
