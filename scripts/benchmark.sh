#!/bin/bash
# Compare the detectors, and what others use, on streams of real images: false
# alarms without drift, what is found of many shifts and how soon, the power of
# one window, and how far off estimates of the accuracy are. Leaves
# build/benchmark/index.html, and with PAGE=1 writes its tables to
# man/driftpipe-benchmark.7.
#
#	scripts/benchmark.sh
#	FAST=1 scripts/benchmark.sh	a few shifts and streams, in a minute or two
#
# Limits that do not come with the tools are from fewer simulated runs (lives;
# fewer, where records depend on each other), but for the small shares of the
# pipeline (whole).
#
# What is done is kept under build/benchmark (OUT) and not done again: start it
# anew where it ended. JOBS=2 runs so many pipelines at once. Each result is a
# table of driftscore, results/TABLE,ROW,KIND,HORIZON,REFERENCE.tsv.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
out=${OUT:-build/benchmark}
jobs=${JOBS:-2}
set=/usr/share/datasets/fashion-mnist
mkdir -p "$out"/{records,ids,results,references,cache}
export LC_ALL=C OPENBLAS_NUM_THREADS=1 out
case $out in /*) ;; *) out=$PWD/$out ;; esac
export XDG_CACHE_HOME=$out/cache

if [ -n "${FAST:-}" ]; then
	shifts='flip:1 gaussian_noise:3' images=400 references='1' size=1000
	undrifted=1 streams=5 long=2 severities=1 fields='feat.mean prob'
	ways=flip-1
	clean=2000
	estimates='IMAGES=400 SEVERITIES=2 SIZES=200 DRAWS=1'
	lives='--lives 199' fewer='--lives 199' whole='--lives 999'
else
	# A flip has no severity, and the mildest of these two blurs are alike.
	shifts='gaussian_noise shot_noise impulse_noise hot_pixels dead_column
	gaussian_blur:3 defocus_blur motion_blur zoom_blur glass_blur brightness
	contrast gamma shear scale rotate translate flip:1 stripe dotted_line
	zigzag occlusion fog spatter jpeg_compression pixelate'
	images=2000 references='1 2' size=5000
	undrifted='1 2 3 4 5 6 7 8' streams=20 long=10 severities='1 3'
	fields='feat.mean feat.std feat.min feat.max feat.l2 feat.skew feat.kurt
	prob entropy pixels.brightness pixels.contrast pixels.sharpness'
	ways='flip-1 gaussian_noise-3 defocus_blur-1 brightness-1 dead_column-1'
	clean=8000
	estimates='DRAWS=8'
	lives='--lives 1999' fewer='--lives 999' whole=''
fi
say() { echo "benchmark: $*" >&2; }

# records NAME IMAGES...: what imgcls and featstat make of them. In all is all,
# in short what the detectors of numbers watch, in ids the number of the record
# among all, by which benchmark-peers.py finds its vectors.
shorten() { sed 's/,"act":{[^}]*}//; s/"top":\[[^]]*\],//' "$@"; }
records() {
	local name=$1 to=$out/records/$1
	shift
	[ ! -s "$to.short" ] || return 0
	imgcls -q -m data/fashion.cfg -w data/fashion.weights --batch 32 \
	    --top 10 --layer penultimate --layer avgpool "$@" |
	    featstat -f act.penultimate >"$to.all"
	shorten "$to.all" >"$to.tmp"
	mv "$to.tmp" "$to.short"
	say "records: $name"
}

# The images: none of them was trained on. Clean ones, and 2,000 others that are
# damaged.
make_records() {
	local s f family frames severity
	[ -s "$out/records/clean.short" ] || {
		rm -rf "$out/frames"
		imgdegrade -o "$out/frames" --skip 55000 --list --labels \
		    $set/train-labels-idx1-ubyte.gz \
		    $set/train-images-idx3-ubyte.gz >"$out/clean.list"
		imgdegrade -o "$out/frames" --prefix t --count $clean --list \
		    --labels $set/t10k-labels-idx1-ubyte.gz \
		    $set/t10k-images-idx3-ubyte.gz >>"$out/clean.list"
		records clean <"$out/clean.list"
		rm -rf "$out/frames"
	}
	for f in $shifts; do
		family=${f%:*} severity=$severities
		[ "$f" = "$family" ] || severity=${f#*:}
		for s in $severity; do
			[ ! -s "$out/records/$family-$s.short" ] || continue
			frames=$out/frames-$family-$s
			imgdegrade -o "$frames" --constants cifar --skip 8000 \
			    --count $images --list --labels \
			    $set/t10k-labels-idx1-ubyte.gz \
			    --corrupt "$family:$s" \
			    $set/t10k-images-idx3-ubyte.gz |
			    records "$family-$s"
			rm -rf "$frames"
		done
	done
}

# Numbers across all sets, in the order of their names.
make_ids() {
	local n=0 f name
	for f in "$out"/records/*.short; do
		name=$(basename "$f" .short)
		awk -v n="$n" '{
			match($0, /"truth":[0-9]+/)
			t = substr($0, RSTART, RLENGTH)
			match($0, /"mean":[^,]*/)
			printf "{\"id\":%d,%s,\"feat\":{%s}}\n", n++, t,
			    substr($0, RSTART, RLENGTH)
		}' "$f" >"$out/ids/$name.short"
		n=$((n + $(wc -l <"$f")))
	done
}

