#!/bin/bash
# A second classifier, to see what holds for more than the shipped one: another
# network, in the manner of LeNet-5, of six of the classes that are hard to tell
# from each other (T-shirt, pullover, dress, coat, shirt, bag), trained briefly.
# It takes a minute of processor time.
#
#	scripts/experiments/six.sh DIR
#
# DIR gets the images of these classes, IDX files of the usual names with labels
# of 0 to 5; six.cfg and six.weights. The last 3,000 training images are left
# out.
set -euo pipefail
[ $# = 1 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
to=$(realpath -m "$1")
cd "$(dirname "$0")/../.."
PATH=$PWD/${BUILD:-build}/bin:$PATH
set=/usr/share/datasets/fashion-mnist
[ ! -s "$to/six.weights" ] || exit 0
mkdir -p "$to"

for part in train t10k; do
	perl -e '
	use strict;
	my ($from, $to, @classes) = @ARGV;
	my %number;
	@number{@classes} = 0 .. $#classes;
	sub load {
		open my $f, "-|", "gzip", "-dc", "$from-$_[0]-ubyte.gz" or die $!;
		binmode $f;
		local $/;
		return scalar <$f>;
	}
	sub save {
		my $name = shift;
		open my $f, "|-", "gzip -1 >\Q$to\E-$name-ubyte.gz" or die $!;
		binmode $f;
		print $f @_;
		close $f or die "gzip failed";
	}
	my ($images, $labels) = (load("images-idx3"), load("labels-idx1"));
	my @kept = grep { exists $number{ord substr $labels, 8 + $_} }
	    0 .. length($labels) - 9;
	save("images-idx3", pack("N4", 2051, scalar @kept, 28, 28),
	    map { substr $images, 16 + 784 * $_, 784 } @kept);
	save("labels-idx1", pack("N2", 2049, scalar @kept),
	    map { chr $number{ord substr $labels, 8 + $_} } @kept);
	' "$set/$part" "$to/$part" 0 2 3 4 6 8
done

cat >"$to/six.cfg" <<'CFG'
[net]
width=28
height=28
channels=1
batch=64
learning_rate=0.03
momentum=0.9
decay=0.0005

[convolutional]
filters=16
size=5
stride=1
pad=1
activation=relu

[maxpool]
size=2
stride=2

[convolutional]
filters=32
size=5
stride=1
pad=1
activation=relu

[maxpool]
size=2
stride=2

[connected]
output=128
activation=relu

[connected]
output=6
activation=linear

[softmax]
CFG
imgtrain -m "$to/six.cfg" -w "$to/six.weights" -j 1 --seed 1 --epochs 8 \
    --holdout 3000 --test-images "$to/t10k-images-idx3-ubyte.gz" \
    --test-labels "$to/t10k-labels-idx1-ubyte.gz" \
    "$to/train-images-idx3-ubyte.gz" "$to/train-labels-idx1-ubyte.gz" >&2
