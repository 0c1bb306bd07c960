#!/bin/sh
# What is in configs/ to run the pipeline: its configuration over real images;
# units, users, directories, crontab and containers by the programs that read
# them.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machine.sh"
configs=$top/configs
set=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
have() { command -v "$1" >/dev/null; }

# --- the pipeline of configs/cam0.yaml, with directories of ours
spool=$tmp/spool metrics=$tmp/metrics
mkdir -p "$spool" "$metrics"
# config PLACE EDIT: it, with PLACE as the root of state and metrics
config() {
	sed "s,/var/spool/driftpipe/cam0,$spool,; s,/var/lib/driftpipe/cam0,$1,
	    s,/var/lib/prometheus/node-exporter,$metrics,
	    s,/usr/local/share/driftpipe,$top,; $2" "$configs/cam0.yaml"
}
file=$metrics/drift-cam0.prom
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
# What the service of the timer does when a run has succeeded.
empty=$(sed -n 's/^ExecStartPost=//p' \
    "$configs/systemd/driftpipe-batch@.service" |
    sed "s,/var/spool/driftpipe/%i,$spool,; s/%%/%/g")

config "$tmp/state" >"$tmp/cam0.yaml"
run "driftpipe-run -q -c '$tmp/cam0.yaml'"
rc_is 0 'an empty spool is no trouble'
is 'and has metrics, so that it is not stale' \
    "$(total imgcls_predictions_total)" 0

if [ -f "$set" ]; then
	imgdegrade -o "$spool" --count 40 "$set"
	echo 'no image' >"$spool/broken.png"
	cp "$spool/000000.png" "$spool/a
b.png"
	cp "$spool/000000.png" "$spool/.coming"

	config "$tmp/state" 's/^pht:/pht:\n  fieldd: x/' >"$tmp/bad.yaml"
	run "driftpipe-run -q -c '$tmp/bad.yaml'"
	rc_is 2 'a stage that fails is a failure'
	is 'nothing is counted' "$(total imgcls_predictions_total)" 0

	run "driftpipe-run -q -c '$tmp/cam0.yaml'"
	rc_is 0 'an image that can not be read is no failure'
	is 'it is counted' "$(total imgcls_errors_total)" 1
	is 'so are the others, but what is hidden' \
	    "$(total imgcls_predictions_total)" 41
	is 'the metrics can be read by others' "$(stat -c %a "$file")" 644
	ok 'with the name of the stream' grep -q 'stream="cam0"' "$file"

	imgdegrade -o "$spool" --skip 40 --count 3 "$set"
	run "driftpipe-run -q -c '$tmp/cam0.yaml'"
	is 'the next run counts what is new, and goes on' \
	    "$(total imgcls_predictions_total)" 44

	# The time of their change can't be set, so they are a second old here.
	run "$empty"
	is 'what came this week stays' "$(files "$spool")" 46
	touch "$tmp/then"
	sleep 1
	mv "$spool/000001.png" "$spool/.coming too"
	mv "$spool/.coming too" "$spool/moved in.png"
	run "$(echo "$empty" | sed "s,-cmin +10080,! -newercm '$tmp/then',")"
	is 'what is older goes, but not what is moved in or hidden' "$(
	    cd "$spool" && find . -type f | sort)" './.coming
./moved in.png'
	run "driftpipe-run -q -c '$tmp/cam0.yaml'"
	is 'which counts nothing twice' "$(total imgcls_predictions_total)" 44

	config "$tmp/watch" 's/follow: false/follow: true/; s/once: true/once: false/
	    s/barrier: 60/barrier: 0.2/' >"$tmp/watch.yaml"
	driftpipe-run -q -c "$tmp/watch.yaml" 2>"$tmp/err" &
	pid=$!
	until_is 1 total imgcls_predictions_total
	imgdegrade -o "$spool" --skip 50 --count 5 "$set"
	until_is 6 total imgcls_predictions_total
	is 'follow: what comes is read' "$(total imgcls_predictions_total)" 6
	kill $pid
	wait $pid
	is 'and it ends when told to' $? 0
else
	skip 'the pipeline over images' 'no Fashion-MNIST'
fi

