#!/bin/sh
# What the detectors share beside the plain stream: groups, what follows an
# event, and limits from the reference itself.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 2

# Three cameras in turn; that of "b" drifts from its 2000th record on.
normals 9000 11 | jq -c '
    .cam = ["a", "b", 7][.seq % 3] |
    if .cam == "b" and .seq > 6000 then .x += 1 else . end |
    .k = if .x > 0.7 then "high" elif .x < -0.7 then "low" else "mid" end |
    .y = .x' >s
for cam in '"a"' '"b"' 7; do
	grep "\"cam\":$cam," s >"only-$cam"
done

for detector in 'pht -f x' 'iks -f x' 'nmddm -f x' 'chi2 -f k' \
    'mewma -f x -f y'; do
	tool=${detector%% *}
	detector="$detector --horizon 1000 --lives 999"
	for after in hold reset adopt; do
		run "$detector --after $after -g cam s"
		rc_is 0 "$tool, $after: groups"
		cp out grouped
		for cam in '"a"' '"b"' 7; do
			grep "\"cam\":$cam," grouped >got
			run "$detector --after $after 'only-$cam'"
			ok "$tool, $after: as if $cam were alone" cmp out got
		done
	done
	# The same reference for all, and one that is a group's own.
	head -n 600 only-7 | jq -c 'del(.cam)' >common
	run "$detector --reference common -g cam 'only-\"a\"'"
	cp out got
	run "$detector --reference common 'only-\"a\"'"
	ok "$tool: a reference without the field is everyone's" cmp out got
	head -n 600 'only-"b"' >own
	cat common own >both
	run "$detector --reference both -g cam 'only-\"b\"'"
	cp out got
	run "$detector --reference own 'only-\"b\"'"
	ok "$tool: one with the field is the group's alone" cmp out got
done

# Forms without a reference, and references of different sizes.
for detector in 'pht --compat river' 'nmddm --mode paper'; do
	run "$detector -f x -g cam s"
	jq -c 'select(.cam == 7)' out >got
	run "$detector -f x only-7 | jq -c ."
	ok "$detector: starts at once" cmp got out
done
head -n 200 'only-"a"' >both
head -n 400 only-7 >>both
run 'iks -f x -g cam --horizon 1000 --lives 999 --reference both s'
for cam in '"a"' 7; do
	limit=$(jq "select(.cam == $cam) | .iks.tests[0].limit // empty" out |
	    head -n 1)
	jq -c "select(.cam == $cam)" both >own
	run "iks -f x --horizon 1000 --lives 999 --reference own 'only-$cam'"
	is "the limit is that of the reference of $cam" "$limit" \
	    "$(jq '.iks.tests[0].limit // empty' out | head -n 1)"
	run 'iks -f x -g cam --horizon 1000 --lives 999 --reference both s'
done
run "nmddm --scan --step 20 -f x --horizon 1000 --lives 999 'only-\"b\"'"
is 'a statistic that is held speaks of the same record' "$(jq -c '.seq as $s |
    .nmddm.tests[0] | select(.alarm) | ($s - .since_seq) / 3 + 1 - .since' \
    out | sort -u)" 0

run 'iks -f x -g cam --max-groups 2 s'
rc_is 0 'more groups than allowed'
err_has "3000 records skipped: more than 2 values of 'cam'"
err_has ': records skipped from here on: more than 2 values' 'the first, at once'
is 'and its place' "$(head -n 1 err | cut -d: -f1-3)" "iks: s:3"
is 'their members say so' \
    "$(jq -c 'select(.iks.state == "skipped") | .iks' out | sort | uniq -c | xargs)" \
    '3000 {alarm:false,state:skipped}'
is 'nothing else is changed' "$(jq -c 'select(.iks.state == "skipped") |
    del(.iks)' out | cmp - 'only-"a"' && echo yes)" yes
cp out beyond
run 'promtext beyond'
out_has 'drift_skipped_total{tool="iks",reason="groups",stream="default"} 3000' \
    'and they are counted'
run 'promtext -g cam --max-groups 1 beyond'
out_has 'drift_skipped_total{tool="iks",reason="groups",stream="default"} 3000' \
    'for all groups together'

# What is a record of no group, and what an error or a skipped line.
printf '{"x":%d,"error":%s,"trailer":%s,"skipped":%s}\n' \
    1 false null false 2 null false '{"tool":"a"}' 3 null null true >quiet
