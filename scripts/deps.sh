#!/bin/sh
# Install what is missing, and say so; touch nothing when nothing is.
#
#	scripts/deps.sh TARGET...
#
# TARGET is one or more of build, demo, check, lint, bench, benchmark, engines,
# torch, photographs, screenshot, container, cross, deb, fleet, booted. Debian
# packages come by apt-get, through sudo when not root. Prometheus and its node
# exporter would start as services when installed, so they are only unpacked,
# under build/prometheus, where the tests find them.
set -eu
cd "$(dirname "$0")/.."

build="gcc make libc6-dev libgsl-dev libyaml-dev zlib1g-dev
libjpeg62-turbo-dev libstb-dev libdnnl-dev libseccomp-dev dpkg-dev binutils
libwebp7 libtiff6 libheif1 libnats-dev"
demo="jq dataset-fashion-mnist"
benchmark="gnuplot-nox python3-scipy dataset-fashion-mnist"
check="$demo $benchmark perl valgrind mandoc libxml2-utils file curl procps
systemd docker-compose logrotate xz-utils zstd bzip2 libonnx-testdata zsh
fish parallel ffmpeg nats-server mosquitto-clients openssl reuse"
bench="jq miller time python3-opencv ffmpeg file $demo"
engines="jq python3-opencv"
torch="python3-torch python3-torchvision python3-onnx"
photographs=mate-backgrounds
lint="clang libclang-rt-14-dev clang-format shellcheck mandoc libjansson-dev"
cross="gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf gcc-i686-linux-gnu
qemu-user-static jq cmake gperf nats-server"
booted="systemd-container dbus"
fleet="slurm-wlm munge parallel procps jq nats-server perl"
deb="debhelper lintian fakeroot debootstrap systemd-container"
container="$demo podman buildah runc debootstrap podman-compose netavark
aardvark-dns iptables catatonit curl"
screenshot="$demo chromium fonts-dejavu-core pngquant optipng"
unpacked=build/prometheus

die() {
	echo "deps.sh: $*" >&2
	exit 2
}

[ $# -gt 0 ] || die "name a target: build, demo, check, lint, bench, benchmark, engines, torch, photographs, screenshot, container, cross, deb, fleet or booted"
want=''
unpack=''
for target; do
	case $target in
	build) want="$want $build" ;;
	demo) want="$want $demo" unpack="promtool" ;;
	check)
		want="$want $check"
		unpack="promtool prometheus prometheus-node-exporter
		    prometheus-alertmanager amtool"
		;;
	lint) want="$want $lint" ;;
	bench) want="$want $bench" ;;
	benchmark) want="$want $benchmark" ;;
	engines) want="$want $engines" ;;
	torch) want="$want $torch" ;;
	photographs) want="$want $photographs" ;;
	cross) want="$want $cross" ;;
	deb) want="$want $deb" ;;
	fleet) want="$want $fleet" ;;
	booted) want="$want $booted" ;;
	container)
		want="$want $container"
		unpack="$unpack promtool prometheus prometheus-node-exporter"
		;;
	screenshot) want="$want $screenshot" unpack="$unpack promtool" ;;
	*) die "no such target: '$target'" ;;
	esac
done

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "as root, run: $*"
	fi
}

has_apt() {
	command -v apt-get >/dev/null ||
	    die "no apt-get here; install by hand: $*"
}

updated=''
update() {
	[ -n "$updated" ] || as_root apt-get -qq update
	updated=yes
}

missing=''
for p in $want; do
	dpkg-query -W -f '${Status}' "$p" 2>/dev/null |
	    grep -q 'ok installed' || missing="$missing $p"
done
if [ -n "$missing" ]; then
	# The list of words is meant to be split.
	# shellcheck disable=SC2046,SC2086
	set -- $(printf '%s\n' $missing | sort -u)
	has_apt "$@"
	echo "installing with apt-get: $*"
	update
	# A fresh machine may be busy with its own upgrades.
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
	    -o DPkg::Lock::Timeout=600 --no-install-recommends "$@" >/dev/null
fi

# package_of PROGRAM
package_of() {
	case $1 in
	# From Debian 13 on it has a package of its own.
	promtool) apt-cache show promtool >/dev/null 2>&1 &&
	    echo promtool || echo prometheus ;;
	amtool) echo prometheus-alertmanager ;;
	*) echo "$1" ;;
	esac
}

for program in $unpack; do
	command -v "$program" >/dev/null && continue
	[ -x "$unpacked/$program" ] && continue
	has_apt "$program"
	update
	package=$(package_of "$program")
	echo "unpacking $program from Debian's package $package into $unpacked"
	mkdir -p "$unpacked"
	tmp=$(mktemp -d "$unpacked/tmp.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	# apt's own user can't write here: it downloads as we are.
	(cd "$tmp" && apt-get -qq -o APT::Sandbox::User=root \
	    download "$package" && dpkg-deb -x ./*.deb .)
	for f in promtool prometheus prometheus-node-exporter \
	    prometheus-alertmanager amtool; do
		[ -x "$tmp/usr/bin/$f" ] && mv "$tmp/usr/bin/$f" "$unpacked/$f"
	done
	# Alertmanager's own messages, which it looks for in /usr/share.
	[ ! -d "$tmp/usr/share/prometheus/alertmanager" ] || {
		mkdir -p "$unpacked/share"
		rm -rf "$unpacked/share/prometheus"
		mv "$tmp/usr/share/prometheus" "$unpacked/share"
	}
	rm -rf "$tmp"
	[ -x "$unpacked/$program" ] || die "'$package' has no $program"
done
