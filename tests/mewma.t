#!/bin/sh
# mewma by its tool: what it detects and names, bad references and records,
# groups. The numbers are numpy's in tests/lib/detect/mewma_test.c.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# Five numbers that share a common part, one more, and a constant; after record
# at their relation changes, by half a deviation of what is their own.
vectors() { # N SEED AT
	awk -v n="$1" -v s="$2" -v at="${3:-1e9}" '
	function u() { s = s * 16807 % 2147483647; return s / 2147483647 }
	BEGIN {
		for (i = 0; i < 10; i++) u()
		for (i = 1; i <= n; i++) {
			c = 4 * u()
			m = i > at ? 0.15 : 0
			printf "{\"seq\":%d,\"act\":[%.4f,%.4f,%.4f,%.4f,7]," \
			    "\"x\":%.4f,\"cam\":\"%s\"}\n", i, c + u(),
			    c + u() + m, c + u(), c - u() - m, u() + c, i % 3 ? "a" : "b"
		}
	}'
}
vectors 800 1 >reference
vectors 1000 2 500 >stream
run 'mewma -v --horizon 1000 --lives 999 -f "act[*]" -f x --reference reference stream'
rc_is 0
cp out whole
err_has '1 of 6 fields are constant in the reference and left out'
err_has "the first being 'act[4]'"
err_has '1000 records used, 0 skipped, 1 events'
is 'detected soon, and lasting' "$(jq -s 'map(select(.mewma.event)) |
    length == 1 and .[0].seq > 500 and .[0].seq < 600' out)" true
is 'with what moved' "$(tail -n 1 out | jq -c '.mewma.tests[0] |
    [.fields, (.top | map(.field + " " + .direction) | .[:2] | sort),
    (.top | length)]')" '[["act[*]","x"],["act[1] up","act[3] down"],3]'
is 'and since when' "$(jq -s 'map(select(.mewma.event))[0] |
    .mewma.tests[0] | .since_seq > 470 and .since_seq < 530' out)" true
is 'the first members' "$(head -n 1 out | jq -c '.mewma | keys_unsorted,
    (.tests[0] | keys_unsorted)' | tr -d '\n')" \
    '["alarm","tests"]["fields","stat","limit","alarm","lambda","since"]'
for tool in pht iks; do
	run "$tool --horizon 1000 --lives 999 -f 'act[0:4]' -f x --reference reference stream"
	is "$tool does not" "$(grep -c '"event"' out)" 0
done
run 'mewma -e -f "act[*]" -f x --lives 499 --reference reference stream'
rc_is 1 '-e'
run "sed 's/,\"mewma\":.*/}/' whole | cmp - stream"
rc_is 0 'the record is as it was'

# The rows are the same, wherever they come from.
jq -c '{a: .act[:4], b: .act[4], c: .x, seq}' stream >other
jq -c '{a: .act[:4], b: .act[4], c: .x}' reference >other.ref
run 'mewma -f "a[0:4]" -f b -f c --horizon 1000 --lives 999 --reference other.ref other'
jq -c '.mewma.tests[0] | .stat, .limit' out >got
jq -c '.mewma.tests[0] | .stat, .limit' whole >want
ok 'elements or fields' cmp got want
jq -c '{a: .act[0], b: .act[1], c: .act[2], d: .act[3], e: .act[4], f: .x,
    seq}' stream >other
jq -c '{a: .act[0], b: .act[1], c: .act[2], d: .act[3], e: .act[4], f: .x}' \
    reference >other.ref
run 'mewma -f a -f b -f c -f d -f e -f f --horizon 1000 --lives 999 \
    --reference other.ref other'
jq -c '.mewma.tests[0] | .stat, .limit' out >got
ok 'fields alone' cmp got want
run 'cat reference stream | mewma -f "act[*]" -f x --horizon 1000 \
    --lives 999 --reference-size 800 | tail -n +801'
ok 'a reference out of the stream' cmp out whole

# Groups: each as a stream of its own, with the common reference or not.
jq -c 'del(.cam)' reference >common
run 'mewma -g cam -f "act[*]" --limit 1.5 --reference common stream'
jq -c 'select(.cam == "b")' out >got
jq -c 'select(.cam == "b")' stream >b
run 'mewma -f "act[*]" --limit 1.5 --reference common b'
jq -c . out >want
ok 'a group with the reference of all' cmp got want
run 'mewma -g cam -f "act[*]" --limit 1.5 --reference reference stream'
jq -c 'select(.cam == "b")' out >got
jq -c 'select(.cam == "b")' reference >ref.b
run 'mewma -f "act[*]" --limit 1.5 --reference ref.b b'
jq -c . out >want
ok 'and one with its own' cmp got want
# 2,000 groups: 40 numbers each, not 800 rows and a covariance.
awk '{ for (i = 0; i < 40; i++) { sub(/"cam":.*/, "\"cam\":\"" i++ NR "\"}")
    print } }' stream | head -n 20000 >many
# AddressSanitizer reserves more addresses than any limit gives.
run '([ -n "$SANITIZE" ] || ulimit -v 200000
    mewma -g cam --max-groups 30000 -f "act[*]" --limit 1.5 \
	--reference common many)'
