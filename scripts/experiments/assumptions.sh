#!/bin/sh
# Print the false-alarm probability when the assumptions of the guarantee do not
# hold: the share of streams without drift in which a detector raised an alarm,
# for --fap 0.05. The table is in driftpipe(7).
#
#	scripts/experiments/assumptions.sh [STREAMS]
#
# Each stream has a reference of 500 records and 1000 more. Every detector has
# its defaults, and --fap 0.05 --horizon 1000 --dependence none. With 50 streams it
# takes 5 seconds of processor time.
set -eu
streams=${1:-1000}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
export LC_ALL=C
how="-f x --horizon 1000 --dependence none"

values() {
	awk -v seed="$1" -v kind="$2" 'BEGIN {
		srand(seed)
		for (i = -100; i <= 1500; i++) {
			u = 1 - rand()
			z = sqrt(-2 * log(u)) * cos(6.283185307179586 * rand())
			ar = 0.5 * ar + sqrt(0.75) * z
			x = z
			if (kind == "uniform")
				x = u
			else if (kind == "exponential")
				x = -log(u)
			else if (kind == "rounded")
				x = int(z + 1000.5) - 1000
			else if (kind == "correlated")
				x = ar
			if (i > 0)
				printf "{\"x\":%.9f}\n", x
		}
	}'
}

alarms() {
	# shellcheck disable=SC2086
	pht $how | iks $how | nmddm $how | awk '
	    /"pht":{"alarm":true/ { p = 1 }
	    /"iks":{"alarm":true/ { i = 1 }
	    /"nmddm":{"alarm":true/ { n = 1 }
	    END { print p + 0, i + 0, n + 0 }'
}

printf '%-16s %6s %6s %6s\n' values pht iks nmddm
for kind in normal uniform exponential rounded correlated; do
	i=0
	while [ $i -lt "$streams" ]; do
		i=$((i + 1))
		values "$i" $kind | alarms
	done | awk -v kind=$kind '
	    { for (i = 1; i <= 3; i++) sum[i] += $i }
	    END { printf "%-16s %6.3f %6.3f %6.3f\n", kind, sum[1] / NR,
		sum[2] / NR, sum[3] / NR }'
done
