# shellcheck shell=sh disable=SC2034,SC2154
# Helpers for a real nats-server on this machine, to be sourced after lib.sh.
#
#	server_start [LINE...]   starts it, with JetStream and these lines in its
#	                         configuration, and waits until it answers
#	server_kill              kills it, and waits until it has ended
#	client WHAT SUBJECT      tests/nats.pl
#	stream NAME [MEMBER...]  NAME.json, the configuration of a stream on the
#	                         subject NAME, with these members
#
# $url is the server's; PATH has Debian's /usr/sbin, where it is.

PATH=$PATH:/usr/sbin
port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
    Listen => 1, LocalAddr => "127.0.0.1")->sockport')
url=nats://127.0.0.1:$port
server=''

client() { perl "$top/tests/nats.pl" "$port" "$@"; }

server_start() {
	{
		echo "listen: 127.0.0.1:$port"
		echo "jetstream { store_dir: \"$tmp/jetstream\" }"
		printf '%s\n' "$@"
	} >"$tmp/server.conf"
	nats-server -c "$tmp/server.conf" -l "$tmp/server.log" &
	server=$!
	for _ in $(seq 500); do
		client request '$JS.API.INFO' </dev/null >"$tmp/ready" 2>&1 &&
		    return
		sleep 0.02
	done
	sed 's/^/# /' "$tmp/server.log"
	return 1
}

server_kill() {
	[ -n "$server" ] || return 0
	kill -9 "$server"
	wait "$server" 2>/dev/null
	server=''
}
trap 'server_kill; rm -rf "$tmp"' EXIT

stream() {
	_name=$1
	shift
	printf '{"name":"%s","subjects":["%s"],"retention":"limits",' \
	    "$_name" "$_name" >"$_name.json"
	printf '"max_consumers":-1,"max_msgs":-1,"max_bytes":-1,' \
	    >>"$_name.json"
	printf '"max_age":0,"discard":"old","storage":"file",%s"num_replicas":1}\n' \
	    "$(printf '%s,' "$@" | sed 's/^,$//')" >>"$_name.json"
}
