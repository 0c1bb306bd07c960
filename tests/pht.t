#!/bin/sh
. "$(dirname "$0")/lib.sh"
vectors=$top/tests/vectors
cd "$tmp" || exit 1

# Known answers of River, index for index.
awk '{ print "{\"x\":" $1 "}" }' "$vectors/river_doc_random.txt" >river
run 'pht --compat river -f x river'
rc_is 0
is 'River: one event, at 1006' "$(awk '/event/ { print NR - 1 }' out)" 1006
is 'filling before 30 records' "$(grep -c filling out)" 58
run 'pht --compat river --lambda 1e6 -e -f x river'
rc_is 0 'no event with a high lambda'
run 'pht --compat river -e -f x river'
rc_is 1 '-e tells of an event'

# The recursion, from scratch.
normals 1500 1 1100 .7 >s
run 'pht -f x --reference-size 400 --lives 999 s'
jq -r '.pht | select(.tests) | .tests[0] |
    [.stat, .since, if .direction == "up" then 1 else -1 end] | @tsv' out >got
jq .x s | awk -v n=400 '
NR <= n { ref[NR] = $1; mean += $1 / n; next }
NR == n + 1 {
	for (i in ref)
		var += (ref[i] - mean) ^ 2 / (n - 1)
}
{
	z = ($1 - mean) / sqrt(var)
	up += z - .25
	down += -z - .25
	u++
	d++
	if (up > cap) up = cap
	if (down > cap) down = cap
	if (up <= 0) up = u = 0
	if (down <= 0) down = d = 0
	if (up >= down)
		printf "%.17g %d 1\n", up, u
	else
		printf "%.17g %d -1\n", down, d
}' cap="$(jq -s '.[400].pht.tests[0].limit * 2' out)" >want
ok 'each statistic and change point' alike 1e-12 got want
is 'of every record behind the reference' "$(grep -c . got)" 1100
is 'no event before the change' "$(head -1100 out | grep -c event)" 0
is 'one behind it' "$(grep -c event out)" 1
is 'it places the change within 50 records' "$(jq -s '
    map(select(.pht.event)) | .[0] | .seq - .pht.tests[0].since |
    . > 1050 and . < 1150' out)" true

# The alarm ends after the drift does: the statistic is held at two limits.
{ normals 500 2; normals 3000 3 0 1.5; normals 600 4; } >s
run 'pht -f x s'
is 'alarm during drift' "$(sed -n 3400p out | jq .pht.alarm)" true
is 'none soon after it' "$(tail -1 out | jq .pht.alarm)" false
is 'one event during it' "$(head -3500 out | grep -c '"drift","tests')" 1

# Reference from a file or from the stream: the same.
normals 900 5 >s
head -300 s >ref
tail -n +301 s >rest
run 'pht -f x -f y --reference-size 300 --lives 999 s'
tail -n +301 out >want
is 'learns for 300 records' "$(grep -c '"pht":{"alarm":false,"state":"learning"}}$' out)" 300
run 'pht -f x -f y --reference ref --lives 999 rest'
ok 'a file of 300 is the same reference' cmp out want
cat ref rest | pht -f x -f y --reference-size 300 --lives 999 - >piped
ok 'standard input is the same stream' cmp -n 1 piped s
is 'and ends the same' "$(tail -1 piped)" "$(tail -1 want)"
run 'pht --fap 0.1 -f x --reference ref --lives 999 rest -v'
limit=$(sed -n 's/.*limit \([0-9.]*\) .*/\1/p' err)
run 'pht --fap 0.2 -f x -f y --reference ref --lives 999 rest -v'
err_has "limit $limit" 'two fields share the false alarms'

