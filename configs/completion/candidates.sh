#!/bin/sh
# What can follow on a command line, one candidate a line: the word, a tab,
# what it means. The completions of all shells ask here.
#
#	candidates TOOL [WORD ...] CURRENT
#
# Options are those that the tool's own --help prints from the tables that it
# reads them by; fields are those of the first record of a file on the line,
# instances the sections of its -c file. Nothing is printed where the name of a
# file is wanted, or anything can follow: shells complete names of files.
set -u
[ $# -gt 1 ] || exit 2
tool=$1
shift
config='' records='' last=''
while [ $# -gt 1 ]; do
	case $last in
	-c | --config) config=$1 ;;
	esac
	case $1 in
	--config=*) config=${1#*=} ;;
	esac
	file=${1#--*=}
	if [ -z "$records" ] && [ -f "$file" ] &&
	    [ "$(head -c 1 -- "$file")" = '{' ]; then
		records=$file
	fi
	last=$1
	shift
done
current=$1
prefix=''
case $current in
--*=*)
	last=${current%%=*}
	prefix=$last=
	;;
esac

# Lines of --help: the short form or -, the long form, its argument or -, the
# words on it.
options() {
	"$tool" --help 2>/dev/null | awk '
	    function put() { if (name) print short, name, arg, about }
	    BEGIN { OFS = "\t" }
	    /^ +(-., )?--[a-z]/ {
		put()
		sub(/^ +/, "")
		short = /^-., / ? substr($0, 1, 2) : "-"
		sub(/^-., /, "")
		n = match($0, /   *[^ ]/)
		head = n ? substr($0, 1, n - 1) : $0
		about = n ? substr($0, n + RLENGTH - 1) : ""
		split(head " -", part, " ")
		name = part[1]; arg = part[2]
		next
	    }
	    /^ +[^ ]/ && name { sub(/^ +/, ""); about = $0; next }
	    { put(); name = "" }
	    END { put() }'
}

# The members of a record as options name them: feat.mean, act[*].
fields() {
	[ -n "$records" ] || return 0
	head -n 1 -- "$records" | head -c 1000000 | awk '
	function leaf(suffix,  i, path) {
		for (i = 1; i <= depth; i++) {
			if (kind[i] == "[" || key[i] !~ /^[A-Za-z0-9_-]+$/)
				return
			path = path (i > 1 ? "." : "") key[i]
		}
		print path suffix "\tfield"
	}
	{
		while (match($0,
		    /^[ \t\r]*("([^"\\]|\\.)*"|[^][{}:," \t\r]+|[][{}:,])/)) {
			t = substr($0, 1, RLENGTH)
			$0 = substr($0, RLENGTH + 1)
			sub(/^[ \t\r]+/, "", t)
			if (t == "{" || t == "[") {
				if (t == "[" && depth)
					leaf("[*]")
				kind[++depth] = t
				key[depth] = ""
				is_key = t == "{"
			} else if (t == "}" || t == "]") {
				depth--
				is_key = 0
			} else if (t == ",") {
				is_key = kind[depth] == "{"
			} else if (t == ":") {
				is_key = 0
			} else if (is_key) {
				key[depth] = substr(t, 2, length(t) - 2)
			} else if (depth) {
				leaf("")
			}
		}
	}'
}

instances() {
	[ -f "$config" ] && sed -n 's/^\([A-Za-z][A-Za-z0-9_-]*\):.*/\1	section/p' \
	    "$config" | grep -v '^model	'
}

# What the last word wants: the argument as --help names it.
arg=$(options | awk -F '\t' -v last="$last" \
    '$1 == last || $2 == last { print $3 == "-" ? "" : $3; exit }')
case $last:$arg in
*:) ;;
-f:* | -g:* | --field:* | --group:* | --unless:* | --context:*)
	fields | sed "s/^/$prefix/"
	exit 0
	;;
-n:* | --name:*)
	instances | sed "s/^/$prefix/"
	exit 0
	;;
*\|*)
	echo "$arg" | tr '|' '\n' | sed "s/^/$prefix/"
	exit 0
	;;
*) exit 0 ;;
esac
case $current in
-*) options | awk -F '\t' -v OFS='\t' '
    { print $2, $4; if ($1 != "-") print $1, $4 }' ;;
esac
