#!/bin/sh
# ONNX networks. The arithmetic of each operator is held to ONNX's own test
# data, and a whole network to the same one in darknet's format.
. "$(dirname "$0")/lib.sh"
build=${BUILD:-$top/build}
cd "$tmp" || exit 1
images=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz

if ! imgcls --help | grep -q 'engine onednn'; then
	skip 'ONNX' 'built without oneDNN'
	done_testing
	exit
fi

# write FILE: an ONNX file of the description on standard input.
write() {
	perl "$top/tests/onnx.pl" >"$1"
}

# ONNX's test data, as Debian has it. Half floats are computed in single
# precision here; in one case the expected numbers are those of a width that is
# no whole number.
cases=/usr/share/libonnx-testdata/data
printf '%s\n' "$cases"/pytorch-*/* "$cases"/simple/* "$cases"/node/* |
    grep -v -e /test_cast -e downsample_scales_linear_align_corners >dirs
run "xargs '$build/tests/net/onnxcase' <dirs"
rc_is 0 'no answer is off' || grep ^off out | sed 's/^/# /'
cp out cases.out
ok '375 cases are right' test "$(grep -c ^ok cases.out)" -ge 375
for name in Conv2d Conv2d_groups Conv2d_dilated Conv2d_depthwise_with_multiplier \
    BatchNorm2d_eval MaxPool2d AvgPool2d Linear ELU SELU PReLU_2d ConstantPad2d \
    ReflectionPad2d PixelShuffle GLU operator_view operator_addconstant \
    basic_conv_with_padding conv_with_autopad_same conv_with_strides_and_asymmetric_padding \
    batchnorm_example relu leakyrelu clip clip_default_min hardswish hardsigmoid \
    sigmoid tanh elu selu celu Softplus Softsign erf exp log sqrt reciprocal \
    neg abs floor prelu_broadcast maxpool_2d_ceil maxpool_2d_dilations \
    maxpool_2d_same_lower averagepool_2d_pads_count_include_pad \
    averagepool_2d_ceil averagepool_2d_same_upper \
    gemm_all_attributes gemm_transposeB gemm_default_vector_bias matmul_2d \
    matmul_4d add_bcast sub mul_bcast div_bcast pow_bcast_scalar max_two_inputs \
    concat_3d_axis_1 flatten_axis2 reshape_negative_dim reshape_zero_dim \
    squeeze unsqueeze_two_axes transpose_all_permutations_2 \
    reduce_mean_keepdims_example reduce_sum_do_not_keepdims_example \
    reduce_max_keepdims_example softmax_axis_1 logsoftmax_axis_2 \
    dropout_default identity ReplicationPad2d constant_pad \
    resize_upsample_scales_nearest resize_upsample_scales_linear \
    resize_upsample_scales_linear_align_corners resize_downsample_sizes_nearest \
    layer_normalization_4d_axis1 lrn gather_1 slice slice_neg_steps \
    split_equal_parts_2d expand_dim_changed tile; do
	grep -q "^ok test_$name " cases.out || echo "$name"
done >missing
ok 'each operator among them' test ! -s missing || sed 's/^/# /' missing

# The shipped network, turned into ONNX.
"$top/tests/darknet2onnx.pl" "$top/data/fashion.cfg" "$top/data/fashion.weights" |
    write fashion.onnx
model="-m fashion.onnx --preset darknet"
gzip -dc "$images" >pixels
run "imgcls -m '$top/data/fashion.cfg' -w '$top/data/fashion.weights' \
    --layer penultimate,last pixels | head -n 300 >dark"
run "imgcls $model -l '$top/data/fashion.names' --layer logits,last pixels |
    head -n 300 >onnx"
rc_is 0 'the shipped network as ONNX'
values() {
	jq -r ".class, .prob, .entropy, .top[].prob, (.act | .. | numbers)" "$1"
}
ok 'gives the answers that it gives as darknet' \
    test "$(values dark >va; values onnx >vb; paste va vb | awk '
	{ d = $1 - $2; if (d > 5e-5 || -d > 5e-5) bad++ } END { print NR, bad + 0 }')" \
    = '8400 0'

# A small one, and the same through other batches and threads.
cat >small.txt <<'NET'
opset 13
input image 0 3 8 8
output logits
tensor w 4 3 3 3 : random 1
tensor b 4 : random 2
tensor fc 5 4 : random 3
tensor fb 5 : 0 .1 .2 .3 .4
node Conv image w b -> c ; pads=1,1,1,1 kernel_shape=3,3
node Relu c -> r
node GlobalAveragePool r -> p
node Flatten p -> f
node Gemm f fc fb -> logits ; transB=1
NET
write small.onnx <small.txt
for i in 1 2 3 4 5 6 7; do
	{ printf 'P6 8 8 255\n'; head -c 192 /dev/urandom; } >$i.ppm
done
small='imgcls -m small.onnx --preset imagenet'
run "$small --layer c,last [1-7].ppm | jq -c 'del(.time, .model)'"
cp out answers
for how in '--threads 3' '--batch 7' '--batch 3 --threads 2'; do
	run "$small $how --layer c,last [1-7].ppm | jq -c 'del(.time, .model)'"
	ok "the same answers with $how" cmp answers out
done

# Layers by the name of an array, by type, by number.
run "$small 1.ppm | jq -c .act >default && $small --layer f 1.ppm | jq -c .act"
ok 'act is what enters the last Gemm' cmp default out
run "$small --layer logits,4,Gemm,-2 1.ppm | jq '.act | [.[\"4\"] == .logits,
    .Gemm == .logits, .[\"-2\"] == .logits] | all'"
out_is 'a layer has many names' <<'OUT'
true
OUT
run "$small --layer c 1.ppm | jq '.act | length' && \
    $small --layer c --pool mean 1.ppm | jq '.act | length'"
out_is 'an array in the middle' <<'OUT'
256
4
OUT
run "$small --layer w 1.ppm"
rc_is 2 'a constant is no layer'
err_has "has 6 layers and none of this name: 'w'"
run "$small --top 5 1.ppm | jq '[.top[].prob] | add | . > .99999 and . < 1.00001'"
out_is 'probabilities by a softmax that it does not have' <<'OUT'
true
OUT
sed 's/^output.*/output y/' small.txt >soft.txt
echo 'node Softmax logits -> y' >>soft.txt
write soft.onnx <soft.txt
run "$small [1-7].ppm | jq -c 'del(.time, .model)'"
cp out answers
run "imgcls -m soft.onnx --preset imagenet [1-7].ppm | jq -c 'del(.time, .model)'"
ok 'or by its own' cmp answers out
run "$small --temperature 2 1.ppm | jq -c 'del(.model)' >a && \
    imgcls -m soft.onnx --preset imagenet --temperature 2 1.ppm |
    jq -c 'del(.model)' | cmp a -"
