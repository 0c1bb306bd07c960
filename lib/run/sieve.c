#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/sieve.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/skip.h"
#include "tool/text.h"

/* A line that is no record; number is its own in the file. */
static void
skip_line(struct sieve *s, const char *file, unsigned long long number,
    const struct json_line *l)
{
	void (*say)(const char *, ...) = s->skipped == 0 ? err_warn : err_info;
	struct buf record = {0};
	char *where;

	if (asprintf(&where, "%s:%llu", file, number) < 0)
		err_memory();
	if (!s->drop && !skip_allowed())
		err_die(
		    "%s:%zu: not a JSON object: %s", where, l->at + 1, l->why);
	say("%s:%zu: not a JSON object, and skipped: %s", where, l->at + 1,
	    l->why);
	s->skipped++;
	if (!s->drop) {
		skip_put(&record, "json", where);
		out_line(&record);
	}
	buf_free(&record);
	free(where);
}

/* The line is a record, or the stage's to judge. */
static int
is_good(struct sieve *s, char *line, size_t n, struct json_line *l)
{
	struct json_span found;
	int good;

	if (s->names && line[strspn(line, " \t\r")] != '{')
		return 1;
	line[n] = '\0';
	good = jsonshape_scan(&s->shape, line, n, &s->none, &found, l) == 0;
	line[n] = '\n';
	return good;
}

void
sieve_lines(struct sieve *s, const char *file, unsigned long long number,
    char *p, size_t n)
{
	char *good, *end = p + n;
	struct json_line l;

	if (number == 1)
		p += text_mark(p, n);
	for (good = p; p < end; number++) {
		char *line = p;

		p = (char *)memchr(p, '\n', (size_t)(end - p)) + 1;
		if (is_good(s, line, (size_t)(p - 1 - line), &l))
			continue;
		out_write(good, (size_t)(line - good));
		skip_line(s, file, number, &l);
		good = p;
	}
	out_write(good, (size_t)(end - good));
}
