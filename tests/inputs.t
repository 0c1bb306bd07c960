#!/bin/sh
# What imgcls reads: directories, archives.
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

# A list that can't be read on: what came before is done.
run "$net --trailer <."
rc_is 2 'a directory as standard input'
err_is 'is said' <<ERR
imgcls: stdin: Is a directory
ERR
run "{ echo a.pgm; head -c 70000000 /dev/zero; } | $net --trailer"
err_is 'a line without end' <<ERR
imgcls: stdin:2: line longer than 64 MiB
ERR
is 'and what is before it' "$(jq -r '.image' out)" a.pgm

run "printf '{}\n{\"image\":\"a.pgm\",\"error\":1}\n' | imgdegrade -o written -"
err_is 'records of no use to imgdegrade' <<ERR
imgdegrade: : no string 'image'
imgdegrade: : is not for this tool
imgdegrade: 2 of 2 images could not be read
ERR

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

# Archives, as GNU tar writes them.
long=$(printf '%0120d' 0)
mkdir -p t/dir "t/$long/b"
cp a.pgm "t/$long/b/$long"
cp a.pgm t/dir/.a.pgm
printf 'P5 2 2 255\n\377\100\200\0' >t/3.pgm
echo text >t/text
ln -s 3.pgm t/link
mkfifo t/fifo
sorted='jq -cs "sort_by(.image)[] | del(.seq)"'
for form in pax gnu ustar v7; do
	[ $form != ustar ] || find t -name "$long" -type f -delete
	[ $form != v7 ] || rmdir "t/$long/b" "t/$long"
	find t -type f -exec touch -d '2026-01-02T03:04:05Z' {} +
	run "find t -type f | $net | $sorted"
	cp out want
	run "tar -c --format=$form t 2>tar.err | $net --tar | $sorted"
	ok "an archive says the same as its files ($form)" cmp want out
done
ok 'of which there are some' test "$(wc -l <want)" -eq 3
touch -d '2026-01-02T03:04:05.678Z' t/3.pgm
run "tar -c --format=pax t/3.pgm | $net --tar | jq .time"
out_is 'with the file'\''s time' <<OUT
1767323045.678
OUT
rm t/fifo t/text t/link t/dir/.a.pgm
cp a.pgm t/dir/1.pgm
cp a.pgm t/2.pgm
tar -c --sort=name -f t.tar t
run "$net t.tar t/2.pgm | $names"
out_is 'an archive as operand' <<OUT
t.tar#t/2.pgm
t.tar#t/3.pgm
t.tar#t/dir/1.pgm
t/2.pgm
OUT
cp t.tar t/misnamed.pgm
run "$net t/misnamed.pgm | $names | head -n 1"
out_is 'by its content' <<OUT
t/misnamed.pgm#t/2.pgm
OUT
run "$net t | jq -r 'select(.error).image'"
out_is 'but not in a directory' <<OUT
t/misnamed.pgm
OUT
run "$net --tar t/2.pgm - t/3.pgm <t.tar | $names"
out_is 'an archive as standard input, between files' <<OUT
t/2.pgm
t/2.pgm
t/3.pgm
t/dir/1.pgm
t/3.pgm
OUT
ln t/2.pgm t/hard
run "tar -c --sort=name t/2.pgm t/hard | $net --tar | jq -c '[.image, .error.reason]'"
out_is 'a hard link' <<OUT
["t/2.pgm",null]
["t/hard","a hard link to another member"]
OUT
head -c 1200000 /dev/zero >t/big
run "tar -c t/big t/2.pgm | $net --tar --max-pixels 4 | jq -c '[.image, .error.stage]'"
out_is 'a limit for each member' <<OUT
["t/big","limit"]
["t/2.pgm",null]
OUT
run "head -c 2051 t.tar | $net --tar --trailer"
rc_is 2 'an archive cut in a member'
err_is 'with its place' <<ERR
imgcls: stdin: at byte 2051: truncated
ERR
run "head -c 2051 t.tar | $net --tar --trailer 2>/dev/null | jq -c '[.image, .error]'"
out_is 'all that was whole comes before' <<OUT
["t/2.pgm",null]
["t/3.pgm",{"stage":"read","reason":"truncated"}]
OUT
head -c 1500 t.tar >cut.tar
run "$net cut.tar t/2.pgm"
rc_is 2 'a cut archive as operand'
err_has 'cut.tar: at byte 1500: truncated'
is 'ends the input' "$(jq -r .image out)" 'cut.tar#t/2.pgm'
{ head -c 1536 t.tar; head -c 9000 /dev/urandom | tr '\0' x; } >bad.tar
run "$net bad.tar | wc -l"
err_has 'bad.tar: at byte 1536: damaged header'
out_has 1 'what is before the damage'
run "$net --tar <a.pgm"
rc_is 2 'no archive'
err_has 'stdin: at byte 15: truncated'
run "head -c 999 /dev/zero | tr '\0' x | $net --tar"
err_has 'stdin: at byte 0: not a tar archive'
run "$net --tar a.pgm"
err_has "'--tar': standard input is not read"
run "cat t.tar t.tar | $net --tar | wc -l"
out_has 6 'one archive behind the other'
# A live one: the first record comes before the second image.
mkfifo pipe
$net --tar <pipe >live &
pid=$!
exec 9>pipe
head -c 2048 t.tar >&9
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -s live ] && break
	sleep 0.1
