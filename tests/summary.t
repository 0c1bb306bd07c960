#!/bin/sh
# driftreport --save and driftmerge: what summaries of several machines add up to
# is what one report says of all their records.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 2

# Values are shares of 64, and the reference is of 512: sums are exact in any
# order. Of the machines a, b and c each has cameras of its own, and one of all.
awk 'BEGIN { for (i = 0; i < 512; i++)
	printf "{\"class\":\"k%d\",\"prob\":%s,\"p\":{\"x\":%s}}\n", i % 3,
	    (i * 37 % 64) / 64, (i * 29 % 64) / 64 }' >ref
awk 'BEGIN { for (i = 0; i < 1800; i++) {
	m = int(i / 600)
	cam = i % 3 ? substr("abc", m + 1, 1) i % 3 : "all"
	s = (s * 16807 + 11) % 2147483647
	e = i % 97 == 5 ? "\"error\":{\"stage\":\"decode\",\"reason\":\"r" \
	    i % 2 "\"},\"image\":\"bad" i ".png\"," : ""
	printf "{%s\"seq\":%d,\"time\":%d,\"cam\":\"%s\",\"class\":\"k%d\"," \
	    "\"truth\":\"k%d\",\"prob\":%s,\"p\":{\"x\":%s},\"model\":\"m%d\"," \
	    "\"label\":\"l%d\",\"image\":\"i%d.png\"}\n", e, i,
	    1763880000 + i * 60 + (i > 900) * 90000, cam, s % (3 + (m == 2)),
	    (s + (i % 7 == 0)) % 3, (int(s / 64) % 64) / 64,
	    int(int(s / 4096) % 64 * (m == 2 ? .5 : 1)) / 64, m == 2,
	    s % (3 + (m == 2)), i
	} }' >records
is 'every record is one' "$(jq -c . records | wc -l)" 1800
for m in 1 2 3; do
	sed -n "$((m * 600 - 599)),$((m * 600))p" records >"$m.nd"
done
echo 'no record' >>2.nd
echo '{"skipped":{"tool":"pht","reason":"json","where":"x:1"}}' >>3.nd
cat 1.nd 2.nd 3.nd >all.nd

# Typical images are of a stream's own first records, and repeats of the one
# before, which the first of a summary has not.
ref=ref
report() { driftreport -q --reference $ref --format json "$@" |
	jq 'del(.streams[].typical, .streams[].repeats)'; }
for o in '' '-g cam' '-f p.x' '-g cam -f prob'; do
	for m in 1 2 3; do
		# shellcheck disable=SC2086
		driftreport -q --reference ref $o --save "$m.sum" "$m.nd" || exit 2
	done
	# shellcheck disable=SC2086
	report $o all.nd >want
	# shellcheck disable=SC2086
	report $o 3.sum 1.sum 2.sum >got
	ok "the report of all records:$o" cmp got want
	driftmerge -o 12.sum 2.sum 1.sum
	driftmerge 3.sum 12.sum >left.sum
	driftmerge 2.sum 3.sum | cat >23.sum
	driftmerge -o right.sum 1.sum 23.sum
	ok "in whatever order they are merged:$o" cmp left.sum right.sum
	# shellcheck disable=SC2086
	report $o left.sum >got
	ok "that of the merged file:$o" cmp got want
done
report all.nd >want
driftreport -q --reference ref -g cam --save 1.sum 1.nd
driftreport -q --reference ref -g cam --save 2.sum 2.nd
driftreport -q --reference ref -g cam --save 3.sum 3.nd
is 'a stream of all cameras has the counts of all' \
    "$(report 1.sum 3.sum 2.sum | jq -c '.streams[] |
	[.records, .fields, .classes, .calibration, .mix_chi2, .unreadable_all]')" \
    "$(jq -c '.streams[] |
	[.records, .fields, .classes, .calibration, .mix_chi2, .unreadable_all]' want)"
