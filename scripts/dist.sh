#!/bin/sh
# Make OUTDIR/driftpipe-VERSION.tar.gz of the last commit and of darknet's
# source: it builds without git and without a network. The same commit makes the
# same bytes.
#
#	scripts/dist.sh OUTDIR
set -eu
cd "$(dirname "$0")/.."
out=${1:?usage: dist.sh OUTDIR}

die() {
	echo "dist.sh: $*" >&2
	exit 2
}

time=$(git log -1 --format=%ct) || die "no git repository"
name=driftpipe-$(git show HEAD:VERSION)
dsc=$(ls build/darknet/source/*.dsc) || die "no source of darknet: run make"
mkdir -p "$out"
tmp=$(mktemp -d "$out/dist.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

git archive --prefix="$name/" HEAD | tar -x -C "$tmp"
git rev-parse --short=12 HEAD >"$tmp/$name/REVISION"
dpkg-source --no-check -x "$dsc" "$tmp/darknet" >"$tmp/log" 2>&1 ||
    { cat "$tmp/log" >&2; die "cannot unpack darknet"; }
mkdir "$tmp/$name/darknet"
# What is compiled, and what it may be used under.
for part in src include LICENSE LICENSE.mit README.md; do
	cp -R "$tmp/darknet/$part" "$tmp/$name/darknet"
done
tar -C "$tmp" --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner \
    --mode=u+rw,go+r,go-w,a+X --format=ustar -c "$name" | gzip -9n \
    >"$tmp/$name.tar.gz"
mv "$tmp/$name.tar.gz" "$out/$name.tar.gz"
echo "$out/$name.tar.gz"
