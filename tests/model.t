#!/bin/sh
# shellcheck disable=SC2086
# The model that records are of: how imgcls names it, and what the detectors
# and promtext make of records of another one.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# A network of 2 x 2 pixels.
printf '[net]\nwidth=2\nheight=2\nchannels=1\n[connected]\noutput=2\nactivation=linear\n[softmax]\n' >net.cfg
zeros() { head -c "$1" /dev/zero; }
{ printf '\0\0\0\0\2\0\0\0\0\0\0\0'; zeros 48; } >net.weights
printf 'P5 2 2 255\n\0\100\200\377' >a.pgm
name() { imgcls -m net.cfg -w net.weights "$@" a.pgm | jq -r .model; }

# FNV-1a of what the page names, folded to 48 bits.
want() {
	perl -MCompress::Zlib -e '
	    use integer;
	    sub text {
		for (unpack("C*", shift), 0) { $h = ($h ^ $_) * 0x100000001b3 } }
	    $h = -3750763034362895579;
	    for (splice @ARGV, 0, 2) {
		local $/; open F, "<", $_ or die;
		text(sprintf "crc32:%08x", crc32(scalar <F>)) }
	    text($_) for @ARGV;
	    printf "%012x\n", ($h >> 48 & 0xffff) ^ ($h & 0xffffffffffff)' \
	    net.cfg net.weights "$@"
}
is 'a name by a second program' "$(name)" \
    "$(want temperature 1)"
is 'of the preprocessing too' "$(name --fit stretch --no-exif --scale 2)" \
    "$(want fit stretch scale 2 no-exif true temperature 1)"
is 'and of the temperature' "$(name --temperature 2)" "$(want temperature 2)"
ours=$(name)
is 'what is as by default changes nothing' "$(name --fit crop --pool none)" "$ours"
is 'nor does what is no part of it' \
    "$(name --engine darknet --layer 0 --pool mean --top 1 --no-act --threads 2)" "$ours"
mkdir other
cp net.cfg other/x.cfg
cp net.weights other/y.weights
is 'nor where it lies' "$(imgcls -m other/x.cfg -w other/y.weights a.pgm |
    jq -r .model)" "$ours"
{ head -c 59 net.weights; printf x; } >other/y.weights
ok 'other weights are another model' test "$(imgcls -m net.cfg \
    -w other/y.weights a.pgm | jq -r .model)" != "$ours"
echo '{"image":"a.pgm","model":"mine"}' >in
run 'imgcls -m net.cfg -w net.weights in.ndjson - <in'
is 'in a record that has one, the last counts' "$(tail -n 1 out | jq -r .model)" \
    "$ours"
is 'an image that is not answered has none' \
    "$(imgcls -q -m net.cfg -w net.weights none.pgm 2>/dev/null |
	jq -c 'has("model")')" false

# The detectors. Records of one model, of another, and again of the first.
normals 1500 7 | jq -c '.k = (.x > 0)' >s
of() { jq -c --arg m "$1" '.model = $m' s | sed -n "$2p"; }
of A 1,600 >ref
{ of A 601,900; of B 901,1200; of A 1201,1500; } >stream
for d in 'pht -f x' 'iks -f x' 'nmddm -f x' 'chi2 -f k' 'mewma -f x'; do
	tool=${d%% *}
	d="$d --horizon 1000 --reference ref"
	run "$d stream"
	rc_is 0 "$tool: another model"
	err_is "$tool: is said at once, with its place" <<ERR
$tool: stream:301: of model "B", and the reference of "A": nothing is tested where they differ
$tool: 300 records skipped: of another model than the reference
ERR
	is "$tool: nothing is tested" "$(sed -n 301,600p out |
	    jq -c ".$tool" | sort | uniq -c | tr -s ' ')" \
	    ' 300 {"alarm":false,"state":"skipped","reason":"model","reference":"A"}'
	cp out got
	{ of A 601,900; of A 1201,1500; } >right
	run "$d right"
	jq -c "select(.model == \"A\")" got >rest
	jq -c . out >want
	ok "$tool: the others as if they were alone" cmp rest want
	of B 601,900 >wrong
	run "$d -e wrong"
	rc_is 2 "$tool: -e wants a test"
	run "$d -v s"
	err_has '1500 records used, 0 skipped' "$tool: without one, as ever"
	jq -c 'del(.model)' ref >any
	run "$tool ${d#* } stream"
	run "$(echo "$d" | sed 's/ref$/any/') stream"
	err_has "stream:301: of model \"B\", and the reference of \"A\"" \
	    "$tool: a reference of none is of the first that comes"
	cat ref wrong >mixed
	run "$(echo "$d" | sed 's/ref$/mixed/') stream"
	rc_is 2 "$tool: a reference of two"
	err_is "$tool: is none" <<ERR
