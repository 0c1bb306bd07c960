#!/bin/sh
# Run every fuzz target for a while, from the committed corpus on, as many at
# once as there are processors, or JOBS.
#
#	[SEED=1] [JOBS=4] SECONDS_EACH=5 scripts/fuzz.sh DIRECTORY TARGET...
#	RUNS=1000 scripts/fuzz.sh DIRECTORY TARGET...
#
# What is found new stays in DIRECTORY/corpus; an input that fails is left
# there, too, and named.
set -eu
cd "$(dirname "$0")/.."
dir=$1
shift
if [ $# -gt 1 ]; then
	printf '%s\n' "$@" | xargs -n 1 -P "${JOBS:-$(nproc)}" scripts/fuzz.sh "$dir"
	exit
fi
corpus=$dir/corpus/$1
log=$dir/$1.log
mkdir -p "$corpus"
: >"$log"

# Messages of what is tested go nowhere.
fuzz() {
	ASAN_OPTIONS=detect_leaks=0 "$dir/$target" -max_len=2048 -timeout=60 \
	    -rss_limit_mb=1024 -close_fd_mask=2 -print_final_stats=1 \
	    -verbosity=0 -artifact_prefix="$corpus/" "$@" >>"$log" 2>&1
}

# Where a program would exit, a target goes on, and memory is lost each time.
# One that has run out of it begins anew, unless an input needs that much by
# itself.
goes_on() {
	input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
	case $input in
	"$corpus"/oom-*) fuzz "$input" && rm "$input" ;;
	*) return 1 ;;
	esac
}

# With RUNS the same inputs each time, so that a test fails for a reason; with
# SEED the same ones as far as the time allows.
target=$1
end=$(($(date +%s) + ${SECONDS_EACH:-5}))
while
	left=$((end - $(date +%s)))
	if [ -n "${RUNS:-}" ]; then
		set -- "-runs=$RUNS" -seed=1
	else
		set -- "-max_total_time=$((left > 0 ? left : 1))" \
		    "-seed=${SEED:-0}"
	fi
	! fuzz "$@" "$corpus" "tests/fuzz/corpus/$target"
do
	goes_on || { cat "$log"; echo "fuzz: $target: failed"; exit 1; }
done
awk -v t="$target" '/^stat::number_of_executed_units:/ { n += $2 }
    END { print "fuzz: " t ": inputs " n }' "$log"
