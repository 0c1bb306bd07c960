#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "metric/tallyjoin.h"
#include "metric/write/prommerge.h"
#include "run/generation.h"
#include "run/statefile.h"
#include "tool/err.h"

/* One that is read: its limits are those of whoever wrote it. */
struct one {
	const struct tally *into;
	const char *path;
	char *stream;
	struct tally tally;
};

/* What the file's options say, as a tally is to be set up by them. */
static void
set_up(void *ctx, const struct json_span *options)
{
	struct one *one = ctx;
	struct tally_setup setup = one->into->setup;
	struct json_span key, value;
	const char *at = NULL;
	size_t room, window = 0;

	while (json_next(options, &at, &key, &value)) {
		char *text;

		room = value.len + 1;
		text = err_malloc(room);
		json_text(&value, text, room);
		if (json_equals(&key, "window", 6))
			window = strtoul(text, NULL, 10);
		if (json_equals(&key, "stream", 6))
			one->stream = err_strdup(text);
		free(text);
	}
	if (window != setup.window)
		err_die("%s: made with '--window %zu', not '%zu'", one->path,
		    window, setup.window);
	if (one->stream == NULL)
		err_die("%s: not a state of this tool", one->path);
	setup.stream = one->stream;
	setup.groups = 1000000;
	setup.images.limit = 100000000;
	setup.images.known = 0;
	tally_init(&one->tally, &setup);
}

static void
walk(void *ctx, struct store *s)
{
	struct one *one = ctx;

	tally_state(&one->tally, s);
}

/* The file of the state in a directory; the name itself if it is none. */
static char *
find_file(const char *name, const struct tool *tool)
{
	struct stat st;
	long long generation;
	char *file, *path;

	if (stat(name, &st) < 0)
		err_die("%s: %m", name);
	if (!S_ISDIR(st.st_mode))
		return err_strdup(name);
	if (asprintf(&file, "%s.json", tool->instance) < 0)
		err_memory();
	generation = generation_current(name);
	path = generation >= 0 ? generation_path(name, generation, file)
			       : err_join(name, file);
	free(file);
	return path;
}

static void
add_file(struct tally *t, const struct tool *tool, const char *name)
{
	struct one one = {.into = t, .path = find_file(name, tool)};
	const struct state_setup of = {.tool = tool, .walk = walk, .ctx = &one};

	statefile_read(&of, one.path, set_up);
	tallyjoin(t, &one.tally);
	if (t->failed)
		err_memory();
	tally_free(&one.tally);
	free(one.stream);
	free((char *)one.path);
}

void
prommerge(struct tally *t, const struct tool *tool, char **names, int n)
{
	if (n == 0)
		err_die("'--merge': no states to add up");
	for (int i = 0; i < n; i++)
		add_file(t, tool, names[i]);
}
