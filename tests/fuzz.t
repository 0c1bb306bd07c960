#!/bin/sh
# The fuzz targets, on the same inputs each time; make fuzz FUZZ_SECONDS=600 for more.
# They are of another compiler, which takes a minute: 'make fuzz' has to have
# been there before, as it was in .ci/run.
. "$(dirname "$0")/lib.sh"

if ! command -v clang >/dev/null || [ ! -e /usr/include/jansson.h ]; then
	skip 'fuzz targets' 'they need clang and libjansson-dev'
	done_testing
	exit
fi
if [ ! -d "$top/build/fuzz" ]; then
	skip 'fuzz targets' "'make fuzz' makes them"
	done_testing
	exit
fi
run "RUNS=2000 make -s -C '$top' fuzz MAKEFLAGS="
rc_is 0 'no target fails'
cd "$top/tests/fuzz" || exit 1
for f in *.c; do
	ok "${f%.c} has run" grep -q "^fuzz: ${f%.c}: inputs [1-9]" "$tmp/out"
	ok "${f%.c} has a corpus" test -n "$(ls "corpus/${f%.c}")"
done

done_testing
