#!/usr/bin/perl
# A client of NATS that says what a test wants said, in the server's protocol.
#
#	nats.pl PORT request SUBJECT <BODY    prints the answer
#	nats.pl PORT lines SUBJECT <LINES     publishes each line as a message
#	nats.pl PORT whole SUBJECT <BODY      publishes all as one message
#	nats.pl PORT raw <TEXT                says that
#
# LOGIN=USER:PASSWORD in the environment is how it logs in.
use strict;
use warnings;
use IO::Socket::INET;

my ($port, $what, $subject) = @ARGV;
my $server = IO::Socket::INET->new("127.0.0.1:$port") or exit 2;
my $options = '"verbose":false,"headers":true';
$options .= ",\"user\":\"$1\",\"pass\":\"$2\""
    if ($ENV{LOGIN} // '') =~ /^(.*?):(.*)$/;

sub answer {
	my $line;
	while (defined($line = <$server>)) {
		print $server "PONG\r\n" if $line =~ /^PING/;
		die $line if $line =~ /^-ERR/;
		return $line if $line =~ /^$_[0]/;
	}
	die "the server has closed the connection\n";
}

sub publish {
	print $server "PUB $subject " . ($_[1] ? "$_[1] " : '') .
	    length($_[0]) . "\r\n$_[0]\r\n";
}

answer('INFO');
print $server "CONNECT {$options}\r\n";
if ($what eq 'lines') {
	while (<STDIN>) {
		chomp;
		publish($_);
	}
} elsif ($what eq 'raw') {
	print $server $_ while <STDIN>;
} else {
	local $/;
	my $body = <STDIN>;
	print $server "SUB reply 1\r\n" if $what eq 'request';
	publish($body, $what eq 'request' ? 'reply' : '');
}
if ($what eq 'request') {
	answer('MSG \S+ \S+ (\d+)') =~ /(\d+)\r$/;
	read($server, my $text, $1);
	print "$text\n";
} else {
	print $server "PING\r\n";
	answer('PONG');
}