rc_is 0 'and at another temperature'
run "$small --temperature 1.5 --layer logits 1.ppm | jq '
    ([.act[] / 1.5 | exp] | (max / add) - .0) as \$want |
    (.prob - \$want | fabs) < 1e-6'"
out_is 'which is what divides the logits' <<'OUT'
true
OUT
printf 'a\nb\nc\nd\n' >four
run "$small -l four 1.ppm"
rc_is 2 'labels are counted'
err_has '5'

# Channels last, as TensorFlow has them.
sed -e 's/image 0 3 8 8/last 0 8 8 3/' -e '/^node Conv/i\
node Transpose last -> image ; perm=0,3,1,2' small.txt >last.txt
write last.onnx <last.txt
run "imgcls -m last.onnx --preset imagenet [1-7].ppm | jq -c 'del(.time, .model)'"
ok 'an image with its channels last' cmp answers out

# What has to be told, and what has to be left out.
run "imgcls -m small.onnx 1.ppm"
rc_is 2 'preprocessing has to be told'
err_has 'small.onnx: say how its images were prepared in training: --preset'
run "imgcls -m small.onnx --mean .5 --scale 2 1.ppm"
rc_is 0 'also as mean and scale'
run "$small -w '$top/data/fashion.weights' 1.ppm"
rc_is 2 'weights'
err_has 'an ONNX network has its weights with it'
run "$small --engine darknet 1.ppm"
rc_is 2 'an engine'
err_has 'which only the engine onednn runs'
run "$small --max-memory 1 1.ppm"
rc_is 0 'a small network needs little memory'
sed 's/ 8 8$/ 800 800/' small.txt | write wide.onnx
run "imgcls -m wide.onnx --preset imagenet --max-memory 1 1.ppm"
rc_is 2 'one for large images more'
err_has 'more than the 1048576 of --max-memory'
run "imgcls -m '$top/data/fashion.cfg' 1.ppm"
rc_is 2 'darknet without weights'
err_has 'a darknet network needs weights: give -w'

