#!/bin/sh
# Measure the false-alarm guarantee over a grid of detectors, data, sizes of
# reference and window, and numbers of fields: the share of streams without
# drift that have an alarm within 1000 records, for --fap 0.05. The table is in
# driftpipe(7); 'make calibration' prints it.
#
#	CHECKED=25 tests/stat/calibration.sh [STREAMS]
#
# build/tests/stat/achieved measures. It links the modules of the tools, as starting
# these millions of times would take days; so first some of its streams go
# through the tools themselves, which have to find its limits, and an alarm
# where it did; CHECKED of each detector. Exits with 1 when they don't. With 0
# STREAMS that is all. Progress, with the interval of
# each share, is on standard error.
set -eu
streams=${1:-1000} checked=${CHECKED:-25}
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
PATH=$build/bin:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM

"$build/tests/stat/achieved" "$checked" "$tmp" >"$tmp/list"
n=0 alarms=0 differ=0
while read -r file limit alarm command; do
	status=0
	# The command is words, and its own options are the last.
	# shellcheck disable=SC2086
	$command -e -v "$file" >/dev/null 2>"$tmp/says" || status=$?
	if [ "$status" != "$alarm" ] ||
	    ! grep -q "limit ${limit}[ ,]" "$tmp/says"; then
		echo "not as '$command' has it: limit $limit, alarm $alarm" >&2
		cat "$tmp/says" >&2
		differ=$((differ + 1))
	fi
	n=$((n + 1)) alarms=$((alarms + alarm))
done <"$tmp/list"
echo "$n streams through the tools: $alarms with an alarm, $differ not as" \
    "the program has it" >&2
[ $n -gt 0 ] && [ $differ -eq 0 ] || exit 1
[ "$streams" -eq 0 ] || "$build/tests/stat/achieved" "$streams"
