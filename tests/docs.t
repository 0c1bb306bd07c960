#!/bin/sh
# The manual pages: that they are clean, that they say what --help says, and
# that their examples do what they show.
#
# In a section EXAMPLES, a literal block with lines that begin with "$ " is a
# session: what follows the "$" is run, and must print exactly the lines below
# it; "..." stands for anything, but then the command must succeed. Any
# other literal block is a script that must succeed; in driftpipe.yaml(5) it is
# a configuration that the tools must accept, in driftpipe-records(5) a record.
# The examples of a page run in one directory, in which data/ and configs/ are
# those of the project, frames/ holds 200 images, for which most limits are in the
# table, classes/ 120 of them in a directory for each class, and my.cfg is a network
# for them.
. "$(dirname "$0")/lib.sh"

man=$top/man
# In a make within a make, -w comes by the environment and wins over -s.
tools=$(cd "$top" && MAKEFLAGS='' make -s tools)
scripts=$(cd "$top" && MAKEFLAGS='' make -s sh-tools)
set=/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz
labels=/usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz
# Other people's pages that ours may refer to.
others='bash.1 cron.8 find.1 flock.1 grep.1 jq.1 seccomp.2 sort.1 systemd.1 tee.1 zcat.1'

PATH=$PATH:/usr/sbin
have() { command -v "$1" >/dev/null; }

# One line for each option: "Fl f , -field Ar NAME", a tab, the default.
help_options() {
	"$1" --help | awk '
	    /^  (-.,|   ) --/ && !/\)$/ && NF <= 4 && !/  +[^ -].* / {
		head = $0; next }
	    head != "" { $0 = head "  " $0; head = "" }
	    /^  (-.,|   ) --/ {
		default = ""
		if (match($0, / \([^()]*\)$/))
			default = substr($0, RSTART + 2, RLENGTH - 3)
		letter = /^  -/ ? substr($0, 4, 1) " , " : ""
		rest = substr($0, 9)
		name = rest
		sub(/ .*/, "", name)
		arg = ""
		if (substr(rest, length(name) + 1) ~ /^ [^ ]/) {
			arg = substr(rest, length(name) + 2)
			sub(/ .*/, "", arg)
		}
		printf "Fl %s-%s%s\t%s\n", letter, name,
		    arg == "" ? "" : " Ar " arg, default
	    }'
}

# The same out of a page, with the range as a third column: what "The default
# is X." and "from A to B" say, if they are there.
page_options() {
	awk '
	    function put() {
		if (head == "")
			return
		default = range = ""
		if (match(text, /The default is [^ ].*/)) {
			default = substr(text, RSTART + 15)
			sub(/\. .*/, "", default)
		}
		if (match(text, /from -?[0-9][0-9e.]* to [0-9][0-9e.]*/)) {
			range = substr(text, RSTART + 5, RLENGTH - 5)
			sub(/\.$/, "", range)
			sub(/ to /, " ", range)
		}
		printf "%s\t%s\t%s\n", head, default, range
		head = ""
	    }
	    /^\.It Fl / { put(); head = substr($0, 5); text = ""; next }
	    /^\.(It|El|Sh|Ss)/ { put() }
	    /^\./ { sub(/^\.[A-Z][a-z] /, "") }
	    { text = text $0 " " }
	    END { put() }' "$1"
}

is_common() {
	grep -E '^Fl (c , -config|q , -quiet|v , -verbose|h , -help|V , -ver)'
}

not_common() {
	grep -vE '^Fl (c , -config|q , -quiet|v , -verbose|h , -help|V , -ver)'
}

# The range that the tool itself names when it refuses a value.
range_of() {
	for _x in -9223372036854775807 -1e301; do
		"$1" "--$2=$_x" 2>&1 </dev/null |
		    sed -n "s/.*: not in \(.*\) \.\. \(.*\): '.*/\1 \2/p"
	done | head -n 1
}

