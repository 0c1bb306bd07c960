#!/bin/sh
# Print the share of streams without drift in which a detector raised an alarm,
# for --fap 0.05 and nothing else set, where records depend on those before
# them. The table is in driftpipe(7).
#
#	[TOOLS=...] scripts/experiments/dependence.sh \
#	    [STREAMS [REFERENCE [HORIZON [KIND...]]]]
#
# By default 300 streams of every kind, each with a reference of its own of 500
# records and 1000 more. warned: the share of references of which the detectors
# said that they can't support their dependence.
#
# Kinds are autoregressions of order 1 by their coefficient; two: of order 2,
# coefficients 0.5 and 0.3; average: each value and 0.8 times the one before;
# wave: an autoregression with 0.97 beneath independent noise of four times its
# variance; day: a period of 288 of amplitude 1 beneath noise of deviation 1,
# which context.sh has with --context.
set -eu
streams=${1:-300} n=${2:-500} horizon=${3:-1000}
if [ $# -gt 3 ]; then
	shift 3
else
	set -- 0 0.3 0.5 0.9 0.98 two average wave day
fi
tools=${TOOLS:-pht iks nmddm}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
export LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM

values() {
	awk -v kind="$1" -v streams="$streams" -v n=$((n + horizon)) '
	function normal() {
		return sqrt(-2 * log(1 - rand())) * cos(6.283185307179586 * rand())
	}
	BEGIN {
		srand(20261129)
		phi = kind == "two" ? 0.5 : kind == "wave" ? 0.97 : kind + 0
		next_phi = kind == "two" ? 0.3 : 0
		for (s = 1; s <= streams; s++) {
			phase = 288 * rand()
			for (t = x = y = before = 0; ++t <= n + 600;) {
				e = normal()
				value = phi * x + next_phi * y + e
				y = x
				x = value
				if (kind == "average")
					value = e + 0.8 * before
				else if (kind == "wave")
					value += 2 / sqrt(1 - phi * phi) * normal()
				else if (kind == "day")
					value += sin((t + phase) / 288 * 6.283185307179586)
				before = e
				if (t > 600)
					printf "{\"s\":%d,\"x\":%.9f}\n", s, value
			}
		}
	}'
}

share() {
	awk -v streams="$streams" '
	/"event":"drift"/ && match($0, /"s":[0-9]*/) {
		seen[substr($0, RSTART, RLENGTH)]
	}
	END { for (s in seen) sum++; printf " %6.3f", sum / streams }'
}

printf '%-8s %6s %7s' kind n horizon
# shellcheck disable=SC2086
printf ' %6s' $tools warned
echo
for kind; do
	values "$kind" >"$tmp/records"
	printf '%-8s %6d %7d' "$kind" "$n" "$horizon"
	for tool in $tools; do
		$tool -f x -g s --max-groups "$streams" --reference-size "$n" \
		    --horizon "$horizon" "$tmp/records" 2>"$tmp/said" | share
	done
	awk -v streams="$streams" '/more frequent than asked/ { k++ }
	    END { printf " %6.3f\n", k / streams }' "$tmp/said"
done
