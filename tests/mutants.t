#!/bin/sh
# Damaged files of each format through imgcls: it stays alive, and there is a
# record for each, in order, which depends on nothing but the file. 'make
# mutants' takes 5,000 of each, KINDS="webp tif" only those.
. "$(dirname "$0")/lib.sh"
count=${MUTANTS:-250}
build=${BUILD:-$top/build}
cd "$tmp" || exit 1
model="-m $top/data/fashion.cfg -w $top/data/fashion.weights --no-act --top 1"

mutants() {
	format=$1
	shift
	mkdir "$format"
	"$top/tests/mutate.pl" "$format" "$count" 1 "$@"
	run "imgcls $model -j 2 --batch 8 $format"
	cp out all
	# Some are images still, some are none.
	rc_is 2 "$format: it goes on to the end"
	jq -r .image all >names
	find "$format" -type f | sort >files
	ok "$format: a record for each of $count files" cmp names files
	run 'jq -es "all(has(\"class\") != has(\"error\"))" all'
	rc_is 0 "$format: with an answer or a reason"
	run "jq -r '.error.reason // \"none\"' all | grep -v '^[ -~][ -~]*\$'"
	out_is "$format: in words" </dev/null
	# Whatever came before, and in whichever process.
	# shellcheck disable=SC2086
	find "$format" -type f | sort -r | imgcls $model -j 1 2>err |
	    jq -c 'del(.seq)' | sort >alone
	jq -c 'del(.seq)' all | sort >together
	ok "$format: no record depends on another" cmp alone together
	# And on no memory that nobody has set.
	if [ -n "$SANITIZE" ]; then
		skip "$format: nothing depends on memory that was not set" 'not valgrind'
	else
		run "find $format -type f | sort | head -n ${VALGRIND:-40} |
		    xargs valgrind -q --error-exitcode=9 $build/tests/stat/decode"
		rc_is 0 "$format: nothing depends on memory that was not set"
	fi
	jq -r '.error.reason // empty' all | grep '^its decoder' >died
	echo "# $format: $(grep -c '"class"' all) were images still," \
	    "at $(wc -l <died | tr -d ' ') the decoder died"
	sort died | uniq -c | sed 's/^/# /'
	rm -r "$format"
}

for f in ${KINDS:-png jpg gif bmp tga psd webp tif heic avif pnm}; do
	case $f in
	webp | tif | heic | avif) mutants "$f" "$top"/tests/vectors/images/*."$f" ;;
	pnm) mutants "$f" "$top"/tests/images/*.p[gp]m ;;
	*) mutants "$f" "$top"/tests/images/*."$f" ;;
	esac
done
done_testing