# Text without the overstrikes of bold and underlined letters.
plain() {
	mandoc -Tascii -Owidth=999 "$1" | sed "s/.$(printf '\b')//g"
}

check_lint() {
	page=$(basename "$1")
	if ! have mandoc; then
		skip "$page is clean" 'no mandoc'
		return
	fi
	mandoc -Tlint -W style "$1" 2>/dev/null |
	    grep -v 'referenced manual not found' >"$tmp/lint"
	is "$page is clean" "$(cat "$tmp/lint")" ''
	is "$page refers to pages that exist" "$(
	    sed -n 's/^\.Xr \([^ ]*\) \([^ ]*\).*/\1.\2/p' "$1" | sort -u |
		while read -r other; do
			[ -f "$man/$other" ] && continue
			case " $others " in *" $other "*) continue ;; esac
			# A tool that is not built yet has no page yet.
			case " $tools " in
			*" ${other%.1} "*) have "${other%.1}" || continue ;;
			esac
			echo "$other"
		done)" ''
}

check_sections() {
	page=$(basename "$1")
	ok "$page has EXAMPLES" grep -q '^\.Sh EXAMPLES' "$1"
	case $1 in *.1) ok "$page has EXIT STATUS" \
	    grep -q '^\.Sh EXIT STATUS' "$1" ;; esac
}

check_ranges() {
	page_options "$2" | while IFS='	' read -r head _ range; do
		name=$(expr "$head" : '.*-\([a-z][a-z-]*\)')
		[ -n "$range" ] || continue
		said=$(range_of "$1" "$name")
		[ -n "$said" ] || continue
		echo "$range $said" | awk -v name="$name" '
		    $1 + 0 != $3 + 0 || $2 + 0 != $4 + 0 {
			print name ": " $0 }'
	done
}

check_tool() {
	page=$man/$1.1
	"$1" --help >"$tmp/help"
	is "$1: .Nd is what --help says" "$(sed -n 's/^\.Nd //p' "$page")" \
	    "$(sed -n 2p "$tmp/help")"
	if have mandoc; then
		is "$1: SYNOPSIS is the usage" "$(plain "$page" |
		    awk '/^SYNOPSIS/ { on = 1; next } /^[A-Z]/ { on = 0 }
			on { $1 = $1; printf "%s%s", sep, $0; sep = " " }' |
		    sed 's/ *$//')" \
		    "$(sed -n '1s/^usage: //p' "$tmp/help")"
	else
		skip "$1: SYNOPSIS is the usage" 'no mandoc'
	fi
	help_options "$1" >"$tmp/of-help"
	page_options "$page" >"$tmp/of-page"
	is "$1: the page has the options of --help" \
	    "$(cut -f1 "$tmp/of-page" | not_common | sort)" \
	    "$(cut -f1 "$tmp/of-help" | not_common | sort)"
	is "$1: the page says where the common options are" "$(
	    for l in c h q v V; do
		    grep -qE "^\.(It )?Fl $l( |\$)" "$page" || echo $l
	    done)" ''
	is "$1: defaults are those of --help" "$(
	    awk -F'\t' 'NR == FNR { want[$1] = $2; next }
		$2 != "" && $2 != want[$1] { print $1 ": " $2 }' \
		"$tmp/of-help" "$tmp/of-page")" ''
	is "$1: ranges are those of the tool" "$(check_ranges "$1" "$page")" ''
}

# Why an example can't be run here, if so.
lacking() {
	for _w in $tools; do
		grep -qw -e "$_w" "$1" && ! have "$_w" && echo "no $_w here"
	done
	grep -qw -e jq "$1" && ! have jq && echo 'no jq'
	# shellcheck disable=SC2016
	grep -qE '/usr/share/datasets|cam0|\$set' "$1" && [ ! -f "$set" ] &&
	    echo 'no Fashion-MNIST'
	grep -qE 'imgcls|data/|my\.cfg' "$1" &&
	    [ ! -f "$top/data/fashion.weights" ] && echo 'no model in data/'
	grep -qE 'nats-server|24222|pid' "$1" && ! have nats-server &&
	    echo 'no nats-server'
	grep -qE 'frames/|classes' "$1" && [ ! -d "$tmp/frames" ] &&
	    echo 'no images'
}

