/*
 * Records become metrics: whatever they say, the text is such that promcheck
 * has nothing to find, and a state brings back what has been counted. An input
 * that begins with 's' is the text of a state: refused, or written as it was
 * read.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/jsonshape.h"
#include "metric/check/promcheck.h"
#include "metric/promput.h"
#include "metric/tallyadd.h"
#include "metric/tallyput.h"
#include "target.h"

static const struct tally_setup setup = {
    .window = 5,
    .stream = "s",
    .group = "g",
    .groups = 3,
    .images = {.limit = 90, .top = 2, .model = "m"},
};

static double
now(void)
{
	return 1e9;
}

/* One line in memory of its own, with what jsonshape_scan may look at. */
static void
add(struct tally *t, struct jsonshape *shape, const char *line, size_t len)
{
	char *copy = calloc(len + JSONSHAPE_SLACK, 1);
	struct json_line scanned;

	memcpy(copy, line, len);
	if (jsonshape_scan(shape, copy, len, &t->paths, t->found, &scanned) ==
	    0)
		tallyadd(t, copy, len, &scanned, now);
	free(copy);
}

static void
add_lines(struct tally *t, const char *p, size_t size)
{
	struct jsonshape *shape = calloc(1, sizeof(*shape));

	while (size > 0) {
		const char *stop = memchr(p, '\n', size);
		size_t len = stop != NULL ? (size_t)(stop - p) : size;

		add(t, shape, p, len);
		len += stop != NULL;
		p += len;
		size -= len;
	}
	free(shape);
}

static void
write_state(struct tally *t, struct buf *out)
{
	struct store s;

	store_write(&s, out);
	store_open(&s, NULL, '{');
	tally_state(t, &s);
	store_close(&s, '}');
	buf_put(out, "", 1);
	demand(!out->failed);
}

/* Which models there were is not kept; older versions did. */
static int
names_models(const char *text)
{
	char metric[32];

	snprintf(metric, sizeof(metric), "\"metric\":%d,", IMGCLS_MODEL_INFO);
	return strstr(text, metric) != NULL;
}

/* What is read, unless it is refused, is written as it was. */
static int
read_state(struct tally *t, const char *text, size_t len)
{
	struct buf again = {0};
	struct store s;
	int good;

	tally_init(t, &setup);
	store_read(&s, text, len);
	store_open(&s, NULL, '{');
	tally_state(t, &s);
	store_close(&s, '}');
	good = store_end(&s) == NULL;
	if (good) {
		write_state(t, &again);
		demand(
		    names_models(text) ||
		    (again.len == len + 1 && memcmp(again.p, text, len) == 0));
	}
	buf_free(&again);
	return good;
}

static void
render(const struct tally *t, struct buf *text)
{
	struct prom p;

	prom_init(&p, "s", 100);
	tallyput(t, 1e9, 1, &p);
	promput(&p, text, NULL, NULL);
	demand(!p.failed && p.lines <= 100);
	prom_free(&p);
}

static void
check(const struct buf *text)
{
	struct promcheck c;

	promcheck_init(&c);
	promcheck_file(&c, "a.prom", text->p, text->len);
	promcheck_end(&c);
	demand(c.say.found == 0);
	promcheck_free(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct buf first = {0}, second = {0}, state = {0};
	struct tally t;

	if (size > 0 && *text == 's') {
		buf_put(&state, text + 1, size - 1);
		buf_put(&state, "", 1);
	} else {
		tally_init(&t, &setup);
		add_lines(&t, text, size);
		render(&t, &first);
		check(&first);
		write_state(&t, &state);
		tally_free(&t);
	}
	if (read_state(&t, state.p, state.len - 1)) {
		render(&t, &second);
		check(&second);
		demand(first.len == 0 ||
		       (first.len == second.len &&
			   memcmp(first.p, second.p, first.len) == 0));
	} else {
		demand(first.len == 0);
	}
	tally_free(&t);
	buf_free(&first);
	buf_free(&second);
	buf_free(&state);
	return 0;
}
