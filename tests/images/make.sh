#!/bin/sh
# Makes the images beside it, from which tests/hostile.t takes its mutants:
# every format, in the forms that a decoder treats in ways of their own. They
# were made by ImageMagick 6.9.11-60.
#
#	tests/images/make.sh
set -eu
cd "$(dirname "$0")"

# make NAME OPTION...: NAME from the picture that all have in common
make() {
	name=$1
	shift
	convert -size 33x25 -seed 7 plasma:orange-blue -strip "$@" "$name"
}

make rgb.png -depth 8
make interlaced.png -depth 8 -interlace PNG
make palette.png -colors 16 -transparent white
make deep.png -depth 16 -define png:color-type=6 -alpha set
make grey.png -colorspace Gray -colors 4
make baseline.jpg -quality 75 -sampling-factor 2x2
make progressive.jpg -quality 60 -interlace JPEG
make grey.jpg -colorspace Gray -quality 80
make cmyk.jpg -colorspace CMYK -quality 60
make plain.gif -colors 32
convert -size 33x25 -seed 7 -delay 10 plasma:red-green plasma:blue-white \
    plasma:black-white -strip -colors 16 -interlace GIF animated.gif
make rgb.bmp -type TrueColor
make palette.bmp -colors 16 -compress none
make runs.bmp -type Palette -posterize 3 -compress RLE
make alpha.bmp -alpha set
make rgb.tga -compress none
make runs.tga -compress RLE -posterize 3
make palette.tga -colors 16
make rgb.psd -depth 8 -compress none
make runs.psd -depth 8 -type TrueColor -compress RLE
make deep.psd -depth 16
make rgb.ppm -depth 8
make grey.pgm -depth 8 -colorspace Gray
make deep.ppm -depth 16
