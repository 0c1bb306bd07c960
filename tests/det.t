#!/bin/sh
# What the detectors share, beyond groups (group.t): where an alarm ends, and
# options that contradict each other.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# An alarm begins above the limit, and ends at four fifths of it or below, when
# the change is over: by what Python makes of the values. A weak change lasts
# for 1300 records.
normals 3000 3 500 0.4 | jq -c 'if input_line_number > 1800
    then .x -= 0.4 else . end | .c = ([-2, (.x * 2 | round), 2] | sort)[1] + 0' >s
if command -v python3 >/dev/null; then
	for detector in 'pht -f x' 'iks -f x --window 60' 'nmddm -f x' \
	    'nmddm -f x --scan' 'chi2 -f c --window 100 --limit 20' 'mewma -f x'; do
		tool=${detector%% *}
		lives='--lives 999'
		[ "$tool" != chi2 ] || lives=''
		run "$detector --reference-size 400 $lives <s"
		window=${detector##*--window }
		[ "$window" != "$detector" ] || window=100
		"$top/scripts/oracle-ending.py" "$tool" 400 "${window%% *}" <out >got
		is "$detector: alarms are those of the definition" \
		    "$(grep -c record got)" 0
		ok 'and last longer than by the statistic alone' \
		    awk '!/record/ { exit !($1 > $2 && $2 > 0) }' got
		is 'one change, one event' \
		    "$(grep -c '"event":"drift","tests"' out)" 1
	done
else
	skip 'where alarms end' 'no python3'
fi

# With a fixed limit there is no guarantee.
refused() {
	run "$* </dev/null"
	rc_is 2 "refused: $*"
}
for fixed in 'iks --limit 0.3' 'iks --alpha 0.01' 'pht --lambda 9' \
    'pht --compat river' 'nmddm --limit 3' 'chi2 --limit 9' \
    'mewma --limit 2'; do
	for promise in '--fap 0.01' '--horizon 50' '--lives 99' \
	    '-g a --family'; do
		refused "$fixed $promise"
	done
done
refused nmddm --mode paper --horizon 50
refused nmddm --alpha 0.01
run 'iks --limit 0.3 --fap 0.01 </dev/null'
err_is 'and why' <<X
iks: '--fap': not with a fixed limit
X
printf 'iks:\n  limit: 0.3\n  fap: 0.01\n  field: x\n' >c.yaml
run 'iks -v -c c.yaml s'
rc_is 0 'a file may have both'
err_has "'fap' of the file is not used: not with a fixed limit"

# What would go wrong when the reference is complete is said at once.
refused nmddm --bins 9 --reference-size 8
refused iks --calibrate resample --block 501
refused iks --window 50 --horizon 49
refused iks --lives 9
refused iks --alpha 1e-300 --window 5
refused pht --compat gama --after adopt
err_is 'and why' <<X
pht: '--after': this form has no reference to adopt
X
run 'pht -f x --compat seed --lambda 5 --after reset s'
is 'its sums can be reset' "$(jq -s 'map(select(.pht.event)) | length > 1' out)" true

# A field twice would have two tests of one name.
refused iks -f x -f y -f x
err_is 'and why' <<X
iks: '--field': twice: 'x'
X

# --policy replace is another name.
normals 1200 4 600 2 >s
run 'iks -f x --after adopt s'
cp out want
run 'iks -f x --policy replace s'
ok '--policy replace: the window becomes the reference' cmp out want
is 'once' "$(grep -c '"event":"drift","tests"' out)" 1
refused iks --policy replace --after hold

# Elements of arrays: each is tested as the same value in a field of its own.
normals 900 5 600 2 >s
jq -c '{a: [.x, 1, (.x * 3 | round)], x, k: (.x * 3 | round)}' s >arrays
for detector in 'pht --scores rank --lives 999' 'iks --lives 999' \
    'nmddm --scan --lives 999' 'chi2 --limit 12'; do
	tool=${detector%% *}
	fields='-f x -f k'
	elements='-f a[0] -f a[2]'
	[ "$tool" != chi2 ] || { fields='-f k' elements='-f a[2:3]'; }
	run "$detector --horizon 1000 $fields arrays"
	jq -c ".$tool | del(.tests[]?.field)" out >want
	run "$detector --horizon 1000 $elements arrays"
	jq -c ".$tool | del(.tests[]?.field)" out >got
	ok "$tool: elements as fields" cmp got want
	[ "$tool" != chi2 ] || continue
	run "$detector --horizon 1000 -f 'a[0:3]' arrays"
	cp out want
	run "$detector --horizon 1000 -f 'a[*]' arrays"
	ok "$tool: [*] is all of them" cmp out want
	is 'by their names' "$(tail -n 1 out |
	    jq -c "[.$tool.tests[].field]")" '["a[0]","a[1]","a[2]"]'
