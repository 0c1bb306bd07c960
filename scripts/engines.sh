#!/bin/bash
# Whether oneDNN's engine agrees with darknet on every classifier that Debian's
# package ships: with darknet's layers, to 1e-4 and for any batch and number of
# threads; and with the darknet program on the package's photographs, in the
# five most probable classes and their order. Weights are random: none are
# packaged. Takes some 20 minutes, 2 GB of memory and 1 GB of disk.
#
#	scripts/engines.sh [NAME...]
#
# NAME is that of a cfg. For each: how far apart the engines are before and
# after the softmax, by the largest value. Exits with 1 when something differs.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/deps.sh build engines
build=${BUILD:-build}
make -s all "$build/tests/net/weights" "$build/tests/net/engines"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
[ $# -gt 0 ] ||
    set -- alexnet cifar darknet darknet19 darknet19_448 darknet53 \
	densenet201 extraction resnet18 resnet34 resnet50 resnet101 \
	resnet152 resnext50 tiny vgg-16 strided

# The program as it comes, with its cfgs and photographs.
scripts/darknet-program.sh "$tmp"
seq 0 999 >"$tmp/names"
echo "names = $tmp/names" >"$tmp/data"

# side CFG KEY
side() {
	sed -n "s/^$2 *= *//p" "$1" | head -n 1
}

# pictures CFG: the photographs in the network's size, where the ways to make
# them so can't differ, in $tmp/pictures.
pictures() {
	mkdir -p "$tmp/pictures"
	/usr/bin/python3 - "$(side "$1" width)" "$(side "$1" height)" \
	    "$tmp/pictures" "$tmp"/src/data/*.jpg <<-'EOF'
	import os, sys, cv2
	size = int(sys.argv[1]), int(sys.argv[2])
	for name in sys.argv[4:]:
	    im = cv2.resize(cv2.imread(name), size, interpolation=cv2.INTER_AREA)
	    cv2.imwrite(os.path.join(sys.argv[3], os.path.basename(name)[:-3] + "png"), im)
	EOF
}

bad=0
for name; do
	cfg=$tmp/src/cfg/$name.cfg
	"$build/tests/net/weights" "$cfg" "$tmp/weights"
	agreement=$("$build/tests/net/engines" "$cfg" "$tmp/weights") || bad=1
	pictures "$cfg"
	same=0 all=0
	for picture in "$tmp"/pictures/*.png; do
		"$tmp/darknet" classifier predict "$tmp/data" "$cfg" \
		    "$tmp/weights" "$picture" -t 5 2>/dev/null |
		    sed -n 's/^.*%: //p' | paste -sd ' ' >"$tmp/theirs"
		"$build/bin/imgcls" -m "$cfg" -w "$tmp/weights" --no-act \
		    "$picture" | jq -r '[.top[].class] | join(" ")' >"$tmp/ours"
		all=$((all + 1))
		if [ -s "$tmp/ours" ] && cmp -s "$tmp/ours" "$tmp/theirs"; then
			same=$((same + 1))
		fi
	done
	[ "$same" -eq "$all" ] || bad=1
	printf '%-14s %s, top 5 of %d of %d pictures\n' "$name" "$agreement" \
	    "$same" "$all"
done
exit "$bad"
