#!/bin/sh
# Train the shipped model again: data/fashion.weights, from Debian's
# dataset-fashion-mnist. An interrupted training is resumed.
#
#	scripts/train.sh [OUTDIR]	(default: data)
#
# The last 5,000 training images are left out: they measure the choice of the
# network, and the detectors' reference is made of them. The 10,000 test
# images are used once, at the end.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
bin=${BUILD:-$top/build}/bin
set=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
out=${1:-$top/data}

[ -f "$set/train-images-idx3-ubyte.gz" ] || {
	echo "train.sh: no '$set': install Debian's dataset-fashion-mnist" >&2
	exit 2
}
[ -f "$out/fashion.weights.ckpt" ] && resume=--resume || resume=
# shellcheck disable=SC2086 # none, or an option
exec "$bin/imgtrain" -m "$top/data/fashion.cfg" -w "$out/fashion.weights" \
    -j 2 --seed 1 --epochs 30 --flip --shift 2 --holdout 5000 $resume \
    --test-images "$set/t10k-images-idx3-ubyte.gz" \
    --test-labels "$set/t10k-labels-idx1-ubyte.gz" \
    "$set/train-images-idx3-ubyte.gz" "$set/train-labels-idx1-ubyte.gz"
