#!/bin/sh
# accest by its tool: what it learns and estimates against SciPy
# (scripts/oracle-accest.py), bad records and files, groups, the alarm.
. "$(dirname "$0")/lib.sh"
cp "$top"/tests/vectors/accest/* "$tmp"
cd "$tmp" || exit 1

learn='accest --learn --window 20'
run "$learn -v -o l.json --damaged mild.ndjson --damaged strong.ndjson \
    --damaged other.ndjson clean.ndjson"
rc_is 0 'learns'
out_is 'and writes no records' </dev/null
err_has 'accuracy 0.9571 of 70 records, temperature 0.394, 135 damaged'
jq -r '[.classes, .window, .records, .temperature, .accuracy, .confidence,
    .atc, .cott], .count, .cost, .right, .width[:5] | join(" ")' l.json >got
ok 'what SciPy learns' alike 1e-9 got learnt.txt
jq -r '[.doubt], .mean, .scale, [.least], .width[5:] | join(" ")' l.json >got
ok 'what numpy learns of other mixes of classes' alike 1e-9 got mix.txt

for m in cbpe atc doc cot cott em fit auto; do
	run "accest --learnt l.json -m $m --stride 5 stream.ndjson"
	jq -r 'select(.accest.accuracy and .seq % 5 == 0) | [.seq, (.accest |
	    .accuracy, .low, .high)] | join(" ")' out >got
	ok "$m: SciPy's estimates" alike 1e-9 got $m.txt
	[ $m = auto ] ||
	    is "$m: its name" "$(tail -n 1 out | jq -r .accest.method)" $m
	cp out said-$m
done
cat clean.ndjson stream.ndjson | accest --learnt l.json --stride 5 >both
is 'auto says which it took' "$(jq -r '.accest.method // empty' both |
    sort -u | tr '\n' ' ')" 'em fit '
said='select(.accest.accuracy).accest | {accuracy, low, high, method}'
is 'and has its interval' "$(jq -c "$said" said-em said-fit | sort -u >either
    jq -c "$said" said-auto | grep -cvxFf either)" 0
jq '.accest.tests[0].limit // empty' said-auto | uniq >got
ok 'the limit of an alarm' alike 1e-9 got limit.txt
run "accest --learnt l.json --stride 5 stream.ndjson"
ok 'auto is the default' cmp out said-auto
run 'accest --learnt l.json -m cott --stride 5 stream.ndjson'
cp out all
run "sed 's/,\"accest\":.*/}/' all | cmp - stream.ndjson"
rc_is 0 'the record is as it was'
is 'nothing while the window fills' "$(head -n 19 all |
    jq -c .accest | uniq)" '{"alarm":false,"state":"filling"}'
is 'the members' "$(tail -n 1 all | jq -c '.accest | keys_unsorted')" \
    '["alarm","accuracy","low","high","method","window","tests"]'
is 'an estimate every stride' "$(jq -r .accest.accuracy all | sed 1,19d |
    awk 'NR % 5 == 1 { x = $0 } $0 != x' | wc -l | tr -d ' ')" 0

# The order of the undamaged records does not come by windows.
sort -t : -k 3 clean.ndjson | jq -sc 'sort_by(.truth)[]' >sorted
run "$learn -o sorted.json --damaged mild.ndjson sorted"
is 'learnt from sorted records' "$(jq '.width[4] < 20 and .accuracy > .95' \
    sorted.json)" true
head -n 19 mild.ndjson >short
run "$learn -o short.json --damaged short clean.ndjson"
rc_is 0 'a kind of damage with less than a window'
err_has 'short: 19 records, fewer than a window has: nothing is learnt from them'
run "$learn -o alike.json --damaged clean.ndjson --damaged clean.ndjson \
    --damaged clean.ndjson clean.ndjson"
is 'no interval of fit is narrower than by chance' \
    "$(jq '.width[6] * 1e9 | round' alike.json)" 1644853627
run "$learn -o few.json clean.ndjson"
err_has 'no damaged records'
jq -r '.width[:3] | join(" ")' few.json >got
ok 'how wide for new windows, by parts of these records' alike 1e-9 got few.txt

# The alarm: nothing is right any more, then all is well again.
awk -v OFS= 'function put(p) { print "{\"seq\":", ++n, ",\"cam\":", n % 2,
    ",\"probs\":[", p, "]}" }
    BEGIN {
	for (i = 0; i < 80; i++) put(i % 3 ? "0.97,0.01,0.01,0.01" : "0.01,0.97,0.01,0.01")
	for (i = 0; i < 80; i++) put("0.27,0.25,0.25,0.23")
	for (i = 0; i < 80; i++) put(i % 3 ? "0.97,0.01,0.01,0.01" : "0.01,0.97,0.01,0.01")
    }' >falls
run 'accest -e --learnt few.json -m cbpe --stride 1 falls'
rc_is 1 '-e'
is 'an event, and its end' "$(jq -sr 'map(select(.accest.event)) |
    length, (.[0].seq > 80 and .[0].seq < 100)' out | paste -sd ' ')" '1 true'
