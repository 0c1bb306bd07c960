#!/bin/sh
# What is a record: tests/vectors/rfc8259.tsv, through a tool. Each case stands
# alone among good records, and among records like itself (they take another
# way through the scanner).
. "$(dirname "$0")/lib.sh"
cd "$tmp" || exit 1
pass='pht -q -f x'

# lines VERDICT...: the records made of the cases with these verdicts.
lines() {
	grep -v '^#' "$top/tests/vectors/rfc8259.tsv" |
	    while IFS='	' read -r verdict kind _ text; do
		case " $* " in *" $verdict "*) ;; *) continue ;; esac
		if [ "$kind" = line ]; then
			printf '%b\n' "$text"
			continue
		fi
		printf '{"x":%b}\n' "$text"
		printf '{"x":[1,%b]}\n' "$text"
		printf '{"s":"\\u0041","o":{"p":[]},"x":%b,"y":0}\n' "$text"
	done
}

lines y >valid
lines i >ours
lines n >invalid
is 'a list of cases' "$(grep -vc '^#' "$top/tests/vectors/rfc8259.tsv")" 354
run "$pass --lambda 5 --reference-size 1000000 valid"
rc_is 0 'all that are valid are taken'
sed 's/,*"pht":{"alarm":false,"state":"learning"}//' out >left
ok 'and left as they are' cmp valid left
run "$pass --lambda 5 --reference-size 1000000 ours"
rc_is 0 'so are those that the RFC leaves open'
ok 'jq takes the valid ones, too' jq -e . valid

# None of the invalid ones gets through, whatever stands around it.
run "$pass --skip-bad invalid"
out_is 'none that is invalid is' </dev/null
sed 's/^/{"x":1}\n/;$a{"x":1}' invalid >mixed
sed 's/[^\n]*/{"x":1}/' invalid >only
echo '{"x":1}' >>only
run "$pass --skip-bad --lambda 5 --reference-size 1000000 mixed"
sed 's/,"pht":{.*}}$/}/' out >left
ok 'among good ones neither' cmp only left

# Which of two counts, what a number is, what a double can't hold.
echo '{"x":1,"x":{"y":2},"x":{"y":3,"\u0079":4}}' >one
run 'promtext --stream s one >/dev/null; pht -f x.y --reference-size 2 one one one'
out_has '"tests":[{"field":"x.y","stat":0' 'the last of a name counts'
printf '{"x":1e400}\n{"x":-1e400}\n{"x":1e-400}\n{"x":5e-324}\n' >one
run 'pht -f x one'
is 'what is no double is skipped' "$(grep -c learning out)" 2

# Depth: 256 levels, the record being the first.
nested() {
	awk -v n="$1" 'BEGIN {
		printf "{\"x\":"
		for (i = 1; i < n; i++) printf "["
		for (i = 1; i < n; i++) printf "]"
		print "}"
	}'
}
nested 256 >one
run "$pass one one one"
rc_is 0 '256 levels'
nested 257 >>one
run "$pass one"
rc_is 2 '257 are too many'
err_is 'and it says where' <<X
pht: one:2:261: not a JSON object: nested too deep
X
nested 100000 >one
run "$pass one"
rc_is 2 'nor do 100,000 bring it down'

done_testing
