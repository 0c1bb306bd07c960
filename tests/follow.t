#!/bin/sh
# driftpipe-run over a log that is rotated, truncated, written anew, damaged:
# each line once, or a message and a record in its place.
# shellcheck disable=SC2015,SC2086,SC2154
. "$(dirname "$0")/lib.sh"

cd "$tmp" || exit 1
e() { for _i in "$@"; do printf '{"x":%s}\n' "$_i"; done; }
# r NAME WANTED [OPTION...]: one run, the values that come out.
r() {
	_name=$1 _want=$2
	shift 2
	driftpipe-run -i cam.ndjson -s st --stage \
	    'pht -q -f x --lambda 1000 --reference-size 2' "$@" >out 2>err
	rc=$?
	is "$_name" "$(jq -c .x out | tr '\n' ' ')" "$_want"
}
silent() { ok "and silently" [ ! -s err ]; }
anew() { rm -rf st cam* && e 1 2 3 >cam.ndjson && r "$1: first" '1 2 3 '; }
metric() { # REASON: how many of them the last commit has counted
	sed -n "s/^drift_skipped_total{.*reason=\"$1\".*} //p" m.prom
}

# Two rotations between two runs, by every convention of names.
twice() { # WHAT OLDER NEWER [COMMAND]: names of what was cam.ndjson
	anew "$1"
	e 4 >>cam.ndjson
	mv cam.ndjson "$2"
	e 5 6 >cam.ndjson
	[ -z "${4:-}" ] || eval "$4"
	mv cam.ndjson "$3"
	e 7 >cam.ndjson
	[ -z "${5:-}" ] || eval "$5"
	r "$1" '4 5 6 7 '
	silent
}
twice 'numbers' cam.ndjson.2 cam.ndjson.1
twice 'from nine to ten' cam.ndjson.10 cam.ndjson.9
twice 'extension' cam.2.ndjson cam.1.ndjson
twice 'dateext' cam.ndjson-20261127 cam.ndjson-20261128
twice 'a date of any form' cam.27_11_26-2359.ndjson cam.28_11_26-0001.ndjson
twice 'seconds' cam.ndjson-1764288000 cam.ndjson-1764374400
twice 'one tick' cam.ndjson-20261127 cam.ndjson-20261128 '' \
    'touch -d @1764374400 cam*'
twice 'a clock set back' cam.ndjson-20261127 cam.ndjson-20261128 '' \
    'touch -d @1764374400 cam.ndjson-20261127
    touch -d @1764370000 cam.ndjson-20261128'
twice 'numbers, touched later' cam.ndjson.2 cam.ndjson.1 '' \
    'touch cam.ndjson.1; sleep .01; touch cam.ndjson.2'
for z in 'gzip gz' 'xz xz' 'zstd zst' 'bzip2 bz2'; do
	command -v ${z% *} >/dev/null || { skip "$z" 'not here'; continue; }
	rm=''
	[ "$z" = 'zstd zst' ] && rm=' -q --rm'
	twice "delaycompress: $z" cam.ndjson.2 cam.ndjson.1 '' \
	    "${z% *}$rm cam.ndjson.2"
	twice "compress: $z" cam.ndjson-20261127 cam.ndjson-20261128 '' \
	    "${z% *}$rm cam.ndjson-2*"
done
anew '.old'
e 4 >>cam.ndjson
mv cam.ndjson cam.ndjson.old
e 5 >cam.ndjson
r '.old' '4 5 '
e 6 >>cam.ndjson
mv cam.ndjson cam.ndjson.old
e 7 >cam.ndjson
r '.old again' '6 7 '

# Numbers that stay with their files, and days of the month.
for z in '' gz; do
	twice "numbers that rise $z" cam.ndjson.1 cam.ndjson.2 '' \
	    "[ -z '$z' ] || gzip cam.ndjson.?"
	e 8 >>cam.ndjson
	mv cam.ndjson cam.ndjson.3
	e 9 >cam.ndjson
	mv cam.ndjson cam.ndjson.4
	e 10 >cam.ndjson
	[ -z "$z" ] || gzip cam.ndjson.[34]
	r 'and go on to do so' '8 9 10 '
	silent
	mv cam.ndjson cam.ndjson.5
	e 11 >cam.ndjson
	rm cam.ndjson.1* cam.ndjson.2*
	r 'without a gap' '11 '
	silent
