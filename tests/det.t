#!/bin/sh
# What the detectors share, beyond groups (group.t): where an alarm ends, and
# options that contradict each other.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# An alarm ends at four fifths of the limit, by the definition.
normals 3000 3 500 0.4 >s
ends() {
	jq -c "[.$1 | select(.tests) | .tests[0] | .stat, .limit, .alarm]" |
	    jq -c 'select(length > 0)'
}
for detector in 'pht -f x' 'iks -f x --window 60' 'nmddm -f x' \
    'nmddm -f x --scan' 'chi2 -f c --limit 12 --window 60'; do
	tool=${detector%% *}
	run "jq -c '.c = (.x * 2 | round)' s | $detector --reference-size 400"
	ends "$tool" <out >got
	jq -r '@tsv' got | awk '
	    { on = $1 > $2 || (on && $1 > 0.8 * $2) }
	    on { n++ }
	    on != ($3 == "true") { exit bad = 1 }
	    END { exit bad || !n }' && agree=1 || agree=0
	is "$detector: alarms end below the limit" "$agree" 1
	crossings=$(jq -r '@tsv' got |
	    awk '{ on = $1 > $2; n += on && !was; was = on } END { print n }')
	ok 'and begin no later, but less often' test "$(grep -c \
	    '"event":"drift","tests"' out)" -le "$crossings"
done

# With a fixed limit there is no promise.
refused() {
	run "$* </dev/null"
	rc_is 2 "refused: $*"
}
for fixed in 'iks --limit 0.3' 'iks --alpha 0.01' 'pht --lambda 9' \
    'pht --compat river' 'nmddm --limit 3' 'chi2 --limit 9'; do
	for promise in '--fap 0.01' '--horizon 50' '--lives 99' \
	    '-g a --family'; do
		refused "$fixed $promise"
	done
done
refused nmddm --mode paper --horizon 50
refused nmddm --alpha 0.01
run 'iks --limit 0.3 --fap 0.01 </dev/null'
err_is 'and why' <<X
iks: '--fap': not with a fixed limit
X
printf 'iks:\n  limit: 0.3\n  fap: 0.01\n  field: x\n' >c.yaml
run 'iks -v -c c.yaml s'
rc_is 0 'a file may have both'
err_has "'fap' of the file is not used: not with a fixed limit"

# What would go wrong when the reference is complete is said at once.
refused nmddm --bins 9 --reference-size 8
refused iks --calibrate resample --block 501
refused iks --window 50 --horizon 49
refused iks --lives 9
refused iks --alpha 1e-300 --window 5
refused pht --compat gama --after adopt
err_is 'and why' <<X
pht: '--after': this form has no reference to adopt
X
run 'pht -f x --compat seed --lambda 5 --after reset s'
is 'its sums can be reset' "$(jq -s 'map(select(.pht.event)) | length > 1' out)" true

# A field twice would have two tests of one name.
refused iks -f x -f y -f x
err_is 'and why' <<X
iks: '--field': twice: 'x'
X

# --policy replace is another name.
normals 1200 4 600 2 >s
run 'iks -f x --after adopt s'
cp out want
run 'iks -f x --policy replace s'
ok '--policy replace: the window becomes the reference' cmp out want
is 'once' "$(grep -c '"event":"drift","tests"' out)" 1
refused iks --policy replace --after hold
done_testing
