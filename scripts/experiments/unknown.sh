#!/bin/sh
# Print the limits of pht --shift unknown --scores standard at --fap 0.05, by the
# size of the reference and the horizon. The table stands in pht(1). It takes half a
# minute of processor time.
#
#	scripts/experiments/unknown.sh
set -eu
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

limit() {
	awk -v n="$1" 'BEGIN {
		srand(1)
		for (i = 0; i < n; i++)
			printf "{\"x\":%.9f}\n", rand()
	}' >"$tmp/values"
	pht -v -f x --shift unknown --scores standard --horizon "$2" \
	    --reference "$tmp/values" </dev/null 2>&1 |
	    sed -n 's/^pht: limit \([^ ]*\) .*/\1/p'
}

printf '%9s %11s %12s\n' reference 'within 1000' 'within 10000'
for n in 500 2000 10000; do
	printf '%9d %11.0f %12.0f\n' $n "$(limit $n 1000)" "$(limit $n 10000)"
done
