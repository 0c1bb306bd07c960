#!/bin/sh
# How often the p-values that driftreport has of the counts of a field are below
# .05 and .01 in undrifted streams of independent records: the mean of the
# references, and its 95 % interval, by the spread between them. The figures are
# in driftreport(1).
#
#	scripts/experiments/summary-p.sh [REFERENCES [STREAMS]]
#
# 100 references, and for each 100 streams, unless told; of normal values, and
# of values that take 17 different ones. glr is twice the likelihood ratio.
set -eu
references=${1:-100} streams=${2:-100}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

records() { # N STREAMS SEED
	awk -v n="$1" -v streams="$2" -v seed="$3" 'BEGIN {
	srand(seed)
	pi = atan2(0, -1)
	for (s = 1; s <= streams; s++)
		for (i = 0; i < n; i++) {
			u = 1 - rand()
			printf "{\"s\":\"%d\",\"normal\":%.9f,\"tied\":%d}\n", s,
			    sqrt(-2 * log(u)) * cos(2 * pi * rand()),
			    17 * rand() * rand()
		}
	}'
}

# The 5 and 1 % points of the chi-square distribution with 1 to 9 degrees.
cat >"$tmp/judge.awk" <<'AWK'
BEGIN {
	split("3.841 5.991 7.815 9.488 11.070 12.592 14.067 15.507 16.919", five)
	split("6.635 9.210 11.345 13.277 15.086 16.812 18.475 20.090 21.666", one)
}
{
	hit[$1, "chi2 .05"] += $3 < .05
	hit[$1, "chi2 .01"] += $3 < .01
	hit[$1, "glr .05"] += 2 * $4 > five[$2]
	hit[$1, "glr .01"] += 2 * $4 > one[$2]
	n[$1]++
}
END {
	for (k in hit) {
		split(k, part, SUBSEP)
		print part[1] " " part[2], hit[k] / n[part[1]]
	}
}
AWK
printf 'reference now field test level share interval\n'
for n in 200 500 2000; do
	for m in 200 1440; do
		for k in $(seq "$references"); do
			records $n 1 $((k * 2 + n * 1000)) >"$tmp/reference"
			records $m "$streams" $((k * 2 + 1 + n * 1000 + m)) |
			    driftreport --reference "$tmp/reference" -g s \
				--max-groups "$streams" --format json |
			    jq -r '.streams[].fields[] |
				[.field, .df, .p, .glr] | @tsv' |
			    awk -f "$tmp/judge.awk"
		done | awk -v n=$n -v m=$m '
		{ k = $1 " " $2 " " $3; c[k]++; s[k] += $4; q[k] += $4 * $4 }
		END {
			for (k in c) {
				mean = s[k] / c[k]
				sd = sqrt((q[k] - c[k] * mean * mean) / (c[k] - 1))
				printf "%d %d %s %.4f +- %.4f\n", n, m, k, mean,
				    1.96 * sd / sqrt(c[k])
			}
		}' | sort
	done
done
