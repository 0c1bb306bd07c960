#!/bin/sh
# What is said while a stream goes on: events in words, images that can't be
# read, and with which priority in the system's journal.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

cd "$tmp" || exit 1
normals 700 5 400 -2 | sed 's/}$/,"camera":"cam0","image":"a\/b.png"}/' >all
normals 700 5 400 0 3 >wide
awk 'BEGIN { for (; i < 1000; i++)
    printf "{\"class\":%d}\n", i < 700 ? i % 5 : i % 2 }' >classes
n=0
# says FILE 'TOOL options' 'sentence': under driftpipe-run and with -v alone.
says() {
	n=$((n + 1))
	run "driftpipe-run -i $1 -s st$n --stage '$2 --reference-size 200'"
	is "$2: in words" "$(grep ' at record ' err)" "${2%% *}: $3"
	run "$2 --reference-size 200 -v $1"
	is 'also with -v' "$(grep ' at record ' err)" "${2%% *}: $3"
	run "$2 --reference-size 200 $1"
	is 'and not without' "$(cat err)" ''
}
says all 'pht -f x --horizon 1000' \
    'x went down at record 408, since about 383 (a/b.png)'
says all 'pht -f x -f y -g camera --horizon 1000' \
    'camera cam0: x went down at record 409, since about 383 (a/b.png)'
says wide 'pht -f x --change both --horizon 1000' \
    'the spread of x went up at record 420, since about 402'
says all 'iks -f x --limit .5' 'x went down at record 465 (a/b.png)'
says wide 'iks -f x --limit .3' 'x changed at record 581'
says all 'nmddm -f x --limit 15' 'x changed at record 430 (a/b.png)'
says all 'mewma -f x -f y --limit 3' \
    'x down, y down at record 415, since about 401 (a/b.png)'
says classes 'chi2 --horizon 1000' 'the mix of class changed (0: 61 instead of 40, 1: 60 instead of 40, 2: 26 instead of 40) at record 769'

# Two tests of one detector, and records without a number, of two groups.
sed 's/"seq":[0-9]*,//; p; s/cam0/cam1/; s/"x":[^,]*/"x":0/' all |
    awk '{ sub(/"y":[^,]*/, "\"y\":" NR % 17 - (NR > 1200) * 20) } 1' >two
run 'pht -v -g camera -f x -f y --reference-size 200 --lambda 25 two'
is 'groups' "$(grep ' at record ' err)" \
    "pht: camera cam0: x went down at record 821, since 29 of its records ago (a/b.png)
pht: camera cam0: y went down at record 1211, since 11 of its records ago (a/b.png)
pht: camera cam1: y went down at record 1214, since 13 of its records ago (a/b.png)"

# Priorities, where stderr is the journal: a file that JOURNAL_STREAM names.
priorities() {
	: >journal
	here=$(stat -c %d:%i journal)
	JOURNAL_STREAM=${1:-$here} "$tmp/noisy" 2>journal
	sed 's/^\(<.>\)*[a-z].*/\1/' journal | sort -u | tr '\n' ' '
}
cat >noisy <<'SH'
#!/bin/sh
driftpipe-run -v -i all -s st.noisy --stage 'pht -v -f x --lambda 9' >/dev/null
driftpipe-run -v -i none -s st.none --stage 'pht -f x'
SH
chmod +x noisy
is 'priorities' "$(priorities)" '<3> <4> <6> '
ok 'an event is a warning' grep -q '^<4>pht: x went down at' journal
ok 'trouble an error' grep -q '^<3>driftpipe-run: none: No such file' journal
rm -r st.noisy
is 'none elsewhere' "$(priorities 1:2)" ' '

# The first image that can't be read, and how many there were.
set=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
if [ -f "$set" ]; then
	imgdegrade -o spool --count 3 "$set"
	for i in 1 2 3; do echo "no image" >"spool/bad$i.png"; done
	run "driftpipe-run -s st.img --stage 'imgcls -c $top/configs/fashion.yaml \
	    --watch spool --once --barrier 0 --allow-errors -s st.img'"
	rc_is 0
	is 'images that can not be read' "$(grep -c bad err)" 1
	err_has 'imgcls: spool/bad1.png: decode: '
	err_has 'imgcls: 3 of 6 images could not be read'
else
	skip 'images that can not be read' 'no Fashion-MNIST'
fi
done_testing
