#!/bin/sh
# Hold lib/ to its floor plan: which room may use which, by include and by
# call; which rooms are pure; and that no module uses itself by way of others.
#
# A module's functions and variables carry its name: all that x.c shares begins
# with x_, or is x.
#
#	scripts/rooms.sh BUILD
#
# A room is a directory of lib/ with all below it. Where a directory below has
# a line of its own, that one counts for it.
set -u
cd "${ROOMS_TREE:-$(dirname "$0")/..}" || exit 2
build=${1:-build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# room: the rooms it may use. Those marked pure are arithmetic on memory:
# without files, messages, exit or mutable statics.
cat >"$tmp/rooms" <<'ROOMS'
base pure:
json pure: base
stats pure: base
detect pure: base json stats
tool: base json
limit: base stats detect tool
run: base json tool
journal: base json tool run
bus: base json tool run
accuracy pure: base json stats
monitor: base json stats detect accuracy tool limit run
image: base stats tool
decoder: base tool image
eval: base json stats tool
input: base json tool image
net: base stats tool image decoder
classify: base json stats tool run image decoder input net
metric pure: base json stats tool
metric/check: base json stats tool metric
fleet: base json stats tool run metric
report: base json stats tool metric metric/check image decoder run journal
metric/write: base json stats tool run metric
ROOMS

# What net/netdark.c puts in the place of darknet's own.
foreign='error file_error malloc_error rand_normal rand_uniform'

impure='fopen fdopen fclose fread fwrite fputs fputc fprintf printf puts putchar
open openat close read write stdin stdout stderr exit _exit abort'

# "includes FILE ROOM/HEADER" of each include of ours, and "calls OBJECT SYMBOL"
# or "defines OBJECT SYMBOL" of each name that is not a file's own.
find lib -name '*.[ch]' | sort | while read -r f; do
	sed -n "s|^#include \"\(.*\)\".*|includes $f \1|p" "$f"
done >"$tmp/facts"
find lib -name '*.c' | sed 's/c$/o/' | sort | while read -r o; do
	[ -f "$build/$o" ] || continue
	nm "$build/$o" | sed -n "s|^ *U \(.*\)|calls $o \1|p
	    s|^[0-9a-f]* [TDBRGSC] \(.*\)|defines $o \1|p"
	size -A "$build/$o" | sed -n "s#^\.\(data\|bss\)  *[1-9].*#keeps $o \1#p"
done >>"$tmp/facts"

awk -v impure="$impure" -v foreign="$foreign" -v pairs="$tmp/pairs" '
function complain(text) { print "lint: " text; bad = 1 }
# The room of a path below lib/: its longest directory that has a line.
function room(path) {
	sub(/^lib\//, "", path)
	while (sub(/\/[^\/]*$/, "", path))
		if (path in allowed)
			return path
	return ""
}
function module(path) { sub(/\.[a-z]*$/, "", path); return path }
# Whether a symbol is named after the module that has it.
function named(symbol, path) {
	path = module(path)
	sub(/.*\//, "", path)
	return symbol == path || index(symbol, path "_") == 1
}
function used(by, what, how,    a, b) {
	a = room(by)
	b = room(what)
	if (a != b && index(allowed[a], " " b " ") == 0)
		complain(by " " how ": " a " may not use " b)
	if (module(by) != module(what))
		print module(by), module(what) >pairs
}
BEGIN {
	n = split(impure, name, /[ \n]+/)
	for (i = 1; i <= n; i++)
		forbidden[name[i]] = 1
}
FILENAME ~ /rooms$/ {
	split($0, side, /:/)
	split(side[1], word, / /)
	allowed[word[1]] = side[2] " "
	pure[word[1]] = word[2] == "pure"
	next
}
$1 == "includes" {
	if ($3 ~ /\//)
		used($2, "lib/" $3, "includes " $3)
	else
		complain($2 " includes " $3 " without its room")
	next
}
room($2) == "" && !told[$2]++ { complain("no room has " module($2) ".c") }
$1 == "defines" {
	where[$3] = $2
	if (!named($3, $2) && index(" " foreign " ", " " $3 " ") == 0)
		complain(module($2) ".c shares " $3 ", without its name")
}
$1 == "calls" { caller[++calls] = $2; callee[calls] = $3 }
$1 == "keeps" && pure[room($2)] {
	complain(module($2) ".c is pure and has mutable statics")
}
END {
	for (i = 1; i <= calls; i++) {
		$2 = caller[i]
		if (callee[i] in where)
			used(caller[i], where[callee[i]],
			    "calls " callee[i])
		if (pure[room(caller[i])] && callee[i] in forbidden)
			complain(module(caller[i]) ".c is pure and calls " \
			    callee[i])
	}
	exit bad
}' "$tmp/rooms" "$tmp/facts"
bad=$?

[ ! -f "$tmp/pairs" ] ||
    sort -u "$tmp/pairs" | tsort 2>&1 >/dev/null |
    sed 's/^tsort: -: input contains a loop:/lint: a circle of modules:/
	s/^tsort: lib/lint:    lib/' >"$tmp/circles"
[ ! -s "$tmp/circles" ] || { cat "$tmp/circles"; bad=1; }

# A name says one module.
find lib -name '*.c' | sed 's|.*/||' | sort | uniq -d |
    sed 's/^/lint: two modules are named /' >"$tmp/twice"
[ ! -s "$tmp/twice" ] || { cat "$tmp/twice"; bad=1; }
exit "$bad"
