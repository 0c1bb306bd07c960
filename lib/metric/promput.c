#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metric/promput.h"

enum { FULL = 1 << 16 };

/* A series to be sorted, by the places of what it is and of its stream. */
struct entry {
	uint32_t what, stream, series;
};

/* By metric, and then by the places of its label values in the table's order. */
struct what {
	uint32_t key[PROMTAB_LABELS + 1];
	uint32_t number;
};

struct text {
	const char *text;
	uint32_t number;
};

static int
by_text(const void *a, const void *b)
{
	return strcmp(
	    ((const struct text *)a)->text, ((const struct text *)b)->text);
}

static int
by_what(const void *a, const void *b)
{
	const struct what *x = a, *y = b;

	for (int i = 0; i <= PROMTAB_LABELS; i++)
		if (x->key[i] != y->key[i])
			return x->key[i] < y->key[i] ? -1 : 1;
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
	return (x->stream > y->stream) - (x->stream < y->stream);
}

/* The place of each text, by its number; NULL without memory. */
static uint32_t *
places_of_texts(const struct promseries *s)
{
	size_t n = s->text.n;
	uint32_t *place = calloc(n + 1, sizeof(*place));
	struct text *text = calloc(n + 1, sizeof(*text));

	if (place == NULL || text == NULL) {
		free(place);
		free(text);
		return NULL;
	}
	for (uint32_t i = 0; i < n; i++)
		text[i] = (struct text){promseries_text(s, i + 1), i + 1};
	qsort(text, n, sizeof(*text), by_text);
	for (uint32_t i = 0; i < n; i++)
		place[text[i].number] = i + 1;
	free(text);
	return place;
}

/* The same of what series are, by the texts' places. */
static uint32_t *
places_of_whats(const struct promseries *s, const uint32_t *text)
{
	size_t n = s->what.n;
	uint32_t *place = calloc(n + 1, sizeof(*place));
	struct what *what = calloc(n + 1, sizeof(*what));

	if (place == NULL || what == NULL) {
		free(place);
		free(what);
		return NULL;
	}
	for (uint32_t i = 0; i < n; i++) {
		const struct promseries_what is = promseries_what(s, i);

		what[i].number = i;
		what[i].key[0] = is.metric;
		for (int k = 0; k < PROMTAB_LABELS; k++)
			what[i].key[1 + k] = text[is.label[k]];
	}
	qsort(what, n, sizeof(*what), by_what);
	for (uint32_t i = 0; i < n; i++)
		place[what[i].number] = i;
	free(what);
	return place;
}

/* All series, sorted; NULL without memory. */
static struct entry *
sort(const struct promseries *s)
{
	struct entry *e = calloc(s->n + 1, sizeof(*e));
	uint32_t *text = places_of_texts(s), *what = NULL;

	if (text != NULL)
		what = places_of_whats(s, text);
	for (uint32_t i = 0; e != NULL && what != NULL && i < s->n; i++) {
		const struct promseries_one *x = promseries_at(s, i);

		e[i] = (struct entry){what[x->what], text[x->stream], i};
	}
	if (e != NULL && what != NULL) {
		qsort(e, s->n, sizeof(*e), by_place);
	} else {
		free(e);
		e = NULL;
	}
	free(text);
	free(what);
	return e;
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
put_sample(struct buf *b, const struct prom *p, const struct promseries_one *s,
    const char *suffix, const char *le, double x)
{
	const struct promseries_what what = promseries_is(&p->series, s);
	const struct promtab *d = &promtab[what.metric];
	const char *name = p->fixed.p, *value;
	const char *end = name != NULL ? name + p->fixed.len : NULL;

	buf_str(b, d->name);
	buf_str(b, suffix);
	buf_str(b, "{");
	for (int i = 0; i < PROMTAB_LABELS; i++)
		if (what.label[i] > 0)
			put_label(b, d->label[i],
			    promseries_text(&p->series, what.label[i]));
	put_label(b, "stream", promseries_text(&p->series, s->stream));
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
put_histogram(
    struct buf *b, const struct prom *p, const struct promseries_one *s)
{
	const struct promseries_histogram *h = s->histogram;
	struct buf le = {0};
	double count = 0;

	for (int i = 0; i < PROMTAB_BOUNDS; i++) {
		count += (double)h->bucket[i];
		le.len = 0;
		buf_real(&le, promtab_bounds[i]);
		buf_put(&le, "", 1);
		put_sample(b, p, s, "_bucket", le.failed ? "" : le.p, count);
	}
	count += (double)h->bucket[PROMTAB_BOUNDS];
	put_sample(b, p, s, "_bucket", "+Inf", count);
	put_sample(b, p, s, "_sum", NULL, h->sum);
	put_sample(b, p, s, "_count", NULL, count);
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
promput(struct prom *p, struct buf *out, promput_full *full, void *ctx)
{
	struct entry *e = sort(&p->series);
	uint32_t last = PROMTAB_METRICS;

	p->failed |= e == NULL;
	for (size_t i = 0; e != NULL && i < p->series.n; i++) {
		const struct promseries_one *s = promseries_at(
		    &p->series, e[i].series);

		const uint32_t metric = promseries_is(&p->series, s).metric;

		if (metric != last)
			put_head(out, &promtab[metric]);
		last = metric;
		if (promseries_histogram(&p->series, s) != NULL)
			put_histogram(out, p, s);
		else
			put_sample(out, p, s, "", NULL, s->value);
		if (full != NULL && out->len > FULL)
			full(ctx, out);
	}
	free(e);
	p->failed |= out->failed;
}
