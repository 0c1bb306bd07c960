#!/bin/sh
# driftpipe-run among other processes: signals, bad stages, full disks,
# directories that go away, many runners at once.
# shellcheck disable=SC2009,SC2012,SC2015,SC2046,SC2086,SC2154
. "$(dirname "$0")/lib.sh"

cd "$tmp" || exit 1
normals 400 5 | sed 's/}$/,"class":1,"time":1763880000.5}/' >all
cat >p.yaml <<'YAML'
driftpipe-run:
  stage: [pht, promtext]
  input: in
  output: metrics/drift.prom
pht:
  field: x
  reference-size: 50
  lambda: 20
promtext:
  stream: cam0
YAML
mkdir metrics
used() { sed -n 's/.*"pht".*"used":\([0-9]*\).*/\1/p' "${1:-st}/current/pht.json"; }
# until COMMAND...: waits for it, a minute at most.
until_ok() {
	for _ in $(seq 3000); do
		"$@" >ok.out 2>&1 && return
		sleep .02
	done
	return 1
}
alive() { pgrep -f "^sleep $1" >pids; }
gone() { ! alive "$1"; }
has_used() { [ "$(used)" = "$1" ]; }
start() { rm -rf st metrics/drift.prom; head -n "${1:-100}" all >in; }

# Stages that do as they like.
start
ok 'a parent that ignores SIGCHLD' sh -c "trap '' CHLD; driftpipe-run -c p.yaml -s st"
run "driftpipe-run -s st2 -i in --stage 'ls /proc/self/fd >fds; cat'"
ls /proc/self/fd >ours
ok 'stages get no files but theirs' cmp fds ours
run "seq 200000 | sed 's/.*/{\"x\":&}/' >big; driftpipe-run -i big -s st4 --stage cat --stage 'head -n 1'"
rc_is 2 'a stage that does not read on'
err_has 'killed by signal 13'
rm -rf metrics && mkdir metrics
start
run "driftpipe-run -c p.yaml -s st --stage 'mkdir -p d && cd d && pht' --stage cat"
is 'a stage that goes elsewhere' "$(used)" 100
driftpipe-run -i in -s st3 --follow --stage 'pht -f x' --stage 'pht -f y' >/dev/null 2>two &
two=$!

# What its detectors guarantee: 0.05 / 1000 + 1 / 5000, and not the last.
run "driftpipe-run -v -i all -s st5 --stage 'pht -f x --horizon 1000' \
    --stage 'iks -f x -g class --arl0 5000' --stage 'iks -n own -f x --limit 1'"
rc_is 0
err_has 'limits for at most one false alarm in 4000 records, all together: iks, pht'
err_has 'nothing is known of the false alarms of own: fixed limits'

# Signals. What its shells have started does not outlive the runner.
long=98765.$$
driftpipe-run -s st2 -i in --stage "sleep $long | cat; :" 2>err &
runner=$!
until_ok alive "$long"
kill "$runner"
wait "$runner" 2>/dev/null
is 'SIGTERM ends stages without an end' "$?" 2
ok 'and their children' until_ok gone "$long"
err_has 'nothing is committed'
driftpipe-run -s st2 -i in --stage "sleep $long | cat; :" 2>err &
runner=$!
until_ok alive "$long"
kill -9 "$runner"
wait "$runner" 2>/dev/null
ok 'SIGKILL does, too' until_ok gone "$long"

# Each moment: interrupted, it never says that all is done.
bad=0
for i in $(seq 40); do
	start
	driftpipe-run -c p.yaml -s st 2>err &
	runner=$!
	awk -v i="$i" 'BEGIN { system("sleep " i * .001) }'
	kill "$runner" 2>err
	wait "$runner" 2>/dev/null
	rc=$?
	[ "$rc" -eq 0 ] && ! has_used 100 && bad=$((bad + 1))
	driftpipe-run -c p.yaml -s st || bad=$((bad + 1))
	has_used 100 || bad=$((bad + 1))
done
is 'interrupted at any moment' "$bad" 0

# To all processes at once, as systemd does it: the last commit is not lost.
start 0
driftpipe-run -c p.yaml -s st --follow --barrier 1000 2>err &
runner=$!
until_ok [ -e st/.promtext.lock ]
head -n 300 all >>in
sleep .5
kill "$runner" $(ps -o pid= --ppid "$runner")
wait "$runner" 2>/dev/null
is 'SIGTERM to all processes' "$?" 0
is 'commits what was read' "$(used)" "$(sed -n 's/^drift_samples_total{.*} //p' metrics/drift.prom)"
driftpipe-run -c p.yaml -s st
is 'and loses nothing' "$(used)" 300

# Standard input: flushed and committed while nothing comes, to its end.
rm -rf st
mkfifo fifo
driftpipe-run -c p.yaml -s st -i - --follow --barrier .05 --stage pht <fifo >through 2>err &
runner=$!
exec 3>fifo
head -n 150 all >&3
ok 'a commit while nothing comes' until_ok has_used 150
is 'behind what was passed on' "$(wc -l <through)" 150
sed -n 151,170p all >&3
exec 3>&-
wait "$runner" 2>/dev/null
is 'ends with its input' "$? $(used)" '0 170'

