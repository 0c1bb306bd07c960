#!/bin/bash
# Write a history of metrics, as if Prometheus had scraped it all the time: real
# images through the real pipeline, and promtext over what had come by each
# scrape. Only the clock is not real.
#
#	scripts/history.sh [-n IMAGES] [-h HOURS] [-s STEP] NAME=WHAT... >FILE
#
# The history ends now. What happens to the stream NAME is one of
#
#	fine       nothing
#	drift      the camera goes out of focus at two thirds of the time
#	repaired   the same from a quarter to a half of it
#	classes    nothing but shoes and bags from a half to three quarters
#	broken     every eighth file is cut short from a half on
#	dead       no image comes from three quarters on, and the pipeline runs
#	gone       the pipeline stops at nine tenths
#
# IMAGES (2000) come in each stream; STEP (60) are the seconds between scrapes.
# The output is OpenMetrics, for
# 'promtool tsdb create-blocks-from openmetrics FILE DIR'.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
PATH=${BUILD:-$root/build}/bin:$PATH
set=/usr/share/datasets/fashion-mnist
images=2000 hours=6 step=60

while getopts n:h:s: option; do
	case $option in
	n) images=$OPTARG ;;
	h) hours=$OPTARG ;;
	s) step=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { echo 'history.sh: name a stream, as in cam0=fine' >&2; exit 2; }
for stream; do
	case $stream in
	?*=fine | ?*=drift | ?*=repaired | ?*=classes) ;;
	?*=broken | ?*=dead | ?*=gone) ;;
	*) echo "history.sh: not NAME=WHAT: '$stream'" >&2; exit 2 ;;
	esac
done

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
end=$(date +%s)
begin=$((end - hours * 3600))

# degraded DIR OPTION...
degraded() {
	imgdegrade -o "$tmp/$1" --count "$count" \
	    --labels "$set/t10k-labels-idx1-ubyte.gz" "${@:2}" \
	    "$set/t10k-images-idx3-ubyte.gz"
}

# What accuracy is estimated by, out of images that were not trained on.
learn() {
	local kind
	for kind in '' '--blur 0.8' '--blur 1.6' '--noise 30' '--noise 90'; do
		# shellcheck disable=SC2086
		imgdegrade -o "$tmp/learn" --skip 55000 --count 400 $kind \
		    --labels "$set/train-labels-idx1-ubyte.gz" \
		    "$set/train-images-idx3-ubyte.gz" |
		    imgcls -q -c "$root/configs/fashion.yaml" --no-act \
			--probs >"$tmp/labelled${kind// /}"
	done
	cat "$tmp"/labelled--blur* >"$tmp/blurred"
	cat "$tmp"/labelled--noise* >"$tmp/noisy"
	accest -q --learn --window 100 -o "$tmp/learnt" \
	    --damaged "$tmp/blurred" --damaged "$tmp/noisy" "$tmp/labelled"
}

# The images of a stream, each a record with its time.
camera() { # WHAT FIRST
	jq -cn --slurpfile truth "$tmp/truth" --arg dir "$tmp" --arg what "$1" \
	    --argjson first "$2" --argjson n "$images" \
	    --argjson from "$begin" --argjson to "$end" '
	def file(kind; k): ("00000\(k)"[-6:]) as $k | "\($dir)/\(kind)/\($k).png";
	[$truth | to_entries[] | select(.value.truth | IN(5, 7, 8, 9)).key]
	    as $leather |
	range($n) | . as $i | ($i / $n) as $at |
	(($first + $i) % ($truth | length)) as $k |
	select($what != "gone" or $at < 0.9) |
	select($what != "dead" or $at < 0.75) | {
		time: ($from + ($i + 1) * ($to - $from) / $n),
		image: (
			if $what == "drift" and $at >= 2 / 3 or
			    $what == "repaired" and $at >= 0.25 and $at < 0.5
			then file("bad"; $k)
			elif $what == "classes" and $at >= 0.5 and $at < 0.75
			then file("good"; $leather[$k % ($leather | length)])
			elif $what == "broken" and $at >= 0.5 and $i % 8 == 0
			then "\($dir)/cut.png"
			else file("good"; $k)
			end)
	}'
}

pipeline() {
	cd "$root"
	# Status 2 is that of images that can't be read, too.
	{ imgcls -q -c configs/fashion.yaml --probs || [ $? -eq 2 ]; } |
	    featstat -c configs/fashion.yaml | mewma -c configs/fashion.yaml |
	    accest -q --learnt "$tmp/learnt" |
	    sed 's/,"act":{[^}]*}//; s/,"probs":\[[^]]*\]//' |
	    pht -c configs/fashion.yaml | iks -c configs/fashion.yaml |
	    nmddm -c configs/fashion.yaml | chi2 -c configs/fashion.yaml
}

# What Prometheus would have stored of a stream.
scrapes() { # NAME RECORDS WHAT
	records=$(grep -c '"seq"' "$2")
	for ((t = begin; t <= end; t += step)); do
		n=$(((t - begin) * images / (end - begin)))
		run=$t
		if [ "$n" -gt "$records" ]; then
			n=$records
			[ "$3" = dead ] ||
			    run=$((begin + (end - begin) * records / images))
		fi
		head -n "$n" "$2" |
		    promtext --stream "$1" --model-name fashion \
			--model-version 1 -w "$root/data/fashion.weights" \
			-l "$root/data/fashion.names" \
			--reference "$root/data/fashion-reference.ndjson" |
		    awk -v t="$t" -v run="$run" '
			/^#/ { next }
			/^promtext_last_success_timestamp_seconds/ { sub(/[^ ]+$/, run) }
			{ sub(/[{]/, "{job=\"node\",instance=\"edge-1:9100\",") }
			{ print $0, t }'
	done
}

count=$(($# * images > 10000 ? 10000 : $# * images))
degraded good >"$tmp/truth"
degraded bad --blur 0.6 --contrast 0.8 --noise 10 --seed 1 >/dev/null
head -c 200 "$tmp/good/000000.png" >"$tmp/cut.png"
learn

first=0
for stream; do
	camera "${stream##*=}" $first | pipeline >"$tmp/records"
	scrapes "${stream%=*}" "$tmp/records" "${stream##*=}"
	first=$((first + images))
done
for ((t = begin; t <= end; t += step)); do
	echo "up{job=\"node\",instance=\"edge-1:9100\"} 1 $t"
	echo "node_textfile_scrape_error{job=\"node\",instance=\"edge-1:9100\"} 0 $t"
done
echo '# EOF'
