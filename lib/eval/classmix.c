#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "eval/classmix.h"
#include "json/intern.h"
#include "tool/err.h"
#include "tool/rec.h"

static int
same(const struct buf *json, const char *text, size_t len)
{
	const char *p = json->p;
	size_t n = json->len;

	if (n == len && memcmp(p, text, n) == 0)
		return 1;
	return n == len + 2 && p[0] == '"' && memcmp(p + 1, text, len) == 0;
}

long
classmix_code(const struct intern *classes, const char *text, size_t len,
    const char *where)
{
	struct buf json = {0};
	long found = -1;

	for (size_t i = 0; i < classes->n && found < 0; i++) {
		json.len = 0;
		intern_put(classes, i, &json);
		if (json.failed)
			err_memory();
		if (same(&json, text, len))
			found = (long)i;
	}
	buf_free(&json);
	if (found < 0)
		err_die("%s: no record has the class '%.*s'", where, (int)len,
		    text);
	return found;
}

/* CLASS=WEIGHT: the weight, and the code of the class. */
static double
weight_of(const struct intern *classes, const char *text, const char *where,
    long *code)
{
	const char *equals = strrchr(text, '=');
	char *end;
	double w;

	if (equals == NULL)
		err_die("%s: not CLASS=WEIGHT: '%s'", where, text);
	w = strtod(equals + 1, &end);
	if (end == equals + 1 || *end != '\0' || !isfinite(w) || w < 0)
		err_die("%s: not a weight from 0 on: '%s'", where, equals + 1);
	*code = classmix_code(classes, text, (size_t)(equals - text), where);
	return w;
}

void
classmix_raise(double *weight, const struct intern *classes, const char *text,
    const char *where)
{
	long code;
	double factor = weight_of(classes, text, where, &code);

	weight[code] *= factor;
}

void
classmix_load(double *weight, const struct intern *classes, const size_t *count,
    const char *file)
{
	char *name = err_strdup(file), *where;
	struct rec in;
	long code;

	for (size_t i = 0; i < classes->n; i++)
		weight[i] = 0;
	rec_open(&in, &name, 1, '\n');
	while (rec_next(&in)) {
		double w;

		if (asprintf(&where, "%s:%llu", file, in.number) < 0)
			err_memory();
		w = weight_of(classes, in.line, where, &code);
		if (count[code] == 0 && w > 0)
			err_die("%s: no record to draw has that class", where);
		weight[code] = w > 0 ? w / (double)count[code] : 0;
		free(where);
	}
	rec_close(&in);
	free(name);
}
