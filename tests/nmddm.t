#!/bin/sh
. "$(dirname "$0")/lib.sh"
vectors=$top/tests/vectors
cd "$tmp" || exit 1
values() { awk '{ print "{\"x\":" $1 "}" }' "$@"; }

# Known answers: the authors' program, SciPy's densities.
values "$vectors/nmddm_hist_stream.txt" >s
run 'head -250 s | nmddm --mode paper -f x'
jq -r '.nmddm.tests[0] | select(.) | [.stat, .split, .since] | @tsv' out |
    tail -1 >got
echo 9.65306840315 150 100 >want
ok 'paper: statistic, split and distance' alike 1e-11 got want
is 'an event' "$(grep -c '"drift","tests' out)" 1
is 'limit -ln 0.001' "$(tail -1 out | jq '.nmddm.tests[0].limit |
    . > 6.90775 and . < 6.90776')" true
run 'nmddm --mode paper --alpha 1e-9 -e -f x s'
rc_is 1 'the whole stream has more'
run 'nmddm --mode paper --limit 1e6 -e -f x s'
rc_is 0 'a fixed limit'
values "$vectors/nmddm_kde_ref.txt" >ref
values "$vectors/nmddm_kde_det.txt" >det
run 'nmddm --mode seed -f x --reference ref det'
tail -1 out | jq .nmddm.tests[0].stat >got
echo 1.01833419392393 >want
ok 'seed: the largest log ratio' alike 1e-13 got want
is 'filling before' "$(grep -c filling out)" 49
run 'nmddm --mode kde --window 50 --limit 0.2 -f x --reference ref det'
awk -v n=50 '
FILENAME == ARGV[1] { x[++i] = $1; mean += $1 / n; next }
{ y[++j] = $1 }
function kernel(d, h) { return exp(-d * d / (2 * h * h)) / h }
END {
	for (i in x)
		sd += (x[i] - mean) ^ 2 / (n - 1)
	h = sqrt(sd) * n ^ -.2
	for (i in y) {
		f = g = 0
		for (j in x)
			f += kernel(y[i] - x[j], h) / n
		for (j in y)
			if (i != j)
				g += kernel(y[i] - y[j], h) / (n - 1)
		t += (log(g) - log(f)) / n
	}
	printf "%.17g\n", t
}' "$vectors/nmddm_kde_ref.txt" "$vectors/nmddm_kde_det.txt" >want
tail -1 out | jq .nmddm.tests[0].stat >got
ok 'kde: the mean log ratio from scratch' alike 1e-6 got want

# The default statistic from scratch: bins between quantiles of the reference.
normals 400 21 300 0 3 >s
run 'nmddm -f x --horizon 1000 --lives 999 --reference-size 203 --window 60 s'
jq -r '.nmddm.tests[0].stat | select(.)' out >got
jq .x s | head -203 | sort -g >sorted
jq .x s | awk -v n=203 -v m=60 -v r=8 '
function term(a, b, size) {
	return a ? a * log(a * (n + m) / (size * (a + b))) : 0
}
FILENAME == ARGV[1] { ref[FNR] = $1; next }
FNR == 1 {
	for (j = 1; j < r; j++)
		cut[j] = ref[int(j * n / r)]
}
FNR > n {
	win[FNR % m] = $1
	if (FNR < n + m)
		next
	g = 0
	for (j = 1; j <= r; j++) {
		a = int(j * n / r) - int((j - 1) * n / r)
		b = 0
		for (i in win)
			b += (j == 1 || win[i] > cut[j - 1]) &&
			    (j == r || win[i] <= cut[j])
		g += term(a, b, n) + term(b, a, m)
	}
	printf "%.17g\n", g
}' sorted - >want
ok 'glr: each statistic from scratch' alike 1e-12 got want
is 'at each record' "$(wc -l <got)" 138
is 'it sees a change of scale' "$(jq -s 'map(select(.nmddm.event)) |
    length >= 1 and .[0].seq > 300' out)" true

