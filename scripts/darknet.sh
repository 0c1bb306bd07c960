#!/bin/sh
# Build a lean static darknet from Debian's source package.
#
#	scripts/darknet.sh OUTDIR
#
# makes OUTDIR/libdarknet.a and OUTDIR/include/darknet.h, without OpenCV and
# without a GPU. What is already built is left alone and needs no network.
#
# The tarball of make dist has the source in darknet/. Elsewhere it comes from
# apt, through a configuration of its own under OUTDIR: the system's sources
# turned into deb-src, with their keys. apt checks the signature; nothing of the
# system's configuration or lists is touched.
#
# DARKNET_CFLAGS chooses the compiler flags. The default names no processor,
# so that what is built here runs elsewhere: our own layer functions
# (lib/net/) pick their instructions at run time, and darknet's serve only
# the rare layer types.
set -eu

: "${CC:=gcc}"
: "${DARKNET_CFLAGS:=-O3 -fno-math-errno -fno-trapping-math}"

[ $# -eq 1 ] || { echo "usage: darknet.sh OUTDIR" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
tree=$(cd "$(dirname "$0")/.." && pwd)

die() {
	echo "darknet.sh: $*" >&2
	exit 2
}

# The built archive is moved into place last; beside it stands how it was made.
built() {
	[ -f "$out/libdarknet.a" ] && [ "$(cat "$out/flags")" = "$how" ]
}

# sources FILE...: their deb entries as deb-src, in one-line or deb822 form.
# Only a distribution's own archive has darknet: other suites are left out.
sources() {
	for f; do
		[ -f "$f" ] || continue
		case $f in
		*.list) sed -nE 's/^[[:space:]]*deb[[:space:]]/deb-src /p' \
		    "$f" >>"$tmp/parts/system.list" ;;
		*.sources) awk '
			BEGIN { RS = ""; FS = "\n" }
			{
				text = ""; off = 0
				for (i = 1; i <= NF; i++) {
					if ($i ~ /^#/) continue
					if (tolower($i) ~ /^types:/) $i = "Types: deb-src"
					if (tolower($i) ~ /^enabled: *(no|false|0)/) off = 1
					text = text $i "\n"
				}
				if (!off && text ~ /Types:/) print text
			}' "$f" >>"$tmp/parts/system.sources" ;;
		esac
	done
}

# The system's own settings (proxies, mirrors' credentials) without its hooks
# and directories, which an ordinary user may not write.
private_apt() {
	mkdir -p "$tmp/parts" "$tmp/lists/partial" "$tmp/cache/archives/partial"
	eval "$(apt-config shell etc Dir::Etc/d list Dir::Etc::sourcelist/f \
	    parts Dir::Etc::sourceparts/d status Dir::State::status/f)"
	# shellcheck disable=SC2154 # set by the eval
	sources "$list" "$parts"/*.list "$parts"/*.sources
	apt-config dump | grep -vE 'Invoke|^Dir::(State|Cache)' >"$tmp/apt.conf"
	# shellcheck disable=SC2154
	cat >>"$tmp/apt.conf" <<-CONF
	Dir::Etc::main "/dev/null";
	Dir::Etc::parts "/dev/null";
	Dir::Etc::sourcelist "/dev/null";
	Dir::Etc::sourceparts "$tmp/parts";
	Dir::State::status "$status";
	Dir::State::lists "$tmp/lists";
	Dir::Cache "$tmp/cache";
	CONF
	# apt drops its privileges to _apt where it can read the place.
	chmod 755 "$tmp"
	APT_CONFIG=$tmp/apt.conf
	export APT_CONFIG
}

# fetch: leaves the verified source package in $out/source.
fetch() {
	ls "$out"/source/*.dsc >/dev/null 2>&1 && return
	command -v dpkg-source >/dev/null || die "needs dpkg-dev"
	private_apt
	mkdir "$tmp/source"
	# A third party's archive without sources is no matter; whether
	# darknet was found is seen at the next step.
	apt-get -q update >"$tmp/log" 2>&1 || :
	(cd "$tmp/source" && apt-get -q source --download-only darknet) \
	    >>"$tmp/log" 2>&1 ||
	    { cat "$tmp/log" >&2; die "cannot get the source of 'darknet'"; }
	rm -rf "$out/source"
	mv "$tmp/source" "$out/source"
}

# The names that lib/net/ call, and those that they define anew.
names="parse_network_cfg free_network activate_array gradient_array"
# And those that the tests compare with.
names="$names make_image free_image resize_image center_crop_image
letterbox_image"
replaced="error file_error malloc_error rand_normal rand_uniform"

# unpack: the source in $tmp/src.
unpack() {
	if [ -d "$tree/darknet" ]; then
		cp -R "$tree/darknet" "$tmp/src"
		return
	fi
	fetch
	dpkg-source --no-check -x "$out"/source/*.dsc "$tmp/src" >"$tmp/log" 2>&1 ||
	    { cat "$tmp/log" >&2; die "cannot unpack the source"; }
}

# compile: one object that shows only what lib/net/ call. darknet prints to
# stderr as it goes and defines names like 'error' and stbi_*; here it is
# silent, and keeps its names to itself.
compile() {
	cat >"$tmp/quiet.h" <<-'QUIET'
	#include <stdio.h>
	#include <stdlib.h>
	#define fprintf(...) ((void)0)
	#define printf(...) ((void)0)
	#define perror(s) ((void)0)
	#define exit(status) abort()
	QUIET
	cd "$tmp/src/src"
	rm compare.c demo.c # a program, and a window
	# shellcheck disable=SC2086 # the flags are words
	printf '%s\n' *.c | xargs -P "$(nproc)" -I{} $CC $hardening \
	    $DARKNET_CFLAGS -w \
	    -fPIC -include "$tmp/quiet.h" -I../include -I. -c {} -o {}.o ||
	    die "cannot compile darknet"
	# Without groups, whose names are lost below.
	ld -r --force-group-allocation -o ../all.o ./*.c.o
	# shellcheck disable=SC2046,SC2086 # the names are words
	objcopy $(printf -- '--keep-global-symbol=%s ' $names $replaced) \
	    $(printf -- '--weaken-symbol=%s ' $replaced) ../all.o
	ar rcs ../libdarknet.a ../all.o
	cd "$out"
}

hardening=$(CC=$CC "$tree/scripts/hardening.sh")
how="$CC $hardening $DARKNET_CFLAGS $(cksum <"$0")"
if built; then
	touch "$out/libdarknet.a" # newer than this script, for make
	exit 0
fi
tmp=$(mktemp -d "$out/tmp.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
rm -f "$out/libdarknet.a"
unpack
compile
rm -rf "$out/include"
mv "$tmp/src/include" "$out/include"
printf '%s\n' "$how" >"$out/flags"
mv "$tmp/src/libdarknet.a" "$out/libdarknet.a"
