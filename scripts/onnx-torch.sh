#!/bin/bash
# Whether imgcls gives the numbers of PyTorch: classifiers of torchvision with
# random weights, exported with each opset, against PyTorch's own output; and
# its preprocessing against torchvision's, on the images that are given.
# Takes some minutes, and 2 GB of disk.
#
#	NETWORKS="resnet18 ..." OPSETS="12 17" scripts/onnx-torch.sh [IMAGE...]
#
# For each network: the largest difference of what enters the softmax, by the
# largest value. Exits with 1 when one is more than 1e-5.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/deps.sh build torch
build=${BUILD:-build}
make -s all "$build/tests/net/onnxcase"
networks=${NETWORKS:-resnet18 mobilenet_v2 efficientnet_b0 squeezenet1_1 \
	mobilenet_v3_small shufflenet_v2_x1_0 mnasnet1_0 regnet_y_400mf \
	resnext50_32x4d densenet121 googlenet inception_v3 alexnet vgg11_bn \
	convnext_tiny vit_b_32}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0
for name in $networks; do
	for opset in ${OPSETS:-12 17}; do
		mkdir -p "$tmp/$name-$opset/test_data_set_0"
		/usr/bin/python3 scripts/onnx-torch.py export "$name" "$opset" \
		    "$tmp/$name-$opset"
		"$build/tests/net/onnxcase" "$tmp/$name-$opset" || bad=1
		rm -r "${tmp:?}/$name-$opset"
	done
done
[ $# -eq 0 ] || /usr/bin/python3 scripts/onnx-torch.py prepare "$build" "$tmp" "$@" ||
    bad=1
exit "$bad"
