#!/bin/sh
# The engines of imgcls: that they agree, on darknet's own networks made small,
# with every set of instructions that oneDNN can be held to; scripts/engines.sh
# does the same at length.
. "$(dirname "$0")/lib.sh"
build=${BUILD:-$top/build}
fashion="-m $top/data/fashion.cfg -w $top/data/fashion.weights"
images=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz

if ! imgcls --help | grep -q 'engine onednn'; then
	skip 'engines' 'built without oneDNN'
	done_testing
	exit
fi

# agree NAME FILE
agree() {
	run "$build/tests/net/weights" "$2" "$tmp/weights"
	rc_is 0 "$1: weights"
	for isa in SSE41 AVX2 DEFAULT; do
		run "DNNL_MAX_CPU_ISA=$isa $build/tests/net/engines $2 $tmp/weights"
		rc_is 0 "$1: the engines agree, instructions $isa" ||
		    sed 's/^/# /' "$tmp/out"
	done
}

# Where shapes, groups and sources are unlike each other.
cat >"$tmp/odd.cfg" <<'EOF'
[net]
width=37
height=29
channels=3
[crop]
crop_width=33
crop_height=27
[convolutional]
batch_normalize=1
filters=20
size=5
stride=2
pad=1
activation=elu
[convolutional]
filters=24
size=3
groups=4
stride=1
pad=1
activation=ramp
[shortcut]
from=-2
activation=leaky
[convolutional]
batch_normalize=1
filters=24
size=1
stride=1
activation=linear
[shortcut]
from=-2
activation=selu
[maxpool]
size=3
stride=2
[route]
layers=-1
[batchnorm]
[convolutional]
filters=7
size=3
stride=1
pad=1
activation=stair
[route]
layers=-1,-3
[normalization]
[dropout]
[local]
filters=5
size=3
stride=1
pad=1
activation=loggy
[activation]
activation=tanh
[connected]
output=30
batch_normalize=1
activation=hardtan
[connected]
output=10
activation=relie
[softmax]
groups=2
EOF
agree odd "$tmp/odd.cfg"

# cfg NAME SIZE: one of darknet's, for images of that size.
cfg() {
	tar -xOf "$top"/build/darknet/source/*.orig.tar.* \
	    --wildcards "*/cfg/$1.cfg" |
	    sed "s/^\(width\|height\|crop_width\|crop_height\) *=.*/\1=$2/" \
		>"$tmp/$1.cfg"
}

if ls "$top"/build/darknet/source/*.orig.tar.* >/dev/null 2>&1; then
	for name in tiny cifar darknet; do
		cfg "$name" 64
		agree "$name" "$tmp/$name.cfg"
	done
else
	skip "darknet's networks" "its source is not here"
fi

run "imgcls $fashion --engine onednn $images | head -n 300 |
    jq -c '[.class, .prob, .act[]]' | tr -d '[]' | tr , ' ' >$tmp/onednn"
run "imgcls $fashion --engine darknet $images | head -n 300 |
    jq -c '[.class, .prob, .act[]]' | tr -d '[]' | tr , ' ' >$tmp/darknet"
ok 'the same answers through imgcls' alike 1e-4 "$tmp/onednn" "$tmp/darknet"
run "imgcls $fashion --engine tensor $images"
rc_is 2 'no such engine'
err_has "'--engine': not one of onednn|darknet: 'tensor'"
done_testing
