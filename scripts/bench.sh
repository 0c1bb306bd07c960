#!/bin/bash
# Speed as ratios, taken side by side in one run: in every round each command
# runs once, one after the other, and the medians over the rounds are shown.
# Then, in the same way, what a value costs the detectors' modules.
#
#	ROUNDS=5 RECORDS=1000000 scripts/bench.sh
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/deps.sh bench
PATH=$PWD/${BUILD:-build}/bin:$PATH
rounds=${ROUNDS:-5}
records=${RECORDS:-1000000}
tmp=$(mktemp -d)
export tmp
trap 'rm -rf "$tmp"' EXIT

# make N: records of about 160 bytes with two normal features and a class.
make_records() {
	awk -v n="$1" 'BEGIN {
		srand(1)
		for (i = 0; i < n; i++) {
			r = sqrt(-2 * log(1 - rand()))
			t = 6.283185307179586 * rand()
			printf "{\"seq\":%d,\"time\":1763880000.123,\"image\":" \
			    "\"cam0/%06d.png\",\"class\":%d,\"label\":" \
			    "\"Sneaker\",\"prob\":0.9871,\"feat\":{\"n\":10," \
			    "\"mean\":%.15g,\"std\":%.15g}}\n",
			    i, i, 10 * rand(), r * cos(t), 5 + r * sin(t) / 3
		}
	}'
}

# make_arrays N SIZE: records with an array of numbers, for featstat.
make_arrays() {
	awk -v n="$1" -v size="$2" 'BEGIN {
		srand(2)
		for (i = 0; i < n; i++) {
			printf "{\"seq\":%d,\"act\":[", i
			for (j = 0; j < size; j++)
				printf "%s%.6g", j ? "," : "", 10 * rand() - 5
			print "]}"
		}
	}'
}

echo "making $records records"
make_records "$records" >"$tmp/records"
make_arrays 5000 1000 >"$tmp/arrays"
make_arrays $((records / 5)) 10 >"$tmp/short"
make_records 1000 >"$tmp/few"

# name @ input @ command
cat >"$tmp/commands" <<'EOF'
jq -c .@records@jq -c .
mlr put@records@mlr --ijson --ojsonl put '$y=$x'
wc -l@records@wc -l
cat@records@cat
pht@records@pht -f feat.mean -f feat.std
iks@records@iks -f feat.mean -f feat.std
nmddm@records@nmddm -f feat.mean -f feat.std
chi2@records@chi2 --reference "$tmp/few"
pht, iks, nmddm, promtext@records@pht | iks | nmddm | promtext
jq -c ., arrays of 10@short@jq -c .
featstat, arrays of 10@short@featstat
featstat ... promtext@short@featstat | pht | iks | nmddm | promtext
featstat, arrays of 1000@arrays@featstat
jq -c ., arrays of 1000@arrays@jq -c .
EOF

# Limits are simulated once; let that not be in the figures.
for d in pht iks nmddm; do
	"$d" <"$tmp/few" >/dev/null
done
chi2 --reference "$tmp/few" </dev/null

for ((round = 0; round < rounds; round++)); do
	while IFS='@' read -r name input command; do
		[ -n "$name" ] || continue
		/usr/bin/time -f '%e %M' -o "$tmp/time" \
		    bash -c "$command" <"$tmp/$input" >/dev/null
		echo "$name|$(stat -c %s "$tmp/$input")|$(cat "$tmp/time")"
	done <"$tmp/commands"
done >"$tmp/results"

awk -F '|' -v rounds="$rounds" '
{
	split($3, t, " ")
	if (!($1 in n)) order[++kinds] = $1
	seconds[$1, n[$1]++] = t[1]
	bytes[$1] = $2
	if ($1 ~ /^jq/) base[$2] = $1
	if (t[2] > memory[$1]) memory[$1] = t[2]
}
function median(name,    i, j, x, v) {
	for (i = 0; i < n[name]; i++) v[i] = seconds[name, i]
	for (i = 1; i < n[name]; i++)
		for (j = i; j > 0 && v[j - 1] > v[j]; j--) {
			x = v[j]; v[j] = v[j - 1]; v[j - 1] = x
		}
	return v[int(n[name] / 2)]
}
END {
	printf "%-26s %8s %8s %12s %10s\n", "medians of " rounds " rounds",
	    "s", "MB/s", "x jq -c .", "RSS, kB"
	for (i = 1; i <= kinds; i++) {
		name = order[i]
		jq = median(base[bytes[name]])
		s = median(name)
		if (s == 0)
			s = 0.005 # below what time(1) resolves
		printf "%-26s %8.2f %8.0f %12.1f %10d\n", name, s,
		    bytes[name] / s / 1e6, jq / s, memory[name]
	}
}' "$tmp/results"

echo
echo "resident memory of pht, kB, by records:"
for n in 1000 10000 100000 $records; do
	head -n "$n" "$tmp/records" >"$tmp/part"
	/usr/bin/time -f "$n %M" pht -q <"$tmp/part" 2>&1 >/dev/null
done

echo
"${BUILD:-build}/tests/modules" "$rounds"

echo
scripts/bench-net.sh

echo
scripts/bench-images.sh
