#!/bin/sh
# make benchmark, in its short form: that each table has what it is to have, and
# that what is done is not done again.
. "$(dirname "$0")/lib.sh"
cd "$top" || exit 1

for program in gnuplot /usr/bin/python3; do
	command -v $program >/dev/null && continue
	skip 'the benchmark' "no $program"
	done_testing
	exit
done
if ! /usr/bin/python3 -c 'import scipy' 2>/dev/null ||
    [ ! -d /usr/share/datasets/fashion-mnist ]; then
	skip 'the benchmark' 'no python3-scipy or no Fashion-MNIST'
	done_testing
	exit
fi
cat >"$tmp/page" <<'X'
.Ss Summary
.\" table: Summary
gone
.\" end of table
.Sh SEE ALSO
X
bench='FAST=1 BUILD=${BUILD:-build} OUT=$tmp/b scripts/benchmark.sh'
run "$bench"
rc_is 0 'from nothing'
ok 'a page with tables' grep -q '<tr><td>flip-1<td>' "$tmp/b/index.html"
ok 'and one of estimates' grep -q '<tr><td>held<td>strong<td>200<td>' \
    "$tmp/b/index.html"
ok 'and plots' grep -q '<svg' "$tmp/b/index.html"
results=$tmp/b/results
is 'every detector on a shift that comes at once' "$(cat \
    "$results/shift,gaussian_noise-3,at-once,1000,1.tsv" \
    "$results/peers-shift,gaussian_noise-3,at-once,1000,1.tsv" |
    awk -F '\t' '/^[a-z]/ && $1 != "detector" && $7 == 5 { n++ } END { print n }')" 22
is 'the pipeline and others at the default guarantee, in another way of coming' \
    "$(awk -F '\t' '$1 == "pipeline" || $1 == "hotelling" { print $1, $7 }' \
    "$results/shift,flip-1,ramp=500,10000,1.tsv" \
    "$results/peers-shift,flip-1,ramp=500,10000,1.tsv")" 'pipeline 2
hotelling 2'
is 'heavy noise is found by all of ours' "$(awk -F '\t' '/^[a-z]/ && $9 < 1' \
    "$results/shift,gaussian_noise-3,at-once,1000,1.tsv" | wc -l |
    tr -d ' ')" 0
is 'no table is empty' "$(find "$results" -size -200c)" ''
run '/usr/bin/python3 scripts/benchmark-page.py $tmp/b $tmp/page'
rc_is 0 'the manual page'
is 'has the table in place of the old one' "$(grep -c '^pht  *[.01]' \
    "$tmp/page") $(grep -c gone "$tmp/page")" '1 0'
ok 'and the rest as it was' grep -q '^.Sh SEE ALSO' "$tmp/page"

rm "$results/power,flip-1,50,50,1.tsv"
touch "$tmp/stamp"
run "$bench"
rc_is 0 'once more'
is 'only what is missing is made' "$(find "$results" -type f -newer "$tmp/stamp" |
    sed 's|.*/||')" 'power,flip-1,50,50,1.tsv'
done_testing
