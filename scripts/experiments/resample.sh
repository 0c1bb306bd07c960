#!/bin/sh
# Print how often there is an alarm in undrifted streams at --fap 0.05, when the
# limit is by --calibrate resample, by the block and the autocorrelation of the
# stream; and in chi2, of the fifth of all values that a value is in, with the
# limit for independent classes as well (law). The table stands in driftpipe(7).
#
#	scripts/experiments/resample.sh [STREAMS]
#
# 150 streams, unless told; each has a reference of 500 records, 1,000 more, and
# limits of its own from 399 simulated runs.
set -eu
streams=${1:-150}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
XDG_CACHE_HOME=$tmp
export XDG_CACHE_HOME

awk 'BEGIN {
	srand(1)
	for (i = 0; i < 1000000; i++) {
		x = sqrt(-2 * log(1 - rand())) * cos(6.283185307179586 * rand())
		printf "{\"x\":%.9f,\"fifth\":%d}\n", x, \
		    (x > -.8416) + (x > -.2533) + (x > .2533) + (x > .8416)
	}
}' >"$tmp/values"

printf '%-15s %5s %6s %6s %6s %6s %6s\n' autocorrelation block pht iks nmddm \
    chi2 law
for row in '0 23' '0 1' '.5 11' '.5 23' '.5 50'; do
	ar=${row% *} block=${row#* }
	all="-q -g stream --horizon 1000"
	how="$all --calibrate resample --block $block --lives 399"
	# The options are words.
	# shellcheck disable=SC2086
	driftmix --clean "$tmp/values" --order x --ar "$ar" \
	    --streams "$streams" --length 1500 |
	    pht $how -f x | iks $how -f x | nmddm $how -f x |
	    chi2 $how -f fifth | chi2 $all -n law -f fifth |
	    driftscore --format tsv |
	    awk -F '\t' -v ar="$ar" -v block="$block" '{ share[$1] = $4 }
		END { printf "%-15s %5d %6.3f %6.3f %6.3f %6.3f %6.3f\n", ar,
		    block, share["pht"], share["iks"], share["nmddm"],
		    share["chi2"], share["law"] }'
done