# --- systemd
installed=/usr/local/bin/driftpipe-run
is 'units and crontab run the same' "$(
    grep -ohE 'driftpipe-run -c /[^ ]*' \
	"$configs"/systemd/*.service "$configs/cron/driftpipe" |
	sed 's/%i/cam0/' | sort -u)" 'driftpipe-run -c /etc/driftpipe/cam0.yaml'
if have systemd-analyze; then
	cp -r "$configs/systemd" "$tmp/units"
	for unit in batch@.service batch@.timer batch@.path watch@.service \
	    live@.service report@.service report@.timer; do
		cp "$configs/systemd/driftpipe-$unit" \
		    "$tmp/units/driftpipe-${unit%.*}cam0.${unit##*.}"
		# Its timer's name is when.
		cp "$configs/systemd/driftpipe-$unit" \
		    "$tmp/units/driftpipe-${unit%.*}weekly.${unit##*.}"
	done
	sed -i "s,$installed,$(command -v driftpipe-run)," "$tmp"/units/*.service
	for unit in batch@cam0.service batch@cam0.timer batch@cam0.path \
	    watch@cam0.service live@cam0.service report@weekly.service \
	    report@weekly.timer; do
		run "systemd-analyze verify --man=no '$tmp/units/driftpipe-$unit'"
		is "$unit is a unit" "$rc $(cat "$tmp/err")" '0 '
	done
	for unit in batch@cam0 watch@cam0 report@weekly; do
		ok "$unit: little is left to attack" systemd-analyze security \
		    --offline=yes --threshold=10 \
		    "$tmp/units/driftpipe-$unit.service"
	done
	ok 'live@cam0: nor there, but for the network' \
	    systemd-analyze security --offline=yes --threshold=25 \
	    "$tmp/units/driftpipe-live@cam0.service"
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
is 'crontabs: five fields, a user, a command' "$(
    awk '!/^#/ && !/^[A-Z_]+=/ { print (NF > 6), $6 }' "$configs"/cron/* |
	sort -u)" '1 driftpipe'
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

# --- Kubernetes and OpenTelemetry: neither is here to try them; that what they
# name is there, and is where cam0.yaml has it
if /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
	run "/usr/bin/python3 - '$configs' '$tmp' <<'PY'
import json, sys, yaml
configs, tmp = sys.argv[1:]
load = lambda f: list(yaml.safe_load_all(open(configs + '/' + f)))
cam, = load('cam0.yaml')
docs = load('kubernetes/driftpipe.yaml')
claims = {d['metadata']['name'] for d in docs if d['kind'].startswith('Pers')}
spec = docs[-1]['spec']
pod = spec['template']['spec']
volumes = {v['name']: v for v in pod['volumes']}
assert spec['selector']['matchLabels'] == spec['template']['metadata']['labels']
for v in volumes.values():
    c = v.get('persistentVolumeClaim')
    assert not c or c['claimName'] in claims, v
pipeline, exporter = pod['containers']
for c in pod['containers']:
    assert {m['name'] for m in c['volumeMounts']} <= set(volumes), c
at = [m['mountPath'] for m in pipeline['volumeMounts']]
for path in (cam['imgcls']['watch'], cam['driftpipe-run']['state'],
             cam['driftpipe-run']['journal'], cam['driftpipe-run']['output']):
    assert any((path + '/').startswith(a + '/') for a in at), path
otel, = load('otel/collector.yaml')
for p in otel['service']['pipelines'].values():
    for kind in 'receivers', 'exporters':
        assert set(p[kind]) <= set(otel[kind]), p
include, = otel['receivers']['filelog']['include']
assert include.replace('*', 'cam0', 1).startswith(
    cam['driftpipe-run']['journal'] + '/events-'), include
json.dump(otel['receivers']['prometheus']['config'],
          open(tmp + '/otel.yml', 'w'))
PY"
	rc_is 0 'Kubernetes, OpenTelemetry: all that is named is there'
	ok "the collector's Prometheus" promtool check config --syntax-only \
	    "$tmp/otel.yml"
else
	skip 'Kubernetes, OpenTelemetry' 'no python3-yaml'
fi
# --- every command of driftpipe-deploy(7), in its order, in a chroot
# systemctl enables there, and has no systemd to start anything now.
inside() {
	layer chroot "$layer/root" env PATH="$inside" SYSTEMD_OFFLINE=1 "$@"
}
inside=/opt/drift/bin:/usr/sbin:/usr/bin:/sbin:/bin
if ! [ -f "$set" ] || ! machine_possible; then
	skip 'the commands of the page' 'no overlay, systemd or Fashion-MNIST'
	done_testing
	exit
fi
run 'machine_install /opt/drift'
rc_is 0 'make install'
share=$layer/upper/opt/drift/share
is 'every path follows PREFIX' "$(grep -rlI /usr/local "$share")" ''
mkdir "$layer/commands"
commands "$layer/commands" "$share/man/man7/driftpipe-deploy.7"
ok 'the page has commands' test "$(files "$layer/commands")" -ge 14
# What is new from the camera, a list of images whose classes are known, the
# same in directories; the commands run where these are.
mkdir -p "$layer/upper/srv/photos"
(
	cd "$layer/upper/srv" && imgdegrade -o new --count 1000 "$set"
	imgdegrade -o known --count 20 --list \
	    --labels "${set%images-idx3*}labels-idx1-ubyte.gz" "$set" |
	    jq -r '[.image, .truth] | @tsv' |
	    while read -r image class; do
		class=$(sed -n "$((class + 1))p" "$top/data/fashion.names")
		printf '%s\t%s\n' "$image" "$class" >>truth.tsv
		mkdir -p "photos/$class" && cp "$image" "photos/$class"
	    done
)
sed "s,\.\./data,/opt/drift/share/driftpipe/data," \
    "$share/driftpipe/configs/fashion.yaml" >"$layer/upper/srv/drift.yaml"
# A fleet without a network has the reference on each machine.
install -D "$top/data/fashion-reference.ndjson" \
    "$layer/upper/etc/driftpipe/reference.ndjson"
for f in "$layer/commands"/*; do
	# There is no camera here: a test picture of three seconds is its video;
	# nor another machine, and all images are of today.
	command=$(sed 's/enable --now/enable/
	    s/-rtsp_transport tcp -i [^ ]*/-f lavfi -i testsrc=duration=3/
	    s,rsync -az out/ fleet@.*,install -D -t /srv/fleet/in/h out/*,
	    s,~fleet,/srv/fleet,; s/yesterday/today/; s/-$day\.sum"/& today/' "$f")
	case $command in
	ffmpeg*)
		have ffmpeg || { skip "the page's ${f##*/}" 'no ffmpeg'; continue; } ;;
	esac
	ok "the page's ${f##*/}" inside sh -ec 'cd /srv && eval "$1"' - \
	    "$command"
	case $f in
	*2.Installation)
		inside runuser -u camera -- sh -c \
		    'cp /srv/new/* /var/spool/driftpipe/cam0' ;;
	*.One-camera) one=$(cat "$f") ;;
	*.Video) inside sh -c 'rm -f /var/spool/driftpipe/cam0/*.jpg' ;;
	esac
