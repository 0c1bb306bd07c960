#!/bin/sh
# Print how often the published form of nmddm, with its own limit, alarms within
# 3,000 records without drift. nmddm(1) says that it nearly always does.
#
#	scripts/experiments/paper.sh [STREAMS]
#
# 200 streams, unless told: some seconds.
set -eu
streams=${1:-200}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

awk 'BEGIN {
	srand(1)
	for (i = 0; i < 100000; i++)
		printf "{\"x\":%.9f}\n", sqrt(-2 * log(1 - rand())) * \
		    cos(6.283185307179586 * rand())
}' >"$tmp/values"
driftmix --clean "$tmp/values" --streams "$streams" --length 3000 |
    nmddm -q -f x -g stream --mode paper | driftscore