# Commits that are wanted faster than they are possible.
start 400
driftpipe-run -c p.yaml -s st --follow --barrier .01 2>err &
runner=$!
most=0
until_ok [ -e st/current ]
for _ in $(seq 50); do
	n=$(set -- st/gen.* && echo $#)
	[ "$n" -gt "$most" ] && most=$n
	sleep .01
done
kill "$runner"
wait "$runner" 2>/dev/null
is 'short intervals' "$? $(used)" '0 400'
ok 'do not pile up' [ "$most" -le 4 ]

# Barriers of another pipeline in the input.
start 0
{
	head -n 50 all
	echo '{"barrier":{"generation":1}}'
	echo '{"barrier":{"generation":9}}'
	sed -n 51,99p all
	echo '{"x":1,"barrier":"none"}'
} >>in
run "driftpipe-run -c p.yaml -s st"
is "a log with barriers" "$rc $(used) $(readlink st/current)" '0 100 gen.1'
run "driftpipe-run -c p.yaml -s st --stage 'cat; echo \"{\\\"barrier\\\":{\\\"generation\\\":8}}\"'"
is 'a stage that makes them makes records' "$rc $(cat out)" \
    '0 {"barrier":{"generation":8}}'

# Files that are not what they were.
start 100
driftpipe-run -c p.yaml -s st
sed -n 101,300p all | cat - all >in
run "driftpipe-run -c p.yaml -s st"
err_has 'in: is shorter or another than it was: read from its beginning'
is 'a file written anew from its beginning' "$(used)" 700
start 100
driftpipe-run -c p.yaml -s st
sed -n 101,150p all >>in
mv in in.2
sleep .02
sed -n 151,200p all >in.1
sleep .02
sed -n 201,250p all >in
run "driftpipe-run -c p.yaml -s st"
is 'a file rotated twice' "$rc $(used)" '0 250'
rm in.*
start 200
driftpipe-run -c p.yaml -s st --follow --barrier .05 2>err &
runner=$!
until_ok has_used 200
head -n 10 all >in
ok 'a file truncated meanwhile' until_ok has_used 210
mv in in.1
: >in
sleep .5
sed -n 211,220p all >>in.1
sleep .3
sed -n 221,230p all >>in
ok 'what is written after a rename' until_ok has_used 230
kill "$runner"
wait "$runner" 2>/dev/null
rm in.1

# The state's directory goes away.
for how in 'mv st away' 'rm -r st'; do
	start
	rm -rf away
	driftpipe-run -c p.yaml -s st --stage pht --stage 'sh -c "sleep .5; cat"' --stage promtext 2>err &
	runner=$!
	until_ok [ -e st/.promtext.lock ]
	until $how 2>/dev/null; do :; done
	wait "$runner" 2>/dev/null
	is "$how" "$?" 2
	[ -d away ] && mv away st
	driftpipe-run -c p.yaml -s st
	is 'and all is read again' "$(used)" 100
done
start
if [ "$(id -u)" -eq 0 ]; then
	chmod 755 . && chmod -R a+rX .
	as="setpriv --reuid 65534 --regid 65534 --clear-groups"
else
	as=
fi
mkdir st
driftpipe-run -c p.yaml -s st
cp -r st before
chmod -R a+rwX st metrics
chmod a-w st st/gen.1
tail -n 10 all >>in
if $as env PATH="$PATH" driftpipe-run --version >out 2>&1; then
	run "$as env PATH=\$PATH driftpipe-run -c p.yaml -s st"
	rc_is 2 'a directory that is read-only'
	err_has 'Permission denied'
	ok 'stays as it was' diff -r --no-dereference before st
else
	skip 'a directory that is read-only' 'others may not run the tools here'
fi
chmod -R u+w st

# Disks of all sizes until one is large enough; the metrics are on another.
full() {
	rm -rf fs && mkdir fs
	for k in 4 8 12 16 20 28 36 48 64 96 128 256; do
		rm -f fail
		if [ "$k" = 4 ]; then
			mount -t tmpfs -o size=4k none fs || return
		else
			mount -o remount,size="${k}k" fs || return
		fi
		if driftpipe-run -c p.yaml -s fs/st 2>err; then
			[ "$fails" -gt 0 ] && break
		else
			fails=$((fails + 1))
			grep -q 'No space left' err || odd=$((odd + 1))
		fi
		[ "$(ls metrics)" = drift.prom ] || [ -z "$(ls metrics)" ] || odd=$((odd + 1))
	done
	is 'a full disk: all is counted once' "$(used fs/st)" 400
	is 'and said' "$((fails > 2)) $odd" '1 0'
	umount fs
}
start 400
fails=0 odd=0
if mkdir mnt && mount -t tmpfs -o size=4k none mnt 2>err; then
	umount mnt
	full
else
	skip 'a full disk' "can't mount: $(head -n 1 err)"
fi

# Twenty at once.
start 400
pids=''
for i in $(seq 20); do
	wait=''
	[ $((i % 2)) -eq 0 ] && wait=--wait
	driftpipe-run -c p.yaml -s st $wait 2>"many.$i" &
	pids="$pids $!"
	sed -n "$((380 + i))p" all >>in
done
bad=0
i=0
for pid in $pids; do
	i=$((i + 1))
	wait "$pid"
	rc=$?
	[ "$rc" -eq 0 ] && continue
	[ $((i % 2)) -eq 1 ] && grep -q 'another process has' "many.$i" ||
	    { bad=$((bad + 1)); sed 's/^/# /' "many.$i"; }
done
is 'twenty runners: each is done, or says why' "$bad" 0
driftpipe-run -c p.yaml -s st
is 'and all is counted once' "$(used)" 420
ok 'one metrics file' [ "$(ls -A metrics)" = drift.prom ]

wait "$two"
is 'two stages of one name' "$?" 2
ok 'and why' grep -q "'--name' for two in one pipeline" two

done_testing
