#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "metric/tallyjoin.h"
#include "metric/write/prommerge.h"
#include "run/generation.h"
#include "run/statefile.h"
#include "run/statetext.h"
#include "tool/err.h"
#include "tool/out.h"

/* Room for all that a state has: limits are those of whoever wrote it. */
enum { STREAMS = 1000000, SERIES = 100000000 };
static const struct tool promtext = {.name = "promtext"};

/* One that is read. */
struct one {
	char *path;
	const struct one *first;     /* whose window it has to have, or NULL */
	size_t window;               /* the same, if that is known; or 0 */
	char *stream, *group, *text; /* its options; text: the window */
	struct tally tally;
	double last; /* time of its last image; 0: it has none */
	unsigned long long records;
	char *digest;
};

static void
init(struct tally *t, size_t window, const char *stream)
{
	const struct tally_setup setup = {.window = window,
	    .stream = stream,
	    .groups = STREAMS,
	    .images = {.limit = SERIES, .top = SIZE_MAX}};

	tally_init(t, &setup);
}

static void
take(char **to, const struct json_span *options, const char *name)
{
	free(*to);
	*to = statetext_option(options, name);
}

/* What the file's options say, as a tally is to be set up by them. */
static void
set_up(void *ctx, const struct json_span *options)
{
	struct one *one = ctx;
	size_t window;

	take(&one->text, options, "window");
	take(&one->stream, options, "stream");
	take(&one->group, options, "group");
	window = strtoul(one->text, NULL, 10);
	if (one->stream[0] == '\0' || one->text[0] == '\0')
		err_die("%s: not a state of this tool", one->path);
	if (one->window == 0)
		one->window = window;
	if (window != one->window && one->first != NULL)
		err_die("%s: made with '--window %zu', and %s with '%zu'",
		    one->path, window, one->first->path, one->window);
	if (window != one->window)
		err_die("%s: made with '--window %zu', not '%zu'", one->path,
		    window, one->window);
	init(&one->tally, window, one->stream);
}

static void
walk(void *ctx, struct store *s)
{
	tally_state(ctx, s);
}

static void
walk_one(void *ctx, struct store *s)
{
	struct one *one = ctx;

	tally_state(&one->tally, s);
}

char *
prommerge_file(const char *name, const char *instance)
{
	struct stat st;
	long long generation;
	char *file, *path;

	if (stat(name, &st) < 0)
		err_die("%s: %m", name);
	if (!S_ISDIR(st.st_mode))
		return err_strdup(name);
	if (asprintf(&file, "%s.json", instance) < 0)
		err_memory();
	generation = generation_current(name);
	path = generation >= 0 ? generation_path(name, generation, file)
			       : err_join(name, file);
	free(file);
	return path;
}

static void
read_one(struct one *one)
{
	const struct state_setup of = {
	    .tool = &promtext, .walk = walk_one, .ctx = one};

	statefile_read(&of, one->path, set_up);
	if (one->tally.failed)
		err_memory();
}

/* What tells when it ends, and whether it is another's. */
static void
look(struct one *one)
{
	const struct tally *t = &one->tally;

	read_one(one);
	for (size_t i = 0; i < t->group.n; i++)
		one->last = fmax(one->last, t->group.stream[i].image.gaps.last);
	for (int i = 0; i < TALLY_TYPES; i++)
		one->records += t->records[i];
	one->digest = statefile_digest(one->path);
	tally_free(&one->tally);
}

static int
by_time(const void *a, const void *b)
{
	const struct one *x = a, *y = b;

	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	return strcmp(x->digest, y->digest);
}

/* All in the order of their last images; window 0: that of the first named. */
static struct one *
sorted(const char *instance, char *const *names, int n, size_t window)
{
	struct one *one = err_calloc((size_t)n + 1, sizeof(*one));

	for (int i = 0; i < n; i++) {
		one[i].path = prommerge_file(names[i], instance);
		one[i].window = i > 0 ? one[0].window : window;
		one[i].first = i > 0 && window == 0 ? &one[0] : NULL;
		look(&one[i]);
	}
	qsort(one, (size_t)n, sizeof(*one), by_time);
	for (int i = 1; i < n; i++)
		if (one[i].records > 0 && by_time(&one[i - 1], &one[i]) == 0)
			err_die("%s: the same state as %s: it would count "
				"twice",
			    one[i].path, one[i - 1].path);
	return one;
}

/* Adds all to a tally, and frees them. */
static void
add_all(struct tally *t, struct one *one, int n)
{
	for (int i = 0; i < n; i++) {
		one[i].first = NULL;
		read_one(&one[i]);
		tallyjoin(t, &one[i].tally);
		if (t->failed)
			err_memory();
		tally_free(&one[i].tally);
	}
	for (int i = 0; i < n; i++) {
		free(one[i].stream);
		free(one[i].group);
		free(one[i].text);
		free(one[i].digest);
		free(one[i].path);
	}
	free(one);
}

void
prommerge(struct tally *t, const char *instance, char *const *names, int n)
{
	if (n == 0)
		err_die("'--merge': no states to add up");
	add_all(t, sorted(instance, names, n, t->setup.window), n);
}

void
prommerge_states(char *const *names, int n, const char *output)
{
	struct one *one = sorted("promtext", names, n, 0);
	char *stream = err_strdup(one->stream), *group = err_strdup(one->group);
	char *window = err_strdup(one->text);
	const struct state_origin with[] = {{"stream", stream},
	    {"group", group}, {"window", window}, {"partition", ""}, {0}};
	struct tally t;
	const struct state_setup of = {
	    .tool = &promtext, .made_with = with, .walk = walk, .ctx = &t};
	struct buf b = {0};

	init(&t, one->window, stream);
	add_all(&t, one, n);
	if (output != NULL) {
		statefile_save(&of, output);
	} else {
		statefile_put(&of, &b);
		out_write(b.p, b.len);
	}
	buf_free(&b);
	tally_free(&t);
	free(stream);
	free(group);
	free(window);
}
