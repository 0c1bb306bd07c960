#!/bin/sh
# Somebody who has a ResNet-18 of torchvision and a camera, with imgcls(1),
# driftpipe-deploy(7) and driftpipe-init(1): from the network and photographs to
# metrics and report. The lens goes out of focus; there must be one event, and
# none before.
#
# The photographs are Debian's backgrounds of MATE, and the camera looks at parts
# of them. It takes three minutes of processor time. KEEP names a directory that
# gets the report and the metrics.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
photographs=/usr/share/backgrounds/mate/nature
torch() {
	/usr/bin/python3 "$top/tests/photographs.py" "$@"
}
if ! /usr/bin/python3 -c 'import torchvision, onnx' 2>no || [ ! -d $photographs ]; then
	echo '1..0 # SKIP no torchvision, or no photographs'
	exit 0
fi

torch frames train 16 1 $photographs/*.jpg
torch frames photos 8 2 $photographs/*.jpg
ok 'a network is trained and exported' torch train net train

# --- "Then compare the accuracy with the one that was measured"
torch test net photos >theirs
find photos -type f | jq -Rc '{image: ., truth: (split("/") | .[-2])}' |
    imgcls -v -m net.onnx -l net.names --preset imagenet - 2>&1 >records |
    sed -n 's/^imgcls: \(.* right\):.*/\1/p' >ours
is 'it has as many right as in PyTorch' "$(cat ours)" "$(cat theirs)"
ok 'that is nearly all' test "$(cut -d ' ' -f 1 ours)" -gt 80

# --- "A camera, from its good images to the report of the first new ones"
torch camera frames 84 3 $photographs/*.jpg
torch camera new 50 4 $photographs/*.jpg
run 'driftpipe-init net.onnx frames'
rc_is 0 'a pipeline for it'
out_has '1008 of 1008 images, a layer of 512 values, preset imagenet'
find new -type f | sort | head -n 300 | xargs cp -t cam0
find new -type f | sort | tail -n 300 |
    imgdegrade -q -o cam0 --prefix x --blur 2 -
run 'driftpipe-run -c cam0.yaml'
rc_is 0 'it runs'
# A line for each test: its detector, field and record.
jq -r '.seq as $seq | to_entries[] | .key as $tool |
    .value.tests? // [] | .[] | select(.event == "drift") |
    [$tool, .field // "all", $seq] | @tsv' cam0.journal/events-*.ndjson >events
is 'nothing before the change' "$(awk -F '\t' '$3 <= 300' events)" ''
is 'and what sees it says so once' "$(cut -f 1,2 events | sort | uniq -d)" ''
ok 'soon' awk -F '\t' 'NR == 1 && $3 <= 400 { found = 1 } END { exit !found }' events
is 'it is sharpness' "$(head -n 1 events | cut -f 2)" pixels.sharpness
run 'promtext --check cam0.prom'
rc_is 0 'the metrics are whole'
is 'and count each image' "$(sed -n 's/^imgcls_predictions_total.* //p' cam0.prom |
    awk '{ n += $1 } END { print n }')" 600
run 'driftreport -c cam0.yaml cam0.journal'
rc_is 0 'a report'
cp out cam0.html
out_has 'out of focus'
driftreport -c cam0.yaml --format text cam0.journal >cam0.txt
since=$(tr '\n' ' ' <cam0.txt | sed -n 's/.*drifted since [^(]*(record \([0-9]*\)).*/\1/p')
ok 'that knows since when' test "$((since - 301))" -ge -20 -a "$((since - 301))" -le 20
[ -z "${KEEP:-}" ] || cp -R cam0* "$KEEP"
done_testing