done
# The others are run as the first one is.
inside sh -ec 'cd /var/spool/driftpipe
    for d in cam50 yard/north yard/south; do
	runuser -u camera -- cp /srv/new/00000?.png $d
    done
    for cam in cam50 yard; do
	eval "$(echo "$1" | sed "s/cam0/$cam/")"
    done' - "$one" >"$tmp/out" 2>&1
metrics=$layer/upper/var/lib/prometheus/node-exporter
is 'other cameras, and a group of them, have their images' "$(
    awk -F '"' '/^imgcls_predictions_total/ {
	    for (i = 1; i < NF; i++)
		    if ($i ~ /stream=$/)
			    s = $(i + 1)
	    sub(/.*} /, ""); n[s] += $0 }
	END { print n["cam50"], n["north"], n["south"], n["yard"] }' \
	"$metrics/drift-cam50.prom" "$metrics/drift-yard.prom")" '10 10 10 0'
is 'and the journal tells them apart' "$(cat \
    "$layer"/upper/var/lib/driftpipe/yard.journal/records-*.ndjson |
    jq -r .camera | sort | uniq -c | xargs)" '10 north 10 south'
ok 'the page of the fleet has the camera' grep -q cam0 \
    "$layer/upper/var/lib/driftpipe/report/index.html"
is 'each image is counted once' "$(awk '/^imgcls_predictions_total/ { n += $NF }
    END { print n }' "$metrics/drift-cam0.prom")" 1000
is 'and the new normal is in force' "$(jq -r '.journal.text[]' \
    "$layer"/upper/var/lib/driftpipe/cam0.journal/events-*.ndjson | tail -n 1) $(
    find "$layer/upper/var/lib/driftpipe/cam0" -name 'reference.*' | wc -l)" \
    'a new normal: 1000 of the last records 1'
is 'systemd starts it' "$(inside systemctl is-enabled \
    driftpipe-batch@cam0.timer driftpipe-watch@cam0.service)" 'enabled
enabled'
is 'what it runs is there' "$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' \
    "$layer/upper/etc/systemd/system/driftpipe-batch@.service")" \
    /opt/drift/bin/driftpipe-run
done_testing
