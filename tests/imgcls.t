#!/bin/sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
data=$top/data
set=/usr/share/datasets/fashion-mnist

# A network whose answer is known: of an image of 2 x 2, its first and its last
# sample and 0, into a softmax. weights N... writes darknet's file.
cat >net.cfg <<CFG
[net]
width=2
height=2
channels=1

[connected]
output=3
activation=linear

[softmax]
CFG
weights() {
	printf '\0\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
	for x; do
		case $x in
		0) printf '\0\0\0\0' ;;
		1) printf '\0\0\200\077' ;;
		huge) printf '\346\261\141\177' ;; # 3e38
		esac
	done
}
weights 0 0 0  1 0 0 0  0 0 0 1  0 0 0 0 >net.weights
printf 'low\nhigh\nnone\n' >net.labels
net='imgcls -m net.cfg -w net.weights'
printf 'P5 2 2 255\n\0\100\200\377' >a.pgm
touch -d '2026-01-02T03:04:05.678Z' a.pgm

# The whole record: prob is e / (e + 2), entropy its distribution's.
run "$net -l net.labels --engine darknet a.pgm"
rc_is 0 'an image'
err_is 'in silence' </dev/null
out_is 'gives its record' <<'OUT'
{"seq":1,"time":1767323045.678,"image":"a.pgm","model":"4f1f7b82c4ba","class":1,"label":"high","prob":0.5761169,"top":[{"class":1,"prob":0.5761169},{"class":0,"prob":0.21194157},{"class":2,"prob":0.21194157}],"entropy":0.97532785,"pixels":{"width":2,"height":2,"brightness":0.43823528,"contrast":0.36971444,"sharpness":0},"act":[0,1,0]}
OUT
run "$net --engine darknet --no-act --top 1 a.pgm | jq -c '[has(\"act\"), has(\"label\"), .top]'"
out_is 'without act and labels, a shorter top' <<'OUT'
[false,false,[{"class":1,"prob":0.5761169}]]
OUT
run "$net --top 99 a.pgm | jq '.top | length'"
out_is 'top ends with the classes' <<OUT
3
OUT
run "$net --probs --temperature 2 a.pgm | jq -c '.probs == [.top[1,0,2].prob]'"
out_has true '--probs has all, in their order'
run "$net --layer 1 a.pgm | jq -c '.act == [.top[1,0,2].prob]'"
out_has true '--layer counts from the start'
run "$net --layer -1 a.pgm | jq -c '.act | add * 1000 | round'"
out_has 1000 '--layer counts from the end'
run "$net --layer 2 a.pgm"
rc_is 2 'no such layer'
err_has "'--layer': net.cfg has 2 layers and none of this name: '2'"
run "$net --layer -3 a.pgm"
rc_is 2

# Input forms.
show='jq -c "[.seq, .image, .class]"'
run "printf 'a.pgm\n\na.pgm' | $net 2>/dev/null | $show"
out_is 'names' <<'OUT'
[1,"a.pgm",1]
[2,"",null]
[3,"a.pgm",1]
OUT
cp a.pgm 'b
"\.pgm'
run "printf 'a.pgm\0b\n\"\\\\.pgm\0' | $net -0 | $show"
out_is 'names that end in NUL' <<'OUT'
[1,"a.pgm",1]
[2,"b\n\"\\.pgm",1]
OUT
run "printf '{\"image\":\"b\\\\n\\\\u0022\\\\\\\\.pgm\"}' | $net | $show"
out_is 'escapes in a record' <<'OUT'
[1,"b\n\"\\.pgm",1]
OUT
bad=$(printf 'c\377\t.pgm')
cp a.pgm "$bad"
run "$net \"\$bad\" | jq -r '[.image, .class] | @json'"
out_is 'a name that is not UTF-8' <<'OUT'
["c�\t.pgm",1]
OUT
run "echo a.pgm | $net a.pgm - a.pgm | $show"
out_is 'operands and a list' <<'OUT'
[1,"a.pgm",1]
[2,"a.pgm",1]
[3,"a.pgm",1]
OUT
cp a.pgm '{x'
run "echo '{x' | $net | $show"
out_has '[1,"{x",1]' 'a name that begins with a brace'
run "echo '{\"image\":\"a.pgm' | $net"
rc_is 2 'a torn record'
out_has '"image":"{\"image\":\"a.pgm","error":{"stage":"open"'

