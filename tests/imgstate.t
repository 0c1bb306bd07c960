#!/bin/sh
# imgcls goes on where it ended: every image is counted once, whatever is
# killed and whenever.
# shellcheck disable=SC2059,SC2119,SC2120,SC2154
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# A network that tells dark from bright, and images of both.
cat >net.cfg <<CFG
[net]
width=2
height=2
channels=1

[connected]
output=2
activation=linear

[softmax]
CFG
perl -e 'print pack("l<4 f<10", 0, 0, 0, 0, 1, -1, (1) x 4, (-1) x 4)' \
    >net.weights
net='imgcls -m net.cfg -w net.weights --no-act'
image() {
	printf "P5 2 2 255\n\\$(printf %03o $(($1 * 37 % 256)))\\100\\200\\377"
}
for i in 1 2 3 4 5 6 7; do image $i >$i.pgm; done
seqs() { jq -c .seq "$1" | tr '\n' ' '; }
state() { jq ".state.$1" "$2"; }

# Lists, and IDX files: the count goes on; a barrier and a trailer have none.
run "printf '%s\n' 1.pgm nothing 2.pgm | $net -s s --trailer"
rc_is 2 'an image that is not there is trouble'
is 'and has an answer' "$(state records s/imgcls.json)" 3
run "printf '%s\n' 1.pgm nothing 2.pgm | $net -s t --allow-errors --trailer"
rc_is 0 'unless errors are allowed'
is 'records are numbered' "$(seqs out)" '1 2 3 null '
is 'errors are counted' "$(state errors s/imgcls.json)" 1
run "printf '{\"image\":\"3.pgm\"}\n4.pgm\n' | $net -s s --trailer"
rc_is 0 'an error of an earlier run is none of this'
is 'over all runs' "$(seqs out)" '4 5 null '
is 'the trailer is of this stream' "$(tail -n 1 out)" \
    '{"trailer":{"tool":"imgcls","records":2,"errors":0}}'
printf '\0\0\10\3\0\0\0\2\0\0\0\2\0\0\0\2abcdefgh' >two.idx
run "$net -s s two.idx 5.pgm two.idx"
is 'items of IDX files' "$(seqs out)" '6 7 8 9 10 '
is 'the state has them all' "$(state records s/imgcls.json)" 10

# A state goes on with another model, and says so once.
run "$net -s m --no-exif 1.pgm"
first=$(jq -r .model out)
cp m/imgcls.json kept
run "$net -s m 1.pgm"
rc_is 0 'another preprocessing'
second=$(jq -r .model out)
is 'the count goes on' "$(seqs out)" '2 '
err_is 'that is said' <<ERR
imgcls: the model is "$second", and was "$first" in the last run: it needs a reference of its own
ERR
run "$net -s m 1.pgm"
err_is 'and not again' </dev/null
cp net.cfg same.cfg
cp net.weights same.weights
run "imgcls -m same.cfg -w same.weights --no-act -s m --top 1 --batch 2 1.pgm"
err_is 'other files of the same contents are the same model' </dev/null
# As older versions made them.
perl -MCompress::Zlib -pe 's/"model":"[0-9a-f]*",?//;
    s/,"crc32":"[0-9a-f]*"\}\n$//;
    $_ .= sprintf ",\"crc32\":\"%08lx\"}\n", crc32($_)' kept >m/imgcls.json
run "$net -s m --scale 3 1.pgm"
err_is 'a state that names no model goes on' </dev/null
is 'where it was' "$(seqs out)" '2 '