# Ties: by a seeded generator, so that a rerun is the same.
normals 400 22 | jq -c '.x |= round' >s
run 'nmddm -f x --horizon 1000 --lives 999 --reference-size 200 --window 50 s'
cp out want
run 'nmddm -f x --horizon 1000 --lives 999 --reference-size 200 --window 50 s'
ok 'tied data, the same again' cmp out want
run 'nmddm -f x --horizon 1000 --lives 999 --reference-size 200 --window 50 --seed 1 s'
ok 'and another with another seed' sh -c '! cmp -s out want'
is 'with one limit' "$(jq -s '.[-1].nmddm.tests[0].limit' out)" \
    "$(jq -s '.[-1].nmddm.tests[0].limit' want)"
awk 'BEGIN { for (i = 0; i < 300; i++) print "{\"x\":7}" }' >s
run 'nmddm -e -f x --horizon 1000 --lives 999 --reference-size 100 --window 50 s'
rc_is 0 'a constant stream is as its reference'
awk 'BEGIN { for (i = 0; i < 50; i++) print "{\"x\":8}" }' >>s
run 'nmddm -e -f x --horizon 1000 --lives 999 --reference-size 100 --window 50 s'
rc_is 1 'until it changes'

# Steps: a statistic holds its value in between.
normals 200 23 >s
run 'nmddm --step 10 -f x --reference-size 100 --window 50 --limit 99 s'
is 'evaluated at every 10th record' "$(jq -r '.nmddm.tests[0].stat | select(.)' \
    out | uniq | wc -l)" 6
run 'nmddm -f x --reference-size 100 --window 50 --limit 99 s'
jq '.nmddm.tests[0].stat | select(.)' out | awk 'NR % 10 == 1' >want
run 'nmddm --step 10 -f x --reference-size 100 --window 50 --limit 99 s'
jq '.nmddm.tests[0].stat | select(.)' out | awk 'NR % 10 == 1' >got
ok 'as at every one' cmp got want

run 'nmddm -f x --reference-size 5 s'
rc_is 2 'fewer values than bins'
err_is 'says so' <<X
nmddm: 'x': the reference has fewer values than there are bins
X
awk 'BEGIN { for (i = 0; i < 60; i++) print "{\"x\":7}" }' >s
run 'nmddm --mode kde -f x --reference-size 40 --window 10 --limit 1 -e s'
rc_is 0 'kde: a constant stream is as its reference'
sed '55,$s/7/8/' s >t
run 'nmddm --mode kde -f x --reference-size 40 --window 10 --limit 1 -e t'
rc_is 1 'kde: and another value is not'
run 'nmddm --mode paper --window 150 -f x s'
rc_is 2 'a window too short to split'
err_is 'says so too' <<X
nmddm: 'x': the window is shorter than 200
X
normals 300 24 >s
jq -c '.x *= 1e300' s >big
run 'nmddm -f x --reference-size 200 --window 50 --limit 9 s'
jq '.nmddm.tests[0].stat' out >want
run 'nmddm -f x --reference-size 200 --window 50 --limit 9 big'
jq '.nmddm.tests[0].stat' out >got
ok 'the scale of the data does not matter' cmp got want
for mode in paper 'kde --reference-size 50' 'seed --reference-size 50'; do
	run "nmddm --mode $mode -f x --limit 9 big"
	rc_is 0 "huge values: $mode"
	is 'finite' "$(grep -c null out)" 0
done
for wrong in '--mode x' '--bins 1' '--bins 65' '--step -1' '--alpha 0'; do
	run "nmddm $wrong </dev/null"
	rc_is 2 "refused: $wrong"
done

# All lengths of the window at once.
normals 700 21 500 1.5 >s
run 'nmddm --scan -e -f x --reference-size 300 --horizon 1000 --lives 999 s'
rc_is 1 'scan: an event'
is 'scan: behind the change, soon' "$(jq -s 'map(select(.nmddm.event)) |
    length == 1 and .[0].seq > 500 and .[0].seq < 540' out)" true
is 'scan: and since when' "$(tail -1 out |
    jq '.nmddm.tests[0] | .since == 181 and .split == 219')" true
is 'scan: tests at the fourth record' "$(grep -c filling out)" 3
run 'nmddm --scan --window 7 --limit 1 -f x --reference-size 300 s'
rc_is 2 'scan: too short a window'
run 'nmddm --scan --mode kde </dev/null'
rc_is 2 'scan: not in other modes'
err_is 'scan: says so' <<X
nmddm: '--scan' is for '--mode glr'
X
done_testing
