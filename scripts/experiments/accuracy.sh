#!/bin/bash
# How far accest's estimates are from the accuracy of a window, for images that
# are damaged in ways that nothing was learnt of, and for other mixes of
# classes: the numbers of accest(1).
#
#	scripts/experiments/accuracy.sh
#	IMAGES=200 SEVERITIES='2 4' SIZES=200 scripts/experiments/accuracy.sh
#	MODEL=six scripts/experiments/accuracy.sh
#	MODEL=resnet56 scripts/experiments/accuracy.sh
#
# MODEL is the shipped one, that of six.sh, or one of cifar.py, which has to have
# been run into build/cifar: resnet20, resnet32, resnet44 or resnet56. Learnt from
# are the last 5,000 training images, or 3,000 for six, and IMAGES (1,000) of them
# with each severity of four kinds of damage; the windows are of test images, as
# they are and with other kinds. The networks of cifar.py were trained on all
# training images: learnt from are the first 5,000 test images, and the windows
# are of the others. By seven of these kinds the settings of accest were chosen,
# the other six were only used here. DRAWS (2) windows of each size
# are drawn, with replacement, of each kind and severity: of all classes alike, or
# with shares from a Dirichlet distribution. With MORE=1 all eleven kinds are
# learnt from, and the windows are of the six. OUT (below build/) keeps the
# records. The second line is a small run, of a few minutes.
#
# Then streams of LENGTH (2,000) records are drawn in the same way, and those
# counted in which accest raised an alarm. PART is one of the two alone: windows,
# alarms; or records, which only makes them.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
images=${IMAGES:-1000} severities=${SEVERITIES:-1 2 3 4 5}
model=${MODEL:-shipped}
out=${OUT:-build/accuracy-$model-$images-${severities// /}${MORE:+-more}}
case $model in
shipped)
	set=/usr/share/datasets/fashion-mnist
	network=(-m data/fashion.cfg -w data/fashion.weights)
	train=train test=t10k classes=10 first=55000 whole=5000 others=0
	;;
six)
	set=build/six
	network=(-m build/six/six.cfg -w build/six/six.weights)
	train=train test=t10k classes=6 first=33000 whole=3000 others=0
	;;
resnet*)
	set=build/cifar
	network=(-m "build/cifar/$model.onnx" --preset imagenet --crop 1)
	train=test test=test classes=10 first=0 whole=5000 others=5000
	[ -s "$set/$model.onnx" ] || {
		echo "accuracy.sh: no $model.onnx: see cifar.py" >&2
		exit 2
	}
	;;
*) echo "accuracy.sh: MODEL is shipped, six or resnet56" >&2; exit 2 ;;
esac
learn='gaussian_noise gaussian_blur contrast rotate'
chosen='shot_noise motion_blur brightness shear fog glass_blur pixelate'
held='impulse_noise defocus_blur zoom_blur translate stripe spatter'
[ -z "${MORE:-}" ] || { learn+=" $chosen"; chosen=; }
length=${LENGTH:-2000}
falls=${FALLS:-0.01 0.02 0.03 0.05}
methods='cbpe atc doc cot cott em fit auto'
mkdir -p "$out"

