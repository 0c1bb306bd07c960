#!/bin/bash
# Print the SPDX 2.3 document of a build, as JSON: each program with its
# checksum, what it links, from which Debian package and under which licence,
# and what darknet and stb left in it. A program that links a library under the
# GPL is itself under the GPL.
#
#	scripts/sbom.sh BUILD
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:?usage: sbom.sh BUILD}
time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}

# Of a package's library, in SPDX's words.
license_of() {
	case $1 in
	libc6) echo LGPL-2.1-or-later ;;
	libdnnl*) echo Apache-2.0 ;;
	libgomp1) echo GPL-3.0-or-later WITH GCC-exception-3.1 ;;
	libgsl*) echo GPL-3.0-or-later ;;
	libjpeg*) echo IJG AND BSD-3-Clause AND Zlib ;;
	libnats*) echo Apache-2.0 ;;
	libseccomp*) echo LGPL-2.1-only ;;
	libyaml-0-2) echo MIT ;;
	zlib1g) echo Zlib ;;
	*) echo NOASSERTION ;;
	esac
}

# The package that a library comes from, asked once; /lib is /usr/lib by another
# name.
package_of() {
	local known=$tmp/of.${1##*/}
	[ -s "$known" ] || {
		dpkg-query -S "$1" || dpkg-query -S "/usr$1" ||
		    dpkg-query -S "${1#/usr}"
	} 2>/dev/null | sed 's/:.*//; q' >"$known"
	cat "$known"
}

# The libraries that a program names itself, not those that these need.
needed() {
	# A script needs none.
	readelf -h "$1" >/dev/null 2>&1 || return 0
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' >"$tmp/needed"
	ldd "$1" | awk 'NR == FNR { own[$1]; next } $1 in own { print $3 }' \
	    "$tmp/needed" - | while read -r path; do package_of "$path"; done |
	    sort -u
}

# has PROGRAM WORD: whether its symbols tell of it.
has() {
	nm "$1" 2>/dev/null | grep -c " [tT] $2" >/dev/null
}

rows() { # kind, name, version or checksums, licence, and what it is part of
	for program in "$build"/bin/*; do
		name=${program##*/}
		# SPDX 2.3 is invalid without SHA1.
		sums=$(for sum in sha256sum sha1sum; do
			$sum "$program" | cut -d' ' -f1
		done | paste -sd' ')
		parts=$(needed "$program" | tr '\n' ' ')
		! has "$program" parse_network_cfg || parts="$parts darknet"
		! has "$program" stbi_ || parts="$parts stb"
		printf 'program\t%s\t%s\t%s\t%s\n' "$name" "$sums" "$(
		    case $parts in
		    *gsl*) echo GPL-3.0-or-later ;;
		    *) echo MIT ;;
		    esac)" "$parts"
		for part in $parts; do echo "$part" >&3; done
	done 3>"$tmp/parts"
	sort -u "$tmp/parts" | while read -r part; do
		case $part in
		darknet)
			version=$(cd build/darknet/source 2>/dev/null &&
			    sed -n 's/^Version: //p' ./*.dsc || echo 'in the tarball')
			license='MIT AND BSD-2-Clause' ;;
		stb)
			version=$(dpkg-query -W -f '${Version}' libstb-dev)
			license=MIT ;;
		*)
			version=$(dpkg-query -W -f '${Version}\n' "$part" | head -n 1)
			license=$(license_of "$part") ;;
		esac
		printf 'part\t%s\t%s\t%s\t\n' "$part" "$version" "$license"
	done
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
rows >"$tmp/rows"
sum=$(sha256sum <"$tmp/rows" | cut -d' ' -f1)
jq -Rn --arg version "$(cat VERSION)" --arg sum "$sum" \
    --arg created "$(date -u -d "@$time" +%Y-%m-%dT%H:%M:%SZ)" '
def id: "SPDXRef-" + gsub("[^A-Za-z0-9.-]"; "-");
def package(name; version; license): {
	SPDXID: (name | id), name: name, versionInfo: version,
	downloadLocation: "NOASSERTION", filesAnalyzed: false,
	licenseConcluded: license, licenseDeclared: license,
	copyrightText: "NOASSERTION"};
[inputs | split("\t") | {kind: .[0], name: .[1], value: .[2],
    license: .[3], parts: (.[4] | split(" ") | map(select(. != "")))}] as $rows |
($rows | map(select(.kind == "program"))) as $programs |
{
	spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0",
	SPDXID: "SPDXRef-DOCUMENT", name: ("driftpipe-" + $version),
	documentNamespace: ("urn:driftpipe:" + $version + ":" + $sum),
	creationInfo: {created: $created, creators: ["Tool: driftpipe-sbom.sh"]},
	packages: ([package("driftpipe"; $version; "MIT")] +
	    [$rows[] | select(.kind == "part") |
		package(.name; .value; .license)]),
	files: [$programs[] | {
		SPDXID: ("bin-" + .name | id), fileName: ("./bin/" + .name),
		fileTypes: ["BINARY"], copyrightText: "NOASSERTION",
		checksums: (.value | split(" ") |
			[{algorithm: "SHA256", checksumValue: .[0]},
			{algorithm: "SHA1", checksumValue: .[1]}]),
		licenseConcluded: .license, licenseInfoInFiles: ["NOASSERTION"]}],
	relationships: ([{spdxElementId: "SPDXRef-DOCUMENT",
		relationshipType: "DESCRIBES",
		relatedSpdxElement: "SPDXRef-driftpipe"}] +
	    [$programs[] | ("bin-" + .name | id) as $file |
		{spdxElementId: $file, relationshipType: "GENERATED_FROM",
		    relatedSpdxElement: "SPDXRef-driftpipe"},
		(.parts[] | {spdxElementId: $file,
		    relationshipType: (if . == "darknet" or . == "stb"
			then "STATIC_LINK" else "DYNAMIC_LINK" end),
		    relatedSpdxElement: id})])
}' "$tmp/rows"
