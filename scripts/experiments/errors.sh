#!/bin/sh
# Print how often pht raises a false alarm on errors, values of 0 and 1, within
# 1,000 records at --fap 0.05, by the error rate; and chi2 beside it. The
# numbers stand in chi2(1).
#
#	scripts/experiments/errors.sh [STREAMS]
#
# 1,000 streams, unless told, each after a reference of its own of 500. With 50 it
# takes 8 seconds of processor time.
set -eu
streams=${1:-1000}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

printf '%10s %6s %6s\n' 'error rate' pht chi2
for rate in .5 .1 .02; do
	awk -v rate=$rate 'BEGIN {
		srand(1)
		for (i = 0; i < 1000000; i++)
			printf "{\"wrong\":%d}\n", rand() < rate
	}' >"$tmp/values"
	driftmix --clean "$tmp/values" --streams "$streams" --length 1500 |
	    pht -q -f wrong -g stream --horizon 1000 |
	    chi2 -q -f wrong -g stream --horizon 1000 |
	    driftscore --format tsv |
	    awk -F '\t' -v rate=$rate '{ share[$1] = $4 }
		END { printf "%10s %6.2f %6.2f\n", rate, share["pht"],
		    share["chi2"] }'
done
