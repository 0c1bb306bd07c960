#!/bin/sh
# Build Debian's packages twice out of the tarball of make dist, in places of
# different names; that both have the same bytes, and that lintian is silent,
# is checked.
#
#	scripts/deb.sh OUTDIR
set -eu
cd "$(dirname "$0")/.."
mkdir -p "${1:?usage: deb.sh OUTDIR}"
out=$(cd "$1" && pwd)
version=$(cat VERSION)
tarball=$PWD/build/driftpipe-$version.tar.gz

# build DIR: the packages in DIR.
build() {
	rm -rf "$1"
	mkdir -p "$1"
	tar -C "$1" -xzf "$tarball"
	(cd "$1/driftpipe-$version" &&
	    dpkg-buildpackage -us -uc) >"$1/log" 2>&1 ||
	    { tail -30 "$1/log" >&2; echo "deb.sh: see $1/log" >&2; exit 1; }
	rm -rf "$1/driftpipe-$version"
}

build "$out/first"
DEB_BUILD_OPTIONS=nocheck
export DEB_BUILD_OPTIONS
build "$out/the-second"
for f in "$out"/first/*.deb "$out"/first/*.dsc "$out"/first/*.tar.xz; do
	cmp "$f" "$out/the-second/$(basename "$f")"
done
echo "two builds, the same bytes"
lintian --allow-root --fail-on error,warning "$out"/first/*.changes
mv "$out"/first/* "$out"
rm -r "$out/first" "$out/the-second"
ls "$out"/*.deb
