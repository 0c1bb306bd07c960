#!/bin/sh
# driftpipe-run --keep-images: which images of an event are kept, and their
# bounds in bytes and in age. What is in them is nobody's business here.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# 1,200 records of two cameras, each of an image; those of c1 move behind 800.
mkdir img
normals 1200 5 | jq -c '.x as $x | (input_line_number - 1) as $i |
    {seq: $i, cam: "c\($i % 2)", image: "img/\($i).png",
    x: ($x + if $i > 800 and $i % 2 == 1 then 3 else 0 end)}' >in
jq -r .image in | while read -r f; do echo "this is $f" >"$f"; done
r() {
	_s=$1
	shift
	driftpipe-run -i in -s "$_s" --journal "$_s.jn" -g cam --stage \
	    'pht -q -f x -g cam --reference-size 200 --horizon 1000' "$@" >"$_s.out"
}
run 'r none'
cp none.out st.want
is 'none unless asked for' "$rc $(find none.jn -name images | wc -l)" '0 0'
run 'driftpipe-run -i in -s none --stage cat --keep-images 1'
err_has "'--keep-images': only with --journal"
run 'r none --keep-size 1'
err_has "'--keep-size': only with --keep-images"

run 'r st --keep-images 3'
rc_is 0 'with images'
ok 'the stream is the same' cmp st.want st.out
is 'one event' "$(cat st.jn/events-*.ndjson | wc -l)" 1
cat st.jn/events-*.ndjson >event
is 'whose entry names them' "$(jq -r '.journal.images[]' event | sort)" \
    "$(cd st.jn && echo images/* | tr ' ' '\n' | sort)"
at=$(jq .seq event) since=$(jq '.pht.tests[0].since_seq' event)
ok 'since about where it moved' test "$since" -gt 780 -a "$since" -lt 820
names() { # KIND: the images that are kept so
	for f in st.jn/images/*-"$1"-*; do cat "$f"; done | sed 's/this is //'
}
mine() { jq -c "select(.cam == \"c1\" and .seq $1)" in; }
is 'the first after the change' "$(names first)" \
    "$(mine ">= $since and .seq <= $at" | head -n 3 | jq -r .image)"
is 'the furthest' "$(names far)" "$(mine ">= $since and .seq <= $at" |
    jq -sr 'sort_by(-.x)[:3][].image')"
is 'the most usual before' "$(names usual)" "$(mine "< $since" |
    jq -sr '(map(.x) | sort | .[length / 2 | floor]) as $m |
	sort_by(.x - $m | fabs)[:3][].image')"

# --- what lies in an array, and a class
mkdir other
normals 900 3 600 2.5 | jq -c '.seq as $i | {seq: $i,
    image: "other/\($i).png", v: [.y, .x],
    class: (if $i > 600 and $i % 2 == 1 then "cat"
	else ["cow", "dog", "cat"][$i % 3] end)}' >arrays
jq -r .image arrays | while read -r f; do echo "this is $f" >"$f"; done
# events TOOL OPTION...: of one run; its first is in event
events() {
	rm -rf one one.jn
	driftpipe-run -i arrays -s one --journal one.jn --keep-images 4 \
	    --stage "$* --reference-size 300 --horizon 1000" >/dev/null
	head -n 1 one.jn/events-*.ndjson >event
}
kept() { # KIND: what is in its images
	for f in one.jn/images/"$(printf %06d "$(jq .seq event)")-$1"-*; do
		sed 's/this is //' "$f"
	done
}
of() { # FROM TO FILTER: the first images of these records
	jq -sr "map(select(.seq >= $1 and .seq <= $2)) | $3 | .[:4][].image" arrays
}
for stage in 'mewma -q -f v[*] --lives 99' 'pht -q -f v[1]'; do
	events "$stage"
	is "${stage%% *}: the furthest, in an array" "$(kept far)" "$(of \
	    "$(jq '(.mewma // .pht).tests[0].since_seq' event)" \
	    "$(jq .seq event)" 'sort_by(-.v[1])')"
done
# Its window of 200 begins at the latest with a record of the class.
events 'chi2 -q -f class'
at=$(jq .seq event)
first=$(jq -s "[.[] | select(.class == \"cat\" and .seq > $at - 200).seq][0]" \
    arrays)
is 'chi2: those of the class that there is more of' \
    "$(jq .chi2.tests[0].top[].class event | grep -c cat) $(kept far)" \
    "1 $(of "$first" "$at" 'map(select(.class == "cat"))')"
is 'and the last before' "$(kept usual)" "$(of 1 "$((first - 1))" reverse)"

# --- the report has them, when the images are gone
png=$(find "$top/tests/images" -name '*.png' | sort | head -n 1)
cp -R st.jn seen.jn
for f in seen.jn/images/*-first-*; do cp "$png" "$f"; done
mv img away
run 'driftreport -g cam seen.jn'
is 'the report shows the copies' "$(grep -o 'src="data:image/jpeg' out | wc -l)" 3
mv away img

# --- nothing of it is a reason to stop
mv img away
run 'r gone --keep-images 3'
is 'images that are gone' "$rc $(jq -c '.journal.images' gone.jn/events-*.ndjson)" \
    '0 null'
ok 'and the stream is the same' cmp st.want gone.out
mv away img
mkdir full.jn && : >full.jn/images
run 'r full --keep-images 3'
rc_is 0 'no place for them'
err_has 'images are not kept'

# --- bounds
for f in img/*; do head -c 300000 /dev/zero >>"$f"; done
run 'r small --keep-images 3 --keep-size 1'
ok 'bytes' test "$(cat small.jn/images/* | wc -c)" -le 1048576
is 'as many as there is room for' "$(find small.jn/images -type f | wc -l)" 3
touch -d '91 days ago' "$(find small.jn/images -type f | head -n 1)"
run 'r small --keep-images 3 --keep-size 1'
is 'age' "$rc $(find small.jn/images -type f | wc -l)" '0 2'

# --- killed behind the journal, and again
cat >killer <<'SH'
while IFS= read -r line; do
	case $line in *'"barrier"'*) kill -9 "$RUNNER" && sleep 60 ;; esac
	printf '%s\n' "$line"
done
SH
# shellcheck disable=SC2016
run 'sh -c '\''RUNNER=$$ exec driftpipe-run -q -i in -s kill --journal kill.jn \
    -g cam --keep-images 3 --stage \
    "pht -q -f x -g cam --reference-size 200 --horizon 1000" \
    --stage "sh killer" --stage "promtext --stream s"'\'
run 'r kill --keep-images 3'
is 'killed: the same images, once' "$rc $(cd kill.jn/images && echo *)" \
    "0 $(cd st.jn/images && echo *)"
done_testing
