#!/bin/sh
# What becomes of an image before the network sees it. The network here hands
# on what it is given: act is the input.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
vectors=$top/tests/vectors/images

# through WIDTH HEIGHT CHANNELS: writes net.cfg and net.weights.
through() {
	printf '%s\n' '[net]' width="$1" height="$2" channels="$3" '' \
	    '[convolutional]' filters="$3" size=1 stride=1 activation=linear '' \
	    '[softmax]' >net.cfg
	{
		printf '\0\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
		printf '\0\0\0\0%.0s' $(seq "$3") # biases
		for i in $(seq "$3"); do
			for k in $(seq "$3"); do
				[ "$i" = "$k" ] && printf '\0\0\200\077' ||
				    printf '\0\0\0\0'
			done
		done
	} >net.weights
}
net='imgcls -m net.cfg -w net.weights --layer 0'

# Against what PIL and ImageMagick read in the same files, to the last of 16
# bits.
while read -r name width height values; do
	through "$width" "$height" 3
	echo "$values" | tr ' ' '\n' | awk '{ print $1 / 65535 }' >want
	run "$net $vectors/$name"
	if grep -q 'was built without' out; then
		skip "$name" 'built without its format'
		continue
	fi
	jq -r '.act[]' out >got
	ok "$name" alike .000006 want got
	is 'its size' "$(jq -c '[.pixels.width, .pixels.height]' out)" \
	    "[$width,$height]"
done <"$vectors/values.txt"
run "$net $vectors/packed16.psd | jq -r .error.reason"
out_has 'compressed 16-bit PSD' 'what the decoder would get wrong is refused'
# Of HEIF the source is known, and what a lossy coder makes of it is near.
through 32 24 3
awk 'BEGIN { for (c = 0; c < 3; c++) for (y = 0; y < 24; y++)
	for (x = 0; x < 32; x++) print (c == 0 ? 7 * x : c == 1 ? 9 * y : 3 * x + 5 * y) / 255 }' >want
for name in smooth.heic smooth.avif two.heic; do
	run "$net $vectors/$name"
	if grep -q 'was built without' out; then
		skip "$name" 'built without its format'
		continue
	fi
	jq -r '.act[]' out >got
	ok "$name" alike .02 want got
	is 'its size, and what is left' \
	    "$(jq -c '[.pixels.width, .pixels.height, .pixels.frames_left]' out)" \
	    "[32,24,$([ $name = two.heic ] && echo 1 || echo null)]"
done
through 6 4 3
run "$net $vectors/turned1.jpg | jq -c .act"
cp out lying
for n in 2 3 4 5 6 7 8; do
	run "$net --no-exif $vectors/turned$n.jpg | jq -c '.act, .pixels.width'"
	{ cat lying; echo 6; } >want
	ok "--no-exif takes orientation $n as it lies" cmp want out
done

# Decoded to a smaller size: nearly the same, and the sizes of the files.
through 3 3 3
for name in baseline progressive grey cmyk; do
	run "for how in '' --fast-decode; do $net \$how --filter triangle \
	    '$top/tests/images/$name.jpg'; done"
	ok "--fast-decode: $name nearly the same" jq -es 'map(.act) as [$a, $b] |
	    [range(27) | $a[.] - $b[.] | fabs] | add / 27 | . > 0 and . < .06' out
	ok 'with another name for the model' \
	    jq -es '.[0].model != .[1].model' out
done
through 1 1 3
for n in 1 6; do
	run "for how in '' --fast-decode '--no-exif --fast-decode'; do $net \$how \
	    $vectors/turned$n.jpg; done | jq -c '[.pixels.width, .pixels.height]'"
	cp out sizes$n
done
is 'and the sizes that the files have' "$(cat sizes1 sizes6 | tr '\n' ' ')" \
    '[6,4] [6,4] [6,4] [4,6] [4,6] [6,4] '

# Mean, scale, order. Samples are 51 / 255 = .2, .4 and .6.
through 1 1 3
printf 'P6 1 1 255\n\63\146\231' >c.ppm
printf 'P5 1 1 255\n\63' >g.pgm
run "$net --mean 0.1,0.2,0.3 --scale 10,100,1000 c.ppm | jq -c '[.act[] | round]'"
out_is 'mean and scale for each colour' <<OUT
[1,20,300]
OUT
run "$net --order bgr --mean .1,.2,.3 --scale 10,100,1000 c.ppm | jq -c '[.act[] | round]'"
out_is 'which stay with it in another order' <<OUT
[300,20,1]
OUT
run "$net --mean .5 --scale 10 c.ppm | jq -c '[.act[] | round]'"
out_is 'one for all' <<OUT
[-3,-1,1]
OUT
run "$net --mean .1 --mean .2 --mean .3 c.ppm | jq -c '[.act[] * 10 | round]'"
out_is 'one after the other' <<OUT
[1,2,3]
OUT
cat >c.yaml <<'YAML'
model:
  cfg: net.cfg
  weights: net.weights
  mean: [0.1, 0.2, 0.3]
  scale: 10
  order: bgr
