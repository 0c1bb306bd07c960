#!/bin/sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# 240 images of 8 x 8, of 4 classes: noise, and one quadrant is brighter.
printf '\0\0\10\3\0\0\0\360\0\0\0\10\0\0\0\10' >images
printf '\0\0\10\1\0\0\0\360' >labels
awk 'BEGIN {
	srand(1)
	for (i = 0; i < 240; i++) {
		class = int(rand() * 4)
		printf "%c", class >>"labels"
		for (y = 0; y < 8; y++)
			for (x = 0; x < 8; x++) {
				in_it = int(y / 4) * 2 + int(x / 4) == class
				printf "%c", rand() * 180 + in_it * 70 >>"images"
			}
	}
}'
cat >net.cfg <<CFG
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

[dropout]
probability=.1

[connected]
output=4
activation=linear

[softmax]
CFG
train='imgtrain -m net.cfg -j 2'
set='images labels'

# It learns, in silence, and leaves nothing but the weights.
run "$train -w w1 --epochs 1 --holdout 40 $set"
rc_is 0 'an epoch'
loss1=$(jq .loss out)
run "$train -w w8 --epochs 8 --holdout 40 --test-images images \
    --test-labels labels $set"
rc_is 0 'eight'
err_is 'in silence' </dev/null
ok 'lower the loss' jq -e ".loss < $loss1 * .8" out
ok 'and tell the classes apart' jq -e '.holdout.accuracy > .8' out
is 'the record' "$(jq -c '[.images, .epochs, .steps, .batch, .jobs, .seed,
    .holdout.images, .test.images]' out)" '[200,8,80,20,2,1,40,240]'
is 'no other file' "$(echo w8*)" w8
imgcls -m net.cfg -w w8 --idx-labels labels images >records
is 'imgcls finds as many right' \
    "$(jq -s 'map(1 - .wrong) | add' records)" "$(jq .test.right out)"

# What it depends on.
run "$train -w again --epochs 8 --holdout 40 $set"
ok 'the same again gives the same weights' cmp w8 again
gzip -k images labels
run "$train -w again --epochs 8 --holdout 40 images.gz labels.gz"
ok 'and so does gzip' cmp w8 again
run "$train -w other --epochs 8 --holdout 40 --seed 2 $set"
ok 'another seed gives others' sh -c '! cmp -s w8 other'
run "$train -w moved --epochs 8 --holdout 40 --flip --shift 1 $set"
ok 'and so does augmentation' sh -c '! cmp -s w8 moved'
run "$train -w on --epochs 1 --rate 0.0001 --start w8 --holdout 40 $set"
ok '--start starts from weights' jq -e '.holdout.accuracy > .8' out
run "imgtrain -m net.cfg -j 1 -w one --epochs 8 --holdout 40 $set"
ok 'one job learns, too' jq -e '.holdout.accuracy > .8' out

# Ended and taken up again. With a checkpoint at each step it is slow enough.
long="$train --epochs 40 --interval 0 --flip --shift 1"
run "$train -w whole --epochs 40 --flip --shift 1 $set"
rc_is 0 'a training without a break'
begin() {
	# shellcheck disable=SC2086 # the words are options
	$long "$@" -w part $set >out 2>err </dev/null &
	pid=$!
}
for signal in TERM KILL INT; do
	begin --resume
	i=0
	while [ $i -lt 200 ] && [ ! -s part.ckpt ] && kill -0 $pid; do
		sleep .01
		i=$((i + 1))
	done 2>/dev/null
	sleep .05
	[ $signal = INT ] && signal=TERM # sh ignores INT in the background
	kill -$signal $pid 2>/dev/null
	{ wait $pid; } 2>/dev/null
done
run "$long --resume -w part $set"
rc_is 0 'ended three times and resumed'
ok 'gives the weights of one without' cmp whole part
is 'and takes the checkpoint away' "$(echo part.*)" 'part.*'

run "$long --resume -w new $set"
rc_is 0 'nothing to resume'
err_has 'new.ckpt: no checkpoint: starts from the beginning'
ok 'is a training from the start' cmp whole new

# A checkpoint that is not this training's, left behind by SIGKILL.
begin
i=0
while [ $i -lt 200 ] && [ ! -s part.ckpt ]; do
	sleep .01
	i=$((i + 1))
