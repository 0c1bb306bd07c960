#!/bin/bash
# Whether imgcls says of photographs what the darknet program says.
#
#	scripts/agreement.sh [-l LABELS] [-p PHOTOS] [CFG WEIGHTS]...
#
# PHOTOS is a directory of JPEG or PNG files; without it, darknet's own and
# those of python3-skimage, if it is installed. Without networks, tiny.cfg and
# darknet19.cfg of darknet's, with random weights; WEIGHTS of "-" are random,
# too. LABELS are parts of the photographs' names, one for each class: then the
# accuracy of both programs is said as well.
#
# A table, with a line for each network, first for the photographs as OpenCV
# (libjpeg) decodes them, so that both programs read the same pixels; then for
# the files themselves, which each program decodes for itself:
#
#	valid	images of which imgcls's class, with default options, is the
#		one that "darknet classifier valid" calls right when it is
#		told that it is so
#	crop	by how much the five highest probabilities of darknet differ at
#		most from imgcls's with default options. darknet gets the
#		middle square, as it prints probabilities only of its other
#		way
#	predict	that way: "darknet classifier predict" and --fit letterbox;
#		images with the same most probable class, and the difference
#
# DARKNET is another darknet program: Debian's package decodes by OpenCV, where
# the one that is built here has stb_image, as imgcls does. Only JPEG files then
# differ, and only in their second line.
#
# darknet prints probabilities to 1e-4. Exits with 1 when fewer than 99 in 100
# classes are the same for the same pixels.
set -euo pipefail
labels='' photos=''
while getopts l:p: o; do
	case $o in
	l) labels=$(realpath "$OPTARG") ;;
	p) photos=$(realpath "$OPTARG") ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
networks=()
for name; do
	[ "$name" = - ] || name=$(realpath "$name")
	networks+=("$name")