imgcls:
  layer: 0
YAML
run "imgcls -c c.yaml c.ppm | jq -c '[.act[] | round]'"
out_is 'from the section model' <<OUT
[3,2,1]
OUT
run "imgcls -c c.yaml --mean 0.2 c.ppm | jq -c '[.act[] | round]'"
out_is 'the command line comes first' <<OUT
[4,2,0]
OUT
run "$net --mean 1,2 c.ppm"
rc_is 2 'two numbers'
err_has "'--mean': 2 numbers for a network of 3 channels"
run "$net --scale 1,0,1 c.ppm"
rc_is 2 'a scale of 0'
err_has "'--scale': 0 leaves nothing of an image"
for bad in 1,2,x nan ',' '1,' 1,2,3,4; do
	run "$net --mean $bad c.ppm"
	rc_is 2 "--mean $bad"
	err_has "'--mean': "
done
through 1 1 1
run "$net --mean .1,.2,.3 g.pgm"
err_has "'--mean': 3 numbers for a network of 1 channel"

# Fits: 6 x 2 with columns 0 to 5 into 2 x 2.
printf 'P5 6 2 255\n\0\63\146\231\314\377\0\63\146\231\314\377' >bar.pgm
through 2 2 1
run "$net bar.pgm | jq -c '[.act[] * 5 | round]'"
out_is 'the middle, unless told otherwise' <<OUT
[2,3,2,3]
OUT
run "$net --fit stretch bar.pgm | jq -c '[.act[] * 5 | round]'"
out_is 'stretch by the filter of darknet: the corners' <<OUT
[0,5,0,5]
OUT
run "$net --fit stretch --filter smooth bar.pgm | jq -c '.act[0] == .act[2] and .act[0] > 0.1 and .act[1] < 0.9'"
out_is 'by the smooth one: all of it' <<OUT
true
OUT
through 6 4 1
run "$net --fit letterbox bar.pgm | jq -c '[.act[] * 10 | round]'"
out_is 'letterbox: grey above and below' <<OUT
[5,5,5,5,5,5,0,2,4,6,8,10,0,2,4,6,8,10,5,5,5,5,5,5]
OUT
run "$net --fit none bar.pgm"
rc_is 2 'no such fit'

# Training takes the same: a network that can tell two classes only by the
# half of the picture that crop keeps, told so in the section model.
awk 'BEGIN {
	srand(3)
	for (i = 0; i < 120; i++) {
		name = sprintf("t%03d.pgm", i)
		class = int(rand() * 2)
		printf "P5 12 4 255\n" >name
		for (k = 0; k < 48; k++) {
			x = k % 12
			inside = x >= 4 && x < 8
			v = inside ? 100 + 40 * class + 15 * rand() : 255 * rand()
			printf "%c", 1 + v % 126 >name
		}
		close(name)
		print name, class >"list"
	}
}'
cat >two.cfg <<'CFG'
[net]
width=4
height=4
channels=1
batch=20
learning_rate=0.1

[connected]
output=2
activation=linear

[softmax]
CFG
sed 's/\(.*\) \(.*\)/{"image":"\1","truth":\2}/' list >truths
cat >t.yaml <<'YAML'
model:
  cfg: two.cfg
  weights: two.weights
  fit: crop
  filter: darknet
  mean: 0.4
  scale: 3
YAML
run "imgtrain -c t.yaml --epochs 20 --test-images list list"
rc_is 0 'imgtrain'
right=$(jq .test.right out)
run "imgcls -v -c t.yaml <truths"
is 'imgcls sees what imgtrain saw' \
    "$(jq -s 'map(1 - .wrong) | add' out)" "$right"
err_has "imgcls: $right of 120 right: "
run "imgtrain -c t.yaml --epochs 20 -w far.weights --mean -9 list"
ok 'another mean is another training' sh -c '! cmp -s two.weights far.weights'
run "imgtrain -c t.yaml --epochs 20 -w far.weights --fit stretch list"
ok 'and so is another fit' sh -c '! cmp -s two.weights far.weights'
done_testing
