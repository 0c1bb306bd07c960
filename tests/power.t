#!/bin/sh
# Power cuts: after each change that a pipeline makes on the disk, and whatever
# of it was not synced yet is lost, the next run ends as if nothing had happened.
# BATCHES, 2 by default, is how many runs are cut.
. "$(dirname "$0")/lib.sh"

cd "$tmp" || exit 1
ok 'the recorder' "${CC:-gcc}" -std=c11 -D_GNU_SOURCE -shared -fPIC -o record.so \
    "$top/tests/power/record.c"
normals $((150 * ${BATCHES:-2})) 5 200 1 | sed 's/}$/,"class":1,"time":1763880000.5}/' >all
cat >p.yaml <<'YAML'
driftpipe-run:
  stage: [pht, iks, nmddm, chi2, promtext]
  input: in
pht: &detector
  field: [x, y]
  reference-size: 50
  lambda: 20
iks:
  field: x
  reference-size: 50
  window: 50
  limit: 0.4
nmddm:
  field: x
  reference-size: 50
  window: 20
  limit: 15
chi2:
  reference-size: 50
  window: 50
  limit: 9
promtext:
  stream: cam0
YAML

mkdir -p disk/out
: >log
: >in
done=0
for n in $(seq "${BATCHES:-2}"); do
	end=$((n * 150))
	sed -n "$((done + 1)),${end}p" all >>in
	done=$end
	run "RECORD_LOG=$tmp/log RECORD_ROOT=$tmp/disk LD_PRELOAD=$tmp/record.so \
	    driftpipe-run -c p.yaml -s disk/st -o disk/out/drift.prom"
	rc_is 0 "batch $n"
	echo end >>log
	cp disk/out/drift.prom "metrics.$n"
	mkdir "want.$n"
	cp disk/st/current/*.json disk/out/drift.prom "want.$n"
	ok "cut anywhere in batch $n" perl "$top/tests/power/replay.pl" log "$n" \
	    "want.$n" driftpipe-run -c p.yaml -s cut/st -o cut/out/drift.prom
	echo "# $(tail -n 1 ok)"
done

done_testing
