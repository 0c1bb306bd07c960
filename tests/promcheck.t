#!/bin/sh
# promtext --check: what it finds in files for the textfile collector. That it
# finds enough is for the real node_exporter to say.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/node.sh"
cd "$tmp" || exit 1
trap 'stop_node; rm -rf "$tmp"' EXIT

have() { command -v "$1" >/dev/null; }

# A file of our own, with a histogram and what else there is.
cat >in.nd <<'IN'
{"time":100.5,"class":7,"label":"a\\b \"c\"\n","prob":0.9,"v":1}
{"time":103,"class":8,"prob":0.5,"v":4,"pht":{"alarm":true,"event":"drift","tests":[{"field":"v","stat":3.5,"limit":2.25,"alarm":true,"event":"drift"}]}}
IN
promtext --stream a in.nd >good.prom
sed 's/stream="a"/stream="b"/' good.prom >other.prom
run 'promtext --check good.prom other.prom'
rc_is 0 'what promtext writes'
err_is 'is clean, also for two streams' </dev/null
run 'promtext --check <good.prom'
rc_is 0 'standard input'
cat >lenient.prom <<'IN'

# A comment. #HELP
#TYPE m GAUGE
	m	{ a = "1" , b="\\\"\n{}é",}	+1.5e3
# HELP m Behind the samples.
other{} .5
 m{a="2"}1
m NaN
# EOF
h_bucket{le="0.5"} -Inf
# TYPE s summary
s_sum 1
s_count 2
s{quantile="0.5"} 1
s{quantile="0.9"} 1
# TYPE q histogram
q_bucket{le="+Inf"} 3
q_bucket{le="1e0"} 2
q_sum 2
q_count 3
IN
run 'promtext --check lenient.prom'
rc_is 0 'what the format allows'
err_is 'is clean' </dev/null

# found 'what' LINE 'message' TEXT: that file has that, and nothing else.
list=$tmp/list
mkdir -p "$list"
found() {
	# shellcheck disable=SC2059
	printf "$4" >bad.prom
	cp bad.prom "$list/$(printf '%s' "$1" | tr -c 'a-zA-Z0-9' _).prom"
	run 'promtext --check bad.prom'
	rc_is 2 "$1"
	echo "promtext: bad.prom:$2: $3" >message
	err_is 'said where and why' <message
}
found 'no newline' 1 'no newline at the end' 'm 1'
found 'cut' 1 "no newline at the end
promtext: bad.prom:1: not a number
promtext: bad.prom:1: no series, and yet the file looks fresh" 'm '
found 'a CR' 1 "a carriage return
promtext: bad.prom:2: a carriage return" '# TYPE m gauge\r\nm 1\r\nn 1\n'
found 'a CR in HELP' 1 'a carriage return' '# HELP m x\ry\nm 1\n'
found 'a NUL byte' 1 'a NUL byte' 'm{a="\000"} 1\nn 1\n'
found 'a timestamp' 1 "more than a value; a timestamp is refused" \
    'm 1 1700000000000\nn 1\n'
found 'a blank after the value' 1 'blanks after the value' 'm 1 \nn 1\n'
for v in -nan 0x1p-2 0x10 1_000 1e400 1,5 '' 1e 1.2.3 ' '; do
	printf 'm %s\nn 1\n' "$v" >bad.prom
	run 'promtext --check bad.prom'
	rc_is 2 "no number: '$v'"
	err_has 'promtext: bad.prom:1: not a number'
done
found 'a reserved label' 1 \
    "a label name with '__', which ends node_exporter: '__x'" \
    'm{__x="1"} 1\nn 1\n'
found '__name__' 1 "a reserved label name: '__name__'" 'm{__name__="1"} 1\nn 1\n'
found 'a bad escape' 1 'an escape that is none of \\\\, \\" and \\n: '"'a'" \
    'm{a="C:\\temp"} 1\nn 1\n'
