/*
 * Which of the files beside a log come after the one that was read, on real
 * files: shell commands make what was there before, and what happened since.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/rotation.h"
#include "tap.h"

static char dir[] = "/tmp/rotation_test.XXXXXX";

static void
run(const char *command)
{
	if (system(command) != 0)
		printf("# failed: %s\n", command);
}

struct scene {
	const char *what;
	const char *before; /* makes what is known */
	const char *since;
	const char *after; /* the file that was read, or NULL: it is gone */
	const char *like;
	const char *want; /* what comes after it */
	int rising;       /* before, and what it is then */
	int risen;
	long missing;
};

static const struct scene scenes[] = {
    {"numbers fall", "echo a >l.1", "mv l.1 l.3; echo b >l.2; echo c >l.1",
	"l.3", NULL, "l.2 l.1", 0, 0, 0},
    {"from nine to ten", ":", "for i in 8 9 10 11; do echo $i >l.$i; done",
	"l.10", NULL, "l.9 l.8", 0, 0, 0},
    {"one in between is gone", "echo a >l.1", "mv l.1 l.4; echo b >l.2", "l.4",
	NULL, "l.2", 0, 0, 1},
    {"what is older", "echo a >l.1", "mv l.1 l.2; echo b >l.1", "l.1", NULL, "",
	0, 0, 0},
    {"older, and compressed since", "echo a >l.1; echo b >l.2",
	"mv l.2 l.3; mv l.1 l.2; gzip l.3; echo c >l.1", "l.2", NULL, "l.1", 0,
	0, 0},
    {"older, copied over what was there", "echo a >l.1; echo b >l.2",
	"cp l.2 l.3; cp l.1 l.2; echo c >l.1", "l.1", NULL, "", 0, 0, 0},
    {"numbers that keep to their files", "echo a >l.1; echo b >l.2",
	"echo c >l.3; echo d >l.4", "l.3", NULL, "l.4", 0, 1, 0},
    {"of which the last is packed", "echo a >l.1; echo b >l.2",
	"echo c >l.3; echo d >l.4; gzip l.4", "l.3", NULL, "l.4.gz", 0, 1, 0},
    {"numbers that kept to them before", "echo a >l.1", "rm l.1; echo b >l.2",
	"l.2", NULL, "", 1, 1, 0},
    {"numbers that begin to fall", "echo a >l.1; echo b >l.2",
	"mv l.2 l.3; mv l.1 l.2; echo c >l.1", "l.2", NULL, "l.1", 1, 0, 0},
    {"dates", "echo a >l-20261126",
	"echo b >l-20261127; echo c >l-20261128; echo d >l-20261129",
	"l-20261127", NULL, "l-20261128 l-20261129", 0, 0, 0},
    {"dates, compressed since", "echo a >l-20261126",
	"gzip l-20261126; echo b >l-20261127; echo c >l-20261128; "
	"gzip l-20261128",
	"l-20261127", NULL, "l-20261128.gz", 0, 0, 0},
    {"another log's", ":", "echo a >l.1; echo b >l-2; echo c >l.bak", "l.1",
	NULL, "", 0, 0, 0},
    {"the one that was read is gone", ":",
	"echo a >l.1; echo b >l-2; echo c >l.bak", NULL, NULL, "l.1", 0, 0, 0},
    {"gone, where others have its name", ":", "echo a >l-1; echo b >l-2", NULL,
	"l-3", "l-1 l-2", 0, 0, 0},
};

static void
join(char *to, const struct siblings *s)
{
	*to = '\0';
	for (size_t i = 0; i < s->n; i++) {
		strcat(to, i > 0 ? " " : "");
		strcat(to, s->item[i].name);
	}
}

static const struct sibling *
named(const struct siblings *s, const char *name)
{
	for (size_t i = 0; name != NULL && i < s->n; i++)
		if (strcmp(s->item[i].name, name) == 0)
			return &s->item[i];
	return NULL;
}

/* As lib/run/look.c: what is being read is not among what may come. */
static void
check_scene(const struct scene *c)
{
	struct siblings known, now, rest = {0};
	struct sibling after = {0};
	char got[200];
	int rising = c->rising;
	long missing;

	run("rm -f l*; : >l");
	run(c->before);
	siblings_list(&known, "l");
	run(c->since);
	siblings_list(&now, "l");
	if (c->after != NULL) {
		after = *named(&now, c->after);
		siblings_move(
		    &now, (size_t)(named(&now, c->after) - now.item), &rest);
	}
	missing = rotation_choose("l", c->after != NULL ? &after : NULL,
	    c->like, &known, &rising, &now, &rest);
	join(got, &now);
	ok(strcmp(got, c->want) == 0, "%s: '%s'", c->what, got);
	ok(missing == c->missing, "%s: %ld missing", c->what, missing);
	ok(rising == c->risen, "%s: rising: %d", c->what, rising);
	siblings_free(&known);
	siblings_free(&now);
	siblings_free(&rest);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	for (size_t i = 0; i < sizeof(scenes) / sizeof(*scenes); i++)
		check_scene(&scenes[i]);
	run("rm -rf \"$PWD\"");
	return done_testing();
}
