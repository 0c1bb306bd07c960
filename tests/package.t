#!/bin/sh
# What packages say of the project: the version, every program in one of them,
# licences that are those of what is linked.
. "$(dirname "$0")/lib.sh"
build=${BUILD:-$top/build}
have() { command -v "$1" >/dev/null; }
tools=$(cd "$top" && MAKEFLAGS='' make -s tools | tr ' ' '\n' | sort)
all=$(cd "$top" && MAKEFLAGS='' make -s tools sh-tools | tr ' ' '\n' | sort)
version=$(cat "$top/VERSION")

is "Debian's version" \
    "$(sed -n '1s/.*(\(.*\)).*/\1/p' "$top/debian/changelog")" "$version"
is "the spec's version" \
    "$(sed -n 's/^Version: *//p' "$top/packaging/driftpipe.spec")" "$version"
is "APKBUILD's version" \
    "$(sed -n 's/^pkgver=//p' "$top/packaging/APKBUILD")" "$version"
is 'each program is in one package' "$(
    sed -n 's,^debian/tmp/usr/bin/,,p' "$top"/debian/*.install | sort)" "$all"
is 'and its page' "$(
    sed -n 's,^debian/tmp/usr/share/man/man1/\(.*\)\.1$,\1,p' \
	"$top"/debian/*.install | sort)" "$all"
if have dpkg-source; then
	ok 'the changelog can be parsed' \
	    sh -c "cd '$top' && dpkg-parsechangelog"
fi

set=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
if [ -f $set ] && have jq; then
	mkdir "$tmp/pipeline"
	ok "what the packages' test does" env PATH="$build/bin:$PATH" \
	    AUTOPKGTEST_TMP="$tmp/pipeline" SHARE="$top" \
	    sh "$top/debian/tests/pipeline"
else
	skip "what the packages' test does" 'no Fashion-MNIST or jq'
fi

# --- licences
ok "debian/copyright has LICENSE's words" sh -c "
    squeeze() { sed 's/^ \.\$//' | tr -s ' \n' '  '; }
    sed -n '/^License: MIT\$/,\$p' '$top/debian/copyright' | sed -n '/^ Permission/,\$p' |
	squeeze >'$tmp/debian'
    sed -n '/^Permission/,\$p' '$top/LICENSE' | squeeze | sed 's/^/ /' |
	cmp - '$tmp/debian'"
ok 'LICENSES/MIT.txt is LICENSE' cmp "$top/LICENSE" "$top/LICENSES/MIT.txt"
if have reuse && [ -e "$top/.git" ]; then
	ok 'every file has a licence' sh -c "cd '$top' && reuse lint"
else
	skip 'every file has a licence' 'no reuse'
fi

# --- the SBOM
if ! have jq || ! have dpkg-query; then
	skip 'SBOM' 'no jq or dpkg'
	done_testing
	exit
fi
run "SOURCE_DATE_EPOCH=0 '$top/scripts/sbom.sh' '$build'"
rc_is 0 'SBOM'
cp "$tmp/out" "$tmp/sbom"
is 'every program is a file of it' \
    "$(jq -r '.files[].fileName | ltrimstr("./bin/")' "$tmp/sbom" | sort)" \
    "$all"
# SPDX 2.3 is invalid without SHA1.
for sum in SHA256 SHA1; do
	is "with its $sum" "$(jq -r --arg sum $sum '.files[] |
	    (.checksums[] | select(.algorithm == $sum).checksumValue) + "  " +
	    .fileName' "$tmp/sbom" | (cd "$build" && "$(
		echo $sum | tr SHA sha)sum" -c --quiet 2>&1))" ''
done
is 'relations are between what is there' "$(jq -r '
    ([.SPDXID] + [.packages[].SPDXID] + [.files[].SPDXID]) as $ids |
    .relationships[] | .spdxElementId, .relatedSpdxElement |
    select(. as $id | $ids | index($id) == null)' "$tmp/sbom")" ''
is 'every part has a licence' \
    "$(jq -r '.packages[] | select(.licenseConcluded == "NOASSERTION").name' \
	"$tmp/sbom")" ''
is 'what links GSL is under the GPL' "$(
    for t in $tools; do
	    readelf -d "$build/bin/$t" | grep -c 'NEEDED.*libgsl\.' >"$tmp/n"
	    [ "$(cat "$tmp/n")" -eq 0 ] || echo "$t"
    done)" "$(jq -r '.files[] | select(.licenseConcluded | test("^GPL")) |
	.fileName | ltrimstr("./bin/")' "$tmp/sbom")"
is 'and README.md names the others' "$(sed -n '/^later, as that is: all but/,/\.$/p' \
    "$top/README.md" | grep -o '`[^`]*`' | tr -d '\`' | sort)" \
    "$(jq -r '.files[] | select(.licenseConcluded == "MIT") |
	.fileName | ltrimstr("./bin/")' "$tmp/sbom" |
	grep -vx driftpipe-init | sort)"
is 'imgcls has darknet in it' "$(jq -r '.relationships[] |
    select(.relationshipType == "STATIC_LINK" and
	.relatedSpdxElement == "SPDXRef-darknet").spdxElementId' "$tmp/sbom" |
    head -n 1)" SPDXRef-bin-imgcls
done_testing
