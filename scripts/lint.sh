#!/bin/sh
# Check what a compiler does not: format, a second compiler, the rules about
# modules, the pages, the scripts.
#
#	scripts/lint.sh BUILD
#
# Three kinds of module stand in lib/. Those named here are cli (they know
# files, options and messages, but no detector) or foreign (one for each
# outside library, whose types stay out of headers). Every other one is pure:
# arithmetic on memory, without files, messages, exit or mutable statics.
set -u
cd "$(dirname "$0")/.." || exit 2
build=${1:-build}

cli="err opt rec out cfg pool worker fdpass det detgroup* detlimit limit atomic state generation follow pipeline promfiles source* intake fileid walk unpack watch* labels classify prepopt version"
foreign="rng special cfg image idx sandbox degrade crc net*"

bad=0
complain() {
	echo "lint: $*"
	bad=1
}

have() {
	command -v "$1" >/dev/null || { complain "$1 is missing"; return 1; }
}

is_in() {
	for _w in $2; do
		# The words are patterns.
		# shellcheck disable=SC2254
		case $1 in $_w) return 0 ;; esac
	done
	return 1
}

have clang-format && {
	clang-format --dry-run -Werror tools/*.c lib/*.[ch] tests/*/*.[ch] ||
	    complain "not laid out by .clang-format: run 'make format'"
}

have clang && {
	make -s BUILD="$build/clang" CC=clang clang-objects ||
	    complain "clang has something to say"
}

files='fopen|fclose|fread|fwrite|fputs|fputc|fprintf|printf|puts|putchar'
files="$files|open|close|read|write|stdin|stdout|stderr"
for o in "$build"/lib/*.o; do
	m=$(basename "$o" .o)
	is_in "$m" "$cli" &&
	    nm -u "$o" | grep -E ' (pht|iks|nmddm|chi2|ks)_' &&
	    complain "lib/$m.c is cli and knows a detector"
	is_in "$m" "$cli $foreign" && continue
	nm -u "$o" | grep -E " ($files|_?exit|abort|err_[a-z]+)\$" &&
	    complain "lib/$m.c is pure and calls these"
	size -A "$o" | grep -E '^\.(data|bss) +[1-9]' &&
	    complain "lib/$m.c is pure and has mutable statics"
done

# simd.h is made of intrinsics.
grep -nE '^#include <' lib/*.h | grep -v '^lib/simd.h' |
    grep -vE '<(stddef|stdint|stdio)\.h>' &&
    complain "a header includes more than the declarations need"

have mandoc && {
	# Other systems have other pages beside ours, and say so on stderr.
	mandoc -Tlint -W style man/*.[157] 2>/dev/null |
	    grep -v 'referenced manual not found' &&
	    complain "a page is not clean"
}

have shellcheck && {
	shellcheck -x scripts/*.sh configs/*.sh tests/stat/*.sh .ci/run ||
	    complain "a script is not clean"
	shellcheck -s sh -e SC1091,SC2016,SC2034,SC2154 tests/*.t tests/*.sh ||
	    complain "a test is not clean"
}

exit "$bad"
