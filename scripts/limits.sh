#!/bin/bash
# Make lib/limit/limit_table.inc: the limits that the defaults of each detector lead to,
# for references of some sizes and one to four fields, those of chi2 for one field
# and every number of cells, those of the pipelines that driftpipe-init makes,
# which watch seven numbers, those of the manual's examples, for 1,000 records, and
# those of the shipped pipeline, so that they need no simulation. 19,999 runs each;
# some twenty minutes. To be run again when a detector's statistic changes (with
# GENERATION in lib/limit/limit.c), and with "shipped" when the reference does.
#
#	scripts/limits.sh >lib/limit/limit_table.inc
#	scripts/limits.sh shipped >>lib/limit/limit_table.inc
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
lives=19999
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export XDG_CACHE_HOME=$tmp

# One record more than the reference, with seven fields.
records() {
	awk -v n="$1" 'BEGIN {
		srand(1)
		for (i = 0; i <= n; i++)
			print "{\"a\":" rand() ",\"b\":" rand() \
			    ",\"c\":" rand() ",\"d\":" rand() \
			    ",\"e\":" rand() ",\"f\":" rand() \
			    ",\"g\":" rand() "}"
	}'
}

# One record more than the reference, with as many equally frequent classes.
classes() {
	awk -v n="$1" -v k="$2" 'BEGIN {
		for (i = 0; i <= n; i++)
			print "{\"class\":" i % k "}"
	}'
}

sizes='200 500 1000 2000 5000'
[ "${1:-}" != shipped ] || sizes=''

# limit DETECTOR OPTION...: for the records and a reference of n.
limit() {
	"$@" --reference-size "$n" --lives $lives "$tmp/records" >/dev/null
}

for n in $sizes; do
	records "$n" >"$tmp/records"
	for fields in '-f a' '-f a -f b' '-f a -f b -f c' \
	    '-f a -f b -f c -f d'; do
		for detector in pht iks nmddm 'nmddm --scan'; do
			# Both are lists of words.
			# shellcheck disable=SC2086
			limit $detector $fields
		done
	done
	for detector in 'pht --scores rank' iks nmddm; do
		# shellcheck disable=SC2086
		limit $detector -f a -f b -f c -f d -f e -f f -f g --fap 0.01
	done
	for detector in pht iks nmddm 'nmddm --scan'; do
		[ "$n" -le 500 ] || break
		# shellcheck disable=SC2086
		limit $detector -f a --horizon 1000
		# shellcheck disable=SC2086
		limit $detector -f a -f b --horizon 1000
	done
	for cells in $(seq 2 16) $(seq 18 2 32) 36 40; do
		classes "$n" "$cells" >"$tmp/records"
		limit chi2 -q --min-expected 0
		case $n,$cells in
		200,10 | 500,10) limit chi2 -q --min-expected 0 --horizon 1000 ;;
		esac
	done
done

for detector in mewma pht iks nmddm chi2; do
	$detector -q -c configs/fashion.yaml --lives $lives </dev/null
done

[ -z "$sizes" ] ||
    echo '/* Limits for the defaults, by what is asked. Made by scripts/limits.sh. */'
cd "$tmp/driftpipe"
for question in *; do
	echo "{\"${question%-lives=*}\", $(cut -d ' ' -f 1 "$question")},"
done