done
is 'a record comes before the next member' "$(jq -r .image live)" t/2.pgm
tail -c +2049 t.tar >&9
exec 9>&-
wait "$pid"
is 'and the rest' "$(wc -l <live)" 3

# A watched directory. watch OUT OPTION... begins, says N 'name' waits until
# there are N records, stop ends it.
watch() {
	_out=$1
	shift
	: >"$_out"
	$net "$@" >"$_out" 2>watch.err &
	pid=$!
}
says() {
	for _i in $(seq 200); do
		[ "$(wc -l <"$_out")" -lt "$1" ] || break
		sleep 0.05
	done
	is "$2" "$(wc -l <"$_out" | tr -d ' ')" "$1"
}
stop() {
	kill -TERM "$pid"
	wait "$pid"
}
mkdir spool spool/old elsewhere
for f in spool/b spool/old/c spool/a; do
	cp a.pgm $f.pgm
done
watch log --watch spool
says 3 'a watch begins with what is there'
is 'sorted' "$(jq -r .image log | tr '\n' ' ')" 'spool/a.pgm spool/b.pgm spool/old/c.pgm '
cp a.pgm spool/.hidden
ln -s ../a.pgm spool/link.pgm
cp a.pgm elsewhere/moved.pgm
mv elsewhere/moved.pgm spool
says 4 'moved in'
mv spool/moved.pgm spool/old/renamed.pgm
mv spool/.hidden spool/shown.pgm
says 5 'given a name that is not hidden'
exec 9>spool/slow.pgm
printf 'P5 2 2 ' >&9
cp a.pgm spool/quick.pgm
says 6 'written and closed'
printf '255\n\0\100\200\377' >&9
exec 9>&-
says 7 'closed at last'
ln a.pgm spool/linked.pgm
says 8 'a link made'
mkdir -p spool/2026/11/23
cp a.pgm spool/2026/11/23/1.pgm
says 9 'in new directories'
mkdir elsewhere/more
cp a.pgm elsewhere/more/1.pgm
mv elsewhere/more spool/2026
says 10 'with a directory that is moved in'
mv spool/2026 spool/2027
cp a.pgm spool/2027/more/2.pgm
says 11 'a directory is renamed'
touch spool/a.pgm
says 12 'written again'
mv spool/2027/more elsewhere/gone
cp a.pgm elsewhere/gone/3.pgm
rm spool/b.pgm
cp a.pgm spool/last.pgm
says 13 'a directory is moved away'
stop
is 'SIGTERM ends it cleanly' $? 0
is 'nothing is said' "$(cat watch.err)" ''
jq -r 'select(.error == null).image' log | tail -n +4 >got
is 'each in its time, by its name' "$(tr '\n' ' ' <got)" "spool/moved.pgm spool/shown.pgm spool/quick.pgm spool/slow.pgm spool/linked.pgm spool/2026/11/23/1.pgm spool/2026/more/1.pgm spool/2027/more/2.pgm spool/a.pgm spool/last.pgm "
# A burst of 2,000 files, out of order, with new directories among them.
mkdir burst
for i in 1 2 3 4; do
	mkdir elsewhere/$i
	(cd elsewhere/$i && seq -f '%g.pgm' 500 | while read -r f; do
		cp ../../a.pgm "$f"
	done)
