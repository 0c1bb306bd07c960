#!/bin/sh
# Print the share of streams without drift in which a detector raised an alarm,
# for --fap 0.05 and nothing else set, where records depend on those before
# them. The table is in driftpipe(7).
#
#	[STREAMS=300] [REFERENCES=100] [TOOLS=...] [SHIFT=0] [AFTER=0] \
#	    [OUT=build/dependence] scripts/experiments/dependence.sh [N,HORIZON,KIND...]
#
# A cell is a size of the reference, so many more records, and a kind of stream;
# without any it is those of 500, 2000 and 5000, and 1000 and 10,000, of all
# kinds, the cheapest first. Each tool of a cell has a file under OUT, and is not
# done again: what is cut off goes on where it was, and cells that are done are
# printed with the others. Each reference is followed by as many streams, of which
# each begins 600 records after what is before it; from and to are the interval of
# the share, of 95 %, which knows that streams have a reference in common. No cell
# has the same noise as another.
#
# Kinds are autoregressions of order 1 by their coefficient; two: of order 2,
# coefficients 0.5 and 0.3; average: each value and 0.8 times the one before;
# wave: an autoregression with 0.97 beneath independent noise of four times its
# variance; day and an amplitude: a sine with a period of 288 records beneath
# noise of deviation 1, with --context time:hour; scene and a length: so many
# frames that differ little from each other, of which dedup marks all but the
# first. There both sizes are in frames, and the detectors' reference has fewer.
# vector, which is for mewma: eight autoregressions, with the coefficients 0, 0.2,
# 0.4, 0.6, 0.7, 0.8, 0.9 and 0.9, of noise half of which they have in common.
#
# With SHIFT the mean of each stream is another by so many of its standard
# deviations (of the noise's, by day), AFTER so many records: then share is that of
# streams in which this was found, of those without an alarm before, and delay the
# mean number of records from the shift until then, the horizon where it was not.
#
# TOOLS is separated by commas. warned: the share of references of which the
# detector said that they can't support their dependence.
set -eu
streams=${STREAMS:-300} shift=${SHIFT:-0} after=${AFTER:-0}
references=${REFERENCES:-100}
[ "$references" -le "$streams" ] || references=$streams
each=$((streams / references))
streams=$((references * each))
forms='pht,pht --change spread,pht --change both,pht --shift unknown'
tools=${TOOLS:-$forms,iks,nmddm,mewma}
cd "$(dirname "$0")/../.."
out=${OUT:-build/dependence}
PATH=$PWD/${BUILD:-build}/bin:$PATH
export LC_ALL=C
mkdir -p "$out"
tmp=$(mktemp -d)
# Streams that follow the same reference have the same limit.
export XDG_CACHE_HOME="$tmp/cache"
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM

if [ $# -eq 0 ]; then
	for horizon in 1000 10000; do
		for n in 500 2000 5000; do
			for kind in 0 0.3 0.5 0.9 0.98 two average wave \
			    day0.5 day1 day2 scene5 scene20 scene100; do
				set -- "$@" "$n,$horizon,$kind"
			done
		done
	done
fi

# values KIND N HORIZON: the references into $tmp/reference, and of each the
# first stream into $tmp/records1, the second into $tmp/records2, ...
values() {
	seed=$(echo "$*" | cksum | cut -d' ' -f1)
	awk -v kind="$1" -v references="$references" -v each="$each" -v n="$2" \
	    -v horizon="$3" -v tmp="$tmp" -v seed="$seed" -v by="$shift" \
	    -v after="$after" '
	function normal() {
		return sqrt(-2 * log(1 - rand())) * cos(6.283185307179586 * rand())
	}
	function scene(    i) {
		if ((t - 1) % length_of == 0)
			for (i = 0; i < 4; i++)
				v[i] = normal()
		for (i = 0; i < 4; i++)
			w[i] = v[i] + .02 * normal()
		return sprintf("\"v\":[%.4f,%.4f,%.4f],", w[1], w[2], w[3])
	}
	function vector(    i, common, text) {
		common = normal()
		for (i = 1; i <= 8; i++) {
			v[i] = coefficient[i] * v[i] + common + normal()
			text = text (i > 1 ? "," : "") sprintf("%.6f", v[i])
		}
		return "\"v\":[" text "],"
	}
	# 600 records without a trace, and so many that follow.
	function part(to, count, moved,    at, e, value, more, line) {
		for (at = -599; at <= count; at++) {
			t++
			e = normal()
			value = phi * x + next_phi * y + e
			y = x
			x = value
			if (kind == "average")
				value = e + 0.8 * before
			else if (kind == "wave")
				value += 2 / sqrt(1 - phi * phi) * normal()
			before = e
			more = ""
			if (kind == "vector")
				more = vector()
			if (length_of > 0) {
				more = scene()
				value = w[0]
			} else if (amplitude > 0) {
				value += amplitude * \
				    sin((t + phase) / 288 * 6.283185307179586)
				more = "\"time\":" 300 * (t + phase) ","
			}
			if (at > 0)
				printf "{\"s\":%d,\"at\":%d,%s\"x\":%.9f}\n", \
				    s, at, more, value + (at > after ? moved : 0) >to
		}
	}
	function deviation() {
		if (kind == "wave")
			return sqrt(5 / (1 - phi * phi))
		if (kind == "average")
			return sqrt(1 + .8 * .8)
		return sqrt((1 - next_phi) / (1 + next_phi) / \
		    ((1 - next_phi) ^ 2 - phi * phi))
	}
	BEGIN {
		srand(seed)
		phi = kind == "two" ? 0.5 : kind == "wave" ? 0.97 : kind + 0
		next_phi = kind == "two" ? 0.3 : 0
		by *= deviation()
		amplitude = kind ~ /^day/ ? substr(kind, 4) : 0
		split("0 0.2 0.4 0.6 0.7 0.8 0.9 0.9", coefficient, " ")
		length_of = kind ~ /^scene/ ? substr(kind, 6) : 0
		for (s = 1; s <= references; s++) {
			phase = int(288 * rand())
			x = y = before = t = 0
			part(tmp "/reference", n, 0)
			for (i = 1; i <= each; i++)
				part(tmp "/records" i, horizon, by)
		}
	}'
}

# watch TOOL KIND HORIZON: what the tool makes of all.
watch() {
	field=x
	case $2 in
	vector) field='v[*]' ;;
	day*) set -- "$1 --context time:hour" "$2" "$3" ;;
	scene*) set -- "$1 --unless dedup.duplicate" "$2" "$3" ;;
	esac
	for i in $(seq "$each"); do
		$1 -v -f "$field" -g s --max-groups "$references" \
		    --reference "$tmp/reference" --horizon "$3" \
		    "$tmp/records$i" 2>"$tmp/said" >"$tmp/judged$i" || return
	done
}

