#!/bin/sh
# A fleet of 50 cameras on four edge boxes, a NATS server and a worker, each a
# booted Debian in a network namespace of its own: the page driftpipe-deploy(7)
# sets them up with its own commands. The link of one box is down for a while,
# one camera drifts, and nothing is lost.
#
# Ten minutes, most of them waiting. As root.
# shellcheck disable=SC2016,SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machine.sh"
cd "$tmp" || exit 1
set=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
page=$top/man/driftpipe-deploy.7
boxes=4 cameras=50 lan=driftpipe$$
[ -f $set ] || { echo '1..0 # SKIP no Fashion-MNIST'; exit 0; }
if ! machine_possible || ! command -v systemd-nspawn >/dev/null ||
    ! command -v nats-server >/dev/null || ! ip netns add $lan; then
	echo '1..0 # SKIP not root, or no overlay, systemd-nspawn, nats-server'
	exit 0
fi
machines="hub worker $(seq -f edge%g $boxes | paste -s -d ' ')"
end() {
	for m in $machines; do
		[ -f "$m.pid" ] && kill "$(cat "$m.pid")" 2>/dev/null
	done
	wait
	ip netns del $lan
	rm -rf "$tmp"
}
trap end EXIT

# --- what all have: the programs, and nothing of this machine's services
run 'machine_install /usr/local'
rc_is 0 'make install'
mkdir page
commands page "$page"
layer chroot "$layer/root" sh -ec 'rm -rf /etc/systemd/system /etc/rc?.d
    mkdir /etc/systemd/system
    find /lib/systemd/system-generators ! -name "systemd-*" -type f -delete
    : >/etc/machine-id'
mkdir -p "$layer/upper/srv"
imgdegrade -o "$layer/upper/srv/good" --count 600 $set
imgdegrade -o "$layer/upper/srv/bad" --skip 600 --count 120 --blur 0.6 \
    --contrast 0.8 --noise 10 --seed 1 $set