is 'no alarm at the end' "$(tail -n 1 out | jq .accest.alarm)" false
is 'as a test' "$(jq -c 'select(.accest.event) | .accest.tests[0] |
    [.field, .stat > .limit, .alarm, .event]' out)" \
    '["accuracy",true,true,"drift"]'
run 'accest -e --fall 1 --learnt few.json -m cbpe falls'
rc_is 0 'no fall is so large'
run 'head -n 10 falls | accest -e --learnt few.json'
rc_is 2 'nothing was estimated'
err_has 'the input ended before a window of 20 was full'

# In metrics, and in those of a state: as long as there is an estimate.
accest -n acc --learnt few.json -m cbpe --stride 1 falls >judged
for n in 19 120; do
	run "head -n $n judged | promtext -s p$n | grep accuracy"
	is "metrics after $n records" "$(grep ^drift_estimated out |
	    sed 's/{.*}//')" "$([ $n = 19 ] || sed -n ${n}p judged | jq -r '.acc |
	    "drift_estimated_accuracy_ratio \(.accuracy)",
	    "drift_estimated_accuracy_low_ratio \(.low)",
	    "drift_estimated_accuracy_high_ratio \(.high)"')"
done
out_has 'drift_detected{feature="accuracy",detector="acc",stream="default"} 1'
run "promtext -s p120 </dev/null | grep -c '^drift_estimated_accuracy'"
out_has 3 'a state has them'

# Groups have windows of their own.
run 'accest -g cam --learnt few.json -m cbpe --stride 1 falls'
cp out both
for c in 0 1; do
	jq -c "select(.cam == $c)" falls >one
	accest --learnt few.json -m cbpe --stride 1 one >want
	jq -c "select(.cam == $c)" both >got
	ok "group $c" cmp got want
done
run 'accest -g cam --max-groups 1 --learnt few.json falls'
err_has "falls:2: records skipped from here on: more than 1 values of 'cam'"

# Records that can't be used stay as they are.
cat >bad <<'X'
{"probs":[0.5,0.5,0.5,0.5]}
{"probs":[0.5,0.5]}
{"probs":[0.5,0.5,null,0]}
{"probs":[1.5,-0.5,0,0]}
{"probs":"x"}
{"probs":[1,0,0,0,0]}
{"error":{"stage":"decode"}}
{"other":1}
X
run 'accest --learnt few.json bad'
rc_is 0 'bad records'
ok 'are written as they were' cmp out bad
err_has "bad:1: 'probs' does not sum to 1: skipped, as are all such records"
err_has "6 records skipped: their 'probs' can't be used"
for i in 2 3 4 5; do
	run "sed -n ${i}p bad | accest --learnt few.json"
	err_has "stdin:1: 'probs' " "bad record $i"
done
run 'echo "{\"probs\":[0.5,0.5],\"truth\":2}" | accest --learn -o x'
rc_is 2 'a truth that is none'
err_has 'stdin:1: the truth is not the number of a class, 0 to 1'
run 'head -n 39 clean.ndjson | accest --learn --window 20 -o x'
rc_is 2 'too few'
err_has '39 records, 0 of them damaged: fewer undamaged records than two windows have'
run 'jq -c ".truth = (.probs | index(max))" clean.ndjson | accest --learn --window 20 -o x'
rc_is 2 'a classifier without an error'
err_has 'no temperature fits'
ok 'no file is left' test ! -e x

# What was learnt is read with care.
sed 's/"records":70/"records":71/' l.json >x
run 'accest --learnt x stream.ndjson'
rc_is 2 'a file that does not add up'
err_has 'x: byte '
err_has 'the classes are not as many as the records'
head -c 200 l.json >x
run 'accest --learnt x stream.ndjson'
rc_is 2 'a file that is cut off'
run 'accest --learnt none.json stream.ndjson'
rc_is 2 'no such file'
err_has 'none.json: No such file or directory'
run 'accest stream.ndjson'
rc_is 2 'no file'
err_has "give --learnt, a file that 'accest --learn' has written"
run 'accest --learn clean.ndjson'
err_has 'no file to write: give -o'
run 'accest --learn -o x --stride 3 clean.ndjson'
err_has "'--stride': not with --learn"
run 'accest --learnt l.json --window 30 stream.ndjson'
err_has "'--window': only with --learn"

# What was learnt is of one model.
jq -c '.model = "0123456789ab"' clean.ndjson >named
accest -q --learn --window 20 -o named.json named
is 'the file names the model' "$(jq -r .model named.json)" 0123456789ab
jq -c '.model = (if .seq % 3 == 0 then "ba9876543210" else "0123456789ab" end)
    ' stream.ndjson >mixed
run 'accest --learnt named.json --stride 1 mixed'
rc_is 0 'records of another model'
err_has 'mixed:3: of model "ba9876543210", and learnt was "0123456789ab": nothing is estimated where they differ'
err_has '30 records skipped: of another model than learnt'
is 'are marked' "$(jq -c 'select(.seq % 3 == 0).accest' out | sort -u)" \
    '{"alarm":false,"state":"skipped","reason":"model","reference":"0123456789ab"}'
jq -c 'select(.seq % 3 != 0)' out >got
jq -c 'select(.seq % 3 != 0)' mixed | accest --learnt named.json --stride 1 >want
ok 'and count for nothing' cmp got want
run 'accest -q --learnt named.json mixed | promtext | grep mismatch'
out_has 'drift_reference_mismatch{detector="accest",stream="default"}'
run 'accest --learnt named.json stream.ndjson'
err_is 'records that name none fit any' </dev/null
run 'cat named mixed | jq -c ".truth = 1" | accest --learn -o x'
rc_is 2 'learnt from two models'
err_has 'stdin:73: of model "ba9876543210", after "0123456789ab": what is learnt is of one model'

# Truth that comes later, for some: of the window that the estimate is of.
jq -c 'select(.seq % 3 == 0) | {seq, truth}' mild.ndjson >truths
run 'accest -v --learnt l.json --truth truths --key seq --stride 1 mild.ndjson'
rc_is 0 'truths'
err_has 'of 15 the truth is known'
jq -s --slurpfile t truths '
    ($t | map({"\(.seq)": .truth}) | add) as $t | [range(19; length) as $i |
    [.[$i - 19:$i + 1][] | select($t["\(.seq)"]) |
	if (.probs | index(max)) == $t["\(.seq)"] then 1 else 0 end] as $r |
    ($r | add / length) as $x | .[$i].accest |
    ((.high - .low) / 2 / 1.6448536269514722) as $sd |
    ([.accuracy, 0.999] | min) as $a |
    ([$a * (1 - $a) / $sd / $sd - 1, 0.001] | max) as $n |
    [($r | length), $x, .accuracy - $x,
	($a * $n + ($r | add)) / ($n + ($r | length))] |
    map(tostring) | join(" ")][]' -r out >want
jq -r 'select(.accest.realised).accest | [.realised.n, .realised.accuracy,
    .realised.bias, .corrected.accuracy] | map(tostring) | join(" ")' out >got
