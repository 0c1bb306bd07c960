#!/bin/bash
# Build for another processor, C library or compiler, run the unit tests and the
# tests of tools there, compare what tools print with what those of this machine
# print, and say it in a line of the table in HACKING.md.
#
#	[QUICK=1] scripts/cross.sh KIND BUILD
#
# With QUICK=1, as in CI, the tests of tools and the unit tests that simulate for
# long are left out.
#
# KIND is
#
#	arm64, armhf  Debian's compiler and libraries for that processor; programs
#	              run in qemu's emulation of a process
#	i386          the same, which this machine runs itself
#	musl          musl 1.2.5 of Debian 13, and the libraries compiled with it
#	              from Debian's sources; programs are static
#	COMPILER      such as gcc-11 or clang-16, which is there or can be installed
#
# All of it lies under build/cross. In qemu there is no seccomp: images are
# decoded without the sandbox, and the tests of it are left out. What has no
# package is left out, oneDNN for 32 bits, and for musl libnats, too.
set -euo pipefail
cd "$(dirname "$0")/.."
usage='usage: cross.sh arm64|armhf|musl|COMPILER BUILD'
kind=${1:?$usage}
native=$(cd "${2:?$usage}" && pwd)
out=$PWD/build/cross/$kind
root=$out/root
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
export LC_ALL=C

die() {
	echo "cross.sh: $*" >&2
	exit 2
}

# The options of make, how the kernel is told to run a program, and what is said
# of it all in the table.
options=() emulator=() built=all
# What may print other bytes there: see HACKING.md.
may_differ=()
case $kind in
arm64)
	triplet=aarch64-linux-gnu processor=arm64
	emulator=(qemu-aarch64-static)
	may_differ=(mewma 'accest --learn') ;;
armhf)
	triplet=arm-linux-gnueabihf processor=armhf
	emulator=(qemu-arm-static)
	options=(WITH_ONEDNN=0) built='all but oneDNN'
	may_differ=('accest --learn') ;;
i386)
	triplet=i386-linux-gnu processor=i386
	emulator=("$root/lib/ld-linux.so.2" --library-path
	    "$root/lib/$triplet:$root/usr/lib/$triplet")
	options=(WITH_ONEDNN=0) built='all but oneDNN'
	may_differ=(edet mewma nmddm 'accest --learn') ;;
musl)
	processor=amd64
	options=(WITH_ONEDNN=0 WITH_NATS=0 HARDENED_LINK= LDFLAGS=-static)
	may_differ=(edet 'accest --learn')
	built='all but oneDNN, libnats' ;;
*)
	processor=amd64
	command -v "$kind" >/dev/null || die "no such compiler: '$kind'" ;;
esac

# --- the libraries
# own_apt PROCESSOR: apt with directories of its own under $out, and the system's
# sources and keys.
own_apt() {
	rm -rf "$out/apt" "$root"
	mkdir -p "$out"/apt/{lists,cache,got} "$root"
	touch "$out/apt/status"
	cat >"$out/apt/conf" <<-CONF
	APT::Architecture "$1";
	APT::Architectures { "$1"; };
	APT::Sandbox::User "root";
	Dir::State::lists "$out/apt/lists";
	Dir::State::status "$out/apt/status";
	Dir::Cache "$out/apt/cache";
	CONF
	export APT_CONFIG=$out/apt/conf
}

