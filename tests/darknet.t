#!/bin/sh
# scripts/darknet.sh, without a network: an apt-get that fails stands in.
. "$(dirname "$0")/lib.sh"
script=$top/scripts/darknet.sh
out=$top/build/darknet

mkdir "$tmp/bin" "$tmp/half"
printf '#!/bin/sh\necho "E: no network"\nexit 100\n' >"$tmp/bin/apt-get"
chmod +x "$tmp/bin/apt-get"
PATH=$tmp/bin:$PATH

run "$script"
rc_is 2 'no directory'
err_has 'usage: darknet.sh OUTDIR'
if [ -f "$out/libdarknet.a" ]; then
	cp -R "$out" "$tmp/done"
	run "$script $tmp/done"
	rc_is 0 'what is built is left alone'
	err_is 'in silence' </dev/null
	ok 'as it was' cmp "$out/libdarknet.a" "$tmp/done/libdarknet.a"
	rm -rf "$tmp/done/source"
	run "DARKNET_CFLAGS=-O1 $script $tmp/done"
	rc_is 2 'other flags build it anew'
	ok 'and take the old one away' test ! -e "$tmp/done/libdarknet.a"
else
	skip 'what is built' 'the packaged darknet is used'
fi
touch "$tmp/half/flags"
run "$script $tmp/half"
rc_is 2 'without apt'
err_has "E: no network"
err_has "darknet.sh: cannot get the source of 'darknet'"
is 'nothing half done stays' "$(ls "$tmp/half")" flags
done_testing
