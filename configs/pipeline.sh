#!/bin/bash
# The pipeline of one camera, for systemd, cron and containers:
# driftpipe-deploy(7).
#
#	pipeline.sh NAME		what lies in the spool, once
#	pipeline.sh NAME every SECONDS	the same again and again
#	pipeline.sh NAME watch		each image when it comes, without an end
#
# It reads images from SPOOL/NAME, options from CONFIG/NAME.yaml, writes
# METRICS/drift-NAME.prom, and moves what it has read to STATE/NAME/seen. An
# image is moved only after metrics that count it were written; so what breaks
# off is read again, and nothing is lost. The names of these directories may be
# set in the environment, and INTERVAL, the seconds between two writings of
# 'watch'.
set -uo pipefail

name=${1:?a name is missing}
config=${CONFIG:-/etc/driftpipe}/$name.yaml
spool=${SPOOL:-/var/spool/driftpipe}/$name
state=${STATE:-/var/lib/driftpipe}/$name
metrics=${METRICS:-/var/lib/prometheus/node-exporter}/drift-$name.prom

detectors() {
	featstat -c "$config" | pht -c "$config" | iks -c "$config" |
	    nmddm -c "$config" | chi2 -c "$config"
}

# An image that can't be read is a record and a metric, and makes imgcls exit
# with 2. Whether the stream is whole is what promtext knows, by the trailer.
batch() {
	find "$spool" -maxdepth 1 -type f ! -name '.*' -print0 |
	    sort -z >"$state/list"
	[ -s "$state/list" ] || return 0
	imgcls -c "$config" --trailer -0 <"$state/list" | detectors |
	    promtext -c "$config" --stream "$name" --trailer -o "$metrics"
	[ "${PIPESTATUS[2]}" -eq 0 ] || return 2
	xargs -0 -a "$state/list" mv --backup=numbered -t "$state/seen"
}

mkdir -p "$state/seen" && exec 9>"$state/lock" || exit 2
flock -n 9 || exit 0
case ${2:-once} in
once) batch ;;
every)
	trap 'exit 0' INT TERM
	while :; do
		batch
		sleep "${3:?how many seconds?}" &
		wait $!
	done
	;;
watch)
	imgcls -c "$config" --watch "$spool" | detectors |
	    promtext -c "$config" --stream "$name" \
		--interval "${INTERVAL:-60}" -o "$metrics" &
	# The first of the pipeline ends it, and the others see its end.
	trap 'kill "$(jobs -p)"' INT TERM
	wait $!
	status=$?
	while kill -0 $! 2>/dev/null; do
		wait $!
		status=$?
	done
	exit $status
	;;
*)
	echo "pipeline.sh: neither 'every' nor 'watch': '$2'" >&2
	exit 2
	;;
esac
