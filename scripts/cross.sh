#!/bin/bash
# Build for another processor, run the unit tests of the pure rooms and the
# detectors there with qemu's emulation of a process, and compare the detectors'
# output with that of this machine.
#
#	scripts/cross.sh arm64|armhf BUILD
#
# The libraries are Debian's for that processor, unpacked under build/cross; the
# decoder's sandbox and oneDNN are not tried: qemu has no seccomp.
set -euo pipefail
cd "$(dirname "$0")/.."
arch=${1:?usage: cross.sh arm64|armhf BUILD}
native=$(cd "${2:?usage: cross.sh arm64|armhf BUILD}" && pwd)
case $arch in
arm64) triplet=aarch64-linux-gnu qemu=qemu-aarch64-static ;;
armhf) triplet=arm-linux-gnueabihf qemu=qemu-arm-static ;;
*) echo "cross.sh: no such machine: '$arch'" >&2; exit 2 ;;
esac
out=$PWD/build/cross/$arch
root=$out/root
rooms="base json stats detect limit metric monitor run report eval journal tool"

# Debian's packages for that machine, unpacked; nothing in there is run. apt gets
# them with the system's sources and keys, and lists of its own.
unpack() {
	rm -rf "$out/apt" "$root"
	mkdir -p "$root" "$out"/apt/{lists,cache,debs}
	touch "$out/apt/status"
	cat >"$out/apt/conf" <<-CONF
	APT::Architecture "$arch";
	APT::Architectures { "$arch"; };
	APT::Sandbox::User "root";
	Dir::State::lists "$out/apt/lists";
	Dir::State::status "$out/apt/status";
	Dir::Cache "$out/apt/cache";
	CONF
	export APT_CONFIG=$out/apt/conf
	# Whether the packages are found is seen at the next step.
	apt-get -qq update || :
	(cd "$out/apt/debs" && apt-get -qq download libc6 libc6-dev libgcc-s1 \
	    linux-libc-dev libgsl27 libgslcblas0 libgsl-dev libyaml-0-2 \
	    libyaml-dev zlib1g zlib1g-dev libjpeg62-turbo libjpeg62-turbo-dev \
	    libseccomp2 libseccomp-dev libstb0 libstb-dev)
	unset APT_CONFIG
	for f in "$out"/apt/debs/*.deb; do
		dpkg-deb -x "$f" "$root"
	done
	# Absolute links lead out of there, and the linker to static libraries.
	find "$root" -type l -lname '/*' | while read -r f; do
		ln -sfn "$root$(readlink "$f")" "$f"
	done
	rm -rf "$out/apt"
	touch "$out/unpacked"
}

# emulated PROGRAM: a script of its name in $out/run that qemu runs it by, since
# the kernel can't. It is told where libraries are: for 32 bits ld.so asks with
# statx whether a directory is there, and qemu 7.2 looks outside of $root.
emulated() {
	printf '#!/bin/sh\nexec %s -E LD_LIBRARY_PATH=%s -L %s %s "$@"\n' \
	    "$qemu" "$root/lib/$triplet:$root/usr/lib/$triplet" "$root" "$1" \
	    >"$out/run/${1##*/}"
	chmod +x "$out/run/${1##*/}"
}

mkdir -p "$out/run"
[ -e "$out/unpacked" ] || unpack
tools="featstat pht iks nmddm chi2 mewma promtext driftpipe-run driftmix driftscore"
tests=
for room in $rooms; do
	for f in tests/lib/"$room"/*_test.c; do
		[ ! -e "$f" ] || tests="$tests ${f%.c}"
	done
done
# shellcheck disable=SC2046,SC2086 # lists of words
make -j"$(nproc)" --no-print-directory BUILD="$out" WITH_ONEDNN=0 WITH_NATS=0 \
    CC="${CCACHE:-} $triplet-gcc --sysroot=$root" AR="$triplet-ar" \
    $(printf "$out/bin/%s " $tools) $(printf "$out/%s " $tests)

for t in $tools; do emulated "$out/bin/$t"; done
for t in $tests; do emulated "$out/$t"; done

# --- the same records, here and there
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk 'BEGIN {
	for (i = 0; i < 1500; i++) {
		x = x * 0 + sin(i * 12.9898) * 43758.5453
		y = sin(i * 78.233) * 12543.123
		x -= int(x); y -= int(y)
		printf "{\"seq\":%d,\"x\":%.17g,\"y\":%.17g,\"class\":%d}\n", i,
		    (i > 1000 ? x * 1.7 : x), y + x / 3, (i * i) % 7
	}
}' >"$work/in"
head -n 500 "$work/in" >"$work/ref"
compare() {
	local name=$1
	shift
	XDG_CACHE_HOME=$work/a PATH=$native/bin:$PATH "$@" <"$work/in" >"$work/here"
	XDG_CACHE_HOME=$work/b PATH=$out/run:$PATH "$@" <"$work/in" >"$work/there"
	if cmp -s "$work/here" "$work/there"; then
		echo "ok - $name: the same bytes"
	else
		diff "$work/here" "$work/there" | head -n 4 || :
		echo "not ok - $name"
		failed=1
	fi
}
failed=0
limits=(--reference "$work/ref" --horizon 1000 --lives 1000)
for t in pht iks nmddm; do
	compare "$t" "$t" -f x -f y "${limits[@]}"
done
# The inverse of its covariance comes from GSL, whose last digits are others
# where the processor multiplies and adds in one operation.
round='.mewma.tests[].stat |= (. * 1e9 | round)'
compare 'mewma, to nine decimals' sh -c "
    mewma -f x -f y --reference '$work/ref' --horizon 1000 --lives 1000 |
    jq -c '$round'"
compare 'iks --p-value' iks -f x --alpha 0.001 --p-value --reference "$work/ref"
compare chi2 chi2 -f class "${limits[@]}"
compare featstat featstat -f x
compare promtext sh -c "promtext --stream s | grep -v ^promtext_last_"
# shellcheck disable=SC2046,SC2086
prove -j"$(nproc)" $(for t in $tests; do echo "$out/run/${t##*/}"; done)
exit $failed
