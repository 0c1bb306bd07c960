#!/bin/sh
# What makes a memory error harder to exploit is in every program, as readelf
# and objdump see it.
. "$(dirname "$0")/lib.sh"
bin=${BUILD:-$top/build}/bin

# lacking FILE: what a program does not have.
lacking() {
	readelf -hldW --dyn-syms "$1" >"$tmp/elf"
	while read -r what pattern; do
		grep -qE -e "$pattern" "$tmp/elf" || echo "$what"
	done <<-'HAVE'
	position-independent	Type: +DYN \(Position-Independent Executable
	read-only-relocations	GNU_RELRO
	bound-at-start	FLAGS_1.*NOW
	stack-not-executable	GNU_STACK.* RW +0x
	stack-protector	UND __stack_chk_fail
	fortify	UND __(f|sn|vsn)printf_chk
	HAVE
	case $none in
	-fcf*) objdump -d --disassemble=main "$1" | grep -q endbr64 ;;
	-mbranch*) objdump -d --disassemble=main "$1" |
	    grep -qE 'paciasp|bti' ;;
	esac || echo control-flow-protection
}

cat >"$tmp/cc" <<CC
#!/bin/sh
exec ${CC:-gcc} "\$@"
CC
chmod +x "$tmp/cc"
printf '%s\n' '#include <stdio.h>' 'int main(int argc, char **argv)' \
    '{ char s[9]; snprintf(s, argc, "%s", *argv); return puts(s); }' \
    >"$tmp/a.c"
case $("$tmp/cc" -dumpmachine) in
x86_64*) none=-fcf-protection=none ;;
aarch64*) none=-mbranch-protection=none ;;
*) none=-O2 ;;
esac
"$tmp/cc" -O2 -U_FORTIFY_SOURCE -fno-stack-protector $none -no-pie \
    -Wl,-z,norelro,-z,lazy,-z,execstack -o "$tmp/soft" "$tmp/a.c" 2>"$tmp/err"
lacking "$tmp/soft" >"$tmp/soft.lacks"
is 'what is missing is seen' "$(grep -vc control-flow "$tmp/soft.lacks")" 6
[ "$none" = -O2 ] || ok 'and so is' grep -q control-flow "$tmp/soft.lacks"

for program in "$bin"/*; do
	[ "$(head -c 2 "$program")" != '#!' ] || continue
	is "$(basename "$program")" "$(lacking "$program")" ''
done

# --- the flags
flags=$top/scripts/hardening.sh
run "CC=${CC:-gcc} '$flags'"
out_has '-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE -fstack-protector-strong'
cat >"$tmp/old" <<'CC'
#!/bin/sh
case $* in *-fstack-clash*) exit 1 ;; esac
exec gcc "$@"
CC
chmod +x "$tmp/old"
run "CC='$tmp/old' '$flags'"
out_has '-fstack-protector-strong' 'an older compiler is asked for what it has'
is 'and for nothing else' "$(grep -c stack-clash "$tmp/out")" 0

# command VARIABLE=VALUE...: how make would compile a file. The outer make's
# own choices are not asked for.
command_of() {
	(cd "$top" && env -u MAKEFLAGS -u CC -u WERROR -u SAN "$@" \
	    make -n V=1 BUILD="$tmp/none" "$tmp/none/lib/base/buf.o" |
	    grep -e ' -c ')
}
is 'flags of the environment are obeyed' "$(command_of CFLAGS=-O1 \
    CPPFLAGS=-DONE | grep -oE -e '-O1|-O2|-DONE' | tr '\n' ' ')" '-DONE -O1 '
is 'a warning is no error' "$(command_of WERROR= | grep -c -e -Werror)" 0
is 'unless developers ask' "$(command_of WERROR=1 | grep -c -e -Werror)" 1
done_testing
