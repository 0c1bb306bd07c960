#!/bin/sh
# WebP, TIFF and HEIF: their libraries are opened when they are needed, and no
# program is linked with them. The pixels are compared in prep.t.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
build=${BUILD:-$top/build}
vectors=$top/tests/vectors/images
model="-m $top/data/fashion.cfg -w $top/data/fashion.weights"
net="imgcls $model --no-act --top 1"

for tool in imgcls imgdegrade driftreport; do
	run "ldd '$(command -v $tool)' | grep -Ec 'libwebp|libtiff|libheif'"
	out_is "$tool is not linked with them" <<OUT
0
OUT
done

run "$net $vectors/lossy.webp $vectors/lzw.tif $vectors/smooth.avif"
if grep -q 'was built without' out; then
	skip 'what is in them' 'built without one of the formats'
	done_testing
	exit
fi

# Among images of other formats, in as many processes as there may be.
set -- "$vectors/turned1.jpg" "$vectors/lossy.webp" "$vectors/rgb16.png" \
    "$vectors/pages.tif" "$vectors/turned6.webp" "$vectors/turned2.jpg" \
    "$vectors/frames.webp" "$vectors/lzw.tif" "$vectors/grey16.pgm" \
    "$vectors/smooth.heic" "$vectors/smooth.avif"
for f; do
	$net "$f"
done | jq -c 'del(.seq)' >alone
ok 'each is an image' jq -es 'all(has("class"))' alone
for how in '' '-j 4' '--batch 8 -j 2' '--no-sandbox'; do
	run "$net $how $* $* $* | jq -c 'del(.seq)'"
	cat alone alone alone >want3
	ok "the same together ($how)" cmp want3 out
done
run "jq -r '[(.image | split(\"/\")[-1]), .pixels.frames_left] | select(.[1]) |
    join(\" \")' alone"
out_is 'what is left of a file' <<OUT
pages.tif 2
frames.webp 2
OUT
for f in lossy.webp lzw.tif smooth.heic smooth.avif; do
	for n in 1 3; do
		size=$(($(wc -c <"$vectors/$f") - n * 20))
		head -c "$size" "$vectors/$f" >cut.img
		run "$net cut.img | jq -c '[has(\"class\"), .error.stage]'"
		out_is "$f without its end, $n" <<OUT
[false,"decode"]
OUT
	done
	run "$net --max-pixels 23 '$vectors/$f' | jq -c .error"
	out_is "$f has more pixels than may be" <<OUT
{"stage":"limit","reason":"too many pixels"}
OUT
done
# One format has many names for itself.
for brand in heis mif2 mif3 mp42 avci; do
	{
		head -c 8 "$vectors/smooth.heic"
		printf %s $brand
		tail -c +13 "$vectors/smooth.heic"
	} >$brand.heic
done
run "imgcls -q $model --no-act heis.heic mif2.heic mif3.heic mp42.heic avci.heic |
    jq -r '.error.reason // \"read\"'"
out_is 'brands of HEIF' <<OUT
read
read
read
a film, not an image
a HEIF image of AVC, which is not read
OUT
run "imgdegrade -o degraded '$vectors/lossy.webp' '$vectors/lzw.tif'"
rc_is 0 'imgdegrade reads them'

# A library that can't be loaded costs the images that need it.
mkdir broken
echo none >broken/libtiff.so.6
if [ -n "$SANITIZE" ]; then
	skip 'without the library' 'a sanitizer has a loader of its own'
else
	run "LD_LIBRARY_PATH=$tmp/broken $net $* |
	    jq -r '[(.image | split(\"/\")[-1]), .error.reason // \"read\"] |
	    join(\": \")'"
	out_is 'without the library' <<OUT
turned1.jpg: read
lossy.webp: read
rgb16.png: read
pages.tif: a TIFF image, and libtiff.so.6 can't be loaded
turned6.webp: read
turned2.jpg: read
frames.webp: read
lzw.tif: a TIFF image, and libtiff.so.6 can't be loaded
grey16.pgm: read
smooth.heic: read
smooth.avif: read
OUT
fi

# Builds without one of them.
if ! command -v cc >/dev/null || [ -n "$SANITIZE" ]; then
	skip 'builds without' 'no cc, or a library with a sanitizer in it'
	done_testing
	exit
fi
for without in webp tiff heif; do
	flags=$(for f in webp tiff heif; do
		echo "-DWITH_$f=$([ $f = $without ] && echo 0 || echo 1)"
	done | tr '[:lower:]' '[:upper:]')
	# shellcheck disable=SC2086 # flags are words
	ok "it builds without $without" cc -std=c11 -D_GNU_SOURCE $flags \
	    -iquote "$top/lib" "$top/tests/stat/decode.c" \
	    "$top/lib/image/library.c" "$build/libdriftpipe.a" \
	    -ljpeg -lz -lm -o "without-$without"
	run "./without-$without '$vectors/lossy.webp' '$vectors/lzw.tif' \
	    '$vectors/smooth.avif' | sed 's,.*/,,; s/: [0-9].*/: read/'"
	{
		echo lossy.webp: a WebP image, and this was built without libwebp
		echo lzw.tif: a TIFF image, and this was built without libtiff
		echo smooth.avif: a HEIF image, and this was built without libheif
	} | sed "/without lib$without/!s/: .*/: read/" >wanted
	ok "and says so" cmp wanted out || sed 's/^/# /' out
done
done_testing
