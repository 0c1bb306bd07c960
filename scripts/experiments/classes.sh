#!/bin/sh
# Print how often chi2 sees that the share of one class of ten has risen from
# 10 %, at its defaults, within as many records as its window has and within
# 5,000. The numbers stand in chi2(1).
#
#	scripts/experiments/classes.sh [STREAMS]
#
# 200 streams, unless told, after one reference of 5,000. With 20 it takes 6 seconds
# of processor time.
set -eu
streams=${1:-200}
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

awk 'BEGIN {
	srand(1)
	for (i = 0; i < 100000; i++)
		printf "{\"class\":%d}\n", int(10 * rand())
}' >"$tmp/values"
mix() {
	driftmix --clean "$tmp/values" --label class --at 0 --length 5000 \
	    --reference "$tmp/reference" --reference-size 5000 "$@"
}
mix --streams 0 --raise-class 3=1

# found WINDOW FACTOR CAP
found() {
	mix --streams "$streams" --raise-class "3=$2" |
	    chi2 -q -g stream --window "$1" --reference "$tmp/reference" |
	    driftscore --format tsv --cap "$3" |
	    awk -F '\t' '$1 == "chi2" { print $9 }'
}

printf '%6s %7s %13s %12s\n' window 'rises to' 'within window' 'within 5000'
# An odds factor of 3 makes 10 % 25 %, one of 1.588 makes it 15 %.
for w in 200 1000; do
	for rise in '25%=3' '15%=1.588'; do
		printf '%6d %8s %13.2f %12.2f\n' $w "${rise%=*}" \
		    "$(found $w "${rise#*=}" $w)" \
		    "$(found $w "${rise#*=}" 5000)"
	done
done
