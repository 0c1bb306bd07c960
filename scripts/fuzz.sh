#!/bin/sh
# Run every fuzz target for a while, from the committed corpus on.
#
#	SECONDS_EACH=5 scripts/fuzz.sh DIRECTORY TARGET...
#	RUNS=1000 scripts/fuzz.sh DIRECTORY TARGET...
#
# What is found new stays in DIRECTORY/corpus; an input that fails is left
# there, too, and named.
set -eu
# With RUNS the same inputs each time, so that a test fails for a reason.
length="-max_total_time=${SECONDS_EACH:-5}"
[ -z "${RUNS:-}" ] || length="-runs=$RUNS -seed=1"
cd "$(dirname "$0")/.."
dir=$1
shift
for target; do
	corpus=$dir/corpus/$target
	mkdir -p "$corpus"
	# shellcheck disable=SC2086 # the length is words
	# Messages of what is tested go nowhere; memory that they leave is lost.
	ASAN_OPTIONS=detect_leaks=0 "$dir/$target" $length \
	    -max_len=2048 -timeout=10 -rss_limit_mb=1024 -close_fd_mask=2 -print_final_stats=1 \
	    -verbosity=0 -artifact_prefix="$corpus/" \
	    "$corpus" "tests/fuzz/corpus/$target" >"$dir/$target.log" 2>&1 ||
	    { cat "$dir/$target.log"; echo "fuzz: $target: failed"; exit 1; }
	sed -n "s/^stat::number_of_executed_units: */fuzz: $target: inputs /p" "$dir/$target.log"
done
