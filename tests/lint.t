#!/bin/sh
# scripts/rooms.sh holds lib/ to its floor plan.
. tests/lib.sh

rooms="ROOMS_TREE=$tmp/tree '$top/scripts/rooms.sh' build"
cd "$tmp" || exit 1

# module ROOM/NAME TEXT: compile a module of this text.
module() {
	mkdir -p "tree/lib/${1%/*}" "tree/build/lib/${1%/*}"
	printf '%b' "$2" >"tree/lib/$1.c"
	gcc -c -iquote tree/lib -o "tree/build/lib/$1.o" "tree/lib/$1.c"
}

clean() {
	rm -rf tree
	mkdir -p tree/lib/tool
	echo 'void err_say(void);' >tree/lib/tool/err.h
	module tool/err '#include "tool/err.h"\nvoid err_say(void) {}\n'
	module base/buf 'int buf_size(int n) { return n; }\n'
	module run/state '#include "tool/err.h"
void state_say(void) { err_say(); }\n'
}

clean
run "$rooms"
rc_is 0 'what keeps to the plan is clean'
is 'and says nothing' "$(cat "$tmp/out")" ''

module base/buf '#include "tool/err.h"\nint buf_size(int n) { return n; }\n'
run "$rooms"
rc_is 1 'an include upwards'
out_has 'lib/base/buf.c includes tool/err.h: base may not use tool'

clean
module base/buf 'void err_say(void);\nvoid buf_say(void) { err_say(); }\n'
run "$rooms"
rc_is 1 'a call upwards'
out_has 'lib/base/buf.o calls err_say: base may not use tool'

clean
module base/buf '#include <stdio.h>\nvoid buf_say(void) { puts("x"); }\n'
run "$rooms"
rc_is 1 'a message from a pure room'
out_has 'lib/base/buf.c is pure and calls puts'

clean
module stats/rng 'int rng_last;\nint rng_next(void) { return ++rng_last; }\n'
run "$rooms"
rc_is 1 'a static of a pure room that changes'
out_has 'lib/stats/rng.c is pure and has mutable statics'

clean
module tool/err 'int opt_two(void);\nint err_one(void) { return opt_two(); }\n'
module tool/opt 'int err_one(void);\nint opt_two(void) { return err_one(); }\n'
run "$rooms"
rc_is 1 'two modules that call each other'
out_has 'a circle of modules'

clean
module tool/err 'void err_say(void) {}\nint error_count(void) { return 0; }\n'
run "$rooms"
rc_is 1 'a function without the name of its module'
is 'and no other' "$(cat "$tmp/out")" \
    'lint: lib/tool/err.c shares error_count, without its name'

clean
module attic/old 'int old(void) { return 1; }\n'
run "$rooms"
rc_is 1 'a room that is not on the plan'
out_has 'no room has lib/attic/old.c'

done_testing