done
kill -KILL $pid 2>/dev/null
{ wait $pid; } 2>/dev/null
if [ -s part.ckpt ]; then
	run "$long --resume --seed 5 -w part $set"
	rc_is 2 'a checkpoint of another seed'
	err_has "part.ckpt: is of a training with another seed"
	run "$long --resume --shift 2 -w part $set"
	err_has 'with another augmentation'
	head -c 500 part.ckpt >short
	run "$long --resume --checkpoint short -w part $set"
	rc_is 2 'a cut checkpoint'
	err_has 'short: is damaged'
	run "$long --resume --checkpoint labels -w part $set"
	rc_is 2 'another file'
	err_has 'labels: is not a checkpoint'
	rm -f part.ckpt part
else
	skip 'a foreign checkpoint' 'the training was over too soon'
fi

# A list of files, with numbers or names.
printf 'dark\nvery light\nb\nc\n' >names
printf 'P5\n8\n8\n255\n%64s' '' | tr ' ' '\020' >dark.pgm
printf 'P5\n8\n8\n255\n%64s' '' | tr ' ' '\360' >'a light.pgm'
printf 'P5\n4\n4\n255\n%16s' '' | tr ' ' '\360' >small.pgm
for i in 1 2 3 4 5; do
	printf 'dark.pgm dark\na light.pgm very light\nsmall.pgm 1\ndark.pgm 0\n'
done >list
run "$train -w listed -l names --epochs 20 --test-images list list"
rc_is 0 'a list of files'
is 'is learnt' "$(jq .test.accuracy out)" 1
run "$train -w listed list"
rc_is 2 'names without -l'
err_has "list:1: is not a path and one of 4 classes"
echo 'none.pgm 1' >>list
run "$train -w listed -l names list"
rc_is 2 'an image that is missing'
err_has "list:21: 'none.pgm': "
printf 'dark.pgm 4\n' >list
run "$train -w listed -l names list"
rc_is 2 'a class too high'
echo x >>names
run "$train -w listed -l names list"
err_has "names: has 5 labels: the first 4 count, as 'net.cfg' has so many"
sed 2,4d names >few
run "$train -w listed -l few list"
rc_is 2 'too few names'
err_has "few: has 2 labels, but 'net.cfg' has 4 classes"

# Trouble.
run 'imgtrain'
rc_is 2 'no network'
err_has 'imgtrain: no network: give -m CFG and -w WEIGHTS'
run "$train -w w"
rc_is 2 'no images'
err_has 'imgtrain: no images: '
sed 's/leaky/mish/' net.cfg >mish.cfg
run "imgtrain -m mish.cfg -w w $set"
rc_is 2 'an activation that runs and has no gradient here'
err_has "with mish can't be trained"
run "$train -w w images labels more"
err_has "'more': one operand too many"
run "$train -w w labels images"
rc_is 2 'operands in the other order'
err_has 'images: has images, not labels'
run "$train -w w images none"
err_has 'none: No such file or directory'
head -c 1000 images >short
run "$train -w w short labels"
rc_is 2 'cut images'
err_has 'short: truncated'
printf '\0\0\10\1\0\0\0\1\1' >one
run "$train -w w images one"
err_has "one: has 1 labels for the 240 images of 'images'"
tr '\003' '\004' <labels >high
run "$train -w w images high"
err_has 'class 4 is not one of 4'
run "$train -w w --batch 21 $set"
rc_is 2 'a batch that is no multiple'
err_has 'net.cfg: batch 21 is not a multiple of 2 jobs'
run "$train -w w --batch 300 $set"
err_has '240 images are fewer than a batch of 300'
run "$train -w w --holdout 240 $set"
err_has '--holdout: 240 of 240 images leave none to train on'
run "$train -w w --rate 1000 --epochs 9 $set"
rc_is 2 'a rate too high'
err_has 'diverged at step '
rm -f w.ckpt
run "$train -w none/w $set"
rc_is 2 'no such directory'
is 'is found before the training' "$(wc -l <err)" 1
sed '/softmax/d' net.cfg >open.cfg
run "imgtrain -m open.cfg -w w $set"
rc_is 2 'no softmax'
err_has "open.cfg:23: '[connected]': is last: only a network that ends in"
sed 's/channels=1/channels=2/' net.cfg >two.cfg
run "imgtrain -m two.cfg -w w $set"
err_has 'has 2 channels, not 1 or 3'
run "imgtrain -m none.cfg -w w $set"
rc_is 2 'no cfg'
err_has 'none.cfg: No such file or directory'
run "$train -w w --epochs 1 --start net.cfg $set"
rc_is 2 'weights that are none'
err_has 'net.cfg: is not a darknet weights file'
run "$train -w w --epochs 1 $set >/dev/full"
rc_is 2 'a full disk'
is 'no weights of a failed training' "$(rm -f w; echo w w.*)" 'w w.*'
done_testing
