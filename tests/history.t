#!/bin/sh
# A month of records on one machine: configs/history, with and without GNU
# parallel, killed in between. On Slurm: slurm.sh.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/history.sh"
cd "$tmp" || exit 2
make_month

# Killed after each time that a file was committed, and begun again.
kills=0
for k in 1 2 3; do
	for try in 1 2 3 4 5 6; do
		# shellcheck disable=SC2086
		setsid sh "$history/part" month.yaml by-hand $k/3 $days 2>>faults &
		part=$!
		for _ in $(seq 500); do
			at=$(readlink "by-hand/state/${k}of3/current" 2>/dev/null)
			[ "${at#gen.}" != "$at" ] && [ "${at#gen.}" -ge $try ] &&
			    break
			kill -0 $part 2>/dev/null || break
			sleep 0.01
		done
		kill -9 -$part 2>/dev/null && kills=$((kills + 1))
		wait $part 2>/dev/null
	done
	# shellcheck disable=SC2086
	sh "$history/part" month.yaml by-hand $k/3 $days 2>>faults ||
	    echo "part $k failed"
	if [ $k = 2 ]; then
		# shellcheck disable=SC2086
		run sh "$history/merge" month.yaml by-hand 3 $days
		rc_is 1 'a part is missing'
		err_has 'part 3 of 3 is not done'
		ok 'and nothing is written' [ ! -e by-hand/history.prom ]
	fi
done
ok "killed $kills times" [ "$kills" -gt 2 ]
# shellcheck disable=SC2086
run sh "$history/merge" month.yaml by-hand 3 $days
rc_is 0 'the parts are merged'
month_is by-hand 3

# A damaged file is not read in part; nor is one file fewer than before.
head -c 1000 day-2.ndjson.gz >cut.gz
run "sh $history/part month.yaml cut 1/3 day-0.ndjson cut.gz"
ok 'a damaged file fails' [ "$rc" -ne 0 ]
is 'and is not committed' "$(readlink cut/state/1of3/current)" gen.1
run "sh $history/part month.yaml by-hand 1/3 day-0.ndjson"
rc_is 2 'fewer files than are done'
# shellcheck disable=SC2086
run sh "$history/part" month.yaml by-hand 1/3 $days
rc_is 0 'all are done'
is 'and nothing is read again' "$(readlink by-hand/state/1of3/current)" gen.6

if command -v parallel >/dev/null; then
	# shellcheck disable=SC2086
	run sh "$history/parallel" month.yaml par 4 $days
	rc_is 0 'by GNU parallel'
	month_is par 4
else
	skip 'by GNU parallel' 'no parallel here'
fi
done_testing
