#!/bin/sh
# Print what mewma does on the pooled outputs of the shipped model: the share of
# undrifted streams with an alarm, over references, and how soon it finds damage
# that the statistics of a layer don't show, with and without the record's other
# numbers in the vector, beside pht, iks and nmddm on these statistics. The
# tables are in mewma(1).
#
#	scripts/experiments/vectors.sh [REFERENCES [STREAMS [RECORDS]]]
#
# 20 references of 5,000 and of 2,000 images, unless told, and for each 100
# streams of 1,000, drawn from images that are neither in it nor were trained
# on. The damage begins with a stream and is detected by the first reference,
# in 20 streams of up to 3,000 records, all at --fap 0.05 in so many records as
# the streams have.
set -eu
references=${1:-20}
streams=${2:-100}
records=${3:-1000}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
set=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

classify() {
	imgcls -q -c configs/fashion.yaml --layer avgpool | featstat -q --keep |
	    jq -c 'select(.seq) | {feat: (.feat | {mean, std}), act, prob,
		entropy, pixels}'
}

# The last 5,000 training images were not trained on (scripts/train.sh).
imgdegrade -o "$tmp/frames" --list --skip 55000 \
    "$set/train-images-idx3-ubyte.gz" >"$tmp/list"
imgdegrade -o "$tmp/frames" --list --prefix t \
    "$set/t10k-images-idx3-ubyte.gz" >>"$tmp/list"
classify <"$tmp/list" >"$tmp/clean"

printf '%9s %7s %11s %11s %11s\n' reference records mean worst above
for n in 5000 2000; do
	r=0
	while [ "$r" -lt "$references" ]; do
		r=$((r + 1))
		set -- --clean "$tmp/clean" --reference "$tmp/reference" \
		    --reference-size "$n" --seed "$r" --length "$records"
		driftmix "$@" --streams 0
		driftmix "$@" --streams "$streams" |
		    mewma -q -g stream --horizon "$records" \
			--reference "$tmp/reference" |
		    driftscore --format tsv |
		    awk -F '\t' '$1 == "mewma" { print $4 }'
	done | awk -v n="$n" -v records="$records" '
	    { sum += $1; above += $1 > .12 }
	    $1 > worst { worst = $1 }
	    END { printf "%9d %7d %11.4f %11.3f %8d/%d\n", n, records,
		sum / NR, worst, above, NR }'
done

echo
set -- --clean "$tmp/clean" --reference "$tmp/reference" --seed 1
driftmix "$@" --streams 0
printf '%-30s %11s %11s %11s %11s %11s\n' damage mewma more pht iks nmddm
while read -r family share what; do
	imgdegrade -o "$tmp/damaged" --corrupt "$family" --seed 1 \
	    --list "$set/t10k-images-idx3-ubyte.gz" |
	    classify >"$tmp/drifted"
	how="-q -g stream --horizon 3000 --reference $tmp/reference"
	# shellcheck disable=SC2086
	driftmix "$@" --drift "$tmp/drifted" --share "$share" --streams 20 \
	    --length 3000 --at 0 | mewma $how | mewma -n more -f 'act[*]' \
	    -f feat.mean -f feat.std -f prob -f entropy -f pixels.brightness \
	    -f pixels.contrast -f pixels.sharpness $how | pht $how |
	    iks $how | nmddm $how | driftscore --format tsv |
	    awk -F '\t' -v what="$what" '
		{ found[$1] = sprintf("%.2f / %4d", $9, $12) }
		END { printf "%-30s %11s %11s %11s %11s %11s\n", what,
		    found["mewma"], found["more"], found["pht"],
		    found["iks"], found["nmddm"] }'
	rm -r "$tmp/damaged"
done <<ROWS
flip:1 1 mirrored
translate:1 1 shifted by a pixel
gaussian_noise:3 .05 heavy noise, 1 image in 20
dead_column:1 .1 dead column, 1 image in 10
gaussian_blur:1 .05 blur, 1 image in 20
hot_pixels:2 1 three hot pixels
ROWS
