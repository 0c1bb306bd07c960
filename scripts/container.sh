#!/bin/bash
# Build the image of configs/docker and run it, as root, with podman:
#
#	container.sh run	as docker-compose.yml does, with a read-only root,
#				no network, no capability
#	container.sh compose	docker-compose.yml itself: images that drift,
#				until Prometheus knows of it
#
# The base is made by debootstrap, and node_exporter and Prometheus are Debian's
# under the names that the file has, so no registry is asked. All of it stays
# under build/container.
set -euo pipefail
case ${1:-} in run | compose) ;; *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;; esac
cd "$(dirname "$0")/.."
PATH=$PWD/${BUILD:-build}/bin:$PWD/build/prometheus:$PATH
out=$PWD/build/container
base=localhost/debian:bookworm-slim
set=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
images=300

mkdir -p "$out"
# Neither cgroups nor limits are what podman expects, where this itself runs in
# a container.
cat >"$out/containers.conf" <<'CONF'
[engine]
runtime = "runc"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
CONF
cat >"$out/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$out/storage"
runroot = "$out/run"
CONF
export CONTAINERS_CONF=$out/containers.conf
export CONTAINERS_STORAGE_CONF=$out/storage.conf

podman image exists $base || {
	debootstrap --variant=minbase bookworm "$out/base" >"$out/debootstrap.log"
	tar -C "$out/base" -c . | podman import -q - $base
	rm -rf "$out/base"
}
# apt in there finds its packages as apt here does.
podman build -q --isolation chroot -v /etc/apt:/etc/apt:ro \
    --build-arg BASE=$base -f configs/docker/Dockerfile -t driftpipe .

# run: one pass over images that are there.
run() {
	rm -rf "$out/host"
	mkdir -p "$out"/host/{etc,state,metrics,spool/cam0}
	cp configs/cam0.yaml "$out/host/etc"
	imgdegrade -o "$out/host/spool/cam0" --count $images "$set"
	chown -R 10001:10001 "$out/host"
	podman run --rm --read-only --cap-drop=ALL --network none \
	    --security-opt no-new-privileges --memory 256m --tmpfs /tmp \
	    -v "$out/host/etc:/etc/driftpipe:ro" \
	    -v "$out/host/spool:/var/spool/driftpipe" \
	    -v "$out/host/state:/var/lib/driftpipe" \
	    -v "$out/host/metrics:/var/lib/prometheus/node-exporter" \
	    driftpipe -c /etc/driftpipe/cam0.yaml
	file=$out/host/metrics/drift-cam0.prom
	promtool check metrics <"$file"
	awk -v want=$images '/^imgcls_predictions_total/ { n += $NF }
	    END { print n " images classified in a container"; exit n != want }' \
	    "$file"
	podman image inspect driftpipe --format 'the image has {{.Size}} bytes'
}

# A program of Debian's, under the name that the compose file has for it.
pack() { # PROGRAM NAME
	mkdir -p "$out/pack"
	cp "build/prometheus/$1" "$out/pack/program"
	printf 'FROM %s\nCOPY program /bin/program\nENTRYPOINT ["/bin/program"]\n' \
	    $base | podman build -q --isolation chroot \
	    -t "$(sed -n "s,.*image: \(.*/$2:.*\),\1,p" "$file")" -f - "$out/pack"
}

# EXPRESSION: its value, as Prometheus knows it. By the container's own address:
# where this itself runs in a container, its port may not be forwarded.
ask() {
	{ curl -sG --data-urlencode "query=$1" "http://$address:9090/api/v1/query" ||
	    echo '{}'; } | jq -r '.data.result[0].value[1] // 0'
}

composed() { podman-compose -p driftpipe -f "$file" "$@" >"$out/compose.log" 2>&1; }

# compose: the services watch a directory, in which there are blurred images.
compose() {
	docker=$out/compose/configs/docker
	file=$docker/docker-compose.yml
	rm -rf "$out/compose"
	mkdir -p "$docker" "$docker"/{etc,spool/cam0}
	cp -R configs "$out/compose"
	sed 's/^  follow: false/  follow: true/; /^  once: true/d' \
	    configs/cam0.yaml >"$docker/etc/cam0.yaml"
	imgdegrade -o "$docker/spool/cam0" --blur 1.5 --count $images "$set"
	chown -R 10001:10001 "$docker/spool"
	pack prometheus-node-exporter node-exporter
	pack prometheus prometheus
	trap 'composed down -v' EXIT
	composed up -d cam0 node-exporter prometheus || { cat "$out/compose.log"; exit 1; }
	address=$(podman inspect -f \
	    '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' \
	    driftpipe_prometheus_1)
	for _try in {1..60}; do
		seen=$(ask 'sum(imgcls_predictions_total)')
		alarms=$(ask 'sum(drift_alarms_total)')
		[ "$seen" -ge $images ] && [ "$alarms" -gt 0 ] && break
		sleep 5
	done
	echo "Prometheus knows of $seen images and of $alarms alarms"
	[ "$seen" -ge $images ] && [ "$alarms" -gt 0 ]
}

$1
