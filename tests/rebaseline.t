#!/bin/sh
# driftpipe-run --rebaseline: detectors that begin anew with another reference,
# of all groups or of one, and all else that goes on; refusals; kills.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# Records A to B of two cameras; those of c1 move by S.
records() {
	awk -v a="$1" -v b="$2" -v s="$3" 'BEGIN {
	    for (i = a; i <= b; i++)
		    printf "{\"seq\":%d,\"cam\":\"c%d\",\"model\":\"m1\",\"x\":%d}\n",
			i, i % 2, i * 7919 % 101 + i % 2 * s }'
}
records 1 600 0 >ref.ndjson
cp ref.ndjson in
records 601 1000 60 >>in
test='-q -f x -g cam --horizon 1000'
# r STATE [OPTION...]: a run over what is new in the input.
r() {
	_state=$1
	shift
	driftpipe-run -q -i "${in:-in}" -s "$_state" --journal "$_state.jn" \
	    -g cam -o "$_state.prom" \
	    --stage "pht $test --reference $tmp/ref.ndjson" \
	    --stage "iks $test --reference $tmp/ref.ndjson" "$@" --stage \
	    "promtext --stream s -g cam -o $tmp/$_state.prom --reference $tmp/ref.ndjson"
}
metric() { sed -n "s/^$2 //p" "$1.prom"; }
# What the detectors say of the records from N on, and of those of stdin.
said() {
	cat "$1".jn/records-*.ndjson | jq -c "select(.seq >= $2)" | both
}
# The same of detectors that have seen nothing else.
fresh() {
	eval "pht $test --reference $1 $2 | iks $test --reference $1" | both
}
both() { jq -c '[.seq, .pht, .iks]' | cksum; }
# copy FROM TO: a state, its journal and its metrics.
copy() {
	cp -a "$1" "$2"
	cp -a "$1.jn" "$2.jn"
	rm "$2.jn/.lock"
	cp "$1.prom" "$2.prom"
}

run 'r none --rebaseline ref.ndjson'
rc_is 2 'before the first run'
err_has 'nothing has been committed yet: name the reference in the config'
run 'r st'
rc_is 0 'one camera drifts'
alarm='drift_detected{feature="x",detector="iks",stream="c1"}'
is 'and is in alarm' "$(metric st "$alarm")" 1

# --- what is refused, with nothing changed
sed 's/m1/m2/' ref.ndjson >other.ndjson
head -n 200 other.ndjson | cat ref.ndjson - >mixed.ndjson
head -n 40 ref.ndjson >short.ndjson
sed 's/"x"/"y"/' ref.ndjson >fields.ndjson
while read -r rebaseline why; do
	run "r st --rebaseline $rebaseline"
	is "refused: $rebaseline" "$rc $(
	    grep -qF "$why" "$tmp/err" || cat "$tmp/err")" '2 '
done <<'END'
last:900 st.jn: 500 records of "c1" are too few: 900 are needed
last:49 not last:N, N from 50: 'last:49'
last:x not last:N, N from 50: 'last:x'
short.ndjson 20 records of "c1" are too few: 50 are needed
other.ndjson of model "m2", and the last record of "m1"
mixed.ndjson mixed.ndjson:601: of model "m2", after "m1"
none.ndjson none.ndjson: No such file
fields.ndjson st/reference.2.ndjson: 0 usable records are no reference
END
run 'r st --rebaseline last:100 --rebaseline-group c9'
err_has 'no record of c9 to make a reference of'
run 'r st --rebaseline-group c1'
err_has "'--rebaseline-group': only with --rebaseline and --group"
run 'driftpipe-run -i in -s st3 --stage cat && driftpipe-run -i in -s st3 \
    --stage cat --rebaseline last:100'
err_has "last:N needs '--journal'"
printf 'driftpipe-run:\n  rebaseline: ref.ndjson\n' >c.yaml
run 'driftpipe-run -c c.yaml -i in -s st3 --stage cat'
err_has "'rebaseline': only on the command line"
is 'nothing is changed, nothing left' "$(readlink st/current) $(cd st && echo *)" \
    'gen.1 current gen.0 gen.1'

