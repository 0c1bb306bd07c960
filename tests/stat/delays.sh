#!/bin/sh
# Print which detector sees what, and how soon: the mean delay, in records,
# from a change of a normal stream to the first alarm. The table stands in
# driftpipe(7).
#
#	tests/stat/delays.sh [STREAMS]
#
# Each stream has a reference of 500 records, 500 more without change, and
# 3000 with it; an alarm that never comes counts as 3000. Every detector has
# its defaults, and --fap 0.05 --horizon 1000.
set -eu
streams=${1:-200}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
export LC_ALL=C
how="-f x --horizon 1000"

# Normal values, the changed ones scaled and shifted.
values() {
	awk -v seed="$1" -v shift="$2" -v scale="$3" 'BEGIN {
		srand(seed)
		for (i = 1; i <= 4000; i++) {
			u = 1 - rand()
			x = sqrt(-2 * log(u)) * cos(6.283185307179586 * rand())
			if (i > 1000)
				x = x * scale + shift
			printf "{\"x\":%.9f}\n", x
		}
	}'
}

# The delay of each detector on one stream.
delays() {
	# shellcheck disable=SC2086
	pht $how | iks $how | nmddm $how | awk 'BEGIN {
		n = split("pht iks nmddm", name)
	}
	NR > 1000 {
		for (i = 1; i <= n; i++)
			if (!(i in at) && index($0, "\"" name[i] \
			    "\":{\"alarm\":true"))
				at[i] = NR - 1000
	}
	END {
		for (i = 1; i <= n; i++)
			printf "%d ", i in at ? at[i] : 3000
		print ""
	}'
}

printf '%-24s %6s %6s %6s\n' change pht iks nmddm
while read -r shift scale name; do
	i=0
	while [ $i -lt "$streams" ]; do
		i=$((i + 1))
		values "$i" "$shift" "$scale" | delays
	done | awk -v name="$name" '
	    { for (i = 1; i <= 3; i++) sum[i] += $i }
	    END { printf "%-24s %6.0f %6.0f %6.0f\n", name, sum[1] / NR,
		sum[2] / NR, sum[3] / NR }'
done <<TABLE
0.25 1 mean +0.25 deviations
0.5 1 mean +0.5 deviations
1 1 mean +1 deviation
2 1 mean +2 deviations
0 1.5 deviation x 1.5
0 2 deviation x 2
0 0.5 deviation x 0.5
TABLE
