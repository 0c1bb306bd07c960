#!/bin/sh
# Make all that a first pipeline needs out of a model and good images:
# driftpipe-init(1).
set -eu
export LC_ALL=C
least=100 # images: below that the detectors know too little
numbers='feat.mean, feat.std, prob, entropy,
    pixels.brightness, pixels.contrast, pixels.sharpness'

die() {
	printf 'driftpipe-init: %s\n' "$*" >&2
	exit 2
}

usage() {
	cat <<'HELP'
usage: driftpipe-init [options] MODEL IMAGES
make a reference and a configuration out of a model and good images

  -w, --weights FILE      the weights of a darknet network
  -l, --labels FILE       names of the classes, one a line
  -p, --preset NAME       how images were prepared in training, as for imgcls
  -n, --name NAME         of the camera and of its files (cam0)
  -d, --directory DIR     where they are put (.)
  -h, --help              print this help
  -V, --version           print the version

See driftpipe-init(1) and driftpipe(7).
HELP
	exit
}

weights='' labels='' preset='' name=cam0 directory=.
while [ $# -gt 0 ]; do
	case $1 in
	-h | --help) usage ;;
	-V | --version) echo 'driftpipe-init @VERSION@' && exit ;;
	--*=*)
		option=${1%%=*} value=${1#*=}
		shift
		set -- "$option" "$value" "$@"
		;;
	esac
	case $1 in
	-w | --weights) set_to=weights ;;
	-l | --labels) set_to=labels ;;
	-p | --preset) set_to=preset ;;
	-n | --name) set_to=name ;;
	-d | --directory) set_to=directory ;;
	--) shift && break ;;
	-?*) die "no such option: '$1'" ;;
	*) break ;;
	esac
	[ $# -ge 2 ] || die "'$1': no value"
	eval "$set_to=\$2"
	shift 2
done
[ $# -eq 2 ] || die "a model and a directory of images: see 'driftpipe-init --help'"
model=$1 images=$2

# --- what there is
case $name in '' | *[!0-9A-Za-z_-]*)
	die "'--name': letters, digits, - and _ alone: '$name'" ;;
esac
for tool in imgcls featstat driftpipe-run; do
	command -v $tool >/dev/null || die "$tool: not found"
done
[ -f "$model" ] || die "$model: no such file"
[ -d "$images" ] || die "$images: no such directory"

# beside SUFFIX...: a file beside the model that is called as it.
beside() {
	for suffix; do
		if [ -f "${model%.*}.$suffix" ]; then
			printf '%s\n' "${model%.*}.$suffix"
			return
		fi
	done
}
[ -n "$labels" ] || labels=$(beside names labels txt)
case $model in
*.onnx) : "${preset:=imagenet}" ;;
*)
	: "${preset:=darknet}"
	[ -n "$weights" ] || weights=$(beside weights)
	[ -n "$weights" ] ||
	    die "$model: no ${model%.*}.weights beside it: name it with -w"
	;;
esac

mkdir -p "$directory"
absolute() {
	[ -z "$1" ] || realpath "$1"
}
model=$(absolute "$model") weights=$(absolute "$weights")
labels=$(absolute "$labels") images=$(absolute "$images")
directory=$(absolute "$directory")
config=$directory/$name.yaml
reference=$directory/$name-reference.ndjson
for made in "$config" "$reference"; do
	[ ! -e "$made" ] || die "$made: is there already"
done

classify() {
	imgcls -m "$model" ${weights:+-w "$weights"} ${labels:+-l "$labels"} \
	    --preset "$preset" --allow-errors "$@"
}
list() {
	find "$images" -type f ! -path '*/.*' -print0 | sort -z
}

# --- the reference
trap 'rm -f "$reference.part"' EXIT
trap 'exit 2' HUP INT TERM
found=$(list | tr -cd '\0' | wc -c)
[ "$found" -ge $least ] ||
    die "$images: $found files: $least images are needed, better 1,000"
# The values of the layer are watched one by one where there are images enough.
values=$(list | head -z -n 20 | classify -q -0 | featstat |
    sed -n 's/.*"feat":{"n":\([0-9]*\).*/\1/p' | head -n 1)
[ -n "$values" ] || die "$images: none of the first 20 files can be classified"
vector='' keep=''
if [ $((10 * (values + 7))) -le "$found" ]; then
	vector='"act[*]", ' keep=true
fi
list | classify -0 | featstat ${keep:+--keep} |
    grep -v '"error":' >"$reference.part" || :
good=$(wc -l <"$reference.part")
[ "$good" -ge $least ] ||
    die "$images: $good of $found files can be classified: $least are needed"

# --- the configuration
quoted() {
	printf "'%s'" "$(printf '%s' "$1" | sed "s/'/''/g")"
}
stem=${model##*/}
cat >"$config" <<YAML
# Made by driftpipe-init of $good images. Every member is explained in
# driftpipe.yaml(5).
driftpipe-run:
  stage: [imgcls, featstat, mewma, pht, iks, nmddm, chi2, promtext]
  state: $(quoted "$directory/$name.state")
  journal: $(quoted "$directory/$name.journal") # events, errors, the last records
  output: $(quoted "$directory/$name.prom") # for node_exporter: in its directory

imgcls:
  watch: $(quoted "$directory/$name") # new images come here
  once: true
  barrier: 60
  allow-errors: true # an image that can't be read is counted, and is no failure
  preset: $preset # as in training, or the answers are not those of training

model:
  name: $(quoted "${stem%.*}")
  version: "1"
  cfg: $(quoted "$model")
YAML
[ -z "$weights" ] || echo "  weights: $(quoted "$weights")" >>"$config"
[ -z "$labels" ] || echo "  labels: $(quoted "$labels")" >>"$config"
cat >>"$config" <<YAML

featstat:
  keep: ${keep:-false}

# The detectors share a false-alarm probability of 0.05 in 10,000 images: each
# has a fifth.
mewma: # everything at once
  field: [$vector$numbers]
  reference: &reference $(quoted "$reference")
  fap: &share 0.01
pht: # each number by itself
  field: &numbers [$numbers]
  scores: rank
  reference: *reference
  fap: *share
iks:
  field: *numbers
  reference: *reference
  fap: *share
nmddm:
  field: *numbers
  reference: *reference
  fap: *share
chi2: # the mix of classes
  field: class
  reference: *reference
  fap: *share

promtext:
  stream: $name
  reference: *reference # what should be
driftreport:
  reference: *reference
YAML
mkdir -p "$directory/$name"
mv "$reference.part" "$reference"
# The first run: the limits are found, once.
driftpipe-run -q -c "$config" ||
    die "$config: the pipeline does not start; the reason is above"

# For a shell.
word() {
	case $1 in
	*[!0-9A-Za-z_./+-]*)
		printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
	*) printf '%s' "$1" ;;
	esac
}
run="$(word "$(command -v driftpipe-run)") -c $(word "$config")"
cat <<SAID
$config: $good of $found images, a layer of $values values, preset $preset${labels:+, names of $labels}
New images go to $directory/$name. By hand, cron or systemd:
    $run
    */5 * * * * $run
    systemd-run --user --unit=driftpipe-$name --on-calendar='*:0/5' $run
SAID
