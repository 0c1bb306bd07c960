#!/bin/sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# stream N FROM LAW: N records with a class of 0 .. 9, even up to FROM, then
# by a rule of awk on the class c and a second random number v.
stream() {
	awk -v n="$1" -v from="$2" 'function u() {
		s = s * 16807 % 2147483647
		return s / 2147483647
	}
	BEGIN {
		for (s = 1; i++ < n;) {
			c = int(10 * u()); v = u(); l = ""
			if (i > from) { '"$3"' }
			printf "{\"i\":%d,\"class\":%s}\n", i, l == "" ? c : l
		}
	}'
}
stream 1500 1000 'if (v < 0.5) c = 3' >moved
stream 1500 1500 '' >even
quick='--horizon 1001' # of which no limits are in the table

# It fires where it must, and only there.
run "chi2 $quick even | grep -c '\"alarm\":true'"
out_is 'quiet without drift' <<OUT
0
OUT
run "chi2 -e $quick even"
rc_is 0 'nor an exit status'
run "chi2 -e $quick moved"
rc_is 1 '-e: an event'
cp out shifted
run "jq -s 'map(.chi2.event) | index(\"drift\") > 1000' shifted"
out_has true 'behind the change'
run "tail -n 1 shifted | jq -c '.chi2.tests[0] | [.field, .alarm, .df, .p < 1e-9,
    .unseen, has(\"new\"), .top[0].class, (.top | length), .top[0].observed,
    .top[0].expected, .stat > .limit]'"
out_is 'its last record' <<OUT
["class",true,9,true,0,false,3,3,$(tail -n 200 moved | grep -c ':3}'),$(
	head -n 500 moved | grep -c ':3}' | awk '{ print $1 * 200 / 500 }'),true]
OUT
run "jq -c 'del(.chi2)' shifted | cmp - moved"
rc_is 0 'records pass as they were'
run "jq -r '.chi2.state' shifted | uniq -c | sed 's/^ *//'"
out_is 'states' <<'OUT'
500 learning
199 filling
801 null
OUT
run "chi2 $quick even | jq -s 'map(select(.chi2.tests != null) |
    .chi2.tests[0] | has(\"top\")) | any'"
out_has false 'top stands where there is an alarm'
run "chi2 $quick --statistic pearson moved | jq -s 'map(.chi2.event) | index(\"drift\") > 1000'"
out_has true "Pearson's sees it too"

# SciPy 1.10.1: chi2_contingency([[60, 40], [10, 10]], False, "log-likelihood")
awk 'BEGIN { for (; i < 100; i++) print "{\"k\":" (i < 60 ? "true" : "false") "}"
    for (i = 0; i < 20; i++) print "{\"k\":" (i % 2 ? "true" : "false") "}" }' >two
by='-f k --window 20 --reference-size 100 --limit 0.5'
run "chi2 $by two | tail -n 1 | jq -c '.chi2.tests[0] | [.stat, .p | . * 1e9 | round]'"
out_is 'G of two classes' <<'OUT'
[678163214,410219933]
OUT
run "chi2 $by --statistic pearson two | tail -n 1 | jq -c '.chi2.tests[0] |
    [.stat, .top[].contribution | . * 1e6 | round]'"
out_is "Pearson's" <<'OUT'
[685714,400000,285714]
OUT

# Classes that the reference lacks, and hostile ones.
stream 1200 1000 'l = "\"\\\"</script>\\u0000\\n\\\\caf\\u00e9 \\ud83d\\ude00\""' \
    >hostile
run "chi2 $quick hostile"
rc_is 0 'a hostile label'
tail -n 1 out >last
run "jq -c '.chi2.tests[0] | [.unseen, .new, .top[0].class == .new[0],
    .top[0].observed, .top[0].expected]' last"
out_is 'is named, and still is JSON' <<'OUT'
[200,["\"</script>\u0000\n\\café 😀"],true,200,0]
OUT
stream 1200 1000 'if (i == 1100) l = "\"cat\""; if (i > 1198) l = "true"' >few
run "chi2 $quick few | tail -n 1 | jq -c '.chi2.tests[0] | [.unseen, .new, .alarm]'"
out_is 'a few that are unseen: counted and named' <<'OUT'
[3,[true,"cat"],false]
OUT
stream 1300 700 'if (v < 0.7) l = i' >ids
run "chi2 $quick --max-classes 12 ids | tail -n 1 | jq -c '.chi2.tests[0] |
    [.alarm, .new[0], .top[0].class]'"
out_is 'more classes than --max-classes share a code' <<'OUT'
[true,null,null]
OUT
run "chi2 $quick ids | tail -n 1 | jq -c '.chi2.tests[0] | [.unseen, .new]'"
out_is 'and with room, each is one' <<OUT
[$(tail -n 200 ids | grep -c '[0-9][0-9]}'),[$(
	tail -n 200 ids | grep -o '[0-9][0-9]*}' | grep -v '^.}' | head -n 3 |
	tr -d '}' | paste -sd, -)]]
OUT

# 7 and "7" are two classes, whatever their escapes.
awk 'BEGIN { for (; i < 300; i++) print "{\"class\":" (i % 2 ? "7" : "\"7\"") "}"
    for (i = 0; i < 50; i++) print "{\"class\":\"\\u0037\"}" }' >sevens
run "chi2 --window 50 --reference-size 300 --limit 9 sevens | tail -n 1 |
    jq -c '.chi2.tests[0] | [.df, .unseen, .top[0].class]'"
out_is 'type and escapes' <<'OUT'
[1,0,7]
OUT