# get PACKAGE...: unpacked in $root; nothing in there is run.
get() {
	# Whether the packages are found is seen at the next step.
	apt-get -qq update || :
	(cd "$out/apt/got" && apt-get -qq download "$@")
	for f in "$out"/apt/got/*.deb; do
		dpkg-deb -x "$f" "$root"
	done
	# Absolute links lead out of there, and the linker to static libraries.
	find "$root" -type l -lname '/*' | while read -r f; do
		ln -sfn "$root$(readlink "$f")" "$f"
	done
}

# Debian's libraries for a processor.
get_libraries() {
	local dnnl=
	[ "$kind" != arm64 ] || dnnl='libdnnl2 libdnnl-dev ocl-icd-libopencl1'
	own_apt "$processor"
	# shellcheck disable=SC2086 # a list of words
	get libc6 libc6-dev libgcc-s1 linux-libc-dev libgsl27 libgslcblas0 \
	    libgsl-dev libyaml-0-2 libyaml-dev zlib1g zlib1g-dev \
	    libjpeg62-turbo libjpeg62-turbo-dev libseccomp2 libseccomp-dev \
	    libstb0 libstb-dev libgomp1 libstdc++6 libnats3.4 libnats-dev libssl3 \
	    libprotobuf-c1 $dnnl
}

# musl of Debian 13, and of Debian's sources what we link, compiled with it.
get_musl() {
	local archive musl=$root/usr/lib/x86_64-linux-musl
	# shellcheck disable=SC2016 # apt's words
	archive=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' \
	    'Created-By: Packages' | sed -n 's/ bookworm$//p' | head -n 1)
	own_apt amd64
	cat >"$out/apt/sources" <<-SOURCES
	deb [signed-by=$keyring] $archive trixie main
	deb-src [signed-by=$keyring] $archive bookworm main
	SOURCES
	cat >>"$out/apt/conf" <<-CONF
	Dir::Etc::sourcelist "$out/apt/sources";
	Dir::Etc::sourceparts "-";
	CONF
	get musl musl-dev musl-tools linux-libc-dev libstb-dev
	dpkg-deb -f "$out"/apt/got/musl_*.deb Version >"$out/musl-version"
	sed -i "s,/usr/\(lib\|include\)/x86_64-linux-musl,$root&,g" \
	    "$musl/musl-gcc.specs"
	(cd "$out/apt/got" && apt-get -qq source gsl libyaml zlib \
	    libjpeg-turbo libseccomp) >"$out/musl.log" 2>&1
	for lib in zlib libyaml libseccomp gsl libjpeg-turbo; do
		echo "musl: $lib"
		(cd "$out"/apt/got/$lib-*/ && compile_for_musl $lib) \
		    >>"$out/musl.log" 2>&1 || die "$lib: see $out/musl.log"
	done
}

# compile_for_musl LIBRARY: in the directory of its source.
compile_for_musl() {
	export CC="$cc" CFLAGS=-O2
	case $1 in
	zlib) ./configure --static --prefix="$root/usr" ;;
	libyaml | libjpeg-turbo) cmake -DENABLE_SHARED=0 -DWITH_SIMD=0 \
	    -DBUILD_SHARED_LIBS=0 -DBUILD_TESTING=0 -DCMAKE_BUILD_TYPE=Release \
	    -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=x86_64 \
	    -DCMAKE_INSTALL_PREFIX="$root/usr" \
	    -DCMAKE_INSTALL_LIBDIR="$root/usr/lib" . ;;
	*) ./configure --host=x86_64-linux-musl --disable-shared \
	    --prefix="$root/usr" ;;
	esac || return
	# Debian's source has not the manual.
	[ "$1" != gsl ] || printf 'all install:\n' >doc/Makefile
	make -j"$(nproc)" && make install
}

# emulated PROGRAM: a script of its name in $out/run/bin that qemu runs it by,
# since the kernel can't.
emulated() {
	printf '#!/bin/sh\nexec %s "$@"\n' "${emulator[*]} $1" \
	    >"$out/run/bin/${1##*/}"
	chmod +x "$out/run/bin/${1##*/}"
}

