#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "prom.h"

static const char *const types[] = {"gauge", "counter", "histogram"};

/* By metric, then by the label values in the table's order. */
static int
compare(const void *a, const void *b)
{
	const struct prom_series *x = *(struct prom_series *const *)a;
	const struct prom_series *y = *(struct prom_series *const *)b;
	int c;

	if (x->metric != y->metric)
		return x->metric < y->metric ? -1 : 1;
	c = memcmp(x->key, y->key, x->size < y->size ? x->size : y->size);
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
put_sample(struct buf *b, const struct prom *p, const struct prom_series *s,
    const char *suffix, const char *le, double x)
{
	const struct prom_desc *d = &prom_table[s->metric];
	const char *value = s->key, *name = p->fixed.p;
	const char *end = name + p->fixed.len;

	buf_str(b, d->name);
	buf_str(b, suffix);
	buf_str(b, "{");
	for (int i = 0; i < PROM_LABELS && d->label[i]; i++) {
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
put_histogram(struct buf *b, const struct prom *p, const struct prom_series *s)
{
	struct buf le = {0};
	double count = 0;

	for (int i = 0; i < PROM_BOUNDS; i++) {
		count += (double)s->bucket[i];
		le.len = 0;
		buf_real(&le, prom_bounds[i]);
		buf_put(&le, "", 1);
		put_sample(b, p, s, "_bucket", le.failed ? "" : le.p, count);
	}
	count += (double)s->bucket[PROM_BOUNDS];
	put_sample(b, p, s, "_bucket", "+Inf", count);
	put_sample(b, p, s, "_sum", NULL, s->value);
	put_sample(b, p, s, "_count", NULL, count);
	b->failed |= le.failed;
	buf_free(&le);
}

static void
put_head(struct buf *b, const struct prom_desc *d)
{
	buf_str(b, "# HELP ");
	buf_str(b, d->name);
	buf_str(b, " ");
	buf_str(b, d->help);
	buf_str(b, "\n# TYPE ");
	buf_str(b, d->name);
	buf_str(b, " ");
	buf_str(b, types[d->type]);
	buf_str(b, "\n");
}

void
prom_render(struct prom *p, struct buf *out)
{
	struct prom_series **sorted = calloc(p->n + 1, sizeof(*sorted));

	if (sorted == NULL) {
		p->failed = 1;
		return;
	}
	for (size_t i = 0; i < p->n; i++)
		sorted[i] = p->series[i];
	qsort(sorted, p->n, sizeof(*sorted), compare);
	for (size_t i = 0; i < p->n; i++) {
		const struct prom_series *s = sorted[i];

		if (i == 0 || sorted[i - 1]->metric != s->metric)
			put_head(out, &prom_table[s->metric]);
		if (s->bucket != NULL)
			put_histogram(out, p, s);
		else
			put_sample(out, p, s, "", NULL, s->value);
	}
	free(sorted);
	p->failed |= out->failed;
}

void
prom_metrics(struct buf *out)
{
	for (int m = 0; m < PROM_METRICS; m++) {
		const struct prom_desc *d = &prom_table[m];

		buf_str(out, d->name);
		buf_str(out, "\t");
		buf_str(out, types[d->type]);
		buf_str(out, "\tstream");
		for (int i = 0; i < PROM_LABELS && d->label[i]; i++) {
			buf_str(out, ",");
			buf_str(out, d->label[i]);
		}
		buf_str(out, "\t");
		buf_str(out, d->help);
		buf_str(out, "\n");
	}
}
