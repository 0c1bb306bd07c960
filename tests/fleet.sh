#!/bin/sh
# A live fleet: a thousand cameras at five places, whose records four workers
# read from a real nats-server, while workers, publishers and the server are
# killed. What they have in the end is what one process makes of all records.
# Not in make check: make fleet-live (KILLS=200 for more).
# shellcheck disable=SC2016,SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/live.sh"
cd "$tmp" || exit 2
kills=${KILLS:-60}
places=5 parts=4 cameras=1000 each=120

# Records of all cameras, in turns; every seventh camera drifts from the 80th of
# its records on.
normals $((cameras * each)) 5 | awk -v cameras=$cameras -v places=$places '{
	sub(/}$/, "")
	cam = (NR - 1) % cameras
	n = int((NR - 1) / cameras)
	x = cam % 7 == 3 && n >= 80 ? ",\"y2\":3" : ""
	printf "%s,\"time\":%d,\"cam\":\"cam%04d\",\"class\":%d,\"prob\":%s," \
	    "\"z\":%s,\"act\":[%d,%d]}\n", $0, 1763000000 + n * 60, cam,
	    (NR * 7 + cam) % 3, NR * 7919 % 89 / 100,
	    (NR * 7919 % 997) / 997 + (x != ""), NR % 5, NR % 7 \
	    >"place-" cam % places ".all"
}'
# Not so many in a message that all is one, and some lines that are none.
for p in $(seq 0 $((places - 1))); do : >"place-$p.log"; done
sed -i '5000s/.*/torn {/' place-2.all

detectors='
pht: {field: [x, z], group: cam, reference-size: 40, lambda: 9}
iks: {field: z, group: cam, window: 30, reference-size: 40, limit: 0.7}
chi2: {group: cam, window: 30, reference-size: 40, limit: 18}
promtext: {group: cam, stream: fleet, max-series: 1000000, max-groups: 2000}'
{
	cat <<-YAML
	driftpipe-run:
	  stage: [driftpipe-sub, pht, iks, chi2, promtext]
	  follow: true
	  group: cam
	  state: work
	  output: fleet.prom
	  journal: journal
	driftpipe-sub: {server: "$url", stream: fleet, follow: true, barrier: 1}
	YAML
	echo "$detectors"
} >worker.yaml
{
	cat <<-YAML
	driftpipe-run:
	  stage: [pht, iks, chi2, promtext]
	  group: cam
	  state: one
	  output: one.prom
	  journal: one.journal
	YAML
	echo "$detectors"
} >one.yaml
stream fleet '"duplicate_window":100000000'
for p in $(seq 0 $((places - 1))); do
	cat >"place-$p.yaml" <<-YAML
	driftpipe-run:
	  stage: [driftpipe-pub]
	  input: place-$p.log
	  follow: true
	  barrier: 0.5
	  state: place-$p.state
	driftpipe-pub:
	  server: $url
	  subject: fleet
	  make-stream: fleet.json
	  spool: place-$p.spool
	  drop: [act]
	YAML
done

# keep NAME COMMAND...: starts it again whenever it ends, but for at the end.
keep() {
	_name=$1
	shift
	while [ ! -e stop ]; do
		"$@" >>"$_name.out" 2>>"$_name.err" &
		echo $! >"$_name.pid"
		wait $!
		echo $? >>"$_name.ends"
		sleep 0.1
	done
}
end_all() {
	: >stop
	for f in *.pid; do kill "$(cat "$f")" 2>/dev/null; done
}
trap 'end_all; sleep 1; server_kill; rm -rf "$tmp"' EXIT

ok 'a server' server_start
server_kill
keep server nats-server -c server.conf -l server.log &
for p in $(seq 0 $((places - 1))); do
	keep "place-$p" driftpipe-run -q -c "place-$p.yaml" &
done
for k in $(seq $parts); do
	keep "work-$k" driftpipe-run -q -c worker.yaml \
	    --partition "$k/$parts" &
done