done
twice 'a day of the month' cam.ndjson-30 cam.ndjson-01
e 8 >>cam.ndjson
mv cam.ndjson cam.ndjson-02
e 9 >cam.ndjson
rm cam.ndjson-01
mv cam.ndjson cam.ndjson-01
e 10 >cam.ndjson
r 'that a file had before' '8 9 10 '
silent

# More rotations than files that are kept open.
anew 'many rotations'
for i in $(seq 12); do
	e $((i + 3)) >>cam.ndjson
	for k in $(seq 12 -1 1); do
		[ -e "cam.ndjson.$k" ] && mv "cam.ndjson.$k" "cam.ndjson.$((k + 1))"
	done
	mv cam.ndjson cam.ndjson.1
	: >cam.ndjson
done
r 'many rotations' '4 5 6 7 8 9 10 11 12 13 14 15 '
silent

# In the middle of a rotation: there is a number that no file has.
anew 'half a rotation'
mv cam.ndjson cam.ndjson.1
e 4 >cam.ndjson
mv cam.ndjson.1 cam.ndjson.2
(
	sleep .5
	mv cam.ndjson cam.ndjson.1
	e 5 >cam.ndjson
) &
driftpipe-run -i cam.ndjson -s st --stage cat >half 2>err
silent
wait
driftpipe-run -i cam.ndjson -s st --stage cat >>half 2>>err
is 'half a rotation' "$(jq -c .x half | tr '\n' ' ')" '4 5 '
silent
mv cam.ndjson.1 cam.ndjson.2
mv cam.ndjson cam.ndjson.1
e 6 >cam.ndjson
mv cam.ndjson.1 cam.ndjson.2
rm cam.ndjson.2
mv cam.ndjson cam.ndjson.1
e 7 >cam.ndjson
r 'a file that is lost' '6 7 '
err_has 'gone, or overwritten; bytes lost: unknown'
mv cam.ndjson.1 cam.ndjson.3
mv cam.ndjson cam.ndjson.2
e 8 >cam.ndjson
r 'a number that is lost' '8 '
err_has 'files of a number in between are gone; bytes lost: unknown'
is 'is said once' "$(wc -l <err)" 1
anew 'start 5'
mv cam.ndjson cam.ndjson.5
e 4 >cam.ndjson
r 'numbers from 5: the first time they are missed' '4 '
mv cam.ndjson.5 cam.ndjson.6
mv cam.ndjson cam.ndjson.5
e 5 >cam.ndjson
r 'but not again' '5 '
silent
anew 'half of a compressed file'
e 4 >>cam.ndjson
mv cam.ndjson cam.ndjson.1
gzip -c cam.ndjson.1 | head -c 30 >cam.ndjson.1.gz
e 5 >cam.ndjson
r 'half of a compressed file' '4 5 '
silent
anew 'the newest is gone'
mv cam.ndjson cam.ndjson.1
e 4 >cam.ndjson
r 'the newest is gone: first' '4 '
mv cam.ndjson.1 cam.ndjson.2
gzip cam.ndjson.2
e 5 >cam.ndjson.new
mv cam.ndjson.new cam.ndjson
r 'what was read is not read again, compressed' '5 '
err_has 'gone, or overwritten; bytes lost: unknown'

# Siblings are other logs.
anew siblings
e 100 101 >cam-2.ndjson
e 102 >cam.ndjson-2
e 4 >>cam.ndjson
mv cam.ndjson cam.ndjson.1
e 5 >cam.ndjson
r 'a sibling is no rotation' '4 5 '
silent
e 6 >>cam.ndjson
rm cam.ndjson.1
mv cam.ndjson cam.ndjson.1
e 103 >cam-3.ndjson
e 104 >cam.ndjson-3
rm cam.ndjson.1
e 7 >cam.ndjson
r 'nor when the old one is gone' '7 '
err_has 'bytes lost: unknown' 'which is said'

