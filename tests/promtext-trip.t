#!/bin/sh
# There and back: what promtext writes of random streams, with names that were
# made to do harm, is what the real node_exporter serves; and it never serves a
# part of a file, however many write.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/node.sh"
cd "$tmp" || exit 1
trap 'rm -f go; stop_node; wait; rm -rf "$tmp"' EXIT

for p in prometheus-node-exporter perl; do
	command -v $p >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }
done

# random SEED: records. Names are of pieces that mean something to some reader
# of the format, to the shell, or to JSON.
cat >random.pl <<'PERL'
my $seed = shift() * 7919 + 1;
sub dice { $seed = $seed * 16807 % 2147483647; $seed % $_[0] }
sub one { $_[dice(scalar @_)] }
sub name { join '', map { one('\"', '\\\\', '\n', '{', '}', '=', ',', ' ', '#',
    '__', 'le', 'quantile', '\u0000', '\t', '\r', '\u007f', '\u0085', '\ud800',
    '\ud83d\ude00', '\u2028', "\xc3\xa9", "\xe2\x82\xac", '\\\\n', '\\\\\"',
    '\"} 1\n', '# TYPE', "'", '<b>', '$(', '%s', '-nan', '0', 'x' x dice(120),
    'y') } 0 .. dice(5) }
sub number { one(0, 1, -1, '-0', '0.1', '1e300', '-1e-300', '5e-324',
    '1.7976931348623157e308', '123456789012345678', '0.30000000000000004',
    '1e22', sprintf('%.17g', (dice(2000001) - 1000000) / (1 + dice(1000))),
    sprintf('%.17ge%d', dice(1000) / 7, dice(400) - 200)) }
my @field = map { my $n = name(); $n =~ s/\./_/g; $n } 1 .. 3;
my @detector = map { name() } 1 .. 3;
my @class = map { name() } 1 .. 5;
my @group = map { name() } 1 .. 3;
sub test { my $f = shift; my $a = one('true', 'false');
    my $t = "{\"field\":\"$f\",\"alarm\":$a,\"stat\":" . number() .
	',"limit":' . number();
    $t .= ',"p":0.' . dice(1000) if dice(2);
    $t .= ',"event":"drift"' if $a eq 'true' && dice(2);
    "$t}" }
for my $i (1 .. 60) {
	my @m = ("\"time\":" . one($i, '17e8', '1.5e9', '1795459886.497'));
	push @m, "\"g\":\"" . one(@group) . '"' if dice(4);
	if (dice(5)) {
		push @m, '"class":' . dice(9), '"prob":' . one(0, 1, '0.9', '1e-9');
		push @m, '"label":"' . one(@class) . '"' if dice(3);
	} else {
		push @m, '"error":{"stage":"' . one('decode', 'open', name()) . '"}';
	}
	push @m, "\"$_\":" . number() for @field;
	for my $d (@detector) {
		next if grep { $d eq $_ } @field;
		push @m, dice(6) ? "\"$d\":{\"alarm\":false,\"tests\":[" .
		    join(',', map { test($_) } @field) . ']}' :
		    "\"$d\":{\"alarm\":false,\"state\":\"learning\"}";
	}
	print '{', join(',', @m), "}\n";
}
PERL

ok 'node_exporter starts' start_node
for i in $(seq "${ROUNDS:-20}"); do
	perl random.pl "$i" >in.nd
	name=$(head -c 400 in.nd | tr -d 'a-z0-9\n' | cut -c 1-40)
	set -- --stream "s$name" --label "site=$name" --model-name "$name" \
	    --window 7
	[ $((i % 2)) -eq 0 ] || set -- "$@" -g g
	[ $((i % 3)) -eq 0 ] || set -- "$@" --top-classes 2
	promtext "$@" in.nd >out.prom 2>err
	rc=$?
	rc_is 0 "random stream $i"
	carried "stream $i" out.prom
	ok "stream $i: --check finds nothing" promtext --check out.prom
done
is 'the log has no error' "$(grep -c level=error node.log)" 0

# Writers: ten to a file, of two kinds, in their own time. A file
# tells how many series it has, so a part of one, or a mixture, is seen.
rm -f collect/*
cat >scrapes.pl <<'PERL'
use strict; use IO::Socket::INET;
my ($port, $n, $files) = @ARGV;
my (%kinds, $bad);
for my $i (1 .. $n) {
	my $s = IO::Socket::INET->new("127.0.0.1:$port") or die;
	print $s "GET /metrics HTTP/1.0\r\nAccept: text/plain\r\n\r\n";
	my $t = do { local $/; <$s> };
	my (%has, %says, $mtimes, $why);
	for (split /\n/, $t) {
		$mtimes++ if /^node_textfile_mtime_seconds\{/;
		my ($name, $w) = /^(\w+).*stream="(w\d+)"/ or next;
		$has{$w}++;
		$says{$w} = (split / /)[-1] if $name eq 'promtext_output_series';
	}
	for my $w (map { "w$_" } 1 .. $files) {
		$why .= " $w: $has{$w} of $says{$w}"
		    if !$has{$w} || $has{$w} != $says{$w};
		$kinds{$says{$w}}++;
	}
	$why .= ' error' if $t !~ /^node_textfile_scrape_error 0$/m;
	$why .= ' gathering' if $t =~ /cause="gathering"\} [1-9]/;
	$why .= " $mtimes files" if $mtimes != $files;
	print "scrape $i:$why\n" if $why && $bad++ < 20;
}
print STDERR scalar(keys %kinds), "\n";
PERL
printf '{"class":1}\n' >one.nd
awk 'BEGIN { for (; i < 60; i++) printf "{\"class\":%d}\n", i }' >two.nd
for i in $(seq 10); do
	promtext -o "collect/w$i.prom" one.nd
done
: >go
# Under a sanitizer, each is too slow for so many.
for i in $(seq "$([ -n "${SANITIZE:-}" ] && echo 10 || echo 100)"); do
	while [ -e go ]; do
		promtext -o "collect/w$((i % 10 + 1)).prom" one.nd
		promtext -o "collect/w$((i % 10 + 1)).prom" two.nd
		sleep 3
	done 2>>writers &
done
perl scrapes.pl "$port" 1000 10 >out 2>err
rm go
for i in $(jobs -p); do [ "$i" = "$node" ] || wait "$i"; done
is '100 writers, 1000 scrapes: never a part of a file' "$(cat out)" ''
is 'of files that did change' "$(cat err)" 2
is 'and no writer failed' "$(cat writers)" ''
done_testing