cat >in.ndjson <<'IN'
{ "camera" : "x", "image":"a.pgm", "n":1.00e2 }
{"image":"a.pgm","seq":7,"time":1.5,"truth":1}
{"image":"a.pgm","seq":8,"time":1,"truth":0}
{"image":"a.pgm","seq":8,"time":1,"truth":"high"}
{"image":"a.pgm","seq":8,"time":1,"truth":"low"}
{"image":"a.pgm","seq":8,"time":1,"truth":"who"}
{"image":"a.pgm","seq":8,"time":1,"truth":3}
{"image":"a.pgm","seq":8,"time":1,"truth":0.5}
{"image":"a.pgm","seq":8,"time":1,"truth":null}
{"image":"a.pgm","error":{"stage":"open","reason":"x"}}
{}
{"image":5}
{"image":"a.pgm\u0000"}
IN
run "$net -l net.labels --no-act <in.ndjson"
rc_is 2 'records, of which some are of no use'
err_is <<ERR 'each counted'
imgcls: 3 of 13 images could not be read
ERR
sed 's/,"model.*//; s/"time":17[0-9.]*/"time":T/; s/"time":[0-9]*\.[0-9][0-9.]*/"time":T/' \
    out >heads
run 'sed 1q heads'
out_is 'other members are left alone' <<'OUT'
{ "camera" : "x", "image":"a.pgm", "n":1.00e2 ,"seq":1,"time":T
OUT
run "$net -v -l net.labels --top 2 <in.ndjson >/dev/null"
err_has 'imgcls: 3 images have a truth that is no class of this network'
err_has 'imgcls: 2 of 4 right: 50.00 %'
err_has 'imgcls: 4 of 4 among the first 2: 100.00 %'
run "sed 's/:0}/:2}/' in.ndjson | $net -v --top 2 >/dev/null"
err_has "5 images have a truth that is no class of this network: it has no labels, see '-l'"
err_has 'imgcls: 1 of 2 among the first 2: 50.00 %'
run "$net -l net.labels --no-act <in.ndjson | jq -c '[.seq, .wrong, .error.stage]'"
out_is 'seq is kept, wrong told where truth is known' <<'OUT'
[1,null,null]
[7,0,null]
[8,1,null]
[8,0,null]
[8,1,null]
[8,null,null]
[8,null,null]
[8,null,null]
[8,null,null]
[null,null,"open"]
[11,null,"record"]
[12,null,"record"]
[13,null,"open"]
OUT
run "$net --trailer a.pgm missing | tail -n 1"
out_is 'a trailer' <<'OUT'
{"trailer":{"tool":"imgcls","records":2,"errors":1}}
OUT

# IDX.
printf '\0\0\10\3\0\0\0\3\0\0\0\2\0\0\0\2aaaa\0aaaa\0aa' >x.idx
printf '\0\0\10\1\0\0\0\3\1\2\0' >y.idx
gzip -k x.idx y.idx
run "$net --idx-labels y.idx x.idx"
rc_is 0 'an IDX file'
run "$net --idx-labels y.idx.gz x.idx.gz | jq -c '[.image, .truth, .class, .wrong]'"
out_is 'a record for each item' <<'OUT'
["x.idx.gz#0",1,0,1]
["x.idx.gz#1",2,1,1]
["x.idx.gz#2",0,0,0]
OUT
run "$net x.idx | jq -c '[.image, .truth, (now - .time) < 100]'"
out_is 'without classes' <<'OUT'
["x.idx#0",null,true]
["x.idx#1",null,true]
["x.idx#2",null,true]
OUT
head -c 25 x.idx >short.idx
run "$net short.idx a.pgm | jq -c '[.image, .error.stage]'"
out_is 'a truncated one is an image that cannot be read' <<'OUT'
["short.idx","decode"]
["a.pgm",null]
OUT
printf '\0\0\10\1\0\0\0\2\1\2' >two.idx
run "$net --idx-labels two.idx x.idx"
rc_is 2 'not as many classes'
err_has 'x.idx: 3 images, but 2 labels'
run "$net --idx-labels missing x.idx"
rc_is 2 'no such file of classes'
out_is 'and no record' </dev/null

# Formats: 4 x 3, made by hand; see tests/lib/image/image_test.c.
base64 -d >i.png <<'B64'
iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAMElEQVR42mPg+M8g8Zpd4zqf
xWFRBo/1MhGzlTPatSqKDRk64i1meNuvMHfboewLAPztDRt8YeafAAAAAElFTkSuQmCC
B64
base64 -d >i.ppm <<'B64'
UDYgNCAzIDI1NQoI/wAY6wco1w44wxVIrxxYmyNohyp4czGIXziYSz+oN0a4I00=
B64
base64 -d >i.bmp <<'B64'
Qk1aAAAAAAAAADYAAAAoAAAABAAAAAMAAAABABgAAAAAACQAAAATCwAAEwsAAAAAAAAAAAAAOF+I
P0uYRjeoTSO4HK9II5tYKodoMXN4AP8IB+sYDtcoFcM4
B64
base64 -d >i.tga <<'B64'
AAACAAAAAAAAAAAABAADABggAP8IB+sYDtcoFcM4HK9II5tYKodoMXN4OF+IP0uYRjeoTSO4
B64
base64 -d >i.psd <<'B64'
OEJQUwABAAAAAAAAAAMAAAADAAAABAAIAAMAAAAAAAAAAAAAAAAAAAgYKDhIWGh4iJiouP/r18Ov
m4dzX0s3IwAHDhUcIyoxOD9GTQ==
B64
base64 -d >i.gif <<'B64'
R0lGODlhBAADAIEAAAAAAP8AAAD/APr6+iwAAAAABAADAAACCESoEaFGhFoBADs=
B64
base64 -d >i.jpg <<'B64'
/9j/2wBDAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
CAgICAgICAgICAgICAj/wAALCAADAAQBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAf/xAAUEAEA
AAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AKQ//9k=
B64
say='jq -r "[.image, .pixels.width, .pixels.height, (.pixels.brightness * 1000 | round)] | @tsv"'
run "$net i.png i.ppm i.bmp i.tga i.psd i.gif i.jpg | $say"
out_is 'every format' <<OUT
i.png	4	3	464
i.ppm	4	3	464
i.bmp	4	3	464
i.tga	4	3	464
i.psd	4	3	464
i.gif	4	3	467
i.jpg	4	3	784
OUT
cat i.jpg i.jpg >film.jpg
printf '\0\0' >>film.jpg
cat i.jpg >>film.jpg
run "$net i.jpg film.jpg $top/tests/images/plain.gif $top/tests/images/animated.gif |
    jq -c .pixels.frames_left"
out_is 'frames that are not classified are counted' <<OUT
null
2
null
2
OUT
cp i.png misnamed.jpg
run "$net misnamed.jpg"
rc_is 0 'by content, not by name'
# The same picture in grey and in colour, into one channel and into three.
printf 'P6 2 2 255\n\0\0\0\100\100\100\200\200\200\377\377\377' >a.ppm
run "$net a.pgm a.ppm | jq -c .act"
out_is 'colour becomes luma' <<OUT
[0,1,0]
[0,1,0]
OUT
sed 's/channels=1/channels=3/' net.cfg >rgb.cfg
weights 0 0 0  1 0 0 0 0 0 0 0 0 0 0 0  0 0 0 0 1 0 0 0 0 0 0 0 \
    0 0 0 0 0 0 0 0 1 0 0 0 >rgb.weights
printf 'P6 2 2 255\n\0\63\377...012345' >rgb.ppm
run "imgcls -m rgb.cfg -w rgb.weights rgb.ppm a.pgm | jq -c .act"
out_is 'channels in order, grey repeated' <<OUT
[0,0.2,1]
[0,0,0]
OUT
run "$net i.jpg | jq -c .act"
out_is 'made larger for the network' <<OUT
[0.78431374,0.78431374,0]
OUT

# What is no image.
: >empty
head -c 60 i.png >cut.png
head -c 30 i.ppm >cut.ppm
head -c 130 i.jpg >cut.jpg
echo 'a text' >text
mkfifo fifo
# 65500 x 65500 and 15000 x 15000 in the header, a few bytes behind it.
{ head -c 16 i.png; printf '\0\0\377\334\0\0\377\334'; tail -c +25 i.png; } >bomb.png
{ head -c 16 i.png; printf '\0\0\072\230\0\0\072\230'; tail -c +25 i.png; } >large.png
printf 'P6 60000 60000 255\n' >large.ppm
printf '%s\n' missing . fifo /dev/zero empty text cut.png cut.ppm \
    cut.jpg bomb.png large.png large.ppm a.pgm/x >names
run "$net <names"
rc_is 2 'what is no image'
err_is 'said once' <<ERR
imgcls: 13 of 13 images could not be read
ERR
cp out bad
run 'jq -r "[.image, .error.stage, .error.reason] | @tsv" bad'
out_is 'each with its stage and reason' <<OUT
missing	open	No such file or directory
.	open	is a directory
fifo	open	not a regular file
/dev/zero	open	not a regular file
empty	decode	empty file
text	decode	unknown image type
cut.png	decode	truncated
cut.ppm	decode	truncated
cut.jpg	decode	truncated
bomb.png	limit	too many pixels
large.png	limit	too many pixels
large.ppm	limit	too many pixels
a.pgm/x	open	Not a directory
OUT
run 'jq -e -s "all(.seq > 0 and .time > 0 and (has(\"class\") | not))" bad'
rc_is 0 'as records'
if [ "$(id -u)" -ne 0 ]; then
	cp a.pgm secret.pgm && chmod 0 secret.pgm
	run "$net secret.pgm"
	out_has 'Permission denied'
else
	skip 'a file that may not be read' 'root may read all'
fi
run "$net --max-pixels 3 a.pgm x.idx | jq -r .error.stage | sort | uniq -c | tr -d ' '"
out_is '--max-pixels' <<OUT
4limit
OUT
weights 0 0 0  huge huge huge huge  0 0 0 0  0 0 0 0 >huge.weights
printf 'P5 2 2 255\n\377\377\377\377' >white.pgm
run 'imgcls -m net.cfg -w huge.weights white.pgm'
out_has '"error":{"stage":"predict","reason":"output is not finite"}'

# Model files: a message, no record.
refuses() {
	run "imgcls $2 a.pgm"
	rc_is 2 "$1"
	out_is 'no record' </dev/null
	err_has "$3"
}
refuses 'no model' '' 'give -m, or -c'
refuses 'no cfg' '-m nil -w net.weights' 'nil: No such file'
sed 's/\(width\|height\)=.*/\1=999/' net.cfg >wide.cfg
refuses 'too much memory' '-m wide.cfg -w net.weights --max-memory 3' \
    'bytes up to here, more than the 3145728 of --max-memory'
refuses 'with the other engine' \
    '-m wide.cfg -w net.weights --max-memory 3 --engine darknet' \
    "wide.cfg:1: '[net]': the network needs 3992004 bytes"
refuses 'no weights' '-m net.cfg -w nil' 'nil: No such file'
head -c 70 net.weights >cut.weights
refuses 'truncated weights' '-m net.cfg -w cut.weights' 'cut.weights'
cat net.weights net.cfg >long.weights
refuses 'weights of another network' '-m net.cfg -w long.weights' 'long.weights'
echo '[nonsense]' >bad.cfg
refuses 'a malformed cfg' '-m bad.cfg -w net.weights' 'bad.cfg'
refuses 'a directory' '-m . -w net.weights' 'imgcls: .: '
sed 's/channels=1/channels=2/' net.cfg >two.cfg
weights 0 0 0  0 0 0 0 0 0 0 0  0 0 0 0 0 0 0 0  0 0 0 0 0 0 0 0 >two.weights
refuses 'two channels' '-m two.cfg -w two.weights' 'two.cfg: takes 2 channels'
labels() {
	printf %b "$2" >l
	refuses "labels: $1" '-m net.cfg -w net.weights -l l' "$3"
}
labels 'too few' 'a\nb\n' "l: has 2 labels, but 'net.cfg' has 3 classes"
labels 'a blank line' 'a\n \nc\n' 'l:2: blank line'
labels 'blank lines' '\n\n' 'l: has no labels'
labels 'not UTF-8' 'a\nb\nc\0377\n' 'l:3: not UTF-8 text'
labels 'nothing' '' 'l: has no labels'
printf '\357\273\277a\t\r\nb  \na\nd\n \n\n' >l
run "$net -l l a.pgm | jq -r .label"
rc_is 0 'more labels than classes,'
err_has "l: has 4 labels: the first 3 count, as 'net.cfg' has so many classes"
out_is 'and blanks at the end of lines and of the file' <<'OUT'
b
OUT
refuses 'labels: missing' '-m net.cfg -w net.weights -l nil' 'nil: No such'
refuses 'labels: a directory' '-m net.cfg -w net.weights -l .' '.: Is a directory'
printf 'a\r\n"b"\r\na' >l
run "$net -l l a.pgm | jq -r .label"
out_is 'CR LF, quotes, twice the same, no newline at the end' <<'OUT'
"b"
OUT
run "echo '{\"image\":\"x.pgm\",\"truth\":\"a\"}' >r; printf 'P5 2 2 255\n\377\0\0\0' >x.pgm; $net -l l <r | jq .wrong"
out_is 'two classes of one name are both right' <<OUT
0
OUT
mkdir conf
cat >conf/c.yaml <<'YAML'
model:
  cfg: ../net.cfg
  weights: ../net.weights
  labels: ../net.labels
imgcls:
  top: 1
  no-act: true
YAML
run 'imgcls -c conf/c.yaml a.pgm | jq -c "[.label, .top[].class, .act]"'
out_is 'all from the configuration' <<OUT
["high",1,null]
OUT

# Ends.
run "$net a.pgm >/dev/full"
rc_is 2 'a full disk'
err_has 'No space left on device'
yes a.pgm | head -n 20000 >many
run "$net <many | head -n 1 | jq .seq"
out_is 'a closed pipe' <<OUT
1
OUT
err_is 'ends it quietly' </dev/null
mkfifo in
$net <in >live &
pid=$!
exec 9>in
echo a.pgm >&9
for i in 1 2 3 4 5 6 7 8 9 10; do
	[ -s live ] && break
	sleep 0.2
done
is 'a record comes before the next name' "$(wc -l <live | tr -d ' ')" 1
kill -TERM "$pid"
wait "$pid"
is 'SIGTERM ends it cleanly' $? 0
exec 9>&-
$net --trailer <in >whole &
pid=$!
exec 9>in
kill -INT "$pid" 2>/dev/null
exec 9>&-
wait "$pid"
is 'the end of the input, too' $? 0

run 'imgcls --help'
rc_is 0
for o in cfg weights labels layer pool temperature top no-act null idx-labels \
    max-pixels fit filter mean scale order no-exif trailer \
    config quiet verbose help version; do
	out_has "--$o"
done
run 'imgcls --nonsense'
rc_is 2 'no such option'

run "$net <many | tail -n 1 | jq .seq"
out_has 20000 'many images'
if [ -n "$SANITIZE" ]; then
	skip 'memory stays small' 'the sanitizer needs its own'
else
	mkfifo in2
	$net <in2 >many.out &
	pid=$!
	exec 9>in2
	cat many >&9
	kb=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status)
	exec 9>&-
	wait "$pid"
	ok "memory stays small ($kb kB)" test "$kb" -lt 16384