done
cd "$(dirname "$0")/.."
scripts/deps.sh build engines
build=$(realpath "${BUILD:-build}")
make -s all "$build/tests/net/weights"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
scripts/darknet-program.sh "$tmp"
darknet=${DARKNET:-$tmp/darknet}
[ $# -gt 0 ] ||
    networks=("$tmp"/src/cfg/tiny.cfg - "$tmp"/src/cfg/darknet19.cfg -)
if [ -z "$photos" ]; then
	photos=$tmp/photos
	mkdir "$photos"
	cp "$tmp"/src/data/*.jpg "$photos"
	find /usr/lib/python3/dist-packages/skimage/data -name '*.jp*g' \
	    -exec cp {} "$photos" \; 2>/dev/null || :
fi

# The files by numbers, so that a name can hold no label by chance; whole and
# the middle square, without loss.
mkdir "$tmp"/{file,whole,square}
/usr/bin/python3 - "$photos" "$tmp" <<'EOP'
import os, sys, cv2
photos, tmp = sys.argv[1:]
names = sorted(n for n in os.listdir(photos)
               if n.lower().endswith((".jpg", ".jpeg", ".png")))
with open(f"{tmp}/photos.txt", "w") as said:
    for i, name in enumerate(names):
        im = cv2.imread(f"{photos}/{name}")
        h, w = im.shape[:2]
        m = min(h, w)
        x, y = (w - m) // 2, (h - m) // 2
        cv2.imwrite(f"{tmp}/whole/{i:05d}.png", im)
        cv2.imwrite(f"{tmp}/square/{i:05d}.png", im[y:y + m, x:x + m])
        os.symlink(f"{photos}/{name}", f"{tmp}/file/{i:05d}{os.path.splitext(name)[1]}")
        print(f"{photos}/{name}", file=said)
EOP
for kind in file whole square; do
	printf '%s\n' "$tmp/$kind"/* >"$tmp/$kind.list"
done

# ours KIND OPTION...: "class prob class prob ..." of each photograph
ours() {
	"$build/bin/imgcls" -m "$cfg" -w "$weights" --no-act --top 100000 \
	    "${@:2}" <"$tmp/$1.list" |
	    jq -r '[.top[] | .class, .prob] | @tsv'
}

# theirs KIND: the same five of darknet's
theirs() {
	"$darknet" classifier predict "$tmp/data" "$cfg" "$weights" -t 5 \
	    <"$tmp/$1.list" 2>/dev/null | sed 's/Enter Image Path: /\n/g' |
	    awk 'NF == 0 { n++; next } { line[n] = line[n] " " $2 " " $1 / 100 }
		END { for (i = 1; i <= n; i++) if (i in line) print line[i] }'
}

# compare OURS THEIRS: "SAME of ALL, largest difference"
compare() {
	paste -d '|' "$1" "$2" | awk -F'|' '{
		n = split($1, a, " "); m = split($2, b, " ")
		for (i = 1; i < n; i += 2) prob[a[i]] = a[i + 1]
		same += a[1] == b[1]
		for (i = 1; i < m; i += 2) {
			d = prob[b[i]] - b[i + 1]
			if (d < 0) d = -d
			if (d > most) most = d
		}
	}
	END { printf "%d of %d  %.4f\n", same, NR, most }'
}

# valid KIND OURS: how many darknet calls right when the truth is our class
valid() {
	rm -rf "$tmp/truth"
	mkdir "$tmp/truth"
	cut -f1 "$2" | paste - "$tmp/$1.list" | while read -r class file; do
		mkdir -p "$tmp/truth/$(printf 'class%06d' "$class")"
		ln -s "$file" "$tmp/truth/$(printf 'class%06d' "$class")"
	done
	find "$tmp/truth" -type l >"$tmp/valid.list"
	"$darknet" classifier valid "$tmp/data" "$cfg" "$weights" \
	    2>/dev/null | awk '/ top 1: / { n++; share = $4 + 0 }
		END { printf "%d of %d\n", share * n + .5, n }'
}

# accuracy: of both programs, by the names of the files
accuracy() {
	sed "s,^valid=.*,valid=$tmp/photos.txt,; s,^labels=.*,labels=$labels," \
	    "$tmp/data" >"$tmp/own"
	"$darknet" classifier valid "$tmp/own" "$cfg" "$weights" \
	    2>/dev/null | tail -n 1 | sed 's/^[0-9]*: /  darknet: /'
	jq -Rc --rawfile l "$labels" '($l / "\n" | map(select(. != ""))) as $l |
		. as $p | {image: ., truth: first($l[] | select(
		    . as $x | $p | contains($x)))}' "$tmp/photos.txt" |
	    "$build/bin/imgcls" -v -m "$cfg" -w "$weights" -l "$labels" \
		--no-act 2>&1 >/dev/null | sed 's/^/  /'
}

bad=0
set -- "${networks[@]}"
printf '%-12s %-7s %-14s %-8s %s\n' network pixels valid crop predict
while [ $# -gt 0 ]; do
	cfg=$1 weights=$2
	shift 2
	if [ "$weights" = - ]; then
		weights=$tmp/weights
		"$build/tests/net/weights" "$cfg" "$weights"
	fi
	ours whole >"$tmp/ours"
	classes=$(($(head -n 1 "$tmp/ours" | wc -w) / 2))
	seq -f 'class%06.0f' 0 $((classes - 1)) >"$tmp/labels"
	seq 0 $((classes - 1)) >"$tmp/names"
	printf '%s\n' "classes=$classes" "valid=$tmp/valid.list" \
	    "labels=$tmp/labels" "names=$tmp/names" top=5 >"$tmp/data"
	for kind in whole file; do
		ours $kind >"$tmp/ours"
		right=$(valid $kind "$tmp/ours")
		crop=-
		if [ $kind = whole ]; then
			theirs square >"$tmp/theirs"
			crop=$(compare "$tmp/ours" "$tmp/theirs")
			crop=${crop##* }
			set -- "${right%% *}" "${right##* }" "$@"
			[ $(($1 * 100)) -ge $(($2 * 99)) ] || bad=1
			shift 2
		fi
		ours $kind --fit letterbox >"$tmp/ours"
		theirs $kind >"$tmp/theirs"
		printf '%-12s %-7s %-14s %-8s %s\n' "$(basename "$cfg" .cfg)" \
		    $kind "$right" "$crop" \
		    "$(compare "$tmp/ours" "$tmp/theirs")"
	done
	[ -z "$labels" ] || accuracy
done
exit "$bad"
