#!/bin/sh
# driftpipe-run: a pipeline that is killed at any moment ends as one that is
# not.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

cd "$tmp" || exit 1
# With images that can't be read between them.
normals 2000 5 1500 1 | sed 's/}$/,"class":1,"time":1763880000.5}/' |
    awk '{ sub(/}$/, NR % 3 ? ",\"lamp\":true}" : ",\"lamp\":false}"); print }
    NR % 40 == 0 {
	printf "{\"image\":\"%d.png\",\"time\":1763880000.5," \
	    "\"error\":{\"stage\":\"decode\"," \
	    "\"reason\":\"no image\"}}\n", NR }' >all
cat >p.yaml <<'YAML'
driftpipe-run:
  stage: [pht, iks, nmddm, chi2, mewma, promtext]
  input: in
  state: st
  output: drift.prom
  journal: jn
  journal-size: 1
pht: &detector
  field: [x, y]
  reference-size: 100
  lambda: 20
iks:
  field: x
  context: lamp
  reference-size: 100
  limit: 0.4
nmddm:
  field: x
  reference-size: 100
  limit: 15
chi2:
  reference-size: 100
  limit: 9
mewma:
  field: [x, y]
  reference-size: 100
  limit: 1.5
promtext:
  stream: cam0
YAML
# promtext's clock is the one thing that differs.
steady() { grep -v -e '^promtext_last_' "$1"; }

# A run without a fault: three batches.
batches() {
	rm -rf st in drift.prom jn
	for end in 700 1400 2050; do
		head -n "$end" all >in
		"$@" || return 1
	done
}
# The states, without the place in the input, whose inode differs.
states() { cat st/current/[!d]*.json; }
# All of its files, with their names. What only the place before the last was
# kept for goes at the next start, which some kills bring about.
journal() {
	driftpipe-run -c p.yaml && (cd jn && tail -n +1 -- *.ndjson)
}
# What does not depend on how often there was a commit: which of the oldest
# records are there does.
lasting() { (cd "${1:-jn}" && cat e*.ndjson && cat r*.ndjson | tail -n 400); }

run batches driftpipe-run -c p.yaml
rc_is 0 'three batches'
states >want.states
steady drift.prom >want.prom
is 'every record is counted once' \
    "$(sed -n 's/.*"pht".*"used":\([0-9]*\).*/\1/p' want.states)" 2000
ok 'promtool accepts the metrics' promtool check metrics <drift.prom
is 'old generations are removed' "$(find st -name 'gen.*' | sort | tr '\n' ' ')" \
    'st/gen.2 st/gen.3 '
journal >want.journal
pht -c p.yaml all | iks -c p.yaml | nmddm -c p.yaml | chi2 -c p.yaml |
    mewma -c p.yaml | promtext -c p.yaml >plain.prom
steady plain.prom >plain
ok 'batches count what one run counts' cmp plain want.prom

is 'the journal has each event' \
    "$(cat jn/events-*.ndjson | grep -c '"event":"drift"')" \
    "$(pht -c p.yaml all | iks -c p.yaml | nmddm -c p.yaml | chi2 -c p.yaml |
	mewma -c p.yaml | grep -c '"event":"drift"')"
is 'and each error' "$(cat jn/errors-*.ndjson | wc -l)" 50
ok 'and the last records' [ "$(cat jn/records-*.ndjson | wc -l)" -lt 2000 ]
driftpipe-run -c p.yaml -i all -s st.one --journal jn.one -o one.prom 2>>faults
lasting >want.lasting
lasting jn.one >got
ok 'batches leave the journal of one run' cmp got want.lasting

