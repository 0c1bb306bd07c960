#!/bin/bash
# Print the share of undrifted streams of images in which the whole pipeline of
# configs/fashion.yaml raises a false alarm, and each of its detectors, with its
# 95 % interval over the references.
#
#	scripts/experiments/pipeline.sh [REFERENCES [STREAMS [RECORDS]]]
#
# 20 references, each as large as the shipped one, and for each 20 streams of
# 10,000 images, unless told. A reference and a stream are drawn together, without
# replacement, from the 15,000 images that were not trained on: so both are of
# one population, as the guarantee has it. A stream drawn from what is left of a
# finite set is of another one, with a mean of its own.
set -euo pipefail
references=${1:-20} streams=${2:-20} records=${3:-10000}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
set=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
config=configs/fashion.yaml
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

{
	imgdegrade -o "$tmp/frames" --list --skip 55000 \
	    "$set/train-images-idx3-ubyte.gz"
	imgdegrade -o "$tmp/frames" --list --prefix t \
	    "$set/t10k-images-idx3-ubyte.gz"
} | imgcls -q -c $config | featstat -q -c $config |
    jq -c 'select(.seq) | del(.image, .time, .top)' >"$tmp/clean"
rm -r "$tmp/frames"

# Writes a reference of n records, and streams of records that are not in it.
draw() { # SEED REFERENCE
	awk -v seed="$1" -v to="$2" -v n="$n" -v streams="$streams" \
	    -v records="$records" '
	    function take(i,    j, t) { # of those from i on
		j = i + int(rand() * (NR - i + 1))
		t = line[j]
		line[j] = line[i]
		return line[i] = t
	    }
	    BEGIN { srand(seed) }
	    { line[NR] = substr($0, 1, length($0) - 1) }
	    END {
		for (i = 1; i <= n; i++)
			print take(i) "}" >to
		close(to)
		for (s = 1; s <= streams; s++)
			for (i = 1; i <= records; i++)
				print take(n + i) ",\"stream\":" s "}"
	    }' "$tmp/clean"
}

# The guarantee holds whatever the number of runs that a limit is of.
watch() { # REFERENCE
	set -- -q -c $config -g stream --horizon "$records" --reference "$1"
	mewma "$@" --lives 999 | sed 's/,"act":{[^}]*}//' | pht "$@" |
	    iks "$@" | nmddm "$@" | chi2 "$@"
}

n=$(wc -l <data/fashion-reference.ndjson)
for r in $(seq "$references"); do
	draw "$r" "$tmp/reference" >"$tmp/streams"
	watch "$tmp/reference" <"$tmp/streams" |
	    sed -n '/"event":"drift"/p' |
	    jq -r --arg r "$r" '.stream as $s |
		("mewma", "pht", "iks", "nmddm", "chi2") as $d |
		select(.[$d].event) | "\($r) \($s) \($d)"'
done | awk -v references="$references" -v streams="$streams" '
    function count(r, s, d) {
	if (!((r, s, d) in seen))
		of[d, r]++
	seen[r, s, d] = 1
    }
    { count($1, $2, $3); count($1, $2, "all together") }
    END {
	printf "%-14s %8s %6s %6s %9s %6s\n", "detector", "streams", "false",
	    "share", "+-", "worst"
	n = split("mewma,pht,iks,nmddm,chi2,all together", name, ",")
	for (i = 1; i <= n; i++) {
		sum = square = worst = 0
		for (r = 1; r <= references; r++) {
			x = of[name[i], r] / streams
			sum += x
			square += x * x
			worst = x > worst ? x : worst
		}
		mean = sum / references
		square = (square - sum * mean) / references
		spread = references > 1 ? sqrt(square / (references - 1)) : 0
		printf "%-14s %8d %6d %6.3f %9.3f %6.2f\n", name[i],
		    references * streams, sum * streams, mean, 1.96 * spread,
		    worst
	}
    }'
