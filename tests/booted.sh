#!/bin/sh
# An operator with driftpipe-deploy(7) alone, in a booted Debian: systemd is
# process 1 of a container and the page's commands, as they stand there, set up
# two cameras and who watches them. One drifts: within the time of the alert a
# message comes whose link leads to the pictures. The new normal is accepted,
# the weights are replaced; the other camera dies. Each is said.
#
# The rules, units and paths are the real ones, so this takes ten minutes, most
# of them waiting. As root.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machine.sh"
cd "$tmp" || exit 1
set=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
page=$top/man/driftpipe-deploy.7
[ -f $set ] || { echo '1..0 # SKIP no Fashion-MNIST'; exit 0; }
if ! machine_possible || ! command -v systemd-nspawn >/dev/null; then
	echo '1..0 # SKIP not root, no overlay, or no systemd-nspawn'
	exit 0
fi
for p in prometheus prometheus-node-exporter prometheus-alertmanager amtool; do
	program=$(command -v $p) || { echo "1..0 # SKIP no $p"; exit 0; }
	mkdir -p "$layer/upper/usr/bin"
	cp "$program" "$layer/upper/usr/bin/$p"
done
cp "$(command -v promtool)" "$layer/upper/usr/bin"
nspawn='' init=''
trap '[ -z "$nspawn" ] || { kill $nspawn && wait $nspawn; } 2>/dev/null
    rm -rf "$tmp"' EXIT

# --- what Debian's packages of Prometheus bring, and somebody who takes mail
units=$layer/upper/usr/lib/systemd/system
mkdir -p "$units" "$layer/upper/usr/share"
[ -d /usr/share/prometheus/alertmanager ] ||
    cp -R "$top/build/prometheus/share/prometheus" "$layer/upper/usr/share"
for p in prometheus prometheus-node-exporter prometheus-alertmanager; do
	cat >"$units/$p.service" <<UNIT
[Service]
User=prometheus
EnvironmentFile=-/etc/default/$p
ExecStart=/usr/bin/$p \$ARGS
UNIT
done
mkdir -p "$layer/upper/srv/mail"
cat >"$layer/upper/srv/smtp.pl" <<'PERL'
use IO::Socket::INET;
my $n = 0;
my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 25,
    Listen => 9, ReuseAddr => 1) or die $!;
while (my $c = $s->accept) {
	print $c "220 localhost\r\n";
	while (<$c>) {
		if (/^DATA/) {
			print $c "354 go on\r\n";
			open my $to, ">", "/srv/mail/.new";
			while (<$c>) {
				last if /^\.\r/;
				s/^\.//;
				print $to $_;
			}
			close $to;
			rename "/srv/mail/.new", "/srv/mail/" . ++$n;
		}
		print $c (/^QUIT/ ? "221 bye\r\n" : "250 yes\r\n");
		last if /^QUIT/;
	}
}
PERL
printf '[Service]\nExecStart=perl /srv/smtp.pl\n' >"$units/smtp.service"

run 'machine_install /usr/local'
rc_is 0 'make install'
imgdegrade -o "$layer/upper/srv/good" --count 700 $set
imgdegrade -o "$layer/upper/srv/bad" --skip 700 --count 900 --blur 0.6 \
    --contrast 0.8 --noise 10 --seed 1 $set
mkdir page
commands page "$page"

# --- the machine: no service of this one but systemd's own, and no network
layer chroot "$layer/root" sh -ec 'rm -rf /etc/systemd/system /etc/rc?.d
    mkdir /etc/systemd/system
    find /lib/systemd/system-generators ! -name "systemd-*" -type f -delete
    id prometheus >/dev/null 2>&1 || useradd --system prometheus
    install -d -o prometheus /var/lib/prometheus /var/lib/prometheus/metrics2 \
	/var/lib/prometheus/alertmanager
    : >/etc/machine-id'
unshare -m sh -ec 'mount -t overlay overlay "$1/root" \
	-o "lowerdir=/,upperdir=$1/upper,workdir=$1/work"
    exec systemd-nspawn -q -D "$1/root" --boot --register=no --keep-unit \
	--machine=camera --private-network --console=pipe --settings=no \
	--resolv-conf=off --timezone=off --link-journal=no' - "$layer" \
    >console 2>&1 </dev/null &
nspawn=$!
inside() {
	nsenter -t "$init" -a env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    HOME=/root LC_ALL=C "$@"
}
begun=$(date +%s)
seconds() { echo $(($(date +%s) - begun)); }
# within SECONDS 'what' COMMAND...: it comes true by then.
within() {
	_until=$(($(seconds) + $1))
	_what=$2
	shift 2
	until "$@" >/dev/null 2>&1 || [ "$(seconds)" -ge $_until ]; do
		sleep 2
	done
	ok "$_what" "$@"
	echo "# at $(seconds) s"
}
booted() {
	init=$(pgrep -P $nspawn) &&
	    inside systemctl is-system-running | grep -E 'running|degraded'
}
within 60 'the machine boots' booted
is 'and all that should run does' "$(inside systemctl --failed --plain -q)" ''

