#!/bin/sh
# shellcheck disable=SC2086
# Scores within contexts: against a second program, what each form sees, what
# can't be compared, options.
. "$(dirname "$0")/lib.sh"

# A field that follows the hour, three cameras, one of them rare, and one that
# comes late; ties, and a shift behind record 700.
normals 900 11 700 1 | awk '{
	r = NR * 7919 % 101
	t = 1700000000 + NR * 1731
	cam = r < 60 ? "a" : r < 96 ? "b\\\"," : "rare"
	if (NR > 820 && NR % 40 == 0)
		cam = "new"
	match($0, /"x":[^,]*/)
	x = substr($0, RSTART + 4, RLENGTH - 4)
	x = x * (1 + t % 86400 / 40000) + 3 * (cam == "rare")
	printf "{\"seq\":%d,\"x\":%.2f,\"time\":%d,\"cam\":\"%s\",\"lamp\":%s,\"level\":%d}\n",
	    NR, x, t, cam, r % 2 ? "true" : "false", NR % 13 * 5
}' >"$tmp/s"
cd "$tmp" || exit 1

# The statistics, or skipped.
said() { jq -r '.pht | select(.state != "learning") | if .state == "skipped"
    then .state else .tests[0].stat end' out; }
for c in time:hour "time:weekday time:hour" "time:hour cam" "cam time:hour" \
    "lamp level" "cam lamp time:weekday"; do
	run "pht -f x --context $(echo "$c" | sed 's/ / --context /g') \
	    --reference-size 500 --lambda 1000 --dependence none s"
	said >got
	"$top/scripts/oracle-context.py" s 500 $c >want
	ok "$c: as another program has it" alike 1e-9 got want
	is "$c: what it can't compare" "$(grep -n skipped got)" \
	    "$(grep -n skipped want)"
done
run "pht -f x --context cam --context time:hour --reference-size 500 --lambda 9 s"
err_has "contexts have fewer than 20 records in the reference, the first being"
err_has "pooled with their neighbours"
is 'said once' "$(grep -c pooled err)" 1

# Records in a context that the reference has not: an alarm goes on.
run "pht -v -f x --context cam --reference-size 500 --lambda 8 s"
err_has "pht: 'cam': 3 contexts in the reference, compared in 3 parts of"
err_has "s:840: 'cam' is \"new\", and the reference has no such context"
err_has 'pht: 2 records not tested: of a context that the reference has not'
err_has 'pht: 898 records used, 2 skipped, 1 events'
is 'the member' "$(jq -c 'select(.cam == "new") | .pht' out | uniq)" \
    '{"alarm":true,"state":"skipped","reason":"context"}'
promtext <out >prom
ok 'is counted' grep -q \
    'drift_skipped_total{.*reason="context".*} 2$' prom
sed '3s/,"cam":"[^"]*"//; 4s/"time":[0-9]*/"time":"noon"/
    600s/"time":/&1000/' s >lacking
run "pht -v -f x --context time:hour --reference-size 500 --lambda 5 lacking"
err_has '898 records used, 2 skipped'
run "pht -v -f x --context cam --reference-size 500 --lambda 5 lacking"
err_has '897 records used, 3 skipped'

# Within the class: a change in each, and none of the mix.
classes() {
	normals 1500 "$1" "$2" "$3" | awk -v raise="$4" '{
		match($0, /"x":[^,]*/)
		x = substr($0, RSTART + 4, RLENGTH - 4)
		hat = NR * 7919 % 101 < (NR > 1000 ? raise : 50)
		printf "{\"seq\":%d,\"class\":\"%s\",\"x\":%.9f}\n", NR,
		    hat ? "hat" : "shoe", x + 8 * hat
	}'
}
classes 3 1000 1 50 >within
classes 3 1500 0 80 >mix
classes 3 1500 0 50 >same
for t in pht iks nmddm mewma; do
	for s in within mix same; do
		run "$t -e -f x --context class --reference-size 1000 --lives 499 \
		    --horizon 500 $s"
		case $s in within) want=1 ;; *) want=0 ;; esac
		rc_is $want "$t --context class, $s"
	done
	run "$t -e -f x --reference-size 1000 --lives 499 --horizon 500 mix"
	rc_is 1 "$t without, mix"
done

# Many groups, one reference, and one of their own: the same.
head -n 500 s >ref
tail -n 400 s | awk '{ print; sub(/"seq":[0-9]*/, "&,\"g\":1"); print }' >twice
run 'pht -f x --context time:hour --reference ref --lambda 9 -g g twice'
jq -c 'select(.g) | .pht' out >got
tail -n 400 s >rest
run 'pht -f x --context time:hour --reference ref --lambda 9 rest'
jq -c .pht out >want
ok 'a group begins with the reference of all' cmp got want
run 'pht -f x --context time:hour --reference-size 500 --lambda 9 s'
jq -c '.pht | select(.state != "learning")' out >got
ok 'so does a stream with its own' cmp got want

# Residuals of scores.
awk '{ match($0, /"x":[^,]*/); x = .8 * x + substr($0, RSTART + 4, RLENGTH - 4)
	sub(/"x":[^,]*/, sprintf("\"x\":%.9g", x)); print }' s >slow
run 'pht -v -f x --context time:hour --reference-size 500 --lives 199 \
    --horizon 300 --fap .1 slow'
err_has "pht: 'x': autocorrelation of order"
err_has "from 199 simulated runs with a reference of 500"
is 'the limit is kept for the like' \
    "$(find "$XDG_CACHE_HOME" -name '*-worth=*-pools=24-rounds=*' | wc -l)" 1

# Out of a file, as a list.
cat >c.yaml <<'YAML'
pht:
  field: [x]
  context: [time:hour, cam]
  lambda: 9
YAML
run 'pht -c c.yaml --reference-size 500 s'
jq -c .pht out >got
run 'pht -f x --context time:hour --context cam --lambda 9 --reference-size 500 s'
jq -c .pht out >want
ok 'a key of the configuration' cmp got want

refused() {
	run "$1 --context cam s"
	rc_is 2 "$1"
	err_has "$2"
}
refused 'pht -f x --compat gama' "'--context': this form has no reference"
refused 'pht -f x --calibrate resample' \
    "'--context': not with --calibrate resample"
refused 'chi2 -f cam' 'context'
run 'pht -f x --context :hour s'
rc_is 2 'an hour of nothing'
run 'pht -f x --context a..b s'
err_has "pht: '--context': not a dotted path: 'a..b'"
run 'pht -f x --context time:minute s'
rc_is 2 'no such part of a time'
err_has "pht: '--context': 'time:minute': only ':hour' and ':weekday' are known"

# Of few values, those of the stream tie with those of the reference: else each
# of them is between two, and any window is another distribution.
awk 'BEGIN { for (s = 1; i++ < 1200;) { s = s * 16807 % 2147483647
    printf "{\"c\":%d,\"y\":%d}\n", i % 3, i % 3 + (s > 1073741823) } }' >few
for t in "iks --window 50 --limit .25" "nmddm --window 50 --limit 20" \
    "edet --limit 4"; do
	run "$t -f y --context c --reference-size 300 few"
	is "ties, in ${t%% *}" "$(jq -n '[inputs[] | objects | .event // empty] |
	    length' out)" 0
done

done_testing
