#!/bin/sh
# Print what short references of pht do, frozen and growing: the limit for
# --fap 0.05, how soon shifts of 0.5, 1 and 2 deviations are found, at once after
# the reference and 500 records later, and the share of undrifted streams of
# 10,000 records with an alarm, with its interval of 95 %. The table in pht(1)
# is of it; with 400 streams it takes five minutes of processor time.
#
#	scripts/experiments/short.sh [STREAMS]
#
# With dependence there are more cells in scripts/experiments/dependence.sh:
#
#	TOOLS=pht scripts/experiments/dependence.sh 100,1000,0.5 100,10000,0.5
set -eu
cd "$(dirname "$0")/../.."
make -s "${BUILD:-build}/tests/stat/short"
exec "${BUILD:-build}/tests/stat/short" "$@"
