#!/bin/sh
# The console template in a real Prometheus, over a history of real images: it
# says which stream drifts, its queries have data, and no label gets out of its
# place.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/prometheus.sh"
trap 'prometheus_stop; rm -rf "$tmp"' EXIT

page=$top/configs/prometheus/consoles/driftpipe.html
hostile="<script>alert(1)</script>'}\"\\"

[ -f /usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz ] || {
	echo '1..0 # SKIP no Fashion-MNIST'
	exit 0
}

ok 'the history' sh -c '"$1/scripts/history.sh" -h 3 -n 400 -s 300 \
    north=drift "$2=fine" yard=broken roof=gone >"$3"' - \
    "$top" "$hostile" "$tmp/history"
# A stream of a group, which has no metrics of promtext; a run that tests
# nothing; a stream that has gone; and four with an e-value, two in a list.
awk '/^# EOF/ { exit } { print }
    /stream="yard"/ && /^promtext/ { sub(/stream="yard"/, "stream=\"all\""); print }
    /stream="roof"/ && !/^promtext/ {
	line = $0; sub(/stream="roof"/, "stream=\"gate\"", line); print line }
    /stream="roof"/ && $NF < gone { sub(/stream="roof"/, "stream=\"pier\""); print }
    function put(name, stream, more, value) {
	printf "%s{job=\"node\",instance=\"edge-1:9100\",stream=\"%s\"%s} %s %d\n",
	    name, stream, more, value, t
    }
    END {
	edet = ",feature=\"x\",detector=\"edet\""
	for (t = now - 1200; t <= now; t += 60) {
	    put("stream:drift_evalue:listed", "north", "", 900)
	    put("stream:drift_evalue:listed", "zone", "", 10 ^ 3.7)
	    for (i = split("zone 3.7 mill -0.3 apex 1.2", stat); i > 0; i -= 2) {
		put("drift_detected", stat[i - 1], edet, 0)
		put("drift_statistic", stat[i - 1], edet, stat[i])
		put("drift_threshold", stat[i - 1], edet, 6)
	    }
	    list = ",feature=\"x\",detector=\"driftfdr\""
	    put("drift_detected", "rail", list, 1)
	    put("drift_statistic", "rail", list, 3)
	    put("drift_threshold", "rail", list, 2.5)
	}
	print "# EOF"
    }' now="$(date +%s)" gone=$(($(date +%s) - 5400)) "$tmp/history" >"$tmp/more"
mv "$tmp/more" "$tmp/history"
ok 'Prometheus takes it' prometheus_start "$tmp/history" "$tmp"

# get NAME [PARAMETER=VALUE...]: the page as $tmp/NAME
get() {
	_out=$1
	shift
	for _p; do
		set -- "$@" --data-urlencode "$_p"
		shift
	done
	curl -sSfG -o "$tmp/$_out" "$@" "$prometheus/consoles/driftpipe.html"
}

# Text as a person sees it: no tags, one space between words.
words() {
	sed -e 's/<[^>]*>//g' -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&#34;/"/g' \
	    -e "s/&#39;/'/g" -e 's/&#43;/+/g' -e 's/&amp;/\&/g' "$1" |
	    tr -s ' \t\n' ' '
}
says() { words "$tmp/$1" | grep -qE -e "$2"; }

ok 'fleet: it renders' get fleet range=3h
ok 'fleet: three of eleven drift' says fleet '3 of 11 streams in drift'
ok 'fleet: which are those of the list of the e-values' says fleet \
    '3 of them by their e-values: of such a list at most 5 % are false'
ok 'fleet: two are stale' says fleet '2 are stale'
is 'fleet: who drifts comes first, then who is silent, then the others' "$(
    sed -n 's/^<tr class="\([a-z]*\)">.*/\1/p' "$tmp/fleet" | tr '\n' ' ')" \
    'drift drift drift gone stale stale unread fine fine fine untested '
is 'fleet: among equals the largest e-value comes first' "$(
    sed -n 's/^<th scope="row"><a [^>]*>\([a-z]*\)<.*/\1/p' "$tmp/fleet" |
    grep -xE 'zone|rail|north|apex|mill' | tr '\n' ' ')" \
    'zone rail north apex mill '
is 'fleet: with its value' "$(sed -n 's/.*data-name="e-value">\([^<]*\)<.*/\1/p' \
    "$tmp/fleet" | tr '\n' ' ')" '5.012k 1k – – – – – 15.85 0.50 – – '
ok 'stream: it renders' get north stream=north range=3h
ok 'stream: since when, first seen where and by whom' says north \
    'Drift for [0-9m h]+ Since .* UTC, first seen in act.avgpool\[\*\] by mewma\.'
echo page | tee "$tmp/north.html" >"$tmp/index.html"
for name in fleet north; do
	is "$name: it links to the newest report" "$(
	    curl -sSfL "$prometheus/consoles/$(
		sed -n 's|.*<a href="\(\.\./user/[^"]*\)".*|\1|p' "$tmp/$name")")" \
	    page
done
ok 'stream: what moved, in words' says north \
    'Sharpness 0\.[0-9]+ of usual\. Out of focus, fogged or dirty'