# The first frame of each scene stays.
mark_duplicates() {
	for f in "$tmp"/records* "$tmp/reference"; do
		dedup -q -f 'v[*]' -g s --max-groups "$references" \
		    --reference "$tmp/reference" "$f" >"$tmp/marked"
		# The reference is what the others are compared with: it is last.
		mv "$tmp/marked" "$f"
	done
}

# Its file has: streams, those with an alarm, the share of references with a
# warning, the records until the alarms, the variance of the share.
count() {
	awk -v streams="$streams" -v references="$references" -v each="$each" \
	    -v horizon="$1" -v after="$after" '
	FILENAME ~ /said$/ {
		if (/more frequent than asked/)
			warned++
		next
	}
	FNR == 1 {
		split("", seen)
	}
	/"event":"drift"/ && match($0, /"s":[0-9]*/) {
		s = substr($0, RSTART, RLENGTH)
		if (s in seen)
			next
		seen[s]
		match($0, /"at":[0-9]*/)
		at = substr($0, RSTART + 5, RLENGTH - 5) - after
		if (at <= 0) {
			early++
			next
		}
		alarms++
		of[s]++
		sum += at
	}
	END {
		horizon -= after
		streams -= early
		share = alarms / streams
		squares = (references - length(of)) * share ^ 2
		for (s in of)
			squares += (of[s] / each - share) ^ 2
		print streams, alarms + 0, warned / references, \
		    sum + (streams - alarms) * horizon, \
		    squares / references / (references > 1 ? references - 1 : 1)
	}' "$tmp/said" "$tmp"/judged*
	rm "$tmp"/judged*
}

print_row() { # N HORIZON KIND TOOL, of $file
	awk -v n="$1" -v horizon="$2" -v kind="$3" -v tool="$4" \
	    -v moved="$shift" '{
		p = $2 / $1
		z = 1.96
		# As many independent streams would know it as well.
		worth = $5 > 0 && p < 1 ? p * (1 - p) / $5 : $1
		if (worth > $1)
			worth = $1
		by = 1 + z * z / worth
		mid = (p + z * z / 2 / worth) / by
		half = z * sqrt(p * (1 - p) / worth + (z / 2 / worth) ^ 2) / by
		printf "%-8s %5d %6d %-20s %7d %6.3f %6.3f %6.3f %6.2f", kind,
		    n, horizon, tool, $1, p, mid - half, mid + half, $3
		print (moved > 0 ? sprintf(" %6.1f", $4 / $1) : "")
	}' "$file"
}

printf '%-8s %5s %6s %-20s %7s %6s %6s %6s %6s %6s\n' kind n horizon detector \
    streams share from to warned delay
for cell; do
	n=${cell%%,*}
	kind=${cell##*,}
	horizon=${cell#*,}
	horizon=${horizon%,*}
	made=
	old=$IFS
	IFS=,
	for tool in $tools; do
		IFS=$old
		file="$out/$n,$horizon,$kind,$(echo "$tool" | tr -d ' '),$shift,$after"
		if [ ! -s "$file" ]; then
			if [ -z "$made" ]; then
				rm -f "$tmp"/records*
				values "$kind" "$n" "$horizon"
				case $kind in scene*) mark_duplicates ;; esac
				made=1
			fi
			# A reference may be too short for what it shows.
			if watch "$tool" "$kind" "$horizon"; then
				count "$horizon" >"$tmp/count"
				mv "$tmp/count" "$file"
			else
				tail -n 1 "$tmp/said" >&2
				continue
			fi
		fi
		print_row "$n" "$horizon" "$kind" "$tool"
	done
	IFS=$old
done
