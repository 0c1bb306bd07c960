#!/usr/bin/perl
# A log's bad days: random writes, rotations of every kind, kills, full disks,
# clock steps, bad lines, new cameras, forged barriers. At the end each record
# was counted once, or is among what a message and a metric call lost.
#
#	storm.pl EVENTS SEED [EPISODE]
#
# An episode has 40 events and a seed of its own, so that it can be run alone;
# what it does at which moment is up to the machine. What a failed one leaves
# is in kept/SEED-EPISODE, its events too. With STORM_STOP it is the last one.
use strict;
use warnings;
use POSIX ':sys_wait_h';
use Time::HiRes qw(stat time);

my ($events, $seed, $only) = @ARGV;
my $log = 'cam.ndjson';
my %program = (gz => 'gzip', xz => 'xz', zst => 'zstd -q --rm',
    bz2 => 'bzip2', lz4 => 'lz4 -q --rm -m');
my @zips = grep { system("command -v $program{$_} >/dev/null") == 0 }
    sort keys %program;
# Numbers, shifted at each rotation: the first one, and where it stands.
my %numbers = (number => 1, zero => 0, five => 5, extension => 1, copy => 1);
# Dates, as strftime writes them.
my %dates = (date => '-%Y%m%d', odd => '-%d_%m_%Y-%H', day => '-%d',
    seconds => '-%s', copydate => '-%Y%m%d');
my @kinds = sort keys %numbers, keys %dates, qw(rising old copyold);

my ($kills, $rotations) = (0, 0);
my ($kind, $zip, $loses, $anew, $next, $bad, $forged, $half, $clock, $others);
my ($waiting, $live, %late, %gone, %unknown, @rotated, @events);

sub pick { $_[rand @_] }
sub append {
	open my $f, '>>', $_[0] or die "$_[0]: $!";
	print $f $_[1];
	close $f or die;
}
sub slurp {
	open my $f, '<', $_[0] or return '';
	local $/;
	return scalar <$f> // '';
}
sub pause { select undef, undef, undef, $_[0] }
sub is_copy { $kind =~ /^copy/ }

# A stage that keeps which records it has seen, as the tools keep theirs.
sub write_stage {
	open my $stage, '>', 'seen.pl' or die;
	print $stage <<'STAGE';
$| = 1;
my $dir = $ENV{DRIFTPIPE_STATE};
open my $lock, '>', "$dir/.seen.lock" or die;
flock $lock, 2 or die;
my @seen = -e "$dir/current/seen.json" ? do { local @ARGV = "$dir/current/seen.json"; <> } : ();
while (<STDIN>) {
	push @seen, "$1\n" if /^\{"x":(\d+)[,}]/;
	if (/"run":"$ENV{DRIFTPIPE_BARRIER}"/ && /"generation":(\d+)/) {
		my $to = "$dir/gen.$1/seen.json";
		mkdir "$dir/gen.$1";
		open my $f, '>', "$to" or die;
		print $f @seen or die;
		close $f or die "full";
	}
	print;
}
STAGE
	close $stage;
}
my @run = ('driftpipe-run', '-i', $log, '-s', 'st', '-o', 'm.prom',
    '--stage', 'pht -q -f x -g camera --max-groups 3 --lambda 1e9 --reference-size 2',
    '--stage', 'exec perl seen.pl', '--stage', 'promtext --stream s');
my @follow = ('--follow', '--barrier', '.05');
my @full = ('sh', '-c', 'ulimit -f $0; exec "$@"');

sub start {
	my $pid = fork // die;
	return $pid if $pid;
	open STDOUT, '>', 'out';
	open STDERR, '>>', 'faults';
	exec @_;
}

