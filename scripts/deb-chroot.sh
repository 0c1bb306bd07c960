#!/bin/bash
# Try Debian's packages, as root, in a system that debootstrap makes: install
# them, run debian/tests, see that the units are what systemd takes, and that a
# purge leaves nothing. With BUILD=1 they are built there, too.
#
#	[BUILD=1] scripts/deb-chroot.sh DEBS
set -euo pipefail
cd "$(dirname "$0")/.."
debs=${1:?usage: deb-chroot.sh DEBS}
root=$PWD/build/chroot
version=$(cat VERSION)

inside() {
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
	    DEBIAN_FRONTEND=noninteractive "$@"
}

clean() {
	for d in proc dev; do
		mountpoint -q "$root/$d" && umount "$root/$d"
	done
	rm -rf "$root"
}

# apt in there finds its packages as apt here does.
make_root() {
	clean
	debootstrap --variant=minbase bookworm "$root" >build/debootstrap.log
	rm -rf "$root/etc/apt"
	cp -R /etc/apt "$root/etc/apt"
	[ ! -d /usr/local/share/ca-certificates ] ||
	    cp -R /usr/local/share/ca-certificates "$root/usr/local/share"
	mount -t proc proc "$root/proc"
	mount --bind /dev "$root/dev"
	inside apt-get -qq update
}

# Everything but what dpkg and apt write for themselves.
contents() {
	(cd "$root" && find . \( -path ./proc -o -path ./dev -o -path ./tmp \
	    -o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/log \
	    -o -path ./var/cache -o -path ./run \) -prune -o -print | sort
	cut -d: -f1 "$root/etc/passwd" "$root/etc/group"
	cd "$root" && find var/cache -mindepth 1 -maxdepth 1)
}

trap clean EXIT
trap 'exit 1' HUP INT TERM
if [ -n "${BUILD:-}" ]; then
	make_root
	inside apt-get -qq install -y --no-install-recommends build-essential \
	    debhelper >/dev/null
	tar -C "$root/tmp" -xzf "build/driftpipe-$version.tar.gz"
	inside sh -c "cd /tmp/driftpipe-$version &&
	    apt-get -qq build-dep -y --no-install-recommends . >/dev/null &&
	    dpkg-buildpackage -us -uc -b >/tmp/log 2>&1" ||
	    { tail -30 "$root/tmp/log"; exit 1; }
	for f in "$root"/tmp/*.deb; do
		cmp "$f" "$debs/$(basename "$f")"
	done
	echo "built in a chroot: the same bytes"
fi

make_root
# What tests need is there before, so that it is not taken for ours.
inside apt-get -qq install -y --no-install-recommends jq systemd man-db \
    dataset-fashion-mnist >/dev/null
mkdir "$root/tmp/debs"
cp "$debs"/driftpipe_*.deb "$debs"/driftpipe-imgcls_*.deb \
    "$debs"/driftpipe-nats_*.deb "$debs"/driftpipe-doc_*.deb "$root/tmp/debs"
# Dependencies first: they stay.
inside sh -c 'apt-get -qq install -y --no-install-recommends /tmp/debs/*.deb \
    >/dev/null && dpkg -P driftpipe driftpipe-imgcls driftpipe-nats driftpipe-doc \
    >/dev/null'
contents >build/chroot.before
inside sh -c 'dpkg -i /tmp/debs/*.deb >/dev/null'
inside sh -c 'id driftpipe && man -w imgcls driftpipe-deploy &&
    systemd-analyze verify --man=no driftpipe-batch@cam0.service \
	driftpipe-batch@cam0.timer driftpipe-watch@cam0.service'
cp -R debian/tests "$root/tmp/tests"
inside runuser -u nobody -- sh -c 'cd /tmp && sh /tmp/tests/pipeline'
# A camera as driftpipe-deploy(7) has it, as the user of the units.
inside sh -ec 'install -D -m 644 /usr/share/driftpipe/configs/cam0.yaml \
	/etc/driftpipe/cam0.yaml
    install -d -o driftpipe -g driftpipe /var/spool/driftpipe/cam0
    imgdegrade -o /var/spool/driftpipe/cam0 --count 300 \
	/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
    runuser -u driftpipe -- env XDG_CACHE_HOME=/var/cache \
	driftpipe-run -c /etc/driftpipe/cam0.yaml
    grep -c "^drift_" /var/lib/prometheus/node-exporter/drift-cam0.prom
    rm -r /var/spool/driftpipe/cam0 /etc/driftpipe/cam0.yaml'
inside dpkg -P driftpipe driftpipe-imgcls driftpipe-nats driftpipe-doc >/dev/null
contents >build/chroot.after
diff build/chroot.before build/chroot.after
echo "purged: nothing is left"
