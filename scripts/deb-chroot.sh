#!/bin/bash
# Try Debian's packages, as root, in a system that debootstrap makes and systemd
# boots, in a container: install them, run debian/tests, have the units count
# images, and see that a purge while they run leaves nothing. With BUILD=1 the
# packages are built in such a system, too, without a network.
#
#	[BUILD=1] scripts/deb-chroot.sh DEBS
set -euo pipefail
cd "$(dirname "$0")/.."
debs=${1:?usage: deb-chroot.sh DEBS}
root=$PWD/build/chroot
version=$(cat VERSION)
packages=(driftpipe driftpipe-imgcls driftpipe-nats driftpipe-doc)
nspawn=''
scripts/deps.sh deb

inside() {
	nsenter -t "$(pgrep -P "$nspawn")" -a env -i HOME=/root LC_ALL=C \
	    PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
}

get() {
	inside sh -ec "apt-get -qq install -y --no-install-recommends $* >/dev/null"
}

# within SECONDS COMMAND...: it comes true by then.
within() {
	local until=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $until ] || { echo "not yet: $*" >&2; return 1; }
		sleep 1
	done
}

clean() {
	[ -z "$nspawn" ] || { kill "$nspawn" && wait "$nspawn"; } 2>/dev/null || :
	nspawn=''
	rm -rf "$root"
}

# apt in there finds its packages as apt here does.
boot() {
	clean
	cp -a "$root.new" "$root"
	systemd-nspawn -q -D "$root" --boot --register=no --keep-unit \
	    --console=pipe --settings=no --resolv-conf=copy-host \
	    --timezone=off --link-journal=no >build/chroot.boot 2>&1 </dev/null &
	nspawn=$!
	within 60 inside systemctl is-active multi-user.target
	inside apt-get -qq update
}

# Everything but what dpkg, apt and systemd write for themselves.
contents() {
	inside find / -xdev \( -path /tmp -o -path /var/lib/dpkg -o -path /var/tmp \
	    -o -path /var/lib/apt -o -path /var/log -o -path /var/cache \) -prune \
	    -o -print | sort
	cut -d: -f1 "$root/etc/passwd" "$root/etc/group"
	inside find /var/cache /var/log -mindepth 1 -maxdepth 1 | sort
}

counted() { # CAM N
	awk -v want="$2" '/^imgcls_predictions_total/ { n += $NF }
	    END { exit n != want }' \
	    "$root/var/lib/prometheus/node-exporter/drift-$1.prom"
}

trap clean EXIT
trap 'exit 1' HUP INT TERM
# Made once; make clean removes it.
[ -d "$root.new" ] || {
	rm -rf "$root"
	debootstrap --variant=minbase --include=systemd-sysv,dbus bookworm "$root" \
	    >build/debootstrap.log
	rm -rf "$root/etc/apt"
	cp -R /etc/apt "$root/etc/apt"
	[ ! -d /usr/local/share/ca-certificates ] ||
	    cp -R /usr/local/share/ca-certificates "$root/usr/local/share"
	mv "$root" "$root.new"
}

if [ -n "${BUILD:-}" ]; then
	boot
	get build-essential debhelper
	tar -C "$root/root" -xzf "build/driftpipe-$version.tar.gz"
	inside sh -ec "cd /root/driftpipe-$version
	    apt-get -qq build-dep -y --no-install-recommends . >/dev/null
	    unshare -n dpkg-buildpackage -us -uc -b >/root/log 2>&1" ||
	    { tail -30 "$root/root/log"; exit 1; }
	for f in "$root"/root/*.deb; do
		cmp "$f" "$debs/$(basename "$f")"
	done
	echo "built in a chroot, without a network: the same bytes"
fi

boot
# What tests need is there before, so that it is not taken for ours.
get jq man-db bash-completion dataset-fashion-mnist
mkdir "$root/srv/debs"
cp debian/tests/pipeline "$root/srv"
for p in "${packages[@]}"; do
	cp "$debs/${p}_"*.deb "$root/srv/debs"
done
# Dependencies first: they stay.
get '/srv/debs/*.deb'
inside dpkg -P "${packages[@]}" >/dev/null
contents >build/chroot.before
get '/srv/debs/*.deb'
inside sh -ec 'id driftpipe
    systemd-analyze verify --man=no driftpipe-batch@cam0.service \
	driftpipe-batch@cam0.timer driftpipe-watch@cam0.service'
# Two cameras as driftpipe-deploy(7) has them: one is looked at by the timer, the
# other all the time.
# shellcheck disable=SC2016 # not for this shell
inside sh -ec 'cd /etc
    install -D -m 644 /usr/share/driftpipe/configs/cam0.yaml driftpipe/cam0.yaml
    sed "s/cam0/cam1/g; s/follow: false/follow: true/; s/once: true/once: false/" \
	driftpipe/cam0.yaml >driftpipe/cam1.yaml
    for cam in cam0 cam1; do
	    install -d -o driftpipe -g driftpipe /var/spool/driftpipe/$cam
	    imgdegrade -o /var/spool/driftpipe/$cam --count 300 \
		/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
    done
    systemctl -q enable --now driftpipe-batch@cam0.timer \
	driftpipe-watch@cam1.service driftpipe-report@hourly.timer'
inside runuser -u nobody -- sh /srv/pipeline
# shellcheck disable=SC2016 # nor this
inside bash -ec '. /usr/share/bash-completion/bash_completion
    for p in $(dpkg -L driftpipe driftpipe-imgcls driftpipe-nats |
	sed -n "s,/usr/bin/,,p"); do
	    man "$p" >/dev/null
	    _completion_loader "$p" || [ $? -eq 124 ]
	    complete -p "$p"
    done >/dev/null
    man driftpipe-deploy >/dev/null'
echo "every program has its page, and completes"
within 400 counted cam0 300
within 100 counted cam1 300
echo "the timer's service and the one that runs all the time have counted"
pipeline() { inside systemctl show -p MainPID driftpipe-watch@cam1; }
old=$(pipeline)
inside sh -c 'dpkg -i /srv/debs/*.deb >/dev/null'
[ "$old" != "$(pipeline)" ]
echo "upgraded: it runs with the new programs"
# The configuration and the images are the user's; the units run on.
rm -r "$root"/etc/driftpipe/cam?.yaml "$root"/var/spool/driftpipe/cam?/*
inside dpkg -P "${packages[@]}" >/dev/null
[ -z "$(inside systemctl -q list-units 'driftpipe-*@*')" ]
contents >build/chroot.after
diff build/chroot.before build/chroot.after
echo "purged: nothing is left"
