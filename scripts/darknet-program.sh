#!/bin/bash
# Build the darknet program as it comes, from the source that scripts/darknet.sh
# has fetched, to compare with.
#
#	scripts/darknet-program.sh DIR
#
# makes DIR/darknet, and DIR/src with its cfgs and photographs.
set -euo pipefail
source=$(dirname "$0")/../build/darknet/source
[ $# -eq 1 ] || { echo "usage: darknet-program.sh DIR" >&2; exit 2; }

dpkg-source --no-check -x "$source"/*.dsc "$1/src" >/dev/null
cd "$1/src"
# They are words.
# shellcheck disable=SC2013
for object in $(sed -n 's/^\(OBJ\|EXECOBJA\)=//p' Makefile); do
	ls {src,examples}/"${object%.o}.c" 2>/dev/null || :
done | xargs -P "$(nproc)" -I{} gcc -O3 -march=native -w -Iinclude \
    -Isrc -c {} -o {}.o
gcc -o ../darknet {src,examples}/*.o -lm -lpthread
