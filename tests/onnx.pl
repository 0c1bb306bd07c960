#!/usr/bin/perl
# Writes an ONNX file from a description on standard input, a thing a line:
#
#	opset N
#	input NAME DIM...             a DIM of 0 is free
#	output NAME
#	tensor NAME DIM... : VALUE... floats; "random SEED" makes them
#	whole NAME DIM... : VALUE...  int64
#	node TYPE IN... -> OUT... ; KEY=VALUE...
#
# An attribute is an integer, integers with commas after each, a number with a
# point, or a text in quotes. "-" for IN leaves the input out.
use strict;
use warnings;

sub varint {
	my ($n) = @_;
	my $s = '';

	$n += 2**64 if $n < 0;
	while ($n >= 0x80) {
		$s .= chr($n % 128 | 0x80);
		$n = int($n / 128);
	}
	return $s . chr($n);
}

# Negative numbers take all ten bytes.
sub signed {
	my ($n) = @_;

	return $n >= 0 ? varint($n)
	    : join('', map { chr((($n >> (7 * $_)) & 0x7f) | 0x80) } 0 .. 8) . "\1";
}

sub bytes { return varint($_[0] << 3 | 2) . varint(length $_[1]) . $_[1] }
sub number { return varint($_[0] << 3) . signed($_[1]) }

# Of a fixed sequence, from -s to s, so that sums stay of one size.
my $seed;
sub next_random {
	$seed = ($seed * 1103515245 + 12345) % 2**31;
	return $seed / 2**30 - 1;
}

sub floats {
	my ($words, $n, $fan) = @_;

	return @$words unless @$words && $words->[0] eq 'random';
	$seed = $words->[1];
	return map { next_random() / sqrt($fan) } 1 .. $n;
}

sub tensor {
	my ($name, $dims, $words, $whole) = @_;
	my ($n, $fan) = (1, 1);
	my $data;

	$n *= $_ for @$dims;
	$fan *= $_ for @$dims[1 .. $#$dims];
	$data = $whole ? pack('q<*', @$words)
	    : pack('f<*', floats($words, $n, $fan));
	return join('', map { number(1, $_) } @$dims) .
	    number(2, $whole ? 7 : 1) . bytes(8, $name) . bytes(9, $data);
}

sub attribute {
	my ($name, $v) = split /=/, $_[0], 2;
	my $body;

	if ($v =~ /^"(.*)"$/) {
		$body = bytes(4, $1) . number(20, 3);
	} elsif ($v =~ /,/) {
		$body = join('', map { number(8, $_) } split /,/, $v) . number(20, 7);
	} elsif ($v =~ /\./) {
		$body = varint(2 << 3 | 5) . pack('f<', $v) . number(20, 1);
	} else {
		$body = number(3, $v) . number(20, 2);
	}
	return bytes(5, bytes(1, $name) . $body);
}

sub node {
	my ($what, $attributes) = split / ; /, $_[0];
	my ($type, $in, $out) = $what =~ /^(\S+)(.*) ->(.*)$/ or die "node: $_[0]";
	my $body = join('', map { bytes(1, $_ eq '-' ? '' : $_) } split ' ', $in);

	$body .= join('', map { bytes(2, $_) } split ' ', $out);
	$body .= bytes(4, $type);
	$body .= join('', map { attribute($_) } split ' ', $attributes // '');
	return $body;
}

sub value {
	my ($name, @dims) = @_;
	my $shape = join('', map {
		bytes(1, $_ ? number(1, $_) : bytes(2, 'n')) } @dims);

	return bytes(1, $name) .
	    bytes(2, bytes(1, number(1, 1) . bytes(2, $shape)));
}

my ($graph, $opset) = (bytes(2, 'network'), 13);
while (my $line = <STDIN>) {
	chomp $line;
	next if $line =~ /^\s*(#|$)/;
	my ($kind, $rest) = $line =~ /^(\S+)\s+(.*)$/ or die "line: $line";
	if ($kind eq 'opset') {
		$opset = $rest;
	} elsif ($kind eq 'input') {
		$graph .= bytes(11, value(split ' ', $rest));
	} elsif ($kind eq 'output') {
		$graph .= bytes(12, value($rest));
	} elsif ($kind eq 'node') {
		$graph .= bytes(1, node($rest));
	} else {
		my ($head, $values) = split /\s*:\s*/, $rest;
		my ($name, @dims) = split ' ', $head;

		$graph .= bytes(5, tensor($name, \@dims, [split ' ', $values // ''],
		    $kind eq 'whole'));
	}
}
binmode STDOUT;
print number(1, 8), bytes(7, $graph), bytes(8, bytes(1, '') . number(2, $opset));
