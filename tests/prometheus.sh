# A real Prometheus over a history, to be sourced: by tests and scripts.
#
#	prometheus_start HISTORY DIR	serve what scripts/history.sh wrote
#	prometheus_stop
#
# prometheus_start sets $prometheus to its address. It listens on loopback, on
# a free port, keeps its files in DIR, serves these as user/, and reads consoles
# from $top/configs. The last values count for an hour, so that a slow machine
# sees them too.

prometheus='' prometheus_pid=''

prometheus_start() {
	promtool tsdb create-blocks-from openmetrics -q "$1" "$2/tsdb" \
	    >/dev/null || return 1
	echo 'global: {scrape_interval: 1m}' >"$2/prometheus.yml"
	for _try in 1 2 3 4 5 6 7 8 9; do
		_port=$(awk -v s="$$$_try" 'BEGIN {
		    srand(s); print 20000 + int(rand() * 12000) }')
		prometheus --config.file="$2/prometheus.yml" \
		    --storage.tsdb.path="$2/tsdb" \
		    --web.listen-address="127.0.0.1:$_port" \
		    --web.console.templates="$top/configs/prometheus/consoles" \
		    --web.user-assets="$2" --query.lookback-delta=1h \
		    --web.console.libraries="$2" >"$2/log" 2>&1 &
		prometheus_pid=$!
		prometheus=http://127.0.0.1:$_port
		_wait=0
		while kill -0 $prometheus_pid 2>/dev/null &&
		    [ $((_wait += 1)) -lt 300 ]; do
			# Another's server on the same port is not ours.
			grep -q 'Server is ready' "$2/log" && return 0
			sleep 0.1
		done
		prometheus_stop
	done
	cat "$2/log" >&2
	return 1
}

prometheus_stop() {
	[ -n "$prometheus_pid" ] || return 0
	kill "$prometheus_pid" 2>/dev/null
	wait "$prometheus_pid"
	prometheus_pid=''
}
