# The real node_exporter, on loopback and a free port, for tests that have
# sourced lib.sh.
#
#	start_node       its textfile collector reads $tmp/collect
#	stop_node        for the EXIT trap
#	fetch PORT       prints what it serves
#	carried 'what' FILE
#	                 it serves all series of that file, with their values,
#	                 and finds nothing wrong

port=0 node=

fetch() {
	# shellcheck disable=SC2016
	perl -MIO::Socket::INET -e '
	    my $s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]") or exit 1;
	    print $s "GET /metrics HTTP/1.0\r\nAccept: text/plain\r\n\r\n";
	    local $/; $_ = <$s>; s/.*?\r\n\r\n//s; print' "$1"
}

free_port() {
	# shellcheck disable=SC2016
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1,
	    LocalAddr => "127.0.0.1")->sockport'
}

# Another process may take the port before it does: then again.
start_node() {
	mkdir -p "$tmp/collect"
	for _try in 1 2 3 4 5; do
		port=$(free_port)
		prometheus-node-exporter --collector.disable-defaults \
		    --collector.textfile \
		    --collector.textfile.directory="$tmp/collect" \
		    --web.listen-address="127.0.0.1:$port" \
		    >"$tmp/node.log" 2>&1 &
		node=$!
		for _wait in $(seq 50); do
			kill -0 $node 2>/dev/null || break
			fetch "$port" >"$tmp/scraped" 2>/dev/null && return
			sleep 0.2
		done
		stop_node
	done
	return 1
}

stop_node() {
	[ -z "$node" ] || kill "$node" 2>/dev/null
	node=
}

# Series and values, in one spelling of numbers.
plain_series() {
	grep -v '^#' "$1" | awk '{ v = $NF; sub(/ [^ ]*$/, "")
	    print $0, v ~ /^[-+.0-9e]+$/ ? sprintf("%.17g", v) : v }' | sort
}

# node_exporter puts the labels into an order of its own.
sort_labels() {
	# shellcheck disable=SC2016
	perl -ne 'my ($n, $l, $v) = /^(\w+)\{(.*)\} (\S+)$/ or next;
	    my @l; push @l, $1 while $l =~ /(\w+="(?:[^"\\]|\\.)*")/g;
	    print "$n\{", join(",", sort @l), "} $v\n"' "$1" | sort
}

# What the scrapes so far met, in a scrape: it counts behind its answer.
gathering() {
	sed -n 's/^promhttp_metric_handler_errors_total.*"gathering"} //p' "$1"
}

carried() {
	rm -rf "$tmp/collect"/*
	cp "$2" "$tmp/collect"
	fetch "$port" >"$tmp/before"
	fetch "$port" >"$tmp/scraped"
	plain_series "$2" >"$tmp/sent"
	sort_labels "$tmp/sent" >"$tmp/sent.series"
	grep -E '^(drift|imgcls|promtext)_' "$tmp/scraped" >"$tmp/got"
	plain_series "$tmp/got" >"$tmp/got.all"
	sort_labels "$tmp/got.all" >"$tmp/got.series"
	ok "$1: node_exporter has every series" \
	    diff "$tmp/sent.series" "$tmp/got.series"
	is "$1: no error of the scrape" \
	    "$(sed -n 's/^node_textfile_scrape_error //p' "$tmp/scraped")" 0
	is "$1: no error in gathering" "$(gathering "$tmp/scraped")" 0
}
