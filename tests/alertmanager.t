#!/bin/sh
# configs/prometheus/alertmanager.yml in the real Alertmanager: who hears of
# what, what inhibits what, and the page's silence of one camera.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/node.sh"
cd "$tmp" || exit 1
config=$top/configs/prometheus/alertmanager.yml
rules=$top/configs/prometheus/alerts.yml
for p in amtool prometheus-alertmanager curl; do
	command -v $p >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }
done
ok 'the configuration is valid' amtool check-config "$config"
server=''
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$tmp"' EXIT

for to in critical=page warning=day info=nobody; do
	is "${to%=*}" "$(amtool config routes test --config.file="$config" \
	    "severity=${to%=*}" stream=cam0 2>/dev/null)" "${to#*=}"
done
# Its names are those of alerts that there are.
is 'it names alerts that there are' "$(sed -n 's/.*alertname!*=~*"\([^"]*\)".*/\1/p' \
    "$config" | sed 's/^Drift(\(.*\))$/\1/; s/^\(DriftCamera\|DriftPipeline\)(\(.*\))$/\2/' |
    tr '|' '\n' | sed 's/^Drift//; s/^\.+$//' | sort -u |
    while read -r name; do
	[ -z "$name" ] || grep -q "alert: Drift.*$name$" "$rules" || echo "$name"
    done)" ''

# Debian's looks for the texts of its messages in /usr/share.
texts=$top/build/prometheus/share
alertmanager() {
	[ -d /usr/share/prometheus/alertmanager ] ||
	    set -- unshare -m sh -ec 'mount -t overlay overlay /usr/share \
		-o "lowerdir=$1:/usr/share"
	    shift
	    exec "$@"' - "$texts" "$@"
	exec "$@"
}
if ! (alertmanager true) 2>/dev/null; then
	skip 'the real Alertmanager' 'not installed, and no overlay'
	done_testing
	exit
fi
# It listens nowhere but at this port.
start() {
	for _try in 1 2 3; do
		url=http://127.0.0.1:$(free_port)
		alertmanager prometheus-alertmanager \
		    --config.file="$config" --storage.path=data \
		    --cluster.listen-address= \
		    --web.listen-address="${url#http://}" >log 2>&1 &
		server=$!
		for _wait in $(seq 150); do
			kill -0 $server 2>/dev/null || break
			curl -sf "$url/-/ready" >ready && return
			sleep 0.2
		done
		kill $server 2>/dev/null
	done
	cat log
	return 1
}
ok 'Alertmanager starts' start
am() { amtool --alertmanager.url="$url" "$@"; }
while read -r name stream instance; do
	am alert add "$name" severity=warning job=node instance="$instance" \
	    ${stream:+"stream=$stream"}
done <<'END'
DriftDetectorsAgree agree h
DriftSustained agree h
DriftEvent agree h
DriftPipelineStale stale h
DriftSustained stale h
DriftCameraSilent stale h
DriftPipelineGone gone h
DriftPipelineStale gone h
DriftDetectorsAgree gone h
DriftCameraSilent silent h
DriftDetectorsAgree silent h
DriftCameraBlind blind h
DriftDetectorsAgree blind h
DriftDecodeErrorsHigh blind h
DriftDetectorsAgree host down
DriftPipelineStale host down
DriftMetricsRejected host h
DriftSustained cam0 h
DriftEvent cam0 h
DriftSustained cam1 h
END
am alert add DriftHostGone severity=warning job=node instance=down
# The alerts that somebody is to hear of.
active() {
	am alert query -o json | jq -r '.[] | select(.status.state == "active") |
	    [.labels.alertname, .labels.stream] | join(" ")' | sort
}
is 'what is the consequence of another is no news' "$(active)" \
    'DriftCameraBlind blind
DriftCameraSilent silent
DriftDecodeErrorsHigh blind
DriftDetectorsAgree agree
DriftEvent cam0
DriftHostGone 
DriftMetricsRejected host
DriftPipelineGone gone
DriftPipelineStale stale
DriftSustained cam0
DriftSustained cam1'

# The page's commands, as they stand there.
sed -n 's/^\.Dl amtool/am/p' "$top/man/driftpipe-alerts.7" |
    sed 's/(amtool/(am/' >silence
line() { eval "$(sed -n "$1p" silence)"; }
cameras() { active | grep -E 'cam[01]' | tr '\n' ','; }
ok 'the page silences one alert of a camera' line 1
is 'and no other, nor another camera' "$(cameras)" \
    'DriftEvent cam0,DriftSustained cam1,'
ok 'or all of a camera' line 2
is 'and no other' "$(cameras)" 'DriftSustained cam1,'
ok 'and ends that' line 3
is 'then it is heard again' "$(cameras)" \
    'DriftEvent cam0,DriftSustained cam0,DriftSustained cam1,'
done_testing
