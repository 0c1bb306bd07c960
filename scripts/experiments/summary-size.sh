#!/bin/sh
# Print what a summary of driftreport --save takes: bytes, and compressed, for a
# day of one camera with 1, 12 and 24 fields, of 1,440 and 86,400 records, and
# what follows for a field. The figures are in driftreport(1).
#
#	scripts/experiments/summary-size.sh
set -eu
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

records() { # N FIELDS SEED
	awk -v n="$1" -v fields="$2" -v seed="$3" 'BEGIN {
	srand(seed)
	for (i = 0; i < n; i++) {
		printf "{\"seq\":%d,\"time\":%d,\"class\":%d", i,
		    1763880000 + i * 86400 / n, int(rand() * 10)
		for (f = 0; f < fields; f++)
			printf ",\"f%d\":%.6f", f, rand() + rand() + rand()
		print "}"
	} }'
}

printf 'records\tfields\tbytes\tgzip\tbytes for a field\n'
for n in 1440 86400; do
	for fields in 1 12 24; do
		records 2000 $fields 1 >"$tmp/reference"
		records $n $fields 2 |
		    driftreport --reference "$tmp/reference" --save "$tmp/sum"
		size=$(wc -c <"$tmp/sum")
		[ $fields = 1 ] && one=$size
		printf '%d\t%d\t%d\t%d\t%d\n' $n $fields "$size" \
		    "$(gzip -9c "$tmp/sum" | wc -c)" \
		    $((fields > 1 ? (size - one) / (fields - 1) : 0))
	done
done
