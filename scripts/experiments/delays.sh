#!/bin/sh
# Print which detector sees what, and how soon: the mean delay, in records,
# from a change of a normal stream to the first alarm, at equal probability of
# false alarms. The table stands in driftpipe(7); it takes half a minute.
#
#	scripts/experiments/delays.sh [STREAMS]
set -eu
cd "$(dirname "$0")/../.."
make -s "${BUILD:-build}/tests/stat/delays"
exec "${BUILD:-build}/tests/stat/delays" "$@"
