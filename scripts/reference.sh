#!/bin/bash
# Make the detectors' reference for the shipped model: what it answers to 2,000
# of the training images, which it was not trained on (train.sh). The layer's
# outputs have three decimals, of which they need two.
#
#	scripts/reference.sh [FILE]	(default: data/fashion-reference.ndjson)
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
set=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

imgdegrade -o "$tmp/images" --skip 55000 --count 2000 --labels \
    "$set/train-labels-idx1-ubyte.gz" "$set/train-images-idx3-ubyte.gz" |
    imgcls -c configs/fashion.yaml |
    featstat -c configs/fashion.yaml |
    jq -c 'def short: . * 1000 | round / 1000;
	select(.seq) | {seq, model, class, prob, entropy, wrong,
	pixels: (.pixels | {brightness, contrast, sharpness}),
	feat: (.feat | {mean, std}),
	act: (.act | {avgpool: .avgpool | map(short)})}' >"$tmp/reference"
mv "$tmp/reference" "${1:-data/fashion-reference.ndjson}"