show() { awk 'NF { print; exit }' "$1" | tr -d '\134' | cut -c 1-50; }

# Whether what was printed is what the page shows.
matches() {
	if [ "$(tail -n 1 "$2")" = ... ]; then
		_n=$(($(wc -l <"$2") - 1))
		[ "$rc" -eq 0 ] && sed '$d' "$2" >"$2.begin" &&
		    head -n "$_n" "$1" | diff "$2.begin" -
	else
		diff "$2" "$1"
	fi
}

run_session() {
	(cd "$dir" && sh "$1") >"$1.got" 2>&1 </dev/null
	rc=$?
	ok "$page: $(show "$1")" matches "$1.got" "${1%.cmd}.want"
}

run_script() {
	chmod +x "$1"
	if [ "$(head -c 2 "$1")" = '#!' ]; then
		ok "$page: a script" sh -c "cd '$dir' && '$1'"
	else
		ok "$page: $(show "$1")" sh -c "cd '$dir' && bash -eo pipefail '$1'"
	fi
}

# Every section is read by the tool that it belongs to.
load_yaml() {
	mkdir -p "$dir/etc"
	cp "$1" "$dir/etc/example.yaml"
	awk '/^[a-z]/ { sub(/:.*/, ""); name = $0; tool[name] = name }
	    $1 == "tool:" { tool[name] = $2 }
	    END { for (name in tool) print name, tool[name] }' "$1" |
	    sort >"$1.sections"
	while read -r name tool; do
		what="$page: section $name is read by $tool"
		how=
		input=/dev/null
		case $tool in
		chi2 | pht | iks | nmddm | mewma | edet)
			how="--reference ref.ndjson --horizon 1000 --lives 999" ;;
		promtext) input=end.ndjson ;;
		model) continue ;;
		esac
		have "$tool" || { skip "$what" "no $tool here"; continue; }
		case $tool in
		imgcls | promtext)
			[ -f "$top/data/fashion.weights" ] || {
				skip "$what" 'no model in data/'; continue; } ;;
		esac
		[ "$name" = "$tool" ] || how="$how -n $name"
		ok "$what" sh -c \
		    "cd '$dir' && $tool -c etc/example.yaml $how <$input"
	done <"$1.sections"
}

bare() { sed 's/ *#.*//' "$1" | grep -v '^$'; }

run_text() {
	case $page in
	driftpipe-records.5)
		if have jq; then
			ok "$page: a record" jq -e . "$1"
		else
			skip "$page: a record" 'no jq'
		fi
		;;
	driftpipe.yaml.5)
		[ -n "$first" ] || {
			first=$1
			is "$page: the example is configs/fashion.yaml" \
			    "$(bare "$1")" \
			    "$(bare "$top/configs/fashion.yaml")"
		}
		load_yaml "$1"
		;;
	*) run_script "$1" ;;
	esac
}

prepare() {
	dir=$tmp/run/$page
	mkdir -p "$dir" "$tmp/ex/$page"
	ln -s "$top/data" "$top/configs" "$dir"
	for _d in frames classes; do
		[ ! -d "$tmp/$_d" ] || cp -r "$tmp/$_d" "$dir"
	done
	[ ! -f "$top/data/fashion.cfg" ] || cp "$top/data/fashion.cfg" "$dir/my.cfg"
	# Independent of each other: what rises and falls needs limits of its own.
	awk 'function below(n) { s = (s ? s : 1) * 16807 % 2147483647
		return int(s / 65536) % n }
	BEGIN { for (; i < 60; i++)
	    printf "{\"class\":%d,\"feat\":{\"mean\":%d,\"std\":%d}," \
		"\"prob\":%d,\"entropy\":%d,\"act\":{\"avgpool\":[%d,%d]}," \
		"\"pixels\":{\"brightness\":%d,\"contrast\":%d," \
		"\"sharpness\":%d}}\n", below(3), below(7), below(6), below(5),
		below(8), below(9), below(11), below(13), below(17),
		below(19) }' >"$dir/ref.ndjson"
	echo '{"trailer":{}}' >"$dir/end.ndjson"
}

