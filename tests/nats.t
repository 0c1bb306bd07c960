#!/bin/sh
# driftpipe-pub and driftpipe-sub, through a real nats-server.
# shellcheck disable=SC2016,SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/live.sh"
cd "$tmp" || exit 2

ok 'a server' server_start
pub="driftpipe-pub --server $url"
sub="driftpipe-sub --server $url"

stream yard
records() { seq "$1" "$2" | sed 's/.*/{"seq":&,"cam":"c","act":[1,2]}/'; }
records 1 300 >all

run "head -n 100 all | $pub --subject yard --make-stream yard.json"
rc_is 0 'a stream is made, and records published'
run "$sub --stream yard"
rc_is 0 'they are read'
ok 'as they were' sh -c 'head -n 100 all | cmp - out'
run "head -n 2 all | $pub --subject yard --drop act --drop cam --every 2"
run "$sub --stream yard | tail -n 1"
out_is 'members are left out, and records' <<'OUT'
{"seq":1}
OUT
run "echo '{\"a\":1}' | $pub --subject yard --pass"
out_is 'records are passed on' <<'OUT'
{"a":1}
OUT

# A place in the stream.
stream place
sed -n 1,50p all | $pub --subject place --make-stream place.json
$sub --stream place -s own >first
sed -n 51,120p all | $pub --subject place
$sub --stream place -s own >second
ok 'a state goes on after its place' sh -c 'head -n 120 all | cat - >want
    cat first second | cmp - want'
run "$sub --stream place -s own"
out_is 'and gives nothing twice' </dev/null
run "$sub --stream yard -s own"
rc_is 2
err_has "stream"

# Under driftpipe-run.
cat >p.yaml <<YAML
driftpipe-run:
  stage: [driftpipe-sub, cat]
  state: pipe
driftpipe-sub:
  server: $url
  stream: place
YAML
run "driftpipe-run -c p.yaml"
rc_is 0 'the first stage of a pipeline'
ok 'with all records' sh -c 'head -n 120 all | cmp - out'
sed -n 121,130p all | $pub --subject place
run "driftpipe-run -c p.yaml --stage driftpipe-sub --stage false"
rc_is 2 'what is not committed'
run "driftpipe-run -c p.yaml"
ok 'comes again' sh -c 'sed -n 121,130p all | cmp - out'
run "driftpipe-run -c p.yaml"
out_is 'and no more' </dev/null

# Parts of a stream, another number of them, and a new normal.
awk 'BEGIN { for (i = 0; i < 2000; i++)
    printf "{\"x\":%d,\"cam\":\"c%d\"}\n", i * 7919 % 101, i % 12 }' >cams
stream parts
head -n 600 cams | $pub --subject parts --make-stream parts.json
sed 's/cat/pht -q -f x -g cam --reference-size 20 --lambda 9/
    s/state: pipe/state: many/; s/place/parts/
    s/^driftpipe-run:/&\n  group: cam\n  journal: notes/' p.yaml >many.yaml
for k in 1 2 3; do driftpipe-run -c many.yaml --partition $k/3; done >out
is 'the parts have all records' "$(sed 's/,"pht".*/}/' out | sort | cksum)" \
    "$(head -n 600 cams | sort | cksum)"
sed -n 601,700p cams | $pub --subject parts
driftpipe-run -c many.yaml --partition 1/3 >out
run 'driftpipe-run -c many.yaml --repartition 2'
rc_is 2 'parts at different places are not divided anew'
err_has 'driftpipe-sub.json'
for k in 2 3; do driftpipe-run -c many.yaml --partition $k/3; done >>out
run 'driftpipe-run -c many.yaml --repartition 2'
rc_is 0 'at one place they are'
sed -n 701,2000p cams | $pub --subject parts
for k in 1 2; do driftpipe-run -c many.yaml --partition $k/2; done >out
is 'and go on there' "$(sed 's/,"pht".*/}/' out | sort | cksum)" \
    "$(sed -n 701,2000p cams | sort | cksum)"