# Rotations of what was there before, late lines, a first run that is killed.
rm -rf st cam*
e 100 >cam.ndjson.1
e 1 >cam.ndjson
r 'what was rotated before is not read' '1 '
gzip cam.ndjson.1
mv cam.ndjson.1.gz cam.ndjson.2.gz
mv cam.ndjson cam.ndjson.1
e 2 >cam.ndjson
r 'nor when it is compressed later' '2 '
e 3 >>cam.ndjson.1
r 'a late line' '3 '
e 4 >>cam.ndjson.1
gzip cam.ndjson.1
e 5 >>cam.ndjson
r 'a late line, compressed' '4 5 '
silent
rm -rf st cam*
e 1 2 >cam.ndjson
driftpipe-run -q -i cam.ndjson -s st --stage false 2>err
mv cam.ndjson cam.ndjson.1
e 3 >cam.ndjson
r 'a rotation before the first commit' '1 2 3 '
rm -rf st cam*
e 1 2 >cam.ndjson
driftpipe-run -q -i cam.ndjson -s st --stage false 2>err
gzip -c cam.ndjson >cam.ndjson.1.gz
rm cam.ndjson
e 3 >cam.ndjson
r 'compressed, too' '1 2 3 '

# Copies, and what is written anew.
anew copytruncate
e 4 >>cam.ndjson
cp cam.ndjson cam.ndjson.1
e 5 >cam.ndjson
r copytruncate '4 5 '
silent
e 6 >>cam.ndjson
cat cam.ndjson.1 >cam.ndjson.2
cat cam.ndjson >cam.ndjson.1
e 7 8 9 10 11 >cam.ndjson
r 'over a file that was there' '6 7 8 9 10 11 '
# A log of which nothing was read, and its copies.
for z in '' gz; do
	anew 'a copy of the beginning'
	e 4 >>cam.ndjson
	cp cam.ndjson cam.ndjson.1
	: >cam.ndjson
	r 'a log that was emptied' '4 '
	e 5 6 >>cam.ndjson
	mv cam.ndjson.1 cam.ndjson.2
	cp cam.ndjson cam.ndjson.1
	[ -z "$z" ] || gzip cam.ndjson.1
	r "a copy, before the log is truncated $z" '5 6 '
	: >cam.ndjson
	e 7 >>cam.ndjson
	r 'and after' '7 '
	silent
	rm cam.ndjson.1*
	: >cam.ndjson
	r 'emptied' ''
	e 8 9 >>cam.ndjson
	mv cam.ndjson.2 cam.ndjson.3
	cp cam.ndjson cam.ndjson.2
	: >cam.ndjson
	e 10 >>cam.ndjson
	cp cam.ndjson cam.ndjson.1
	e 11 >cam.ndjson
	[ -z "$z" ] || gzip cam.ndjson.[12]
	r "two copies of what was not read $z" '8 9 10 11 '
	silent
done
anew 'as an editor writes'
{ cat cam.ndjson; e 4; } >new
mv new cam.ndjson
r 'as an editor writes' '4 '
silent
anew 'written anew'
e 7 8 9 >cam.ndjson
r 'of the same size' '7 8 9 '
err_has 'bytes lost: unknown'

