#!/bin/sh
# edet and driftfdr: the numbers of another program, ties, what is shown of many
# streams, looks and periods, states, bad input.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

normals 300 1 >reference
normals 400 2 250 .7 >shifted
normals 400 3 340 1 1.8 >wider
run 'edet -f x --limit 5 --reference reference --dependence none shifted'
jq '.edet.tests[0].stat' out >got
run 'edet -f x --limit 5 --reference reference --dependence none wider'
jq '.edet.tests[0].stat' out >>got
"$top/scripts/oracle-edet.py" reference shifted wider >want
ok 'e-values as another program has them' alike 1e-9 got want
ok 'some of which are large' [ "$(awk '$1 > 6' got | wc -l)" -gt 50 ]

run 'edet -v -f x --horizon 300 --lives 999 --reference reference shifted'
rc_is 0
err_has 'for P(alarm in 300 records) <= 0.05'
err_has 'edet: x went up at record'
is 'with what has changed' "$(jq -c 'select(.edet.event) | .edet.tests[0] |
    [.field, .change, .direction]' out)" \
    '["x","mean","up"]'
run 'edet -f x --limit 13 shifted'
rc_is 2 'no e-value is that large'

# With a fixed limit dependence is looked for where that is asked for.
awk 'BEGIN { for (s = 1; i++ < 600;) { s = s * 16807 % 2147483647
    y = .8 * y + s / 2147483647; printf "{\"x\":%.6f}\n", y } }' >slow
run 'edet -v -f x --limit 3 slow'
is 'not by default' "$(grep -c autocorrelation err)" 0
run 'edet -v -f x --limit 3 --dependence auto slow'
err_has "'x': autocorrelation of order"

# Values that are ties: another order of the reference is another luck, which
# has no part in what is seen.
for f in reference shifted; do
	jq -c '{x: (.x * 2 | round)}' $f >tied.$f
done
run 'edet -f x --limit 4 --reference tied.reference tied.shifted'
is 'ties' "$(jq -n '[inputs | .edet.event == "drift"] | index(true) |
    . > 250 and . < 340' out)" true

# Constants have nothing but labels, which are each stream's and field's own: 300
# streams have twice as many e-values, few of them large, and what a stream has
# does not depend on the others, or on where it was cut.
awk 'BEGIN { for (i = 0; i < 60000; i++)
    printf "{\"cam\":\"c%d\",\"a\":7,\"b\":7}\n", i % 300 }' >constants
o='-q -f a -f b -g cam --reference-size 80'
# shellcheck disable=SC2086
edet $o --limit 2 constants >whole
tail -n 300 whole | jq '.edet.tests[].stat' | sort -u >ends
is 'e-values of constants' "$(wc -l <ends)" 600
ok 'one in twenty is 20' [ "$(awk '$1 > log(20) / log(10)' ends | wc -l)" -lt 30 ]
for k in 1 2; do
	# shellcheck disable=SC2086
	edet $o --limit 2 --partition $k/2 constants
done | sort >parts
ok 'of a part of the streams' sh -c 'sort whole | cmp - parts'
run 'head -n 300 constants | edet -v -f a --reference-size 100 --horizon 200 \
    --fap .1 --lives 999 --calibrate resample'
ok 'a limit by resampling constants is that of any distribution' sh -c \
    'awk "/ limit / { exit !(\$3 > 1.45 && \$3 < 1.75) }" err'
grep -E '"c[1-4]?[0-9]"' constants >few
split -n l/3 few few.
for after in reset adopt; do
	rm -rf cut
	o="-q -f a -g cam --limit .4 --reference-size 40 --after $after"
	# shellcheck disable=SC2086
	{
		edet $o few >whole
		for f in few.*; do edet $o -s cut "$f"; done >parts
	}
	ok "--after $after, cut" cmp whole parts
	# How long it takes to the first event, and from there to the second.
	jq -r '[.cam, .edet.event // 0] | @tsv' whole | awk -v n="$after" '
	    { t[$1]++ }
	    $2 == "drift" && ++k[$1] == 1 { first[$1] = t[$1] - 40 }
	    $2 == "drift" && k[$1] == 2 { all++
		same += t[$1] - first[$1] - (n == "adopt" ? 80 : 40) == first[$1] }
	    END { print (all > 5), (same < all / 4) }' >got
	is 'a reference that returns does not meet the same luck' "$(cat got)" '1 1'
done

# A fleet of 40, of which four drift after 50 records each.
for c in $(seq 0 39); do
	normals 100 "$((c + 50))" 50 "$((c < 4 ? 2 : 0))" |
	    jq -c "{seq, at: {cam: \"c$c\"}, x}"