# --- the page
# do_page SECTION [NUMBER [SED]]: its commands, or that one of them, edited.
do_page() {
	_n=0
	for _f in page/*."$1"; do
		[ -z "${2:-}" ] || [ $((_n += 1)) -eq "$2" ] || continue
		sed -n "${3:-p}" "$_f" >said
		ok "$1: $(head -n 1 said)" inside sh -ec "$(cat said)"
	done
}
do_page Installation
do_page More-cameras 1
do_page Alerts
do_page A-dashboard-in-Prometheus
do_page systemd 1
do_page Reports-of-all-cameras
ok 'images of events are kept' inside sed -i 's/# keep-images/keep-images/' \
    /etc/driftpipe/cam0.yaml
inside sed -i 's/follow: false/follow: true/; s/once: true/once: false/
    s/barrier: 60/barrier: 10/' /etc/driftpipe/cam1.yaml
ok 'mail, and the exporter' inside systemctl start smtp prometheus-node-exporter
do_page systemd 3
do_page systemd 4 's/cam0/cam1/p'

# deliver CAM KIND FROM COUNT AGE: images, ten seconds apart, the last AGE
# seconds old.
part=0
deliver() {
	inside runuser -u camera -- sh -ec 'now=$(date +%s)
	    i=0
	    for f in $(ls "/srv/$2" | sed -n "$3,$(($3 + $4 - 1))p"); do
		i=$((i + 1))
		to=/var/spool/driftpipe/$1/.coming
		cp "/srv/$2/$f" $to
		touch -d "@$((now - $5 - ($4 - i) * 10))" $to
		mv $to "/var/spool/driftpipe/$1/$6-$f"
	    done' - "$@" $((part += 1))
}
query() { # EXPRESSION: what is, as the page has it
	inside promtool query instant http://localhost:9090 "$1"
}
holds() { query "$1" | grep -q .; }
images() { # CAM N: as many have been counted
	holds "sum(imgcls_predictions_total{stream=\"$1\"}) == $2"
}
firing() { # ALERT CAM
	holds "ALERTS{alertname=\"$1\",stream=\"$2\",alertstate=\"firing\"}"
}
not() { ! "$@"; }
mails() { # TEXT: of the messages
	perl -MMIME::QuotedPrint -0777 -ne 'print decode_qp($_)' \
	    "$layer"/upper/srv/mail/* 2>/dev/null | grep -F -e "$1"
}

deliver cam1 good 1 100 1000 # it dies 15 minutes and 100 seconds ago
deliver cam0 good 101 300 1300
within 600 'systemd starts the pipeline when images come' images cam0 300
within 600 'the other one runs all the time' images cam1 100
ok 'nobody is told of good images' not firing DriftDetectorsAgree cam0

deliver cam0 bad 1 120 0
drifted=$(seconds)
within 600 'the camera drifts: they are counted' images cam0 420
within 600 'an alert fires' firing DriftDetectorsAgree cam0
within 90 'and a message comes' mails 'DriftDetectorsAgree (firing)'
echo "# $(($(seconds) - drifted)) s after the images"
mails 'detectors see drift' | sed 's/^ */# /'
link=$(mails 'Pictures:' | head -n 1 | sed 's/.*Pictures: //' | tr -d '\r')
ok 'the page makes the report at once' inside sh -ec "$(
    sed -n 's/^\.Ql \(systemctl start driftpipe-report.*\)/\1/p' "$page")"
inside curl -sf "http://localhost:9090${link#http://*:9090}" >report.html
for what in 'Typical of the first records' 'The first after the estimated change'; do
	ok "the link of the message leads to pictures: $what" sh -c \
	    'tr -d "\n" <report.html | grep -q "$1.*data:image/jpeg"' - "$what"
done
[ -z "${BOOTED_OUT:-}" ] || cp report.html "$BOOTED_OUT"
images=$layer/upper/var/lib/driftpipe/cam0.journal/images
ok 'and the event has kept its own' test -n "$(ls "$images")"
is 'which nobody else can read' "$(find "$images" -type f -perm /007)" ''
look=$(mails 'Look:' | head -n 1 | sed 's/.*Look: //' | tr -d '\r')
inside curl -sf "http://localhost:9090${look#http://*:9090}" >console.html
ok 'another one to the console' grep -q 'Drift for' console.html
ok 'the journal of systemd has the event in words, as a warning' sh -c \
    'echo "$1" | grep "at record"' - "$(inside journalctl -q -p warning \
	-u driftpipe-batch@cam0 --no-pager)"

# --- a new normal
deliver cam0 bad 121 600 0
within 600 'more of the same' images cam0 1020
inside systemctl stop driftpipe-batch@cam0.path driftpipe-batch@cam0.timer
within 120 'it is stopped' inside sh -c 'systemctl show -p ActiveState \
    --value driftpipe-batch@cam0 | grep -x inactive'
do_page A-new-normal 1 's/last:1000/last:700/; p'
do_page systemd 3
deliver cam0 bad 721 60 0
within 600 'it goes on' images cam0 1080
ok 'and is not in drift' holds 'max(drift_detected{stream="cam0"}) == 0'
within 120 'the alert ends' not firing DriftDetectorsAgree cam0

# --- other weights
inside sh -ec 'cd /usr/local/share/driftpipe/data
    printf "\1" | dd of=fashion.weights bs=1 seek=20000 conv=notrunc status=none'
deliver cam0 bad 781 30 0
within 600 'the weights are replaced: an alert says so' \
    firing DriftModelMismatch cam0
ok 'and the journal' sh -c 'echo "$1" | grep -i model' - "$(
    inside journalctl -q -p warning -u driftpipe-batch@cam0 --no-pager)"
ok 'nothing is tested against a reference of another model' not firing \
    DriftDetectorsAgree cam0

# --- the other camera is dead
within 600 'the dead camera is an alert' firing DriftCameraSilent cam1
ok 'and nothing else is said of it' not firing DriftPipelineStale cam1
done_testing
