#!/bin/bash
# From files to records: the 10,000 test images of Fashion-MNIST through imgcls
# with the shipped model, as PNG files, in an archive and as an IDX file, which
# needs no decoding. In every round each runs once, one after the other, and
# medians over the rounds are shown. Then a JPEG file of 12 megapixels, made of
# darknet's photographs side by side, as decoded and as a whole. scripts/bench.sh
# calls this.
#
#	ROUNDS=5 scripts/bench-images.sh
#	OLD=../old/build/bin/imgcls scripts/bench-images.sh
#
# OLD is the imgcls of another build, with which that file is compared.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/deps.sh bench
PATH=$PWD/${BUILD:-build}/bin:$PATH
rounds=${ROUNDS:-5}
old=$(realpath "${OLD:-$(command -v imgcls)}")
export tmp
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

gzip -dc /usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz \
    >"$tmp/images"
imgdegrade -o "$tmp/png" "$tmp/images"
find "$tmp/png" -type f | sort >"$tmp/names"
tar -cf "$tmp/tar" -C "$tmp" --sort=name png
model="-m data/fashion.cfg -w data/fashion.weights"

# name @ operands and options
cat >"$tmp/commands" <<'EOF'
IDX@$tmp/images
IDX, --batch 32@--batch 32 $tmp/images
PNG@$tmp/png
PNG, --no-sandbox@-q --no-sandbox $tmp/png
PNG, -j 2@-j 2 $tmp/png
PNG, --batch 32@--batch 32 $tmp/png
tar@$tmp/tar
EOF

for ((round = 0; round < rounds; round++)); do
	while IFS='@' read -r name arguments; do
		/usr/bin/time -f '%e %U %S' -o "$tmp/time" \
		    bash -c "exec imgcls $model $arguments" >/dev/null
		echo "$name|$(cat "$tmp/time")"
	done <"$tmp/commands"
done >"$tmp/results"

# The share of decoding is what files cost beyond the IDX file, of the
# processors' time, since decoding goes on beside the network.
awk -F '|' '
{
	split($2, t, " ")
	if (!($1 in n)) order[++kinds] = $1
	elapsed[$1, n[$1] + 0] = t[1]
	busy[$1, n[$1]++ + 0] = t[2] + t[3]
}
function median(v, key,    i, j, x, s) {
	for (i = 0; i < n[key]; i++) s[i] = v[key, i]
	for (i = 1; i < n[key]; i++)
		for (j = i; j > 0 && s[j - 1] > s[j]; j--) {
			x = s[j]; s[j] = s[j - 1]; s[j - 1] = x
		}
	return s[int(n[key] / 2)]
}
END {
	printf "%-26s %8s %10s %8s %12s %10s\n", "10,000 images", "s",
	    "images/s", "cpu, s", "us of cpu", "decoding"
	for (i = 1; i <= kinds; i++) {
		name = order[i]
		s = median(elapsed, name)
		c = median(busy, name)
		base = median(busy, name ~ /batch/ ? order[2] : order[1])
		printf "%-26s %8.2f %10.0f %8.2f %12.1f %9.0f%%\n", name, s,
		    10000 / s, c, 1e6 * c / 10000, 100 * (1 - base / c)
	}
}' "$tmp/results"

echo
echo "resident memory of imgcls, kB, by images:"
for ((i = 0; i < 10; i++)); do
	cat "$tmp/names"
done >"$tmp/many"
for n in 1000 10000 100000; do
	head -n $n "$tmp/many" >"$tmp/part"
	# The figures are for us, the records for nobody.
	# shellcheck disable=SC2069,SC2086
	/usr/bin/time -f "$n %M" imgcls $model <"$tmp/part" 2>&1 >/dev/null
done

# Photographs of 500 x 425, of which 8 x 7 are one.
tar -xJf build/darknet/source/*.orig.tar.xz -C "$tmp" --wildcards \
    '*/data/*.jpg'
mkdir "$tmp/photos"
n=0
while [ $n -lt 56 ]; do
	for f in "$tmp"/*/data/*.jpg; do
		ffmpeg -nostdin -v error -i "$f" -vf "scale=500:425:$(
		    )force_original_aspect_ratio=increase,crop=500:425" \
		    "$tmp/photos/$n.png"
		n=$((n + 1))
	done
done
ffmpeg -nostdin -v error -i "$tmp/photos/%d.png" -vf tile=8x7 \
    -pix_fmt yuvj420p -frames:v 1 -q:v 3 "$tmp/large.jpg"
echo
echo "a JPEG file of $(file -b "$tmp/large.jpg" | grep -o '[0-9]*x[0-9]*' |
    tail -n 1), to 224 x 224 and the statistics of its pixels:"
"${BUILD:-build}/tests/stat/jpeg" "$tmp/large.jpg" "$rounds"

# A network that hardly takes time: means, and four classes.
cat >"$tmp/mean.cfg" <<'CFG'
[net]
width=224
height=224
channels=3
[avgpool]
[connected]
output=4
activation=linear
[softmax]
CFG
perl -e 'print pack "l<3 q< f<16", 0, 2, 0, 0, (0) x 16' >"$tmp/mean.weights"
for ((i = 0; i < 10; i++)); do
	echo "$tmp/large.jpg"
done >"$tmp/photographs"
for ((round = 0; round < rounds; round++)); do
	while IFS='@' read -r name program options; do
		# shellcheck disable=SC2086
		/usr/bin/time -f '%U %S %M' -o "$tmp/time" "$program" \
		    -m "$tmp/mean.cfg" -w "$tmp/mean.weights" $options - \
		    <"$tmp/photographs" >/dev/null
		echo "$name@$(tail -n 1 "$tmp/time")"
	done <<-EOF
		${OLD:+OLD@$old@}
		default@imgcls@
		--preset imagenet@imgcls@--preset imagenet
		--fast-decode@imgcls@--fast-decode
	EOF
done | awk -F '@' '
$1 == "" { next }
{
	split($2, t, " ")
	if (!($1 in n)) order[++kinds] = $1
	ms[$1, n[$1]++ + 0] = 100 * (t[1] + t[2])
	mb[$1] = t[3] / 1024
}
function median(key,    i, j, x, s) {
	for (i = 0; i < n[key]; i++) s[i] = ms[key, i]
	for (i = 1; i < n[key]; i++)
		for (j = i; j > 0 && s[j - 1] > s[j]; j--) {
			x = s[j]; s[j] = s[j - 1]; s[j - 1] = x
		}
	return s[int(n[key] / 2)]
}
END {
	printf "\n%-20s %9s %7s %6s\n", "imgcls, a photograph", "ms of cpu",
	    "ratio", "MB"
	for (i = 1; i <= kinds; i++)
		printf "%-20s %9.1f %7.2f %6.1f\n", order[i],
		    median(order[i]), median(order[1]) / median(order[i]),
		    mb[order[i]]
}'
