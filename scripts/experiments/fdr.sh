#!/bin/sh
# Print how many of the streams that driftfdr shows are false, and how much
# sooner it shows the others than a limit for each stream does, of fleets of
# 10,000 in which 100 drift, over 40 references. The table is in driftfdr(1); it
# takes four minutes of processor time.
#
#	scripts/experiments/fdr.sh [STREAMS [REFERENCES [LIVES]]]
set -eu
cd "$(dirname "$0")/../.."
make -s "${BUILD:-build}/tests/stat/fdr"
exec "${BUILD:-build}/tests/stat/fdr" "$@"
