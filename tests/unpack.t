#!/bin/sh
# A decompressor that is killed, or can't be started, says nothing of its file:
# the run ends, nothing is committed, and the next one reads the same.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

cd "$tmp" || exit 1
e() { for _i in "$@"; do printf '{"x":%s}\n' "$_i"; done; }
go() { driftpipe-run -i cam.ndjson -s st --stage cat >out 2>err; }
values() { jq -c .x out | tr '\n' ' '; }
# The log is rotated and compressed; what was read is its first half.
begin() {
	rm -rf st cam* limit
	e 1 2 3 >cam.ndjson
	driftpipe-run -q -i cam.ndjson -s st --stage cat >out
	e 4 5 6 >>cam.ndjson
	mv cam.ndjson cam.ndjson.1
	xz cam.ndjson.1
	e 7 >cam.ndjson
}

# xz, of which as many bytes come out as there are in the file limit.
mkdir bin
cat >bin/xz <<XZ
#!/bin/sh
[ -e "$tmp/limit" ] || exec $(command -v xz) "\$@"
[ -s "$tmp/limit" ] && $(command -v xz) "\$@" | head -c "\$(cat "$tmp/limit")"
kill -9 \$\$
XZ
chmod +x bin/xz
PATH=$tmp/bin:$PATH
for bytes in '' 10 24 36; do
	begin
	echo "$bytes" | tr -d '\n' >limit
	go
	is "killed after ${bytes:-no} bytes" "$?" 2
	err_has 'cam.ndjson.1.xz: its decompressor was stopped'
	is 'nothing is committed' "$(readlink st/current)" gen.1
	rm limit
	go
	is 'the next run' "$? $(values)" '0 4 5 6 7 '
	ok 'and silently' [ ! -s err ]
done

# Whatever it is that too few descriptors are left for.
read_with() { # DESCRIPTORS
	begin
	# shellcheck disable=SC3045
	(ulimit -n "$1" && go) 2>shell
	rc=$?
	if [ "$rc" -ne 0 ]; then
		stopped=$((stopped + 1))
		[ "$rc $(readlink st/current)" = '2 gen.1' ] || return 1
		go || return 1
	fi
	[ "$(values)" = '4 5 6 7 ' ] && [ ! -s err ]
}
stopped=0
for most in $(seq 9 2 25); do
	read_with "$most" || break
done
ok "with $most descriptors: all, or another time" read_with "$most"
ok "$stopped times another time" [ "$stopped" -gt 2 ]

# The end of a stage is no reason to end what another one has started.
cat >net.cfg <<CFG
[net]
width=2
height=2
channels=1

[softmax]
CFG
printf '\0\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >net.weights
printf '\0\0\10\3\0\0\0\2\0\0\0\2\0\0\0\2abcdefgh' >two.idx
printf '\0\0\10\1\0\0\0\2\1\2' >labels.idx
xz labels.idx
: >list
cat >bin/xz <<XZ
#!/bin/sh
sleep .5
exec $(PATH=${PATH#*:} command -v xz) "\$@"
XZ
run "driftpipe-run -i list -s idx --stage \
    'imgcls --no-act -m net.cfg -w net.weights --idx-labels labels.idx.xz two.idx -'"
rc_is 0 'a slow decompressor of a stage'
is 'is not taken for what a stage left' "$(jq .truth out | tr '\n' ' ')" '1 2 '
done_testing