run 'driftpipe-run -c many.yaml --partition 1/2 --rebaseline last:60'
rc_is 0 'a new normal'
head -n 12 cams | $pub --subject parts
for k in 1 2; do driftpipe-run -c many.yaml --partition $k/2; done >out
is 'reads nothing, and loses nothing' "$(wc -l <out)" 12

# What is no record.
{ echo '{"n":1}'; echo 'no record'; echo '{"n":'; echo; } | client lines place
printf '{"n":2}\r\n\n{"n":3}\nno\n{"n":4}' | client whole place
run "driftpipe-run -c p.yaml --stage driftpipe-sub --stage 'tee passed' | tr -d '\r'"
rc_is 0 'messages that are no records are skipped'
out_is 'and others are not, many in a message' <<'OUT'
{"n":1}
{"n":2}
{"n":3}
{"n":4}
OUT
is 'each has a record in its place' "$(grep -c '"reason":"json"' passed)" 4
err_has 'driftpipe-sub: place:'
run "$sub --stream place"
rc_is 2 'by itself it stops there'
run "$sub --stream place --skip-bad | tail -n 4"
ok 'or drops them' grep -q '"n":4' out

printf '{"n":1}\n{"n":2}\nno\n{"n":3}\n' >three
stream three
run "$pub --subject three --make-stream three.json three"
rc_is 2 'a line that is no record ends the publisher'
err_has 'three:3:1: not a JSON object'
run "$sub --stream three"
is 'those before it are sent' "$(jq -c .n out | xargs)" '1 2'

# What others publish: no message is taken for one of the server's own.
stream odd
echo '{"n":1}' | $pub --subject odd --make-stream odd.json
perl -e 'for (["404 No Messages"], ["409 Consumer Deleted"],
    ["", "Nats-Msg-Id: driftpipe:x:99999999999999999999"]) {
	my ($status, @more) = @$_;
	my $h = join "\r\n", "NATS/1.0 $status", @more, "", "";
	printf "HPUB odd %d %d\r\n%s\r\n", (length $h) x 2, $h;
    }
    print "PUB odd 4\r\n{\0}\n\r\nPUB odd 7\r\n{\"n\":2}\r\n"' | client raw
run "driftpipe-run -s odd.state --stage '$sub --stream odd' --stage 'tee passed'"
rc_is 0 'messages that look like the server'"'"'s'
is 'are counted as others are' "$(jq -c .n out | xargs)
$(grep -c '"reason":"json"' passed)" '1 2
4'

# A reader whose consumer or stream is deleted.
$sub --stream three --follow --consumer gone >followed 2>err &
follower=$!
wait_for() { for _ in $(seq 400); do sh -c "$1" && return; sleep 0.05; done; return 1; }
ok 'a reader' wait_for 'grep -q :2 followed'
client request '$JS.API.CONSUMER.DELETE.three.gone' </dev/null >deleted
echo '{"n":3}' | $pub --subject three
ok 'whose consumer is deleted goes on' wait_for 'grep -q :3 followed'
is 'with none twice' "$(wc -l <followed)" 3
client request '$JS.API.STREAM.DELETE.three' </dev/null >deleted
wait "$follower"
is 'and without a stream ends' $? 2

# Messages that come and go while nobody reads.
stream brief '"max_msgs":5'
sed -i 's/"max_msgs":-1,//' brief.json
run "$pub --subject brief --make-stream brief.json </dev/null"
$sub --stream brief -s early >out
records 1 20 | client lines brief
run "$sub --stream brief -s early"
err_has 'messages 1 to 15 were removed before they were read'
is 'since the stream was empty' "$(wc -l <out)" 6

