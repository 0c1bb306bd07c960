# A machine that has nothing of driftpipe yet, to be sourced after lib.sh: this
# one's files under a layer that is thrown away, and another PREFIX.
#
#	machine_possible     whether there can be one here: 0 or 1
#	layer COMMAND...     with that layer over the root, the command in it
#	machine_install DIR  make install there, PREFIX=DIR, without what this
#	                     machine has of it
#	commands DIR PAGE    the commands of a page: a file for each,
#	                     NUMBER.SECTION
#
# What is in the layer is below $layer/upper.

layer=$tmp/layer
mkdir -p "$layer/root" "$layer/upper" "$layer/work"

layer() {
	unshare -m sh -ec 'layer=$1
	    shift
	    mount -t overlay overlay "$layer/root" \
		-o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work"
	    mount --rbind /proc "$layer/root/proc"
	    mount --rbind /dev "$layer/root/dev"
	    exec "$@"' - "$layer" "$@"
}

machine_possible() {
	[ "$(id -u)" -eq 0 ] && layer true 2>/dev/null &&
	    command -v systemctl >/dev/null
}

machine_install() {
	layer make -s -C "$top" install BUILD="${BUILD:-build}" PREFIX="$1" \
	    DESTDIR="$layer/root" &&
	    layer chroot "$layer/root" rm -rf /etc/sysusers.d /etc/tmpfiles.d \
		/etc/driftpipe /etc/prometheus /etc/grafana
}

commands() {
	awk -v to="$1" '
	    function file() { return sprintf("%s/%02d.%s", to, ++n, name) }
	    /^\.Ss / { name = substr($0, 5); gsub(/ /, "-", name) }
	    /^\.Sh EXAMPLES/ { exit }
	    /^\.It Ql systemctl/ { f = file(); print substr($0, 8) >f; close(f) }
	    /^\.Ed/ { on = 0; close(f) }
	    on { gsub(/\\e/, "\\"); print >f }
	    /^\.Bd -literal/ && name { on = 1; f = file() }' "$2"
}
