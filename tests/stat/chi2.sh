#!/bin/sh
# Print what a record costs chi2, and what its promise about false alarms is
# worth: the share of streams without drift in which it alarms, where 0.05 was
# promised, for classes of several frequencies. chi2(1) shows the table.
#
#	tests/stat/chi2.sh [STREAMS]
set -eu
cd "$(dirname "$0")/../.."
make -s "${BUILD:-build}/tests/chi2_rates"
exec "${BUILD:-build}/tests/chi2_rates" "$@"
