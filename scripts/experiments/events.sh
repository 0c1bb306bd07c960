#!/bin/bash
# Print how many events one change raises with --after hold, and how long after
# its end the alarm ends: by the statistic alone, and as it is (ending.h). The
# tables are in driftpipe(7).
#
#	scripts/experiments/events.sh [STREAMS [RECORDS [IMAGES]]]
#
# First simulated changes: 300 streams of 10,000 records of each, which takes
# two minutes of processor time (tests/stat/events.c says what they are). Then
# 40 streams of as many images for each shift of driftpipe-benchmark(7) that is
# found in less than seven of ten, and for none, with a reference of 5,000
# images; 0 leaves these out. With 40 5000 4 all takes less than two minutes.
set -euo pipefail
streams=${1:-300} records=${2:-10000} images=${3:-40}
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
make -s "$build/tests/stat/events"
"$build/tests/stat/events" "$streams" "$records"
[ "$images" -gt 0 ] || exit 0

case $build in /*) ;; *) build=$PWD/$build ;; esac
PATH=$build/bin:$PATH
export LC_ALL=C
set=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

classified() { # OPTIONS OF IMGDEGRADE...
	imgdegrade -o "$tmp/frames" --list "$@" |
	    imgcls -q -c configs/fashion.yaml |
	    featstat -q -c configs/fashion.yaml |
	    jq -c 'select(.seq) | del(.image, .time, .top, .seq)'
	rm -r "$tmp/frames"
}

drawn() { # streams, with replacement, of a file's records
	awk -v n="$images" -v records="$records" '
	    { line[NR] = substr($0, 1, length($0) - 1) }
	    END {
		srand(20261130)
		for (s = 1; s <= n; s++)
			for (t = 0; t < records; t++)
				print line[1 + int(rand() * NR)] ",\"s\":" s "}"
	    }' "$1"
}

# The events of a stream: an alarm of any test, by the statistic alone, and by
# what the detector says.
events() {
	awk -v streams="$images" '
	!/"tests":/ { next }
	{
		match($0, /"s":[0-9]*/)
		s = substr($0, RSTART, RLENGTH)
		rest = substr($0, index($0, "\"tests\":["))
		new = old = 0
		for (f = 0; (i = index(rest, "\"stat\":")) > 0; f++) {
			rest = substr(rest, i + 7)
			x = rest + 0
			rest = substr(rest, index(rest, "\"limit\":") + 8)
			was[s, f] = x > rest + 0 || was[s, f] && x > .8 * rest
			old += was[s, f]
			rest = substr(rest, index(rest, "\"alarm\":") + 8)
			new += rest ~ /^true/
		}
		before += old && !on[s]
		after += new && !now[s]
		on[s] = old
		now[s] = new
	}
	END { printf " %7.2f %7.2f\n", before / streams, after / streams }'
}

classified --skip 55000 "$set/train-images-idx3-ubyte.gz" >"$tmp/all"
sed 's/,"act":{[^}]*}//' "$tmp/all" >"$tmp/short"
printf '\n%-20s %-20s %7s %7s\n' images detector events: is
for kind in none gamma flip translate defocus_blur zoom_blur spatter \
    hot_pixels shot_noise pixelate; do
	damage=(--constants cifar --corrupt "$kind:1")
	[ $kind != none ] || damage=()
	classified --skip 8000 "${damage[@]}" \
	    "$set/t10k-images-idx3-ubyte.gz" >"$tmp/damaged"
	drawn "$tmp/damaged" >"$tmp/streams"
	for tool in pht iks nmddm chi2 mewma; do
		of=(-f feat.mean -f feat.std --dependence none)
		[ $tool != chi2 ] || of=(-f class)
		[ $tool != mewma ] || of=(-f 'act.avgpool[*]' --lives 999)
		from=short
		[ $tool != mewma ] || from=all
		printf '%-20s %-20s' $kind $tool
		if [ $from = short ]; then
			sed 's/,"act":{[^}]*}//' "$tmp/streams"
		else
			cat "$tmp/streams"
		fi | $tool "${of[@]}" -q -g s --reference "$tmp/$from" | events
	done
done