# aside SEED FROM TO OPTIONS...: a reference, as the streams leave it out.
aside() {
	local seed=$1 from=$2 to=$3
	shift 3
	driftmix --clean "$from" --seed "$seed" --streams 0 \
	    --reference "$out/references/$to" --reference-size $size "$@"
}

make_references() {
	local r as
	for r in $undrifted; do
		aside "$r" "$out/ids/clean.short" "$r.ids"
		for as in short all; do
			set -- "$r" "$out/records/clean.$as"
			aside "$@" "$r.$as"
			[ "$r" -le 2 ] || continue
			aside "$@" "$r-ar.$as" --ar .9
			aside "$@" "$r-period.$as" --amplitude 1
		done
	done
}

# What runs after each other over the same stream. LIKE, VECTORS and ALL are
# replaced by job; what comes after VECTORS is spared the vectors. ALL is the
# shipped pipeline, at its own guarantee: instances of all its detectors, and a
# member that has an event when one of them has.
alone='VECTORS | pht LIKE | iks LIKE | nmddm LIKE | chi2 LIKE'
default="ALL-mewma | $alone | ALL-pht | ALL-iks | ALL-nmddm | ALL-chi2 | any_of_all"
mewma="mewma -f act.avgpool[*] $lives"
all() { echo "$1 -c $out/all.yaml -n all-$1 -q ${2-$whole}"; }
any_of_all() {
	sed '/"all-[^"]*":{"alarm":true,"event":"drift"/s/}$/,"pipeline":{"event":"drift"}}/'
}
variants='pht -n pht-both --change both --scores standard LIKE |
    pht -n pht-unknown --shift unknown --scores standard LIKE |
    pht -n pht-rank --scores rank LIKE |
    iks -n iks-kuiper --kuiper LIKE | nmddm -n nmddm-scan --scan LIKE'

