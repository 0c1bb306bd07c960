#!/bin/sh
# The processes that decode, as seen from outside imgcls: what they may do,
# that records do not depend on them, and how they and the tool end.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
model="-m $top/data/fashion.cfg -w $top/data/fashion.weights --no-act --top 1"
good=$top/tests/images/rgb.png

# try COMMAND: until it succeeds, for ten seconds.
try() {
	tries=0
	until eval "$*" || [ $tries -eq 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	eval "$*"
}

children() { sed 's/ $//' "/proc/$1/task/$1/children"; }
status() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }

# start OPTION...: imgcls on a FIFO that we hold open, with one image done.
start() {
	rm -f in live
	mkfifo in
	# shellcheck disable=SC2086
	imgcls $model "$@" <in >live 2>live.err &
	pid=$!
	exec 9>in
	echo "$good" >&9
	ok 'a record comes before the next name' try '[ -s live ]'
}

start -j 3
worker=$(children $pid)
is 'one process decodes when there is little to do' \
    "$(echo "$worker" | wc -w | tr -d ' ')" 1
is 'it is under seccomp' "$(status "$worker" Seccomp)" 2
is 'and may not gain privileges' "$(status "$worker" NoNewPrivs)" 1
is 'it has no file but its socket' \
    "$(readlink "/proc/$worker/fd/"* | sed 's/:.*//')" socket
[ -n "$SANITIZE" ] || ok 'its address space has a limit' grep -q '^Max address space  *[0-9]' \
    "/proc/$worker/limits"
is 'it is the first to go when memory runs out' \
    "$(cat "/proc/$worker/oom_score_adj")" 1000
kill -TERM "$worker"
kill -INT "$worker"
echo "$good" >&9
ok 'signals for the group leave it alone' try '[ "$(wc -l <live)" -eq 2 ]'
is 'it is the same' "$(children $pid)" "$worker"
kill -KILL "$worker"
try '[ "$(status '"$worker"' State)" = "Z (zombie)" ]'
echo "$good" >&9
ok 'one that was killed is replaced' try '[ "$(wc -l <live)" -eq 3 ]'
is 'and nothing is lost' "$(jq -c .class live | sort | uniq -c | wc -l | tr -d ' ')" 1
worker=$(children $pid)
kill -TERM $pid
wait $pid
is 'SIGTERM ends the tool cleanly' $? 0
ok 'and its workers' try '! kill -0 '"$worker"' 2>/dev/null'
exec 9>&-

start --no-sandbox
worker=$(children $pid)
is '--no-sandbox: no seccomp' "$(status "$worker" Seccomp)" 0
ok 'which is said once' test "$(wc -l <live.err)" -eq 1
echo "$good" >&9
kill -KILL $pid
wait $pid 2>/dev/null
ok 'no orphan is left when the tool is killed' try '! kill -0 '"$worker"' 2>/dev/null'
exec 9>&-

# A closed pipe: what is written to it ends the tool, and that its workers.
yes "$good" | head -n 20000 >many
run "imgcls $model -j 2 <many | head -n 1 | jq .seq"
out_is 'a closed pipe ends all' <<'OUT'
1
OUT
err_is 'quietly' </dev/null

# What is accepted is finished: each line that comes is whole, and in order.
rm -f in
mkfifo in
# shellcheck disable=SC2086
imgcls $model --trailer -j 2 --batch 16 <many >ended &
pid=$!
try '[ -s ended ]'
kill -TERM $pid
wait $pid
is 'SIGTERM while it works' $? 0
run 'jq -c .seq ended | awk "{ if (\$1 != NR) bad = 1 } END { print bad + 0 }"'
out_is 'ends behind a whole record' <<'OUT'
0
OUT

# Records do not depend on batches, workers, threads.
mkdir d
"$top/tests/mutate.pl" d 200 2 "$top"/tests/images/*
run "imgcls $model d --layer 0"
jq -c 'del(.time)' out >want
for how in '-j 2' '--batch 3' '-j 3 --batch 100' '--batch 32 --threads 2' \
    '-j 2 --no-sandbox -q'; do
	run "imgcls $model --layer 0 $how d | jq -c 'del(.time)'"
	ok "the same records with $how" cmp want out
done
run "tar cf - -C d . | imgcls $model --layer 0 --tar -j 2 |
    jq -c '[.image, .class, .prob, .error]' | sed 's|\"./|\"d/|' | sort"
jq -c '[.image, .class, .prob, .error]' want | sort >sorted
ok 'and out of an archive' cmp sorted out

# Few files may be open.
run "(ulimit -n 24; imgcls $model -j 2 --batch 64 d) | jq -c 'del(.time)'"
jq -c 'del(.act)' want >less
jq -c 'del(.act)' out >got
ok 'with few open files, too' cmp less got
for o in batch jobs threads timeout no-sandbox; do
	run "imgcls --help"
	out_has "--$o"
done
run "imgcls $model --batch 0 $good"
rc_is 2 'no batch of 0'
run "imgcls $model -j 33 $good"
rc_is 2 'no 33 processes'
# The other tools that read images: NAME COMMAND..., with the FIFO as input.
guards() {
	name=$1
	shift
	rm -f in
	mkfifo in
	"$@" <in >/dev/null 2>&1 &
	pid=$!
	exec 9>in
	echo "$line" >&9
	try '[ -n "$(children $pid)" ]'
	worker=$(children $pid)
	ok "$name decodes under seccomp" try '[ "$(status '"$worker"' Seccomp)" = 2 ]'
	exec 9>&-
	kill -KILL $pid
	wait $pid 2>/dev/null
}
line=$good
guards imgdegrade imgdegrade -o degraded -
line="$good 0"
guards imgtrain imgtrain -m "$top/data/fashion.cfg" -w new.weights /dev/stdin
run "imgdegrade -o degraded --no-sandbox $good"
err_is 'imgdegrade without one says so' <<'ERR'
imgdegrade: images are decoded without a sandbox
ERR

done_testing
