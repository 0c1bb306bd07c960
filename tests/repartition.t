#!/bin/sh
# Another number of parts: what the new ones do together from there on is what
# one process does, whatever killed the change on its way.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 2

normals 1200 7 900 1.5 | awk '{
	n = split("\"a\" \"b\" 7 \"7\" \"\\u0037\" \"caf\\u00e9\" \"caf\303\251\"" \
	    " true \"c8\" \"c9\" \"cam10\" \"c11\" \"c12\" null \"\" 1.5 [1]", g)
	sub(/}$/, "")
	p = (NR * 7919 % 89) / 64
	printf "%s,\"time\":%d,\"cam\":%s,\"class\":%d,\"prob\":%s,\"act\":[%s,%d]%s}\n",
	    $0, 1763880000 + NR, g[NR * 31 % n + 1], NR % 3, (p > 1 ? 1 : p),
	    NR * 31 % 7, NR % 2,
	    NR % 97 ? "" : ",\"error\":{\"stage\":\"decode\",\"reason\":\"r\"}"
}' >s
{ head -n 500 s; echo 'no record'; tail -n 700 s; } >whole
head -n 300 s | jq -c 'del(.error) | if .seq % 2 == 0 then del(.cam) else .
    end' >reference
cat >p.yaml <<'YAML'
driftpipe-run:
  stage: [featstat, dedup, pht, pht -n own, chi2, promtext]
  input: in
  state: st
  output: run.prom
  journal: jn
  group: cam
featstat:
  keep: true
dedup:
  field: 'act[*]'
  group: cam
  reference-size: 20
pht:
  field: [x, y]
  group: cam
  reference: reference
  lambda: 6
own:
  tool: pht
  field: y
  group: cam
  reference-size: 20
  lambda: 6
chi2:
  group: cam
  window: 20
  reference-size: 20
  limit: 9
promtext:
  stream: run
  group: cam
  reference: reference
YAML

# parts P: all of them, over what is in.
parts() {
	for _k in $(seq "$1"); do
		driftpipe-run -q -c p.yaml --partition "$_k/$1" 2>>faults ||
		    echo "failed: $_k/$1"
	done
}
# states DIR...: the groups, and what there is of each. A test that was never
# seen has nothing.
states() {
	for _d in "$@"; do
		cat "$_d"/current/*.json
	done | jq -c 'if .tool == "promtext" then
	    .state | [.names.values, .streams] | transpose[] |
	    select(.[0] | startswith("run") | not) |
	    (.. | select(type == "object" and .seen == 0)) |= {seen}
	elif .state.group then .tool as $tool | .state |
	    ([.group.values, .states] | transpose[] | [$tool, .])
	else empty end' | sort
}
counts() {
	for _d in "$@"; do
		cat "$_d"/current/*.json
	done | jq -c 'select(.state.group) | .tool as $t | .state |
	    to_entries[] | select(.value | type == "number") |
	    select(.key != "false_alarms") | [$t, .key, .value]' |
	    jq -sc 'group_by(.[:2])[] | [.[0][0], .[0][1], (map(.[2]) | add)]'
}
metrics() {
	cat "$@" | grep -E '^(drift|imgcls)_' | grep -v 'stream="run' | sort
}
sums() {
	cat "$@" | sed -n 's/^\(promtext_input[^ ]*\),stream="[^"]*"/\1/p
	    s/^\(drift_skipped[^ ]*\),stream="[^"]*"/\1/p' |
	    awk '{ n[$1] += $2 } END { for (i in n) print i, n[i] }' | sort
}
events() {
	cat "$@" | jq -c 'del(.journal.record) | .journal.text |=
	    map(sub("at record [0-9]+"; "at"))' | sort
}

head -n 700 whole >in
run 'driftpipe-run -q -c p.yaml'
states st >half.states
counts st >half.counts
cp -a st single
cp whole in
run 'driftpipe-run -q -c p.yaml'
rc_is 0 'one process'
states st >want.states
counts st >want.counts
metrics run.prom >want.prom
sums run.prom >want.sums
events jn/events-* >want.events
ok 'there are groups' [ "$(wc -l <want.states)" -gt 50 ]
ok 'there are events' [ "$(wc -l <want.events)" -gt 5 ]

rm -rf st jn run.prom
head -n 700 whole >in
parts 4
cp -a st st.4
run 'driftpipe-run -c p.yaml --repartition 6'
rc_is 0 '4 become 6'
is 'there are no others' "$(cd st && echo [0-9]*)" \
    '1of6 2of6 3of6 4of6 5of6 6of6'
is 'they are valid' "$(readlink st/parts)" 6
states st/*of* >got
ok 'no group is lost, nor there twice' cmp got half.states
counts st/*of* >got
ok 'the counts add up' cmp got half.counts
is 'the old metrics are gone' "$(echo run*.prom)" 'run*.prom'
run 'driftpipe-run -c p.yaml --partition 1/4'
rc_is 2 'an old part is refused'
err_has 'st: has 6 parts'
run 'driftpipe-run -c p.yaml'
rc_is 2 'and so is a pipeline without parts'
cp -a st st.6
cp whole in
parts 6
states st/*of* >got
ok '6 go on as one: the states' cmp got want.states
counts st/*of* >got
ok 'the counts' cmp got want.counts
metrics run-*.prom >got
ok 'the metrics' cmp got want.prom
sums run-*.prom >got
ok 'what is counted of the input' cmp got want.sums
events jn/*/events-* >got
ok 'the events' cmp got want.events

rm -rf st run*.prom
cp -a st.6 st
head -n 700 whole >in
run 'driftpipe-run -c p.yaml --repartition 1'
rc_is 0 '6 become 1'
cp whole in
parts 1
states st/*of* >got
ok '1 goes on: the states' cmp got want.states
metrics run-*.prom >got
ok 'the metrics of 1' cmp got want.prom

rm -rf st run*.prom
cp -a single st
head -n 700 whole >in
run 'driftpipe-run -c p.yaml --partition 1/3'
rc_is 2 'a state of all groups has no parts'
err_has "'driftpipe-run --repartition 3' divides them"
run 'driftpipe-run -c p.yaml --repartition 3'
rc_is 0 'all become 3'
states st/*of* >got
ok 'no group is lost then' cmp got half.states
cp whole in
parts 3
states st/*of* >got
ok '3 go on: the states' cmp got want.states
metrics run-*.prom >got
ok 'the metrics of 3' cmp got want.prom
sums run-*.prom >got
ok 'what 3 count of the input' cmp got want.sums

# Killed at each change of a name: it is done, or nothing has changed; and then
# it can be done.
ok 'what kills' "${CC:-gcc}" -D_GNU_SOURCE -shared -fPIC -o die.so \
    "$top/tests/power/die.c"
holds() {
	for _d in "$1"/*of*; do
		diff -r "$_d" "$2/${_d#*/}" || return 1
	done
}
killed=0 old=0
for at in 1 2 $(seq 3 "${DIE_STEP:-7}" 1000); do
	rm -rf st
	cp -a st.4 st
	DIE_AT=$at LD_PRELOAD=$tmp/die.so driftpipe-run -q -c p.yaml \
	    --repartition 6 && break
	killed=$((killed + 1))
	if [ "$(readlink st/parts)" = 6 ]; then
		holds st.6 st || break
	else
		old=$((old + 1))
		holds st.4 st || break
	fi >lost
	driftpipe-run -q -c p.yaml --repartition 6 >>lost || break
	{ holds st.6 st && [ ! -e st/1of4 ]; } || break
