#!/bin/sh
# The journal of driftpipe-run: what is in it, its bounds, and what can go
# wrong. That each entry is there once after kills is in tests/run.t.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

cd "$tmp" || exit 1
normals 700 5 400 -2 | sed 's/}$/,"camera":"cam0","image":"a.png"}/' >all
{
	head -n 300 all
	echo '{"image":"b\"ad.png","error":{"stage":"decode","reason":"no image"}}'
	echo '{"x":NaN}'
	tail -n +301 all
} >in
pht='pht -q -f x --reference-size 200 --lambda 20'
# r NAME [OPTION...]: a run over what is new in the input.
r() {
	_name=$1
	shift
	driftpipe-run -i in -s "st.$_name" --journal "jn.$_name" \
	    --stage "$pht" "$@"
}

# What it says.
driftpipe-run -i in -s st --journal jn -g camera --stage "$pht -g camera" \
    >out 2>err
is 'an event' "$(jq -c .journal jn/events-000001.ndjson)" '{"record":411,"text":["pht: camera cam0: x went down at record 409, since about 383 (a.png)"]}'
is 'the record is as it came out' \
    "$(sed 's/,"journal":.*/}/' jn/events-000001.ndjson)" \
    "$(grep '"event"' out)"
is 'errors' "$(jq -c .journal jn/errors-000001.ndjson)" \
    '{"record":301,"text":["b\"ad.png: decode: no image"]}
{"record":302,"text":["in:302: skipped by driftpipe-run: json"]}'
ok 'the last records' cmp jn/records-000001.ndjson out
is 'no more files' "$(ls jn)" 'errors-000001.ndjson
events-000001.ndjson
records-000001.ndjson'
run "driftpipe-run -i in -s st.x --stage '$pht' && ls"
ok 'none without --journal' [ ! -e x ]

# Whose it is.
run "driftpipe-run -i in -s st2 --journal jn --stage '$pht'"
rc_is 2 'the journal of another state'
err_has "jn/.lock: the journal of the state in '$tmp/st'"
rm jn/.lock
run "driftpipe-run -i in -s st2 --journal jn --stage '$pht'"
rc_is 0 'taken over'
is 'a new file after what is there' "$(cat jn/events-*.ndjson |
    jq -c .journal.record | tr '\n' ' ') $(find jn -name "*2.ndjson" | wc -l)" \
    '411 411  3'
for how in 'mkfifo jn.odd/.lock' 'ln -s ../in jn.odd/.lock' 'mkdir jn.odd/.lock'; do
	mkdir jn.odd
	$how
	run "timeout 20 driftpipe-run -i in -s st.odd --journal jn.odd --stage '$pht'"
	rc_is 2 "${how%% *} in the place of the lock"
	err_has "is not a regular file: 'rm -r jn.odd/.lock' makes room"
	rm -rf jn.odd
done
run "driftpipe-run -i in -s st3 --journal jn3 --stage '$pht'"
: >st3/gen.1/driftpipe-run-journal.json
run "driftpipe-run -i in -s st3 --journal jn3 --stage '$pht'"
rc_is 2 'the place in the journal is damaged'
err_has "cut short; 'rm st3/gen.1/driftpipe-run-journal.json' lets it begin anew"
mkdir jn.busy
exec 9>jn.busy/.lock
flock -x 9
run "driftpipe-run -i in -s st.busy --journal jn.busy --stage '$pht'"
rc_is 2 'one that another process has'
err_has 'another pipeline has this journal'
exec 9>&-
run "driftpipe-run -i in -s st.none --journal none/jn --stage '$pht'"
rc_is 2 'a directory that can not be made'
err_has 'none/jn: No such file or directory'
(umask 077; driftpipe-run -i in -s st.mask --journal jn.mask --stage "$pht") \
    >out 2>&1
is 'the umask counts' "$(stat -c %a jn.mask/* jn.mask | sort -u |
    tr '\n' ' ')" '600 700 '

# Its size: a mebibyte, in pieces of which the oldest goes.
rm -rf st jn
for _ in $(seq 12); do cat all; done >in
driftpipe-run -i in -s st --journal jn --journal-size 1 --stage "$pht" >out 2>&1
ok 'bounded' [ "$(cat jn/records-*.ndjson | wc -c)" -lt 524289 ]
ok 'and not far below' [ "$(cat jn/records-*.ndjson | wc -c)" -gt 393216 ]
is 'in whole lines' "$(tail -n "$(cat jn/records-*.ndjson | wc -l)" out |
    cksum)" "$(cat jn/records-*.ndjson | cksum)"
awk 'BEGIN { printf "{\"x\":1,\"a\":[0"
    for (; i < 40000; i++) printf ",1"
    print "]}" }' >in
run "driftpipe-run -i in -s st --journal jn --journal-size 1 --stage '$pht'"
ok 'a line that is too long is left out' [ -z "$(grep -l '1,1,1' jn/*)" ]
is 'and passes' "$(jq -c '[.x, (.a | length)]' out)" '[1,40001]'

# As the input of a report, over all its files.
rm -rf st jn
for _ in $(seq 4); do cat all; done >in
driftpipe-run -i in -s st --journal jn --stage "$pht" >out 2>err
mv jn/records-000001.ndjson whole
head -n 1000 whole >jn/records-000999.ndjson
tail -n +1001 whole >jn/records-001000.ndjson
driftreport --format text --stream s <whole | sed '/^driftreport/d' >want
run 'driftreport --format text --stream s jn | sed /^driftreport/d'
ok 'a report of the journal' [ "$(grep -c . out)" -gt 5 ]
is 'is that of its records' "$(sed 's/ jn/ FILE/' out | head -n 8)" \
    "$(head -n 8 want)"
mkdir empty
run 'driftreport empty'
rc_is 2 'a directory that is none'
err_has 'empty: a directory without records-*.ndjson, and so no journal'

# Its age: of a second.
rm -rf st jn
head -n 500 all >in
r age 2>err >out
for _ in 1 2 3; do
	sleep 1
	r age --journal-days .00001 2>err >out
done
is 'what is old is removed' "$(ls jn.age)" ''
tail -n +501 all >>in
r age --journal-days .00001 2>err >out
ok 'what comes later is kept' cmp jn.age/records-000002.ndjson out

# Files that somebody has removed or cut.
rm -rf st.* jn.*
head -n 500 all >in
r cut 2>err >out
truncate -s -100 jn.cut/records-000001.ndjson
rm jn.cut/events-000001.ndjson
tail -n +501 all >>in
r cut 2>err >out
is 'what is missing is said' "$(grep 'records.*missing' err)" 'driftpipe-run: jn.cut/records-000001.ndjson: bytes missing: 100'
ok 'and the rest goes on, in a new file' cmp jn.cut/records-000002.ndjson out

# A disk that is full: lines are left out, said once, and nothing else stops.
rm -rf st.* jn.*
cat all all all all >in
(ulimit -f 100; r full --journal-size 4 2>err; echo $? >rc) | wc -l >lines
is 'a full disk' "$(cat rc lines | tr '\n' ' ')" '0 2800 '
is 'is said once' "$(grep -c 'left out until' err)" 1
ok 'no line is half' jq -e . jn.full/*.ndjson

# A damaged state of it.
rm -rf st.* jn.*
r bad >out
sed -i 's/"length":/&1/' st.bad/current/driftpipe-run-journal.json
run r bad
rc_is 2 'damaged'
err_has "its checksum is wrong; 'rm"

done_testing