done | jq -c -s 'sort_by(.seq)[]' >fleet
ok 'a fleet' [ "$(wc -l <fleet)" -eq 4000 ]
edet -f x -g at.cam --limit 5 --reference reference fleet >tested
run 'driftfdr -v -g at.cam --every 400 tested'
rc_is 0
cp out all
jq -r '[.at.cam, .driftfdr.look, .driftfdr.alarm] | @tsv' out >list
is 'each of the four enters once' "$(jq -r 'select(.driftfdr.event) | .at.cam' out |
    sort | paste -s)" 'c0	c1	c2	c3'
is 'and stays' "$(awk '$2 == 10 && $3 == "true"' list | wc -l)" 4
err_has 'driftfdr: look 10: 4 of 40 streams, log10 e of 2.301 or more'
is 'none before the change' "$(awk '$2 < 6' list | wc -l)" 0
is 'in the form of a detector' "$(head -n 1 out | jq -c '
    .driftfdr | [keys_unsorted, (.tests[0] | keys_unsorted), .tests[0].top]')" \
    '[["alarm","event","look","tests"],["field","stat","limit","alarm","event","top"],[{"field":"x","share":1}]]'
run 'promtext -g at.cam all'
is 'which has metrics' "$(grep -c '^drift_detected{.*driftfdr.* 1$' out)" 4
is 'and says by what' "$(grep -c '^drift_field_share{feature="x",.*driftfdr' out)" 4
run 'driftfdr -e -g at.cam tested'
rc_is 1 'something entered'
run 'head -n 800 tested | driftfdr -e -g at.cam'
rc_is 0 'nothing did'
is 'nothing is shown' "$(wc -c <out)" 0

# The same lists by another program: of a period of one look, of four, and of a
# larger fleet.
jq -r '[.at.cam[1:], .edet.tests[0].stat] | @tsv' tested | awk '
    { e[$1] = exp($2 * log(10)) }
    NR % 400 == 0 {
	for (i = 0; i < 40; i++)
		printf "%.17g%s", e[i], (i < 39 ? " " : "\n")
    }' >table
for o in '.05 0 1' '.3 0 4' '.5 100 3'; do
	# shellcheck disable=SC2086
	set -- $o
	"$top/scripts/oracle-edet.py" --fdr "$@" <table |
	    awk '{ print NR, $0 }' >want
	run "driftfdr -g at.cam --every 400 --fdr $1 --streams $2 --looks $3 tested"
	jq -r 'select(.driftfdr.alarm) | [.driftfdr.look, .at.cam[1:]] | @tsv' out |
	    awk '{ list[$1] = list[$1] " " $2 }
		END { for (i = 1; i <= 10; i++) print i list[i] }' >got
	sed -i 's/ *$//' want
	ok "a share of $1, $2 streams, $3 looks" cmp got want
done
ok 'some are shown' grep -q ' . . .' got

# What leaves the list is said once.
{
	echo '{"c":1,"edet":{"alarm":true,"tests":[{"field":"x","stat":3,"alarm":true}]}}'
	echo '{"c":1,"edet":{"alarm":false,"tests":[{"field":"x","stat":0,"alarm":false}]}}'
	echo '{"c":1}'
} >one
run 'driftfdr -g c --every 1 one'
is 'entered and left' "$(jq -c '[.c, .driftfdr.look, .driftfdr.alarm,
    .driftfdr.event]' out | paste -s)" '[1,1,true,"drift"]	[1,2,false,null]'
{
	echo '{"c":2,"time":1763000000.5,"edet":{"alarm":true,"tests":[{"field":"x","stat":3,"alarm":true}]}}'
	echo '{"c":2,"time":"now"}'
} >timed
run 'driftfdr -g c timed'
is 'with the time of its last record' "$(jq .time out)" 1763000000.5
run 'driftfdr -g c --all one'
is 'all are written' "$(jq -c '[.driftfdr.alarm, .driftfdr.tests[0].stat]' out)" \
    '[false,0]'

# Who was shown may leave where there are more streams than before, unless it
# was said how many there will be.
for c in 1 2 3 4; do
	printf '{"c":%d,"edet":{"alarm":true,"tests":[{"field":"x","stat":%s,"alarm":true}]}}\n' \
	    $c "$(echo $c | awk '{ print $1 == 1 ? 1.7 : 0 }')"
done >grows
run 'driftfdr -g c --every 1 grows'
is 'a fleet that grows' "$(jq -c '[.c, .driftfdr.alarm]' out | paste -s -d ' ')" \
    '[1,true] [1,true] [1,false]'
run 'driftfdr -g c --every 1 --streams 4 grows'
is 'as is known before' "$(wc -c <out)" 0

# The mean over detectors and their tests; what was skipped leaves the last.
{
	echo '{"c":"a","p":{"alarm":false,"tests":[{"field":"x","stat":2,"alarm":false},{"field":"y","stat":3,"alarm":false}]},"q":{"alarm":false,"tests":[{"field":"z","stat":1,"alarm":false}]}}'
	echo '{"c":"a","p":{"alarm":false,"state":"skipped"}}'
} >two
run 'driftfdr -g c --detector p --detector q --all two'
is 'a mean' "$(jq '.driftfdr.tests[0] | pow(10; .stat) | round' out)" 280
run 'driftfdr -g c --detector p --detector q two'
is 'most of which is' "$(jq -c '.driftfdr.tests[0].top[] |
    [.field, (.share * 1000 | round)]' out)" '["y",893]'
