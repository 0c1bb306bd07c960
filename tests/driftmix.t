#!/bin/sh
# driftmix: each stream is what its options say, by the arithmetic of awk.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# Clean records have an id below 1000, drifted ones from 1000, 2000 and 3000 on;
# x is the id in another order, and the class is its last digit.
records() {
	awk -v from="$1" 'BEGIN {
		for (i = 0; i < 1000; i++)
			printf "{\"id\":%d,\"x\":%d,\"truth\":%d}\n", from + i,
			    i * 377 % 1000, i % 10
	}'
}
records 0 >a
records 1000 >b
records 2000 >c
cat >odd <<'X'
 { "a" : [1e5, "\u00e9}" ] } 	
{}
{ }
@{"stream":"x","drifted":null,"b":{"c":"}"}}
X
printf '{"last":1}' >>odd
sed "s/^@/$(printf '\357\273\277')/" odd >marked

# columns FILE: stream, drifted as 0 or 1, id, x, class.
columns() {
	sed 's/{"id":\(.*\),"x":\(.*\),"truth":\(.\),"stream":\(.*\),"drifted":\(.*\)}/\4 \5 \1 \2 \3/
	    s/false/0/; s/true/1/' "$1"
}

run 'driftmix --clean marked --length 40 --draw without'
rc_is 2 'too few records without replacement'
err_has 'driftmix: stream 1, record 6: all records of the source are drawn'
sort out >got
cat >out <<'X'
 { "a" : [1e5, "\u00e9}" ] ,"stream":1,"drifted":false} 	
{ "stream":1,"drifted":false}
{"last":1,"stream":1,"drifted":false}
{"stream":"x","drifted":null,"b":{"c":"}"},"stream":1,"drifted":false}
{"stream":1,"drifted":false}
X
sort out >want
ok 'records byte for byte, but for two members' cmp got want

run 'driftmix --clean a --drift b --streams 3 --length 100 --at 30'
rc_is 0
columns out >s
is 'streams, length, change' "$(awk '
    { n[$1]++; if ($2 != (n[$1] > 30) || $2 != ($3 >= 1000)) bad++ }
    END { print n[1], n[2], n[3], NR, bad + 0 }' s)" '100 100 100 300 0'
cp out first
run 'driftmix --clean a --drift b --streams 2 --length 100 --at 30'
head -n 200 first >want
ok 'a stream does not depend on how many there are' cmp out want
run 'driftmix --clean a --drift b --streams 3 --length 100 --at 30 --seed 1'
run 'cmp -s out first'
rc_is 1 'but on the seed'
run 'driftmix --clean a --drift b --length 10'
is 'half of the stream, unless told' \
    "$(columns out | cut -d' ' -f2 | tr -d '\n')" 0000011111
run 'driftmix --clean a --clean b --length 4000 --streams 5'
is 'several files are one source' "$(columns out |
    awk '{ n += $3 >= 1000 } END { print (n - 10000) ^ 2 < 90000 }')" 1
run 'driftmix --clean a --length 1000 --draw without --streams 2'
is 'without replacement each comes once' "$(columns out |
    awk '{ print $1, $3 }' | sort -u | wc -l | tr -d ' ')" 2000

# Shares, each within four standard deviations.
near() { awk -v got="$1" -v p="$2" -v n="$3" 'BEGIN {
	d = got - p
	print d * d <= 16 * p * (1 - p) / n ? "near" : got " is not near " p }'
}
run 'driftmix --clean a --drift b --at 0 --length 20000 --share 0.05'
is '--share' "$(near "$(columns out | awk '{ n += $2 } END { print n / NR }')" \
    .05 20000)" near
run 'driftmix --clean a --drift b --at 50 --ramp 100 --length 200 --streams 500'
columns out | awk '{ t = ++n[$1]; k[int((t - 1) / 10)] += $2 }
    END { for (i = 0; i < 20; i++) print i, k[i] / 5000 }' >s
is '--ramp: none before it' "$(awk '$1 < 5 { n += $2 } END { print n }' s)" 0
is '--ramp: a tenth of the way' \
    "$(near "$(awk '$1 == 5 { print $2 }' s)" .055 5000)" near
is '--ramp: half of the way' \
    "$(near "$(awk '$1 == 9 { print $2 }' s)" .455 5000)" near
