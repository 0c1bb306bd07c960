#!/bin/sh
# What is in configs/ to run the pipeline: the script by itself, over real
# images; units, users, directories, crontab and containers by the programs that
# read them.
. "$(dirname "$0")/lib.sh"
configs=$top/configs
set=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
have() { command -v "$1" >/dev/null; }

# --- the script
export CONFIG="$configs" SPOOL="$tmp/spool" STATE="$tmp/state" METRICS="$tmp/metrics"
mkdir -p "$SPOOL/fashion" "$METRICS"
file=$METRICS/drift-fashion.prom
total() {
	awk -v m="$1" 'index($0, m "{") == 1 { n += $NF } END { print n }' \
	    "$file" 2>/dev/null
}
# until_is N COMMAND...: wait for it to print N, a minute at most.
until_is() {
	_n=$1 _wait=0
	shift
	until [ "$("$@")" = "$_n" ] || [ $((_wait += 1)) -gt 120 ]; do
		sleep 0.5
	done
}
files() { find "$1" -type f -printf x | wc -c; }

run "$configs/pipeline.sh"
rc_is 1 'a name is wanted'
run "$configs/pipeline.sh" fashion often
rc_is 2 'a word that it does not know'
err_has "neither 'every' nor 'watch': 'often'"
run "$configs/pipeline.sh" fashion
rc_is 0 'an empty spool is no trouble'
is 'and no run' "$(files "$METRICS")" 0

if [ -f "$set" ]; then
	imgdegrade -o "$SPOOL/fashion" --count 40 "$set"
	echo 'no image' >"$SPOOL/fashion/broken.png"
	cp "$SPOOL/fashion/000000.png" "$SPOOL/fashion/a
b.png"
	cp "$SPOOL/fashion/000000.png" "$SPOOL/fashion/.coming"

	sed "s,\.\./data,$top/data,; s/^pht:/pht:\n  fieldd: x/" \
	    "$configs/fashion.yaml" >"$tmp/fashion.yaml"
	run "CONFIG='$tmp' '$configs/pipeline.sh' fashion"
	rc_is 2 'a stage that fails is a failure'
	is 'nothing is written' "$(files "$METRICS")" 0
	is 'nothing is moved' "$(files "$SPOOL/fashion")" 43

	run "flock '$STATE/fashion/lock' '$configs/pipeline.sh' fashion"
	rc_is 0 'one that is running already is no trouble'
	is 'and left alone' "$(files "$SPOOL/fashion")" 43

	run "$configs/pipeline.sh" fashion
	rc_is 0 'an image that can not be read is no failure'
	is 'it is counted' "$(total imgcls_errors_total)" 1
	is 'so are the others' "$(total imgcls_predictions_total)" 41
	is 'what was read is moved' "$(files "$STATE/fashion/seen")" 42
	is 'what is hidden is not read' "$(files "$SPOOL/fashion")" 1
	is 'the metrics can be read by others' "$(stat -c %a "$file")" 644
	ok 'the name is the stream' grep -q 'stream="fashion"' "$file"

	imgdegrade -o "$SPOOL/fashion" --count 3 "$set"
	run "$configs/pipeline.sh" fashion
	is 'of the same name both are kept' "$(files "$STATE/fashion/seen")" 45

	"$configs/pipeline.sh" fashion every 1 &
	pid=$!
	imgdegrade -o "$SPOOL/fashion" --skip 50 --count 5 "$set"
	until_is 50 files "$STATE/fashion/seen"
	is 'every second: what comes is read' \
	    "$(files "$STATE/fashion/seen")" 50
	kill $pid
	wait $pid
	is 'and it ends when told to' $? 0

	if imgcls --help | grep -q -e --watch &&
	    promtext --help | grep -q -e --interval; then
		rm "$file"
		INTERVAL=1 "$configs/pipeline.sh" fashion watch &
		pid=$!
		imgdegrade -o "$SPOOL/fashion" --count 5 "$set"
		until_is 5 total imgcls_predictions_total
		is 'watch: what came was read' \
		    "$(total imgcls_predictions_total)" 5
		kill $pid
		wait $pid
		is 'and it ends when told to' $? 0
	else
		skip 'watch' 'imgcls has no --watch, or promtext no --interval'
	fi
else
	skip 'the script over images' 'no Fashion-MNIST'
fi

