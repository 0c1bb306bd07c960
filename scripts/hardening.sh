#!/bin/sh
# Print the compiler flags that make a memory error harder to exploit, those
# that the compiler has: some are for one processor, some for new compilers.
#
#	CC=gcc scripts/hardening.sh
set -eu

has() {
	echo 'int main(void) { return 0; }' |
	    ${CC:-gcc} -Werror "$1" -x c -S -o /dev/null - 2>/dev/null
}

# The distribution's value may be another, of which a compiler would warn.
flags='-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE'
for flag in -fstack-protector-strong -fstack-clash-protection \
    -fcf-protection -mbranch-protection=standard; do
	! has "$flag" || flags="$flags $flag"
done
echo "$flags"