# Runs: one, some that die, and one that follows through what happens next.
sub batch {
	hush();
	waitpid start(@run), 0;
	return $?;
}
sub killed {
	hush();
	my $pid = start(@run, rand() < .5 ? @follow : ());
	pause(rand .15);
	my @children = split ' ', `pgrep -P $pid`;
	kill 'KILL', rand() < .5 || !@children ? $pid : pick(@children);
	# What is left ends by itself, or is told to.
	pause(.05);
	kill 'TERM', $pid;
	waitpid $pid, 0;
	$kills++;
}
sub full {
	hush();
	my $follows = rand() < .3;
	my $pid = start(@full, int(rand 3), @run, $follows ? @follow : ());
	pause(.2) if $follows;
	kill 'TERM', $pid if $follows;
	waitpid $pid, 0;
}
sub follow {
	return hush() if defined $live;
	$live = start(@run, @follow);
	pause(rand .2);
}
sub hush {
	return if !defined $live;
	pause(rand .4);
	kill rand() < .5 ? 'TERM' : 'KILL', $live;
	waitpid $live, 0;
	undef $live;
}

# What is written.
sub line {
	my $n = ++$next;
	my $camera = rand() < .1 ? 'new' . int(rand 9) : 'old';
	return "{\"x\":$n,\"camera\":\"$camera\"}\n";
}
sub complete {
	append($log, $half) if $half ne '';
	$half = '';
}
sub write_lines {
	complete();
	append($log, join '', map { line() } 1 .. 1 + rand 20);
}
sub write_half {
	my $l = line();
	my $n = 1 + int rand(length($l) - 2);

	complete();
	append($log, substr $l, 0, $n);
	$half = substr $l, $n;
}
sub write_bad {
	complete();
	append($log, pick('{"x":NaN}', '{"x":-Infinity}', '{"x":', '', "\0\0\0",
	    '[1]', 'x', '{"x":1}}', "\r", "\xff\xfe", "{\"x\":1}\0") . "\n");
	$bad++;
}
sub forge {
	complete();
	append($log, pick('{"barrier":{"generation":3}}',
	    '{"b\u0061rrier":{"generation":999}}',
	    '{"barrier":{"generation":2,"run":"0123456789abcdef"}}') . "\n");
	$forged++;
}
# Other logs, with names that a rotation could give.
sub sibling {
	$others++;
	append("cam-$others.ndjson", "{\"x\":1000000}\n");
	append("cam.ndjson-$others", "{\"x\":1000001}\n") if $kind ne 'day';
}