rc_is 0 'one fit for many groups'

# References.
{ head -n 100 stream; echo '{"act":[1.7e308,-1e300,0,0,0]}'; } >far
run 'head -n 14 common | mewma -f "act[*]" -f x --reference -  stream'
rc_is 2 'fewer than three for each field'
err_has 'fewer than 3 records for each field'
err_has ': 14 records, 6 fields'
out_is 'and nothing is written' </dev/null
run 'mewma -f "act[*]" -f x --reference-size 14 stream'
rc_is 2 'in the stream, too'
run 'head -n 30 common >short; mewma -f "act[*]" -f x --limit 9 \
    --reference short stream'
rc_is 0 'three are enough'
err_has '30 records are a short reference for 5 fields: 10 for each'
run 'jq -c ".act = [1, 2, 3]" common >same; mewma --reference same same'
rc_is 2 'nothing varies'
err_has 'all of its fields are constant'
run '(cat common; tail -n 1 far) >huge; mewma --reference huge stream'
rc_is 2 'no variance'
err_has "a field's values are too large"
# Twice the same field, and a sum of two.
jq -c '.act += [.act[0], .act[1] + .act[2]]' common >sums
jq -c '.act += [.act[0], .act[1] + .act[2]]' stream >sums.s
run 'mewma --horizon 1000 --lives 999 --reference sums -f "act[*]" -f x sums.s'
rc_is 0 'collinear fields'
is 'do no harm' "$(jq -s 'map(select(.mewma.event)) | length == 1 and
    .[0].seq > 500 and .[0].seq < 620' out)" true
run 'mewma --limit 5 --reference common -f x common'
rc_is 0 'one field'
run 'mewma --limit 5 --reference empty stream'
rc_is 2

# Records that can't be used.
{
	head -n 3 stream
	echo '{"act":[1,2,3,4]}'
	echo '{"act":[1,2,3,4,null]}'
	echo '{"act":[1,2,3,4,5],"error":{"stage":"read"}}'
	echo '{"act":"x"}'
	tail -n +4 stream
} >odd
run 'mewma -v --limit 1.5 --reference common odd'
rc_is 0 'odd records'
err_has "odd:4: 'act[*]' has not as many elements"
err_has '1000 records used, 4 skipped'
grep '"mewma"' out >got
run 'mewma --limit 1.5 --reference common stream'
ok 'change nothing' cmp got out
sed '5s/\[[0-9.]*/[NaN/; 6s/\[[0-9.]*/[1e999/' stream >nan
run 'mewma --limit 1.5 --reference common nan'
rc_is 2 'NaN in an array is no JSON'
err_has 'nan:5:17: not a JSON object'
run 'mewma -v --skip-bad --limit 1.5 --reference common nan'
rc_is 0 'skipped, and a number that is too large'
err_has '998 records used, 1 skipped'
# One that is far off is clipped.
run 'mewma --limit 1.5 --reference common far'
is 'a vector of any length' "$(tail -n 1 out |
    jq '.mewma.tests[0].stat | . != null and . < 3')" true

# The limit.
export XDG_CACHE_HOME="$tmp/cache"
rm -rf cache
run 'mewma -v --horizon 500 --lives 999 --reference common stream'
err_has 'simulated runs with a reference of 800'
run 'mewma -v --horizon 500 --lives 999 --reference common stream'
err_has 'kept in'
sed '1s/"act":\[[0-9.]*/"act":[1/' common >changed
run 'mewma -v --horizon 500 --lives 999 --reference changed stream'
err_has 'simulated runs' 'another reference has another limit'
run 'mewma -v --horizon 500 --lives 999 --lambda .05 --reference common stream'
err_has 'simulated runs' 'and other weights'
is 'one weight' "$(tail -n 1 out | jq .mewma.tests[0].lambda)" 0.05
run 'mewma -v --arl0 500 --lives 999 --reference common stream'
err_has 'simulated runs'
run 'mewma -v --horizon 200 --lives 99 --calibrate resample --block 5 \
    --reference common stream'
rc_is 0 'out of blocks of the reference'
err_has 'from 99 simulated runs'

# Dependence is taken out, and is said.
awk 'BEGIN { srand(1); for (; i < 500; i++) { x = .5 * x + rand() - .5
    printf "{\"x\":%.4f,\"y\":%.4f}\n", x, rand() } }' >resembling
run 'mewma -v -f y -f x --lives 99 resembling'
rc_is 0 'records that resemble those before them'
err_has "'x': autocorrelation of order 1, coefficients 0.5"
run 'mewma -v -f y -f x --lives 99 --dependence none resembling'
is 'unless told' "$(grep -c autocorrelation err)" 0
run 'mewma -v -f y --lives 99 resembling'
err_has "'y': no autocorrelation"
for wrong in '--lambda 0' '--lambda 1.1' '--lambda x' '--clip 0.4' \
    '--clip 2' '--limit 2 --fap 0.01' \
    '--lambda 1 --lambda .5 --lambda .4 --lambda .3 --lambda .2'; do
	run "mewma $wrong --reference common stream"
	rc_is 2 "refused: $wrong"
done
done_testing
