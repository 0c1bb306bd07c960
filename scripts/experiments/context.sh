#!/bin/sh
# Print, for streams that follow day and night, the share of those without drift
# in which a detector with --context time:hour raised an alarm for --fap 0.05,
# with the range in which 95 % of such shares lie around the true one; and the
# records until a shift of one standard deviation was found, their mean and the
# share of streams in which it was. The tables are in driftpipe(7).
#
#	[TOOLS=...] [OPTIONS=...] scripts/experiments/context.sh \
#	    [STREAMS [DAYS [HORIZON [KIND...]]]]
#
# By default 300 streams of every kind, each with a reference of its own of 10
# days of 288 records, and 1000 more. A kind is an amplitude, of a sine beneath
# noise of deviation 1, and after a comma the coefficient of an autoregression
# of order 1 that the noise is. The shift comes 144 records after the reference,
# in units of the noise, and lasts 1000 records. images and an amplitude: the
# feat.mean of the shipped reference's images, as driftmix --amplitude has it,
# without a shift.
set -eu
streams=${1:-300} days=${2:-10} horizon=${3:-1000}
if [ $# -gt 3 ]; then
	shift 3
else
	set -- 0 0.5 1 2 1,0.5 1,0.9
fi
tools=${TOOLS:-pht iks nmddm mewma}
options=${OPTIONS---context time:hour}
n=$((288 * days))
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM

# values KIND LENGTH AT: a shift comes behind record AT.
values() {
	awk -v kind="$1" -v streams="$streams" -v n="$2" -v at="$3" '
	function normal() {
		return sqrt(-2 * log(1 - rand())) * cos(6.283185307179586 * rand())
	}
	BEGIN {
		srand(20261129)
		split(kind ",0", part, ",")
		phi = part[2] + 0
		for (s = 1; s <= streams; s++) {
			phase = int(288 * rand())
			x = normal()
			for (t = 1; t <= n; t++) {
				x = phi * x + sqrt(1 - phi * phi) * normal()
				sun = sin((t + phase) / 288 * 6.283185307179586)
				printf "{\"seq\":%d,\"s\":%d,\"time\":%d,\"x\":%.9f}\n",
				    t, s, 300 * (t + phase),
				    x + (t > at) + part[1] * sun
			}
		}
	}'
}

# shellcheck disable=SC2086
watch() {
	$1 -f x -g s --max-groups "$streams" --reference-size "$n" \
	    --horizon "$horizon" $options "$tmp/records" 2>"$tmp/said"
}

# Wilson's interval.
share() {
	awk -v n="$streams" '
	/"event":"drift"/ && match($0, /"s":[0-9]*/) {
		seen[substr($0, RSTART, RLENGTH)]
	}
	END {
		for (s in seen) k++
		z = 1.96; p = k / n; half = z * sqrt(p * (1 - p) / n + z * z / 4 / n / n)
		middle = p + z * z / 2 / n; by = 1 + z * z / n
		printf " %6.3f %.3f .. %.3f", p, (middle - half) / by,
		    (middle + half) / by
	}'
}

delay() {
	awk -v at="$1" -v last="$2" '
	function number(key) {
		match($0, "\"" key "\":[0-9]+")
		return substr($0, RSTART + length(key) + 3) + 0
	}
	/"event":"drift"/ {
		s = number("s"); t = number("seq")
		if (s in done)
			next
		done[s]
		if (t > at && t <= last) { found++; sum += t - at }
		else early++
	}
	{ all = number("s") }
	END {
		printf " %8.1f %6.3f\n", found ? sum / found : 0,
		    found / (all - early)
	}'
}

printf '%-8s %5s %7s %-7s %6s %14s %8s %6s\n' \
    kind n horizon tool false 'with 95 %' delay found
# The same of images; no record is shifted.
images() {
	driftmix -q --clean data/fashion-reference.ndjson --streams "$streams" \
	    --length "$2" --amplitude "${1#images}" |
	    jq -c '{seq, s: .stream, time: (3600 * .hour), x: .feat.mean}'
}

for kind; do
	for tool in $tools; do
		printf '%-8s %5d %7d %-7s' "$kind" "$n" "$horizon" "$tool"
		make=values
		case $kind in images*) make=images ;; esac
		$make "$kind" $((n + horizon)) $((n + horizon)) >"$tmp/records"
		watch "$tool" | share
		[ $make = values ] || { echo; continue; }
		values "$kind" $((n + 1144)) $((n + 144)) >"$tmp/records"
		watch "$tool" | delay $((n + 144)) $((n + 1144))
	done
done
