#include <stdlib.h>
#include <string.h>

#include "metric/prom.h"

enum { KEY = 1 + (PROMTAB_LABELS + 1) * (PROMLABEL_LONGEST + 1) };

void
prom_init(struct prom *p, const char *stream, size_t limit)
{
	*p = (struct prom){.limit = limit};
	promseries_init(&p->series);
	prom_stream(p, stream);
}

void
prom_only(struct prom *p, enum promtab_metric m)
{
	p->only = m == PROMTAB_METRICS ? 0 : (int)m + 1;
}

void
prom_stream(struct prom *p, const char *stream)
{
	promlabel_clean(stream, p->stream);
	p->in = 0;
}

const char *
prom_constant(struct prom *p, const char *name, const char *value)
{
	char text[PROMLABEL_LONGEST + 1];
	const char *why = promlabel_refuse(name);
	size_t n = promlabel_clean(value, text);

	for (size_t i = 0; i < p->fixed.len && why == NULL;) {
		const char *before = p->fixed.p + i;

		if (strcmp(before, name) == 0)
			why = "given twice";
		i += strlen(before) + 1;
		i += strlen(p->fixed.p + i) + 1;
	}
	if (why != NULL)
		return why;
	buf_put(&p->fixed, name, strlen(name) + 1);
	buf_put(&p->fixed, text, n + 1);
	p->failed |= p->fixed.failed;
	return NULL;
}

/* The series; NULL: there is none. */
static struct promseries_one *
find(struct prom *p, enum promtab_metric m, const char *const *values)
{
	struct promseries_what what = {.metric = m};

	if (p->in == 0 && !promseries_knows(&p->series, p->stream, &p->in))
		return NULL;
	for (int i = 0; i < promtab_labels(m); i++)
		if (!promseries_knows(&p->series, values[i], &what.label[i]))
			return NULL;
	return promseries_find(&p->series, &what, p->in);
}

/* Notes a series that is over the limit, by the bytes that tell it apart. */
static void
leave_out(struct prom *p, enum promtab_metric m, const char *const *values)
{
	size_t n = 1, len = strlen(p->stream) + 1;
	char key[KEY];
	int is_new;

	key[0] = (char)m;
	for (int i = 0; i < promtab_labels(m); i++) {
		size_t size = strlen(values[i]) + 1;

		memcpy(key + n, values[i], size);
		n += size;
	}
	memcpy(key + n, p->stream, len);
	is_new = distinct_add(&p->left_out, key, n + len);
	p->failed |= is_new < 0;
	if (is_new > 0)
		p->dropped += promtab_lines(m);
}

/* Adds a series that is not there; NULL when memory ends. */
static struct promseries_one *
add(struct prom *p, enum promtab_metric m, const char *const *values)
{
	struct promseries_what what = {.metric = m};
	struct promseries_one *new = NULL;
	int failed = promseries_number(&p->series, p->stream, &p->in) < 0;

	for (int i = 0; i < promtab_labels(m) && !failed; i++)
		failed = promseries_number(
			     &p->series, values[i], &what.label[i]) < 0;
	if (!failed)
		new = promseries_add(&p->series, &what, p->in);
	p->failed |= new == NULL;
	p->lines += new != NULL ? promtab_lines(m) : 0;
	return new;
}

struct promseries_one *
prom_find_clean(
    struct prom *p, enum promtab_metric m, const char *const *values)
{
	struct promseries_one *s;

	if (p->failed || !prom_takes(p, m))
		return NULL;
	s = find(p, m, values);
	if (s == NULL && p->lines + promtab_lines(m) > p->limit)
		leave_out(p, m, values);
	else if (s == NULL)
		s = add(p, m, values);
	return s;
}

/* The values of labels, cleaned in text. */
static void
clean(enum promtab_metric m, const char *const *values, const char **cleaned,
    char text[PROMTAB_LABELS][PROMLABEL_LONGEST + 1])
{
	for (int i = 0; i < promtab_labels(m); i++) {
		promlabel_clean(values[i] ? values[i] : "", text[i]);
		cleaned[i] = text[i];
	}
}

