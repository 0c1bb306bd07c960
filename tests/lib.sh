# Helpers of the shell tests, to be sourced. They speak TAP.
#
#	run COMMAND...        run a shell command; keep its output and status
#	rc_is N 'name'        its exit status was N
#	out_is 'name' <<OUT   its standard output is exactly what follows
#	out_has 'text'        its standard output contains the text
#	err_is, err_has       the same of standard error
#	ok 'name' COMMAND...  the command succeeds
#	is 'name' GOT WANT    two strings are equal
#	skip 'name' 'why'     counted, not run
#	normals N SEED [AT SHIFT [SCALE]]
#	                      N records with normal x and y, seeded; x changes
#	                      behind record AT
#	done_testing          at the end
#
# Feed them by redirection, never by a pipe: a helper at the end of a pipe
# runs in a subshell and its counter is lost.

top=$(cd "$(dirname "$0")/.." && pwd)
PATH=${BUILD:-$top/build}/bin:$top/build/prometheus:$PATH
export PATH LC_ALL=C
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
XDG_CACHE_HOME=${XDG_CACHE_HOME_TEST:-$tmp/cache}
export XDG_CACHE_HOME
tests=0

_tap() {
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		return 1
	fi
}

run() {
	eval "$*" >"$tmp/out" 2>"$tmp/err" </dev/null
	rc=$?
}

rc_is() {
	[ "$rc" -eq "$1" ]
	_tap $? "${2:-exit status $1}" ||
	    { echo "# status $rc, wanted $1"; sed 's/^/# /' "$tmp/err"; }
}

_is() {
	cat >"$tmp/want"
	diff "$tmp/want" "$tmp/$1" >"$tmp/diff" 2>&1
	_tap $? "$2" || sed 's/^/# /' "$tmp/diff"
}

out_is() { _is out "$1"; }
err_is() { _is err "$1"; }

_has() {
	grep -qF -e "$2" "$tmp/$1"
	_tap $? "${3:-$1 has '$2'}" ||
	    { echo "# no '$2' in:"; head -20 "$tmp/$1" | sed 's/^/# /'; }
}

out_has() { _has out "$@"; }
err_has() { _has err "$@"; }

ok() {
	_name=$1
	shift
	"$@" >"$tmp/ok" 2>&1
	_tap $? "$_name" || head -20 "$tmp/ok" | sed 's/^/# /'
}

is() {
	[ "$2" = "$3" ]
	_tap $? "$1" || printf '# got    %s\n# wanted %s\n' "$2" "$3"
}

skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# Wichmann and Hill's generator (AS 183), the same in every awk.
normals() {
	awk -v n="$1" -v seed="$2" -v at="${3:-$1}" -v shift="${4:-0}" \
	    -v scale="${5:-1}" '
	function uniform(  u) {
		a = a * 171 % 30269
		b = b * 172 % 30307
		c = c * 170 % 30323
		u = a / 30269 + b / 30307 + c / 30323
		return u - int(u)
	}
	BEGIN {
		a = b = c = 1 + seed * 7919 % 30000
		for (i = 1; i <= n; i++) {
			r = sqrt(-2 * log(1 - uniform()))
			phi = 6.283185307179586 * uniform()
			x = r * cos(phi)
			if (i > at)
				x = shift + scale * x
			printf "{\"seq\":%d,\"x\":%.17g,\"y\":%.17g}\n", i, x,
			    r * sin(phi)
		}
	}'
}

# alike TOLERANCE FILE FILE: equal lines of numbers, each within TOLERANCE of
# the larger of itself and 1.
alike() {
	paste -d ' ' "$2" "$3" | awk -v tol="$1" '
	function far(a, b,  m) {
		m = b < 0 ? -b : b
		return a - b > tol * (m > 1 ? m : 1) ||
		    b - a > tol * (m > 1 ? m : 1)
	}
	{
		for (i = 1; i <= NF / 2 || i <= NF % 2; i++)
			if (NF % 2 || far($i, $(i + NF / 2))) {
				print "line " NR ": " $0
				exit bad = 1
			}
	}
	END { exit bad || !NR }'
}

done_testing() { echo "1..$tests"; }
