#!/bin/sh
# The false-alarm guarantee, on few and short streams;
# scripts/false-alarms.sh without arguments is the full measurement.
. "$(dirname "$0")/lib.sh"

export BUILD="${BUILD:-$top/build}"
run "'$top/scripts/false-alarms.sh' 100 500 1 1999"
rc_is 0 'shares of false alarms are inside their intervals'
is 'of each detector and kind of data' "$(grep -c ' of 100 ' "$tmp/out")" 10
sed 's/^/# /' "$tmp/out"

# What it would say of detectors that alarm too often, or never.
bin=$BUILD/bin
mkdir -p "$tmp/often/bin" "$tmp/never/bin"
for tool in pht iks nmddm; do
	printf '#!/bin/sh\nexec "%s/%s" "$@" --fap 0.25\n' "$bin" $tool \
	    >"$tmp/often/bin/$tool"
	printf '#!/bin/sh\nexit 0\n' >"$tmp/never/bin/$tool"
	chmod +x "$tmp/often/bin/$tool" "$tmp/never/bin/$tool"
done
run "BUILD='$tmp/often' '$top/scripts/false-alarms.sh' 40 100 1 1999"
rc_is 1 'too many are noticed'
ok 'in nearly every row' test "$(grep -c above "$tmp/out")" -ge 8
run "BUILD='$tmp/never' '$top/scripts/false-alarms.sh' 100 10"
rc_is 1 'too few are noticed'
is 'where the test is exact' "$(grep -c below "$tmp/out")" 10
done_testing
