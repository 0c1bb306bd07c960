#!/bin/sh
# driftpipe-init: from a model that is not the shipped one, and a directory of
# images, to a pipeline that runs by the line that it prints.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# quadrants SEED NAME: 500 images of 8 x 8, noise, and one quadrant is brighter;
# in IDX files. For a reference of 500 most limits are in the table.
quadrants() {
	printf '\0\0\10\3\0\0\1\364\0\0\0\10\0\0\0\10' >"$2.images"
	printf '\0\0\10\1\0\0\1\364' >"$2.labels"
	awk -v seed="$1" -v name="$2" 'BEGIN {
		srand(seed)
		for (i = 0; i < 500; i++) {
			class = int(rand() * 4)
			printf "%c", class >>(name ".labels")
			for (y = 0; y < 8; y++)
				for (x = 0; x < 8; x++) {
					in_it = int(y / 4) * 2 + int(x / 4) == class
					printf "%c", rand() * 180 + in_it * 70 \
					    >>(name ".images")
				}
		}
	}'
}
quadrants 1 learn
quadrants 2 good
quadrants 3 later
mkdir m
cat >m/quad.cfg <<'CFG'
[net]
width=8
height=8
channels=1
batch=20
learning_rate=0.1

[convolutional]
batch_normalize=1
filters=6
size=3
stride=1
pad=1
activation=leaky

[maxpool]
size=2
stride=2

[connected]
output=4
activation=linear

[softmax]
CFG
printf '%s\n' NW NE SW SE >m/quad.names
run 'imgtrain -m m/quad.cfg -w m/quad.weights --epochs 4 learn.images learn.labels'
rc_is 0 'a network of our own'
imgdegrade -o images --count 500 good.images >/dev/null
imgdegrade -o new --count 500 later.images >/dev/null
mkdir good few
cp "$(find images -type f | head -n 1)" few
cp -R images good/sub
echo no image >good/sub/notes.png
cp m/quad.cfg lone.cfg

# --- what is refused, with nothing made
while read -r args why; do
	run "driftpipe-init $(echo "$args" | tr , ' ')"
	is "refused: $args" "$rc $(grep -cF -e "$why" err)" '2 1'
done <<'END'
m/quad.cfg a model and a directory of images
none.cfg,good none.cfg: no such file
m/quad.cfg,none none: no such directory
m/quad.cfg,few few: 1 files: 100 images are needed, better 1,000
lone.cfg,good lone.cfg: no lone.weights beside it
-n,a/b,m/quad.cfg,good letters, digits, - and _ alone: 'a/b'
-x,m/quad.cfg,good no such option: '-x'
-w '-w': no value
END
is 'nothing is made' "$(echo *)" \
    'err few good good.images good.labels images later.images later.labels learn.images learn.labels lone.cfg m new out'

# --- all that is needed
dir="a 'place'"
run 'driftpipe-init --directory="$dir" m/quad.cfg good'
rc_is 0 'it asks nothing'
cp out said
is 'it says what it found' "$(sed -n '1s/.*yaml: //p' said)" \
    "500 of 501 images, a layer of 4 values, preset darknet, names of $tmp/m/quad.names"
is 'a record for each image' "$(grep -c '"label":"[NS][EW]"' \
    "$dir/cam0-reference.ndjson")" 500
ok 'its values are watched one by one' grep -q 'field: \["act\[\*\]", feat.mean' \
    "$dir/cam0.yaml"
run 'driftpipe-init -d "$dir" m/quad.cfg good'
err_has 'cam0.yaml: is there already'

sed -n '/driftpipe-run/s/^ *//p' said >lines
is 'three lines' "$(wc -l <lines)" 3
is 'that run the same' "$(sed 's/.* [^ ]*\(driftpipe-run -c\)/\1/; s/^[^ ]*\(driftpipe-run -c\)/\1/' lines |
    sort -u | wc -l)" 1
head -n 1 lines >by-hand
cp new/* "$dir/cam0"
run 'sh ./by-hand'
rc_is 0 'by hand'
said() { sed -n "s/^$1//p" "$dir/cam0.prom" | awk '{ n += $NF } END { print n + 0 }'; }
is 'each new image is counted' "$(said imgcls_predictions_total)" 500
is 'and is as usual' "$(said drift_alarms_total)" 0
sed -n '2s/^\*\/5 \* \* \* \* //p' lines >by-cron
imgdegrade -o dark --brightness -60 --count 300 later.images >/dev/null
for f in dark/*; do cp "$f" "$dir/cam0/dark-${f##*/}"; done
run 'sh ./by-cron'
rc_is 0 'by cron'
is 'what is new is counted' "$(said imgcls_predictions_total)" 800
ok 'and drifts' test "$(said drift_detected)" -gt 0
ok 'which the journal says' grep -q 'went' "$dir"/cam0.journal/events-*.ndjson

# --- ONNX
"$top/tests/darknet2onnx.pl" m/quad.cfg m/quad.weights |
    perl "$top/tests/onnx.pl" >quad.onnx
run 'driftpipe-init -p darknet -l m/quad.names -n yard quad.onnx images'
if grep -q 'built without' err; then
	skip 'an ONNX network' 'built without oneDNN'
else
	rc_is 0 'an ONNX network'
	is 'classifies them alike' \
	    "$(jq -c .class yard-reference.ndjson | cksum)" \
	    "$(jq -c .class "$dir/cam0-reference.ndjson" | cksum)"
fi

is 'its page has the options of --help' "$(
    driftpipe-init --help | sed -nE 's/^  -., (--[a-z]+).*/\1/p' | sort)" "$(
    sed -nE 's/^\.It Fl . , -([a-z]+).*/--\1/p' "$top/man/driftpipe-init.1" | sort)"
run 'driftpipe-init --version'
out_has "driftpipe-init $(cat "$top/VERSION") ("
done_testing