done 2>killed
ok "killed $killed times, $old before it is done" [ "$killed" -gt 20 ]
ok 'and it ends' [ "$at" -gt 100 ]
ok 'nothing is lost' [ ! -s lost ]

# What can't be.
rm -rf st
cp -a st.4 st
head -n 710 whole >in
driftpipe-run -q -c p.yaml --partition 3/4 2>>faults
run 'driftpipe-run -c p.yaml --repartition 6'
rc_is 2 'parts at different places'
err_has 'not at the same place of the input'
parts 4
run 'driftpipe-run -c p.yaml --repartition 6'
rc_is 0 'when all have read the same'
rm -r st/2of6
run 'driftpipe-run -c p.yaml --repartition 2'
rc_is 2 'a part that is not there'
err_has '2of6: has committed nothing'
rm -rf st
cp -a st.4 st
printf '{"x":1}\n' >st/4of4/reference.1.ndjson
run 'driftpipe-run -c p.yaml --repartition 6'
rc_is 2 'a new normal of one part'
err_has '4of4: has a reference of its own'
rm -rf st
cp -a st.4 st
sed -i 's/"y"/"z"/' st/2of4/current/own.json
run 'driftpipe-run -c p.yaml --repartition 6'
rc_is 2 'a damaged state'
err_has 'own.json: damaged or cut short'
run 'driftpipe-run -c p.yaml --repartition 6 --partition 1/4'
rc_is 2 'a part has no say'
run 'driftpipe-run -c p.yaml --repartition 6 -s nothing'
rc_is 2 'no state'
mkdir nothing
run 'driftpipe-run -c p.yaml --repartition 6 -s nothing'
rc_is 2 'an empty directory'
err_has 'nothing: has no state of a pipeline'
rm -rf st
cp -a st.4 st
rm -f st/1of4/.promtext.lock # of earlier; what runs makes it again
driftpipe-run -q -c p.yaml --follow --partition 1/4 2>>faults &
runner=$!
for _try in $(seq 100); do
	[ -e st/1of4/.promtext.lock ] && break
	sleep 0.1
done
run 'driftpipe-run -c p.yaml --repartition 6'
rc_is 2 'a part that runs'
err_has 'a pipeline is running'
kill "$runner"
wait "$runner" 2>/dev/null
done_testing