# job TABLE ROW KIND HORIZON REFERENCE 'OPTIONS OF DRIFTMIX' 'DETECTORS'
# The same streams are made of ids by benchmark-peers.py.
job() {
	local name=$1,$2,$3,$4,$5 like reference=$out/references/$5 take what d
	local few=$lives
	case $3,$4 in
	*,10000) few= ;;
	resembling,* | periodic,*) few=$fewer ;;
	esac
	case $3 in resembling) reference=$reference-ar ;;
	periodic) reference=$reference-period ;; esac
	like="-q -g stream --horizon $4 --reference $reference"
	# Each way of drawing sets the reference aside in its own way.
	take="--seed $5 --reference $out/own/$name --reference-size $size"
	[ ! -s "$out/results/$name.tsv" ] || return 0
	what=${7//ALL-mewma/$(all mewma "$lives") $like.all}
	for d in pht iks nmddm chi2; do
		what=${what//ALL-$d/$(all $d) $like.short}
	done
	what=${what//VECTORS/$mewma $like.all | shorten}
	what="driftmix $take $6 | ${what//LIKE/$few $like.short} | driftscore"
	[[ $7 != *any_of_all* ]] || what+=' -n pipeline'
	printf '%s\t%s --format tsv\n' "$name" "${what//$'\n'/ }"
}

# A shift that comes so, at both guarantees.
shift_jobs() { # ROW KIND REFERENCE 'SOURCES OF DRIFTMIX' 'HOW'
	job shift "$1" "$2" 1000 "$3" \
	    "$4 --at 0 --length 1000 --streams $streams $5" "$alone | $variants"
	job shift "$1" "$2" 10000 "$3" \
	    "$4 --at 0 --length 3000 --streams $long $5" "$default"
}

power_job() { # ROW KIND WINDOW REFERENCE 'SOURCES OF DRIFTMIX' 'HOW'
	job power "$1" "$2" "$3" "$4" \
	    "$5 --at 0 --length $3 --streams $streams $6" \
	    "VECTORS | pht LIKE | iks --window $3 LIKE |
	    nmddm --window $3 LIKE | chi2 --window $3 LIKE"
}

# Other ways than at once, of a few shifts.
way_jobs() { # ROW REFERENCE 'SOURCES OF DRIFTMIX' WAY...
	local row=$1 r=$2 sources=$3 k
	shift 3
	for k; do
		shift_jobs "$row" "$k" "$r" "$sources" "--${k%%=*} ${k#*=}"
		power_job "$row" "$k" 500 "$r" "$sources" "--${k%%=*} ${k#*=}"
	done
}

list_jobs() {
	local r s f k options clean="--clean $out/records/clean.short"
	local vectors="--clean $out/records/clean.all"
	for r in $undrifted; do
		for k in plain resembling periodic; do
			[ $k = plain ] || [ "$r" -le 2 ] || continue
			options=''
			[ $k != resembling ] || options='--ar .9'
			[ $k != periodic ] || options='--amplitude 1'
			for f in $fields; do
				job false "$f" $k 1000 "$r" "$clean $options \
				    --streams $((2 * streams)) --length 1000" \
				    "pht -f $f LIKE | iks -f $f LIKE |
				    nmddm -f $f LIKE"
			done
			job false class $k 1000 "$r" "$clean $options \
			    --streams $((2 * streams)) --length 1000" 'chi2 LIKE'
			job false feat.mean+std $k 1000 "$r" "$vectors $options \
			    --streams $((2 * streams)) --length 1000" \
			    "$alone | $variants"
		done
	done
	for r in $references; do
		for f in "$out"/records/*-?.short; do
			s=$(basename "$f" .short)
			options="$vectors --drift ${f%.short}.all"
			shift_jobs "$s" at-once "$r" "$options" ''
			for k in 50 100 200 500; do
				[ $k = 500 ] || [ "$r" = 1 ] || continue
				power_job "$s" $k $k "$r" "$options" ''
			done
		done
		for s in $ways; do
			way_jobs "$s" "$r" "$vectors --drift $out/records/$s.all" \
			    share=.05 ramp=500 every=100,100 class=6
		done
		way_jobs classes "$r" "$vectors" drop-class=3 raise-class=6=2
	done
}

# Limits are simulated once, each by one process: those of mewma for each
# reference, as they depend on it.
list_limits() {
	local d k r
	for r in $undrifted; do
		echo "$mewma -q --horizon 1000" \
		    "--reference $out/references/$r.all"
	done
	for r in $references; do
		echo "$(all mewma "$lives") --horizon 10000" \
		    "--reference $out/references/$r.all"
		for k in 50 100 200 500 10000; do
			echo "$mewma --horizon $k -q" \
			    "--reference $out/references/$r.all"
		done
	done
	while read -r d; do
		case $d in *"-horizon 10000") ;; *) d="$d $lives" ;; esac
		echo "$d -q --reference $out/references/${references%% *}.short"
	done <<-END
	$(for d in pht iks nmddm chi2; do
		echo "$d --horizon 1000"
		echo "$d --horizon 10000"
		echo "$(all $d) --horizon 10000"
	done
	for d in pht iks nmddm; do echo "$d --horizon 1000 -f feat.mean"; done
	for d in 'pht --change both --scores standard' \
	    'pht --shift unknown --scores standard' \
	    'pht --scores rank' 'iks --kuiper' 'nmddm --scan'; do
		echo "$d --horizon 1000"
	done
	for k in 50 100 200 500; do
		echo "pht --horizon $k"
		for d in iks nmddm chi2; do
			echo "$d --horizon $k --window $k"
		done
	done)
	END
}

simulate() { # 'NUMBER COMMAND', by a tab
	echo "benchmark: limit ${1%%$'\t'*}" >&2
	eval "${1#*$'\t'}" </dev/null || exit 255
}

do_job() { # 'NUMBER NAME COMMAND', by tabs
	local number name command
	IFS=$'\t' read -r number name command <<<"$1"
	echo "benchmark: pipeline $number: $name" >&2
	# 255 ends xargs: a table of a pipeline that failed is no result.
	bash -eo pipefail -c "$command" >"$out/results/$name.tmp" || exit 255
	mv "$out/results/$name.tmp" "$out/results/$name.tsv"
	rm -f "$out/own/$name"
}
export -f simulate do_job shorten any_of_all

# each FUNCTION FILE: of each line, numbered.
each() {
	awk -v n="$(wc -l <"$2")" '{ print NR " of " n "\t" $0 }' "$2" |
	    tr '\n' '\0' |
	    xargs -0 -r -P "$jobs" -n 1 bash -c "$1 \"\$1\"" -
}

begun=$(date +%s)
sed -E 's/^(mewma|pht|iks|nmddm|chi2):.*/all-\1:\n  tool: \1/
    s|\.\./data/|'"$PWD"'/data/|' configs/fashion.yaml >"$out/all.yaml"
mkdir -p "$out/own"
make_records
make_ids
make_references
list_limits >"$out/limits"
if [ ! -e "$out/simulated" ]; then
	each simulate "$out/limits"
	touch "$out/simulated"
fi
say "limits simulated after $(($(date +%s) - begun)) s"
list_jobs >"$out/jobs"
each do_job "$out/jobs"
say "pipelines done after $(($(date +%s) - begun)) s"
/usr/bin/python3 scripts/benchmark-peers.py "$out" "$size" "$streams" "$long" \
    "$jobs"
say "peers done after $(($(date +%s) - begun)) s"
[ -s "$out/accuracy.txt" ] || {
	# shellcheck disable=SC2086
	env $estimates OUT="$out/accuracy" PART=windows \
	    scripts/experiments/accuracy.sh >"$out/accuracy.tmp"
	mv "$out/accuracy.tmp" "$out/accuracy.txt"
}
say "estimates done after $(($(date +%s) - begun)) s"
/usr/bin/python3 scripts/benchmark-page.py "$out" ${PAGE:+man/driftpipe-benchmark.7}
say "all done after $(($(date +%s) - begun)) s: $out/index.html"