printf '{"x":%d,"error":%s,"trailer":%s,"skipped":%s}\n' 1 true null null \
    2 null true null 3 null null '{"tool":"a","reason":"json"}' >loud
run 'iks -v -f x quiet loud quiet'
err_has '6 records used, 1 skipped' 'false and null are no errors'
is 'the others pass unchanged' "$(grep -v '"iks"' out | cmp - loud && echo yes)" yes

# -e, when nothing was tested.
run 'iks -e -f x quiet'
rc_is 2 'learning to the end'
run 'iks -e -f x --reference ref --limit 1 quiet'
rc_is 2 'a window that was not full'
run 'iks -e -f x </dev/null'
rc_is 2 'no records'
run 'iks -f x quiet'
rc_is 0 'without -e'
run 'iks -e -s st -f x quiet'
rc_is 0 'to be continued'
run 'iks -e -f x -g cam --limit 1 --max-groups 1 s'
rc_is 0 'one group was tested'
run 'echo "{\"x\":1}" | iks -f x -g cam'
out_is 'a record without the field passes' <<X
{"x":1}
X
run 'head -n 900 s | iks -f x -g cam'
err_has 'the input ended while 3 of 3 groups were learning'
run 'iks -v -f x -g cam --family --max-groups 10 --horizon 1000 s'
err_has '<= 0.005' 'the promise over all groups'
for bad in '--family' '-g cam --family' '--max-groups 5' '--block 5' '--arl0 10 --fap .1' \
    '--arl0 10 --horizon 5' '-g a..b'; do
	run "iks $bad </dev/null"
	rc_is 2 "refused: $bad"
done

# After an event.
run "iks -f x --horizon 1000 --lives 999 --after reset 'only-\"b\"'"
grep -n -m 1 '"event"' out | cut -d: -f1 >event.at
is 'reset: fills its window anew' \
    "$(sed -n "$(($(cat event.at) + 1))p" out | jq -c .iks)" \
    '{"alarm":false,"state":"filling"}'
run "iks -f x --horizon 1000 --lives 999 --after adopt 'only-\"b\"'"
is 'adopt: learns again' "$(sed -n "$(($(cat event.at) + 1))p" out | jq -c .iks)" \
    '{"alarm":false,"state":"learning"}'
is 'adopt: 400 records beside the window of 100' \
    "$(tail -n +"$(($(cat event.at) + 1))" out | grep -c learning)" 400
is 'adopt: the new normal is quiet' \
    "$(tail -n +"$(($(cat event.at) + 1))" out | grep -c '"event"')" 0

# Limits from the reference: a field twice is one field, since its records are
# drawn together; by the law two fields have even shares, and lower ones.
limit_of() {
	run "$* --horizon 300 --calibrate resample --lives 999 s"
	jq -c '.pht // .iks // .nmddm | .tests | select(.) | .[0].limit' out |
	    head -n 1
}
for tool in pht iks nmddm; do
	is "$tool: correlated fields share a limit" \
	    "$(limit_of $tool -f x -f y)" "$(limit_of $tool -f x)"
done
run 'iks -f x --calibrate resample --block 501 s'
rc_is 2 'a block longer than the reference'
err_has "'--block': longer than the reference of 500"

# On an autocorrelated stream the guarantee under independence does not hold.
awk 'BEGIN {
	for (s = 5; i++ < 4000;) {
		s = s * 16807 % 2147483647; u = s / 2147483647
		s = s * 16807 % 2147483647; v = s / 2147483647
		x = 0.8 * x + 0.6 * sqrt(-2 * log(u)) * cos(6.2831853 * v)
		print "{\"x\":" x "}"
	}
}' >chain
for tool in pht iks nmddm; do
	run "$tool -f x --horizon 3500 --lives 999 --dependence none chain"
	law=$(grep -c '"event"' out)
	run "$tool -f x --horizon 3500 --calibrate resample --lives 999 chain"
	resampled=$(grep -c '"event"' out)
	run "$tool -f x --horizon 3500 --lives 999 chain"
	is "$tool: alarms of a stream that only hangs together" \
	    "$((law > 0)) $resampled $(grep -c '"event"' out)" '1 0 0'
done