# Messages that are gone before they were read.
stream short
sed -i 's/"max_msgs":-1/"max_msgs":5/' short.json
records 1 1 | $pub --subject short --make-stream short.json
records 2 4 | client lines short
$sub --stream short -s brief >out
records 5 20 | client lines short
run "$sub --stream short -s brief"
rc_is 0
err_has 'messages 5 to 15 were removed before they were read'
is 'with a record for them' "$(head -n 1 out | jq -r .skipped.reason)" lost
is 'and the others' "$(wc -l <out)" 6
client request '$JS.API.STREAM.DELETE.short' </dev/null >deleted
records 1 2 | $pub --subject short --make-stream short.json
run "$sub --stream short -s brief"
err_has 'was made anew after message 20'
is 'a stream that was made anew is read' "$(wc -l <out)" 3

# A spool.
records 1 100 >hundred
run "$pub --subject place --spool box <hundred"
is 'a spool that is sent is empty' "$(ls box/*.ndjson 2>/dev/null)" ''
server_kill
for i in 1 2 3; do
	run "records $((i * 10 + 91)) $((i * 10 + 100)) | $pub --subject place --spool box"
	rc_is 0 'without a server, records wait'
done
err_has 'box: 30 records wait to be sent'
ok 'the server is back' server_start
run "$pub --subject place --spool box"
rc_is 0 'and they are sent'
$sub -q --stream place --skip-bad | grep -F '"act"' | tail -n 130 >out
ok 'once, in order' sh -c 'head -n 130 all | cmp - out'

# The link goes while a message is on its way: it is sent twice.
stream twice '"duplicate_window":100000000'
records 1 10 | $pub --subject twice --make-stream twice.json --spool two
cp two/0000000000000011.sent two/0000000000000001.ndjson
sleep 0.2
records 11 20 | $pub --subject twice --spool two
is 'the stream has it twice' \
    "$(client request '$JS.API.STREAM.INFO.twice' </dev/null |
	jq .state.messages)" 3
run "$sub --stream twice"
ok 'it is read once' sh -c 'head -n 20 all | cmp - out'

# A spool that is full.
server_kill
awk 'BEGIN { for (i = 1; i <= 20000; i++)
    printf "{\"i\":%d,\"text\":\"%0200d\"}\n", i, i }' >much
run "$pub --subject twice --spool full --spool-limit 2 <much"
rc_is 0 'a full spool drops the oldest'
err_has 'full at 2 MiB'
err_has 'records were dropped'
ok 'the server is back' server_start
stream full
run "$pub --subject full --make-stream full.json --spool full </dev/null"
$sub --stream full >out
gap=$(jq -r 'select(.skipped).skipped.where' out | sed 's/.*records //')
is 'one record says what is missing' \
    "$(jq -r 'select(.skipped).skipped.reason' out)" spool