check_examples() {
	page=$(basename "$1")
	prepare
	first=''
	awk -v dir="$tmp/ex/$page" -f "$top/tests/examples.awk" "$1" \
	    >"$tmp/ex/$page/list"
	while read -r file; do
		why=$(lacking "$file" | head -n 1)
		case $file in
		*.cmd) kind=run_session ;;
		*) kind=run_text ;;
		esac
		[ "$page $kind" != 'driftpipe.yaml.5 run_text' ] || why=''
		if [ -n "$why" ]; then
			skip "$page: $(show "$file")" "$why"
		else
			$kind "$file"
		fi
	done <"$tmp/ex/$page/list"
}

# A path in HACKING.md that is no placeholder, from the top.
is 'HACKING.md names files that exist' "$(
    grep -oE '[A-Za-z0-9_.$-]+(/[A-Za-z0-9_.*-]+)+' "$top/HACKING.md" |
	grep -v '[A-Z][A-Z]' | sed 's/[.]$//' | sort -u |
	while read -r path; do
		[ -e "$top/$path" ] || echo "$path"
	done)" ''
# The lists of tools and of rooms are whole.
lines() { printf '%s\n' "$@" | sort; }
# shellcheck disable=SC2086
is "README.md's table is the Makefile's TOOLS" \
    "$(sed -n 's/^| `\([a-z0-9-]*\)` |.*/\1/p' "$top/README.md" | sort)" \
    "$(lines $tools $scripts)"
# shellcheck disable=SC2086
is 'driftpipe(7) lists them' \
    "$(sed -n 's/^\.It Xr \([a-z0-9-]*\) 1$/\1/p' "$man/driftpipe.7" | sort)" \
    "$(lines $tools $scripts | grep -v '^driftpipe-run$')"
is 'HACKING.md lists the rooms of lib/' \
    "$(sed -n '/^up:$/,/^One module/s/^    \([a-z]\{1,\}\)  .*/\1/p' \
	"$top/HACKING.md" | sort)" \
    "$(cd "$top/lib" && for d in */; do echo "${d%/}"; done | sort)"
if have imgdegrade && [ -f "$set" ]; then
	imgdegrade -o "$tmp/frames" --count 200 --labels "$labels" "$set" |
	    sed -n '1,120s/.*"\(.*png\)","truth":\(.*\)}/\1 \2/p' |
	    while read -r image class; do
		    mkdir -p "$tmp/classes/$class"
		    cp "$image" "$tmp/classes/$class"
	    done
fi
for tool in $tools; do
	if ! have "$tool"; then
		skip "$tool has a page" "no $tool here"
		continue
	fi
	ok "$tool has a page" test -f "$man/$tool.1"
	[ ! -f "$man/$tool.1" ] || check_tool "$tool"
done
for f in "$man"/*.[157]; do
	check_lint "$f"
	check_sections "$f"
	check_examples "$f"
done
for tool in $tools; do
	! have "$tool" || help_options "$tool"
done | sed -n 's/^Fl \(.\) , -\([a-z-]*\).*/\1 \2/p' | sort -u >"$tmp/letters"
is 'driftpipe(7) has all letters' "$(
    cut -c1 "$tmp/letters" | sort -u | while read -r l; do
	    grep -qE "^\.It Fl $l( |\$)" "$man/driftpipe.7" || echo "$l"
    done)" ''
is 'driftpipe(7) has the common options' \
    "$(page_options "$man/driftpipe.7" | cut -f1 | is_common | sort)" \
    "$(help_options pht | cut -f1 | is_common | sort)"
done_testing
