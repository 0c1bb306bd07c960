#!/bin/bash
# Build the image of configs/docker and run it as docker-compose.yml does: with
# a read-only root, no network, no capability. As root, with podman; the base is
# made by debootstrap, so no registry is asked. All of it stays under
# build/container.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/${BUILD:-build}/bin:$PWD/build/prometheus:$PATH
out=$PWD/build/container
base=localhost/debian:bookworm-slim
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

rm -rf "$out/host"
mkdir -p "$out"/host/{etc,state,metrics,spool/cam0}
cp configs/cam0.yaml "$out/host/etc"
imgdegrade -o "$out/host/spool/cam0" --count $images \
    /usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
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
    END { print n " images classified in a container"; exit n != want }' "$file"
podman image inspect driftpipe --format 'the image has {{.Size}} bytes'