struct promseries_one *
prom_find(struct prom *p, enum promtab_metric m, const char *const *values)
{
	char text[PROMTAB_LABELS][PROMLABEL_LONGEST + 1];
	const char *cleaned[PROMTAB_LABELS];

	if (!prom_takes(p, m))
		return NULL;
	clean(m, values, cleaned, text);
	return prom_find_clean(p, m, cleaned);
}

int
prom_has(struct prom *p, enum promtab_metric m, const char *const *values)
{
	char text[PROMTAB_LABELS][PROMLABEL_LONGEST + 1];
	const char *cleaned[PROMTAB_LABELS];

	clean(m, values, cleaned, text);
	return find(p, m, cleaned) != NULL;
}

double *
prom_at(struct prom *p, enum promtab_metric m, const char *const *values)
{
	struct promseries_one *s = prom_find(p, m, values);

	return s != NULL ? &s->value : NULL;
}

void
prom_set(
    struct prom *p, enum promtab_metric m, const char *const *values, double x)
{
	double *v = prom_at(p, m, values);

	if (v != NULL)
		*v = x;
}

void
prom_add(
    struct prom *p, enum promtab_metric m, const char *const *values, double x)
{
	double *v = prom_at(p, m, values);

	if (v != NULL)
		*v += x;
}

void
prom_observe(struct promseries_one *series, double x)
{
	struct promseries_histogram *s;
	size_t i = 0;

	if (series == NULL)
		return;
	s = series->histogram;
	while (i < PROMTAB_BOUNDS && x > promtab_bounds[i])
		i++;
	s->bucket[i]++;
	s->sum += x;
}

static void
join_value(const struct prom *from, const struct promseries_one *x,
    struct promseries_one *s)
{
	const struct promseries_what what = promseries_is(&from->series, x);
	const struct promseries_histogram *more;

	more = promseries_histogram(&from->series, x);
	if (more == NULL && promtab[what.metric].type == PROMTAB_GAUGE)
		s->value = x->value;
	else if (more == NULL)
		s->value += x->value;
	else
		s->histogram->sum += more->sum;
	for (int k = 0; more != NULL && k <= PROMTAB_BOUNDS; k++)
		s->histogram->bucket[k] += more->bucket[k];
}

void
prom_join(struct prom *p, const struct prom *from, size_t i)
{
	const struct promseries_one *x = promseries_at(&from->series, i);
	const struct promseries_what what = promseries_is(&from->series, x);
	const char *values[PROMTAB_LABELS];
	struct promseries_one *s;

	for (int k = 0; k < PROMTAB_LABELS; k++)
		values[k] = promseries_text(&from->series, what.label[k]);
	s = prom_find_clean(p, (enum promtab_metric)what.metric, values);
	if (s != NULL)
		join_value(from, x, s);
}

static enum promtab_metric
metric_of(const struct prom *p, const struct promseries_one *x)
{
	return (enum promtab_metric)promseries_is(&p->series, x).metric;
}

void
prom_merge(struct prom *p, const struct prom *from)
{
	char own[PROMLABEL_LONGEST + 1];

	memcpy(own, p->stream, sizeof(own));
	p->failed |= from->failed;
	p->dropped += from->dropped;
	for (size_t i = 0; i < from->series.n && !p->failed; i++) {
		const struct promseries_one *x = promseries_at(
		    &from->series, i);

		if (!prom_takes(p, metric_of(from, x)))
			continue;
		prom_stream(p, promseries_text(&from->series, x->stream));
		prom_join(p, from, i);
	}
	prom_stream(p, own);
}

void
prom_clear(struct prom *p)
{
	promseries_free(&p->series);
	distinct_free(&p->left_out);
	p->lines = p->dropped = 0;
	p->in = 0;
}

void
prom_free(struct prom *p)
{
	prom_clear(p);
	buf_free(&p->fixed);
}
