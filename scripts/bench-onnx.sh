#!/bin/bash
# ONNX networks on one core, side by side with OpenCV's DNN module and, where
# it is found, with ONNX Runtime: in every round each runs once, one after the
# other, and medians over the rounds are shown, of processor time, since other
# work on the machine does not change it much. Then what a start of imgcls
# takes. The networks are torchvision's, with random weights. scripts/bench.sh
# calls this.
#
#	ROUNDS=5 NETWORKS="resnet18 ..." scripts/bench-onnx.sh
#
# Memory is the whole of our process, and what the other ones add to that of
# Python with OpenCV or to node. ONNX Runtime is npm's onnxruntime-node:
#
#	npm install --ignore-scripts --prefix build/onnxruntime onnxruntime-node
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/deps.sh bench torch
build=${BUILD:-build}
rounds=${ROUNDS:-5}
networks=${NETWORKS:-resnet18 mobilenet_v2 efficientnet_b0 squeezenet1_1}
runtime=$PWD/build/onnxruntime/node_modules/onnxruntime-node
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

[ -d "$runtime" ] || runtime=$(npm root -g 2>/dev/null || :)/onnxruntime-node
if [ ! -d "$runtime" ] || ! command -v node >/dev/null; then
	echo "without ONNX Runtime, which is not here"
	runtime=
fi

for name in $networks; do
	mkdir -p "$tmp/$name/test_data_set_0"
	/usr/bin/python3 scripts/onnx-torch.py export "$name" 10 "$tmp/$name"
done
for ((round = 0; round < rounds; round++)); do
	for name in $networks; do
		net=$tmp/$name/model.onnx
		theirs=$(/usr/bin/python3 scripts/bench-net.py "$net" - 1 1 \
		    2>"$tmp/no") && echo "$name opencv $theirs" ||
		    echo "OpenCV does not read $name" >&2
		[ -z "$runtime" ] ||
		    echo "$name runtime $(node scripts/bench-onnx.js \
			"$runtime" "$net" 1)"
		"$build/tests/net/speed" "$net" - 1 1 |
		    awk -v n="$name" '{ print n, "ours", $1, $2, $4 }'
	done
done >"$tmp/results"

awk -v rounds="$rounds" '
{
	if (!(($1, "n") in n)) order[++kinds] = $1
	n[$1, "n"]
	i = n[$1, $2]++
	busy[$1, $2, i] = $4
	held[$1, $2, i] = $5 / 1024
}
function median(v, name, who,    i, j, x, s) {
	for (i = 0; i < n[name, who]; i++) s[i] = v[name, who, i]
	for (i = 1; i < n[name, who]; i++)
		for (j = i; j > 0 && s[j - 1] > s[j]; j--) {
			x = s[j]; s[j] = s[j - 1]; s[j - 1] = x
		}
	return s[int(n[name, who] / 2)]
}
# What they take, and how many times ours.
function show(v, name, who, form,    theirs) {
	if (!((name, who) in n)) {
		printf " %8s %6s", "-", "-"
		return
	}
	theirs = median(v, name, who)
	printf " " form " %5.2fx", theirs, theirs / median(v, name, "ours")
}
END {
	printf "%-18s %8s %15s %15s %8s %15s %15s\n", "ONNX, 1 thread",
	    "ms cpu", "OpenCV", "ONNX Runtime", "MB", "OpenCV", "ONNX Runtime"
	for (i = 1; i <= kinds; i++) {
		name = order[i]
		printf "%-18s %8.2f", name, median(busy, name, "ours")
		show(busy, name, "opencv", "%8.2f")
		show(busy, name, "runtime", "%8.2f")
		printf " %8.1f", median(held, name, "ours")
		show(held, name, "opencv", "%8.1f")
		show(held, name, "runtime", "%8.1f")
		print ""
	}
}' "$tmp/results"

# Of one image; the first run, which fills the page cache, is not in it.
start() {
	local name=$1 i us
	shift
	for ((i = 0; i < 21; i++)); do
		us=${EPOCHREALTIME/./}
		/usr/bin/time -f '%M' -o "$tmp/time" \
		    "$build/bin/imgcls" "$@" >/dev/null
		echo "$((${EPOCHREALTIME/./} - us)) $(cat "$tmp/time")"
	done | sed 1d | sort -n | awk -v name="$name" '
	    { us[NR] = $1; if ($2 > kb) kb = $2 }
	    END { printf "%-18s %8.1f %8.1f %8.1f\n", name, us[1] / 1000,
		us[int((NR + 1) / 2)] / 1000, kb / 1024 }'
}

echo
"$build/bin/imgdegrade" -o "$tmp/one" --count 1 \
    /usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
printf '%-18s %8s %8s %8s\n' '1 image' 'ms, best' median MB
start fashion -m data/fashion.cfg -w data/fashion.weights "$tmp/one"
for name in $networks; do
	start "$name" -m "$tmp/$name/model.onnx" --preset imagenet --no-act \
	    "$tmp/one"
done
