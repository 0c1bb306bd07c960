#!/bin/bash
# Speed as ratios, taken side by side in one run: in every round each command
# runs once, one after the other, and the medians over the rounds are shown.
# Processor time, user and system, tells more where the machine has other work.
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

# make_whole N: such records as imgcls makes them, with an array of 8 numbers.
make_whole() {
	awk -v n="$1" 'BEGIN {
		srand(3)
		for (i = 0; i < n; i++) {
			printf "{\"seq\":%d,\"time\":1763880000.123,\"image\":" \
			    "\"cam0/%06d.png\",\"class\":%d,\"label\":" \
			    "\"Sneaker\",\"prob\":0.9871,\"act\":[", i, i,
			    10 * rand()
			for (j = 0; j < 8; j++)
				printf "%s%.5g", j ? "," : "", 10 * rand() - 5
			print "]}"
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
make_whole "$records" >"$tmp/whole"
make_arrays 5000 1000 >"$tmp/arrays"
make_arrays $((records / 5)) 10 >"$tmp/short"
make_records 1000 >"$tmp/few"
# The page shows a few of these, and has to choose them.
imgdegrade -o "$tmp/images" --count 10000 \
    /usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
find "$tmp/images" -type f | sort | awk -v OFS= '{ print "{\"seq\":", NR,
    ",\"image\":\"", $0, "\",\"prob\":0.", 1 + NR * 7 % 9, "}" }' >"$tmp/named"

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
promtext@records@promtext
driftreport@records@driftreport
driftreport, 10,000 images@named@driftreport
featstat ... promtext@records@featstat | pht | iks | nmddm | promtext
jq -c ., with arrays of 8@whole@jq -c .
featstat, arrays of 8@whole@featstat
featstat ... promtext, of 8@whole@featstat | pht | iks | nmddm | promtext
jq -c ., arrays of 10@short@jq -c .
featstat, arrays of 10@short@featstat
featstat, arrays of 1000@arrays@featstat
jq -c ., arrays of 1000@arrays@jq -c .
EOF

# Limits are simulated once, before the figures are taken.
for d in pht iks nmddm; do
	"$d" <"$tmp/few" >/dev/null
done
chi2 --reference "$tmp/few" </dev/null

for ((round = 0; round < rounds; round++)); do
	while IFS='@' read -r name input command; do
		[ -n "$name" ] || continue
		begun=${EPOCHREALTIME/./}
		/usr/bin/time -f '%M %U %S' -o "$tmp/time" \
		    bash -c "$command" <"$tmp/$input" >/dev/null
		us=$((${EPOCHREALTIME/./} - begun))
		echo "$name|$(stat -c %s "$tmp/$input")|$us $(cat "$tmp/time")"
	done <"$tmp/commands"
done >"$tmp/results"

awk -F '|' -v rounds="$rounds" '
{
	split($3, t, " ")
	if (!($1 in n)) order[++kinds] = $1
	i = n[$1]++
	seconds[$1, i] = t[1] / 1e6
	cpu[$1, i] = t[3] + t[4]
	bytes[$1] = $2
	if ($1 ~ /^jq/) base[$2] = $1
	if (t[2] > memory[$1]) memory[$1] = t[2]
}
function median(of, name,    i, j, x, v) {
	for (i = 0; i < n[name]; i++) v[i] = of[name, i]
	for (i = 1; i < n[name]; i++)
		for (j = i; j > 0 && v[j - 1] > v[j]; j--) {
			x = v[j]; v[j] = v[j - 1]; v[j - 1] = x
		}
	return v[int(n[name] / 2)]
}
END {
	printf "%-26s %8s %8s %10s %8s %10s %8s\n",
	    "medians of " rounds " rounds", "s", "MB/s", "x jq -c .",
	    "CPU, s", "x jq -c .", "RSS, kB"
	for (i = 1; i <= kinds; i++) {
		name = order[i]
		jq = base[bytes[name]]
		s = median(seconds, name)
		c = median(cpu, name)
		printf "%-26s %8.3f %8.0f %10.1f %8.2f %10.1f %8d\n", name, s,
		    bytes[name] / s / 1e6, median(seconds, jq) / s, c,
		    (c > 0 ? median(cpu, jq) / c : 0), memory[name]
	}
	print ""
	split("pht iks nmddm", tools, " ")
	for (i = 1; i in tools; i++) {
		s = median(seconds, tools[i])
		printf "%s: %.0f x mlr put, %.1f %% of wc -l, " \
		    "%.1f %% of cat\n", tools[i],
		    median(seconds, "mlr put") / s,
		    100 * median(seconds, "wc -l") / s,
		    100 * median(seconds, "cat") / s
	}
}' "$tmp/results"

echo
echo "resident memory, kB, by records:"
echo "records pht iks nmddm featstat promtext driftreport"
for n in 1000 $((records / 10)) "$records" $((records * 10)); do
	printf '%d' "$n"
	for tool in pht iks nmddm featstat promtext driftreport; do
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			cat "$tmp/records"
		done 2>/dev/null | head -n "$n" |
		    /usr/bin/time -f ' %M' -o "$tmp/time" "$tool" -q >/dev/null ||
		    : # head may be through before cat
		printf '%s' "$(cat "$tmp/time")"
	done
	echo
done

echo
"${BUILD:-build}/tests/stat/modules" "$rounds"

echo
scripts/bench-net.sh

echo
scripts/bench-onnx.sh

echo
scripts/bench-images.sh
