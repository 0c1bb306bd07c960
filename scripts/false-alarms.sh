#!/bin/sh
# False alarms: runs each detector on streams without drift and counts those
# with an event. The guarantee is that at most one in twenty has one.
#
#	scripts/false-alarms.sh [STREAMS [RECORDS [SEED [LIVES]]]]
#
# By default 400 streams of 1,000 records after a reference of 500. Exits
# with 1 when a share lies outside the 95 % binomial interval around 0.05, or,
# where the test is cautious, above it: the distance of iks takes few values,
# fewer still on ties, and several fields share one guarantee.
#
# The interval covers the sampling error of the streams alone. A limit that is
# from 2,000 simulated runs (LIVES; by default the detectors choose) has itself a
# probability of 0.05 +- 0.005, which 400 streams don't show, but many thousands
# do.
set -eu
PATH=${BUILD:-build}/bin:$PATH
streams=${1:-400} records=${2:-1000} seed=${3:-1} reference=500 fap=0.05
lives=${4:+--lives $4}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM

# One long sequence of Wichmann and Hill's generator (AS 183), the same in
# every awk, cut into streams; normals by Box and Muller.
awk -v streams="$streams" -v n=$((reference + records)) -v seed="$seed" \
    -v dir="$tmp" '
function uniform(  u) {
	x = x * 171 % 30269
	y = y * 172 % 30307
	z = z * 170 % 30323
	u = x / 30269 + y / 30307 + z / 30323
	return u - int(u)
}
function pair(  r, phi) {
	r = sqrt(-2 * log(1 - uniform()))
	phi = 6.283185307179586 * uniform()
	one = r * cos(phi)
	two = r * sin(phi)
}
function byte(v) {
	v = int(v)
	return v < 0 ? 0 : v > 255 ? 255 : v
}
BEGIN {
	x = 1 + seed * 7919 % 30268
	y = 1 + seed * 104729 % 30306
	z = 1 + seed * 1299709 % 30322
	for (s = 1; s <= streams; s++) {
		file = dir "/" s
		for (i = 0; i < n; i++) {
			pair()
			printf "{\"normal\":%.12g,\"other\":%.12g,", one,
			    two >file
			pair()
			printf "\"lognormal\":%.12g,\"byte\":%d}\n", exp(one),
			    byte(128 + 32 * two) >file
		}
		close(file)
	}
}'

# with_event DETECTOR OPTION...: in how many streams it raises an event.
with_event() {
	found=0
	for file in "$tmp"/[0-9]*; do
		status=0
		# shellcheck disable=SC2086 # an option and its value
		"$@" -e --fap $fap --horizon "$records" $lives \
		    --reference-size $reference "$file" >"$tmp/out" || status=$?
		[ $status -le 1 ] || exit 2
		found=$((found + status))
	done
}

# row DISTRIBUTION exact|cautious DETECTOR OPTION...
row() {
	name=$1 kind=$2
	shift 2
	with_event "$@"
	awk -v detector="$1" -v name="$name" -v kind="$kind" -v k="$found" \
	    -v n="$streams" -v q=$fap '
	BEGIN {
		p = exp(n * log(1 - q))
		low = -1
		for (i = 0; i <= n; i++) {
			sum += p
			if (low < 0 && sum > .025)
				low = i
			if (sum >= .975)
				break
			p *= (n - i) / (i + 1) * q / (1 - q)
		}
		good = k <= i && (k >= low || kind == "cautious")
		verdict = k >= low ? "inside" : "below"
		if (k > i)
			verdict = "above"
		printf "%-8s  %-10s  %6d of %d  %.4f  %.4f .. %.4f  %s\n",
		    detector, name, k, n, k / n, low / n, i / n, verdict
		exit !good
	}' || outside=1
}

outside=0
echo "detector  data        with event     share   95 % interval"
row normal exact pht -f normal
row 'two fields' cautious pht -f normal -f other
for field in normal lognormal byte; do
	row $field cautious iks -f $field
	row $field exact nmddm -f $field
done
row 'two fields' cautious iks -f normal -f other
row 'two fields' cautious nmddm -f normal -f other
exit $outside