# Barriers of others.
DRIFTPIPE_BARRIER=00112233445566778899aabbccddeeff
export DRIFTPIPE_BARRIER
barrier='{"barrier":{"generation":%d,"run":"00112233445566778899aabbccddeeff"}}\n'
run "printf '1.pgm\n2.pgm\n${barrier}3.pgm\n' 1 | $net -s b --batch 8"
is 'a barrier passes in its place' "$(sed -n 3p out)" "$(printf "$barrier" 1)"
is 'and has no number' "$(seqs out)" '1 2 null 3 '
is 'the state is of its place' "$(state records b/gen.1/imgcls.json)" 2
ok 'the end is no commit' test ! -e b/imgcls.json
run "printf '${barrier}' 2 | $net -s b --barrier 0"
rc_is 2 'two that send barriers'
err_has 'a barrier in the input, and --barrier'
run "$net -s b --barrier 3 1.pgm"
err_has "'--barrier': only 0 without --watch"
run "$net --watch spool --watch other --once -s b"
rc_is 2 'two directories to watch'
err_has "'--watch': is given twice"
run "(unset DRIFTPIPE_BARRIER; $net -s b --barrier 0 1.pgm)"
err_has "'--barrier': only under driftpipe-run"
run "$net --barrier 0 1.pgm"
err_has "'--barrier': only with --state"
run "$net -s own --barrier 0 1.pgm"
is 'its own is the last line' "$(tail -n 1 out)" "$(printf "$barrier" 1)"
unset DRIFTPIPE_BARRIER
printf 'imgcls:\n  once: true\n  barrier: 3\n' >once.yaml
mkfifo slow
{ echo 1.pgm; sleep .3; echo 2.pgm; } >slow &
run "$net -c once.yaml -s cfg - <slow"
is "a list does not end where 'once' has nothing for now" "$(wc -l <out)" 2

# A spool, in batches, killed in between. All was written before the commit.
mkdir spool
spool="$net --watch spool --once -s w --allow-errors"
next=0
arrive() { # DIR N: whole images, each tenth of them none
	_n=$2
	while [ "$_n" -gt 0 ]; do
		next=$((next + 1))
		if [ $((next % 10)) -eq 0 ]; then
			echo broken >"$1/.new"
		else
			image $next >"$1/.new"
		fi
		mv "$1/.new" "$1/$next"
		_n=$((_n - 1))
	done
}
# pause SEED MILLISECONDS: up to these
pause() {
	awk -v seed="$1" -v most="$2" 'BEGIN {
		srand(seed * 7919); rand(); system("sleep " rand() * most / 1000) }'
}
for batch in 1 2 3 4 5 6 7 8 9 10 11 12; do
	arrive spool 25
	cp w/imgcls.json before 2>/dev/null || : >before
	$spool >part 2>>faults &
	pid=$!
	pause "$batch" 150
	[ "$batch" -eq 12 ] || kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	# Without a state yet, nothing is committed.
	[ ! -e w/imgcls.json ] || cmp -s before w/imgcls.json || cat part >>log
done
jq -r .image log | sort >got
find spool -type f | sort >want
ok 'each image of a spool has come once' cmp got want
is 'numbered' "$(jq .seq log | sort -n | uniq | wc -l)" "$next"
is 'unreadable ones, too' "$(state errors w/imgcls.json)" $((next / 10))
run "$spool"
out_is 'nothing is new' </dev/null
mv spool/1 spool/one
rm spool/2
image 3 >spool/3
run "$spool"
is 'but what is written again' "$(jq -r .image out)" spool/3
run "$net -s w 1.pgm"
run "$spool"
out_is 'a list in between takes nothing away' </dev/null

# A pipeline. Of its parts, the runner, imgcls or another one is killed while
# images keep coming.
cat >p.yaml <<'YAML'
model:
  cfg: net.cfg
  weights: net.weights
imgcls:
  allow-errors: true
pht:
  field: pixels.brightness
  reference-size: 50
  lambda: 1000
promtext:
  stream: cam0
driftpipe-run:
  output: drift.prom
YAML
# Not too fast, so that there is something to kill.
slow='sleep .1; exec featstat'
sum() { awk -v n="$1" 'index($0, n) == 1 { n += $NF } END { print n + 0 }' drift.prom; }

