#!/bin/bash
# Print what --arl0 1000 of pht achieves after a frozen reference: the average
# run length, and the share of streams with an alarm within 693 records, which
# is one half for a known mean. The table stands in pht(1).
#
#	scripts/experiments/arl0.sh [STREAMS]
#
# 1,000 streams, unless told, of 10,000 records after the reference; one without
# an alarm counts as that. With 50 it takes 10 seconds of processor time.
set -euo pipefail
streams=${1:-1000}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

awk 'BEGIN {
	srand(1)
	for (i = 0; i < 1000000; i++)
		printf "{\"x\":%.9f}\n", sqrt(-2 * log(1 - rand())) * \
		    cos(6.283185307179586 * rand())
}' >"$tmp/values"

# column FILE COLUMN: of the line of pht.
column() {
	awk -F '\t' -v c="$2" '$1 == "pht" { print $c }' "$1"
}

printf '%9s %9s %10s\n' reference average 'within 693'
for n in 50 100 500 2000; do
	driftmix --clean "$tmp/values" --seed "$n" --streams "$streams" \
	    --length $((n + 10000)) |
	    pht -q -f x -g stream --max-groups "$streams" --arl0 1000 \
		--grow 1 --reference-size "$n" |
	    tee >(driftscore --at "$n" --format tsv --cap 693 >"$tmp/within") |
	    driftscore --at "$n" --format tsv >"$tmp/all"
	# tee has ended; the other reader may need a moment more.
	while ! grep -q never "$tmp/within"; do sleep .1; done
	printf '%9d %9.0f %10.2f\n' "$n" "$(column "$tmp/all" 12)" \
	    "$(column "$tmp/within" 9)"
done
