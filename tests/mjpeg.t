#!/bin/sh
# imgcls --mjpeg: images one after the other out of a pipe, and --every.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# A network that looks at one pixel.
cat >net.cfg <<CFG
[net]
width=6
height=4
channels=1

[connected]
output=2
activation=linear

[softmax]
CFG
{
	head -c 24 /dev/zero
	printf '\0\0\200\077'
	head -c 188 /dev/zero
} >net.weights
net='imgcls --no-act -m net.cfg -w net.weights'
photos=$top/tests/images
vectors=$top/tests/vectors/images
set -- "$photos/baseline.jpg" "$photos/grey.jpg" "$photos/progressive.jpg" \
    "$vectors/turned1.jpg" "$vectors/turned6.jpg" "$vectors/arithmetic.jpg" \
    "$vectors/ycck.jpg" "$photos/cmyk.jpg"
answers='jq -c "[.prob, .pixels, .error.stage]"'

run "$net $* | $answers"
cp out each
ok 'each image has an answer of its own' \
    test "$(sort -u each | wc -l)" -gt 6
cat "$@" >stream
run "$net --mjpeg <stream"
rc_is 0 'images one after the other'
cp out records
run "$answers records"
ok 'have the answers of the files' cmp each out
run "jq -r .image records | head -n 2"
out_is 'a number each' <<OUT
stdin#0
stdin#1
OUT
now=$(date +%s)
ok 'and the time at which they came' jq -es --argjson now "$now" \
    'all(.time | . > $now - 600 and . <= $now + 1)' records
run "$net --mjpeg -j 2 --batch 4 - <stream | $answers"
ok 'in parallel too' cmp each out

# What a camera sends over HTTP.
for f; do
	printf -- '--frame\r\nContent-Type: image/jpeg\r\n'
	printf 'Content-Length: %d\r\n\r\n' "$(wc -c <"$f")"
	cat "$f"
	printf '\r\n'
done >body
run "$net --mjpeg <body | $answers"
ok 'the parts of a multipart body' cmp each out

# Damage: the first, the fifth and the last.
{
	head -c 570 "$1"
	shift
	cat "$1" "$2" "$3"
	head -c 50 "$4"
	printf 'xxxxxxxx'
	tail -c +59 "$4"
	cat "$5" "$6"
	head -c 400 "$7"
} >damaged
run "$net --mjpeg --trailer <damaged"
rc_is 2 'damaged images'
cp out records
run "jq -c 'select(.error) | [.image, .error.stage, .error.reason]' records"
out_is 'are a record each, which says why' <<OUT
["stdin#0","decode","truncated: another image begins in it"]
["stdin#4","decode","damaged: no JPEG marker"]
["stdin#7","decode","truncated"]
OUT
sed -n '2,4p; 6,7p' each >rest
run "jq -c 'select(.class) | [.prob, .pixels, .error.stage]' records"
ok 'and cost no other' cmp rest out
run "jq -c 'select(.trailer).trailer' records"
out_is 'and are counted' <<OUT
{"tool":"imgcls","records":8,"errors":3}
OUT
# Every byte of the second of three, another value or lost: three records at
# the least, of which the first and the third are right.
f=$photos/grey.jpg
run "$net $f | jq -c '[.prob, .pixels]'"
cp out one
for i in $(seq 0 9 $(($(wc -c <"$f") - 1))); do
	cat "$f"
	head -c "$i" "$f"
	[ $((i % 2)) -eq 0 ] || printf '\125'
	tail -c "+$((i + 2))" "$f"
	cat "$f"
done >many
run "$net --mjpeg --allow-errors <many"
rc_is 0 'damage at all places'
jq -c '[.prob, .pixels]' out >answers
ok 'costs only the damaged ones' test "$(grep -cxFf one answers)" -ge \
    $((2 * (($(wc -c <"$f") + 8) / 9)))
run "echo photos/1.jpg | $net --mjpeg | jq -r .error.reason"
out_is 'text alone' <<OUT
not a JPEG image
OUT
run "$net --mjpeg <net.weights | jq -r .error.reason"
out_is 'what is no JPEG image' <<OUT
not a JPEG image
OUT
run "$net --mjpeg --trailer </dev/null"
rc_is 0 'nothing'
out_is 'is an empty stream' <<OUT
{"trailer":{"tool":"imgcls","records":0,"errors":0}}
OUT
run "$net --mjpeg --max-pixels 30 <stream | jq -c .error.stage | sort | uniq -c | tr -s ' '"
out_is 'the limits of any image' <<OUT
 4 "limit"
 4 null
OUT

# A live one: the record comes before the next image.
mkfifo pipe
$net --mjpeg <pipe >live &
pid=$!
exec 9>pipe
cat "$f" >&9
for _ in $(seq 200); do
	[ -s live ] && break
	sleep 0.05
done
is 'a record comes before the next image' "$(jq -r .image live)" 'stdin#0'
cat "$f" >&9
exec 9>&-
wait "$pid"
is 'and the rest' "$(wc -l <live)" 2

for _ in $(seq 100); do cat stream; done >long
run "$net --mjpeg --every 50 <long | wc -l"
out_is 'a long stream, every 50th' <<OUT
16
OUT

# --every: the first of N, of whatever gives images.
run "$net --mjpeg --every 3 <stream | jq -c '[.seq, .image]'"
out_is 'every third' <<OUT
[1,"stdin#0"]
[2,"stdin#3"]
[3,"stdin#6"]
OUT
mkdir d
for i in 1 2 3 4 5 6 7; do cp "$f" d/$i.jpg; done
run "$net --every 3 d | jq -r .image"
out_is 'of a directory' <<OUT
d/1.jpg
d/4.jpg
d/7.jpg
OUT
run "tar -c --sort=name d | $net --tar --every 4 | jq -r .image"
out_is 'of an archive' <<OUT
d/1.jpg
d/5.jpg
OUT
run "{
	echo d/1.jpg
	echo '{\"image\":\"d/2.jpg\"}'
	echo '{\"image\":\"d/x.jpg\",\"error\":{\"stage\":\"open\"}}'
	echo '{\"image\":\"d/3.jpg\"}'
    } | $net --every 2 | jq -c '[.image, .error.stage]'"
out_is 'of a list, whose records for others all stay' <<OUT
["d/1.jpg",null]
["d/x.jpg","open"]
["d/3.jpg",null]
OUT

# A state goes on: with the number of the record, and with the image's place.
run "$net --mjpeg -s state --every 3 <stream | jq -c '[.seq, .image]'"
run "$net --mjpeg -s state --every 3 <stream | jq -c '[.seq, .image]'"
out_is 'a second stream goes on in the count' <<OUT
[4,"stdin#1"]
[5,"stdin#4"]
[6,"stdin#7"]
OUT
mkdir e
cp "$f" e/1.jpg
cp "$f" e/2.jpg
run "$net --watch e --once -s watched --every 3 | jq -r .image"
out_is 'a directory' <<OUT
e/1.jpg
OUT
cp "$f" e/3.jpg
cp "$f" e/4.jpg
run "$net --watch e --once -s watched --every 3 | jq -r .image"
out_is 'goes on after those that were left out' <<OUT
e/4.jpg
OUT

for o in --tar --watch --null; do
	[ $o != --watch ] || o='--watch d'
	run "$net --mjpeg $o </dev/null"
	err_has 'mjpeg' "--mjpeg and $o"
done
run "$net --mjpeg a.jpg"
err_has "'--mjpeg': standard input is not read: name it as '-'"
done_testing