report -g cam all.nd >want
report -g cam 1.sum 2.sum 3.nd >got
is 'summaries and then records' "$(jq -c '.streams[] | [.records, .begin, .end,
    .seq_gaps, .fields, .classes, .unreadable, .models]' got)" \
    "$(jq -c '.streams[] | [.records, .begin, .end,
    .seq_gaps, .fields, .classes, .unreadable, .models]' want)"
run 'driftreport --reference ref --format json --group-files 1.sum 2.sum 3.nd'
is 'a stream for each' "$(jq -c '.streams[] | [.stream, .records]' out |
    paste -s -d' ')" '["1",600] ["2",600] ["3.nd",600]'
ok 'a stream takes kilobytes' [ "$(gzip -c 1.sum | wc -c)" -lt 6000 ]

# The statistics of the counts, by another program.
report 1.sum 2.sum 3.sum | jq -r '.streams[].fields[] | select(.field == "p.x") |
    [.chi2, .df, .glr] | @tsv' >got
counted='select(.p and (.error | not)) | "b \(.p.x)"'
{
	jq -r '"a \(.p.x)"' ref | sort -k 2,2g
	grep '^{' all.nd | jq -r "$counted"
} | awk '
    $1 == "a" { r[++n] = $2 + 0 }
    $1 == "b" { x[++m] = $2 + 0 }
    function bin(v,  j, k, b) {
	for (j = 1; j < 10; j++) {
		k = int((j * n + 9) / 10)
		b += v > r[k]
	}
	return b
    }
    END {
	for (i = 1; i <= n; i++) a[bin(r[i])]++
	for (i = 1; i <= m; i++) b[bin(x[i])]++
	for (j = 0; j < 10; j++) {
		if (a[j] + b[j] == 0) continue
		d = n * b[j] - m * a[j]
		chi2 += d * d / (n * m * (a[j] + b[j]))
		df++
		if (a[j]) g += a[j] * log(a[j] * (n + m) / n / (a[j] + b[j]))
		if (b[j]) g += b[j] * log(b[j] * (n + m) / m / (a[j] + b[j]))
	}
	printf "%.17g\t%d\t%.17g\n", chi2, df - 1, g
    }' >want
is 'chi-square and likelihood ratio, by awk' "$(paste got want | awk '{
    print (($1 - $4)^2 < 1e-18 * $4^2), $2 - $5, (($3 - $6)^2 < 1e-18 * $6^2),
    ($1 > 20) }')" '1 0 1 1'
# Without ties it is what nmddm says of one window of all records.
normals 900 5 500 .5 >n.nd
sed -n 1,500p n.nd >n.ref
for i in 1 2 3 4; do
	sed -n "$((401 + i * 100)),$((500 + i * 100))p" n.nd >n.one
	driftreport --reference n.ref -f x --save "n$i.sum" n.one
done
nmddm -q -f x --bins 10 --window 400 --limit 1e9 --reference n.ref n.nd |
    tail -n 1 | jq '.nmddm.tests[0].stat' >want
run 'driftreport --reference n.ref --format json n4.sum n2.sum n1.sum n3.sum'
is "nmddm's statistic" "$(jq '.streams[0].fields[0].glr' out | paste - want |
    awk '{ print (($1 - $2)^2 < 1e-18 * $2^2), ($1 > 5) }')" '1 1'
grep '^{' all.nd | jq -c 'select(.class and (.error | not)) | del(.model)' >c.nd
chi2 -q --statistic pearson --min-expected 0 --limit 1e9 --dependence none \
    --window "$(wc -l <c.nd)" --reference ref c.nd | tail -n 1 |
    jq '.chi2.tests[0] | .stat, .df' >want
report 1.sum 2.sum 3.sum | jq '.streams[0] | .mix_chi2, .mix_df' >got
is "chi2's statistic" "$(paste got want | awk '{
    print (($1 - $2)^2 < 1e-18 * $2^2) }' | paste -s -d ' ')" '1 1'

# Alarms: an episode that lasts from one day to the next is one.
normals 1200 7 700 3 | jq -c '. + {time: (1.7e9 + 60 * .seq), image: "\(.seq).png"}' |
    pht -q -f x --reference-size 300 --horizon 1200 >d.nd