# --- one group
records 1001 1300 60 >later
copy st all
copy st same
run 'r st --rebaseline last:150 --rebaseline-group c1'
rc_is 0 'one group'
out_is 'no input is read' </dev/null
is 'which is journalled' "$(tail -n 1 st.jn/events-*.ndjson |
    jq -c '[.rebaseline, .journal]')" '[{"records":150,"from":"last:150","group":"c1","model":"m1"},{"text":["a new normal for c1: 150 of the last records"]}]'
cat later >>in
run 'r st && r same'
is 'it is as usual' "$(metric st "$alarm") $(metric same "$alarm")" '0 1'
is 'its counters go on' \
    "$(metric st 'drift_alarms_total{feature="x",detector="iks",stream="c1"}')" 1
ok 'the other group notices nothing' sh -c \
    'jq -c "select(.cam == \"c0\")" st.jn/records-*.ndjson >c0.st
    jq -c "select(.cam == \"c0\")" same.jn/records-*.ndjson | cmp - c0.st'
cat same.jn/records-*.ndjson | jq -c 'select(.cam == "c1") |
    select(.seq <= 1000)' | tail -n 150 >own.ndjson
grep '"c1"' later >later.c1
is 'it begins with its last records' "$(cat st.jn/records-*.ndjson |
    jq -c 'select(.cam == "c1" and .seq > 1000)' | both)" \
    "$(fresh own.ndjson later.c1)"

# --- all
run 'r all --rebaseline last:150'
rc_is 0 'all groups'
is 'in a file of the state' "$(wc -l <all/reference.2.ndjson)" 300
r all
is 'the place in the input stays' "$(
    cat all.jn/records-*.ndjson | jq 'select(.seq > 1000)' -c | wc -l)" 300
is 'what follows is that of detectors with that reference' "$(said all 1001)" \
    "$(fresh all/reference.2.ndjson later)"
is 'counters go on' \
    "$(metric all 'drift_alarms_total{feature="x",detector="iks",stream="c1"}')" 1
digest() { sed -n 's/^drift_reference_info.*crc32:\([^"]*\).*/\1/p' "$1.prom"; }
is 'and metrics name the reference' "$(digest st | sort -u | wc -l) $(
    (digest st; digest all) | sort -u | wc -l) $(digest all | wc -l)" '1 2 2'
run 'r all --rebaseline ref.ndjson && r all'
rc_is 0 'a file'
is 'an older one is removed' "$(cd all && echo *)" \
    'current gen.4 gen.5 reference.4.ndjson'

# --- whoever is killed on the way has changed nothing, or all
cat >killer <<'SH'
while IFS= read -r line; do
	case $line in *'"barrier"'*) kill -9 "$RUNNER" && sleep 60 ;; esac
	printf '%s\n' "$line"
done
SH
head -n 1000 in >log
in=log
run 'r whole && r whole --rebaseline last:150'
cat later >>log
r whole
for at in before after; do
	head -n 1000 in >log
	r killed.$at
	case $at in
	before) run "sh -c 'RUNNER=\$\$ exec driftpipe-run -q -i log \
	    -s killed.$at --journal killed.$at.jn -g cam --rebaseline last:150 \
	    --stage \"sh $tmp/killer\" --stage cat'" ;;
	after) run "sh -c 'RUNNER=\$\$ exec driftpipe-run -q -i log \
	    -s killed.$at --journal killed.$at.jn -g cam --rebaseline last:150 \
	    --stage \"pht $test --reference $tmp/ref.ndjson\" \
	    --stage \"iks $test --reference $tmp/ref.ndjson\" \
	    --stage \"sh $tmp/killer\"'" ;;
	esac
	is "killed $at the states: nothing is committed" \
	    "$(readlink killed.$at/current)" gen.1
	run "r killed.$at --rebaseline last:150"
	rc_is 0 'the same once more'
	cat later >>log
	r killed.$at
	is 'ends as without a kill' "$(said killed.$at 1)" "$(said whole 1)"
	is 'and is journalled once' \
	    "$(cat killed.$at.jn/events-*.ndjson | grep -c rebaseline)" 1
done

# --- and in any two runs it goes on as in one
head -n 1000 in >log
r parts && r parts --rebaseline last:150
head -n 77 later >>log
r parts
tail -n +78 later >>log
r parts
is 'cut anywhere' "$(said parts 1)" "$(said whole 1)"
done_testing
