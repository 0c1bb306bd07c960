#!/bin/sh
# Print how pht's forms keep their guarantee on real features, by ranks, which is
# their default, and by deviations: the share of undrifted streams with an alarm.
# The table is in pht(1).
#
#	scripts/experiments/scores.sh [REFERENCES [STREAMS]]
#
# 10 references of 500 images, unless told, and for each 30 streams
# of 1,000, drawn from images that are neither in it nor were trained on, at
# --fap 0.05 --horizon 1000.
set -eu
references=${1:-10}
streams=${2:-30}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
set=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

classify() {
	imgcls -q -c configs/fashion.yaml | featstat -q |
	    jq -c 'select(.seq) | {feat: (.feat | {mean, std}), prob, entropy,
		pixels: (.pixels | {brightness, contrast, sharpness})}'
}

# The last 5,000 training images were not trained on (scripts/train.sh).
imgdegrade -o "$tmp/frames" --list --skip 55000 \
    "$set/train-images-idx3-ubyte.gz" >"$tmp/list"
imgdegrade -o "$tmp/frames" --list --prefix t \
    "$set/t10k-images-idx3-ubyte.gz" >>"$tmp/list"
classify <"$tmp/list" >"$tmp/clean"
rm -r "$tmp/frames"

mix() { # SIZE SEED OPTION...
	n=$1 seed=$2
	shift 2
	driftmix --clean "$tmp/clean" --reference "$tmp/ref-$n-$seed" \
	    --reference-size "$n" --seed "$seed" --length 1000 "$@"
}

# The forms, over the fields, as one pipeline.
detect() { # REFERENCE FIELD...
	how="-q -g stream --horizon 1000 --reference $1"
	shift
	for field; do
		how="$how -f $field"
	done
	# The options are words.
	# shellcheck disable=SC2086
	pht -n mean $how | pht -n both --change both $how |
	    pht -n spread --change spread $how |
	    pht -n unknown --shift unknown $how |
	    pht -n both-standard --scores standard --change both $how |
	    pht -n spread-standard --scores standard --change spread $how |
	    pht -n unknown-standard --scores standard --shift unknown $how |
	    driftscore --format tsv
}

forms='mean both spread unknown both-standard spread-standard unknown-standard'
printf '%-9s %-10s' reference fields
# shellcheck disable=SC2086
printf ' %16s' $forms
echo
n=500
for fields in 'feat.mean feat.std' 'prob entropy' \
    'pixels.brightness pixels.contrast pixels.sharpness'; do
	r=0
	while [ "$r" -lt "$references" ]; do
		r=$((r + 1))
		mix "$n" "$r" --streams 0
		# shellcheck disable=SC2086
		mix "$n" "$r" --streams "$streams" |
		    detect "$tmp/ref-$n-$r" $fields
	done | awk -F '\t' -v n="$n" -v fields="$fields" -v forms="$forms" '
	    { streams[$1] += $2; false[$1] += $3 }
	    END {
		split(fields, f, "[ .]")
		printf "%9d %-10s", n, f[1]
		for (i = 1; i <= split(forms, name, "[ \n\t]+"); i++)
			printf " %16.3f", false[name[i]] / streams[name[i]]
		print ""
	    }'
done