# Following: through the open descriptor.
follow() {
	driftpipe-run -i cam.ndjson -s st --follow --barrier .1 -o m.prom \
	    --stage 'pht -q -f x --lambda 1000 --reference-size 2' \
	    --stage 'tee seen' --stage 'promtext --stream s' >out 2>err &
	runner=$!
}
shows() {
	for _i in $(seq 500); do
		# A line may be half there, or the file not yet.
		_seen=$(jq -c '.x // empty' seen 2>/dev/null | tr '\n' ' ')
		[ "$_seen" = "$1" ] && break
		sleep .02
	done
	is "$2" "$_seen" "$1"
}
rm -rf st cam*
e 1 2 3 >cam.ndjson
follow
shows '1 2 3 ' 'following'
e 4 5 6 7 8 9 >new
cat new >cam.ndjson
shows '1 2 3 4 5 6 7 8 9 ' 'written anew, and longer'
err_has 'bytes lost: unknown'
mv cam.ndjson cam.ndjson.1
e 10 >cam.ndjson
shows '1 2 3 4 5 6 7 8 9 10 ' 'renamed'
e 11 >>cam.ndjson.1
shows '1 2 3 4 5 6 7 8 9 10 11 ' 'a late writer'
printf '{"x":1' >>cam.ndjson.1
e 12 >>cam.ndjson
shows '1 2 3 4 5 6 7 8 9 10 11 12 ' 'half a line there'
echo '3}' >>cam.ndjson.1
shows '1 2 3 4 5 6 7 8 9 10 11 12 13 ' 'and its rest'
cp cam.ndjson cam.ndjson.2
: >cam.ndjson
e 14 >>cam.ndjson
shows '1 2 3 4 5 6 7 8 9 10 11 12 13 14 ' 'copied and truncated'
rm cam.ndjson
e 15 >cam.ndjson
shows '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 ' 'removed'
mv cam.ndjson cam.ndjson.0
e 16 >cam.ndjson
shows '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 ' 'a number 0'
mv cam.ndjson.0 cam.ndjson
e 17 >>cam.ndjson
shows '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 ' 'renamed, and back'
mv cam.ndjson cam.ndjson.0
mkdir cam.ndjson
sleep .6
is 'what is no file is said once' "$(grep -c 'cam.ndjson: is not a regular file' err)" 1
rmdir cam.ndjson
e 18 >cam.ndjson
shows '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 ' 'and waited for'
kill "$runner"
wait "$runner"
is 'it ends' "$?" 0
is 'one loss is counted' "$(metric lost)" 1
mv cam.ndjson cam.ndjson.0
mkdir cam.ndjson
run "driftpipe-run -i cam.ndjson -s st --stage 'pht -q -f x'"
rc_is 2 'without --follow it stops a run'
err_has 'cam.ndjson: is not a regular file'
rmdir cam.ndjson

# Bad lines.
rm -rf st cam*
{
	e 1
	echo '{"x":NaN}'
	e 2
	echo
	echo '[1]'
	printf '{"x":1}\000\n'
	echo '{"x":'
	e 3
} >cam.ndjson
run "driftpipe-run -i cam.ndjson -s st -o m.prom --stage 'pht -q -f x' --stage promtext"
rc_is 0 'bad lines do not stop a stream'
err_has 'cam.ndjson:2:6: not a JSON object, and skipped'
is 'they are counted' "$(metric json)" 5
is 'and said once' "$(wc -l <err)" 1
e 4 >>cam.ndjson
echo 'x' >>cam.ndjson
run "driftpipe-run -i cam.ndjson -s st -o m.prom --stage 'pht -q -f x' --stage promtext"
err_has 'cam.ndjson:10:1:' 'the place is in the file, over all runs'
is 'over all runs' "$(metric json) $(jq .state.used st/current/pht.json)" '6 4'
echo 'x' >>cam.ndjson
run "driftpipe-run --strict -i cam.ndjson -s st -o m.prom --stage 'pht -q -f x' --stage promtext"
rc_is 2 '--strict stops'
err_has 'cam.ndjson:11:1: not a JSON object'
run "driftpipe-run -i cam.ndjson -s st -o m.prom --stage 'awk \"{ print } /x\\\":1/ { print \\\"{\\\" }\"' --stage 'pht -q -f x' --stage promtext"
rc_is 0 'what was skipped strictly is skipped'
run "driftpipe-run -i cam.ndjson -i cam.ndjson -s st --stage 'pht -q -f x'"
rc_is 2 'a path given twice'
err_has "'--input': is given twice"