jq -c 'select(.pht.tests | not)' d.nd >d.ref
[ -s d.ref ] || sed -n 1,300p d.nd >d.ref
sed -n 301,1200p d.nd >d.rest
sed -n 1,500p d.rest >d1
sed -n 501,900p d.rest >d2
ref=d.ref
driftreport --reference d.ref --save d.sum d.rest
# When a record was is better known of fewer.
alarms='[.state, .since, .found, .events, .events_all]'
report d.rest >want
report d.sum >got
ok 'of one summary, now is what it was' cmp got want
out=$(jq -c ".streams[0] | $alarms" want)
ok 'it drifts' test "$(jq -r '.streams[0].state' want)" = Drift
driftreport --reference d.ref --save d1.sum d1
driftreport --reference d.ref --save d2.sum d2
is 'an alarm goes on' "$(report d2.sum d1.sum | jq -c ".streams[0] | $alarms")" "$out"
for f in html text markdown; do
	run "driftreport --reference d.ref --format $f d1.sum d2.sum"
	rc_is 0 "a page: $f"
	out_has 'known by summaries'
done

# A day out of a journal.
awk 'BEGIN { for (i = 0; i < 900; i++)
	printf "{\"time\":%d,\"x\":%d}\n", 1763942400 + i * 300, i * i % 17 }' >log
head -n 300 log >log.ref
driftpipe-run -q -i log -s run --journal gate.journal \
    --stage 'pht -q -f x --reference-size 300 --lambda 99' >out
for day in 2025-11-24 2025-11-25; do
	run "sh $top/configs/history/day gate.journal log.ref $day.sum $day"
	rc_is 0 "the summary of $day"
done
run 'driftreport --reference log.ref -g camera --format json 2025-11-2?.sum'
is 'two days of a camera' "$(jq -c '.streams[] | [.stream, .records, .begin, .end]' \
    out)" '["gate",576,1763942400,1764114900]'
run 'driftreport --reference log.ref --save x.sum gate.journal'
rc_is 2 'a journal is not taken as a whole'
err_has "gate.journal: '--save' takes files of records"

# More summaries than parts over time.
mkdir many
awk '{ print >"many/" int((NR - 1) / 12) }' d.rest
for f in many/*; do
	driftreport -q --reference d.ref -f x --save "$f.sum" "$f"
done
is 'more than there are parts' "$(report -f x many/*.sum | jq -c '.streams[0] |
    [.records, .events_all, .found]')" \
    "$(report -f x d.rest | jq -c '.streams[0] | [.records, .events_all, .found]')"
ok 'all in one file' driftmerge -o many.sum many/*.sum
report -f x many/*.sum >want
report -f x many.sum >got
ok 'say the same' cmp got want
: >none
driftreport --reference d.ref -f x --save none.sum none
driftreport --reference d.ref -f x --save none2.sum none
run 'driftmerge many.sum none.sum none2.sum'
rc_is 0 'some without records'

# What can't be merged.
refused() { # NAME COMMAND MESSAGE
	run "$2"
	rc_is 2 "$1"
	err_has "$3"
}
refused 'with other groups' 'driftmerge d1.sum 1.sum' \
    "1.sum: made with the group 'cam', and d1.sum with ''"
driftreport -q --reference ref -g cam --save again.sum 1.nd
refused 'the same records' 'driftmerge 1.sum 2.sum again.sum' \
    'the same records as in'
refused 'in a report, too' \
    'driftreport --reference ref 1.sum 2.sum again.sum' 'they would count twice'
refused 'another reference' 'driftreport --reference d.ref 1.sum' \
    '1.sum: made with another reference: crc32:'
refused 'another in a merge' 'driftmerge d1.sum n1.sum' \
    "n1.sum: made with the reference 'crc32:"
refused 'no reference' 'driftreport 1.sum' "name it with '--reference'"
refused 'another group' 'driftreport -g class --reference ref 1.sum' \
    "1.sum: made with '--group cam', not 'class'"
refused 'a group, without one' 'driftreport -g cam --reference d.ref d1.sum' \
    "d1.sum: made without '--group'"
driftreport -q --reference ref -g cam -f prob --save f.sum 1.nd
refused 'other fields' 'driftmerge 1.sum f.sum' 'f.sum: byte '
head -c 3000 1.sum >bad.sum
refused 'half of one' 'driftmerge bad.sum' 'bad.sum: damaged or cut short'
refused 'half of one, in a report' 'driftreport --reference ref bad.sum' \
    'bad.sum: damaged or cut short'
refused 'records' 'driftmerge 1.sum 1.nd' '1.nd: is neither a state nor a summary'
refused 'nothing' 'driftmerge none' 'none: is neither a state nor a summary'
refused 'a pipe' 'driftmerge - <1.sum' "'-': states and summaries are read from files"
# forged FILE: with a checksum that is right
forged() {
	sed 's/,"crc32":.*//' | tr -d '\n' >forged
	printf ',"crc32":"%s"}\n' "$(gzip -c forged | tail -c 8 |
	    od -An -tx4 -N4 | tr -d ' ')" | cat forged - >"$1"
}
forged same.sum <1.sum
ok 'a checksum can be forged' cmp same.sum 1.sum
sed 's/"missing"/&/; s/"records":200/"records":201/' 1.sum | forged bad.sum
refused 'parts that are not the whole' 'driftmerge bad.sum' \
    'parts that are not the whole'