mkdir -p "$out/run/bin"
case $kind in
arm64 | armhf | i386)
	[ -e "$out/unpacked" ] || get_libraries
	prefix=${triplet/i386/i686}
	cc="$prefix-gcc --sysroot=$root" root_libc=$root/lib/$triplet
	if [ "$kind" = i386 ]; then
		# That compiler has another name for the directories; and
		# numbers are to be those of all other processors.
		cc="$cc -B$root/usr/lib/$triplet -L$root/usr/lib/$triplet"
		cc="$cc -isystem $root/usr/include/$triplet"
		cc="$cc -msse2 -mfpmath=sse"
	else
		# It is told where libraries are: for 32 bits ld.so asks with
		# statx whether a directory is there, and qemu 7.2 looks
		# outside of $root.
		emulator+=(-L "$root" -E
		    "LD_LIBRARY_PATH=$root/lib/$triplet:$root/usr/lib/$triplet")
	fi
	options+=(AR="$prefix-ar")
	# scripts/darknet.sh calls them without the processor's name.
	mkdir -p "$out/binutils"
	for program in ar ld objcopy; do
		ln -sf "$(command -v "$prefix-$program")" \
		    "$out/binutils/$program"
	done
	export PATH=$out/binutils:$PATH ;;
musl)
	cc="gcc -specs=$root/usr/lib/x86_64-linux-musl/musl-gcc.specs"
	for dir in usr/include usr/include/x86_64-linux-gnu; do
		cc="$cc -idirafter $root/$dir"
	done
	cc="$cc -L$root/usr/lib"
	[ -e "$out/unpacked" ] || get_musl ;;
*)
	cc=$kind ;;
esac
rm -rf "$out/apt"
unset APT_CONFIG
touch "$out/unpacked"
# The source of darknet is here or in the tarball, and need not come again.
mkdir -p "$out/darknet"
[ -e "$out/darknet/source" ] || [ ! -d build/darknet/source ] ||
    cp -R build/darknet/source "$out/darknet"
run_make() {
	make -j"$(nproc)" --no-print-directory WERROR=1 BUILD="$out" CC="${CCACHE:-} $cc" \
	    DARKNET_DIR="$out/darknet" "${options[@]}" "$@"
}
run_make all programs

# --- the same input, here and there
for program in "$out"/bin/*; do
	if [ ${#emulator[@]} -eq 0 ] || [ "$(head -c 2 "$program")" = '#!' ]; then
		ln -sf "$program" "$out/run/bin"
	else
		emulated "$program"
	fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk 'BEGIN {
	for (i = 0; i < 1500; i++) {
		x = x * 0 + sin(i * 12.9898) * 43758.5453
		y = sin(i * 78.233) * 12543.123
		x -= int(x); y -= int(y)
		printf "{\"seq\":%d,\"x\":%.17g,\"y\":%.17g,\"class\":%d,\"cam\":%d,\"time\":%d}\n",
		    i, (i > 1000 ? x * 1.7 : x), y + x / 3, (i * i) % 7, i % 5, 17e8 + i
	}
}' >"$work/in"
head -n 500 "$work/in" >"$work/ref"
cp tests/vectors/accest/*.ndjson data/* "$work"
cp -R tests/images "$work"

failed=0 same=0 unlike=()
# compare NAME COMMAND: whether a command of the shell prints the same bytes.
compare() {
	local where
	for where in "$native" "$out/run"; do
		(cd "$work" && XDG_CACHE_HOME=$work/cache.${where##*/} \
		    PATH=$where/bin:$PATH bash -c "$2" <in \
		    >"out.${where##*/}") || die "$1: status $?"
	done
	if cmp -s "$work/out.${native##*/}" "$work/out.run"; then
		echo "ok - $1: the same bytes"
		same=$((same + 1))
	else
		diff "$work/out.${native##*/}" "$work/out.run" | head -n 4 || :
		unlike+=("$1")
		if printf '%s\n' "${may_differ[@]}" | grep -qxF "$1"; then
			echo "ok - $1: other bytes, as is known"
		else
			echo "not ok - $1: other bytes"
			failed=1
		fi
	fi
}
limits='--reference ref --horizon 1000 --lives 1000'
for t in pht iks nmddm mewma edet; do
	compare "$t" "$t -f x -f y $limits"
