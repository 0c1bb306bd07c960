#!/bin/bash
# What imgcls makes of ONNX's own test data, Debian's libonnx-testdata: by
# directory how many cases are right, off and refused, and of those refused why,
# by operator. It takes half a minute. The networks of real/ are not in the
# package, but only where they were.
#
#	scripts/onnx-cases.sh
#
# test_cast has half floats, which are computed in single precision here, and in
# one case of Upsample the numbers are those of a width that is no whole number:
# these are left out.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build}
cases=/usr/share/libonnx-testdata/data
[ -d $cases ] || { echo "onnx-cases.sh: install libonnx-testdata" >&2; exit 2; }
make -s "$build/tests/net/onnxcase"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

printf '%-18s %6s %6s %8s\n' directory right off refused
for dir in "$cases"/*; do
	printf '%s\n' "$dir"/*/model.onnx | sed 's,/model.onnx$,,' |
	    grep -v -e '[*]' -e /test_cast \
		-e downsample_scales_linear_align_corners >"$tmp/dirs" || continue
	xargs "$build/tests/net/onnxcase" <"$tmp/dirs" >"$tmp/out" 2>&1 || :
	awk -v dir="${dir##*/}" '{ n[$1]++ } END {
		printf "%-18s %6d %6d %8d\n", dir, n["ok"], n["off"], n["refused"]
	}' "$tmp/out"
	sed -n "s,^refused,${dir##*/},p" "$tmp/out" >>"$tmp/refused"
done

# An operator by its name; what is no case of a classifier by its kind.
sed -E 's/^([^ ]*) [^:]*: /\1\t/; s/onnxcase: //; s,/proc[^ ]*: ,,
    s/node [0-9]+ .*\(([A-Za-z0-9]+), opset [0-9]+\): (.*)/\1: \2/
    s/input .* is no array of floats.*/arrays that are no floats, or free/
    s/opset 0: .*/operators of training and others without an opset/
    s/(opset [0-9]+): .*/\1/
    s/weights of .* x ([0-9]+;)/weights of ... x \1/' "$tmp/refused" | sort | uniq -c |
    awk -F '\t' '
{
	split($1, a, " ")
	of[$2] += a[1]
	n[$2, a[2]] += a[1]
}
END {
	for (r in of)
		printf "%6d %6d %6d %6d  %s\n", of[r], n[r, "node"],
		    n[r, "pytorch-converted"] + n[r, "pytorch-operator"],
		    n[r, "simple"], r
}' | sort -k1,1nr -k5 >"$tmp/table"
printf '\n%6s %6s %6s %6s  %s\n' refused node torch simple why
cat "$tmp/table"