is 'and all others are there' "$(jq 'select(.i).i' out | wc -l)" \
    $((20000 - (${gap##* } - ${gap%% *} + 1)))

# Nothing is sent before it is committed.
cat >q.yaml <<YAML
driftpipe-run:
  stage: [driftpipe-pub]
  input: log
  state: edge
driftpipe-pub:
  server: $url
  subject: edge
  spool: edge.spool
  make-stream: edge.json
YAML
stream edge
head -n 50 all >log
run "driftpipe-run -c q.yaml --stage driftpipe-pub --stage false"
rc_is 2
run "driftpipe-run -c q.yaml"
rc_is 0 'published by a pipeline'
sed -n 51,60p all >>log
run "driftpipe-run -c q.yaml"
run "$sub --stream edge"
ok 'what is committed is there once' sh -c 'head -n 50 all | cmp - out'
run "echo '{}' | DRIFTPIPE_BARRIER=00000000000000000000000000000000 $pub --subject x -s y"
err_has "'--spool': is needed"

# A server that takes small messages.
server_kill
ok 'a small server' server_start 'max_payload: 4096'
stream small
{ records 1 200; printf '{"long":"%05000d"}\n' 1; records 201 210; } >sizes
run "$pub --subject small --make-stream small.json <sizes"
rc_is 0
err_has 'a record of 5012 bytes is more than the server or the stream takes'
run "$sub --stream small"
ok 'the others come' sh -c 'head -n 210 all | cmp - "$1"' - "$(
    grep -v skipped out >rest; echo rest)"
is 'and a record in its place' "$(jq -r .skipped.reason out | sed -n 201p)" long
server_kill
ok 'a server' server_start
stream little '"max_msg_size":1000'
run "$pub --subject little --make-stream little.json <sizes"
rc_is 0
run "$sub --stream little"
ok 'or a stream' sh -c 'head -n 210 all | cmp - "$1"' - "$(
    grep -v skipped out >rest; echo rest)"
is 'with a record in its place, too' \
    "$(jq -r .skipped.reason out | sed -n 201p)" long

# A server that holds little for a client, as the link is slow.
server_kill
ok 'a server of little patience' server_start 'max_pending: 4194304'
perl -e 'printf "{\"n\":%d,\"p\":\"%s\"}\n", $_, "x" x 900000 for 1 .. 20' >large
stream large
run "$pub --subject large --make-stream large.json large"
run "$sub --stream large"
ok 'large messages' cmp -s large out
server_kill
ok 'a server' server_start

# Trouble.
run "$pub --subject 'a b' </dev/null"
rc_is 2 'a subject with a blank'
run "$pub --subject 'a.*' </dev/null"
rc_is 2 'or a wildcard'
run "$sub --stream 'a b'"
rc_is 2 'a stream'
err_has "has such a character: ' b'"
run "driftpipe-sub --server nats://127.0.0.1:1 --server $url --stream nowhere"
rc_is 2
err_has "$url: there is no stream 'nowhere'"
run "driftpipe-sub --server nats://127.0.0.1:1 --stream yard"
rc_is 2
err_has 'no server answers'
run "driftpipe-sub --server nats://a:b@127.0.0.1 --stream yard"
rc_is 2
err_has 'no password in a URL'
run "$sub --stream yard --login none"
rc_is 2
err_has 'none: No such file'
for retention in interest workqueue; do
	stream $retention
	sed -i "s/\"limits\"/\"$retention\"/" $retention.json
	echo '{}' | $pub --subject $retention --make-stream $retention.json
	run "$sub --stream $retention"
	rc_is 2
	err_has "has not the retention 'limits'"
done
sed 's/"max_age":0/"max_age":1000000000000/' yard.json >other.json
run "echo '{}' | $pub --subject yard --make-stream other.json"
rc_is 2
err_has "stream 'yard': "

# Names and passwords.
server_kill
LOGIN=cam:secret
export LOGIN
ok 'a server with a password' \
    server_start 'authorization { user: cam, password: secret }'
echo cam:secret >login
echo cam:wrong >wrong
run "$sub --stream yard --login login"
rc_is 0 'by a file'
run "$sub --stream yard --login wrong --follow"
rc_is 2 'a wrong one is no matter of time'
err_has uthorization

# The server of configs/live, with TLS, users who may do little, and MQTT.
server_kill
if ! command -v openssl >/dev/null || ! command -v mosquitto_pub >/dev/null; then
	skip 'configs/live' 'no openssl or mosquitto_pub'
	done_testing
	exit
fi
# key NAME HOST: a certificate of an authority of its own.
key() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$2" \
	    -addext "subjectAltName=DNS:$2" 2>/dev/null
}
key server localhost
key other localhost
free_port() {
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
	    Listen => 1, LocalAddr => "127.0.0.1")->sockport'
}
port=$(free_port)
mqtt=$(free_port)
for user in EDGE WORKER ADMIN; do echo "$user: \"secret-$user\""; done >nats-users.conf
echo edge:secret-EDGE >edge.login
echo worker:secret-WORKER >worker.login
echo admin:secret-ADMIN >admin.login
sed "s,0.0.0.0:4222,127.0.0.1:$port,; s,0.0.0.0:8883,127.0.0.1:$mqtt,
    s,/var/lib/nats,$tmp/live,; s,/etc/nats,$tmp," \
    "$top/configs/live/nats.conf" >server.conf