# keep_coming DIR: into it, until "stop" is there
keep_coming() {
	mkdir "$1"
	while [ ! -e stop ]; do
		arrive "$1" 3
		sleep .02
	done &
	coming=$!
}
no_more() {
	: >stop
	wait "$coming"
	rm stop
}
# killing N COMMAND...: runs it until it was killed N times, early or late.
kills=0
runs=0
killing() {
	_until=$((kills + $1))
	shift
	while [ "$kills" -lt "$_until" ]; do
		runs=$((runs + 1))
		"$@" >>records 2>>faults &
		_runner=$!
		pause "$runs" 250
		_stages=$(ps -o pid= -o comm= --ppid "$_runner")
		case $((kills % 3)) in
		0) _victim=${_stages:+$_runner} ;;
		1) _victim=$(echo "$_stages" |
		    awk '$2 == "imgcls" { print $1 }') ;;
		2) _victim=$(echo "$_stages" | awk -v n=$((kills / 3 % 4 + 1)) \
		    '$2 != "driftpipe-run" && ++i == n { print $1 }') ;;
		esac
		# It may not be there yet, or have ended.
		[ -n "$_victim" ] && kill -9 "$_victim" 2>/dev/null &&
		    kills=$((kills + 1))
		# One that follows goes on when the kill came to nothing.
		for _ in $(seq 50); do
			kill -0 "$_runner" 2>/dev/null || break
			sleep .05
		done
		kill -9 "$_runner" 2>/dev/null
		wait "$_runner" 2>/dev/null
	done
}
# counted NAME DIR: all that is there, once
counted() {
	_all=$(find "$2" -type f ! -name '.*' | wc -l)
	_bad=$(grep -lx broken "$2"/* | wc -l)
	is "$1: predictions" "$(sum imgcls_predictions_total)" $((_all - _bad))
	is "$1: errors" "$(sum imgcls_errors_total)" "$_bad"
	is "$1: the detector's records" "$(state used st/current/pht.json)" \
	    $((_all - _bad))
	is "$1: records" "$(state records st/current/imgcls.json)" "$_all"
}

batch() {
	exec driftpipe-run -c p.yaml -s st --stage \
	    "imgcls --watch $1 --once --barrier 0" --stage "$slow" \
	    --stage pht --stage promtext
}
keep_coming batch
killing "${KILLS:-30}" batch batch
no_more
run "(batch batch)"
rc_is 0 'the last batch'
counted "batches, killed $kills times" batch
ok 'promtool accepts the metrics' sh -c 'promtool check metrics <drift.prom'

rm -rf st drift.prom
kills=0
follow() {
	exec driftpipe-run -c p.yaml -s st --follow --stage \
	    "imgcls --watch follow --barrier 0.05 --batch 4" --stage "$slow" \
	    --stage pht --stage promtext
}
keep_coming follow
killing "${KILLS:-30}" follow
no_more
follow 2>>faults >>records &
runner=$!
all=$(find follow -type f ! -name '.*' | wc -l)
for _ in $(seq 500); do
	[ "$(state records st/current/imgcls.json)" -lt "$all" ] || break
	sleep .02
done
counted "following, killed $kills times, then idle" follow
image 1 >follow/.last
mv follow/.last follow/last
kill "$runner"
wait "$runner"
is 'SIGTERM ends it' $? 0
follow 2>>faults >>records &
runner=$!
for _ in $(seq 500); do
	[ "$(state records st/current/imgcls.json)" -le "$all" ] || break
	sleep .02
done
kill "$runner"
wait "$runner"
counted 'the one that came with SIGTERM' follow

# A list of names that grows, by the runner's own barriers.
rm -rf st drift.prom
kills=0
mkdir named
: >list
growing() {
	while [ ! -e stop ]; do
		arrive named 3
		for n in "$((next - 2))" "$((next - 1))" "$next"; do
			echo "named/$n"
		done >>list
		sleep .02
	done
}
listed() {
	exec driftpipe-run -c p.yaml -s st -i list "$@" --stage \
	    'imgcls --batch 4 -j 2' --stage "$slow" \
	    --stage pht --stage promtext
}
growing &
coming=$!
killing $((${KILLS:-30} / 2)) listed
killing $((${KILLS:-30} / 2)) listed --follow --barrier .05
no_more
(listed) >>records 2>>faults
counted "a list, killed $kills times" named

done_testing
