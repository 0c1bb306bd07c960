#!/bin/sh
# What imgcls says of the network's inside, and how sure it says it is.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
data=$top/data
set=/usr/share/datasets/fashion-mnist

# Two channels, the image and its double; their means; these two and their
# sum; softmax.
cat >net.cfg <<CFG
[net]
width=2
height=2
channels=1

[conv]
filters=2
size=1
stride=1
activation=linear

[avg]

[connected]
output=3
activation=linear

[softmax]

[cost]
CFG
one='\0\0\0200\077' two='\0\0\0\0100' zero='\0\0\0\0'
{
	printf '\0\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
	printf %b "$zero$zero$one$two"
	printf %b "$zero$zero$zero$one$zero$zero$one$one$one"
} >net.weights
printf 'P5 2 2 255\n\0\63\146\231' >a.pgm
net='imgcls -m net.cfg -w net.weights'
act='jq -c "[.act[] * 10 | round]"'

for layer in 0 -5 conv convolutional; do
	run "$net --layer $layer a.pgm | $act"
	out_is "--layer $layer" <<OUT
[0,2,4,6,0,4,8,12]
OUT
done
for layer in 1 avg avgpool; do
	run "$net --layer $layer a.pgm | $act"
	out_is "--layer $layer" <<OUT
[3,6]
OUT
done
for layer in '' '--layer connected' '--layer penultimate'; do
	run "$net $layer a.pgm | $act"
	out_is "before the softmax: '$layer'" <<OUT
[3,6,9]
OUT
done
for layer in last softmax -2; do
	run "$net --layer $layer a.pgm | jq -c '.act == [.top[2,1,0].prob]'"
	out_has true "probabilities: --layer $layer"
done
run "$net --layer conv,1 --layer -3 a.pgm | jq -c '.act | map_values(length)'"
out_is 'several: an object, by the names that they were called' <<OUT
{"conv":8,"1":2,"-3":3}
OUT
run "$net --layer conv,1 a.pgm | featstat -f act.conv | featstat -f act.1 -n one |
    jq -c '[.act, .feat.n, .one.n, (.one.mean * 100 | round)]'"
out_is 'which featstat takes apart' <<OUT
[{},8,2,45]
OUT
run "$net --layer conv,avg,connected --pool mean a.pgm |
    jq -c '.act | map_values(map(. * 10 | round))'"
out_is '--pool mean: one value for each channel' <<OUT
{"conv":[3,6],"avg":[3,6],"connected":[3,6,9]}
OUT
cat >c.yaml <<'YAML'
model:
  cfg: net.cfg
  weights: net.weights
  temperature: 0.5
imgcls:
  layer: [conv, avgpool]
  pool: mean
YAML
run "imgcls -c c.yaml a.pgm | jq -c '.act'"
out_is 'from the configuration' <<OUT
{"conv":[0.3,0.6],"avgpool":[0.3,0.6]}
OUT
run "imgcls -c c.yaml --layer 1 a.pgm | jq -c '.act'"
out_is 'which the command line replaces' <<OUT
[0.3,0.6]
OUT
run "$net --no-act --layer conv,1 a.pgm | jq -c 'has(\"act\")'"
out_has false 'none'
for layer in 5 -6 lstm '' 'conv,' 1x 0,0; do
	run "$net --layer '$layer' a.pgm"
	rc_is 2 "--layer '$layer'"
	err_has "'--layer': "
done

# Temperature: p = exp(z / T) over its sum.
probs() {
	jq -r '[.top[].prob, .entropy] | @tsv'
}
want() {
	awk -v t="$1" 'BEGIN {
		for (i = 3; i > 0; i--)
			s += e[i] = exp(.3 * i / t)
		for (i = 3; i > 0; i--) {
			p = e[i] / s
			h -= p * log(p)
			printf "%.9f ", p
		}
		printf "%.9f\n", h
	}'
}
for t in 1 0.1 0.5 3 100; do
	run "$net --temperature $t a.pgm"
	probs <out >got
	want $t >wanted
	ok "probabilities and entropy at T = $t" alike 1e-6 wanted got
