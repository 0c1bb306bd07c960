#!/bin/sh
# Partitions: what P processes do together is what one process does, for each
# tool and for whole pipelines, wherever these are killed.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 2

# Groups of every kind, spelt in several ways: 7, "7" and "\u0037" are in one
# partition, whatever they are in a tool; records of no group; images that can't
# be read, and a trailer.
normals 2400 7 1800 1.5 | awk '{
	n = split("\"a\" \"b\" 7 \"7\" \"\\u0037\" \"caf\\u00e9\" \"caf\303\251\"" \
	    " true \"c8\" \"c9\" \"cam10\" \"c11\" \"c12\" null \"\" 1.5 [1]", g)
	sub(/}$/, "")
	t = 1763880000 + NR
	p = (NR * 7919 % 89) / 100
	printf "%s,\"time\":%d,\"cam\":%s,\"class\":%d,\"prob\":%s,\"v\":[%s,%d]," \
	    "\"probs\":[%s,%s,0.05,0.05]%s}\n", $0, t, g[NR * 31 % n + 1],
	    NR % 3, p, NR * 31 % 7, NR % 2, p, 0.9 - p,
	    NR % 97 ? "" : ",\"error\":{\"stage\":\"decode\",\"reason\":\"r\"}"
} END { print "{\"trailer\":{\"records\":2400}}" }' >s
is 'every record is one' "$(jq -c . s | wc -l)" 2401
accest --learn --window 20 -q -o l.json "$top/tests/vectors/accest/clean.ndjson"

# union P COMMAND...: into out and states what P processes make of s. The
# trailer, which ends each of them, counts once.
union() {
	_parts=$1
	shift
	rm -rf st
	for _k in $(seq "$_parts"); do
		"$@" -q -s st --partition "$_k/$_parts" s || echo failed
	done | awk '!/"trailer"/ || !n++' | sort >out
	jq -c '.state | [.group.values, .states] | transpose[]' st/*/*.json |
	    sort >states
	jq -c '.state | .used + (.unusable // .skipped)' st/*/*.json |
	    awk '{ n += $1 } END { print n }' >>states
}