done

# Thousands of them; one more -f than there may be paths is still too many.
jq -c '{a: [range(2000)]}' s | head -n 60 >long
run "pht --lambda 5 -f 'a[*]' --reference-size 50 long"
rc_is 0 '2000 elements'
is 'a test each' "$(tail -n 1 out | jq '.pht.tests | length')" 2000

# Arrays that are not as in the reference.
{
	echo '{"a":[]}'
	head -n 100 arrays
	printf '{"a":%s}\n' '[1,2]' '[1,2,3,4]' '[1,null,3]' '[1,1e999,3]' '5' null
	echo '{"x":1}'
	tail -n 20 arrays
} >odd
run "pht -v --lambda 9 --reference-size 90 -f 'a[*]' odd"
rc_is 0 'odd arrays'
is 'have no test' "$(grep -c '"pht"' out)" 120
err_has "odd:102: 'a[*]' has not as many elements as it should: skipped"
err_has '(3 elements are wanted)'
err_has '4 records skipped: an array without all of the elements'
err_has '120 records used, 8 skipped'
run "pht --lambda 9 --reference-size 90 -f 'a[2]' -f 'a[0:2]' odd"
err_has "odd:1: 'a[2]' has not as many elements as it should"
is 'a longer one has what is wanted' "$(grep -c '"pht"' out)" 121
run "pht --lambda 9 --reference arrays -f 'a[*]' odd"
is 'the length by a reference' "$(grep -c '"pht"' out)" 120
head -n 50 arrays | sed 's/"a":.*/"a":[1]}/' >short
run "pht --lambda 9 --reference arrays -f 'a[*]' short"
err_has "short:1: 'a[*]' has not as many elements"
refused pht -f "'a[1'"
refused pht -f "'a[1].b'"
err_is 'a name that is none' <<X
pht: '--field': neither [N], [N:M] nor [*] at its end: 'a[1].b'
X
refused pht -f "'a[*]'" -f "'a[3]'"
err_is 'an element twice' <<X
pht: '--field': twice: 'a[3]'
X
refused pht -f "'a[0:9999999]'"

# Records that --unless passes by: the rest is as if they were not there, in
# the reference too.
normals 400 61 250 2 | awk '{ sub(/}$/, ""); d = ""
	if (NR % 5 == 0)
		d = ",\"d\":{\"twice\":false}"
	if (NR % 3 == 0)
		d = ",\"d\":{\"twice\":true}"
	print $0 d "}" }' >all
awk '!/"twice":true/' all >rest
for detector in "pht --horizon 200 --lives 999" \
    "iks --window 20 --horizon 200 --lives 999" \
    "mewma --limit 1"; do
	name=${detector%% *}
	run "$detector -v -e -f x --reference-size 90 --unless d.twice all"
	rc_is 1 "$name: an event"
	err_has '267 records used, 0 skipped'
	err_has "133 records passed by, with 'd.twice'"
	grep -v '"twice":true' out >got
	$detector -f x --reference-size 90 rest >want
	ok "$name: as without them" cmp got want
	grep '"twice":true' all >want
	grep '"twice":true' out >got
	ok "$name: these as they came" cmp got want
done
run "pht -f x --horizon 200 --lives 999 --reference all --unless d.twice rest"
cp out got
run "pht -f x --horizon 200 --lives 999 --reference rest rest"
ok 'they are no part of a reference in a file' cmp got out
run "pht -f x -e --unless x all"
rc_is 2 'nothing is tested when all are passed by'
err_has "all 400 records have 'x', and are passed by"
run 'pht -f x --unless a..b all'
err_is 'a path that is none' <<X
pht: '--unless': not a dotted path: 'a..b'
X

# A window that is never full while the guarantee lasts: said before the first
# record, whatever the limit depends on.
for o in "chi2 -f class" "iks -f x" "iks -f x --policy tumbling" \
    "iks -f x --context class" "nmddm -f x" "nmddm -f x --mode kde"; do
	run "$o --window 90 --horizon 89 </dev/null"
	rc_is 2 "$o: a window longer than the horizon"
	err_is 'says so' <<X
${o%% *}: no statistic within 89 records: the window is longer than the horizon of the guarantee
X
done
for o in "chi2 -f class" "nmddm -f x --scan --lives 20 --fap .1"; do
	run "$o --window 90 --horizon 90 </dev/null"
	rc_is 0 "$o: one that is full at the end"
done
run "chi2 -f class --window 90 --limit 9 </dev/null"
rc_is 0 'a fixed limit has no horizon'

done_testing
