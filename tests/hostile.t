#!/bin/sh
# Images that mean harm, and names that are hard to write down: a record each,
# and imgcls goes on. What a decoder that was taken over may do is in
# tests/lib/decoder/pool_test.c; damage by chance in tests/mutants.t.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
model="-m $top/data/fashion.cfg -w $top/data/fashion.weights --no-act --top 1"
images=$top/tests/images
good=$images/rgb.png

# be32 N: as four bytes.
be32() {
	printf %b "$(printf '\\0%o' $(($1 >> 24 & 255)) $(($1 >> 16 & 255)) \
	    $(($1 >> 8 & 255)) $(($1 & 255)))"
}

# chunk FILE: a chunk of PNG, of a file that begins with its name; the checksum
# is the one that gzip ends with.
chunk() {
	be32 $(($(wc -c <"$1") - 4))
	cat "$1"
	be32 "$(gzip -1 <"$1" | tail -c 8 | head -c 4 | od -An -tu4)"
}

# png WIDTH HEIGHT ZEROS: a grey PNG file whose data are so many zeros.
png() {
	{ printf 'IDAT\170\332'; head -c "$3" /dev/zero | gzip -9 | tail -c +11; } >idat
	{ printf IHDR; be32 "$1"; be32 "$2"; printf '\010\0\0\0\0'; } >ihdr
	printf IEND >iend
	printf '\211PNG\r\n\032\n'
	chunk ihdr
	chunk idat
	chunk iend
}

# gif FRAMES: of 33 x 25, each the same.
gif() {
	head -c 109 "$images/plain.gif"
	i=0
	tail -c +110 "$images/plain.gif" | head -c -1 >frame
	while [ $i -lt "$1" ]; do
		cat frame
		i=$((i + 1))
	done
	printf ';'
}

: >empty.png
for n in 1 8 30 60 1000; do
	head -c $n "$good" >cut$n.png
done
{ head -c 200 "$good"; printf '\377'; tail -c +202 "$good"; } >flipped.png
mkdir directory.png
mkfifo fifo.png
png 65500 65500 1000 >vast.png
png 40 40 200000000 >bomb.png
png 9000 9000 81009000 >large.png
printf 'GIF89a\377\377\377\377\0\0\0' >vast.gif
printf 'P6 65500 65500 255\n' >vast.ppm
gif 1000 >frames.gif
cp "$images/baseline.jpg" wrong.bmp
ln -s nowhere dangling.png
ln -s loop.png loop.png
cat >names <<'LIST'
empty.png
cut1.png
cut8.png
cut30.png
cut60.png
cut1000.png
flipped.png
directory.png
fifo.png
/dev/zero
/proc/self/mem
vast.png
bomb.png
large.png
vast.gif
vast.ppm
frames.gif
wrong.bmp
dangling.png
loop.png
missing.png
LIST
run "imgcls $model <names"
rc_is 2 'images that mean harm'
err_is 'are counted' <<'ERR'
imgcls: 18 of 21 images could not be read
ERR
cp out all
run "jq -r '[.image, .error.stage, .error.reason] | @tsv' all"
# The second is what musl calls it.
grep -v '^cut\|^flipped\|^/proc' out |
    sed 's/Symbolic link loop/Too many levels of symbolic links/' >said
cat >want <<'OUT'
empty.png	decode	empty file
directory.png	open	is a directory
fifo.png	open	not a regular file
/dev/zero	open	not a regular file
vast.png	limit	too many pixels
bomb.png	limit	more data than its size allows
large.png		
vast.gif	limit	too many pixels
vast.ppm	limit	too many pixels
frames.gif		
wrong.bmp		
dangling.png	open	No such file or directory
loop.png	open	Too many levels of symbolic links
missing.png	open	No such file or directory
OUT
ok 'each with its reason' diff want said
run "jq -r 'select(.image | test(\"^(cut|flipped|/proc)\")) | .error.stage' all | sort | uniq -c | sed 's/^ *//'"
out_is 'what is cut or flipped is not decoded' <<'OUT'
7 decode
OUT
for how in --no-sandbox '-j 3' '--batch 4' '-j 2 --batch 256'; do
	run "imgcls $model $how <names | jq -c 'del(.time)'"
	jq -c 'del(.time)' all >want
	ok "the same with $how" cmp want out
done

# Names.
hard=$(printf 'a\377\376\n"\\\t\302.png')
cp "$good" "$hard"
run "printf '%s\\0' \"\$hard\" | imgcls $model -0"
rc_is 0 'a name that is not UTF-8'
cp out hard.ndjson
run 'wc -l <hard.ndjson | tr -d " "; jq -r .image hard.ndjson | od -An -c'
out_has 1 'is a record of one line'
run 'jq -rj .image_bytes hard.ndjson | base64 -d | od -An -tx1'
out_is 'from which it is recovered' <<'OUT'
 61 ff fe 0a 22 5c 09 c2 2e 70 6e 67
OUT
run "jq -c '{image, image_bytes}' hard.ndjson | imgcls $model | jq -c .class"
jq -c .class hard.ndjson >class
ok 'and read again' cmp class out
run "imgcls $model '$good' | jq -c 'has(\"image_bytes\")'"
out_is 'other names have one member' <<'OUT'
false
OUT
echo '{"image":"x.png","image_bytes":"eA="}' >bad.ndjson
run "imgcls $model <bad.ndjson"
rc_is 2 'bytes that are no base64'
out_has "\"error\":{\"stage\":\"record\",\"reason\":\"'image_bytes' is not base64\"}"

# What takes too long. Nothing decodes 81 million pixels in 10 milliseconds.
run "imgcls $model --timeout 0.01 --threads 2 '$good' large.png '$good' |
    jq -c '[.class != null, .error.reason]'"
out_is 'a decoder that takes too long is stopped, and replaced' <<'OUT'
[true,null]
[false,"its decoder took too long"]
[true,null]
OUT

# What is not there any more.
mkdir going
i=0
while [ $i -lt 500 ]; do
	cp "$good" going/$i.png
	i=$((i + 1))
done
find going -name '*.png' >list
rm -r going &
# The options are words.
# shellcheck disable=SC2086
imgcls $model -j 2 --batch 8 <list >out 2>err
wait $!
jq -r .image out >said
ok 'a record for each file that disappears' cmp list said
done_testing