fi
tool=$(command -v imgcls)
run "ldd $tool | grep -ci opencv"
out_is 'no OpenCV' <<OUT
0
OUT

# The shipped model.
model() {
	imgcls -m "$data/fashion.cfg" -w "$data/fashion.weights" \
	    -l "$data/fashion.names" --no-act "$@"
}
if [ ! -r "$data/fashion.weights" ]; then
	skip 'accuracy' 'no model yet'
elif [ ! -r "$set/t10k-images-idx3-ubyte.gz" ]; then
	skip 'accuracy' 'dataset-fashion-mnist is not installed'
else
	run "model --idx-labels $set/t10k-labels-idx1-ubyte.gz \
	    $set/t10k-images-idx3-ubyte.gz"
	rc_is 0 'the 10,000 test images'
	cp out all
	right=$(grep -c '"wrong":0' all)
	is 'all have an answer' "$(grep -c '"wrong":' all)" 10000
	ok "accuracy of at least 92.5 % ($right of 10000)" test "$right" -ge 9250
	imgdegrade -o png --count 100 "$set/t10k-images-idx3-ubyte.gz"
	model png/*.png | jq -c '[.class, .prob]' >from.png
	head -n 100 all | jq -c '[.class, .prob]' >from.idx
	ok 'PNG and IDX give the same' cmp from.png from.idx
fi

# --- members that the user gives, with the directory of the image
mkdir -p 'yard/no"rth'
cp a.pgm 'yard/no"rth'
tar cf yard.tar -C yard . --transform 's,^./,,'
run "$net --no-act --set camera=%d --set 'site=A %%%d' a.pgm 'yard/no\"rth/a.pgm' \
    .//yard//a.pgm yard.tar | jq -c '[.image, .camera, .site]'"
out_is '--set' <<'OUT'
["a.pgm",".","A %."]
["yard/no\"rth/a.pgm","no\"rth","A %no\"rth"]
[".//yard//a.pgm","yard","A %yard"]
["yard.tar#no\"rth/a.pgm","no\"rth","A %no\"rth"]
OUT
run "echo '{\"image\":\"none/a.pgm\",\"seq\":1,\"time\":2,\"camera\":\"x\"}' |
    $net --set camera=%d --allow-errors"
out_has '"camera":"x","camera":"none","error":' 'in a record with an error, too'
while read -r given why; do
	run "$net --set '$given' a.pgm"
	is "--set $given" "$rc $(cat "$tmp/err")" "2 imgcls: '--set': $why"
done <<'END'
camera not NAME=VALUE: 'camera'
=x not NAME=VALUE: '=x'
prob=1 imgcls writes 'prob' itself
a.b=1 not the name of a member: 'a.b'
a=%n after '%' only 'd' or '%': 'a=%n'
END
done_testing
