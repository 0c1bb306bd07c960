#!/bin/sh
# From images to the alert and back, with the real programs: the shipped model
# looks at real images, node_exporter carries what promtext writes, Prometheus
# loads the rules of configs/ and raises the alerts. Then their causes go away.
#
# The rules are the real ones with shorter times.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/node.sh"
cd "$tmp" || exit 1
set=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
config=$top/configs/fashion.yaml
console=$top/configs/prometheus/consoles/driftpipe.html
server='' PROMETHEUS=''
trap 'stop_node; [ -z "$server" ] || kill "$server" 2>/dev/null
    rm -rf "$tmp"' EXIT

for p in prometheus promtool prometheus-node-exporter curl jq perl; do
	command -v $p >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }
done
[ -f $set ] || { echo '1..0 # SKIP no Fashion-MNIST'; exit 0; }

quick() {
	sed -E 's/for: [0-9]+m/for: 3s/; s/\[(15|30)m\]/[\1s]/g
	    s/\[3h\] offset 15m/[60s] offset 15s/; s/\[1d\]/[60s]/g
	    s/> 900/> 8/; s/>= (300|900)/>= 0/; s/, 900\)/, 8)/' "$1"
}

start_prometheus() {
	mkdir -p rules
	for _f in recording alerts legacy; do
		quick "$top/configs/prometheus/$_f.yml" \
		    >rules/$_f.yml
	done
	cat >prometheus.yml <<IN
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules/recording.yml, rules/alerts.yml, rules/legacy.yml]
scrape_configs:
  - job_name: node
    static_configs: [{targets: ["127.0.0.1:$port"]}]
IN
	for _try in 1 2 3 4 5; do
		_port=$(free_port)
		prometheus --config.file=prometheus.yml \
		    --storage.tsdb.path=tsdb --log.level=warn \
		    --web.console.templates="${console%/*}" \
		    --web.console.libraries="$tmp" \
		    --web.listen-address="127.0.0.1:$_port" \
		    >prometheus.log 2>&1 &
		server=$!
		PROMETHEUS=http://127.0.0.1:$_port
		for _wait in $(seq 100); do
			kill -0 $server 2>/dev/null || break
			curl -sf "$PROMETHEUS/-/ready" >ready && return
			sleep 0.2
		done
		kill $server 2>/dev/null
	done
	cat prometheus.log
	return 1
}

# One run over the images of a list, as the page driftpipe(7) has it. They are
# new, unless the camera is dead, and one after the other: what is usual between
# two is not known of images of one instant.
dead=''
pipeline() {
	[ "$dead" ] || xargs -n 1 touch <"$1"
	imgcls -c "$config" <"$1" | featstat -c "$config" | pht -c "$config" |
	    iks -c "$config" | nmddm -c "$config" | chi2 -c "$config" |
	    promtext -c "$config" --stream cam0 -o collect/drift-cam0.prom
}

# The alerts that are firing, one a line.
firing() {
	curl -sf "$PROMETHEUS/api/v1/alerts" | jq -r '.data.alerts[] |
	    select(.state == "firing") | .labels.alertname' | sort -u
}
fires() { firing | grep -qx "$1"; }
drifts() { fires DriftSustained && fires DriftDetectorsAgree; }
calm() { [ -z "$(firing)" ]; }
steady() { ! fires DriftSustained && ! fires DriftDetectorsAgree; }
has() {
	curl -sfG "$PROMETHEUS/api/v1/query" --data-urlencode "query=$1" |
	    jq -e '.data.result != []'
}

# await 'what' [LIST] CONDITION...: it comes true within a minute; meanwhile
# the pipeline runs over the list, if one is given.
await() {
	_what=$1
	_list=''
	shift
	case $1 in *.list) _list=$1; shift ;; esac
	for _wait in $(seq 60); do
		[ -z "$_list" ] || pipeline "$_list" || break
		"$@" >/dev/null 2>&1 && break
		sleep 1
	done
	ok "$_what" "$@"
	firing | sed 's/^/# firing: /'
}

imgdegrade -o good --count 300 $set
imgdegrade -o bad --skip 300 --count 300 --blur 0.6 --contrast 0.8 --noise 10 \
    --seed 1 $set
