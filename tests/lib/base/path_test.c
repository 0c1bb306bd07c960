/* Paths joined and taken apart; basename(3) agrees. */
#include <libgen.h>
#include <string.h>

#include "tap.h"
#include "base/path.h"

static void
check_join(const char *dir, const char *name, const char *want)
{
	struct buf b = {0};
	const char *p;

	buf_str(&b, "what was there before");
	p = path_join(&b, dir, name);
	ok(p != NULL && strcmp(p, want) == 0 && b.len == strlen(want),
	    "'%s' and '%s' is '%s'", dir, name, want);
	buf_free(&b);
}

static void
check_parts(const char *path, const char *base, size_t dir)
{
	char copy[64];

	ok(strcmp(path_base(path), base) == 0 && path_dir(path) == dir,
	    "'%s' is %zu bytes and '%s'", path, dir, base);
	/* Where a path ends in a slash, the C library goes back before it. */
	if (*base != '\0')
		ok(strcmp(basename(strcpy(copy, path)), base) == 0,
		    "as basename(3) says");
}

int
main(void)
{
	check_join("a", "b", "a/b");
	check_join("a/", "b", "a/b");
	check_join("/", "b", "/b");
	check_join("", "b", "b");
	check_join("a//", "b", "a//b");
	check_join("a", "", "a/");
	check_parts("a", "a", 0);
	check_parts("/a", "a", 1);
	check_parts("a/b", "b", 2);
	check_parts("a/b/c.d", "c.d", 4);
	check_parts("a//b", "b", 3);
	check_parts("a/", "", 2);
	check_parts("", "", 0);
	return done_testing();
}
