#!/bin/sh
# dedup: near-duplicates, the limit against awk; groups, references, options.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

run 'dedup --distance 1 -f v[*] <<X
{"v":[0,0]}
{"v":[0.6,0.8]}
{"v":[0,1.5]}
{"v":[0,0.5]}
{"v":[0,0.25]}
X'
out_is 'distances to the last that was no duplicate' <<'X'
{"v":[0,0],"dedup":{"distance":null,"limit":1,"duplicate":false}}
{"v":[0.6,0.8],"dedup":{"distance":1,"limit":1,"duplicate":true}}
{"v":[0,1.5],"dedup":{"distance":1.5,"limit":1,"duplicate":false}}
{"v":[0,0.5],"dedup":{"distance":1,"limit":1,"duplicate":true}}
{"v":[0,0.25],"dedup":{"distance":1.25,"limit":1,"duplicate":false}}
X
run 'dedup --distance 0 -f x -n same <<X
{"x":1}
{"x":1.0}
{"x":1.0000000001}
X'
is 'equal ones alone' "$(jq -c .same.duplicate out | tr '\n' ' ')" \
    'false true false '

# What can't be used passes as it came, and is no record to compare with.
cat >odd <<'X'
{"act":[1,2]}
{"act":[1,2],"error":{"stage":"read"}}
 { "act" : [ 1 ] }
{"act":[1,null]}
{"act":7}
{}
{"trailer":{"records":3}}
{"skipped":{"tool":"a","reason":"json"},"act":[1,2]}
{"act":[1,2],"error":false}
X
run 'dedup -v --distance 1 odd'
is 'what it marks' "$(grep -n '"dedup":' out | cut -d: -f 1 | tr '\n' ' ')" \
    '1 9 '
sed -n 2,8p odd >want
sed -n 2,8p out >got
ok 'the rest as it came' cmp got want
err_has "odd:3: 'act[*]' has not as many elements as it should"
err_has '2 records used, 5 skipped, 1 duplicates'

# The limit, by all pairs that are a quarter apart, as awk finds them; and by a
# sample of them.
vectors() {
	normals "$1" "$2" | jq -c --argjson k "$3" '(.seq / $k | floor) as $s |
	    {seq, x, cam: "c\($s % 3)", act: [($s * 7919 % 101) / 9 + .x / 50,
		($s * 104729 % 103) / 9 + .y / 50]}'
}
# distances: of all those pairs, rising.
distances() {
	jq -r '.act | @tsv' | awk '{ a[NR] = $1; b[NR] = $2 }
	    END { for (i = 1; i <= NR; i++)
		    for (j = i + int(NR / 4); j <= NR; j++)
			    printf "%.15f\n", sqrt((a[i] - a[j]) ^ 2 + (b[i] - b[j]) ^ 2)
	    }' | sort -n
}
quantile() {
	awk -v q="$1" -v n="$(wc -l <"$2")" 'BEGIN {
		k = int(q * n)
		if (k < q * n)
			k++
	    }
	    NR == k { print; exit }' "$2"
}
vectors 200 1 5 >small
vectors 1600 2 20 >large
distances <small >small.pairs
distances <large >large.pairs
for q in 0.05 0.3; do
	run "dedup --quantile $q --reference small small"
	jq -r '.dedup.limit' out | head -n 1 >got
	quantile $q small.pairs >want
	ok "the quantile $q of all pairs" alike 1e-9 got want
	run "dedup --quantile $q --reference large large"
	jq -r '.dedup.limit' out | head -n 1 >got
	quantile $q large.pairs >want
	ok "and of 20,000 of them" alike .05 got want
done
run 'dedup --reference large large'
kept=$(grep -c '"duplicate":false' out)
ok 'about one of each scene is left' test "$kept" -gt 64 -a "$kept" -le 81

# The same by the first records of the stream.
head -n 400 large >begin
run 'dedup --reference begin large'
jq -r .dedup.limit out | tail -n 1 >want
run 'dedup --reference-size 400 large'
jq -r .dedup.limit out | tail -n 1 >got
ok 'a limit learnt from the stream is that of a file' cmp got want
is 'it learns from so many' "$(grep -c learning out)" 400
is 'and marks none of these' "$(head -n 400 out | grep -c true)" 0

# Groups: as each by itself.
run 'dedup -g cam --reference-size 100 large'
for c in c0 c1 c2; do
	grep "\"$c\"" out >got
	grep "\"$c\"" large | dedup --reference-size 100 >want
	ok "group $c by itself" cmp got want
done
grep -v '"c2"' small | sed '/"c1"/s/"cam"/"no"/' >ref
run 'dedup -g cam --reference ref large'
sed '/"no"/d' ref >a
sed '/"cam"/d' ref >b
for c in c0:a c1:b c2:b; do
	grep "\"${c%:*}\"" out >got
	grep "\"${c%:*}\"" large | dedup --reference "${c#*:}" >want
	ok "group ${c%:*}: its reference" cmp got want
done
run 'dedup -g cam --max-groups 2 --distance 1 large'
is 'groups beyond are left alone' "$(grep -c '"dedup"' out)" \
    "$(grep -vc '"c2"' large)"
err_has "$(grep -c '"c2"' large) records skipped: more than 2 values of 'cam'"

# A detector that passes them by is as if they were not there.
dedup --reference large large >marked
run 'pht -f x --reference-size 30 --horizon 40 --unless dedup.duplicate marked'
grep -v '"duplicate":true' out >got
grep -v '"duplicate":true' marked |
    pht -f x --reference-size 30 --horizon 40 >want
ok 'pht --unless dedup.duplicate' cmp got want

echo '{"act":[1,2]}' >one
printf '{"act":[1e200]}\n{"act":[-1e200]}\n' >huge
for wrong in '--distance 1 --quantile .1' '--distance 1 --reference small' \
    '--max-groups 4' '--quantile 0' '--quantile .6' '--distance -1' \
    '--reference none' '--reference one' '--reference huge' \
    '--reference-size 1' "-f 'act['" '-f a..b' '-g a..b' '-f act -f act'; do
	run "dedup $wrong small"
	rc_is 2 "refused: $wrong"
done
done_testing