found 'a bad escape in HELP' 1 'an escape in HELP that is neither \\\\ nor \\n' \
    '# HELP m C:\\temp\nm 1\n'
found 'a raw newline' 1 "a label value without its closing quote: 'a'
promtext: bad.prom:2: not a metric name: '\"} 1'" 'm{a="\n"} 1\nn 1\n'
for b in 'm{a="\377"} 1' '# HELP m \303\nm 1' 'm{a="\355\240\200"} 1'; do
	found "not UTF-8, ${#b}" 1 'not UTF-8, which can cost Prometheus the whole host' \
	    "$b\nn 1\n"
done
found 'a byte order mark' 1 "not a metric name: '???m 1'" '\357\273\277m 1\nn 1\n'
found 'a dash' 1 "not a number: '-b'" 'a-b 1\nn 1\n'
found 'a digit' 1 "not a metric name: '1a 1'" '1a 1\nn 1\n'
found 'no name' 1 "not a metric name: '{host=\"a\"} 1'" '{host="a"} 1\nn 1\n'
found 'a record' 1 "not a metric name: '{\"seq\":1}'" '{"seq":1}\nn 1\n'
found 'a label twice' 1 "a label twice: 'a'" 'm{a="1",a="2"} 1\nn 1\n'
found 'TYPE after samples' 2 "TYPE after the first sample: 'm'" \
    'm 1\n# TYPE m gauge\n'
found 'TYPE twice' 2 "TYPE twice: 'm'" '# TYPE m gauge\n# TYPE m gauge\nm 1\n'
found 'HELP twice' 3 "HELP twice: 'm'" '# HELP m a\nm 1\n# HELP m a\n'
found 'an unknown TYPE' 1 "an unknown TYPE: 'm'" '# TYPE m info\nm 1\n'
found 'an exemplar' 1 'more than a value; a timestamp is refused' \
    'm 1 # {id="1"} 1\nn 1\n'
found 'a series twice' 2 "a series twice, first in bad.prom:1: 'm'" 'm 1\nm 1\n'
found 'labels in another order' 2 "a series twice, first in bad.prom:1: 'm'" \
    'm{a="1",b="2"} 1\nm{b="2",a="1"} 1\n'
found 'an empty label' 2 "a series twice, first in bad.prom:1: 'm'" \
    'm 1\nm{a=""} 1\n'
found 'no series' 1 'no series, and yet the file looks fresh' '# TYPE m gauge\n'
found 'an empty file' 1 'no series, and yet the file looks fresh' ''
found 'a falling counter' 2 "a counter that is not 0 or more: 'm_total'" \
    '# TYPE m_total counter\nm_total -1\n'
found 'its own name' 1 "a name of node_exporter's own: 'node_textfile_mtime_seconds'" \
    'node_textfile_mtime_seconds 1\n'
h='# TYPE h histogram\n'
found 'buckets that fall' 3 "buckets that fall: 'h'" \
    "${h}h_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 2\nh_sum 1\nh_count 2\n"
found 'no +Inf' 2 "a histogram without bucket '+Inf': 'h'" \
    "${h}h_bucket{le=\"1\"} 3\nh_sum 1\nh_count 3\n"
found 'no _sum' 2 "a histogram without '_sum': 'h'" \
    "${h}h_bucket{le=\"+Inf\"} 3\nh_count 3\n"
found 'no _count' 2 "a histogram without '_count': 'h'" \
    "${h}h_bucket{le=\"+Inf\"} 3\nh_sum 3\n"
found 'another count' 4 "'_count' is not the last bucket: 'h'" \
    "${h}h_bucket{le=\"+Inf\"} 3\nh_sum 3\nh_count 4\n"
found 'parts of a bucket' 2 "a bucket that is not a whole number: 'h'" \
    "${h}h_bucket{le=\"+Inf\"} 2.5\nh_sum 3\nh_count 2.5\n"
found 'the same bound' 3 "a series twice, first in bad.prom:2: 'h_bucket'" \
    "${h}h_bucket{le=\"1\"} 1\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 3\nh_count 1\n"
