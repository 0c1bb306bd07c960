#!/bin/sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

run 'echo "{\"a\":1,\"act\":[1,2,3,0],\"b\":2}" | featstat'
out_is 'the array becomes its statistics' <<X
{"a":1,"b":2,"feat":{"n":4,"mean":1.5,"std":1.2909944487358056,"min":0,"max":3,"l2":3.7416573867739413,"skew":0,"kurt":-1.36,"zeros":1}}
X
run 'echo "{\"act\":[2]}" | featstat --keep -n one'
out_is 'or stays, under another name' <<X
{"act":[2],"one":{"n":1,"mean":2,"std":null,"min":2,"max":2,"l2":2,"skew":null,"kurt":null,"zeros":0}}
X
run 'echo "{\"act\":[]}" | featstat'
out_is 'no values' <<X
{"feat":{"n":0,"mean":null,"std":null,"min":null,"max":null,"l2":null,"skew":null,"kurt":null,"zeros":0}}
X

# What is left of the record, wherever the array stood.
cat >s <<'X'
 { "act" : [ 1 ] } 
{"a":{"act":[9]},"act":[1]}
{"x":"\"act\":[2]","act":[1],"y":[{"act":[3]}]}
{"act":[3],"act":[1]}
{"\u0061ct":[1]}
X
run 'featstat s'
sed 's/"feat":{[^}]*}/F/' out >left
cp left out
out_is 'only the member is taken out' <<'X'
 { F} 
{"a":{"act":[9]},F}
{"x":"\"act\":[2]","y":[{"act":[3]}],F}
{"act":[3],F}
{F}
X
run 'featstat -f l.act -n f <<X
{"l":{"act":[1,3],"z":1}}
{"l":{"z":1,"act":[1,3]}}
{"l":{"act":[1,3]}}
{"l":[{"act":[1]}],"act":[1]}
X'
is 'a nested array' "$(jq -c '[.l, .f.mean]' out | tr '\n' ' ')" \
    '[{"z":1},2] [{"z":1},2] [{},2] [[{"act":[1]}],null] '

cat >s <<'X'
{}
{"act":null}
{"act":1}
{"act":"[1]"}
{"act":{"a":1}}
{"act":[1,null]}
{"act":[[1]]}
{"act":["1"]}
{"act":[1e999]}
{"act":[true]}	
X
run 'featstat -v s'
out_is 'what is no array of numbers passes unchanged' <s
err_is 'and is counted' <<X
featstat: 0 records summarised, 10 skipped
X

# Against jq, from the definitions.
normals 400 31 | jq -c '[.x, .y, (.x * .y | round)]' |
    jq -nc '[inputs | .[]] | . as $x | range(0; 60) |
	{act: ($x[. * 20:. * 20 + 20] | map(. * 3 + 1))}' >s
featstat s | jq -r '.feat |
    [.n, .mean, .std, .min, .max, .l2, .skew, .kurt, .zeros] | @tsv' >got
jq -r '.act | length as $n | (add / $n) as $m |
    def moment($k): map(. - $m | [limit($k; repeat(.))] |
	reduce .[] as $d (1; . * $d)) | add / $n;
    [$n, $m, (moment(2) * $n / ($n - 1) | sqrt), min, max,
	(map(. * .) | add | sqrt), moment(3) / (moment(2) | sqrt * .),
	moment(4) / (moment(2) | . * .) - 3, (map(select(. == 0)) | length)
    ] | @tsv' s | awk '{ $1 = $1; print }' >want
ok 'each statistic as jq has it' alike 1e-12 got want
is 'of 60 records' "$(wc -l <want)" 60

# Values whose squares, sums or range a double cannot hold.
run 'featstat <<X
{"act":[1e300,2e300,4e300]}
{"act":[1e-200,2e-200,4e-200]}
{"act":[1.7e308,1.7e308,1.6e308]}
{"act":[-1.7e308,1.7e308]}
{"act":[18446744073709551616,36893488147419103232]}
{"act":[0.1,0.1,0.1]}
X'
jq -c '.feat | [.mean, .std, .skew]' out >some
is 'huge' "$(jq -s '.[0][0] / 7e300 * 3 | . - 1 | fabs < 1e-15' some)" true
is 'tiny' "$(jq -s '.[1][2] - .[0][2] | fabs < 1e-15' some)" true
is 'near the end of the range' "$(jq -s '.[2][0] > 1.66e308 and .[2][1] > 5e306' some)" true
is 'over all of it' "$(sed -n 4p some)" '[0,null,0]'
is 'two to the 64th' "$(jq -s '.[4][0] == 27670116110564327424' some)" true
is 'alike' "$(sed -n 6p some)" '[0.1,0,null]'

awk 'BEGIN {
	printf "{\"act\":[0"
	for (i = 1; i < 200000; i++)
		printf ",%d", i
	print "]}"
}' >s
run 'featstat s'
is 'a long array' "$(jq -c '.feat | [.n, .mean, .max]' out)" \
    '[200000,99999.5,199999]'
for wrong in '-f ""' '-f a..b' '-f a. s' '--bogus' '-n'; do
	run "featstat $wrong </dev/null"
	rc_is 2 "refused: $wrong"
done
done_testing
