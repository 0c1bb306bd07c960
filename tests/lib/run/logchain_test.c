/*
 * A log's files over runs, each of which goes on from the state of the last:
 * shell commands do what happens in between.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/follow.h"
#include "tap.h"
#include "tool/err.h"

static char dir[] = "/tmp/logchain_test.XXXXXX";
static struct buf state;
static char got[1 << 12];

static void
run(const char *command)
{
	if (system(command) != 0)
		printf("# failed: %s\n", command);
}

static void
walk(struct follow *f, struct store *s)
{
	store_open(s, NULL, '{');
	follow_state(f, s);
	store_close(s, '}');
}

static void
open_at_state(struct follow *f)
{
	struct store s;

	*f = (struct follow){.chain.path = "l"};
	if (state.len > 0) {
		buf_put(&state, "", 1);
		store_read(&s, state.p, --state.len);
		walk(f, &s);
		if (store_end(&s) != NULL)
			printf("# the state is refused: %s\n", s.why);
	}
	follow_open(f);
}

static void
close_with_state(struct follow *f)
{
	struct store s;

	state.len = 0;
	store_write(&s, &state);
	walk(f, &s);
	follow_close(f);
}

/* The first letter of each line that comes; a loss is an L. */
static void
take(struct follow *f)
{
	char *p;
	size_t n, len = 0;

	while (follow_next(f, &p, &n))
		for (char *end = p + n, *line = p; line < end;) {
			got[len++] = *line == '{' ? 'L' : *line;
			line = (char *)memchr(
				   line, '\n', (size_t)(end - line)) +
			       1;
		}
	got[len] = '\0';
}

static void
check(const char *command, const char *want, const char *what)
{
	struct follow f;

	run(command);
	open_at_state(&f);
	take(&f);
	ok(strcmp(got, want) == 0, "%s: '%s'", what, got);
	close_with_state(&f);
}

static void
begin(const char *what)
{
	state.len = 0;
	check("rm -f l*; echo a >l; echo b >>l", "ab", what);
}

static void
read_state(const char *name)
{
	FILE *f = fopen(name, "r");
	char text[200];

	state.len = 0;
	if (f != NULL && fgets(text, sizeof(text), f) != NULL)
		buf_str(&state, text);
	if (f != NULL)
		fclose(f);
}

/* 0.1.0 knew nothing of the files beside the log; the mark is zlib's. */
static void
check_old_state(void)
{
	run("rm -f l*; echo x >l.2; echo a >l; echo b >>l");
	run("printf '{\"inode\":%d,\"offset\":4,\"mark\":%d}' "
	    "$(stat -c %i l) $(printf 'a\\nb\\n' | gzip -c | tail -c 8 | "
	    "od -A n -N 4 -t u4) >state");
	read_state("state");
	check("mv l l.1; echo c >>l.1; echo d >l", "cd",
	    "the state of 0.1.0, and a rotation");
	check(
	    "mv l.2 l.3; mv l.1 l.2; mv l l.1; echo e >l", "e", "and another");
}

static void
check_edited(const char *command, const char *what)
{
	struct follow f;

	begin(what);
	open_at_state(&f);
	take(&f);
	run("cp l new; mv new l; echo c >>l; mv l l.1; echo d >l");
	run(command);
	take(&f);
	ok(strcmp(got, "cd") == 0, "what was added: '%s'", got);
	close_with_state(&f);
	check("echo e >>l", "e", "and nothing twice");
}

static void
check_rewritten(void)
{
	begin("written anew");
	check("echo c >new; echo d >>new; mv new l", "Lcd", "another file");
	begin("written anew in place");
	check("echo c >l; echo d >>l; echo e >>l", "Lcde", "longer");
	check("mv l l.1; echo f >l", "f", "and renamed");
	begin("written anew, then renamed");
	check("echo c >l; mv l l.1; echo d >l", "Lcd", "both are read");
	begin("edited");
	check("cp l new; echo c >>new; mv new l", "c", "what was added");
	check_edited(":", "edited, and renamed, while it is open");
	check_edited("gzip l.1", "and compressed");
}

static void
check_compressed(void)
{
	struct follow f;

	begin("read, but not as a whole");
	run("mv l l.1; echo c >>l.1; echo d >l");
	open_at_state(&f);
	follow_close(&f);
	check("gzip l.1", "cd", "the rest, when it is compressed");
	begin("nothing of it was read");
	run("mv l l.1; echo c >l; mv l.1 l.2; mv l l.1; echo d >l");
	open_at_state(&f);
	close_with_state(&f);
	check("gzip l.1", "cd", "what was taken, and compressed before it was");
	check("gzip l.2; mv l.2.gz l.3.gz; mv l.1.gz l.2.gz; mv l l.1; "
	      "echo e >l; gzip l.1",
	    "e", "and nothing twice");
	begin("nothing of it was read, and a number is missing");
	check("mv l l.1; : >l", "", "an empty log");
	check("echo c >>l; mv l.1 l.3; mv l l.2; echo d >l; "
	      "(sleep .3; gzip l.2; mv l l.1; echo e >l) &",
	    "cde", "what was open, and compressed before it was read");
	check("echo f >>l", "f", "and nothing twice");
}

static void
check_many(void)
{
	begin("more rotations than files are kept open");
	run("for i in c d e f g h i j k m n o; do "
	    "for k in 11 10 9 8 7 6 5 4 3 2 1; do "
	    "[ ! -e l.$k ] || mv l.$k l.$((k + 1)); done; "
	    "echo $i >>l; mv l l.1; : >l; done");
	check(":", "cdefghijkmno", "each once");
	check("echo p >>l.12; echo q >l", "q",
	    "what is late into one that is not watched any more is not read");
	check("echo r >>l.1", "r", "into one that is, it is");
}

int
main(void)
{
	err_init("logchain_test");
	err_level(-1);
	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	check_old_state();
	check_rewritten();
	check_compressed();
	check_many();
	buf_free(&state);
	run("rm -rf \"$PWD\"");
	return done_testing();
}