found 'a bound that is none' 2 \
    "a bucket without a number as label 'le': 'h_bucket'" \
    "${h}h_bucket{le=\"x\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 3\nh_count 1\n"
found 'a histogram with no suffix' 2 \
    "a histogram has no series without a suffix: 'h'" "${h}h 1\n"
found 'a summary with no quantile' 2 \
    "a summary without a number as label 'quantile': 's'" \
    '# TYPE s summary\ns 1\n'
found 'a part of a histogram' 4 "a histogram without '_count': 'h'
promtext: bad.prom:2: the name of a part of that in bad.prom:4: 'h_count'" \
    "# TYPE h_count gauge\nh_count{a=\"1\"} 1\n${h}h_bucket{a=\"2\",le=\"+Inf\"} 1\nh_sum{a=\"2\"} 1\n"

# Between files.
mkdir dir
between() {
	# shellcheck disable=SC2059
	printf "$3" >dir/a.prom
	# shellcheck disable=SC2059
	printf "$4" >dir/b.prom
	run 'promtext --check dir'
	rc_is 2 "$1"
	echo "promtext: $2" >message
	err_is 'said where and why' <message
	for f in a b; do
		run "promtext --check dir/$f.prom"
		rc_is 0 "$f.prom alone is clean"
	done
}
drop='which makes node_exporter drop one'
between 'a series in both' "dir/b.prom:1: a series twice, first in dir/a.prom:1: 'm'" \
    'm 1\n' 'm{x=""} 2\n'
between 'another HELP' "dir/b.prom:2: another HELP than in dir/a.prom, $drop: 'm'" \
    '# HELP m x\nm{a="1"} 1\n' '# HELP m y\nm{a="2"} 1\n'
between 'no HELP' "dir/b.prom:1: another HELP than in dir/a.prom, $drop: 'm'" \
    '# HELP m x\nm{a="1"} 1\n' 'm{a="2"} 1\n'
between 'another TYPE' "dir/b.prom:2: another TYPE than in dir/a.prom, $drop: 'm'" \
    '# TYPE m gauge\nm{a="1"} 1\n' '# TYPE m counter\nm{a="2"} 1\n'
between 'no TYPE' "dir/b.prom:1: another TYPE than in dir/a.prom, $drop: 'm'" \
    '# TYPE m gauge\nm{a="1"} 1\n' 'm{a="2"} 1\n'
printf '# TYPE m untyped\nm{a="1"} 1\n' >dir/a.prom
run 'promtext --check dir'
rc_is 0 'no TYPE is untyped'

# Files that are none.
rm dir/b.prom
mkdir dir/d.prom && mkfifo dir/f.prom && ln -s nowhere dir/l.prom &&
    cp good.prom dir/.hidden.prom && ln -s ../good.prom dir/good.prom
sed 's/"a"/"c"/' good.prom >dir/mode.prom && chmod 600 dir/mode.prom
printf 'not\n' >dir/x.prom.tmp
run 'promtext --check dir/'
rc_is 2 'files that are none'
grep -v 'a series twice' err >kept && mv kept err
err_is 'are all named' <<'OUT'
promtext: dir/.hidden.prom: is hidden, and yet it is read
promtext: dir/d.prom: is a directory, and looks like a fresh file
promtext: dir/f.prom: is not a regular file, and a scrape may hang on it
promtext: dir/l.prom: No such file or directory
promtext: dir/mode.prom: can't be read by all, as node_exporter's user has to
OUT
run 'promtext --check missing.prom good.prom'
rc_is 2 'a file that is missing'
err_is 'is named' <<'OUT'
promtext: missing.prom: No such file or directory
OUT
run 'promtext -q --check bad.prom'
rc_is 2 'with -q the status tells'
err_is 'and nothing else' </dev/null

