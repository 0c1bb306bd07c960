#!/usr/bin/perl
# Damaged images: the same for the same seed.
#
#	tests/mutate.pl DIR COUNT SEED FILE...
#
# writes COUNT mutants of the files, taken in turn, as DIR/000001 and so on. A
# mutant has up to eight changes: bits that flip, bytes that become another or
# an extreme one, a number of two or four bytes that becomes one, a piece that
# is lost, doubled, or taken from elsewhere in the file, an end that is cut off.
use strict;
use warnings;

my ($dir, $count, $seed, @files) = @ARGV;
my @seeds = map { local $/; open my $f, '<:raw', $_ or die "$_: $!\n"; <$f> }
    @files;
my @extreme = (0, 1, 0x7f, 0x80, 0xfe, 0xff);

# A generator of our own, as perl's differs from version to version.
my $state = $seed;

sub pick {
	my ($n) = @_;

	$state = ($state * 1103515245 + 12345) % 2**31;
	return int($state / 2**31 * $n);
}

sub change {
	my ($data) = @_;
	my $n = length $$data;
	return if $n < 8;
	# Headers are where decisions are made.
	my $at = pick(2) ? pick($n) : pick($n < 64 ? $n : 64);
	my $len = 1 + pick(pick(2) ? 8 : $n - $at);
	my $kind = pick(8);

	$len = $n - $at if $len > $n - $at;
	if ($kind < 2) {
		substr($$data, $at, 1) ^= chr(1 << pick(8));
	} elsif ($kind == 2) {
		substr($$data, $at, 1) = chr(pick(256));
	} elsif ($kind == 3) {
		substr($$data, $at, 1) = chr($extreme[pick(scalar @extreme)]);
	} elsif ($kind == 4) {
		my $wide = pick(2) ? 2 : 4;
		my $at2 = $at > $n - $wide ? $n - $wide : $at;
		substr($$data, $at2, $wide) =
		    chr($extreme[pick(scalar @extreme)]) x $wide;
	} elsif ($kind == 5) {
		substr($$data, $at, $len) = '';
	} elsif ($kind == 6) {
		substr($$data, $at, 0) = substr($$data, pick($n), $len);
	} else {
		pick(4) ? substr($$data, $at, $len) = substr($$data, pick($n), $len)
			: substr($$data, $at) = '';
	}
}

for my $i (1 .. $count) {
	my $data = $seeds[$i % @seeds];
	change(\$data) for 0 .. pick(1 + pick(8));
	my $path = sprintf '%s/%06d', $dir, $i;
	open my $f, '>:raw', $path or die "$path: $!\n";
	print $f $data or die "$path: $!\n";
	close $f or die "$path: $!\n";
}
