#!/bin/sh
# A short storm over a log (storm.pl); 'make storm' is a long one.
. "$(dirname "$0")/lib.sh"

cd "$tmp" || exit 1
exec perl "$top/tests/storm.pl" "${STORM:-80}" "${SEED:-11}"
