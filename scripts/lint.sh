#!/bin/sh
# Check what a compiler does not: format, a second compiler, the floor plan of
# lib/, the pages, the scripts.
#
#	scripts/lint.sh BUILD
set -u
cd "$(dirname "$0")/.." || exit 2
build=${1:-build}

bad=0
complain() {
	echo "lint: $*"
	bad=1
}

have() {
	command -v "$1" >/dev/null || { complain "$1 is missing"; return 1; }
}

have clang-format && {
	find tools lib tests -name '*.[ch]' -exec \
	    clang-format --dry-run -Werror {} + ||
	    complain "not laid out by .clang-format: run 'make format'"
}

have clang && {
	make -s BUILD="$build/clang" CC=clang WERROR=1 clang-objects ||
	    complain "clang has something to say"
}

scripts/rooms.sh "$build" || bad=1

# simd.h is made of intrinsics, and chi2_terms.h rounds inline.
grep -rnE --include='*.h' '^#include <' lib | grep -vE "^lib/base/(simd|clock).h|chi2_terms.h" |
    grep -vE '<(stdatomic|stddef|stdint|stdio|sys/types)\.h>' &&
    complain "a header includes more than the declarations need"

have mandoc && {
	# Other systems have other pages beside ours, and say so on stderr.
	mandoc -Tlint -W style man/*.[157] 2>/dev/null |
	    grep -v 'referenced manual not found' &&
	    complain "a page is not clean"
}

have shellcheck && {
	shellcheck -x scripts/*.sh scripts/experiments/*.sh tests/stat/*.sh .ci/run \
	    packaging/APKBUILD ||
	    complain "a script is not clean"
	shellcheck -s sh -e SC1091,SC2016,SC2034,SC2154 tests/*.t tests/*.sh \
	    tools/*.sh \
	    configs/completion/candidates.sh ||
	    complain "a test is not clean"
}

exit "$bad"
