#!/bin/bash
# Make the detectors' reference for the shipped model: what it answers to the
# last 5,000 training images, which it was not trained on (train.sh).
#
#	scripts/reference.sh [FILE]	(default: data/fashion-reference.ndjson)
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
set=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

imgdegrade -o "$tmp/images" --skip 55000 --count 5000 --labels \
    "$set/train-labels-idx1-ubyte.gz" "$set/train-images-idx3-ubyte.gz" |
    imgcls -c configs/fashion.yaml |
    featstat -c configs/fashion.yaml |
    jq -c 'select(.seq) | {seq, class, prob, entropy, wrong,
	feat: (.feat | {mean, std})}' >"$tmp/reference"
mv "$tmp/reference" "${1:-data/fashion-reference.ndjson}"