ok 'stream: a row for each test' test \
    "$(grep -c 'data-kind="ribbon"' "$tmp/north")" -eq 24
ok 'stream: its accuracy' says north 'Accuracy as estimated without labels'
ok 'stream: what moved most' says north 'What moved most is [a-z.]+\. '
ok 'stream: and all that did' says north 'What moved share of the statistic'
ok 'instance: it renders' get instance stream=north instance=edge-1:9100
ok 'instance: it is the same' says instance 'first seen in act.avgpool\[\*\] by mewma'
ok 'instance: of another there is nothing' get other stream=north instance=x
ok 'instance: and it says so' says other 'No test yet'
ok 'stale: it renders' get roof stream=roof range=3h
ok 'stale: it says so' says roof 'Stale Nothing has come from the pipeline for'
ok 'stale: no share of what came last' says roof \
    'Stale: what came last is no share'
ok 'group: it renders' get gate stream=gate range=3h
ok 'group: it is as stale' says gate 'Stale Nothing has come'
ok 'gone: it renders' get pier stream=pier range=3h
ok 'gone: it says so' says pier 'Gone ?The metrics of this stream are no longer'
ok 'broken: it renders' get yard stream=yard range=3h
ok 'broken: it is not fine' says yard \
    '[0-9.]+% of the images can.t be read ?No drift in the others'
is 'classes: beside their usual share, what changed most first' "$(
    sed -n 's/.*data-name="\(usual\|now\)">\([0-9.]*\)%.*/\2/p' "$tmp/yard" |
    paste - - | awk '{ change = $1 > $2 ? $1 - $2 : $2 - $1
	if (NR > 1 && change > last + 0.01) print "after less:", $0
	last = change }
	END { print NR }')" 10
ok 'fleet: nor is it there' says fleet '[0-9.]+% of the images of yard can'
ok 'a range that is none is the usual one' get range 'range=1h]) or vector(1'
ok 'and so it is' grep -q 'data-range="21600"' "$tmp/range"
ok 'bytes that are not UTF-8' curl -sSf -o "$tmp/bytes" \
    "$prometheus/consoles/driftpipe.html?stream=%ff%22%5c%0a"

ok 'hostile: it renders' get hostile "stream=$hostile" range=3h
for name in fleet hostile; do
	is "$name: one script, ours" "$(grep -ci '<script' "$tmp/$name")" 1
	is "$name: no attribute is left" "$(
	    grep -c 'data-[a-z]*="[^"]*"}' "$tmp/$name")" 0
done
ok 'fleet: the name is text' sh -c 'grep -qF -e "$1" "$2"' - \
    '&lt;script&gt;alert(1)&lt;/script&gt;&#39;}&#34;\</a>' "$tmp/fleet"
ok 'hostile: it has tests' says hostile 'No drift The nearest test is'

# Every query of the graphs has data where something has happened.
queries() {
	grep -ohE 'data-(query|more)="[^"]*"' "$@" | cut -d'"' -f2 |
	    sed -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&#34;/"/g' \
		-e "s/&#39;/'/g" -e 's/&#43;/+/g' -e 's/&amp;/\&/g' | sort -u
}
series() {
	curl -sSfG "$prometheus/api/v1/query_range" --data-urlencode "query=$1" \
	    --data-urlencode "start=$(($(date +%s) - 10800))" \
	    --data-urlencode "end=$(date +%s)" -d step=60 |
	    jq '.data.result | length'
}
queries "$tmp/fleet" "$tmp/yard" "$tmp/hostile" >"$tmp/queries"
ok 'there are queries' test "$(wc -l <"$tmp/queries")" -gt 25
while IFS= read -r query; do
	case $query in
	*alert*errors_total*) is "no error: $query" "$(series "$query")" 0 ;;
	*) ok "data: $(echo "$query" | tr '#\134' '..')" \
	    test "$(series "$query")" -gt 0 ;;
	esac
done <"$tmp/queries"

# Names that promtext writes, of a histogram its three; and those that recorded
# ones are made of.
promtext --metrics | awk -F'\t' '{ print $1 }
    $2 == "histogram" { print $1 "_bucket"; print $1 "_sum"; print $1 "_count" }' >"$tmp/known"
sed -n 's/.*record: [a-z_]*:\([a-z_]*\):.*/\1/p' \
    "$top/configs/prometheus/recording.yml" |
    sort -u - "$tmp/known" >"$tmp/names"
is 'every metric is one of promtext, or recorded' "$(
    grep -oE '\b(drift|imgcls|promtext)_[a-z_]+' "$page" | sort -u |
	comm -23 - "$tmp/names")" ''
is 'nothing comes from elsewhere' "$(
    grep -oE '(https?:)?//[a-z0-9.]+[a-z][^ "]*|/classic[^"]*|url\([^)]*|@import' \
	"$page" | grep -v '^http://www.w3.org/2000/svg$')" ''
if command -v node >/dev/null; then
	sed -n '/^<script>/,/^<\/script>/p' "$page" | sed '1d;$d' >"$tmp/page.js"
	ok 'the script is JavaScript' node --check "$tmp/page.js"
else
	skip 'the script is JavaScript' 'no node'
fi
done_testing