is '--ramp: all after it' "$(awk '$1 > 14 { n += $2 } END { print n }' s)" 5
run 'driftmix --clean a --drift b --drift c --at 2 --every 3,2 --length 14'
is '--every, the sources in turn' \
    "$(columns out | awk '{ printf "%d", $3 / 1000 }')" 00111002220011
run 'driftmix --clean a --drift b --drift c --at 2 --length 8'
is 'sources take turns' \
    "$(columns out | awk '{ printf "%d", $3 / 1000 }')" 00121212

run 'driftmix --clean a --drift b --at 0 --class 3 --length 20000'
columns out >s
is '--class: no other drifts' \
    "$(awk '$2 != ($5 == 3) || $2 != ($3 >= 1000) { n++ } END { print n + 0 }' s)" 0
is '--class: as often as before' \
    "$(near "$(awk '{ n += $5 == 3 } END { print n / NR }' s)" .1 20000)" near
run 'driftmix --clean a --at 100 --drop-class 3 --drop-class 4 --length 20100'
columns out >s
is '--drop-class' "$(awk '$2 && ($5 == 3 || $5 == 4)' s)" ''
is '--drop-class: the others share its part' \
    "$(near "$(awk '{ n += $2 && $5 == 7 } END { print n / 20000 }' s)" \
    .125 20000)" near
run 'driftmix --clean a --at 0 --raise-class 2=3 --length 20000'
is '--raise-class: 3 of 12' "$(near "$(columns out |
    awk '{ n += $5 == 2 } END { print n / NR }')" .25 20000)" near
printf '1=.6\n2=.3\n9=.1\n' >m
run 'driftmix --clean a --drift b --at 0 --mix m --length 20000'
columns out >s
is '--mix: its shares' "$(near "$(awk '{ n += $5 == 2 } END { print n / NR }' \
    s)" .3 20000)" near
is '--mix: of what drifts, and no others' \
    "$(awk '$5 != 1 && $5 != 2 && $5 != 9 || $3 < 1000' s)" ''

run 'driftmix --clean a --repeat 5 --length 1000'
is '--repeat: the same record' "$(columns out |
    awk 'NR % 5 == 1 { id = $3; n[id]++ } $3 != id { print }
    END { for (i in n) m++; if (m < 150) print m }')" ''
run 'driftmix --clean a --drift b --repeat 10 --scene 4 --length 4000 --at 2000'
is '--scene: one of its records' "$(columns out |
    awk 'NR % 10 == 1 { at = int($3 / 4) } int($3 / 4) != at { print }
    { n[$3 % 4]++ } END { for (i = 0; i < 4; i++) if (n[i] < 850) print i }
    ')" ''

# The normal scores of x are an AR(1) process.
cat >scores.awk <<'X'
# Lower half by bisection of the error function's series: slow and sure.
function phi(z,  t, s, k) {
	for (t = s = z; t * t > 1e-24; s += t)
		t *= z * z / (2 * ++k + 1)
	return .5 + s * exp(-z * z / 2) / sqrt(6.283185307179586)
}
function score(p,  a, b, m) {
	if (p in known)
		return known[p]
	a = -6
	b = 6
	while (b - a > 1e-6) {
		m = (a + b) / 2
		if (phi(m) < p) a = m; else b = m
	}
	return known[p] = (a + b) / 2
}
{
	z = score(($4 + .5) / 1000)
	if (last == $1) { xy += z * y; n++ }
	xx += z * z
	sum += $4
	count++
	last = $1
	y = z
}
END { printf "%.4f %.4f %.3f\n", xy / n / (xx / count), xx / count, sum / count }
X
for phi in 0.5 0.9 -0.3; do
	run "driftmix --clean a --order x --ar $phi --streams 20 --length 2000"
	columns out >s
	is "--ar $phi: correlation and spread of the scores" "$(
	    awk -f scores.awk s | awk -v phi=$phi '{ d = $1 - phi
		print (d * d < .0004) ($2 > .85 && $2 < 1.15) }')" 11
done
run 'driftmix --clean a --order x --period 40 --amplitude 2 --streams 200 --length 400'
columns out >s
is '--amplitude: all records are as likely, over whole periods' "$(
    awk '{ n[int($4 / 100)]++ } END { for (i = 0; i < 10; i++)
	if (n[i] < 7600 || n[i] > 8400) print i, n[i] }' s)" ''