# Against the exporter: what it refuses or drops is found. The first of them
# are those from above, then the good file with a random change, beside one
# that it must agree with.
cat >differ.pl <<'PERL'
use strict; use IO::Socket::INET;
my ($port, $dir, $rounds, @list) = @ARGV;
sub slurp { open my $f, '<:raw', $_[0] or die $_[0]; local $/; <$f> }
sub spew { open my $f, '>:raw', $_[0] or die; print $f $_[1]; close $f }
sub fetch {
	my $s = IO::Socket::INET->new("127.0.0.1:$port") or return;
	print $s "GET /metrics HTTP/1.0\r\nAccept: text/plain\r\n\r\n";
	local $/; my $t = <$s>; defined $t && $t =~ /^HTTP\S+ 200/ ? $t : undef
}
sub gathering { $_[0] =~ /_errors_total\{cause="gathering"\} (\d+)/ ? $1 : 0 }
# Whether a scrape of the directory goes wrong: 2 when nobody answers. What
# one gathers is in the count of the next.
sub hurts {
	my $one = fetch() // return 2;
	my $two = fetch() // return 2;
	$one !~ /^node_textfile_scrape_error 0$/m ||
	    gathering($two) > gathering($one)
}
sub found { system("promtext -q --check $dir") >> 8 }
my $seed = 4711;
sub dice { $seed = $seed * 16807 % 2147483647; $seed % $_[0] }
my @bytes = ('"', '\\', '{', '}', ',', '=', ' ', '#', "\n", "\r", "\t",
    "\0", "\x80", "\xe2", '1', '-', 'e', '.', ':', 'a', '+', 'N', '_');
sub change {
	my $t = shift;
	my $at = dice(length $t);
	my @l = split /(?<=\n)/, $t;
	my ($i, $k) = (dice(scalar @l), dice(scalar @l));
	my $way = dice(8);
	if ($way == 0) { substr($t, $at, 1) = '' }
	elsif ($way < 3) { substr($t, $at, 1) = $bytes[dice(scalar @bytes)] }
	elsif ($way < 5) { substr($t, $at, 0) = $bytes[dice(scalar @bytes)] }
	elsif ($way == 5) { splice @l, $i, 0, $l[$k]; $t = join '', @l }
	elsif ($way == 6) { @l[$i, $k] = @l[$k, $i]; $t = join '', @l }
	else { $t = substr $t, 0, $at }
	$t
}
my ($hurt, $clean) = (0, 0);
for my $f (@list) {
	unlink glob "$dir/*";
	spew("$dir/bad.prom", slurp($f));
	my $h = hurts();
	if ($h == 2) { print "$f ends it\n"; exit }
	print "$f is accepted\n" if !found();
}
my ($good, $other) = (slurp('good.prom'), slurp('other.prom'));
for (1 .. $rounds) {
	my $t = change($other);
	unlink glob "$dir/*";
	spew("$dir/good.prom", $good);
	spew("$dir/z.prom", $t);
	my ($h, $found) = (hurts(), found());
	$hurt++ if $h;
	$clean++ if !$h && !$found;
	print "ends it at round $_\n" if $h == 2;
	next if !$h || $found;
	print "round $_ is not found\n";
	spew("missed.$_", $t);
}
print STDERR "$hurt $clean\n";
PERL
if have prometheus-node-exporter && have perl; then
	if start_node; then
		# These would end it, hang on it, or are found for Prometheus's sake.
		mkdir fatal
		mv "$list"/a_reserved_label.prom fatal
		run "perl differ.pl $port $tmp/collect ${ROUNDS:-400} $list/*.prom"
		is 'what the exporter refuses is found' "$(cat out)" ''
		ok 'that was something' awk '$1 < 100 || $2 < 20 { exit 1 }' err
		rm -f collect/* && cp fatal/*.prom collect
		fetch "$port" >/dev/null
		sleep 0.3
		ok "a label with '__' ends it" sh -c "! kill -0 $node"
	else
		ok 'node_exporter starts' false
	fi
else
	skip 'against node_exporter' 'not installed'
fi
done_testing