# A reference is one for all groups that have none of their own: 2,000 groups
# and a reference of 5,000 fit into 32 MB of addresses, a copy for each does not.
awk 'BEGIN {
	srand(7)
	for (i = 0; i < 5000; i++)
		printf "{\"class\":%d,\"feat\":{\"mean\":%.9f," \
		    "\"std\":%.9f}}\n", 10 * rand(), rand(), rand()
}' >common
awk 'BEGIN {
	for (i = 0; i < 104 * 2000; i++)
		printf "{\"cam\":%d,\"class\":%d,\"feat\":{\"mean\":%.9f," \
		    "\"std\":%.9f}}\n", i % 2000, 10 * rand(), rand(), rand()
}' >many
for tool in 'iks --limit 1' 'nmddm --limit 99' \
    'chi2 -f class --limit 999 --window 100' 'pht --lambda 999'; do
	[ -n "$SANITIZE" ] && continue # it takes addresses of its own
	tested=$( (
		# shellcheck disable=SC3045 # dash has it, too
		ulimit -v 32000
		$tool -q -g cam --max-groups 2000 --reference common many
	) | grep -c '"tests"')
	is "${tool%% *}: 2,000 groups share a reference" \
	    "$((tested >= 5 * 2000))" 1
done

# Classes that a shared reference lacks are those of a group alone, also when
# its state is saved after every record.
awk 'BEGIN {
	for (i = 0; i < 40; i++)
		printf "{\"class\":%d}\n", i % 3
}' >three
awk 'BEGIN {
	for (i = 0; i < 60; i++)
		printf "{\"cam\":%d,\"class\":\"%s\"}\n", i % 2,
		    i % 2 ? (i > 30 ? "b" : "a") : "c"
}' | sed '/"c"/s/"c"/1/' >later
for after in hold adopt; do
	command="chi2 -q -g cam --window 10 --limit 9 --after $after --reference three"
	$command -s whole <later >got
	while read -r line; do
		printf '%s\n' "$line" | $command -s cut
	done <later >out
	ok "classes of a group, --after $after" cmp out got
	ok "and its state" cmp whole/chi2.json cut/chi2.json
	is "that has them after those of all" "$(grep -o '"values":\[[^]]*\]' whole/chi2.json |
	    tr -d '\n')" \
	    '"values":["0","1"]"values":["0","1","2"]"values":["0","1","2","\u0022a\u0022","\u0022b\u0022"]'
	rm -r whole cut
done

# References that are worth too little, and one that is not: the first is warned
# of by its name, the others with -v.
awk 'BEGIN {
	split("a b c\\u00e9 9", name)
	srand(5)
	for (i = 0; i < 200; i++)
		for (g = 1; g <= 4; g++) {
			x[g] = (g == 2 ? 0 : .98) * x[g] + rand() - .5
			printf "{\"cam\":%s,\"x\":%.6f,\"y\":%s,\"class\":%d}\n",
			    g < 4 ? "\"" name[g] "\"" : name[g], x[g],
			    g == 2 ? rand() : 1, (x[g] > 0)
		}
}' >slow
for tool in 'pht -f x' chi2; do
	command="$tool -g cam --reference slow --lives 999 --horizon 300"
	run "$command </dev/null"
	is "$tool: one warning" "$(grep -c 'more frequent than asked' err)" 1
	err_has "${tool%% *}: cam a: '"
	err_has "${tool%% *}: 3 references have records that depend so much on those before them"
	run "$command -v </dev/null"
	is 'each with -v' "$(sed -n "s/^${tool%% *}: \\(cam [^:]*\\): '[a-z]*': .*more frequent than asked.*/\\1/p" err |
	    tr '\n' ' ')" 'cam a cam cé cam 9 '
done
run "mewma -f x -f y -g cam --limit 1 --reference slow </dev/null"
is 'constant fields: one warning' "$(grep -c constant err)" 2
err_has "mewma: cam a: 1 of 2 fields are constant in the reference"
err_has "mewma: 3 references have constant fields"
printf '{"cam":"d","x":1,"y":%d}\n' 1 1 1 >>slow
run "mewma -f x -f y -g cam --limit 1 --reference slow </dev/null"
rc_is 2 'a reference of which nothing can be learnt'
err_has "mewma: cam d: "

# A field with another value in each record: what a group takes before it has
# learnt anything.
awk 'BEGIN {
	for (i = 0; i < 101000; i++)
		printf "{\"cam\":%d,\"class\":1,\"feat\":{\"mean\":1," \
		    "\"std\":2}}\n", i
}' >each
for tool in iks nmddm chi2 pht; do
	[ -n "$SANITIZE" ] && continue # it takes addresses of its own
	run "ulimit -v 400000; $tool -g cam each"
	rc_is 0 "$tool: 100,000 groups at most"
	err_has "1000 records skipped: more than 100000 values of 'cam'"
done
done_testing