find good -name '*.png' | sort >good.list
find bad -name '*.png' | sort >bad.list
ok 'node_exporter starts' start_node
NODE=http://127.0.0.1:$port/metrics
TEXTFILES=$tmp/collect
export PROMETHEUS NODE TEXTFILES
ok 'Prometheus starts' start_prometheus
is 'with the rules' "$(curl -sf "$PROMETHEUS/api/v1/rules" |
    jq '[.data.groups[].rules[].name] | length')" \
    "$(cat "$top"/configs/prometheus/*.yml | grep -cE -e '- (record|alert):')"

await 'the metrics arrive' good.list \
    has 'stream:drift_detected:max{stream="cam0"} == 0'
await 'good images raise no alert' good.list calm
sleep 6
pipeline good.list
ok 'and go on to raise none' calm
is 'all rules are healthy' "$(curl -sf "$PROMETHEUS/api/v1/rules" |
    jq -r '.data.groups[].rules[] | select(.health != "ok") | .name')" ''

await 'the camera fails: an event is counted' bad.list fires DriftEvent
await 'and the alerts fire' bad.list drifts
is 'with the stream, and who sees it' "$(curl -sf "$PROMETHEUS/api/v1/alerts" |
    jq -r '.data.alerts[] | select(.labels.alertname == "DriftSustained") |
	.labels.stream, (.annotations.description |
	    test("Detectors:.* nmddm.*Features:.* feat.std"))')" 'cam0
true'
is 'the names of the earlier system' "$(curl -sfG "$PROMETHEUS/api/v1/query" \
    --data-urlencode 'query={__name__=~"(layer|data)_.*"}' |
    jq '.data.result | length')" 5

# The page's commands, as they stand there.
awk '/^\.Ss Drift/ { name = $2 }
    /^\.Ed/ { if (on) close(file); on = 0 }
    on { gsub(/\\e/, "\\"); gsub("/var/lib/driftpipe/", ""); print >file }
    /^\.Bd -literal$/ && name { on = 1; file = "look." ++n "." name }' \
    "$top/man/driftpipe-alerts.7"
# A journal, as the runner of that stream keeps it.
cat >records <<'IN'
{"image":"x.png","error":{"stage":"decode","reason":"no image"}}
{"image":"y.png","pht":{"tests":[{"field":"prob","event":"drift"}]}}
IN
driftpipe-run -q -i records -s st --journal cam0.journal --stage cat >/dev/null
ok 'the page has commands' test "$(find . -name 'look.*' | wc -l)" -ge 11
for f in look.*; do
	[ "$f" = look.1.DriftSustained ] && said=$(sh "$f")
	ok "${f##*.}: its commands run" bash -eo pipefail "$f"
done
ok 'and say what there is' expr "$said" : '.*feature="feat.std".* => [0-9]'

if [ -f "$console" ]; then
	page="$PROMETHEUS/consoles/${console##*/}?stream=cam0"
	ok 'the console renders' curl -sfo console.html "$page"
	ok 'and has the alert' grep -q DriftSustained console.html
	browser=$(command -v chromium || command -v chromium-browser)
	if [ -n "$browser" ]; then
		ok 'in Chromium too' sh -c '"$1" --headless --no-sandbox \
		    --disable-gpu --disable-quic --no-first-run \
		    --disable-background-networking --disable-sync \
		    --disable-component-update --user-data-dir="$2/chromium" \
		    --virtual-time-budget=8000 --dump-dom "$3" |
		    grep -q DriftSustained' - "$browser" "$tmp" "$page"
	else
		skip 'in Chromium too' 'no Chromium'
	fi
else
	skip 'the console' 'there is none'
fi

await 'the camera is repaired: they end' good.list steady

dead=1
await 'no image comes any more: it is silent' good.list fires DriftCameraSilent
dead=''
await 'one comes: it is not' good.list sh -c '! curl -sf \
    "$PROMETHEUS/api/v1/alerts" | grep -q DriftCameraSilent'

await 'the pipeline stops: it is stale' fires DriftPipelineStale
await 'it runs again: it is not' good.list sh -c '! curl -sf \
    "$PROMETHEUS/api/v1/alerts" | grep -q DriftPipelineStale'
mv collect/drift-cam0.prom kept
await 'its file is removed: it is gone' fires DriftPipelineGone
echo '{"seq":1}' >collect/record.prom
await 'a file that is none: it is refused' fires DriftMetricsRejected
ok '--check says which' sh -c '! promtext --check collect 2>said &&
    grep -q collect/record.prom:1: said'
rm collect/record.prom
cp kept collect/drift-cam0.prom
cp kept collect/drift-cam1.prom
await 'a stream twice: a conflict' fires DriftSilentConflict
ok '--check says with which' sh -c '! promtext --check collect 2>said &&
    grep -q "series twice, first in collect/drift-cam0.prom" said'
stop_node
await 'the host does not answer: it is gone' fires DriftHostGone
done_testing