# Rotations: their names, and what they do, in logrotate's order or another.
sub numbered {
	my ($n) = @_;
	return $kind eq 'extension' ? "cam.$n.ndjson" : "$log.$n";
}
sub shift_numbers {
	for my $i (reverse $numbers{$kind} .. 40) {
		for my $z ('', map { ".$_" } @zips) {
			my ($from, $to) = (numbered($i) . $z, numbered($i + 1) . $z);
			rename $from, $to if -e $from;
		}
	}
}
sub new_name {
	if (defined $numbers{$kind}) {
		shift_numbers();
		return numbered($numbers{$kind});
	}
	return "$log.old" if $kind =~ /old$/;
	return "$log." . ++$rotations if $kind eq 'rising';
	$clock += 86400;
	# Set back, unless that name is taken.
	my $day = $clock - (rand() < .1 ? 86400 * int(rand 9) : 0);
	my $name = $log . POSIX::strftime($dates{$kind}, gmtime $day);
	return glob("$name*") && $day != $clock ? new_name() : $name;
}
sub compress {
	my ($name) = @_;
	return if $zip eq 'none' || !defined $name || !-e $name;
	unlink "$name.$zip";
	system "$program{$zip} '$name'";
}
sub move {
	my ($name) = @_;
	if (is_copy()) {
		system "cp '$log' '$name'";
		pause(rand .3) if rand() < .2;
		truncate $log, 0;
		return;
	}
	rename $log, $name or die;
	# Until its writer makes it again there may be none.
	return if rand() < .2;
	pause(rand .3) if rand() < .2;
	append($log, '');
}
sub rotate {
	# A writer that is killed leaves its line; one that is told goes on anew.
	complete();
	return if !-s $log;
	my ($early, $old) = (rand() < .5, $waiting);
	compress($old) if $early;
	pause(rand .2) if rand() < .2;
	lose("$log.old", "$log.old.$zip") if $kind =~ /old$/;
	my $name = new_name();
	# A day alone is no usual name: until a file of that kind is known, it is
	# not taken for what comes after one that is gone.
	$anew = 0 if place('files') > 0 && place('offset') > 0;
	if ($anew && $kind eq 'day') {
		$gone{$_} = 1 for slurp($log) =~ /\{"x":(\d+)[,}]/g;
	}
	$old = numbered($numbers{$kind} + 1) if defined $old && defined $numbers{$kind};
	pause(rand .3) if rand() < .2;
	compress($old) if !$early && $kind !~ /old$/;
	unlink $name, "$name.$zip";
	move($name);
	push @rotated, time;
	my $t = time + pick(0, 0, -90000, 90000);
	utime $t, $t, $name if rand() < .2;
	undef $waiting;
	if (rand() < .5) { compress($name) } else { $waiting = $name }
}
# In the middle of a run.
sub rotate_beside {
	hush();
	my $pid = start(@run);
	pause(rand .05);
	rotate();
	waitpid $pid, 0;
}
# As an editor does it.
sub edit {
	return if !-s $log;
	# It can't be known that a log that is gone held nothing else, if nothing
	# was read of it.
	return if !$loses &&
	    (place('offset') == 0 || place('inode') != (stat $log)[1]);
	system "cp '$log' new; mv new '$log'";
}
# Who had the file open goes on writing to it.
sub write_late {
	return if !defined $waiting || is_copy() || !-e $waiting;
	append($waiting, line());
	$late{$next} = 1;
}

# What is taken away; the episode has to allow it.
sub place {
	my ($what) = @_;
	return slurp('st/current/driftpipe-run.json') =~ /"$what":(\d+)/ ? $1 : 0;
}
# Whether what is in a file may go without a word: nobody can know of a line that
# was late into a file that was read; of what a log held of which nothing was
# read; of a file between two others that no run has seen, unless numbers tell.
sub is_hidden {
	my ($name) = @_;
	my $kept = (stat 'st/current/driftpipe-run.json')[9] // 0;
	my $since = grep { $_ > $kept } @rotated;
	my $read = place('offset') > 0;
	my $newest = (stat $name)[1] == place('inode');

	return !$read || $since > 0 || !$newest if $name eq $log;
	return 0 if $newest && $read;
	return $zip ne 'none' if $newest;
	return !$read && $zip ne 'none' || !defined $numbers{$kind} ||
	    $kind eq 'zero' && @rotated < 3 if !is_copy();
	return !$read || $kind ne 'copy' && $since > 1;
}
sub lose {
	my %plain = map { $_ => (split ' ', $program{$_})[0] } @zips;
	my %seen = map { $_ => 1 } slurp('st/current/seen.json') =~ /\d+/g;
	for my $name (grep { -e } @_) {
		my $text = $name =~ /\.(gz|xz|zst|bz2|lz4)$/
		    ? `$plain{$1} -dc '$name'` : slurp($name);
		my $hidden = is_hidden($name);
		for (grep { !$seen{$_} } $text =~ /\{"x":(\d+)[,}]/g) {
			$gone{$_} = 1;
			$unknown{$_} = 1 if $hidden || $late{$_};
		}
	}
}
sub remove {
	return if !$loses || !defined $waiting;
	lose($waiting);
	unlink $waiting;
	undef $waiting;
}
sub empty {
	return if !$loses;
	complete();
	lose($log);
	$anew = 1;
	if (rand() < .5) {
		truncate $log, 0;
	} else {
		my $text = join '', map { line() } 1 .. 1 + rand 40;
		open my $f, '>', $log or die;
		print $f $text;
		close $f;
	}
}

