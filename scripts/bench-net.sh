#!/bin/bash
# Networks, side by side with OpenCV's DNN module: in every round each runs
# once, one after the other, and medians over the rounds are shown. Beside
# them, how near the arithmetic comes to large matrix products, and what
# imgcls itself costs. scripts/bench.sh calls this.
#
#	ROUNDS=5 scripts/bench-net.sh
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/deps.sh bench
build=${BUILD:-build}
PATH=$PWD/$build/bin:$PATH
rounds=${ROUNDS:-5}
images=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Darknet's own, with random weights.
for name in darknet19 tiny; do
	tar -xOf build/darknet/source/*.orig.tar.* --wildcards \
	    "*/cfg/$name.cfg" >"$tmp/$name.cfg"
	"$build/tests/net/weights" "$tmp/$name.cfg" "$tmp/$name.weights"
done
cp data/fashion.cfg data/fashion.weights "$tmp"

for ((round = 0; round < rounds; round++)); do
	for threads in 1 2; do
		echo "peak $threads - $("$build/tests/net/speed" peak "$threads")"
		for name in darknet19 tiny fashion; do
			files="$tmp/$name.cfg $tmp/$name.weights"
			# The two files are two words.
			# shellcheck disable=SC2086
			{
				echo "$name $threads opencv $(/usr/bin/python3 \
				    scripts/bench-net.py $files 1 "$threads")"
				echo "$name $threads 1 $("$build/tests/net/speed" \
				    $files 1 "$threads")"
				[ "$name" != fashion ] ||
				    echo "$name $threads 32 $("$build/tests/net/speed" \
					$files 32 "$threads")"
			}
		done
	done
done >"$tmp/results"

awk -v rounds="$rounds" '
{
	key = $1 " " $2 " " $3
	if (!(key in n)) order[++kinds] = key
	value[key, n[key]++] = $4
	rate[key, n[key] - 1] = $6
}
function median(v, key,    i, j, x, s) {
	for (i = 0; i < n[key]; i++) s[i] = v[key, i]
	for (i = 1; i < n[key]; i++)
		for (j = i; j > 0 && s[j - 1] > s[j]; j--) {
			x = s[j]; s[j] = s[j - 1]; s[j - 1] = x
		}
	return s[int(n[key] / 2)]
}
END {
	printf "%-12s %7s %6s %10s %10s %8s %9s %8s\n",
	    "medians of " rounds, "threads", "batch", "OpenCV, ms", "ours, ms",
	    "ratio", "GFLOP/s", "of peak"
	for (i = 1; i <= kinds; i++) {
		split(order[i], k, " ")
		if (k[3] !~ /^[0-9]+$/)
			continue
		theirs = median(value, k[1] " " k[2] " opencv")
		ours = median(value, order[i])
		g = median(rate, order[i])
		printf "%-12s %7d %6d %10.3f %10.3f %8.2f %9.1f %7.0f%%\n",
		    k[1], k[2], k[3], theirs, ours, theirs / ours, g,
		    100 * g / median(value, "peak " k[2] " -")
	}
}' "$tmp/results"

echo
echo "imgcls with the shipped model, s and resident kB:"
model=(-m data/fashion.cfg -w data/fashion.weights)
gzip -dc "$images" >"$tmp/images"
imgdegrade -o "$tmp/one" --count 1 "$images"
ten=()
for ((i = 0; i < 10; i++)); do
	ten+=("$tmp/images")
done
# Only the figures are wanted, not the records.
# shellcheck disable=SC2069
cost() {
	/usr/bin/time -f "%e %M $1" imgcls "${model[@]}" "${@:2}" 2>&1 >/dev/null
}
cost '1 image' "$tmp"/one/*
cost '10000 images' "$tmp/images"
cost '100000 images' "${ten[@]}"