# --- systemd
installed=/usr/local/share/driftpipe/configs/pipeline.sh
is 'units and crontab run the same script' "$(
    grep -ohE '/[a-z/]*/pipeline\.sh' "$configs"/systemd/*.service \
	"$configs/cron/driftpipe" "$configs/docker/Dockerfile" | sort -u)" \
    "$installed"
if have systemd-analyze; then
	cp -r "$configs/systemd" "$tmp/units"
	for unit in batch@.service batch@.timer batch@.path watch@.service; do
		cp "$configs/systemd/driftpipe-$unit" \
		    "$tmp/units/driftpipe-${unit%.*}cam0.${unit##*.}"
	done
	sed -i "s,$installed,$configs/pipeline.sh," "$tmp"/units/*.service
	for unit in batch@cam0.service batch@cam0.timer batch@cam0.path \
	    watch@cam0.service; do
		run "systemd-analyze verify --man=no '$tmp/units/driftpipe-$unit'"
		is "$unit is a unit" "$rc $(cat "$tmp/err")" '0 '
	done
	for unit in batch watch; do
		ok "$unit: little is left to attack" systemd-analyze security \
		    --offline=yes --threshold=10 \
		    "$tmp/units/driftpipe-$unit@cam0.service"
	done
	rm -r "$tmp/units/driftpipe-.service.d"
	run "systemd-analyze security --offline=yes --threshold=10 \
	    '$tmp/units/driftpipe-batch@cam0.service'"
	rc_is 1 'that is the work of the common sandbox'
else
	skip 'units' 'no systemd-analyze'
fi
if have systemd-tmpfiles && [ "$(id -u)" -eq 0 ]; then
	mkdir -p "$tmp/root/etc"
	echo 'root:x:0:0::/root:/bin/sh' >"$tmp/root/etc/passwd"
	printf 'root:x:0:\nadm:x:4:\n' >"$tmp/root/etc/group"
	ok 'the user' systemd-sysusers --root="$tmp/root" \
	    "$configs/sysusers.d/driftpipe.conf"
	ok 'the directories' systemd-tmpfiles --root="$tmp/root" --create \
	    "$configs/tmpfiles.d/driftpipe.conf"
	gid=$(sed -n 's/^driftpipe:x:\([0-9]*\):.*/\1/p' "$tmp/root/etc/group")
	is 'the group may write metrics, all may read' "$(stat -c '%a %g' \
	    "$tmp/root/var/lib/prometheus/node-exporter")" "2775 $gid"
else
	skip 'the user and the directories' 'not root, or no systemd-tmpfiles'
fi

# --- cron, logrotate
is 'crontab: five fields, a user, a command' "$(
    awk '!/^#/ && !/^[A-Z_]+=/ { print (NF > 6), $6 }' "$configs/cron/driftpipe")" \
    '1 driftpipe'
if have logrotate && [ "$(id -u)" -eq 0 ]; then
	mkdir "$tmp/log"
	chmod 755 "$tmp/log"
	echo line >"$tmp/log/cam0.log"
	sed "s,/var/log/driftpipe,$tmp/log,; s/driftpipe adm/root root/" \
	    "$configs/logrotate/driftpipe" >"$tmp/logrotate"
	chmod 644 "$tmp/logrotate"
	run "logrotate -f -s '$tmp/log.state' '$tmp/logrotate'"
	rc_is 0 'logrotate takes it'
	ok 'and rotates' test -f "$tmp/log/cam0.log.1.gz"
else
	skip 'logrotate' 'not root, or no logrotate'
fi

# --- containers
compose=$configs/docker/docker-compose.yml
if have docker-compose; then
	run "docker-compose -f '$compose' config"
	rc_is 0 'compose takes it'
	is 'every port is on loopback' "$(
	    sed -n '/ports:/,/^    [a-z]/s/^    - //p' "$tmp/out" |
		grep -v '^127\.0\.0\.1:')" ''
	is 'what is mounted from the tree is there' "$(
	    sed -nE 's/^    - ([^ ]*configs[^:]*):.*/\1/p' "$tmp/out" |
		grep -vE '/(etc|spool)$' |
		while read -r f; do [ -e "$f" ] || echo "$f"; done)" ''
else
	skip 'compose' 'no docker-compose'
fi
ok 'prometheus.yml' promtool check config --syntax-only \
    "$configs/docker/prometheus.yml"
done_testing
