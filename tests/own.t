#!/bin/sh
# A classifier that is not ours: the programs of driftpipe-records(5), as they
# are printed there, through the detectors to metrics and a report.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# The literal blocks of the section: 1 in Python, 2 in shell, 3 for a log.
awk '/^\.S[sh] / { inside = $0 == ".Ss Your own classifier" }
    inside && /^\.Bd -literal/ { block = 1; n++; next }
    /^\.Ed/ { block = 0 }
    block { gsub(/\\e/, "\\"); print >("block" n) }' \
    "$top/man/driftpipe-records.5"
ok 'the page has three programs' test -s block1 -a -s block2 -a -s block3

# Ten classes; from record 900 on the model is less certain, and prefers two.
cat >classes.awk <<'AWK'
function below(n) { s = (s * 69069 + 1) % 4294967296
    return int(s / 65536) % n }
BEGIN {
	for (s = 7; i++ < 1200;) {
		c = i > 900 && below(2) ? below(2) : below(10)
		print i, c, (i > 900 ? 0.5 : 0.8) + below(100) / 1000
	}
}
AWK
awk -f classes.awk >answers

chain() {
	chi2 -f class --reference-size 500 |
	    pht -f prob -f feat.mean --reference-size 500 >tested &&
	    promtext -o metrics.prom <tested
}

if command -v python3 >/dev/null; then
	cat block1 - >program.py <<'PY'
for line in open("answers"):
    i, c, p = line.split()
    i, c, p = int(i), int(c), float(p)
    if i == 77:
        put_error(i, "photo77", ValueError("cut short"))
        continue
    probs = [(1 - p) / 9] * 10
    probs[c] = p
    act = [p + 0.001 * (i * k % 17) for k in range(8)]
    if i == 78:
        act[0] = float("nan")
    put(i, "photo%d" % i, probs, act)
PY
	run 'python3 program.py | featstat -f act'
	rc_is 0 'in Python'
	cp out records
	run 'python3 program.py | awk "NR == 5" | jq -c "[.seq, .image, .model, .class, (.probs | length)]"'
	out_is 'its records' <<'OUT'
[5,"photo5","cats-3",1,10]
OUT
	run 'sed -n 77,78p records | jq -c "[.seq, .error, .feat.n]"'
	out_is 'an error, and a value that is none' <<'OUT'
[77,{"stage":"decode","reason":"cut short"},null]
[78,null,null]
OUT
	run 'chain <records'
	rc_is 0 'go through the pipeline'
	for d in chi2 pht; do
		is "$d: no event before the drift, and one after it" \
		    "$(jq -r "select(.$d.event) | .seq > 900" tested | sort -u)" \
		    true
	done
	ok 'the metrics have the classes' \
	    grep -q '^imgcls_predictions_total{.*class="3"' metrics.prom
	ok 'and the error' \
	    grep -q '^imgcls_errors_total{.*reason="decode".* 1$' metrics.prom
	run 'driftreport --format text tested'
	rc_is 0 'the report'
	out_has prob 'names what moved'
	run 'jq -c "select(.class) + {truth: (if .seq % 7 == 0 then 0 else .class end)}" records >labelled
	    accest --learn -o learnt.json labelled &&
	    accest --learnt learnt.json <records | tail -n 1 | jq .accest.window'
	rc_is 0 'accest learns from them, and estimates'
	ok 'the accuracy of some records' test "$(cat out)" -gt 0
else
	skip 'in Python' 'no python3'
fi

classify() { awk '{ print "photos/" $1 ".jpg", $2, $3 }' answers; }
{
	cat block2
	echo
} >program.sh
. ./program.sh >records 2>err
is 'in shell' "$(sed -n 5p records | jq -c '[.image, .class, .prob]')" \
    "$(awk 'NR == 5 { printf "[\"photos/%s.jpg\",\"%s\",%s]", $1, $2, $3 }' answers)"
run 'chi2 -f class --reference-size 500 records |
    jq -r "select(.chi2.event) | input_line_number > 900" | sort -u'
out_is 'with classes that are text' <<'OUT'
true
OUT

# The log grows while it is read.
awk '{ print "10.0.0." $1 % 9, "POST", $2, $3 }
    NR % 100 == 0 { print "10.0.0.1 GET - -" }' answers >access.log
sed 's/^tail -F access.log/cat access.log/' block3 >program.sh
. ./program.sh >records
is 'of an access log: a record for each answer' \
    "$(jq -c '[.class, .prob]' records | awk 'END { print NR }')" 1200
run 'pht -f prob --reference-size 500 records |
    jq -r "select(.pht.event) | input_line_number > 900" | sort -u'
out_is 'and the drift in it' <<'OUT'
true
OUT
run '. ./program.sh | chain'
rc_is 0 'through the pipeline'
done_testing