done
run "$net --temperature 2 a.pgm | $act"
out_is 'act is as it was' <<OUT
[3,6,9]
OUT
sed 's/\[softmax\]/&\ntemperature=2/' net.cfg >warm.cfg
run "imgcls -m warm.cfg -w net.weights --temperature 1.5 a.pgm"
probs <out >got
want 3 >wanted
ok 'on top of the own one of the network' alike 1e-6 wanted got
run "imgcls -c c.yaml a.pgm"
probs <out >got
want 0.5 >wanted
ok 'from the section model' alike 1e-6 wanted got
sed '/softmax/,$d' net.cfg >open.cfg
run "imgcls -m open.cfg -w net.weights --temperature 2 a.pgm"
rc_is 2 'no softmax'
err_has "'--temperature': open.cfg does not end in one softmax"
run "$net --temperature 0 a.pgm"
rc_is 2 'a temperature of 0'

# imgtrain --calibrate on the shipped model, against awk: loss and calibration
# error of 15 bins, from the logits that imgcls writes.
scores() {
	jq -r '[.truth, .act[]] | @tsv' records | awk -v t="$1" '
	{
		best = 2
		for (i = 3; i <= NF; i++)
			if ($i > $best)
				best = i
		s = 0
		for (i = 2; i <= NF; i++)
			s += exp(($i - $best) / t)
		loss += log(s) - ($($1 + 2) - $best) / t
		bin = int(15 / s)
		n[bin]++
		right[bin] += best == $1 + 2
		all += best == $1 + 2
		sure[bin] += 1 / s
	}
	END {
		for (b in n) {
			d = right[b] - sure[b]
			ece += d < 0 ? -d : d
		}
		printf "%.9f %.9f %.9f\n", all / NR, loss / NR, ece / NR
	}'
}
if [ ! -r "$set/t10k-images-idx3-ubyte.gz" ]; then
	skip 'calibration' 'dataset-fashion-mnist is not installed'
else
	cp "$data/fashion.cfg" "$data/fashion.weights" .
	model='-m fashion.cfg -w fashion.weights'
	images=$set/t10k-images-idx3-ubyte.gz
	labels=$set/t10k-labels-idx1-ubyte.gz
	run "imgtrain --calibrate $model --holdout 3000 $images $labels"
	rc_is 0 'imgtrain --calibrate'
	cp out fit
	ok 'leaves the weights alone' cmp "$data/fashion.weights" fashion.weights
	run "imgcls $model --idx-labels $labels $images"
	tail -n 3000 out >records
	t=$(jq .temperature fit)
	scores 1 >want
	scores "$t" >>want
	jq -r '.before, .after | [.accuracy, .loss, .ece] | @tsv' fit >got
	ok 'accuracy, loss and calibration error as awk finds them' \
	    alike 1e-6 want got
	best=$(scores "$t" | cut -d ' ' -f 2)
	for factor in 0.98 1.02; do
		other=$(scores "$(awk "BEGIN { print $t * $factor }")" |
		    cut -d ' ' -f 2)
		ok "the loss is more at $factor T" \
		    awk "BEGIN { exit !($other > $best) }"
	done
	is 'the line for the configuration' "$(jq -r .model fit)" \
	    "$(printf 'temperature: %.4g' "$t")"
	run "imgtrain --calibrate $model --flip $images $labels"
	rc_is 2 'an option of training'
	err_has "'--flip': --calibrate trains nothing"
	printf '%s 8\n' bag.pgm >list
	gzip -dc "$images" | tail -c +$((17 + 784 * 18)) | head -c 784 >bag
	{ printf 'P5 28 28 255\n'; cat bag; } >bag.pgm
	run "imgtrain --calibrate $model list"
	rc_is 2 'one image, which is right'
	err_has '1 images: no temperature of 0.01 to 100 fits them'
fi
done_testing