sub check {
	my (%n, %metric);
	$n{$_}++ for split ' ', slurp('st/current/seen.json');
	for (split /\n/, slurp('m.prom')) {
		$metric{"$1 $2"} += $3 if /^(\w+)\{.*?(?:type|reason)="(\w+)".* (\d+)$/;
	}
	my $of = sub { $metric{$_[0]} // 0 };
	my $lost = $of->('drift_skipped_total lost');
	my $beyond = $of->('drift_skipped_total groups');
	my $used = slurp('st/current/pht.json') =~ /"used":(\d+)/ ? $1 : 0;
	my $json = $of->('drift_skipped_total json');
	my $other = $of->('promtext_input_records_total other');
	my $seen = keys %n;
	my @twice = grep { $n{$_} > 1 } keys %n;
	my @alien = grep { $_ > 1000 } keys %n;
	my @missing = grep { !$n{$_} && !$gone{$_} } 1 .. $next;
	my @unsaid = grep { !$n{$_} && !$unknown{$_} } 1 .. $next;
	return "twice: @twice" if @twice;
	return "of another log: @alien" if @alien;
	return "missing: @missing" if @missing;
	return "missing, and not a word: @unsaid" if @unsaid && !$lost;
	return "$used used and $beyond beyond of $seen" if $used + $beyond != $seen;
	# The lowest number is not known before the second rotation.
	$lost-- if $lost && $kind eq 'five' && !$loses;
	return "$lost losses counted, and nothing was" if $lost && !$loses;
	return '' if $loses;
	return "$other other records of $seen and $forged" if $other != $seen + $forged;
	return "$json bad lines counted of $bad" if $json != $bad;
	return '';
}
sub episode {
	my ($n) = @_;
	system 'rm -rf st cam* m.prom faults';
	($kind, $zip) = (pick(@kinds), pick('none', @zips));
	$loses = $kind =~ /old$/ || rand() < .3;
	($anew, $next, $bad, $forged, $half, $rotations) = (0, 0, 0, 0, '', 0);
	($clock, $others, $waiting) = (1764300000, 0, undef);
	%late = %gone = %unknown = @rotated = @events = ();
	append($log, line());
	batch() == 0 or return 'the first run failed';
	my @what = (('write_lines') x 5, ('follow', 'rotate', 'killed', 'batch') x 2,
	    qw(rotate_beside edit write_late remove empty write_half write_bad
	    forge sibling full));
	for (1 .. $n) {
		my $what = pick(@what);
		push @events, "$what, from $next, said " . (-s 'faults' // 0);
		do { no strict 'refs'; &$what() };
		$events[-1] .= join ' ', ':', map { "$_(" . join(' ', (stat)[1, 7]) . ')' } glob 'cam*';
	}
	complete();
	append($log, '');
	batch() == 0 or return 'it does not go on by itself';
	return check();
}

write_stage();
$| = 1;
my ($done, $failed, $count) = (0, 0, 0);
while ($done < $events) {
	my $n = $events - $done < 40 ? $events - $done : 40;
	$count++;
	srand $seed * 10007 + ($only // $count);
	my $why = episode($n);
	$done += $n;
	print "# $done events, $failed failed\n" if $count % 10 == 0;
	next if $why eq '';
	$failed++;
	my $kept = "kept/$seed-" . ($only // $count);
	print "# seed $seed, episode " . ($only // $count) . ", $kind $zip: $why\n";
	system "sed 's/^/# /' faults | sort | uniq -c | tail -n 8; ls cam* | sed 's/^/# /'; " .
	    "mkdir -p $kept; cp -r st out faults m.prom cam* $kept";
	append("$kept/events", "$_\n") for @events;
	last if $ENV{STORM_STOP};
}
print $failed ? 'not ok' : 'ok', " 1 - $done events, $kills kills\n1..1\n";
exit($failed != 0);