done
watch log --watch burst
mv elsewhere/1/* elsewhere/2 burst
mkdir burst/x && mv elsewhere/3/* burst/x
mkdir -p burst/y/z && mv elsewhere/4/* burst/y/z
says 2000 'a burst'
find burst -type f | sort >want
jq -r .image log | sort >got
ok 'each once' cmp want got
mv burst/x burst/x2
mv burst/y/z/* burst
echo x >burst/new
says 2001 'renamed, all are known still'
stop
mkdir late late/cam && chmod 0 late/cam
if $as test -x "$(command -v imgcls)"; then
	_net=$net
	net="$as $net"
	watch log --watch late
	net=$_net
	says 1 'a directory that may not be read'
	cp a.pgm late/cam
	chmod 755 late/cam
	says 2 'is read as soon as it may be'
	is 'its files are images' "$(jq -r 'select(.error == null).image' log)" \
	    late/cam/a.pgm
	stop
else
	skip 'a directory that may be read later' 'nobody else may run imgcls'
fi
mkdir gone
watch log --watch gone
cp a.pgm gone/a.pgm
says 1 'a file'
rm -r gone
wait "$pid"
is 'the directory is removed' $? 2
is 'and that is said' "$(cat watch.err)" 'imgcls: gone: has been removed'
mkdir -p gone/there
watch log --watch gone/there
cp a.pgm gone/there/a.pgm
says 1 'a file'
mv gone/there gone/here
wait "$pid"
is 'the directory is moved' "$(cat watch.err)" 'imgcls: gone/there: has been moved'
mkdir gone/there
watch log --watch gone/there
cp a.pgm gone/there/a.pgm
says 1 'a file'
mkdir away && mv gone away
cp a.pgm away/gone/there/b.pgm
wait "$pid"
is 'what it is in is moved' "$(cat watch.err)" 'imgcls: gone/there: has been moved'
run "$net --watch nowhere"
rc_is 2 'no such directory'
err_is 'is said' <<ERR
imgcls: nowhere: No such file or directory
ERR
run "$net --watch a.pgm"
err_has 'a.pgm: Not a directory'
run "$net --watch spool a.pgm"
err_has "'--watch': not with operands"
run "$net --watch spool --tar"
err_has "'--tar': not with --watch"

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

# What a message quotes is of one line and without control bytes, whoever chose
# the name; other UTF-8 is left as it is.
mkdir names
: >"names/$(printf 'a\npht: all is well').png"
: >"names/$(printf 'b\033[31m\177').png"
: >"names/$(printf 'c\302\205\303\251\377').png"
run "imgdegrade -o written names"
err_is 'control bytes in a name' <<'ERR'
imgdegrade: names/a\x0apht: all is well.png: empty file
imgdegrade: names/b\x1b[31m\x7f.png: empty file
imgdegrade: names/c\xc2\x85é\xff.png: empty file
imgdegrade: 3 of 3 images could not be read
ERR
printf 'pht:\n "a\\eb": 1\n' >c.yaml
run "pht -c c.yaml"
err_is 'control bytes in a key' <<'ERR'
pht: c.yaml:2:2: 'a\x1bb': unknown key
ERR

# Texts from other systems: a byte order mark, CR LF, blanks.
printf '\357\273\277a.pgm\r\n \t{"image":"a.pgm"}\r\na.pgm\n' >list
cat list list >lists
run "$net lists | $names"
is 'an operand is no list' "$(cat out)" lists
run "$net <lists | tr -d '\\r' | $names"
is 'names and records with marks and CR LF' "$(uniq -c out | tr -d '\n')" \
    '      6 a.pgm'
run "printf 'a.pgm\\r' | $net -0 | $names"
is 'a name that ends in NUL is taken as it is' "$(cat out)" "$(printf 'a.pgm\r')"
printf 'b.pgm\rc.pgm\nb.pgm \n' >list
run "$net <list | jq -r .error.reason"
out_is 'what cannot be seen in a name is named' <<'OUT'
no such file; the name holds a CR
no such file; the name ends in a blank
OUT
printf '\357\273\277low\r\nhigh \t\n' >l.names
run "$net -l l.names a.pgm | jq -r .label"
out_is 'names of classes' <<'OUT'
low
OUT
printf 'low\rhigh\r' >l.names
run "$net -l l.names a.pgm"
err_is 'names of classes with CR alone' <<'ERR'
imgcls: l.names:1: holds a CR: lines end in LF or CR LF
ERR
printf '\357\273\277{"act":[1,2]}\r\n \t{"act":[3]} \n' >r.ndjson
run "cat r.ndjson r.ndjson | featstat -f act --name f | tr -d '\\r' | jq -c .f.n"
is 'records' "$(tr '\n' ' ' <out)" '2 1 2 1 '
printf '{"act":[1]}\r{"act":[2]}\r' >r.ndjson
run "featstat -f act r.ndjson"
err_is 'records with CR alone' <<'ERR'
featstat: r.ndjson:1:13: not a JSON object: text after a CR: lines end in LF
ERR
run "printf '{\"image\":\"a.pgm\",\"error\":false}\\n' | $net | jq -c .class"
out_is 'a record whose error is false has none' <<'OUT'
0
OUT

done_testing
