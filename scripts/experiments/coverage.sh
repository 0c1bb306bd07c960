#!/bin/bash
# How often accest's 90 % interval holds in undamaged windows, by how many
# records it has learnt from: over many choices of these records, as the records
# learnt from are themselves a sample.
#
#	MODEL=six IMAGES=400 PART=records scripts/experiments/accuracy.sh
#	scripts/experiments/coverage.sh build/accuracy-six-400-12345
#	SPLITS=20 LEARN=1000 scripts/experiments/coverage.sh DIR
#
# DIR has the records of accuracy.sh. Those of undamaged images, of both data
# sets, are put in random order SPLITS (100) times. LEARN (1000 2000 3000) of
# them are learnt from, and the rest are the stream, of windows of SIZE (500),
# one after the other. em and auto learn from the damaged records too, the others
# have no use for them. In the table, the windows, and for each method their
# share, the mean of the splits, with its 90 % interval.
set -euo pipefail
[ $# = 1 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
from=$(realpath "$1")
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
size=${SIZE:-500}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
damaged=()
for kind in gaussian_noise gaussian_blur contrast rotate; do
	damaged+=(--damaged "$from/$kind")
done

# For each whole window of the stream, whether each interval holds.
judge() {
	local line='cat' m
	for m in cbpe atc doc; do
		line+=" | accest -q -n $m -m $m --stride $size --learnt $tmp/alone"
	done
	for m in em auto; do
		line+=" | accest -q -n $m -m $m --stride $size --learnt $tmp/all"
	done
	eval "$line" <"$tmp/stream" | jq -c '[.wrong, (.cbpe, .atc, .doc, .em,
	    .auto | .low, .high)]' | tr -d '[]' | awk -F, -v n="$size" '
	{ wrong += $1 }
	NR % n == 0 {
		right = 1 - wrong / n
		for (i = 2; i < NF; i += 2)
			printf "%d ", (right >= $i - 1e-9 && \
			    right <= $(i + 1) + 1e-9)
		print ""
		wrong = 0
	}'
}

# The shares of a split, from those of its windows.
share() {
	awk '{ for (i = 1; i <= NF; i++) held[i] += $i }
	END {
		printf "%d", NR
		for (i = 1; i <= NF; i++)
			printf " %.9g", held[i] / NR
		print ""
	}'
}

summary() {
	awk -v learn="$1" '{
		windows += $1
		for (i = 2; i <= NF; i++) {
			sum[i] += $i
			square[i] += $i * $i
		}
	} END {
		printf "%6d %7d", learn, windows
		for (i = 2; i <= NF; i++) {
			mean = sum[i] / NR
			v = (square[i] / NR - mean * mean) / (NR > 1 ? NR - 1 : 1)
			half = 1.6449 * sqrt(v > 0 ? v : 0)
			printf "  %.2f (%.2f %.2f)", mean, mean - half, mean + half
		}
		print ""
	}'
}

printf '%6s %7s' learnt windows
printf '  %-16s' cbpe atc doc em auto
echo
for learn in ${LEARN:-1000 2000 3000}; do
	for ((split = 1; split <= ${SPLITS:-100}; split++)); do
		cat "$from/val" "$from/clean" | awk -v seed="$split" '
		BEGIN { srand(seed) } { print rand() "\t" $0 }' | sort -n |
		    cut -f 2 >"$tmp/shuffled"
		head -n "$learn" "$tmp/shuffled" >"$tmp/learnt"
		tail -n +"$((learn + 1))" "$tmp/shuffled" >"$tmp/stream"
		accest -q --learn --window "$size" -o "$tmp/alone" \
		    "$tmp/learnt" 2>"$tmp/err" || { cat "$tmp/err" >&2; exit 2; }
		accest -q --learn --window "$size" -o "$tmp/all" \
		    "${damaged[@]}" "$tmp/learnt"
		judge | share
	done | summary "$learn"
done
