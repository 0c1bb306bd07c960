#!/bin/bash
# Print what the limits of many groups cost, whose references are what dedup
# leaves of scenes: the sizes that there are, how many limits were simulated,
# and the processor time; and of the first 300 records of each. The figures are
# in driftpipe(7).
#
#	scripts/experiments/group-limits.sh [GROUPS]
#
# 6, unless told, with 1,800 frames each. TOOLS has others, as "pht -f x,iks -f x".
set -euo pipefail
groups=${1:-6}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

awk -v groups="$groups" 'BEGIN {
	srand(1)
	for (g = 1; g <= groups; g++)
		for (i = 0; i < 1800; i++) {
			if (i == 0 || rand() < .2) {
				x = rand()
				y = rand()
			}
			printf "{\"g\":%d,\"x\":%.9f,\"y\":%.9f}\n", g,
			    x + 1e-4 * rand(), y + 1e-4 * rand()
		}
}' >"$tmp/frames"
dedup -q -f x -f y -g g --distance .001 "$tmp/frames" |
    grep -v '"duplicate":true' >"$tmp/all"
awk 'match($0, /"g":[0-9]*/) && n[substr($0, RSTART, RLENGTH)]++ < 300' \
    "$tmp/all" >"$tmp/first"

printf '%-10s %-8s %6s %7s %12s\n' detector records sizes limits 'processor, s'
TIMEFORMAT='%U'
IFS=,
for tool in ${TOOLS:-pht -f x}; do
	for reference in all first; do
		sizes=$(grep -o '"g":[0-9]*' "$tmp/$reference" | sort | uniq -c |
		    awk '{ print $1 }' | sort -u | wc -l)
		spent=$({ time XDG_CACHE_HOME=$tmp/$reference.cache sh -c \
		    "$tool -v -g g --max-groups $groups --reference '$tmp/$reference' \
			</dev/null" 2>"$tmp/said"; } 2>&1)
		printf '%-10s %-8s %6d %7d %12s\n' "${tool%% *}" "$reference" \
		    "$sizes" "$(grep -c 'simulated runs' "$tmp/said")" "$spent"
	done
done
