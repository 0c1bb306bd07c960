#!/bin/bash
# See a classifier drift: real images, a real network, a camera that fails
# half way. What is written stays under build/demo.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=${BUILD:-build}/bin
PATH=$PWD/$bin:$PWD/build/prometheus:$PATH
out=build/demo
set=/usr/share/datasets/fashion-mnist
images=$set/t10k-images-idx3-ubyte.gz
labels=$set/t10k-labels-idx1-ubyte.gz
config=configs/fashion.yaml
half=2000

rm -rf "$out"
mkdir -p "$out/metrics"

echo "Writing $((2 * half)) test images as PNG files into $out/camera;"
echo "from image $half on the camera fails: blur, noise, less contrast."
imgdegrade -o "$out/camera" --labels "$labels" --count $half \
    "$images" >"$out/truth.ndjson"
imgdegrade -o "$out/camera" --labels "$labels" --skip $half --count $half \
    --blur 0.6 --contrast 0.8 --noise 10 --seed 1 \
    "$images" >>"$out/truth.ndjson"

echo "Running the pipeline, whose detectors share a false-alarm probability of"
echo "0.05 in 10,000 images:"
echo
echo "  find camera -name '*.png' | sort | add the truth with jq | imgcls |"
echo "      featstat | mewma | pht | iks | nmddm | chi2 | promtext"
echo
find "$out/camera" -name '*.png' | sort |
    jq -cnR --slurpfile known "$out/truth.ndjson" '
	INDEX($known[]; .image) as $truth |
	inputs | {image: ., truth: $truth[.].truth}' |
    imgcls -c "$config" |
    featstat -c "$config" |
    mewma -c "$config" |
    pht -c "$config" |
    iks -c "$config" |
    nmddm -c "$config" |
    chi2 -c "$config" |
    tee "$out/records.ndjson" |
    promtext -c "$config" -o "$out/metrics/drift-fashion.prom"

jq -nr --argjson half "$half" '
	def pad(n): tostring | (n - length) * " " + .;
	def percent: . * 10000 | round / 100 | tostring + " %";
	def accuracy: 1 - (map(.wrong) | add / length);
	# Which way a test, or what it names, has gone.
	def way: if .direction then .direction
	    elif .plus == null then ""
	    elif .plus > .minus then "up" else "down" end;
	def moved: (.top // [.])[0] |
	    if .observed then "class \(.class) " +
		if .observed > .expected then "more" else "less" end
	    else "\(.field) \(way)" | rtrimstr(" ") end;
	[inputs | select(.seq)] as $r |
	"accuracy before \($r[:$half] | accuracy | percent), " +
	"after \($r[$half:] | accuracy | percent)",
	"",
	"detector  events before  first event after  delay  what moved",
	(("mewma", "pht", "iks", "nmddm", "chi2") as $d |
	 [$r[:$half][] | select(.[$d].event)] as $before |
	 [$r | to_entries[] | select(.key >= $half and .value[$d].event)][0]
	     as $first |
	 ($d + "        ")[:8] + ($before | length | pad(15)) +
	 if $first then ("record \($first.key)" | pad(19)) +
	     ($first.key - $half + 1 | pad(7)) + "  " +
	     ($first.value[$d].tests | map(select(.alarm) | moved) | join(", "))
	 else ("none" | pad(19)) + ("-" | pad(7)) end)
' "$out/records.ndjson" | tee "$out/table.txt"

echo
echo "metrics: $out/metrics/drift-fashion.prom"
promtool check metrics <"$out/metrics/drift-fashion.prom"
echo "promtool: Prometheus accepts it"
echo
echo "Every five minutes, as a line of cron; the file is as in driftpipe-run(1):"
echo
echo "*/5 * * * * drift driftpipe-run -c /etc/driftpipe/cam0.yaml"

driftreport -c "$config" --stream demo -o "$out/report.html" "$out/records.ndjson"
echo
echo "What happened, when and why: $out/report.html"

if grep -q none "$out/table.txt"; then
	echo "demo: a detector missed the change" >&2
	exit 1
fi
