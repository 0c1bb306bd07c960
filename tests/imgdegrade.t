#!/bin/sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

printf 'P5 4 4 255\n%s' 0123456789abcdef >grey.pgm
printf 'P6 2 1 255\nABCdef' >colour.ppm
# Three images of 2 x 2, and their classes.
printf '\0\0\10\3\0\0\0\3\0\0\0\2\0\0\0\2aaaabbbbcccc' >x.idx
printf '\0\0\10\1\0\0\0\3\1\2\3' >y.idx
gzip -k x.idx y.idx

run 'imgdegrade -o o grey.pgm colour.ppm'
rc_is 0 'converts'
out_is 'silently' </dev/null
err_is 'on both streams' </dev/null
ok 'numbered' test -f o/000000.png -a -f o/000001.png
run 'imgdegrade -o again o/000000.png'
ok 'pixels survive' cmp o/000000.png again/000000.png

run 'imgdegrade --out d --prefix cam- --skip 1 --count 1 x.idx'
is 'skip, count and prefix choose' "$(ls d)" cam-000001.png
run 'imgdegrade -o d2 --skip 1 --labels y.idx.gz x.idx.gz grey.pgm'
out_is 'labels make a list' <<OUT
{"image":"d2/000001.png","truth":2}
{"image":"d2/000002.png","truth":3}
{"image":"d2/000003.png"}
OUT
ok 'gzip or not' cmp d/cam-000001.png d2/000001.png
run 'imgdegrade -o d2 --list --count 1 --prefix "a\"" x.idx'
out_is 'names are escaped' <<'OUT'
{"image":"d2/a\"000000.png"}
OUT
printf 'imgdegrade:\n  count: 2\n  prefix: c\n' >c.yaml
run 'imgdegrade -c c.yaml -o d3 x.idx'
run 'ls d3'
out_is 'options from a file' <<OUT
c000000.png
c000001.png
OUT

# same OPTION VALUE WANTED INPUT: so changed, one image becomes the other.
same() {
	imgdegrade -o wanted "$3" && imgdegrade -o got "$1" "$2" "$4" &&
	    cmp wanted/000000.png got/000000.png
}
printf 'P5 2 1 255\n\144\310' >mid.pgm
printf 'P5 2 1 255\n\175\257' >half.pgm
printf 'P5 2 1 255\n\156\322' >plus.pgm
printf 'P5 2 1 255\n\0\200' >low.pgm
printf 'P5 2 1 255\n\0\12' >clip.pgm
printf 'P5 3 1 255\n\0\377\0' >dot.pgm
printf 'P5 3 1 255\n\033\311\033' >soft.pgm
ok 'contrast is about the mean' same --contrast 0.5 half.pgm mid.pgm
ok 'brightness is added' same --brightness 10 plus.pgm mid.pgm
ok 'and clipped' same --brightness -118 clip.pgm low.pgm
ok 'blur is Gaussian' same --blur 0.5 soft.pgm dot.pgm
ok 'a flat image has nothing to blur' same --blur 3 x.idx x.idx

noise='--noise 20 --seed 7'
run "imgdegrade -o n1 $noise x.idx && imgdegrade -o n2 $noise --skip 2 x.idx"
ok 'noise does not depend on what came before' cmp n1/000002.png n2/000002.png
run "imgdegrade -o n3 --noise 20 --seed 8 --skip 2 x.idx"
run 'cmp -s n1/000002.png n3/000002.png'
rc_is 1 'but on the seed'
run 'cmp -s n1/000001.png n1/000002.png'
rc_is 1 'and is other in each image'

mkfifo fifo
run 'imgdegrade -o m missing.png grey.pgm fifo'
rc_is 2 'trouble with an input'
err_is 'is said, and the rest done' <<ERR
imgdegrade: missing.png: No such file or directory
imgdegrade: fifo: not a regular file
imgdegrade: 2 of 3 images could not be read
ERR
ok 'under its own number' test -f m/000001.png
head -c 20 x.idx >short.idx
run 'imgdegrade -q -o m short.idx'
rc_is 2 'a truncated IDX file'
err_has '1 of 1 images'
run 'imgdegrade -o m --max-pixels 3 x.idx grey.pgm'
err_has '4 of 4 images could not be read'
head -c 10 y.idx >shorty.idx
run 'imgdegrade -o m --labels shorty.idx x.idx'
rc_is 2 'truncated labels'
printf '\0\0\10\1\0\0\0\2\1\2' >two.idx
run 'imgdegrade -o m --labels two.idx x.idx'
err_is 'labels of another file' <<ERR
imgdegrade: x.idx: 3 images, but 2 labels
ERR
run 'imgdegrade -o m --labels x.idx x.idx'
err_has 'x.idx: holds images, not labels'