$tool: mixed:601: of model "B", after "A": a reference is of one model
ERR
	# A reference that the stream gives; the state has its model.
	d=$(echo "$d" | sed 's/--reference ref/--reference-size 200/')
	run "$d -s state-$tool right"
	run "$d -s state-$tool wrong"
	err_has "wrong:1: of model \"B\", and the reference of \"A\"" \
	    "$tool: a state names it"
	run "sed -n 1,100p right | $d; sed -n 1,100p wrong | cat right - |
	    $d | tail -n 1"
	ok "$tool: nor is it learnt" grep -q '"reason":"model"' out
done

# Each group has its own; a common reference is of one.
{ of A 1,400 | jq -c '.cam = 1'; of B 401,800 | jq -c '.cam = 2'; } >both
run "pht -f x -g cam --horizon 1000 --reference both both"
rc_is 0 'groups of two models'
err_is 'are no trouble' </dev/null
run "pht -f x -g cam --horizon 1000 --reference ref both"
is 'where the reference is for all, one is' \
    "$(jq -c 'select(.pht.reason) | .cam' out | sort | uniq -c | tr -s ' ')" ' 400 2'
run "pht -f x -g model --horizon 1000 --reference both stream"
err_is 'models may be the groups' </dev/null
echo '{"x":1,"model":7}' | cat - stream >odd
jq -c '.model += "\\"' ref >>odd
jq -c --arg m "$(printf '%065d' 0)" '.model = $m' ref >>odd
run "pht -v -f x --horizon 1000 --reference ref odd"
err_has '1801 records used, 300 skipped' 'no name that can be compared: as ever'

# An alarm ends with it, and begins anew with the right model.
{ of A 601,700; of A 701,900 | jq -c '.x += 3'; of B 901,910; of A 911,920 |
    jq -c '.x += 3'; } >drift
run "pht -f x --horizon 1000 --reference ref drift"
is 'two events' "$(jq -c 'select(.pht.event) | .model' out | tr '\n' ' ')" '"A" "A" '
is 'none in between' "$(jq -c 'select(.model == "B") | .pht.alarm' out |
    sort -u)" false

# The metrics.
of A 601,900 | jq -c '.class = 1 | .prob = 1' >one
of B 901,1200 | jq -c '.class = 1 | .prob = 1' >two
series() { sed -n "s/^$1{\(.*\)} /\1 /p" out; }
run "cat one | pht -f x --horizon 1000 --reference ref | promtext --model-name net"
is 'the model in use' "$(series imgcls_model_info)" \
    'model="net",digest="A",stream="default" 1'
is 'the right one' "$(series drift_reference_mismatch)" \
    'detector="pht",stream="default" 0'
run "cat one two | pht -q -f x --horizon 1000 --reference ref | promtext"
is 'the model in use alone' "$(series imgcls_model_info)" \
    'model="default",digest="B",stream="default" 1'
is 'another than that of the reference' "$(series drift_reference_mismatch)" \
    'detector="pht",stream="default" 1'
is 'records are counted' "$(series drift_skipped_total)" \
    'tool="pht",reason="model",stream="default" 300'
is 'no test has a value' "$(series drift_statistic; series drift_threshold)" ''
is 'and none an alarm' "$(series drift_detected)" 'feature="x",detector="pht",stream="default" 0'
is 'what was tested is counted' "$(series drift_samples_total)" \
    'feature="x",detector="pht",stream="default" 300'
run "cat two | pht -q -f x --horizon 1000 --reference ref | promtext"
is 'also when nothing ever was' "$(series drift_reference_mismatch)" \
    'detector="pht",stream="default" 1'
# A state of an earlier version kept the model that it knew.
run "promtext -s p --model-version 1 -w net.weights one"
run "promtext -s p --model-version 2 -w other/y.weights two"
is 'of two versions the last' "$(series imgcls_model_info)" \
    'model="y",version="2",digest="B",stream="default" 1'
jq -c 'del(.model)' one >none
run "promtext -w net.weights none"
is 'of records that name none, the weights' "$(series imgcls_model_info)" \
    "model=\"net\",digest=\"crc32:$(perl -MCompress::Zlib -0777 -ne \
    'printf "%08x", crc32($_)' net.weights)\",stream=\"default\" 1"
for cam in x y; do jq -c --arg c $cam '.cam = $c | .model = "of-" + $c' one; done >cams
run "promtext -g cam cams"
is 'each stream its own' "$(series imgcls_model_info)" \
    'model="default",digest="of-x",stream="x" 1
model="default",digest="of-y",stream="y" 1'

done_testing