# damage SET OPTION...: images of the set, each a record with its class.
damage() {
	if [ "$set" = build/cifar ]; then
		imgdegrade -q --list "${@:2}" - < <(jq -R -c '
		    capture("^(?<image>.*) (?<truth>[0-9]+)$") |
		    .truth |= tonumber' "$set/$1")
	else
		imgdegrade -q --labels "$set/$1-labels-idx1-ubyte.gz" "${@:2}" \
		    "$set/$1-images-idx3-ubyte.gz"
	fi
}

# records NAME SKIP COUNT SET [KIND]: a line for each image and severity.
records() {
	local to=$out/$1 frames=$out/frames kinds=() s
	[ ! -s "$to" ] || return 0
	for s in ${5:+$severities}; do
		kinds+=(--corrupt "$5:$s")
	done
	[ $# = 4 ] || kinds+=(--constants cifar)
	damage "$4" -o "$frames" --skip "$2" --count "$3" "${kinds[@]}" |
	    imgcls -q "${network[@]}" --no-act --probs --top 1 --batch 32 |
	    jq -c '{severity, truth, wrong, probs}' |
	    sort -s -t, -k1,1 >"$to.tmp"
	mv "$to.tmp" "$to"
	rm -rf "$frames"
}

# draw W ALPHA FILE...: windows, each with its number, what is right on average
# of its kind, strength and shares of classes, and, in its last record, what is
# right of the window. Alpha is a whole number; 0: all classes alike.
draw() {
	awk -v size="$1" -v alpha="$2" -v draws="${DRAWS:-2}" \
	    -v classes="$classes" '
	function gamma(  g, i) {
		for (i = 0; i < alpha; i++)
			g -= log(1 - rand())
		return g
	}
	function class(u,  c) {
		for (c = 0; c < classes - 1 && u > share[c]; c++)
			u -= share[c]
		return c
	}
	function put(  w, i, c, k, sum, right, own) {
		for (w = 0; w < draws; w++) {
			windows++
			for (c = sum = 0; c < classes; c++)
				sum += share[c] = alpha ? gamma() : 1
			for (c = own = 0; c < classes; c++) {
				share[c] /= sum
				own += n[c] ? share[c] * good[c] / n[c] : 0
			}
			for (i = right = 0; i < size; i++) {
				c = class(rand())
				k = int(rand() * n[c])
				right += !wrong[c, k]
				printf "{\"w\":%d,\"kind\":\"%s\"," \
				    "\"own\":%.9g,\"right\":%.9g," \
				    "\"probs\":%s\n", windows, kind, own,
				    right / size, line[c, k]
			}
		}
		split("", n)
		split("", good)
	}
	BEGIN { srand(7) }
	{
		match($0, /"severity":[0-9a-z]*/)
		s = FILENAME substr($0, RSTART, RLENGTH)
		if (NR > 1 && (s != last || FNR == 1))
			put()
		last = s
		kind = FILENAME
		sub(/.*\//, "", kind)
		match($0, /"truth":[0-9]/)
		c = substr($0, RSTART + 8, 1)
		wrong[c, n[c] + 0] = index($0, "\"wrong\":1") > 0
		good[c] += !wrong[c, n[c] + 0]
		line[c, n[c]++] = substr($0, index($0, "\"probs\":") + 8)
	}
	END { put() }' "${@:3}"
}

# What all methods say of each window, in a line.
judge() { # SIZE LEARNT
	local m line='cat' members
	members=$(echo "$methods" | sed 's/[a-z]*/.&/g; s/ /, /g')
	for m in $methods; do
		line+=" | accest -q -n $m -m $m -g w --max-groups 100000 \
		    --stride $1 --learnt $2"
	done
	eval "$line" | awk -v n="$1" 'NR % n == 0' | jq -r "[.kind, .right, .own,
	    ($members | .accuracy, .low, .high)] | join(\" \")"
}

# The mean and largest error, and the share of intervals that hold the truth;
# before them the mean error of the usual accuracy, and of the window's own.
score() { # USUAL
	awk -v usual="$1" '{
		for (m = 0; 4 + 3 * m <= NF; m++) {
			x = $(4 + 3 * m)
			off = x < $2 ? $2 - x : x - $2
			sum[m] += off
			most[m] = off > most[m] ? off : most[m]
			held[m] += $2 >= $(5 + 3 * m) - 1e-9 && \
			    $2 <= $(6 + 3 * m) + 1e-9
		}
		as += $2 < usual ? usual - $2 : $2 - usual
		chance += $2 < $3 ? $3 - $2 : $2 - $3
	} END {
		printf " %5.1f %6.1f", 100 * as / NR, 100 * chance / NR
		for (m = 0; m in sum; m++)
			printf " %5.1f %4.1f %4.2f", 100 * sum[m] / NR,
			    100 * most[m], held[m] / NR
		print ""
	}'
}

learn() { # SIZE
	local f damaged=()
	for f in $learn; do damaged+=(--damaged "$out/$f"); done
	accest -q --learn --window "$1" -o "$out/learnt-$1" "${damaged[@]}" \
	    "$out/val"
}

# A line for each stream: its kind, how many are right, and whether there was
# an alarm, for each --fall.
watch() { # LEARNT
	local f line='cat'
	for f in $falls; do
		line+=" | accest -q -n f$f --fall $f -g w --max-groups 100000 \
		    --learnt $1"
	done
	eval "$line" | awk -v falls="$falls" -v length_="$length" '
	BEGIN { n = split(falls, f, " ") }
	{
		for (i = 1; i <= n; i++)
			hit[i] += index($0, "\"f" f[i] "\":{\"alarm\":true") > 0
		if (NR % length_)
			next
		match($0, /"kind":"[a-z_]*/)
		printf "%s", substr($0, RSTART + 8, RLENGTH - 8)
		match($0, /"right":[0-9.]*/)
		printf " %s", substr($0, RSTART + 8, RLENGTH - 8)
		for (i = 1; i <= n; i++)
			printf " %d", (hit[i] > 0)
		print ""
		split("", hit)
	}'
}

# The share of streams with an alarm, with Wilson's 90 % interval, by how many
# points accuracy has fallen.
count() { # USUAL
	awk -v usual="$1" -v names='2 or less|2 to 5|5 to 10|10 and more' '
	BEGIN {
		rows = split(names, name, "|")
		split("2 5 10", edge, " ")
	}
	{
		fell = 100 * (usual - $2)
		for (r = 1; r < rows && fell > edge[r]; r++)
			;
		for (i = 3; i <= NF; i++)
			hit[r, i] += $i
		n[r]++
		fields = NF
	}
	END {
		z = 1.6449
		for (r = 1; r <= rows; r++) {
			if (!n[r])
				continue
			printf "%-16s %5d", name[r], n[r]
			for (i = 3; i <= fields; i++) {
				p = hit[r, i] / n[r]
				d = 1 + z * z / n[r]
				m = (p + z * z / 2 / n[r]) / d
				s = z / d * sqrt(p * (1 - p) / n[r] + \
				    z * z / 4 / n[r] / n[r])
				printf "  %.3f (%.3f %.3f)", p, m - s, m + s
			}
			print ""
		}
	}'
}

# The table of errors, by method.
windows() {
	local size usual group kinds alpha mix said f m

	printf 'Error in points: mean, largest, share of 90 %% intervals that hold.\n'
	printf '%-8s %-6s %4s %5s %6s' images mix size usual chance
	# shellcheck disable=SC2086
	printf ' %15s' $methods
	echo
	for size in ${SIZES:-200 500 1000}; do
		learn "$size"
		usual=$(jq .accuracy "$out/learnt-$size")
		for group in clean ${chosen:+chosen} held; do
			case $group in
			clean) read -ra kinds <<<"$(printf 'clean %.0s' {1..20})" ;;
			chosen) read -ra kinds <<<"$chosen" ;;
			held) read -ra kinds <<<"$held" ;;
			esac
			for alpha in 0 10 1; do
				case $alpha in
				0) mix=none ;;
				10) mix=mild ;;
				1) mix=strong ;;
				esac
				said=$out/said-$group-$mix-$size
				draw "$size" "$alpha" "${kinds[@]/#/$out/}" |
				    judge "$size" "$out/learnt-$size" >"$said"
				printf '%-8s %-6s %4d' "$group" "$mix" "$size"
				score "$usual" <"$said"
			done
		done
	done
	printf '\nThe same for auto, by kind, in windows of all mixes and sizes.\n'
	for f in clean $chosen $held; do
		printf '%-14s' "$f"
		cat "$out"/said-* | awk -v f="$f" '$1 == f {
		    print $1, $2, $3, $(NF - 2), $(NF - 1), $NF }' | score "$usual"
	done
}