done
compare 'iks --p-value' 'iks -f x --alpha 0.001 --p-value --reference ref'
compare chi2 "chi2 -f class $limits"
compare dedup "dedup -f 'act.avgpool[*]' fashion-reference.ndjson"
compare featstat 'featstat -f act.avgpool fashion-reference.ndjson'
compare driftfdr 'edet -g cam -f x --reference-size 80 --limit 5 | driftfdr -g cam'
compare 'accest --learn' 'accest --learn --window 20 -o learnt \
    --damaged mild.ndjson --damaged strong.ndjson clean.ndjson && cat learnt'
compare accest 'accest --learnt learnt stream.ndjson'
compare driftreport "chi2 -f class $limits | pht -f x $limits |
    driftreport --reference ref -"
compare promtext "pht -f x $limits | promtext --stream s |
    grep -v '^[a-z]*_last_'"
compare driftpipe-run "driftpipe-run -s state.\$\$ -i in --stage 'pht -f x $limits'"
net='imgcls --no-sandbox -m fashion.cfg -w fashion.weights images/*.*'
compare 'pixels of images' "$net 2>/dev/null | jq -c '[.image, .error, .pixels]'"
# The last digits are the processor's and the engine's.
compare 'answers of a network' "$net 2>/dev/null |
    jq -c '[.image, .class, ((.prob // 0) * 1000 | round)]'"

# --- the tests
# counted COMMAND...: what prove says, and in $counted how many tests ran, and
# which programs failed.
counted() {
	"$@" 2>&1 | tee "$work/tap" || failed=1
	counted="$(sed -n 's/^Files=\([0-9]*\), Tests=\([0-9]*\),.*/\2 in \1/p' \
	    "$work/tap"), $(grep -c 'Wstat: ' "$work/tap" || :) failed"
}

mapfile -t units < <(cd "$out" && find tests -name '*_test' | sort)
tools="accest chi2 config context dedup driftmix driftscore edet group
iks journal merge messages mewma nats nmddm pht promtext"
run=$out
[ ${#emulator[@]} -eq 0 ] || run=$out/run
case "${emulator[*]}" in
qemu*) mapfile -t units < <(printf '%s\n' "${units[@]}" | grep -v /pool_test) ;;
*) tools="$tools hostile imgcls imgdegrade inputs" ;;
esac
[[ "${options[*]}" == *WITH_ONEDNN=0* ]] || tools="$tools onnx"
[[ "${options[*]}" != *WITH_NATS=0* ]] || tools=${tools/ nats / }
slow='chi2|focus|iks|ks|mewma|netneed|nmddm_kde|pht'
if [ -n "${QUICK:-}" ]; then
	mapfile -t units < <(printf '%s\n' "${units[@]}" |
	    grep -vE "/($slow)_test\$")
	tools=
fi
jobs=-j$(nproc)
# shellcheck disable=SC2086 # a list of words
counted prove "$jobs" ${PROVE_FLAGS:-} -e "${emulator[*]}" "${units[@]/#/$out/}"
unit=$counted counted='left out'
# shellcheck disable=SC2046,SC2086 # a list of words
[ -z "$tools" ] || BUILD=$run counted prove "$jobs" ${PROVE_FLAGS:-} \
    $(printf 'tests/%s.t ' $tools)

# --- what is said of it
version=$($cc -dumpfullversion 2>/dev/null || $cc -dumpversion)
case $cc in
*gcc*) version="gcc $version" ;;
*) version="clang $version" ;;
esac
case $kind in
musl) libc="musl $(cut -d- -f1 "$out/musl-version")" ;;
*) libc="glibc $(grep -aom 1 'GLIBC [0-9.]*' \
    "${root_libc:-/lib/x86_64-linux-gnu}/libc.so.6" | cut -d' ' -f2)" ;;
esac
echo "| $processor | $version | $libc | $built | $unit | $counted |" \
    "$same of $((same + ${#unlike[@]}))${unlike[*]:+; not ${unlike[*]}} |"
exit $failed