# Sparse classes: 50 of 1 in 100 each, and one of a half.
stream 2500 0 'if (v < 0.5) l = 100 + int(100 * v)' |
    sed 's/:[0-9]}/:0}/' >sparse
by='--window 100 --reference-size 2000 --limit 1000'
run "chi2 $by sparse | tail -n 1 | jq .chi2.tests[0].df"
out_is 'sparse classes share cells' <<'OUT'
9
OUT
run "chi2 $by --min-expected 0 sparse | tail -n 1 | jq .chi2.tests[0].df"
out_is 'and have their own if asked' <<'OUT'
50
OUT

# One class only.
yes '{"class":"x"}' | head -n 900 >one
run "chi2 -e $quick one"
rc_is 0 'one class: quiet'
cp out one.out
run "sed 's/\\(limit\":\\)[0-9.]*/\\1L/' one.out | tail -n 1"
out_is 'with a statistic of 0' <<'OUT'
{"class":"x","chi2":{"alarm":false,"tests":[{"field":"class","stat":0,"limit":L,"alarm":false,"df":0,"p":1,"unseen":0}]}}
OUT
yes '{"class":"y"}' | head -n 100 >>one
run "chi2 -e $quick one"
rc_is 1 'and another class is news'

# What can't be used, and what is bad.
cat >odd <<'IN'
{"class":null}
{"class":1.5}
{"class":[1]}
{"class":{"a":1}}
{}
{"class":1,"error":{"stage":"open"}}
{"class":1}
IN
run "chi2 -v odd"
rc_is 0 'unusable records'
err_has '1 records used, 6 skipped'
cp out odd.out
run 'diff odd odd.out'
out_is 'they pass unchanged' <<'OUT'
7c7
< {"class":1}
---
> {"class":1,"chi2":{"alarm":false,"state":"learning"}}
OUT
run "head -n 6 odd | chi2"
rc_is 0
err_is 'none at all' <<'ERR'
chi2: none of 6 records has classes in all of the fields, the first being 'class'
ERR
out_has '{"class":1.5}'
run "printf '{\"class\":1}\n{\"class\":\n' | chi2"
rc_is 2 'a line that is no record'
err_has 'chi2: stdin:2:'
run "printf '{\"class\":1}\nx\n' | chi2 -q --skip-bad"
rc_is 0 '--skip-bad'

# Two fields, each with its limit; the reference out of a file, kept.
head -n 500 even >reference
sed 's/"class":\([0-9]\)/&,"odd":\1/; s/"odd":[02468]/"odd":false/; s/"odd":[13579]/"odd":true/' \
    moved >both
head -n 500 both >reference
run "chi2 -v -f class -f odd $quick --reference reference both | tail -n 1 |
    jq -c '[.chi2.tests[] | .field, .df, .alarm]'"
out_is 'two fields' <<'OUT'
["class",9,true,"odd",1,true]
OUT
err_has 'chi2: limit' 'the limit is said'
run "chi2 -v -f class -f odd $quick --reference reference both | tail -n 1 |
    jq '[.chi2.tests[].limit] | .[0] > .[1]'"
out_has true 'limits of their own'
err_has "kept in '" 'limits are kept'
run "find cache -name '*cells=2-*fap=0.025*' | wc -l"
out_is 'one for each number of cells' <<'OUT'
1
OUT
stream 600 0 'c = int(10 * u()); l = "\"" (v < 0.6 ? c : c % 5) "\""' >other
run "chi2 -v $quick --reference-size 500 other"
err_has "kept in '" 'which other classes share, with other frequencies'

# Many groups, each with a reference of its own, some with fewer cells.
awk 'BEGIN { for (s = 1; i++ < 60000;) { s = s * 16807 % 2147483647
    g = i % 300; u = s / 2147483647
    printf "{\"g\":%d,\"class\":%d}\n", g, (3 + g % 4) * u * u } }' >groups
run "chi2 -v -g g --window 40 --horizon 100 --reference-size 100 groups"
rc_is 0 'many groups'
is 'share the few simulations' "$(grep -c simulated err)" \
    "$(grep 'simulated runs with' err | sort -u | wc -l)"
ok 'of their cells' test "$(grep -c simulated err)" -lt 8

# Options.
run 'chi2 --statistic cramer even'
rc_is 2 'a wrong choice'
run 'chi2 --window 0 even'
rc_is 2 'a wrong number'
run 'chi2 --limit -1 even'
rc_is 2
run 'chi2 nothere'
rc_is 2 'no such file'
err_has 'nothere: No such file'
run 'chi2 --reference /dev/null even'
rc_is 2 'an empty reference'
run 'chi2 even >/dev/full'
rc_is 2 'a full disk'
printf 'kinds:\n  tool: chi2\n  field: class\n  window: 100\n  limit: 20\n' >c.yaml
run 'chi2 -n kinds -c c.yaml moved | tail -n 1 | jq .kinds.tests[0].limit'
out_is 'options of a configuration' <<'OUT'
20
OUT

# Dependence stays, and is said.
awk 'BEGIN { srand(1); for (; i < 500; i++) { c = int((rand() < .3 ? c : 4 * rand()))
    printf "{\"class\":%d}\n", c } }' >resembling
run 'chi2 --lives 99 resembling'
rc_is 0 'records that resemble those before them'
err_has "'class': records resemble those before them, with an autocorrelation of 0."
run 'chi2 --limit 20 resembling'
is 'a fixed limit has no guarantee to lose' "$(grep -c resemble err)" 0

done_testing