# refused NAME MESSAGE SED: the small network, changed.
refused() {
	sed "$3" small.txt | write bad.onnx
	run 'imgcls -m bad.onnx --preset unit 1.ppm'
	rc_is 2 "$1"
	err_has "$2"
}
refused 'an unknown operator' \
    "bad.onnx: node 1 'r' (Selu6, opset 13): this operator is not known" \
    's/Relu c/Selu6 c/'
refused 'an unknown attribute' \
    "node 4 'logits' (Gemm, opset 13): attribute 'gamma' is not known" \
    's/transB=1/transB=1 gamma=1/'
refused 'an old opset' 'opset 5: 6 to 23 are read' 's/^opset.*/opset 5/'
refused 'an array that is not there' \
    "node 0 'c' (Conv, opset 13): 'wow' is made by no node before it" \
    's/Conv image w/Conv image wow/'
refused 'a free image size' "input 'image': dimension 2 is free" \
    's/image 0 3 8 8/image 0 3 0 8/'
refused 'a batch' 'does not take one image of 1 or 3 channels, but 4 x 3 x 8 x 8' \
    's/image 0 3 8 8/image 4 3 8 8/'
refused 'pads that are none' '2 pads for two dimensions' \
    's/pads=1,1,1,1/pads=1,1/'
refused 'shapes that do not fit' '1 x 4 and 5 x 7 do not multiply' \
    's/^tensor fc 5 4/tensor fc 5 7/'
refused 'numbers without end' 'too many numbers follow from those in the file' '
/^tensor fb/a\
whole shape 4 : 100 100 100 100
s/^node Conv.*/&\
node ConstantOfShape shape -> much\
node ReduceSum much -> sum/'

# Damaged: every way to cut the file ends in a message.
size=$(wc -c <small.onnx)
n=1
whole=0
while [ $n -lt "$size" ]; do
	head -c $n small.onnx >cut.onnx
	imgcls -m cut.onnx --preset unit 1.ppm >/dev/null 2>err
	[ $? -eq 2 ] && grep -q '^imgcls: cut.onnx: ' err || whole=$((whole + 1))
	n=$((n + 37))
done
is 'a file that is cut off is refused with its name' "$whole" 0

# Records name the network by what the file has, and by how images are prepared.
run "$small -s state 1.ppm >first && $small -s state 2.ppm | jq .seq"
out_is 'a state goes on' <<'OUT'
2
OUT
cp small.onnx same.onnx
sed 's/random 3/random 4/' small.txt | write other.onnx
for how in '-m small.onnx --preset imagenet' '-m same.onnx --preset imagenet' \
    '-m other.onnx --preset imagenet' '-m small.onnx --preset unit'; do
	# shellcheck disable=SC2086 # options are words
	imgcls $how 1.ppm | jq -r .model
done >models
is 'a name for each model and preset' "$(sort -u models | wc -l)" 3
is 'and the same for the same' "$(sed -n 1p models)" "$(sed -n 2p models)"
run "$small --crop 2 1.ppm"
rc_is 2 'a crop of more than all'
err_has "'--crop': not a number of 0.01 to 1"

done_testing