ok 'what is right, the bias and the correction are those of jq' \
    alike 1e-9 got want
is 'all full windows have some' "$(wc -l <got | tr -d ' ')" 26
# scipy.stats.beta.ppf: (.05, 6, 2), (.95, 7, 1)
is 'the interval is exact' "$(tail -n 1 out | jq -c '.accest.realised |
    [.n, .accuracy * 7, .low, .high] | map(. * 1e6 | round)')" \
    '[7000000,6000000,479297,992699]'
is 'labels move the estimate towards them' "$(jq -s 'map(.accest |
    select(.realised) | (.corrected.accuracy - .accuracy) * .realised.bias) |
    max <= 0' out)" true
cp out whole
for part in '1,25' '26,45'; do
	sed -n "${part}p" mild.ndjson | accest -q -s late --learnt l.json \
	    --truth truths --key seq --stride 1
done >parts
ok 'a state keeps what is known' cmp parts whole
jq -c '.image = "\(.seq).png"' truths >x
run 'accest --learnt l.json --truth x mild.ndjson'
err_has "no record has a 'image' that is in x"
echo '{"seq":1,"truth":9}' >x
run 'accest --learnt l.json --truth x --key seq mild.ndjson'
rc_is 2 'a truth that is no class'
err_has 'x:1: the truth is not the number of a class, 0 to 3'
echo '{"truth":1}' >x
run 'accest --learnt l.json --truth x --key seq mild.ndjson'
rc_is 2 'a truth of nothing'
err_has 'x:1: a truth without a name'
run 'accest --learnt l.json --key seq mild.ndjson'
err_has "'--key': only with --truth or --ask"

# Which to label: of the last window, spread over the order of their sureness.
jq -c '.image = "\(.seq).png"' stream.ndjson >named
run 'accest --learnt l.json --ask 4 named'
rc_is 0 'some to label'
is 'one of each quarter' "$(tr -d '\n' <out)" "$(jq -sr '.[-20:] |
    map({image, sure: (.probs | max)}) | sort_by(.sure) |
    [range(4) as $i | .[($i * 2 + 1) * 20 / 8 | floor] | {image}][]' -c named |
    tr -d '\n')"
run 'accest --learnt l.json --ask 40 named'
is 'not more than there are' "$(sort -u out | wc -l | tr -d ' ')" 20
run 'head -n 3 named | accest --learnt l.json --ask 2 --key seq'
is 'of a window that is not full' "$(jq -s 'map(.seq < 4) | all, length' out |
    tr '\n' ' ')" 'true 2 '
run 'accest --learnt l.json --ask 4 stream.ndjson'
out_is 'records without a name' </dev/null
run 'jq -c ".cam = .seq % 2" named | accest -g cam --learnt l.json --ask 2'
is 'of each group' "$(wc -l <out | tr -d ' ')" 4
run 'accest --learnt l.json --ask 4 -m cott named'
err_has "'--method': not with --ask"

# A state is of one learnt file.
run 'accest -s st --learnt l.json stream.ndjson'
run 'accest -s st --learnt few.json stream.ndjson'
rc_is 2 'a state made with another file'
done_testing