# Killed at random moments, the processes one by one or all, until it is done.
# A moment is a share of the time that a whole run takes.
cp -r st st.whole
begun=$(date +%s%N)
for _ in 1 2 3 4; do driftpipe-run -c p.yaml 2>>faults; done
whole=$((($(date +%s%N) - begun) / 4))
rm -r st
mv st.whole st
kills=0 shots=0
until_done() {
	_tries=0
	while [ "$_tries" -lt 60 ]; do
		_tries=$((_tries + 1))
		driftpipe-run -c p.yaml 2>>faults &
		_runner=$!
		sleep "$(awk -v k="$shots" -v n="$_tries" -v whole="$whole" '
		    BEGIN { srand(k); print rand() * whole * n / 4e9 }')"
		_victims=$(pgrep -P "$_runner")
		# shellcheck disable=SC2086
		case $((shots % 3)) in
		0) kill -9 "$_runner" ;;
		1) kill -9 $_victims ;;
		2) kill -9 "$(echo $_victims | tr ' ' '\n' |
		    sed -n "$((shots / 3 % 8 + 1))p")" ;;
		esac 2>/dev/null
		shots=$((shots + 1))
		wait "$_runner" 2>/dev/null && return 0
		kills=$((kills + 1))
	done
	driftpipe-run -c p.yaml 2>>faults
}
bad=0
while [ "$kills" -lt "${KILLS:-96}" ]; do
	batches until_done || bad=$((bad + 1))
	states | cmp -s - want.states || bad=$((bad + 1))
	steady drift.prom | cmp -s - want.prom || bad=$((bad + 1))
	journal | cmp -s - want.journal || bad=$((bad + 1))
done
is "killed $kills times: states, metrics and journal" "$bad" 0

# A full disk: no file may grow beyond some blocks.
full() {
	for blocks in 0 1 2 8; do
		# The shell, not we, would say by which signal it ended.
		(exec 2>/dev/null
		    (ulimit -f "$blocks"; driftpipe-run -c p.yaml 2>>faults)
		    exit $?) && return 0
	done
	driftpipe-run -c p.yaml 2>>faults
}
batches full
states >got
ok 'a full disk: states' cmp got want.states
steady drift.prom >got
ok 'a full disk: metrics' cmp got want.prom

# The metrics of a commit whose rename did not happen.
steady drift.prom >before
echo old >drift.prom
cp in in2
rm in
run driftpipe-run -c p.yaml
rc_is 2 'no input'
steady drift.prom >got
ok 'the metrics of the last commit are there' cmp got before
mv in2 in

# Rotation between two runs, and a last line without an end.
rm -rf st jn
head -n 500 all >in
run driftpipe-run -c p.yaml
sed -n 501,800p all >>in
mv in in.1
{
	sed -n '801,$p' all
	printf '{"x":1'
} >in
run driftpipe-run -c p.yaml
rc_is 0 'a file that was rotated'
states >got
ok 'nothing is lost or read twice' cmp got want.states
echo ',"y":2,"class":1}' >>in
run driftpipe-run -c p.yaml
is 'the line is read when it has an end' \
    "$(sed -n 's/.*"pht".*"used":\([0-9]*\).*/\1/p' st/current/pht.json)" 2001

# A stage that fails, one that drops barriers, a second runner.
cp -r st st.before
run "driftpipe-run -c p.yaml --stage 'pht' --stage 'sh -c \"cat >/dev/null; exit 3\"'"
rc_is 2 'a stage fails'
err_has "exit status 3"
ok 'nothing was committed' diff -r st.before/current/ st/current/
run "driftpipe-run -c p.yaml --stage 'grep -v barrier; :'"
rc_is 2 'a stage drops barriers'
err_has 'no barrier has come out'
run "driftpipe-run -c p.yaml --stage 'pht -e --lambda 0' --stage cat -s st2 \
    --journal jn2"
rc_is 2 'status 1 is a failure'
run "driftpipe-run -e -c p.yaml --stage 'pht -e --lambda 0' --stage cat -s st2 \
    --journal jn2"
rc_is 1 'unless -e says that it is an event'

# Following: commits at barriers, ends at SIGTERM with a last one.
rm -rf st drift.prom jn
head -n 900 all >in
driftpipe-run -c p.yaml --follow --barrier 0.05 2>err &
runner=$!
for _ in $(seq 500); do
	[ -s drift.prom ] && break
	sleep .02
done
run "driftpipe-run -c p.yaml"
rc_is 2 'a second runner'
err_has 'another process has this state'
tail -n +901 all >>in
mv in in.1
: >in
for _ in $(seq 500); do
	grep -q '"used":2000' st/current/pht.json 2>/dev/null && break
	sleep .02
done
kill "$runner"
wait "$runner"
is 'SIGTERM ends it' "$?" 0
states >got
ok 'following: states' cmp got want.states
steady drift.prom >got
ok 'following: metrics' cmp got want.prom
lasting >got
ok 'following: journal' cmp got want.lasting

done_testing
