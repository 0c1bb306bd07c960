#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metric/promput.h"

/* A series with prom_values, to be sorted. */
struct entry {
	const struct prom_series *series;
	const char *values;
	size_t size;
};

/* By metric, then by the label values in the table's order. */
static int
by_metric(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c;

	if (x->series->metric != y->series->metric)
		return x->series->metric < y->series->metric ? -1 : 1;
	c = memcmp(x->values, y->values, x->size < y->size ? x->size : y->size);
	return c != 0 ? c : (x->size > y->size) - (x->size < y->size);
}

/* The one before it is told by what was written last. */
static void
put_label(struct buf *b, const char *name, const char *value)
{
	if (b->len > 0 && b->p[b->len - 1] != '{')
		buf_str(b, ",");
	buf_str(b, name);
	buf_str(b, "=\"");
	for (size_t run; *value != '\0'; value += run) {
		run = strcspn(value, "\\\"\n");
		buf_put(b, value, run);
		value += run;
		run = *value != '\0';
		if (run)
			buf_str(b, *value == '\n'  ? "\\n"
				   : *value == '"' ? "\\\""
						   : "\\\\");
	}
	buf_str(b, "\"");
}

/* One line. A format of the C library would write -nan, which is fatal. */
static void
put_sample(struct buf *b, const struct prom *p, const struct entry *e,
    const char *suffix, const char *le, double x)
{
	const struct promtab *d = &promtab[e->series->metric];
	const char *value = e->values, *name = p->fixed.p;
	const char *end = name != NULL ? name + p->fixed.len : NULL;

	buf_str(b, d->name);
	buf_str(b, suffix);
	buf_str(b, "{");
	for (int i = 0; i < PROMTAB_LABELS && d->label[i]; i++) {
		if (*value != '\0')
			put_label(b, d->label[i], value);
		value += strlen(value) + 1;
	}
	put_label(b, "stream", value);
	while (name < end) {
		value = name + strlen(name) + 1;
		put_label(b, name, value);
		name = value + strlen(value) + 1;
	}
	if (le != NULL)
		put_label(b, "le", le);
	buf_str(b, "} ");
	if (isfinite(x))
		buf_real(b, x);
	else
		buf_str(b, isnan(x) ? "NaN" : x > 0 ? "+Inf" : "-Inf");
	buf_str(b, "\n");
}

static void
put_histogram(struct buf *b, const struct prom *p, const struct entry *e)
{
	const struct prom_series *s = e->series;
	struct buf le = {0};
	double count = 0;

	for (int i = 0; i < PROMTAB_BOUNDS; i++) {
		count += (double)s->bucket[i];
		le.len = 0;
		buf_real(&le, promtab_bounds[i]);
		buf_put(&le, "", 1);
		put_sample(b, p, e, "_bucket", le.failed ? "" : le.p, count);
	}
	count += (double)s->bucket[PROMTAB_BOUNDS];
	put_sample(b, p, e, "_bucket", "+Inf", count);
	put_sample(b, p, e, "_sum", NULL, s->value);
	put_sample(b, p, e, "_count", NULL, count);
	b->failed |= le.failed;
	buf_free(&le);
}

static void
put_head(struct buf *b, const struct promtab *d)
{
	buf_str(b, "# HELP ");
	buf_str(b, d->name);
	buf_str(b, " ");
	buf_str(b, d->help);
	buf_str(b, "\n# TYPE ");
	buf_str(b, d->name);
	buf_str(b, " ");
	buf_str(b, promtab_type_name(d->type));
	buf_str(b, "\n");
}

void
promput(struct prom *p, struct buf *out)
{
	struct entry *e = calloc(p->n + 1, sizeof(*e));

	if (e == NULL) {
		p->failed = 1;
		return;
	}
	for (size_t i = 0; i < p->n; i++) {
		e[i].series = p->series[i];
		e[i].values = prom_values(p, i, &e[i].size);
	}
	qsort(e, p->n, sizeof(*e), by_metric);
	for (size_t i = 0; i < p->n; i++) {
		const struct prom_series *s = e[i].series;

		if (i == 0 || e[i - 1].series->metric != s->metric)
			put_head(out, &promtab[s->metric]);
		if (s->bucket != NULL)
			put_histogram(out, p, &e[i]);
		else
			put_sample(out, p, &e[i], "", NULL, s->value);
	}
	free(e);
	p->failed |= out->failed;
}
