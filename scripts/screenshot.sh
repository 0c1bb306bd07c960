#!/bin/bash
# Look at the console template: six hours of six cameras in a real Prometheus,
# seen by a headless Chromium, light and dark, wide and narrow.
#
#	scripts/screenshot.sh [DIR]	(default: build/screenshots)
#
# The first, in fewer colours, is the one in README.md:
# configs/prometheus/consoles/driftpipe.png.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/build/prometheus:$PATH
out=${1:-build/screenshots}
top=$PWD
# shellcheck source=tests/prometheus.sh
. tests/prometheus.sh

tmp=$(mktemp -d)
trap 'prometheus_stop; rm -rf "$tmp"' EXIT
mkdir -p "$out"

scripts/history.sh north=drift south=fine gate=repaired yard=broken \
    dock=classes roof=gone >"$tmp/history"
prometheus_start "$tmp/history" "$tmp"

shot() { # NAME SCHEME WIDTH HEIGHT QUERY
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

for scheme in light=1 dark=0; do
	name=${scheme%=*} scheme=${scheme#*=}
	shot "stream-$name" "$scheme" 1180 1280 '?stream=north'
	shot "fleet-$name" "$scheme" 1180 840 ''
	shot "stream-$name-phone" "$scheme" 390 2900 '?stream=north'
	shot "fleet-$name-phone" "$scheme" 390 1000 ''
done
pngquant --force --speed 1 --quality 60-90 \
    --output configs/prometheus/consoles/driftpipe.png "$out/stream-light.png"
optipng -quiet -o5 configs/prometheus/consoles/driftpipe.png
