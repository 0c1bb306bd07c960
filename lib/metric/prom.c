#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "metric/prom.h"

enum {
	KEY = 1 + (PROMTAB_LABELS + 1) * (PROMLABEL_LONGEST + 1),
	MOST = INT_MAX - 1 /* series, whatever the limit */
};

void
prom_init(struct prom *p, const char *stream, size_t limit)
{
	*p = (struct prom){.limit = limit};
	intern_init(&p->keys, MOST);
	prom_stream(p, stream);
}

void
prom_stream(struct prom *p, const char *stream)
{
	promlabel_clean(stream, p->stream);
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

/*
 * The key of a series: the metric's number, the label values and the stream.
 * It has room for KEY bytes. Returns how many it has.
 */
static size_t
make_key(const struct prom *p, enum promtab_metric m, const char *const *values,
    char *key)
{
	size_t n = 1, len = strlen(p->stream) + 1;

	key[0] = (char)m;
	for (int i = 0; i < PROMTAB_LABELS && promtab[m].label[i]; i++)
		n += promlabel_clean(values[i] ? values[i] : "", key + n) + 1;
	memcpy(key + n, p->stream, len);
	return n + len;
}

const char *
prom_values(const struct prom *p, size_t i, size_t *size)
{
	const char *key = intern_text(&p->keys, i, size);

	*size -= 1;
	return key + 1;
}

const char *
prom_stream_of(const struct prom *p, size_t i)
{
	size_t size;
	const char *key = intern_text(&p->keys, i, &size);
	const char *before = memrchr(key + 1, '\0', size - 2);

	return before != NULL ? before + 1 : key + 1;
}

static size_t
lines_of(enum promtab_metric m)
{
	return promtab[m].type == PROMTAB_HISTOGRAM ? PROMTAB_BOUNDS + 3 : 1;
}

/* Notes a series that is over the limit. */
static void
leave_out(struct prom *p, const char *key, size_t size)
{
	int is_new = distinct_add(&p->left_out, key, size);

	p->failed |= is_new < 0;
	if (is_new > 0)
		p->dropped += lines_of((enum promtab_metric)key[0]);
}

static struct prom_series *
new_series(enum promtab_metric m)
{
	struct prom_series *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->metric = m;
	if (promtab[m].type != PROMTAB_HISTOGRAM)
		return s;
	s->bucket = calloc(PROMTAB_BOUNDS + 1, sizeof(*s->bucket));
	if (s->bucket == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

/* Adds a series with a key that no other has; NULL when memory ends. */
static struct prom_series *
append_series(struct prom *p, const char *key, size_t size)
{
	enum promtab_metric m = (enum promtab_metric)key[0];
	struct prom_series **grown = p->series;

	if (p->n == p->room) {
		size_t room = p->room ? p->room * 2 : 128;

		grown = realloc(p->series, room * sizeof(*grown));
		if (grown == NULL)
			return NULL;
		p->series = grown;
		p->room = room;
	}
	grown[p->n] = new_series(m);
	if (grown[p->n] == NULL)
		return NULL;
	if (intern_bytes(&p->keys, key, size) != (long)p->n) {
		free(grown[p->n]->bucket);
		free(grown[p->n]);
		return NULL;
	}
	p->lines += lines_of(m);
	return grown[p->n++];
}

/* The series that has the key; made when there is none. */
static struct prom_series *
find_key(struct prom *p, const char *key, size_t size)
{
	long code = intern_known(&p->keys, key, size);
	struct prom_series *s;

	if (p->failed)
		return NULL;
	if (code >= 0)
		return p->series[code];
	if (p->lines + lines_of((enum promtab_metric)key[0]) > p->limit) {
		leave_out(p, key, size);
		return NULL;
	}
	s = append_series(p, key, size);
	p->failed |= s == NULL;
	return s;
}

struct prom_series *
prom_find(struct prom *p, enum promtab_metric m, const char *const *values)
{
	char key[KEY];

	return find_key(p, key, make_key(p, m, values, key));
}

int
prom_has(const struct prom *p, enum promtab_metric m, const char *const *values)
{
	char key[KEY];

	return intern_known(&p->keys, key, make_key(p, m, values, key)) >= 0;
}

double *
prom_at(struct prom *p, enum promtab_metric m, const char *const *values)
{
	struct prom_series *s = prom_find(p, m, values);

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
prom_observe(struct prom_series *s, double x)
{
	size_t i = 0;

	if (s == NULL)
		return;
	while (i < PROMTAB_BOUNDS && x > promtab_bounds[i])
		i++;
	s->bucket[i]++;
	s->value += x;
}

void
prom_join(struct prom *p, const struct prom *from, size_t i)
{
	const struct prom_series *x = from->series[i];
	const char *own = prom_stream_of(from, i);
	size_t n, len = strlen(p->stream) + 1;
	struct prom_series *s;
	char key[KEY];

	/* All of its key but the stream. */
	n = (size_t)(own - intern_text(&from->keys, i, &(size_t){0}));
	memcpy(key, own - n, n);
	memcpy(key + n, p->stream, len);
	s = find_key(p, key, n + len);
	if (s == NULL)
		return;
	if (promtab[x->metric].type == PROMTAB_GAUGE)
		s->value = x->value;
	else
		s->value += x->value;
	for (int k = 0; x->bucket != NULL && k <= PROMTAB_BOUNDS; k++)
		s->bucket[k] += x->bucket[k];
}

void
prom_merge(struct prom *p, const struct prom *from)
{
	char own[PROMLABEL_LONGEST + 1];

	memcpy(own, p->stream, sizeof(own));
	p->failed |= from->failed;
	p->dropped += from->dropped;
	for (size_t i = 0; i < from->n && !p->failed; i++) {
		prom_stream(p, prom_stream_of(from, i));
		prom_join(p, from, i);
	}
	memcpy(p->stream, own, sizeof(own));
}

/* A key as make_key makes them: as many values as the metric has, clean. */
static int
is_key(const struct buf *key)
{
	char clean[PROMLABEL_LONGEST + 1];
	size_t at = 1, values = 1; /* the stream */

	for (int i = 0; i < PROMTAB_LABELS && promtab[(int)key->p[0]].label[i];
	     i++)
		values++;
	for (; values > 0; values--) {
		const char *value = key->p + at;
		const char *end = key->len > at
				      ? memchr(value, 0, key->len - at)
				      : NULL;

		if (end == NULL ||
		    promlabel_clean(value, clean) != strlen(value) ||
		    strcmp(clean, value) != 0)
			return 0;
		at += (size_t)(end + 1 - value);
	}
	return at == key->len;
}

/*
 * What stands for a series in the state, for both ways: its metric and its
 * values apart. NULL when there is none, or none to go on with.
 */
static struct prom_series *
key_state(struct prom *p, size_t i, struct store *s)
{
	struct prom_series *x = store_reading(s) ? NULL : p->series[i];
	int metric = x != NULL ? (int)x->metric : 0;
	struct buf values = {0}, key = {0};
	size_t size;

	if (x != NULL) {
		const char *text = prom_values(p, i, &size);

		buf_put(&values, text, size);
	}
	store_int(s, "metric", &metric, 0, PROMTAB_METRICS - 1);
	store_bytes(s, "key", &values);
	if (store_reading(s) && s->why == NULL) {
		buf_put(&key, (const char[]){(char)metric}, 1);
		buf_put(&key, values.p, values.len);
		if (!key.failed && is_key(&key) && metric != IMGCLS_MODEL_INFO)
			x = find_key(p, key.p, key.len);
		/* Older versions kept that of each model that there was. */
		if (x == NULL && metric != IMGCLS_MODEL_INFO)
			store_refuse(s, "a series that can't be");
	}
	buf_free(&values);
	buf_free(&key);
	return x;
}

static void
series_state(struct prom *p, size_t i, struct store *s)
{
	struct prom_series *x;
	double past = 0;

	store_open(s, NULL, '{');
	x = key_state(p, i, s);
	store_real(s, "value", x != NULL ? &x->value : &past);
	if (x != NULL && x->bucket != NULL) {
		store_open(s, "buckets", '[');
		for (int k = 0; k <= PROMTAB_BOUNDS; k++)
			store_count(s, NULL, &x->bucket[k]);
		store_close(s, ']');
	}
	store_close(s, '}');
}

void
prom_state(struct prom *p, const char *name, struct store *s)
{
	size_t n = p->n;

	store_open(s, name, '{');
	store_size(s, "n", &n, 0, SIZE_MAX);
	store_open(s, "series", '[');
	for (size_t i = 0; i < n && s->why == NULL; i++)
		series_state(p, i, s);
	store_close(s, ']');
	store_size(s, "dropped", &p->dropped, 0, SIZE_MAX);
	if (p->dropped > 0)
		distinct_state(&p->left_out, "left_out", s);
	store_close(s, '}');
}

void
prom_clear(struct prom *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->series[i]->bucket);
		free(p->series[i]);
	}
	free(p->series);
	distinct_free(&p->left_out);
	intern_free(&p->keys);
	intern_init(&p->keys, MOST);
	p->series = NULL;
	p->n = p->room = p->lines = p->dropped = 0;
}

void
prom_free(struct prom *p)
{
	prom_clear(p);
	buf_free(&p->fixed);
}
