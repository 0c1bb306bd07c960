#!/bin/sh
. "$(dirname "$0")/lib.sh"
vectors=$top/tests/vectors
cd "$tmp" || exit 1
values() { awk '{ print "{\"x\":" $1 "}" }' "$@"; }

# Known answers: SciPy's at every step, Frouros' at the last.
values "$vectors/frouros_iks_ref.txt" >ref
values "$vectors/frouros_iks_test.txt" >new
run 'iks --window 10 --limit 0.9 --p-value -f x --reference ref new'
is 'fills its window' "$(grep -c '"state":"filling"' out)" 9
tail -1 out | jq -r '.iks.tests[0] | [.stat, .p] | @tsv' >got
echo 0.27 0.46046910 >want
ok 'ends as Frouros does' alike 5e-9 got want
jq -r '.iks.tests[0] | select(.) | [.stat, .p] | @tsv' out >got
awk '!/^#/ { print $3, $4 }' "$vectors/iks_frouros_series.tsv" >want
ok 'each D and p as SciPy has them' alike 1e-12 got want
is 'all 91' "$(wc -l <got)" 91

# The ties of reference and window: what R says of each.
sed 1d "$vectors/iks_ties.tsv" | values >tied
for policy in fixed sliding; do
	run "iks --policy $policy --window 25 --reference-size 60 --limit 1 \
	    --p-value -f x tied"
	column=$((2 + (${#policy} > 5)))
	sed 1d "$vectors/iks_ties.tsv" | cut -f $column >r
	jq -r '.iks.tests[0].p // "-"' out | paste - r |
	    awk '$2 != "-" && $2 > 1e-3 { print $1 / $2, 1 }' >got
	ok "p given the ties, $policy, as R has it" \
	    awk '$1 - 1 > 1e-12 || 1 - $1 > 1e-12 { exit bad = 1 }
	    END { exit bad || NR < 60 }' got
done

# The distance from scratch, at both sides of every value, with ties or not;
# with slide of the values before the window, otherwise of the first ones.
brute='
{ x[NR] = $1 }
NR >= n + m {
	from = slide ? NR - n - m : 0
	for (i = 1; i <= n; i++)
		ref[i] = x[from + i]
	for (i = 0; i < m; i++)
		win[i] = x[NR - i]
	plus = minus = 0
	for (i = 1; i <= n + m; i++) {
		v = i <= n ? ref[i] : win[i - n - 1]
		for (below = 0; below < 2; below++) {
			f = g = 0
			for (j = 1; j <= n; j++)
				f += ref[j] < v || (!below && ref[j] == v)
			for (j = 0; j < m; j++)
				g += win[j] < v || (!below && win[j] == v)
			d = f / n - g / m
			if (d > plus)
				plus = d
			if (-d > minus)
				minus = -d
		}
	}
	max = plus
	if (minus > max)
		max = minus
	printf "%.17g %.17g %.17g\n", max, plus, minus
}'
for round in '' '| round' '| . * 2 | round | . / 2' '> 0 | if . then 1 else 0 end'; do
	normals 130 11 100 1 | jq -c "{x: (.x $round)}" >s
	run 'iks --window 17 --limit 0.5 -f x --reference-size 40 s'
	jq -r '.iks.tests[0] | select(.) | [.stat, .plus, .minus] | @tsv' \
	    out >got
	jq .x s | awk -v n=40 -v m=17 "$brute" >want
	ok "D, D+ and D- from scratch: x $round" alike 1e-12 got want
	is 'at each record' "$(wc -l <got)" 74
	run 'iks --policy sliding --window 17 --limit 0.5 -f x --reference-size 40 s'
	jq -r '.iks.tests[0] | select(.) | [.stat, .plus, .minus] | @tsv' \
	    out >got
	jq .x s | awk -v n=40 -v m=17 -v slide=1 "$brute" >want
	ok "and where both windows move" alike 1e-12 got want
done

# When it is tested, and what.
run 'iks --step 5 --window 17 --limit 0.5 -f x --reference-size 40 s'
jq -c '.iks.tests | select(.) | .[0].stat' out | awk 'NR % 5 == 1' >got
run 'iks --window 17 --limit 0.5 -f x --reference-size 40 s'
jq -c '.iks.tests | select(.) | .[0].stat' out >each
awk 'NR % 5 == 1' each >want
ok 'at every fifth record' cmp got want
run 'iks --policy tumbling --window 17 --limit 0.5 -f x --reference-size 40 s'
jq -c '.iks.tests | select(.) | .[0].stat' out >got
awk 'NR % 17 == 1 { x = $1 } { print x }' each >want
ok 'at the end of each window, and it holds' cmp got want
run 'iks --kuiper --window 17 --limit 0.5 -f x --reference-size 40 s'
is 'the sum of both sides' "$(jq -s 'map(.iks.tests | select(.) | .[0]) |
    length == 74 and all((.stat - .plus - .minus | fabs) < 1e-12 and
    .ks == ([.plus, .minus] | max))' out)" true

# Limits.
normals 400 12 250 2 >s
run 'iks -e -f x --lives 999 --reference-size 200 --window 50 s'
rc_is 1 'an event, by -e'
is 'behind the change' "$(jq -s 'map(select(.iks.event)) |
    length == 1 and .[0].seq > 250 and .[0].seq < 300' out)" true
is 'which moved up' "$(tail -1 out | jq '.iks.tests[0] | .plus > .minus')" true
run 'iks -e --limit 1 -f x --reference-size 200 --window 50 s'
rc_is 0 'nothing is beyond D = 1'
values "$vectors/frouros_iks_ref.txt" >ref
run 'iks --alpha 0.05 --p-value --window 10 -f x --reference ref new'
is 'an alarm where p <= alpha' "$(jq -s 'map(.iks.tests[0] | select(.)) |
    all(.alarm == (.p <= 0.05)) and any(.p <= 0.5)' out)" true
jq -c '.x += 0.9' new >moved
run 'iks --alpha 0.05 --p-value --window 10 -f x --reference ref moved'
is 'and where not' "$(jq -s 'map(.iks.tests[0] | select(.)) |
    all((.stat > .limit) == (.p <= 0.05)) and any(.stat > .limit) and
    any(.stat > .limit | not)' out)" \
    true
run 'iks --window 3 --horizon 2 --reference ref -f x new'
rc_is 2 'a horizon in which no window fills'
err_is 'says so' <<X
iks: no statistic within 2 records: the window is longer than the horizon of the guarantee
X
run 'iks --alpha 0.05 --limit 0.1 </dev/null'
rc_is 2 'one limit only'
run 'iks --kuiper --alpha 0.05 </dev/null'
rc_is 2 'no level of a single test'
err_is 'for Kuiper' <<X
iks: '--kuiper' has no exact p-value: not with '--alpha'
X
run 'iks --kuiper --p-value </dev/null'
rc_is 2 'nor a p-value'
run 'iks --policy tumbling --step 5 </dev/null'
rc_is 2 'windows in a row have no step'
for how in '' '--kuiper' '--policy sliding' '--policy tumbling' '--step 7'; do
	run "iks $how --window 20 --horizon 100 -f x --reference ref new"
	tail -1 out | jq '.iks.tests[0].limit'
done >limits
is 'a limit of its own for each' "$(sort -u limits | wc -l)" 5
run 'iks --alpha 1e-300 --window 1 -f x --reference ref new'
rc_is 2 'no distance is that rare'
err_has "'--alpha': no critical value"

# Ends of the range.
echo '{"x":0}' >one
for i in 1 2 3; do cat one; done >same
run 'iks --window 1 --limit 0.5 --p-value -f x --reference same one'
is 'a constant reference and the same' \
    "$(jq -c '.iks.tests[0] | [.stat, .p, .at]' out)" '[0,1,0]'
cat >>one <<X
{"x":-0.0}
{"x":1e300}
{"x":-5e-324}
X
run 'iks --window 1 --limit 0.5 -f x --reference same one'
is 'and others' "$(jq -c '.iks.tests[0] | [.plus, .minus]' out | tr '\n' ' ')" \
    '[0,0] [0,0] [1,0] [0,1] '
run 'iks --window 1000 --limit 0.5 -f x --reference same one'
is 'a window that never fills' "$(jq -r .iks.state out | uniq)" filling
run 'iks --reference-size 3 --limit 0.5 -f x same one --window 2'
is 'learning, then filling' "$(jq -r .iks.state out | uniq -c | tr -s ' \n' ' ')" \
    ' 3 learning 1 filling 3 null '
for wrong in '--window 0' '--window 1e3' '--limit 2' '--alpha 0' '--alpha 2'; do
	run "iks $wrong </dev/null"
	rc_is 2 "refused: $wrong"
done

# The limit does not depend on the number of processors.
normals 100 13 >s
run 'taskset -c 0 iks -f x --reference-size 50 --window 20 --horizon 200 s'
cp out want
rm -rf cache
run 'iks -f x --reference-size 50 --window 20 --horizon 200 s'
ok 'one processor or all' cmp out want
done_testing