awk 'BEGIN { for (; i < 300; i++) printf "{\"a\":{\"alarm\":false,\"tests\":[{\"field\":\"f%d\",\"alarm\":false}]}}\n", i % 3 }' >many.ndjson
for how in --strict '--strict --follow --barrier .1'; do
	run "timeout 20 driftpipe-run $how -i many.ndjson -s limit --stage 'promtext --max-series 20'"
	rc_is 2 "$how stops at a limit of promtext"
	err_has 'series were too many and are left out'
	is 'and commits nothing' "$(readlink limit/current)" gen.0
done
run "driftpipe-run -i many.ndjson -s limit --stage 'promtext --max-series 20'"
rc_is 0 'any other goes on'
err_has 'series were too many and are left out'
rm -rf st
run "driftpipe-run -i cam.ndjson -s st -o m.prom --stage 'sed s/:4}/:NaN}/' --stage 'pht -f x' --stage promtext"
rc_is 0 "a stage's bad line"
err_has 'pht: stdin:9:6: not a JSON object, and skipped'
ok 'is counted as the next one'"'"'s' grep -q \
    '^drift_skipped_total{.*tool="pht".*} 1$' m.prom
rm -rf st cam*
{ e 1; head -c 70000000 /dev/zero | tr '\0' a; echo; e 2; } >cam.ndjson
r 'a line that is too long' '1 2 '
err_has 'has a line that is too long'
rm -rf st
driftpipe-run -i - -s st --stage cat <cam.ndjson >out 2>err
is 'in a pipe' "$(jq -c .x out | tr '\n' ' ')" '1 2 '
err_has 'stdin: has a line that is too long'
rm -rf st
e 0 >first
driftpipe-run -q -i first -s st --stage cat >out
e 3 >>cam.ndjson
mv first first.1
mv cam.ndjson first.0
e 4 >first
gzip first.0
driftpipe-run -i first -s st --stage cat >out 2>err
is 'in a compressed file' "$(jq -c .x out | tr '\n' ' ')" '1 2 3 4 '
err_has 'has a line that is too long'
rm -rf st cam* first*
{ printf '\357\273\277'; e 1; } >cam.ndjson
r 'a byte order mark' '1 '
silent

# Barriers that are none.
rm -rf st cam*
{ e 1; printf '{"b\\u0061rrier":{"generation":1}}\n{"barrier":{"generation":999}}\n'; e 2; } \
    >cam.ndjson
run "driftpipe-run -i cam.ndjson -s st --stage 'pht -q -f x' --stage promtext"
rc_is 0 'a forged barrier'
is 'is a record' "$(jq .state.used st/current/pht.json) $(readlink st/current)" '2 gen.1'

# What others leave in the state's directory.
mkdir st/gen.0/dir st/gen.7 other
touch st/gen.0/.nfs0000000001 st/gen.7/file.json other/precious.json
ln -s ../other st/gen.78
for i in 1 2 3; do
	e 3 >>cam.ndjson
	driftpipe-run -q -i cam.ndjson -s st --stage 'pht -q -f x' >out 2>err ||
	    break
done
is 'directories and links do not stop a run' "$i $(jq .state.used st/current/pht.json)" '3 5'
ok 'what is not ours stays' [ -d st/gen.0/dir -a -e other/precious.json ]
ok 'and what is goes' [ ! -e st/gen.7 ]
rm -rf st/gen.5
ln -s ../other st/gen.5
e 3 >>cam.ndjson
run "driftpipe-run -i cam.ndjson -s st --stage 'pht -q -f x'"
rc_is 2 'a link where the next generation is to be'
err_has "'rm st/gen.5' makes room"
rm st/gen.5
is 'nothing was written there' "$(ls other)" precious.json