err_has 'bad.sum: byte '
sed 's/"form":"1"/"form":"2"/' 1.sum | forged bad.sum
refused 'another version' 'driftmerge 1.sum bad.sum' "form '2'"
sed 's/"driftpipe":1/"driftpipe":2/' 1.sum | forged bad.sum
refused 'a newer driftpipe' 'driftmerge bad.sum' 'made by a newer driftpipe'
for t in 'pht -f x --lambda 9' 'iks -f x --limit .9 --window 20' \
    'nmddm -f x --limit 9' 'mewma -f x --limit 9' 'edet -f x'; do
	$t -q -s st -n t --reference-size 50 d1 >out 2>&1
	n=${t%% *}
	refused "a state of $n" "driftmerge st/t.json" \
	    "st/t.json: a state of $n can't be merged: its "
	rm -f st/t.json
done
promtext -q -s st d1 >out
refused 'two kinds' 'driftmerge 1.sum st' 'is of promtext, and 1.sum of driftreport'
refused 'a state as a summary' 'driftreport --reference ref st/promtext.json' \
    'not a state of driftreport'
refused 'no reference to count by' 'driftreport --save x.sum 1.nd' \
    "'--save': only with --reference"
refused 'a summary of summaries' 'driftreport --reference ref --save x.sum 1.sum' \
    'driftmerge puts summaries together'
refused 'nothing' driftmerge 'no files to merge'
refused 'a directory without a state' "driftmerge $tmp/many" 'No such file'
ok 'nothing was left' [ ! -e x.sum ]

# States of promtext: counts add up in any order, too.
for m in 1 2 3; do
	promtext -q -g cam --skip-bad -s "p$m" "$m.nd" >out 2>&1
done
promtext --merge p1 p2 p3 | grep -v ^promtext_last_ >want
driftmerge -o p12.json p2 p1
driftmerge -o p.json p3 p12.json
run 'promtext --merge p.json'
rc_is 0 'a merged state'
grep -v ^promtext_last_ out >got
ok 'has the same metrics' cmp got want
promtext --merge p3 p1 p2 | grep -v ^promtext_last_ >got
ok 'in whatever order' cmp got want
refused 'one that is there twice' 'promtext --merge p1 p2 p1' \
    'it would count twice'
run 'driftmerge -o p.json p1 p2 p3; cat p.json'
promtext -q --window 7 -s w 1.nd >out 2>&1
refused 'another window' 'driftmerge p1 w' \
    "w/promtext.json: made with '--window 7', and p1/promtext.json with '100'"
refused 'a full disk' 'driftmerge p1 p2 >/dev/full' 'driftmerge: '
done_testing