sed 's/"max_bytes": [0-9]*/"max_bytes": 10000000/' \
    "$top/configs/live/stream.json" >live.json
nats-server -c server.conf -l server.log &
server=$!
ok 'its configuration' nats-server -t -c server.conf
tls="--server tls://localhost:$port --tls-ca server.pem"
for _ in $(seq 200); do
	grep -q 'Server is ready' server.log && break
	sleep 0.05
done
run "driftpipe-pub $tls --login admin.login --subject fleet \
    --make-stream live.json"
rc_is 0 "configs/live: the administrator's stream"
run "sed -n 1,6p all | driftpipe-pub $tls --login edge.login --subject fleet"
rc_is 0 'a box publishes'
run "sed -n 7,9p all | mosquitto_pub -h localhost -p $mqtt --cafile server.pem \
    -u edge -P secret-EDGE -q 1 -t fleet/north -l"
rc_is 0 'a camera publishes by MQTT'
run "driftpipe-sub $tls --login worker.login --stream fleet -s live.state"
rc_is 0 'a worker reads'
ok 'all that was sent' sh -c 'head -n 9 all | cmp - out'
# The list of a fleet of ten, of which one drifts.
sed "s,tls://nats.example.org,tls://localhost:$port,; s,/etc/driftpipe/ca.pem,server.pem,
    s,/etc/driftpipe/,,; s,/usr/local/share/driftpipe,$top,
    s,/var/lib/prometheus/node-exporter/,,; s,/var/lib/driftpipe/,,
    s,follow: true,follow: false," "$top/configs/live/list.yaml" >list.yaml
head -n 400 "$top/data/fashion-reference.ndjson" | jq -c 'del(.act, .image) |
    .camera = "c\(input_line_number % 10)" |
    if .camera == "c3" then .pixels.sharpness *= 0.5 else . end' >ten
run "driftpipe-pub $tls --login edge.login --subject fleet <ten"
rc_is 0 'a fleet of ten'
run 'driftpipe-run -q -c list.yaml'
rc_is 0 'configs/live: the list'
is 'of the one' "$(grep '^drift_detected.* 1$' drift-list.prom)" \
    'drift_detected{feature="e",detector="driftfdr",stream="c3"} 1'
is 'with the e-values of all' "$(grep -c '^drift_statistic' drift-list.prom)" 10
run "driftpipe-sub $tls --login edge.login --stream fleet"
rc_is 2 'a box may not'
err_has 'ermission'
run "echo '{}' | driftpipe-pub $tls --login worker.login --subject fleet"
rc_is 2 'nor a worker publish'
err_has 'ermission'
run "driftpipe-sub --server tls://localhost:$port --tls-ca other.pem \
    --login worker.login --stream fleet --follow"
rc_is 2 'a server of another authority'
err_has ertificate
run "driftpipe-sub --server tls://127.0.0.1:$port --tls-ca server.pem \
    --login worker.login --stream fleet --follow"
rc_is 2 'or of another name'
err_has mismatch
cut=$(free_port)
perl -MIO::Socket::INET -e '
    my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1:$ARGV[0]");
    print "ready\n"; close STDOUT;
    my $c = $l->accept; close $l;
    print $c "INFO {\"server_id\":\"x\",\"version\":\"2.9.10\"," .
	"\"max_payload\":1000,\"tls_required\":true}\r\n";
    sysread $c, my $hello, 1' "$cut" >listens &
ok 'a link' wait_for 'grep -q ready listens'
run "driftpipe-pub --server tls://localhost:$cut --tls-ca server.pem \
    --login edge.login --subject fleet --spool cut <hundred"
rc_is 0 'that breaks in the handshake is a matter of time'
err_has '100 records wait to be sent'
run "driftpipe-sub --server nats://localhost:$port --login worker.login \
    --stream fleet --follow"
rc_is 2 'or that wants TLS'
done_testing
