#!/usr/bin/perl
# A spool in which files vanish, are half written, renamed, linked, hidden,
# huge, unreadable, no files at all, and have names of any bytes, while what
# watches it is killed. At the end each image was counted once, and so was each
# file that is none.
#
#	spool.pl KILLS SEED
use strict;
use warnings;
use POSIX ();

my ($kills, $seed) = @ARGV;
srand $seed;
my ($next, $tests, $failed) = (0, 0, 0);
# Of each number what its records have to be: good or bad ones, that it is once
# both, or may have gone before anybody saw it.
my (%want, %path);

sub pick { $_[rand @_] }
sub pause { select undef, undef, undef, $_[0] }
sub ok {
	my ($good, $name) = @_;
	$tests++;
	$failed++ if !$good;
	print $good ? '' : 'not ', "ok $tests - $name\n";
}
sub slurp {
	open my $f, '<', $_[0] or return '';
	local $/;
	return scalar <$f> // '';
}
sub put {
	my ($path, $bytes) = @_;
	open my $f, '>', $path or die "$path: $!";
	print $f $bytes;
	close $f or die;
}
sub image { "P5 2 2 255\n" . pack 'C4', map { rand 256 } 1 .. 4 }

# A new name, the number in which tells the records apart.
sub name {
	my ($what) = @_;
	my $odd = pick('', '', "\n", "a\nb", '"', "'", '\\', "\e[31m", "\xff",
	    ' ', '*', '%s', '{"x":1}', '-', 'x' x 200, "\xe2\x80\xae");
	$next++;
	$want{$next} = $what;
	return $path{$next} = dir() . "/n$next$odd";
}
sub dir { pick('spool', 'spool', glob 'spool/d*') }

# What comes into the spool.
sub whole { put(name('good'), image()) }
sub moved {
	my $name = name('good');
	put('away', image());
	rename 'away', $name or die;
}
sub hidden {
	my $name = name('good');
	put('spool/.part', image());
	pause(rand .05);
	rename 'spool/.part', $name or die;
}
sub slow {
	my $image = image();
	open my $f, '>', name('good') or die;
	syswrite $f, substr $image, 0, 8;
	pause(rand .1);
	syswrite $f, substr $image, 8;
	close $f;
}
sub broken { put(name('bad'), pick('broken', 'P5 2 2 255', "P5 2 2 255\n\0", '')) }
sub huge {
	my $name = name('bad');
	put('away', "P5 70000 70000 255\n");
	truncate 'away', 5e9;
	rename 'away', $name or die;
}
# Its writer was killed, and comes again: whether the half was seen is open.
sub half {
	my ($name, $image) = (name('half'), image());
	put($name, substr $image, 0, 12);
	pause(rand .2);
	open my $f, '>>', $name or die;
	print $f substr $image, 12;
	close $f;
}
sub vanishing {
	my $name = name('any');
	put($name, image());
	pause(rand .02);
	unlink $name;
}
sub locked {
	my $name = name($> == 0 ? 'good' : 'bad');
	put('away', image());
	chmod 0, 'away';
	rename 'away', $name or die;
}
sub rename_one {
	my ($n) = pick(grep { $want{$_} =~ /good|bad/ && -e $path{$_} } keys %want);
	return if !defined $n;
	my $to = dir() . "/n${n}r" . int rand 1e6;
	$path{$n} = $to if rename $path{$n}, $to;
}
sub link_one {
	my ($n) = pick(grep { $want{$_} eq 'good' && -e $path{$_} } keys %want);
	link $path{$n}, dir() . "/n${n}l" . int rand 1e6 if defined $n;
}
# What is no image of the spool, and has no number that may come.
sub other {
	my $name = dir() . '/n0-' . int rand 1e6;
	pick(sub { symlink pick('../outside', 'nowhere', '/', '.'), $name },
	    sub { POSIX::mkfifo($name, 0666) },
	    sub { put(dir() . '/.n0', image()) },
	    sub { mkdir "$name-empty" })->();
}
sub directory {
	my ($n) = (++$next);
	mkdir 'elsewhere';
	put("elsewhere/n$n", image());
	$want{$n} = 'good';
	my $dir = 'spool/d' . int rand 1e6;
	rename 'elsewhere', $dir or return unlink "elsewhere/n$n";
	$path{$n} = "$dir/n$n";
}
sub move_directory {
	my ($from) = pick(glob 'spool/d*');
	my $to = 'spool/d' . int rand 1e6;
	return if !defined $from || !rename $from, $to;
	s/^\Q$from\E\//$to\// for values %path;
}
my @what = ((\&whole, \&moved, \&hidden, \&slow) x 2, \&broken, \&huge, \&half,
    \&vanishing, \&locked, \&rename_one, \&link_one, \&other, \&directory,
    \&move_directory);