# Level and event, of the record and of each field.
cat >ref <<X
{"a":0,"b":0}
{"a":2,"b":2}
X
cat >s <<X
{"a":1,"b":1}
{"a":9,"b":1}
{"a":9,"b":1}
{"a":1,"b":9}
{"a":-99,"b":1}
{"a":1,"b":-99}
{"a":1,"b":1}
{"a":9,"b":1}
X
run 'pht -f a -f b --lambda 5 --allowance 1 --reference ref s'
jq -c '.pht | [.alarm, .event, .tests[].alarm, .tests[].event]' out >levels
cp levels out
out_is 'an event only where a level rises' <<X
[false,null,false,false,null,null]
[false,null,false,false,null,null]
[true,"drift",true,false,"drift",null]
[true,null,true,false,null,null]
[true,null,true,false,null,null]
[true,null,true,true,null,"drift"]
[true,null,true,true,null,null]
[true,null,true,true,null,null]
X

# What cannot be used is skipped: written as it came, byte for byte.
cat >s <<'X'
{"a":1}
{"a":null,"b":1}
{"a":"1","b":1}
{"a":1e999,"b":1}
{"a":1,"b":1,"error":{"stage":"decode"}}
{"a":1,"b":1,"trailer":{"records":9}}
 { "x" : [1 ,2] } 
{}
X
run 'pht -f a -f b --reference ref s -v --lambda 5'
out_is 'what has no numbers passes unchanged' <s
err_has '0 records used, 7 skipped' 'and is counted, but for a trailer'
err_has "none of 7 records has numbers in all of the fields, the first being 'a'"
echo '{"a":1,"b":1,"error":null,"trailer":null}' >s
run 'pht -f a -f b -n mine --reference ref s --lambda 5'
out_is 'null is absence; the instance has a name' <<'X'
{"a":1,"b":1,"error":null,"trailer":null,"mine":{"alarm":false,"tests":[{"field":"a","stat":0,"limit":5,"alarm":false,"direction":"up","since":0},{"field":"b","stat":0,"limit":5,"alarm":false,"direction":"up","since":0}]}}
X
printf '{"a":1,"b":1}\nx\n{}\n' >s
run 'pht -f a --reference s --lambda 5 ref'
rc_is 2 'a broken reference'
err_has "s:2:1: not a JSON object"
run 'head -2 ref | pht -f a --reference /dev/null'
rc_is 2 'an empty one'
err_is 'says so' <<X
pht: /dev/null: 0 usable records are no reference
X
run 'head -1 ref | pht -f a'
rc_is 0
err_is 'ends while learning' <<X
pht: the input ended at 1 of 500 records of the reference: nothing was tested
X
run 'head -1 ref | pht -q -f a'
err_is 'quiet with -q' </dev/null
run 'pht </dev/null'
out_is 'nothing in, nothing out' </dev/null
err_is 'nor said' </dev/null

# Magnitudes.
awk 'BEGIN { for (i = 0; i < 99; i++) print "{\"x\":" 0.1 + (i == 80) "}" }' >s
for how in '' '--change spread --scores standard' \
    '--change both --scores standard' '--shift unknown --scores standard'; do
	run "pht $how -f x --reference-size 50 --lambda 15 s"
	rc_is 0 "a constant reference${how:+, $how}"
	is 'any other value alarms at once, with twice the limit' "$(
	    jq -c 'select(.pht.event) | [input_line_number,
		(.pht.tests[0].stat * 1e6 | round)]' out)" '[81,30000000]'
	is 'the constant does not' "$(sed -n 80p out | jq .pht.tests[0].stat)" 0
