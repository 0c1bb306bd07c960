#!/bin/bash
# Look at the console template: six hours of seven cameras in a real Prometheus,
# seen by a headless Chromium, light and dark, wide and narrow; then a fleet in
# which all is well, and one of 200.
#
#	[HISTORY=FILE] scripts/screenshot.sh [DIR [NAME]]
#
# DIR is build/screenshots unless told; NAME is that of one picture alone, as
# stream-dark-phone. HISTORY is one that scripts/history.sh has written of these
# streams. The first picture, in fewer colours, is the one in README.md:
# configs/prometheus/consoles/driftpipe.png.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/build/prometheus:$PATH
out=${1:-build/screenshots} only=${2:-}
top=$PWD
# shellcheck source=tests/prometheus.sh
. tests/prometheus.sh

tmp=$(mktemp -d)
trap 'prometheus_stop; rm -rf "$tmp"' EXIT
mkdir -p "$out"

if [ -n "${HISTORY:-}" ]; then
	cp "$HISTORY" "$tmp/history"
else
	scripts/history.sh north=drift south=fine gate=repaired yard=broken \
	    dock=classes pier=dead roof=gone >"$tmp/history"
fi

shot() { # NAME SCHEME WIDTH HEIGHT QUERY
	[ -z "$only" ] || [ "$only" = "$1" ] || return 0
	chromium --headless --no-sandbox --disable-gpu --disable-quic \
	    --no-first-run --disable-background-networking \
	    --disable-component-update --disable-sync --hide-scrollbars \
	    --user-data-dir="$tmp/chromium" --virtual-time-budget=8000 \
	    --blink-settings=preferredColorScheme="$2" \
	    --window-size="$3,$4" --screenshot="$out/$1.png" \
	    "$prometheus/consoles/driftpipe.html$5" 2>"$tmp/chromium.log" ||
	    { cat "$tmp/chromium.log" >&2; exit 1; }
	echo "$out/$1.png"
}

shots() { # NAME QUERY HEIGHT HEIGHT: wide, and on a phone
	for scheme in light=1 dark=0; do
		name=$1-${scheme%=*}
		shot "$name" "${scheme#*=}" 1180 "$3" "$2"
		shot "$name-phone" "${scheme#*=}" 390 "$4" "$2"
	done
}
# fleet NAME: what stands in that history, and is looked at by the rest
fleet() {
	mkdir "$tmp/$1"
	prometheus_start "$tmp/$1.history" "$tmp/$1"
}

mv "$tmp/history" "$tmp/all.history"
fleet all
shots stream '?stream=north' 1280 2900
shots fleet '' 900 1100
shots dead '?stream=pier' 1280 2900
shots unread '?stream=yard' 1280 2900
prometheus_stop

sed -n '/^up/p; /^node/p; /^# EOF/p
    /stream="south"/ { p; s//stream="east"/p; s/stream="east"/stream="west"/p; }' \
    "$tmp/all.history" >"$tmp/well.history"
fleet well
shots well '' 500 500
shots well-stream '?stream=south' 1280 2900
prometheus_stop

# Every twentieth of 200 is one of the others; an hour of them. All have an
# e-value, and those in drift are in the list.
awk -v from="$(($(tail -n 2 "$tmp/all.history" | awk 'NF == 3 { print $3 }') - 3600))" '
    function evalue(i, stat) {
	    cam = sprintf("job=\"node\",instance=\"edge-1:9100\",stream=\"cam%03d\"", i)
	    printf "drift_statistic{%s,feature=\"prob\",detector=\"edet\"} %.3f %s\n", cam, stat, $NF
	    if (stat > 3)
		    printf "stream:drift_evalue:listed{%s} %g %s\n", cam, 10 ^ stat, $NF
    }
    /^# EOF/ || ($NF >= from && /^(up|node)/)
    $NF < from || !match($0, /stream="[a-z]*"/) { next }
    { name = substr($0, RSTART + 8, RLENGTH - 9)
      before = substr($0, 1, RSTART + 7)
      after = substr($0, RSTART + RLENGTH - 1)
      for (i = 1; i <= 200; i++) {
	      is = i % 20 ? "south" : other[int(i / 20) % 5]
	      if (is != name)
		      continue
	      printf "%scam%03d%s\n", before, i, after
	      if (/^promtext_last_success/)
		      evalue(i, is == "north" ? 3.4 + i / 100 : i * 37 % 100 / 90 - 0.4)
      } }
    BEGIN { split("yard pier dock roof", other); other[0] = "north" }' \
    "$tmp/all.history" >"$tmp/many.history"
fleet many
shots many '?range=1h' 1280 1280

[ -z "$only" ] || exit 0
pngquant --force --speed 1 --quality 60-90 \
    --output configs/prometheus/consoles/driftpipe.png "$out/stream-light.png"
optipng -quiet -o5 configs/prometheus/consoles/driftpipe.png