# The alarm is not of the field that leads, which may be another later.
{
	echo '{"c":1,"edet":{"alarm":true,"tests":[{"field":"x","stat":3,"alarm":true}]}}'
	echo '{"c":1,"edet":{"alarm":true,"tests":[{"field":"y","stat":3,"alarm":true}]}}'
	echo '{"c":1,"edet":{"alarm":false,"tests":[{"field":"y","stat":0,"alarm":false}]}}'
} | driftfdr -q -g c --every 1 | promtext -g c >out
is 'the metric of an alarm that is over' "$(grep '^drift_detected' out)" \
    'drift_detected{feature="e",detector="driftfdr",stream="1"} 0'

# An alarm that is answered by another reference is no bet that goes on: else
# the streams that had one would be in the list until that is learnt.
{
	echo '{"c":"a","edet":{"alarm":true,"tests":[{"field":"x","stat":5,"alarm":true}]}}'
	echo '{"c":"a","edet":{"alarm":false,"state":"learning"}}'
} >learning
run 'driftfdr -g c --every 1 --all learning'
is 'while it learns' "$(jq -c '.driftfdr.tests[0] | [.top[0].field, .stat]' out |
    paste -s)" '["x",5]	[null,0]'
jq -n -c '{c: 1, edet: {alarm: false, tests: [range(257) |
    {field: "f", stat: 0, alarm: false}]}}' >many
run 'driftfdr -g c many'
err_has "1 records have a detector's member that can't be read"

# Runs that go on, cut anywhere.
rm -rf st
split -l 333 tested cut.
for f in cut.*; do
	driftfdr -g at.cam --every 400 --looks 4 -s st "$f" || echo failed
done >parts
driftfdr -g at.cam --every 400 --looks 4 tested >whole
ok 'a state goes on' cmp parts whole
run 'driftfdr -g at.cam --every 400 --looks 5 -s st fleet'
rc_is 2 'other options'
sed 's/"period":[0-9]*/"period":7/' st/driftfdr.json >bad
cp bad st/driftfdr.json
run 'driftfdr -g at.cam --every 400 --looks 4 -s st fleet'
rc_is 2 'a damaged state'

# A state has nothing of what was before the reference that was adopted.
o='-q -f x --limit 1.5 --reference-size 40 --after adopt'
# shellcheck disable=SC2086
{
	edet $o shifted >adopted
	n=$(grep -n -m 1 '"event"' adopted | cut -d : -f 1)
	head -n $((n + 40)) shifted | edet $o -s s1 >out
	head -n "$n" shifted | edet $o -s s2 >out
	head -n $((n + 40)) shifted | tail -n 40 | edet $o -s s2 >out
}
ok 'adopted, with a state between' cmp s1/edet.json s2/edet.json

# A stage, with a look at each barrier, or every so many records.
for every in 0 300; do
	rm -rf pipeline log looks
	for part in 1 2; do
		split -n l/$part/2 fleet >>log
		run "driftpipe-run -q -s pipeline -i log --stage \
		    'edet -f x -g at.cam --limit 5 --reference reference' \
		    --stage 'driftfdr -g at.cam --all --every $every'"
		rc_is 0 "a pipeline, part $part"
		cat out >>looks
	done
	is "looks of $every" "$(jq '.driftfdr.look // empty' looks | sort -n |
	    uniq | wc -l)" "$((every ? 13 : 2))"
done
rm -rf pipeline
run "driftpipe-run -q -s pipeline -i log --stage 'driftfdr -q -g at.cam'"
run 'driftfdr -g at.cam -s pipeline tested'
is 'the state of a pipeline, without one' "$(wc -l <out)" 4

run 'driftfdr tested'
rc_is 2
err_has "'--group' is missing"
run 'driftfdr -g at.cam fleet'
err_has "no record has a test of 'edet': a member of that name with"
run "driftfdr -g at.cam --detector edet --detector other tested"
is 'a detector that is nowhere' "$(grep -c "has a test of 'other'" err)" 1
run 'driftfdr -g at.camera tested'
err_has "none of 4000 records has 'at.camera'"
run 'driftfdr -g at.cam /dev/null'
is 'no record, no message' "$(wc -c <err)" 0
run 'driftfdr -g at.cam --max-groups 10 tested'
err_has "more than 10 values of 'at.cam'"
echo nonsense >>one
run 'driftfdr -g c one'
rc_is 2
err_has 'one:4:'
run 'driftfdr -g c --skip-bad one'
rc_is 0
run 'driftfdr -g at.cam --every 400 tested >/dev/full'
rc_is 2 'a full disk'
done_testing