# A stage that keeps what was committed, as the tools keep their states.
put('seen.pl', <<'STAGE');
$| = 1;
my $dir = $ENV{DRIFTPIPE_STATE};
open my $lock, '>', "$dir/.seen.lock" or die;
flock $lock, 2 or die;
my @seen = do { local @ARGV = "$dir/current/seen"; -e $ARGV[0] ? <> : () };
while (<STDIN>) {
	push @seen, "$1 " . (/"error":/ ? 'bad' : 'good') . "\n"
	    if /"image":"(?:[^"\\]|\\.)*?\/n(\d+)/;
	if (/"run":"$ENV{DRIFTPIPE_BARRIER}"/ && /"generation":(\d+)/) {
		mkdir "$dir/gen.$1";
		open my $f, '>', "$dir/gen.$1/seen" or die;
		print $f @seen;
		close $f or die;
	}
	print;
}
STAGE
my $watch = 'imgcls --no-act -m net.cfg -w net.weights --allow-errors ' .
    '--batch 4 -j 2 --watch spool';
my @ends = ('--stage', 'exec perl seen.pl', '--stage', 'promtext --stream s');
my @run = ('driftpipe-run', '-s', 'st', '-o', 'm.prom');

sub start {
	my ($follows) = @_;
	my $pid = fork // die;
	return $pid if $pid;
	open STDOUT, '>', 'out';
	open STDERR, '>>', 'faults';
	exec @run, $follows ? '--follow' : (), '--stage',
	    $watch . ($follows ? ' --barrier .05' : ' --once --barrier 0'), @ends;
}
sub kill_one {
	my $pid = start(rand() < .6);
	for (1 .. 2 + rand 12) {
		pick(@what)->();
		pause(rand .05);
	}
	my @children = split ' ', `pgrep -P $pid`;
	kill 'KILL', rand() < .5 || !@children ? $pid : pick(@children);
	pause(.1);
	kill pick('TERM', 'KILL'), $pid;
	waitpid $pid, 0;
}
sub sum {
	my ($metric) = @_;
	my $sum = 0;
	$sum += $_ for slurp('m.prom') =~ /^$metric\{.* (\d+)$/mg;
	return $sum;
}

mkdir 'spool';
mkdir 'spool/d0';
put('outside', image());
whole();
for (1 .. $kills) {
	kill_one();
	pick(@what)->() for 1 .. rand 6;
}
waitpid start(0), 0;
ok($? == 0, 'at the end it goes on by itself');

my (%got, %sum);
for (split /\n/, slurp('st/current/seen')) {
	my ($n, $how) = split;
	$got{$n} .= $how;
	$sum{$how}++;
}
my %may = (good => qr/^good$/, bad => qr/^bad$/, half => qr/^(bad)?good$/,
    any => qr/^(good|bad)?$/);
for my $what (sort keys %may) {
	my @of = grep { $want{$_} eq $what } sort { $a <=> $b } keys %want;
	my @wrong = grep { ($got{$_} // '') !~ $may{$what} } @of;
	ok(!@wrong, scalar(@of) . " files: $what");
	print "# $_: ", $got{$_} // 'never', "\n" for @wrong;
}
ok(!grep({ !$want{$_} } keys %got), 'what is no file there never comes');
ok(sum('imgcls_predictions_total') == $sum{good}, "$sum{good} answers");
ok(sum('imgcls_errors_total') == ($sum{bad} // 0), 'and the errors are counted');
if ($failed) {
	print "# seed $seed\n";
	system "sed 's/^/# /' faults | sort | uniq -c | tail -n 20";
}
print "1..$tests\n";
exit($failed != 0);