# The table of alarms.
alarms() {
	local size=${ALARM_SIZE:-500} usual group alpha kinds

	[ -s "$out/learnt-$size" ] || learn "$size"
	printf '\nStreams of %d records with an alarm (share, 90 %% interval), windows of\n' \
	    "$length"
	printf '%d, by how many points their accuracy has fallen.\n' "$size"
	usual=$(jq .accuracy "$out/learnt-$size")
	for group in clean ${chosen:+chosen} held; do
		case $group in
		clean) read -ra kinds <<<"$(printf 'clean %.0s' {1..20})" ;;
		chosen) read -ra kinds <<<"$chosen" ;;
		held) read -ra kinds <<<"$held" ;;
		esac
		for alpha in 0 10 1; do
			draw "$length" "$alpha" "${kinds[@]/#/$out/}" |
			    watch "$out/learnt-$size"
		done >"$out/alarms-$group"
	done
	for group in clean ${chosen:+chosen} held '*'; do
		printf '%-16s %5s' "${group/\*/all}, fell by" n
		# shellcheck disable=SC2086
		printf '  --fall %-12s' $falls
		echo
		# shellcheck disable=SC2086
		cat "$out"/alarms-$group | count "$usual"
	done
}

[ "$model" != six ] || scripts/experiments/six.sh "$set"
records val "$first" "$whole" "$train"
records clean "$others" 3000 "$test"
for f in $learn; do records "$f" "$first" "$images" "$train" "$f"; done
for f in $chosen $held; do
	records "$f" $((others + 3000)) "$images" "$test" "$f"
done

case ${PART:-all} in
all) windows; alarms ;;
windows | alarms) "$PART" ;;
records) ;;
esac