done
for by in 1e300 1e-300; do
	normals 400 6 300 2 |
	    awk -v by=${by#1} -F '[:,}]' '{ print "{\"x\":" $4 by "}" }' >s
	run 'pht -f x --reference-size 200 s'
	is "values around $by" "$(jq -c '.pht.event // empty' out)" '"drift"'
done
jq -c '.x = 1e9 + .x * 1e-3' >s <<X
$(normals 400 6 300 2)
X
run 'pht -f x --reference-size 200 s'
is 'thousandths around 1e9' "$(jq -c '.pht.event // empty' out)" '"drift"'
echo '{"a":1.7e308,"b":-1.7e308}' >s
run 'pht -f a -f b --reference ref --lambda 1e300 s'
is 'the largest number' "$(jq -c '.pht.tests | map(.stat == 2e300)' out)" \
    '[true,true]'

# The limit is simulated once, the same everywhere.
normals 60 7 >s
find_limit() { run "$* pht -v -f x --reference-size 50 --horizon 100 s"; }
unset XDG_CACHE_HOME
HOME=$tmp/home
export HOME
mkdir home
find_limit taskset -c 0
err_has 'from 19999 simulated runs' 'simulated'
cp out want
is 'and kept' "$(cd home/.cache/driftpipe && echo ./* | sed 's/^.*limit[0-9]*-//')" \
    'pht-grow=2000,400-allowance=0.25-reference=50-horizon=100-fap=0.050000000000000003'
find_limit
err_has "kept in '$tmp/home/.cache" 'the next run takes it'
ok 'kept is the same' cmp out want
kept=$(echo home/.cache/driftpipe/*)
for broken in '' 14 x 'nan
' 'inf
' '1e' '0
' '-3
'; do
	printf %s "$broken" >"$kept"
	find_limit
	err_has 'simulated runs' 'a torn file is not taken'
	ok 'nor used' cmp out want
done

# Only what this user alone can have written, for this question, is believed.
distrusted() {
	find_limit timeout 60
	rc_is 0 "$1: the run goes on"
	err_has "kept limit not used: $1" "$1: is said"
	err_has 'simulated runs' "$1: is simulated"
	ok "$1: the same limit" cmp out want
	find_limit
	err_has "kept in '$tmp/home/.cache" "$1: and made anew"
}
sed 's/^./9&/' "$kept" >edited && cat edited >"$kept"
distrusted 'the checksum is wrong'
sed 's/ .*//' "$kept" >edited && cat edited >"$kept"
distrusted 'the checksum is wrong'
chmod 666 "$kept"
distrusted 'others may write it'
cp "$kept" elsewhere && ln -sf "$tmp/elsewhere" "$kept"
ln -s loop loop
run 'pht -f x loop'
distrusted "$(sed 's/.*: //' err)" # as the C library calls it
rm "$kept" && mkfifo "$kept"
distrusted 'not a regular file'
cp "$kept" edited
run "pht -v -f x --reference-size 50 --horizon 90 s"
for other in home/.cache/driftpipe/*horizon=90*; do
	cp edited "$other"
done
run "pht -v -f x --reference-size 50 --horizon 90 s"
err_has 'kept limit not used: the checksum is wrong' "another question's answer"
rm "$other"
rm -r home/.cache
(umask 0 && pht -f x --reference-size 50 --horizon 100 s >/dev/null)
is 'the directory is its own, whatever the umask' \
    "$(stat -c %a home/.cache home/.cache/driftpipe "$kept" | tr '\n' ' ')" \
    '700 700 600 '
for where in XDG_CACHE_HOME=/dev/null/x HOME= HOME=relative HOME=/dev/null \
    '-u HOME'; do
	# shellcheck disable=SC2086 # the words are options
	find_limit env $where
	rc_is 0 "no place to keep it: $where"
	err_has 'simulated runs' 'is simulated'
	ok 'the same on all processors' cmp out want
done
is 'nothing is left there' "$(find home -type f | wc -l)" 1

# The signal that comes during a simulation ends it.
normals 10 8 >s
timeout -s INT 1 pht -q -f x --reference-size 5 --horizon 1000000000 \
    --calibrate resample s >out 2>err
is 'interrupted while simulating' $? 124
err_is 'says so' <<X
pht: ended before the limit was found
X
is 'whole records are out' "$(jq -c .pht.state out | uniq -c | tr -s ' ')" \
    ' 4 "learning"'

for wrong in '--lambda -1' '--allowance 0' '--fap 0' '--fap 0.51' \
    '--horizon 0' '--reference-size 1' '--compat x' '--alpha 0.5' \
    '--delta 1' '-f a..b' '-f .' '-f ""' '--lambda nan' '--horizon 1.5'; do
	run "pht $wrong </dev/null"
	rc_is 2 "refused: $wrong"
done
err_is 'with its reason' <<X
pht: '--horizon': not a whole number: '1.5'
X
done_testing
