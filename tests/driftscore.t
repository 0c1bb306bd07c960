#!/bin/sh
# driftscore: every measure, on streams that can be counted by hand; and that
# anybody's detector can take part.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# stream NUMBER LENGTH AT EVENT...: records with an event of d at these places.
stream() {
	awk -v args="$*" 'BEGIN {
		n = split(args, a, " ")
		for (i = 4; i <= n; i++)
			event[a[i]] = 1
		for (t = 1; t <= a[2]; t++)
			printf "{\"stream\":%d,\"drifted\":%s,\"d\":{\"alarm\"" \
			    ":false%s}}\n", a[1], (t > a[3] ? "true" : "false"),
			    (t in event ? ",\"event\":\"drift\"" : "")
	}'
}
{ stream 1 100 50 51; stream 2 100 50 20 60 70; stream 3 100 50
  stream 4 100 50 90; } >s
run 'driftscore --dummy 30 s'
rc_is 0 'a table'
out_is 'of what was counted' <<'X'
detector        streams  false  share     interval  changes  found    delay  median     90%  events
d                     4      1  0.250  0.006 0.806        4  0.750     25.2      10      50    1.00
(every 30)            4      4  1.000  0.398 1.000        4  1.000     10.0      10      10    2.00
(never)               4      0  0.000  0.000 0.602        4  0.000     50.0      50      50    0.00
X
run 'driftscore --cap 30 --format tsv s'
is 'a cap: what is later is not found' "$(sed -n '2s/\t/ /gp' out |
    cut -d' ' -f 7,8,12-15)" '4 2 17.75 10 30 1'
awk '{ print (NR - 1) % 100, NR, $0 }' s | sort -n -k1,1 -k2,2 |
    cut -d' ' -f3- >interleaved
run 'driftscore --dummy 30 s'
cp out want
run 'driftscore --dummy 30 interleaved'
ok 'streams may be interleaved' cmp out want
run 'driftscore --at 60 s'
rc_is 2 'drift before the change that --at names'
err_has "s:51: drifted before '--at 60'"
run 'driftscore --at 50 s'
ok 'the change that --at names' grep -q '^d  .* 0.250 .* 25.2 ' out
run 'driftscore --at 40 --format records s'
is 'a later onset is part of the delay' "$(jq -c 'select(.detector == "d") |
    [.false.n, .found.n, .delay.mean, .delay.median]' out)" '[1,3,35.25,20]'

# Two changes of 20 records, 30 in between.
for t in $(seq 100); do
	d=false e=''
	case $t in 2? | 7?) d=true ;; esac
	case $t in 25 | 26 | 45 | 90) e=',"x":{"event":"drift"}' ;; esac
	echo "{\"stream\":\"a\",\"drifted\":$d$e}"
done >s
run 'driftscore --gap 30 --format records s'
is '--gap: changes that recur' "$(jq -c 'select(.detector == "x") |
    [.false.n, .changes, .found.n, .delay.mean, .events]' out)" '[0,2,2,13.5,2]'
run 'driftscore --format records s'
is 'one change a stream without it' "$(jq -c 'select(.detector == "x") |
    [.changes, .found.n, .delay.mean, .events]' out)" '[1,1,6,4]'

stream 1 10 10 >s
echo '{"trailer":{"records":1}}' >>s
echo '{"stream":1}' >>s
run 'driftscore -n e s'
err_is 'what is no part of a stream' <<'X'
driftscore: 2 records without stream and drifted were skipped
X
out_is 'no change, and a detector without any record' <<'X'
detector        streams  false  share     interval  changes  found    delay  median     90%  events
e                     1      0  0.000  0.000 0.975        0      -        -       -       -       -
d                     1      0  0.000  0.000 0.975        0      -        -       -       -       -
(every 1000)          1      0  0.000  0.000 0.975        0      -        -       -       -       -
(never)               1      0  0.000  0.000 0.975        0      -        -       -       -       -
X
echo '{"stream":1,"drifted":false,"feat":{"mean":1},"p":{"event":"warning"},"q":[{"event":"drift"}],"a\"b":{"event":"drift"}}' >s
run 'driftscore s'
is 'who is a detector' "$(sed 1d out | cut -c 1-12 | tr -d ' ' | tr '\n' ' ')" \
    'p a\"b (every1000) (never) '
echo x >bad
run 'driftscore bad'
rc_is 2 'a line that is no record'
run 'driftscore missing'
rc_is 2 'a file that is not there'
run 'driftscore s >/dev/full'
rc_is 2 'a full disk'

# The page's adaptor, with the Page-Hinkley rule as River documents it.
awk '/^\.Bd/ { on = 1; next } /^\.Ed/ { on = 0 } on && /import json/ { take = 1 }
    on && take { gsub(/\\e/, "\\"); print } !on { take = 0 }' \
    "$top/man/driftscore.1" >adaptor.py
cat >PageHinkley.py <<'X'
class PageHinkley:
    """m_t = sum (x_i - mean_i - delta); drift when m_t - min m > threshold."""
    def __init__(self, min_instances=30, delta=.005, threshold=50):
        self.how = min_instances, delta, threshold
        self.begin()
    def begin(self):
        self.n = 0
        self.mean = self.sum = self.low = 0.
        self.drift_detected = False
    def update(self, x):
        if self.drift_detected:
            self.begin()
        self.n += 1
        self.mean += (x - self.mean) / self.n
        self.sum += x - self.mean - self.how[1]
        self.low = min(self.low, self.sum)
        self.drift_detected = (self.n >= self.how[0]
                               and self.sum - self.low > self.how[2])
X
mkdir river
echo 'from PageHinkley import PageHinkley' >river/drift.py
for shift in 0 5; do
	normals 4000 $((shift + 3)) | sed "s/\"seq\":/\"shift\":$shift,\"seq\":/"
done | jq -c '{feat: {mean: (.x + .shift)}, s: .shift}' >all
grep '"s":0' all >a
grep '"s":5' all >b
if command -v python3 >/dev/null; then
	run 'driftmix --clean a --drift b --streams 20 --length 400 |
	    python3 adaptor.py | driftscore --format records'
	rc_is 0 'an adaptor as the page has it'
	is 'what it finds is scored' "$(jq -c 'select(.detector ==
	    "PageHinkley") | [.streams, .false.n, .found.n, (.delay.mean > 8
	    and .delay.mean < 14)]' out)" '[20,0,20,true]'
	jq -c 'select(.detector == "PageHinkley") | .delay' out >want
	run 'driftmix --clean a --drift b --streams 20 --length 400 |
	    pht --compat river -f feat.mean -g stream |
	    driftscore --format records | jq -c "select(.detector == \"pht\").delay"'
	ok 'as the same rule in pht' cmp out want
else
	for what in 'an adaptor as the page has it' \
	    'what it finds is scored' 'as the same rule in pht'; do
		skip "$what" 'no python3'
	done
fi

# The whole pipeline, at the size of a measurement.
mix="driftmix --clean $top/data/fashion-reference.ndjson --label class \
    --drop-class 3 --reference r --reference-size 1000"
run "$mix --streams 0"
cp r was
run "$mix --streams 400 | pht -g stream --reference r | driftscore"
rc_is 0 'driftmix | pht | driftscore, 400 streams of 2,000'
out_has 'pht                 400'
ok 'the reference is the same each time' cmp r was
done_testing