# A publisher is killed when the server has its message, and it not yet the
# answer: it will send it again.
kill_unanswered() {
	kill -STOP "$(cat server.pid)"
	sleep 1.2
	for p in $(seq 0 $((places - 1))); do
		kill -9 "$(cat "place-$p.pid")" 2>/dev/null
	done
	kill -CONT "$(cat server.pid)"
}

# A part of the records, then a kill, and so on.
number() { awk -v n="$1" -v s="$2" 'BEGIN { srand(s); print int(rand() * n) }'; }
lines=$((cameras * each / places))
from=0
hit_server=0
for i in $(seq "$kills"); do
	to=$((lines * i / kills))
	for p in $(seq 0 $((places - 1))); do
		sed -n "$((from + 1)),${to}p" "place-$p.all" >>"place-$p.log"
	done
	from=$to
	[ $((i % 15)) -ne 10 ] || kill_unanswered
	sleep "0.$(number 10 "$i")"
	case $(number 8 "$((i * 7))") in
	0) name=server hit_server=$((hit_server + 1)) ;;
	[123]) name=place-$(number $places "$((i * 13))") ;;
	*) name=work-$(($(number $parts "$((i * 17))") + 1)) ;;
	esac
	victim=$(cat "$name.pid")
	# The runner, or one of its stages.
	[ $((i % 2)) -eq 0 ] || victim=$(pgrep -P "$victim" | shuf -n 1)
	[ -z "$victim" ] || kill -9 "$victim" 2>/dev/null
done
ok 'the server was killed too' [ "$hit_server" -gt 2 ]

# All that is left comes in without a kill.
done_records() {
	cat work/*of$parts/current/pht.json 2>/dev/null |
	    jq '.state | .used + .unusable' | awk '{ n += $1 } END { print n + 0 }'
}
all=$((cameras * each - 1))
for _ in $(seq 480); do
	[ "$(done_records)" -lt $all ] || break
	sleep 1
done
is 'all records have come' "$(done_records)" $all
# Nothing more comes.
sleep 3
messages=$(client request '$JS.API.STREAM.INFO.fleet' </dev/null |
    jq .state.last_seq)
for i in $(seq "$messages"); do
	echo "{\"seq\":$i}" | client request '$JS.API.STREAM.MSG.GET.fleet'
done | jq -r '.message.hdrs | @base64d' | sed -n 's/^Nats-Msg-Id: //p' |
    sort | uniq -d >twice
end_all
wait
ok "messages were sent twice: $(wc -l <twice)" [ -s twice ]
is 'and none twice' "$(done_records)" $all
ends=$(cat ./*.ends | grep -c 137)
ok "there were kills: $ends" [ "$ends" -gt $((kills / 4)) ]

for p in $(seq 0 $((places - 1))); do cat "place-$p.all"; done |
    sed 's/,"act":[^]]*]//' |
    driftpipe-run -q -c one.yaml -i - >one.out 2>one.err
states() {
	cat "$@" | jq -c '.state | [.group.values, .states] | transpose[]' | sort
}
for k in $(seq $parts); do
	ok "part $k has its share" [ "$(jq .state.group.n \
	    work/"$k"of$parts/current/pht.json)" -gt $((cameras / parts / 2)) ]
done
for tool in pht iks chi2; do
	states one/current/$tool.json >want
	states work/*of$parts/current/$tool.json >got
	is "$tool: a state for each camera" "$(wc -l <want)" $cameras
	ok "$tool: those of one process" cmp want got
done
metrics() { cat "$@" | grep -E '^(drift|imgcls)_' | grep -v 'stream="fleet' | sort; }
metrics one.prom >want
metrics fleet-*of$parts.prom >got
ok 'the metrics are those of one process' cmp want got
events() { cat "$@" | jq -c 'del(.journal)' | sort; }
events one.journal/events-*.ndjson >want
events journal/*of$parts/events-*.ndjson >got
ok 'so are the events' cmp want got
ok "there are some: $(wc -l <want)" [ "$(wc -l <want)" -gt 100 ]
# What else was said, but for events.
grep -h -v -e ': cam cam' ./*.err | sed 's/[0-9]\{1,\}/N/g' | sort | uniq -c |
    sed 's/^/# /'
done_testing