run 'imgdegrade grey.pgm'
rc_is 2 'no directory'
err_has 'give -o DIR'
run 'imgdegrade -o m'
rc_is 2 'no operand'
run 'imgdegrade -o m --prefix a/b grey.pgm'
rc_is 2 'a prefix is no path'
run 'imgdegrade -o m --blur -1 grey.pgm'
rc_is 2 'out of range'
run 'imgdegrade -o missing/dir grey.pgm'
rc_is 2 'no place to make the directory'
err_has 'missing/dir: No such file or directory'
run 'imgdegrade -o grey.pgm grey.pgm'
rc_is 2 'a file in place of the directory'
mkdir full && ln -s /dev/full full/000001.png
run 'imgdegrade -o full --list x.idx'
rc_is 2 'disk full'
err_has 'full/000001.png: No space left on device'
out_is 'what was written is listed' <<OUT
{"image":"full/000000.png"}
OUT
run 'imgdegrade -o d4 --list x.idx >/dev/full'
rc_is 2 'a full disk under the list'

images=$top/tests/vectors/images
run "imgdegrade -o d5 $images/turned6.jpg $images/rgb16.png && file -b d5/*.png"
out_is 'upright, and of 8 bits' <<OUT
PNG image data, 4 x 6, 8-bit/color RGB, non-interlaced
PNG image data, 6 x 4, 8-bit/color RGB, non-interlaced
OUT

run 'imgdegrade -o d6 --list --corrupt flip:1 --corrupt gaussian_noise:2 \
    --prefix p --labels y.idx x.idx'
out_is 'a directory for each damage' <<OUT
{"image":"d6/flip-1/p000000.png","truth":1,"corruption":"flip","severity":1}
{"image":"d6/gaussian_noise-2/p000000.png","truth":1,"corruption":"gaussian_noise","severity":2}
{"image":"d6/flip-1/p000001.png","truth":2,"corruption":"flip","severity":1}
{"image":"d6/gaussian_noise-2/p000001.png","truth":2,"corruption":"gaussian_noise","severity":2}
{"image":"d6/flip-1/p000002.png","truth":3,"corruption":"flip","severity":1}
{"image":"d6/gaussian_noise-2/p000002.png","truth":3,"corruption":"gaussian_noise","severity":2}
OUT
run 'printf "%s\\n" "{\"image\":\"d6/flip-1/p000002.png\",\"truth\":3}" \
    "{\"truth\":\"three\",\"image\":\"d6/flip-1/p000001.png\"}" \
    d6/flip-1/p000000.png | imgdegrade -o d9 --list -'
out_is 'the number of a class that a record has is kept' <<OUT
{"image":"d9/000000.png","truth":3}
{"image":"d9/000001.png"}
{"image":"d9/000002.png"}
OUT
run 'imgdegrade -o d7 --corrupt all:all --skip 2 x.idx'
is 'all families, five severities each' "$(find d7 -mindepth 1 -maxdepth 1 | wc -l)" \
    "$(imgdegrade --families | wc -l | awk '{ print 5 * $1 }')"
run 'imgdegrade -o d8 --corrupt gaussian_noise:2 --skip 2 --prefix p x.idx'
ok 'damage does not depend on the others, nor on what came before' \
    cmp d6/gaussian_noise-2/p000002.png d8/gaussian_noise-2/p000002.png
run 'imgdegrade -o d9 --corrupt gaussian_noise:2 --constants cifar --skip 2 x.idx'
run 'cmp -s d9/gaussian_noise-2/000002.png d8/gaussian_noise-2/p000002.png'
rc_is 1 'but on the constants'
run 'imgdegrade -o d9 --corrupt hot_pixels:1 --count 2 x.idx'
ok 'a hot pixel is the same in all images' test "$(for i in 0 1; do
    imgdegrade -o same --brightness 200 d9/hot_pixels-1/00000$i.png &&
    cksum <same/000000.png; done | sort -u | wc -l)" -eq 1
for bad in fog:6 fog:0 fog fuzz:1 fog: :1; do
	run "imgdegrade -o m --corrupt $bad x.idx"
	rc_is 2 "no damage: $bad"
done
run 'imgdegrade -o m --constants cifar x.idx'
err_has "'--constants': needs --corrupt"

run 'imgdegrade --help'
rc_is 0
for o in out prefix skip count blur contrast brightness noise seed list \
    corrupt constants families \
    labels max-pixels no-sandbox; do
	out_has "--$o"
done
done_testing