# What is not as it was made: each says at once what leads out of it.
R="timeout 20 driftpipe-run -i cam.ndjson -s st --stage 'pht -q -f x'"
spoilt() { # HOW WHAT: a directory that was good, what is done to it, the message
	rm -rf st
	eval "$R" >out 2>&1
	eval "$1"
	e 3 >>cam.ndjson
	run "$R"
	rc_is 2 "$2"
	err_has "$2"
}
all="'rm -r st' begins anew"
spoilt 'rm st/current; mkdir st/current' "no link to a generation; $all"
spoilt 'rm st/current; mkfifo st/current' "no link to a generation; $all"
for to in ../other gen.7 gen.01 gen.9223372036854775807 current; do
	spoilt "ln -sfn $to st/current" "leads to no generation: '$to'; $all"
done
spoilt 'mv st/gen.1 st/gen.9223372036854775807
    ln -sfn gen.9223372036854775807 st/current' "leads to no generation"
all="/st' begins anew"
f=st/gen.1/pht.json
spoilt "rm $f; mkfifo $f" 'pht.json: is not a regular file; '
err_has "$all"
spoilt "mv $f other.json; ln -s ../../other.json $f" 'is not a regular file; '
spoilt "rm $f; mkdir $f" 'pht.json: is not a regular file; '
spoilt ": >$f" 'pht.json: cut short; '
# Its checksum is right, and the state is not.
spoilt "sed -i 's/\"used\":[0-9]*/\"used\":-1/; s/,\"crc32.*//' $f
    tr -d '\n' <$f >cut
    crc=\$(gzip -c cut | tail -c 8 | od -A n -N 4 -t x4 | tr -d ' ')
    { cat cut; echo \",\\\"crc32\\\":\\\"\$crc\\\"}\"; } >$f" 'pht.json: byte '
err_has "$all"
spoilt 'rm st/.driftpipe-run.lock; ln -s ../other st/.driftpipe-run.lock' \
    "is a link: 'rm st/.driftpipe-run.lock' makes room for a file"
rm -rf st
(umask 0 && eval "$R" >out 2>&1)
is 'without a umask, others may not write' "$(find st ! -type l -perm -o+w)" ''

# Children of stages.
rm -rf st
long=97531.$$
run "timeout 20 driftpipe-run -q -i cam.ndjson -s st --stage 'sleep $long & exec pht -q -f x'"
rc_is 0 'a child in the background does not hang the run'
run "timeout 20 driftpipe-run -q -i cam.ndjson -s st --stage 'setsid sleep $long & exec pht -q -f x'"
rc_is 0 'nor one with a session of its own'
ok 'and none is left' sh -c "! pgrep -f '^sleep $long'"
run "timeout 20 driftpipe-run -q -i cam.ndjson -s st --stage 'setsid sleep $long & exec pht -q -f x' --stage 'sleep .5; cat'"
driftpipe-run -q -i cam.ndjson -s st --stage "setsid sleep $long & sleep 60; :" 2>err &
runner=$!
for _ in $(seq 500); do pgrep -f "^sleep $long" >pids && break; sleep .02; done
kill -9 "$runner"
wait "$runner" 2>/dev/null
for _ in $(seq 500); do pgrep -f "^sleep $long" >pids || break; sleep .02; done
ok 'not even when the runner is killed' [ ! -s pids ]
guards() {
	for pid in $(pgrep -P "$runner" driftpipe-run); do
		[ "$(readlink "/proc/$pid/fd/0")" ] || echo "$pid"
	done
}
# When the stages run, and when they have ended but what they left has not.
for moment in 0 2; do
	driftpipe-run -i cam.ndjson -s st --stage "sleep 1; exec pht -q -f x" --stage "sleep $long & exec cat" >out 2>err &
	runner=$!
	for _ in $(seq 500); do pgrep -f "^sleep $long" >pids && break; sleep .02; done
	guard=$(guards)
	kill -STOP "$guard"
	sleep "$moment"
	kill -9 "$guard"
	wait "$runner"
	is "the guard is killed after $moment s" "$?" 0
	err_has 'was killed, and replaced'
	ok 'and the new one does its work' sh -c "! pgrep -f '^sleep $long'"
done

done_testing
