#!/bin/sh
# promtext -f x --merge: the states of several machines add up to what one process
# says of all their records.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 2

# Of the machines a, b and c each has cameras of its own, and one of all. Shares
# of 64 add up exactly in any order. Times do not go back.
normals 900 3 500 2 | awk '{
	m = int((NR - 1) / 300)
	split("a b c", name)
	e = ",\"error\":{\"stage\":\"decode\",\"reason\":\"r\"}"
	sub(/}$/, "")
	cam = NR % 3 ? name[m + 1] NR % 3 : "all"
	printf "%s,\"time\":%d,\"cam\":\"%s\",\"class\":%d,\"prob\":%s,\"model\":\"m%d\"%s}\n",
	    $0, 1763880000 + NR * 600, cam, NR * 7 % 5 + 3 * (m == 1),
	    NR * 31 % 64 / 64, (m == 2), (NR % 50 == 1 ? e : "")
}' | pht -q -f x -g cam --lambda 9 --reference-size 20 -n p |
    chi2 -q -g cam --limit 9 --window 20 --reference-size 20 |
    dedup -q -f x -g cam --distance 0.01 >all
is 'every record is one' "$(jq -c . all | wc -l)" 900
sed -n 1,300p all >a.nd
sed -n 301,600p all >b.nd
sed -n 601,900p all >c.nd
echo 'no record' >>b.nd
echo '{"skipped":{"tool":"pht","reason":"json","where":"x:1"}}' >>c.nd
cat a.nd b.nd c.nd >all

# A field counts from its first test on, if promtext is not told its name: there
# may be records before that in each run. What is said of the run itself, and the time between machines.
steady() { grep -v -e '^promtext_last_' -e '^imgcls_usual_gap' "$1"; }

for o in '-g cam' '-g cam --window 7' '-g cam --window 1' \
    '-g cam --top-classes 8' '' '--window 30' '--window 500' '-g class'; do
	rm -rf st
	mkdir st
	for m in a b c; do
		# shellcheck disable=SC2086
		promtext -q -f x --skip-bad $o -s "st/$m" "$m.nd" >"$m.prom"
	done
	run "promtext -q -f x --skip-bad $o all"
	steady out >want
	run "promtext -f x --merge $(echo " $o" |
	    sed 's/ -g [a-z]*//') st/a st/b/promtext.json st/c"
	rc_is 0 "merges: $o"
	steady out >got
	ok "one process's metrics: $o" cmp got want
done
promtext -q -f x -g cam --skip-bad --reference a.nd all >all.prom
rm -rf st
mkdir st
for m in a b c; do
	promtext -q -f x -g cam --skip-bad -s "st/$m" "$m.nd" >"$m.prom"
done
run 'promtext -f x -g cam --merge --reference a.nd st/a st/b st/c'
grep reference_ all.prom >want
ok 'a reference has metrics' [ "$(wc -l <want)" -gt 10 ]
grep reference_ out >got
ok 'and the same ones' cmp got want
ok 'a state takes kilobytes' [ "$(du -bc st/*/promtext.json |
    tail -n 1 | cut -f 1)" -lt 60000 ]
run 'promtext -f x --merge -o site.prom --stream site --label site=1 st/a st/b st/c'
rc_is 0 'into a file'
is 'the counts of a camera on three machines' "$(sed -n \
    's/^drift_samples_total{feature="class".*stream="all".* //p' site.prom)" \
    "$(sed -n 's/^drift_samples_total{feature="class".*stream="all".* //p' \
	all.prom)"
is 'the records of all' "$(awk '/^promtext_input_records_total.*"site"/ {
    n += $2 } END { print n }' site.prom)" 900
ok 'promtool accepts them' promtool check metrics <site.prom

# More classes than may have series: none is lost.
mkdir top
for m in a b c; do
	promtext -q -f x --skip-bad --top-classes 3 -s "top/$m" "$m.nd" >out
done
run 'promtext -f x --merge --top-classes 3 top/a top/b top/c'
is 'classes without a series are counted' "$(grep ^imgcls_predictions out |
    awk '{ n += $2 } END { print n, NR }')" '882 4'
run 'promtext -f x --merge --max-groups 4 st/a st/b st/c'
rc_is 2 'more streams than there may be'
err_has "more streams than '--max-groups'"
out_has 'stream="a1"' 'the first are there'

# What can't be merged.
run 'promtext --merge --window 50 st/a'
rc_is 2 'another window'
err_has "st/a/promtext.json: made with '--window 100', not '50'"
run 'promtext --merge st/a nothing'
rc_is 2 'a state that is missing'
err_has 'nothing: No such file'
run 'promtext --merge'
rc_is 2 'no states'
run 'promtext --merge -s st/a st/b'
rc_is 2 'no state of its own, which would count twice'
sed 's/"alarms":1/"alarms":2/' st/a/promtext.json >bad.json
cmp -s bad.json st/a/promtext.json
is 'a state that was changed' $? 1
run 'promtext --merge bad.json'
rc_is 2 'is refused'
err_has 'its checksum is wrong'
head -c 200 st/a/promtext.json >bad.json
run 'promtext --merge bad.json'
rc_is 2 'so is half of one'
pht -q -f x -g cam --lambda 9 --reference-size 20 -s st/p a.nd >out
run 'promtext --merge st/p/pht.json'
rc_is 2 'and what is of another tool'
err_has 'not a state of promtext'
done_testing