reference='--reference-size 20'
for o in "pht -f x -f y --lambda 6 $reference" \
    "iks -f x --window 20 --limit .6 $reference --after adopt" \
    "nmddm -f x --window 20 --limit 9 $reference" \
    "chi2 -f class --window 20 --limit 9 $reference" \
    "mewma -f x -f y -f prob --limit 6 $reference" \
    "edet -f x -f class --limit 1 $reference --after adopt" \
    "dedup -f v[*] $reference" \
    "accest --learnt l.json --stride 5"; do
	# shellcheck disable=SC2086
	set -- $o -g cam
	rm -rf one
	"$@" -q -s one s | sort >one.out
	jq -c '.state | [.group.values, .states] | transpose[]' one/*.json |
	    sort >one.states
	jq -c '.state | .used + (.unusable // .skipped)' one/*.json >>one.states
	ok "$1: there are groups" [ "$(wc -l <one.states)" -gt 12 ]
	for parts in 1 3 4; do
		union "$parts" "$@"
		ok "$1: the records of $parts" cmp out one.out
		ok "$1: the states of $parts" cmp states one.states
	done
done
ok 'the partitions have something each' [ "$(find st -name '*.json' -size +2 |
    wc -l)" -eq 4 ]

# A reference file: its groups are those of the partitions, what has no group is
# everyone's.
head -n 600 s | jq -c 'del(.error, .trailer) | if .seq % 2 == 0 then del(.cam)
    else . end' >reference
for tool in pht dedup; do
	set -- $tool -f x --reference reference -g cam
	[ $tool = dedup ] || set -- "$@" --lambda 6
	rm -rf one
	"$@" -q -s one s | sort >one.out
	jq -c '.state | [.group.values, .states] | transpose[]' one/*.json |
	    sort >one.states
	jq -c '.state | .used + (.unusable // .skipped)' one/*.json >>one.states
	union 3 "$@"
	ok "$tool with a reference: the records" cmp out one.out
	ok "$tool with a reference: the states" cmp states one.states
done

# The metrics: those of all groups are there once, and what each process says
# of its run adds up.
groups() {
	cat "$@" | grep -E '^(drift|imgcls)_' | grep -v 'stream="run' | sort
}
sums() {
	cat "$@" | sed -n 's/^\(promtext_input[^ ]*\),stream="[^"]*"/\1/p
	    s/^\(drift_skipped[^ ]*\),stream="[^"]*"/\1/p' |
	    grep -v trailer |
	    awk '{ n[$1] += $2 } END { for (i in n) print i, n[i] }' | sort
}
echo 'no record' | cat s - >bad
pht -q -f x --lambda 6 --reference-size 20 -g cam --max-groups 9 s >tested
sed '$d' tested | cat - bad >all
for parts in 1 3 4; do
	rm -rf st ./*.prom
	for k in $(seq "$parts"); do
		promtext -q -g cam --skip-bad --reference reference -s st \
		    -o run.prom --stream run --partition "$k/$parts" all
	done
	promtext -q -g cam --skip-bad --reference reference -o one.prom \
	    --stream run all
	groups one.prom >want
	groups run-*of"$parts".prom >got
	ok "promtext: the metrics of $parts" cmp got want
	sums one.prom >want
	sums run-*of"$parts".prom >got
	ok "promtext: the counts of $parts" cmp got want
	ok 'no series is there twice' [ "$(cat run-*.prom | grep -v '^#' |
	    cut -d ' ' -f 1 | sort | uniq -d | wc -l)" -eq 0 ]
done
is 'a line that is no record counts once' "$(sed -n \
    's/^promtext_input_errors_total.*parse.* //p' run-*.prom | tr '\n' ' ')" \
    '1 0 0 0 '

# What can't be.
for bad in 0/3 4/3 1/ 1/2x '1/ 2' -1/2 /2 x 1/20000 ''; do
	run "pht -g cam --partition '$bad' </dev/null"
	rc_is 2 "refused: '$bad'"
done
run 'pht --partition 1/2 </dev/null'
rc_is 2 'without a field there are no groups'
err_has 'only with --group'
run 'accest --learn --partition 1/2 -o x s'
rc_is 2 'learning is not parted'
rm -rf st
pht -q -f x --reference-size 20 --lambda 6 -g cam --partition 1/2 -s st s >out
mv st/1of2 st/2of2
run 'pht -f x --reference-size 20 --lambda 6 -g cam --partition 2/2 -s st s'
rc_is 2 'the state of another partition'
err_has "made with '--partition 1/2', not '2/2'"
run 'pht -f x --reference-size 20 --lambda 6 -g cam --partition 1/3 -s st s'
rc_is 2 'parts of another number'
err_has "has a part of 2, '2of2', not of 3"

# Pipelines side by side, each killed until it is done.
cat >p.yaml <<'YAML'
driftpipe-run:
  stage: [pht, iks, chi2, mewma, promtext]
  input: in
  state: st
  output: run.prom
  journal: jn
  group: cam
pht: &detector
  field: [x, y]
  group: cam
  reference-size: 20
  lambda: 6
iks:
  field: x
  group: cam
  window: 20
  reference-size: 20
  limit: 0.6
chi2:
  group: cam
  window: 20
  reference-size: 20
  limit: 9
mewma:
  field: [x, y]
  group: cam
  reference-size: 20
  limit: 6
promtext:
  stream: run
  group: cam
YAML
states() {
	jq -c 'select(.state.group.values) | .tool as $tool | .state |
	    [.group.values, .states] | transpose[] | [$tool, .]' \
	    "$1"/current/[cimp]*.json | sort
	jq -c 'select(.tool == "promtext").state | [.names.values, .streams] |
	    transpose[] | select(.[0] | startswith("run") | not)' \
	    "$1"/current/promtext.json | sort
}
events() {
	cat "$1"/events-*.ndjson | jq -c 'del(.journal.record) | .journal.text |=
	    map(sub("at record [0-9]+"; "at")) | .' | sort
}
# A line that is no record among them.
{ head -n 1000 s; echo 'no record'; sed '1,1000d;$d' s; } >whole
head -n 1100 whole >in
driftpipe-run -q -c p.yaml 2>faults
cp whole in
driftpipe-run -q -c p.yaml 2>>faults
states st >want.states
groups run.prom >want.prom
sums run.prom >want.sums
events jn >want.events
rm -rf st jn run.prom
ok 'there are events' [ "$(wc -l <want.events)" -gt 10 ]

shots=0 kills=0
until_done() {
	for _try in 0 1 2 3; do
		driftpipe-run -q -c p.yaml --partition "$1" 2>>faults &
		_runner=$!
		sleep "$(awk -v k="$shots" -v n="$_try" 'BEGIN { srand(k)
		    print rand() * 0.05 * n }')"
		if [ $((shots % 2)) = 0 ]; then
			kill -9 "$_runner"
		else
			# shellcheck disable=SC2046
			kill -9 $(pgrep -P "$_runner")
		fi 2>/dev/null
		shots=$((shots + 1))
		wait "$_runner" 2>/dev/null && return 0
		kills=$((kills + 1))
	done
	driftpipe-run -q -c p.yaml --partition "$1" 2>>faults
}
for end in 1100 2401; do
	head -n "$end" whole >in
	for k in 1 2 3; do
		until_done "$k/3" || echo "not done: $k/3"
	done
done
ok "killed $kills times" [ "$kills" -gt 2 ]
for k in 1 2 3; do states st/${k}of3; done | sort >got
ok 'the states are those of one' sh -c 'sort want.states | cmp - got'
groups run-*of3.prom >got
ok 'the metrics are those of one' cmp got want.prom
sums run-*of3.prom >got
ok 'nothing is counted twice' cmp got want.sums
for k in 1 2 3; do events jn/${k}of3; done | sort >got
ok 'the journals have each event' sh -c 'sort want.events | cmp - got'

run 'driftpipe-run -c p.yaml --partition 1/2 --group class -s other \
    --journal other.journal'
rc_is 2 'stages that tell other groups apart'
err_has "'--group': the pipeline is parted by 'class', not by 'cam'"
run "driftpipe-run -i in -g cam --partition 1/2 -s other --stage 'pht -f x'"
rc_is 2 'a stage without groups'
err_has "'--group': the pipeline is parted by 'cam', and needs it"
run "driftpipe-run -i in --partition 1/2 -s other --stage 'pht -f x'"
rc_is 2 'a pipeline without groups'
done_testing
