#!/bin/sh
# shellcheck disable=SC2086
# The state: a stream cut behind every record, damage, other options, locks.
. "$(dirname "$0")/lib.sh"

# Ties, groups, classes, a record that can't be used, a change.
normals 170 11 110 1.5 | awk '{
	sub(/}$/, "")
	q = NR * 7919 % 13
	printf "%s,\"t\":%s,\"cam\":\"c\\u00e9%d\",\"class\":%s}\n", $0,
	    (q > 9 ? "-0" : q / 2), q % 2, (NR % 31 ? q % 4 : "null")
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
    "-f t --lambda 8 --after adopt" "-f x -g cam"; do
	# A fixed limit promises nothing over a horizon.
	case $o in *lambda*) r=${ref% --horizon*} ;; *) r=$ref ;; esac
	cut "pht $o" pht $o $r
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
awk '{ print; print }' "$tmp/stream" >"$tmp/long"
mv "$tmp/long" "$tmp/stream"
cut "nmddm --mode paper" nmddm --mode paper -f x --window 300 --limit 1
for o in "--after hold" "-g cam --after adopt"; do
	cut "chi2 $o" chi2 $o --window 20 --limit 9 --reference-size 40
done
cut featstat featstat
pht -f x -f y --lambda 3 "$tmp/stream" | iks -f x -n second |
    awk '{ sub(/}$/, ""); print $0 ",\"time\":17" NR / 4 "}" }' >"$tmp/judged"
mv "$tmp/judged" "$tmp/stream"
for o in '' '-g cam --max-groups 1' '--max-series 40 --window 7'; do
	cut "promtext $o" promtext $o
done

# With the reference out of a file; a group of it, and others that are not.
normals 60 3 | sed 's/}$/,"cam":"a"}/' >"$tmp/ref"
normals 60 4 >>"$tmp/ref"
awk '{ sub("c.u00e9[01]", NR % 3 ? "a" : "n" NR % 7); print }' \
    "$tmp/stream" >"$tmp/s2"
mv "$tmp/s2" "$tmp/stream"
cut "a reference in a file" pht -f x -g cam --reference "$tmp/ref" --lambda 5

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
run "pht -f x -f y --lambda 5 -s '$tmp/s' '$tmp/in'"
err_has "made with '--field x', not 'x, y'"
cp "$tmp/ref" "$tmp/ref2"
run "pht -f x --lambda 5 -s '$tmp/r' --reference '$tmp/ref2' '$tmp/in'"
echo '{"x":1}' >>"$tmp/ref2"
run "pht -f x --lambda 5 -s '$tmp/r' --reference '$tmp/ref2' '$tmp/in'"
rc_is 2 'another reference'
err_has "reference"
ok 'a state that was refused stays' cmp "$tmp/s/pht.json" "$tmp/whole"

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
pht -f x --lambda 5 -s "$tmp/s" <"$tmp/fifo" >"$tmp/first" &
exec 3>"$tmp/fifo"
head -n 1 "$tmp/in" >&3
until [ -s "$tmp/first" ]; do sleep .01; done
run "pht -f x --lambda 5 -s '$tmp/s' '$tmp/in'"
rc_is 2 'a state that is in use'
err_has 'another process has this state'
pht -f x --lambda 5 -s "$tmp/s" --wait "$tmp/in" >"$tmp/second" 3>&- &
exec 3>&-
wait
cp "$tmp/whole" "$tmp/s/pht.json"
{ head -n 1 "$tmp/in"; cat "$tmp/in"; } |
    pht -f x --lambda 5 -s "$tmp/s" >"$tmp/both"
cat "$tmp/first" "$tmp/second" >"$tmp/serial"
ok '--wait goes on where the first ended' cmp "$tmp/serial" "$tmp/both"

# A full disk leaves the old state.
cp "$tmp/whole" "$tmp/s/pht.json"
run "(ulimit -f 0; pht -f x --lambda 5 -s '$tmp/s' '$tmp/in' | cat)"
ok 'a full disk' cmp "$tmp/s/pht.json" "$tmp/whole"
run "pht -f x --lambda 5 -s '$tmp/in' '$tmp/in'"
rc_is 2 'a file where the directory should be'

# Barriers: the state up to there goes to the generation; the end is no commit.
rm -rf "$tmp/s"
{
	cat "$tmp/in"
	echo '{"barrier":{"generation":7}}'
	head -n 3 "$tmp/in"
} | pht -f x --lambda 5 -s "$tmp/s" >"$tmp/out"
ok 'a barrier keeps the state' cmp "$tmp/s/gen.7/pht.json" "$tmp/whole"
is 'and passes' "$(grep -c '^{"barrier":{"generation":7}}$' "$tmp/out")" 1
is 'behind it nothing is kept' "$(find "$tmp/s" -name '*.json' | wc -l)" 1
ln -s gen.7 "$tmp/s/current"
{
	head -n 3 "$tmp/in"
	echo '{"barrier":{"generation":8}}'
} | pht -f x --lambda 5 -s "$tmp/s" >"$tmp/out"
cat "$tmp/in" >"$tmp/all"
head -n 3 "$tmp/in" >>"$tmp/all"
pht -f x --lambda 5 -s "$tmp/t" "$tmp/all" >/dev/null
ok 'goes on from the current generation' \
    cmp "$tmp/s/gen.8/pht.json" "$tmp/t/pht.json"
run "echo '{\"barrier\":{\"generation\":0}}' | pht -f x -s '$tmp/s'"
rc_is 2 'a barrier without a number'

done_testing