# --- the machines, on one wire
ip -n $lan link add lan type bridge
ip -n $lan link set lan up
boot() { # NAME
	mkdir -p "$1/work" "$1/root"
	cp -a "$layer/upper" "$1/upper"
	nsenter "--net=/run/netns/$lan" unshare -m sh -ec 'mount -t overlay overlay "$1/root" \
		-o "lowerdir=/,upperdir=$1/upper,workdir=$1/work"
	    exec systemd-nspawn -q -D "$1/root" --boot --register=no --keep-unit \
		--machine="$2" --network-bridge=lan --console=pipe --settings=no \
		--resolv-conf=off --timezone=off --link-journal=no' - "$tmp/$1" \
	    "$1" >"$1.console" 2>&1 </dev/null &
	echo $! >"$1.pid"
}
inside() { # NAME COMMAND...
	_init=$(pgrep -P "$(cat "$1.pid")") || return
	shift
	nsenter -t "$_init" -a env -i HOME=/root LC_ALL=C \
	    PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
begun=$(date +%s)
# within SECONDS 'what' COMMAND...: it comes true by then.
within() {
	_until=$(($(date +%s) + $1))
	_what=$2
	shift 2
	until "$@" >/dev/null 2>&1 || [ "$(date +%s)" -ge $_until ]; do
		sleep 2
	done
	ok "$_what" "$@"
	echo "# at $(($(date +%s) - begun)) s"
}
booted() {
	inside "$1" systemctl is-system-running | grep -E 'running|degraded'
}
# do_page NAME SECTION [NUMBER]: its commands there, or that block of them.
do_page() {
	_n=0
	for _f in page/*."$2"; do
		[ -z "${3:-}" ] || [ $((_n += 1)) -eq "$3" ] || continue
		ok "$1: $2: $(head -n 1 "$_f")" inside "$1" sh -ec "$(cat "$_f")"
	done
}
n=0
for m in $machines; do
	boot "$m"
done
for m in $machines; do
	within 300 "$m boots" booted "$m"
	n=$((n + 1))
	inside "$m" ip address add "10.9.0.$n/24" dev host0
	inside "$m" ip link set host0 up
	inside "$m" sh -c 'echo 10.9.0.1 nats.example.org >>/etc/hosts'
done

# --- the page: the server, what it gives to all, and the stream
do_page hub A-live-fleet 1
inside hub cat /etc/nats/server.pem >ca.pem
inside hub cat /etc/nats-users.conf |
    sed -n 's/^\([A-Z]*\): "\(.*\)"/\1 \2/p' | while read -r user password; do
	name=$(echo "$user" | tr '[:upper:]' '[:lower:]')
	echo "$name:$password" >"$name.login"
done
give() { # NAME FILE
	inside "$1" sh -ec 'install -m 640 -g driftpipe /dev/stdin "$1"' - \
	    "/etc/driftpipe/$2" <"$2"
}
do_page hub Installation 1
give hub ca.pem
give hub admin.login
ok 'hub: the stream' inside hub sh -ec "cd /etc/driftpipe
    cp ca.pem server.pem
    cp /usr/local/share/driftpipe/configs/live/stream.json .
    $(sed -n '/^\.Dl driftpipe-pub/,/make-stream/{
	s/^\.Dl "\{0,1\}//; s/"$//; s/\\e$/\\/; p
    }' "$page")"
do_page worker Installation 1
give worker ca.pem
give worker worker.login
do_page worker systemd 1
do_page worker A-live-fleet 3
do_page worker A-live-fleet 5
for b in $(seq $boxes); do
	do_page "edge$b" Installation
	give "edge$b" ca.pem
	give "edge$b" edge.login
	do_page "edge$b" systemd 1
	do_page "edge$b" A-live-fleet 2
done

# --- the cameras
# deliver CAMERA KIND FROM COUNT: to its box.
deliver() {
	inside "edge$(($1 % boxes + 1))" sh -ec '
	    to=/var/spool/driftpipe/edge/cam$1
	    [ -d "$to" ] || runuser -u camera -- mkdir "$to"
	    for f in $(ls "/srv/$2" | sed -n "$3,$(($3 + $4 - 1))p"); do
		cp "/srv/$2/$f" "$to/.coming"
		chown camera "$to/.coming"
		mv "$to/.coming" "$to/$2-$f"
	    done' - "$@"
}
counted() { # of all cameras, or of one: IMAGES [CAMERA]
	[ "$(inside worker cat \
	    /var/lib/prometheus/node-exporter/drift-fleet.prom |
	    awk -v cam="${2:+stream=\"cam$2\"}" '/^imgcls_predictions_total{/ &&
		index($0, cam) { n += $NF } END { print n + 0 }')" -eq "$1" ]
}
for c in $(seq 0 $((cameras - 1))); do deliver "$c" good $((c * 10 + 1)) 10; done
within 600 'all images of 50 cameras have come' counted $((cameras * 10))
is 'as 50 streams' "$(inside worker cat \
    /var/lib/prometheus/node-exporter/drift-fleet.prom |
    grep -o '^imgcls_predictions_total{.*stream="[^"]*"' |
    sed 's/.*stream=//' | sort -u | wc -l)" $cameras

ok 'the link of a box is cut' inside edge2 ip link set host0 down
deliver 1 good 511 20
deliver 2 bad 1 120
within 300 'the other boxes go on' counted $((cameras * 10 + 120))
ok 'its records wait' sh -c 'ls "$1"/*.ndjson' - \
    "$tmp/edge2/upper/var/lib/driftpipe/edge.spool"
ok 'the link is back' inside edge2 ip link set host0 up
within 300 'and nothing is lost' counted $((cameras * 10 + 140))
ok 'nor counted twice' counted 30 1
is 'the camera that has drifted' "$(inside worker cat \
    /var/lib/prometheus/node-exporter/drift-fleet.prom |
    grep '^drift_detected{.* 1$' | grep -o 'stream="[^"]*"' | sort -u)" \
    'stream="cam2"'
within 300 'which is in the list' inside worker grep -q \
    '^drift_detected{.*detector="driftfdr",stream="cam2"} 1$' \
    /var/lib/prometheus/node-exporter/drift-list.prom
for m in $machines; do
	is "$m: no unit has failed" "$(inside "$m" systemctl --failed --plain -q |
	    grep -E 'driftpipe|nats')" ''
done
done_testing
