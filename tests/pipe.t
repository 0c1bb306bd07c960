#!/bin/sh
# Records in and out, alike in all tools, and the detectors in a row.
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
# The simplest filter: it never finds its field.
pass='pht -q -f none'

# Every byte comes out as it went in, whatever the blocks.
awk 'BEGIN {
	for (i = 1; i <= 400; i++) {
		s = s "0123456789abcdefghijklmnopqrstuvwxyz"
		if (i % 20 == 0)
			print "{\"s\":\"" s "\"}"
	}
	for (i = 65500; i < 65600; i++)
		printf "{\"%d\":\"%" i - 9 "s\"}\n", i % 10, ""
	for (i = 131040; i < 131100; i += 7)
		printf "{\"%d\":\"%" i - 9 "s\"}\n", i % 10, ""
	for (i = 196600; i < 196620; i += 5)
		printf "{\"%d\":\"%" i - 9 "s\"}\n", i % 10, ""
	for (i = 0; i < 50000; i++)
		print "{\"i\":" i "}"
}' >long
run "$pass long"
rc_is 0
ok 'lines of all lengths, from a file' cmp long out
run "cat long | $pass"
ok 'from a pipe' cmp long out
run "dd if=long bs=4093 2>/dev/null | $pass - | cat"
ok 'in odd pieces' cmp long out
run "$pass long - long <long"
is 'operands one after the other' "$(cksum <out)" "$(cat long long long | cksum)"
printf '{"a":1}\r\n{}\t\n { }\n{"b":"\302\251\\u0000"}' >odd
run "$pass odd odd"
{ cat odd; echo; cat odd; echo; } >want
ok 'CRLF, blanks, and no newline at the end' cmp want out
printf '{"x":1}\r\n { } \n{ "x" : 2 , "y":[]	}	' >odd
run "pht -f x --lambda 9 --reference-size 3 odd"
printf '{"x":1,"pht":{"alarm":false,"state":"learning"}}\r\n { } \n{ "x" : 2 , "y":[]	,"pht":{"alarm":false,"state":"learning"}}	\n' >want
ok 'a member is added, all else left' cmp want out
run "$pass /dev/null"
rc_is 0 'an empty file'
out_is 'gives nothing' </dev/null

# Lines that are no record.
bad() {
	# shellcheck disable=SC2059
	printf "$1" >bad
	run "$pass good bad"
	rc_is 2 "$3"
	echo "pht: bad:$2" >message
	err_is 'with file, line and column' <message
}
echo '{}' >good
bad '{}\n\n{}\n' '2:1: not a JSON object: empty' 'an empty line'
bad '{}\n{}\n[]' '3:1: not a JSON object: not an object' 'an array'
bad '{"a":1\000}\n' "1:7: not a JSON object: expected ',' or '}'" 'a NUL byte'
bad '{"a":01}\n' "1:7: not a JSON object: expected ',' or '}'" 'a bad number'
bad '{"a":1' "1:7: not a JSON object: expected ',' or '}'" 'a torn line'
bad '{"a":' '1:6: not a JSON object: unfinished' 'torn earlier'
bad '\377\376{}' '1:1: not a JSON object: not an object' 'the byte order mark of UTF-16'
awk 'BEGIN { for (i = 0; i < 30000; i++) print "{\"i\":" i "}"; print "{" }' >bad
run "$pass bad"
rc_is 2 'a broken line far in'
ok 'all lines before it are out, whole' sh -c 'head -30000 bad | cmp - out'
run "pht -f none --skip-bad -v good bad"
rc_is 0 'dropped with --skip-bad'
is 'all others pass' "$(wc -l <out)" 30001
err_has 'pht: 1 lines that are not JSON objects were dropped' 'said once'
{
	printf '{"s":"'
	head -c 68157440 /dev/zero | tr '\0' x
	printf '"}\n'
} >huge
run "$pass good huge"
rc_is 2 '65 MiB are too long for a line'
err_is 'says so' <<X
pht: huge:1: line longer than 64 MiB
X
{
	printf '{"s":"'
	head -c 67000000 huge | tail -c +7
	printf '"}\n'
} >large
run "$pass large"
ok 'just under 64 MiB are not' cmp large out
# Memory is bounded by the longest line, and many take no more than few.
if [ -z "$SANITIZE" ]; then
	run "ulimit -v 180000; $pass large"
	ok 'it takes two lines of memory' cmp large out
	for i in 1 2 3 4 5 6 7 8 9 10; do cat long; done >many
	run "ulimit -v 30000; $pass many | cksum"
	is 'many lines take no more' "$(cat out)" "$(cksum <many)"
	rm -f many
else
	skip 'it takes two lines of memory' 'not with a sanitizer'
	skip 'many lines take no more' 'not with a sanitizer'
fi
rm -f huge large out

# Files.
run "$pass good missing good"
rc_is 2 'a missing file'
err_is 'is named' <<X
pht: missing: No such file or directory
X
out_is 'behind what came before it' <good
run "$pass ."
rc_is 2 'a directory'
err_is 'is named too' <<X
pht: .: Is a directory
X
for tool in 'pht -f i' 'iks -f i' 'nmddm -f i' featstat; do
	run "$tool long >/dev/full"
	rc_is 2 "${tool%% *}: a full disk"
	err_is 'is noticed' <<X
