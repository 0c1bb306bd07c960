#!/usr/bin/perl
# Power cuts: makes what can be on the disk after each change of a recorded run,
# and lets the next run go on from there.
#
#	replay.pl LOG BATCH WANT COMMAND...
#
# LOG comes from record.c, with a line 'end' behind each batch; changes of batch
# number BATCH are cut behind each one, and each write also in its middle. A
# cut leaves the data of files, or only what was synced of it, and of each set
# of directories only the entries that were synced. Each tree that comes of it,
# once, is put under ./cut, and COMMAND run. It has to end with 0, and leave the
# files of WANT in cut/st/current and cut/out.
#
# What was promised before the cut has to be there even before COMMAND: a
# commit, once its directory was synced, and metrics that are whole, of the
# current generation or the one before.
use strict;
use warnings;

my ($log, $batch, $want, @command) = @ARGV;
my ($cuts, $bad, $promised, %seen) = (0, 0, 0);
my $root = { dir => {}, synced => { out => { dir => {}, synced => {} } } };
$root->{dir} = { %{ $root->{synced} } };

sub slurp {
	my ($path) = @_;
	open my $f, '<', $path or return '';
	local $/;
	return <$f> // '';
}

# The time of a run is the one thing that differs.
sub steady { return join '', grep { !/^promtext_last_/ } split /^/, $_[0] }

# The node of a path, and the directory that holds it with its name there.
sub find {
	my @parts = grep { $_ ne '' } split m,/,, $_[0];
	my ($node, $dir, $name) = ($root);
	for (@parts) {
		($dir, $name) = ($node, $_);
		$node = $dir->{dir}{$_};
	}
	return ($node, $dir, $name);
}

sub change {
	my ($what, $path, $more) = @_;
	my ($node, $dir, $name) = find($path);
	if ($what eq 'create') { $dir->{dir}{$name} = { data => '', safe => '' } }
	elsif ($what eq 'write') { $node->{data} .= $more }
	elsif ($what eq 'symlink') { $dir->{dir}{$name} = { link => $more } }
	elsif ($what eq 'mkdir') { $dir->{dir}{$name} = { dir => {}, synced => {} } }
	elsif ($what eq 'unlink' or $what eq 'rmdir') { delete $dir->{dir}{$name} }
	elsif ($what eq 'rename') {
		my (undef, $to, $as) = find($more);
		$to->{dir}{$as} = delete $dir->{dir}{$name};
	}
	elsif ($what ne 'fsync') { die "replay.pl: what is '$what'?\n" }
	elsif ($node->{dir}) { $node->{synced} = { %{ $node->{dir} } } }
	else { $node->{safe} = $node->{data} }
	my $current = $root->{dir}{st} && $root->{dir}{st}{dir}{current};
	$promised = $1
	    if $what eq 'fsync' && $path eq 'st' && $current &&
	       $current->{link} =~ /^gen\.(\d+)$/;
}

sub directories {
	my ($dir) = @_;
	my %all = (%{ $dir->{synced} }, %{ $dir->{dir} });
	return ($dir, map { directories($all{$_}) }
		    grep { $all{$_}{dir} } sort keys %all);
}

# A line for each name: what is there when these directories lost their changes.
sub tree {
	my ($dir, $path, $lost, $safe) = @_;
	my $now = $lost->{$dir} ? $dir->{synced} : $dir->{dir};
	my @lines;
	for (sort keys %$now) {
		my ($x, $p) = ($now->{$_}, "$path/$_");
		if ($x->{dir}) {
			push @lines, ['dir', $p], tree($x, $p, $lost, $safe);
		} elsif (defined $x->{link}) {
			push @lines, ['link', $p, $x->{link}];
		} else {
			push @lines, ['file', $p, $safe ? $x->{safe} : $x->{data}];
		}
	}
	return @lines;
}

sub make {
	system('rm', '-rf', 'cut');
	mkdir 'cut';
	for (@_) {
		my ($kind, $path, $more) = @$_;
		if ($kind eq 'dir') { mkdir $path or die "$path: $!" }
		elsif ($kind eq 'link') { symlink $more, $path or die "$path: $!" }
		else {
			open my $f, '>', $path or die "$path: $!";
			print $f $more;
			close $f or die "$path: $!";
		}
	}
}

# What is wrong with ./cut before the next run, and after it; '' if nothing is.
sub broken_promise {
	my ($n) = (readlink('cut/st/current') // 'gen.0') =~ /^gen\.(\d+)$/;
	my $metrics = slurp('cut/out/drift.prom');
	return 'a commit is lost' if !defined $n || $n < $promised;
	return '' if $metrics eq '';
	for ($n, $n - 1) {
		return '' if $_ > 0 && $metrics eq slurp("metrics.$_");
	}
	return 'metrics that nobody wrote, or before the commit';
}

sub wrong {
	return 'the next run fails' if system(@command) != 0;
	for (glob "$want/*") {
		my ($name) = m,([^/]*)$,;
		my $dir = $name eq 'drift.prom' ? 'cut/out' : 'cut/st/current';
		return "$name differs"
		    if steady(slurp($_)) ne steady(slurp("$dir/$name"));
	}
	return '';
}

sub cut {
	my ($where, $lost, $safe) = @_;
	my @tree = tree($root, 'cut', $lost, $safe);
	return if $seen{ join "\0", $promised, map { @$_ } @tree }++;
	$cuts++;
	make(@tree);
	my $why = broken_promise() || wrong();
	return if $why eq '';
	$bad++;
	print "# $where: $why\n";
	print "#	$_->[0] $_->[1]\n" for @tree;
}

sub cut_here {
	my ($where) = @_;
	my @dirs = directories($root);
	my @sets = ([]);
	for my $d (@dirs) { push @sets, map { [@$_, $d] } @sets }
	for my $set (@sets) {
		my %lost = map { $_ => 1 } @$set;
		cut($where, \%lost, $_) for 0, 1;
	}
}

open my $in, '<', $log or die "replay.pl: $log: $!\n";
my $at = 1;
while (<$in>) {
	chomp;
	my ($what, $path, $more) = split /\t/, $_, 3;
	if ($what eq 'end') { $at++; next }
	my @steps = ([$what, $path, $more]);
	if ($what eq 'write') {
		my $data = pack 'H*', $more;
		my $half = int(length($data) / 2);
		@steps = map { [$what, $path, $_] }
		    substr($data, 0, $half), substr($data, $half);
	}
	for (@steps) {
		change(@$_);
		cut_here("$.: $what $path") if $at == $batch;
	}
	last if $at > $batch;
}
# The last tree has to be what is really there.
make(tree($root, 'cut', {}, 0));
if (system('diff -r --no-dereference cut disk >&2') != 0) {
	print "# not all changes were recorded\n";
	$bad++;
}
print "$cuts cuts, $bad bad\n";
exit($bad > 0 || $cuts < 30);