is '--period: a period later is alike, half of it is not' "$(awk '
    { x[NR] = $4 - 499.5; s += x[NR] * x[NR] }
    END {
	for (i = 1; i <= NR; i++) {
		if (i % 400 <= 360 && i % 400) { a += x[i] * x[i + 40]; n++ }
		if (i % 400 <= 380 && i % 400) { b += x[i] * x[i + 20]; m++ }
	}
	s /= NR
	print (a / n / s > .55), (b / m / s < -.55)
    }' s)" '1 1'
is 'the hour is the place in the period' "$(grep -o '"hour":[0-9]*' out |
    awk -F: 'NR <= 80 { n[$2]++; rises += $2 >= last; last = $2 }
	END { for (h = 0; h < 24; h++) printf "%s", n[h]; print " " rises }'
    )" '442442442442442442442442 78'
is 'and the values follow it' "$(awk '
    { match($0, /"hour":[0-9]*/); h = substr($0, RSTART + 7, RLENGTH - 7) + 0
      match($0, /"x":[0-9.]*/); x = substr($0, RSTART + 4, RLENGTH - 4)
      s[h > 11] += x; n[h > 11]++ }
    END { print (s[0] / n[0] > 650), (s[1] / n[1] < 350) }' out)" '1 1'

run 'driftmix --clean a --reference r --reference-size 400 --length 4000'
rc_is 0 'a reference'
columns out | awk '{ print $3 }' | sort -u >of-stream
sed 's/{"id":\(.*\),"x.*/\1/' r | sort -u >of-reference
is 'is of its size, each record once' "$(wc -l <of-reference | tr -d ' ')" 400
is 'and no stream has its records' \
    "$(comm -12 of-stream of-reference)" ''
is 'all the others come' "$(wc -l <of-stream | tr -d ' ')" 600
run 'driftmix --clean a --order x --ar .9 --reference r --length 4000'
is 'one that resembles itself' "$(wc -l <r | tr -d ' ')" 5000
columns out | awk '{ print $3 }' | sort -u >of-stream
sed 's/{"id":\(.*\),"x.*/\1/' r | sort -u >of-reference
is 'overlaps as little' "$(comm -12 of-stream of-reference)" ''
is 'and has the correlation' "$(sed 's/$/ /; s/{"id":.*"x":\(.*\),"t.*/1 0 0 \1/' r |
    awk -f scores.awk | awk '{ print ($1 > .86 && $1 < .93) }')" 1

printf '{"truth":1}\n{"error":{"stage":"open"}}\n{"trailer":{}}\n{"x":2}\n' >e
run 'driftmix --clean e --at 0 --drop-class 2 --length 5'
rc_is 2 'a class that no record has'
err_is 'and records that are no measurement' <<'X'
driftmix: 3 records that can't be used were left out
driftmix: '--drop-class': no record has the class '2'
X
printf '{"id":1}\nx\n' >bad
run 'driftmix --clean bad'
rc_is 2 'a line that is no record'
err_has 'bad:2:1: not a JSON object'
mkfifo pipe
run 'driftmix --clean pipe'
err_has 'pipe: not a regular file'
run 'driftmix --clean missing'
err_has 'missing: No such file or directory'
: >empty
run 'driftmix --clean empty'
err_has '--clean: no records that can be used'
run 'driftmix --clean a --at 5'
err_has "'--at': nothing drifts"
run 'driftmix --clean a --drift b --every 5'
err_has "'--every': not ON,OFF: '5'"
run 'driftmix --clean a --drift b --at 5000'
err_has "'--at': the streams end before: '5000'"
run 'driftmix --clean a --reference r --reference-size 1000'
err_has "'--reference-size': no clean records are left of 1000"
run 'driftmix --clean a --scene 3 --length 5'
err_has '1000 records are not so many scenes of 3'
printf '1=x\n' >m
run 'driftmix --clean a --mix m'
err_has "m:1: not a weight from 0 on: 'x'"
run 'driftmix a'
err_has "'a': name files by --clean and --drift"
run 'driftmix --clean a --length 100000 >/dev/full'
rc_is 2 'a full disk'
done_testing