${tool%% *}: standard output: No space left on device
X
done
run "$pass good >&-"
rc_is 2 'no standard output'
run "sh -c '$pass long; echo \$? >status' | head -1"
err_is 'a closed pipe is quiet' </dev/null
is 'and ends it' "$(cat status)" 141

# Live: each record is out before the next is written.
mkfifo in back
pht -q -f x --reference-size 2 --lambda 1 <in >back &
pid=$!
exec 3>in 4<back
for i in 1 2 3 4; do
	echo "{\"x\":$i}" >&3
	read -r line <&4
	is "record $i is out" "${line%%,*}" "{\"x\":$i"
done
printf '{"x":5}\n{"x":' >&3
read -r line <&4
is 'before half of the next' "${line%%,*}" '{"x":5'

# A signal ends it with what it has.
kill -TERM $pid
wait $pid
is 'SIGTERM ends it cleanly' $? 0
is 'with nothing more to say' "$(cat <&4)" ''
exec 3>&- 4<&-
# No signal is lost on the way into a wait for input.
lost=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	pht -q -f x <in >back &
	pid=$!
	exec 3>in 4<back
	echo '{"x":1}' >&3
	read -r line <&4
	echo '{"x":2}' >&3
	kill -TERM $pid
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		kill -0 $pid 2>/dev/null || break
		sleep 0.2
	done
	kill -KILL $pid 2>/dev/null
	wait $pid || lost=$((lost + 1))
	exec 3>&- 4<&-
done
is 'nor does it miss one' $lost 0

# The detectors in a row.
normals 1200 41 800 1.2 | jq -c '{seq, truth: 3, act: [.x - 1, .x, .x + 1, .y]}' >s
how='--horizon 1000 --lives 999'
row="featstat s | pht $how | iks $how | nmddm $how"
run "$row"
rc_is 0 'featstat | pht | iks | nmddm'
err_is 'in silence' </dev/null
is 'one line out for one in' "$(wc -l <out)" 1200
is 'members in the order of the pipe' "$(jq -c keys_unsorted out | sort -u)" \
    '["seq","truth","feat","pht","iks","nmddm"]'
for tool in pht iks nmddm; do
	is "$tool is quiet before" \
	    "$(head -800 out | jq -c "select(.$tool.event)" | wc -l)" 0
	is "$tool fires soon after" "$(jq -s "map(select(.$tool.event)) |
	    length >= 1 and .[0].seq <= 900" out)" true
done
cp out want
run "$row"
ok 'the same again' cmp out want
run "featstat s | nmddm $how | iks $how | pht $how"
is 'in any order' "$(jq -cS . out | cksum)" "$(jq -cS . want | cksum)"

# A random document is judged, and its fields are found, as by jq.
awk 'BEGIN {
	srand(42)
	for (n = 0; n < 2000; n++)
		print "{" members(0) "}"
}
function pick(k) { return int(rand() * k) }
function key() { return substr("abc", 1 + pick(3), 1) }
function blank() { return pick(3) ? "" : substr(" \t ", 1 + pick(3), 1) }
function members(deep,  i, k, s) {
	k = pick(4)
	for (i = 0; i < k; i++)
		s = s (i ? "," : "") blank() "\"" key() "\"" blank() ":" \
		    value(deep + 1) blank()
	return s
}
function elements(deep,  i, k, s) {
	k = pick(4)
	for (i = 0; i < k; i++)
		s = s (i ? "," : "") value(deep + 1)
	return s
}
function value(deep,  v) {
	v = pick(deep > 4 ? 6 : 12)
	if (v == 0)
		return blank() "null"
	if (v == 1)
		return pick(2) ? "true" : "false" blank()
	if (v == 2)
		return "\"\\u00e9\\\"" key() "\\\\" key() "{[\""
	if (v < 6)
		return blank() (pick(2000) - 1000) / 8
	if (v < 10)
		return "{" members(deep) "}"
	return "[" elements(deep) "]"
}' >s
ok 'jq takes the documents' jq -e . s
cat >ref <<X
{"a":{"b":0}}
{"a":{"b":1}}
X
run 'pht -f a.b --lambda 1e9 --reference ref s'
rc_is 0 'so do we'
sed 's/,*"pht":{.*}]}//' out >left
ok 'all is left as it was' cmp s left
jq -c '(.a? | .b?) // null | if type == "number" then 1 else 0 end' s >want
jq -c 'if .pht then 1 else 0 end' out >got
ok 'numbers are found where jq finds them' cmp want got
is 'some are there' "$(awk '/1/ { n++ } END { print (n > 10) }' got)" 1
# Standard files that are closed are not taken for what is opened next.
for tool in featstat 'pht -f x' 'iks -f x' 'nmddm -f x' 'chi2 -f x' 'mewma -f x' promtext; do
	echo '{"x":1}' >one
	run "timeout -s KILL 9 $tool <&-"
	rc_is 2 "$tool: no standard input"
	run "timeout -s KILL 9 $tool one <&- >&-"
	rc_is 2 "$tool: no standard output"
done

done_testing
