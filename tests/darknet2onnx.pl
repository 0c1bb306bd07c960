#!/usr/bin/perl
# The shipped darknet network (cfg, weights) as a description for onnx.pl:
# convolutions with and without batch normalisation, pools, a connected layer.
#
#	darknet2onnx.pl CFG WEIGHTS
use strict;
use warnings;

my (@layers, $at);
open my $cfg, '<', $ARGV[0] or die "$ARGV[0]: $!";
while (<$cfg>) {
	s/[#;].*//;
	push @layers, { type => $1 } if /^\[(\w+)\]/;
	$layers[-1]{$1} = $2 if /^\s*(\w+)\s*=\s*(\S+)/;
}
open my $weights, '<:raw', $ARGV[1] or die "$ARGV[1]: $!";
read $weights, my $head, 20;

sub numbers {
	my ($n) = @_;
	read($weights, my $data, 4 * $n) == 4 * $n or die 'weights end';
	return unpack 'f<*', $data;
}

sub tensor {
	my ($name, $dims, @v) = @_;
	print "tensor $name $dims : ", join(' ', map { sprintf '%.9g', $_ } @v), "\n";
}

my $net = shift @layers;
my ($c, $h, $w) = @$net{qw(channels height width)};
my $x = 'image';
print "opset 13\ninput image 1 $c $h $w\noutput y\n";
for my $i (0 .. $#layers) {
	my $l = $layers[$i];
	my $type = $l->{type};

	if ($type eq 'convolutional') {
		my ($n, $size) = ($l->{filters}, $l->{size} // 1);
		my $pad = $l->{pad} ? int($size / 2) : $l->{padding} // 0;
		my $stride = $l->{stride} // 1;
		my $norm = $l->{batch_normalize};
		my @bias = numbers($n);
		my @rest = $norm ? map { [numbers($n)] } 1 .. 3 : ();

		tensor("w$i", "$n $c $size $size", numbers($n * $c * $size * $size));
		tensor("b$i", $n, @bias);
		print "node Conv $x w$i", $norm ? '' : " b$i", " -> c$i ; " .
		    "pads=$pad,$pad,$pad,$pad strides=$stride,$stride\n";
		$x = "c$i";
		if ($norm) {
			# darknet adds 1e-6 to the deviation, ONNX to the variance.
			my @variance = map { (sqrt($_) + 1e-6) ** 2 } @{$rest[2]};

			tensor("s$i", $n, @{$rest[0]});
			tensor("m$i", $n, @{$rest[1]});
			tensor("v$i", $n, @variance);
			print "node BatchNormalization $x s$i b$i m$i v$i -> n$i ; epsilon=0.0\n";
			$x = "n$i";
		}
		if ($l->{activation} ne 'linear') {
			my $how = $l->{activation} eq 'leaky' ? 'LeakyRelu' : 'Relu';

			print "node $how $x -> a$i", $how eq 'LeakyRelu' ? ' ; alpha=0.1' : '', "\n";
			$x = "a$i";
		}
		$c = $n;
		$_ = int(($_ + 2 * $pad - $size) / $stride) + 1 for $h, $w;
	} elsif ($type eq 'maxpool') {
		my $s = $l->{size};
		my $stride = $l->{stride};

		print "node MaxPool $x -> p$i ; kernel_shape=$s,$s strides=$stride,$stride\n";
		$x = "p$i";
		$_ = int(($_ - $s) / $stride) + 1 for $h, $w;
	} elsif ($type eq 'avgpool') {
		print "node GlobalAveragePool $x -> g$i\n";
		$x = "g$i";
		$h = $w = 1;
	} elsif ($type eq 'connected') {
		my $n = $l->{output};
		my @bias = numbers($n);

		$c *= $h * $w;
		tensor("w$i", "$n $c", numbers($n * $c));
		tensor("b$i", $n, @bias);
		print "node Flatten $x -> f$i\n" .
		    "node Gemm f$i w$i b$i -> logits ; transB=1\n";
		$x = 'logits';
	} elsif ($type eq 'softmax') {
		print "node Softmax $x -> y\n";
	} elsif ($type ne 'dropout') {
		die "$type is not known";
	}
}
