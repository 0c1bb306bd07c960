#!/bin/sh
# What imgcls reads: directories here.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# A network that says the same of every image.
cat >net.cfg <<CFG
[net]
width=2
height=2
channels=1

[connected]
output=2
activation=linear

[softmax]
CFG
head -c 56 /dev/zero >net.weights
net='imgcls --no-act -m net.cfg -w net.weights'
printf 'P5 2 2 255\n\0\100\200\377' >a.pgm
names='jq -r .image'

# Directories: in the order of the paths' bytes, "a.b" before what is in "a".
mkdir -p d/a/b/c d/a-b d/a.b d/empty d/.hidden
for f in d/a/1 d/a/b/c/2 d/a-b/3 d/a.b/4 d/5 d/B d/a.b/é "d/a b" d/a/b0 \
    d/.hidden/x d/.tmp "d/$(printf '\377')"; do
	cp a.pgm "$f"
done
ln -s ../a.pgm d/link
ln -s .. d/a/loop
mkfifo d/fifo
find d -type f ! -path '*/.*' | sort >want
run "$net d | $names"
rc_is 0 'a directory'
printf '%s\n' "$(sed "s/$(printf '\377')/$(printf '\357\277\275')/" want)" >want.utf8
ok 'each regular file that is not hidden, sorted' cmp want.utf8 out
run "$net d/ d | $names | tail -n +$(($(wc -l <want) + 1))"
ok 'with a slash, and again' cmp want.utf8 out
ln -s d to-d
run "$net to-d | $names | head -n 1"
out_is 'a link as operand is followed' <<OUT
to-d/5
OUT
run "(cd d/a && imgcls -m ../../net.cfg -w ../../net.weights . a.pgm) |
    jq -c '[.seq, .image, .error.stage]'"
out_is 'the current directory' <<OUT
[1,"./1",null]
[2,"./b/c/2",null]
[3,"./b0",null]
[4,"a.pgm","open"]
OUT
run "echo d | $net | jq -r .error.reason"
out_is 'a name in a list is that of an image' <<OUT
is a directory
OUT
echo text >d/notes
run "$net d | jq -r 'select(.error).image'"
out_is 'what is no image is a record, too' <<OUT
d/notes
OUT
run "$net d"
rc_is 2 'and trouble at the end'
rm d/notes
run "$net d/empty"
rc_is 0 'nothing in it'
out_is 'no record' </dev/null
# Root may read all, so become somebody else.
as=''
[ "$(id -u)" -ne 0 ] || as='setpriv --reuid=65534 --regid=65534 --clear-groups'
chmod 755 .
mkdir d/secret && chmod 0 d/secret
if $as test -x "$(command -v imgcls)"; then
	run "$as $net d"
	rc_is 2 'a directory that may not be read'
	cp out all
	run "jq -c 'select(.error) | [.image, .error]' all"
	out_is 'is one record, and the rest is done' <<OUT
["d/secret",{"stage":"open","reason":"Permission denied"}]
OUT
else
	skip 'a directory that may not be read' 'nobody else may run imgcls'
fi
mkdir many
for i in 1 2 3 4 5 6 7 8 9 10; do
	mkdir many/$i
	(cd many/$i && seq -f '%g.pgm' 200 | xargs -n 200 touch)
done
find many -type f | sort >want
run "$net many | $names"
ok 'many files' cmp want out

# Labels that nothing would use.
printf '\0\0\10\1\0\0\0\1\0' >y.idx
run "echo a.pgm | $net --idx-labels y.idx"
rc_is 2 'labels for a list'
err_is 'are refused' <<ERR
imgcls: '--idx-labels': needs an IDX file as operand
ERR
run "$net --idx-labels y.idx a.pgm"
rc_is 0 'labels for an image file'
err_is 'are warned of' <<ERR
imgcls: y.idx: not used: no operand is an IDX file
ERR

done_testing
