#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "prom.h"
#include "utf8.h"

enum { LEFT_OUT = 1 << 17 }; /* bytes of the set of what was left out */

void
prom_init(struct prom *p, const char *stream, size_t limit)
{
	*p = (struct prom){.limit = limit};
	prom_stream(p, stream);
}

void
prom_stream(struct prom *p, const char *stream)
{
	prom_value(stream, p->stream);
}

/* A character that would do harm, or be invisible, in a label value. */
static int
is_control(const char *s, size_t len)
{
	unsigned char c = (unsigned char)*s;

	if (len == 2)
		return c == 0xc2 && (unsigned char)s[1] < 0xa0;
	return (c < 0x20 && c != '\n') || c == 0x7f;
}

size_t
prom_value(const char *s, char *out)
{
	static const char instead[] = "\xef\xbf\xbd", more[] = "\xe2\x80\xa6";
	size_t n = 0, fits = 0, left = strlen(s), k, put;

	for (; left > 0; s += k, left -= k, n += put) {
		const char *from = s;

		put = k = utf8_length(s, left);
		if (k == 0 || is_control(s, k)) {
			from = instead;
			put = 3;
			k += k == 0;
		}
		if (n + put > PROM_VALUE) {
			memcpy(out + fits, more, 3);
			n = fits + 3;
			break;
		}
		memcpy(out + n, from, put);
		if (n + put <= PROM_VALUE - 3)
			fits = n + put;
	}
	out[n] = '\0';
	return n;
}

const char *
prom_constant(struct prom *p, const char *name, const char *value)
{
	char text[PROM_VALUE + 1];
	const char *why = prom_name_check(name);
	size_t n = prom_value(value, text);

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

/* The key of a series; it has room for all values. Returns its bytes. */
static size_t
make_key(const struct prom *p, enum prom_metric m, const char *const *values,
    char *key)
{
	size_t n = 0, len = strlen(p->stream) + 1;

	for (int i = 0; i < PROM_LABELS && prom_table[m].label[i]; i++)
		n += prom_value(values[i] ? values[i] : "", key + n) + 1;
	memcpy(key + n, p->stream, len);
	return n + len;
}

/* FNV-1a, with its bits mixed once more. */
static uint64_t
hash(enum prom_metric m, const char *key, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u ^ (uint64_t)m;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)key[i]) * 0x100000001b3u;
	h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

/* Where the series stands in the index, or where it would. */
static size_t
place(const struct prom *p, uint64_t h, enum prom_metric m, const char *key,
    size_t n)
{
	size_t i = (size_t)h & (p->slots - 1);

	for (; p->index[i] != NULL; i = (i + 1) & (p->slots - 1)) {
		const struct prom_series *s = p->index[i];

		if (s->metric == m && s->size == n &&
		    memcmp(s->key, key, n) == 0)
			break;
	}
	return i;
}

/* Room for one more series: the index is never more than half full. */
static int
grow(struct prom *p)
{
	size_t slots = p->slots ? p->slots * 2 : 256;
	struct prom_series **all, **index;

	if (p->n < p->slots / 2)
		return 0;
	all = realloc(p->series, slots / 2 * sizeof(struct prom_series *));
	if (all == NULL)
		return -1;
	p->series = all;
	index = calloc(slots, sizeof(struct prom_series *));
	if (index == NULL)
		return -1;
	free(p->index);
	p->index = index;
	p->slots = slots;
	for (size_t i = 0; i < p->n; i++) {
		struct prom_series *s = all[i];
		uint64_t h = hash(s->metric, s->key, s->size);

		index[place(p, h, s->metric, s->key, s->size)] = s;
	}
	return 0;
}

static size_t
lines_of(enum prom_metric m)
{
	return prom_table[m].type == PROM_HISTOGRAM ? PROM_BOUNDS + 3 : 1;
}

/* Notes a series that is over the limit. */
static void
leave_out(struct prom *p, enum prom_metric m, uint64_t h)
{
	size_t bit = (size_t)h % (LEFT_OUT * 8);
	unsigned char mask = (unsigned char)(1u << bit % 8);

	if (p->left_out == NULL)
		p->left_out = calloc(LEFT_OUT, 1);
	if (p->left_out == NULL) {
		p->failed = 1;
		return;
	}
	if (!(p->left_out[bit / 8] & mask))
		p->dropped += lines_of(m);
	p->left_out[bit / 8] |= mask;
}

static struct prom_series *
make(enum prom_metric m, const char *key, size_t size)
{
	struct prom_series *s = malloc(sizeof(*s) + size);

	if (s == NULL)
		return NULL;
	*s = (struct prom_series){.metric = m, .size = size};
	memcpy(s->key, key, size);
	if (prom_table[m].type == PROM_HISTOGRAM) {
		s->bucket = calloc(PROM_BOUNDS + 1, sizeof(*s->bucket));
		if (s->bucket == NULL) {
			free(s);
			return NULL;
		}
	}
	return s;
}

/* The series that has the key; made when there is none. */
static struct prom_series *
find_key(struct prom *p, enum prom_metric m, const char *key, size_t size)
{
	size_t i;
	uint64_t h = hash(m, key, size);
	struct prom_series *s;

	if (p->failed || grow(p) < 0) {
		p->failed = 1;
		return NULL;
	}
	i = place(p, h, m, key, size);
	if (p->index[i] != NULL)
		return p->index[i];
	if (p->lines + lines_of(m) > p->limit) {
		leave_out(p, m, h);
		return NULL;
	}
	s = make(m, key, size);
	if (s == NULL) {
		p->failed = 1;
		return NULL;
	}
	p->index[i] = p->series[p->n++] = s;
	p->lines += lines_of(m);
	return s;
}

struct prom_series *
prom_find(struct prom *p, enum prom_metric m, const char *const *values)
{
	char key[(PROM_LABELS + 1) * (PROM_VALUE + 1)];

	return find_key(p, m, key, make_key(p, m, values, key));
}

int
prom_has(const struct prom *p, enum prom_metric m, const char *const *values)
{
	char key[(PROM_LABELS + 1) * (PROM_VALUE + 1)];
	size_t size = make_key(p, m, values, key);

	return p->n > 0 &&
	       p->index[place(p, hash(m, key, size), m, key, size)] != NULL;
}

double *
prom_at(struct prom *p, enum prom_metric m, const char *const *values)
{
	struct prom_series *s = prom_find(p, m, values);

	return s != NULL ? &s->value : NULL;
}

void
prom_set(
    struct prom *p, enum prom_metric m, const char *const *values, double x)
{
	double *v = prom_at(p, m, values);

	if (v != NULL)
		*v = x;
}

void
prom_add(
    struct prom *p, enum prom_metric m, const char *const *values, double x)
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
	while (i < PROM_BOUNDS && x > prom_bounds[i])
		i++;
	s->bucket[i]++;
	s->value += x;
}

void
prom_merge(struct prom *p, const struct prom_series *from, const char *key,
    size_t size)
{
	struct prom_series *s = find_key(p, from->metric, key, size);

	if (s == NULL)
		return;
	if (prom_table[from->metric].type == PROM_GAUGE)
		s->value = from->value;
	else
		s->value += from->value;
	for (size_t k = 0; from->bucket != NULL && k <= PROM_BOUNDS; k++)
		s->bucket[k] += from->bucket[k];
}

/* A key as prom.c makes them: clean values, as many as the metric has. */
static int
is_key(enum prom_metric m, const struct buf *key)
{
	char clean[PROM_VALUE + 1];
	size_t at = 0, values = 1; /* the stream */

	for (int i = 0; i < PROM_LABELS && prom_table[m].label[i]; i++)
		values++;
	for (; values > 0; values--) {
		const char *end = key->len > at
				      ? memchr(key->p + at, 0, key->len - at)
				      : NULL;

		if (end == NULL ||
		    prom_value(key->p + at, clean) != strlen(key->p + at) ||
		    strcmp(clean, key->p + at) != 0)
			return 0;
		at = (size_t)(end + 1 - key->p);
	}
	return at == key->len;
}

static void
series_state(struct prom *p, size_t i, struct buf *key, struct store *s)
{
	struct prom_series *x = store_reading(s) ? NULL : p->series[i];
	int metric = x != NULL ? (int)x->metric : 0;

	store_open(s, NULL, '{');
	store_int(s, "metric", &metric, 0, PROM_METRICS - 1);
	key->len = 0;
	if (x != NULL)
		buf_put(key, x->key, x->size);
	store_bytes(s, "key", key);
	if (store_reading(s) && s->why == NULL) {
		x = NULL;
		if (is_key((enum prom_metric)metric, key))
			x = find_key(
			    p, (enum prom_metric)metric, key->p, key->len);
		if (x == NULL)
			store_refuse(s, "a series that can't be");
	}
	if (x != NULL) {
		store_real(s, "value", &x->value);
		if (x->bucket != NULL)
			store_open(s, "buckets", '[');
		for (int k = 0; x->bucket != NULL && k <= PROM_BOUNDS; k++)
			store_count(s, NULL, &x->bucket[k]);
		if (x->bucket != NULL)
			store_close(s, ']');
	}
	store_close(s, '}');
}

void
prom_state(struct prom *p, const char *name, struct store *s)
{
	struct buf key = {0};
	size_t n = p->n;

	store_open(s, name, '{');
	store_size(s, "n", &n, 0, SIZE_MAX);
	store_open(s, "series", '[');
	for (size_t i = 0; i < n && s->why == NULL; i++)
		series_state(p, i, &key, s);
	store_close(s, ']');
	store_size(s, "dropped", &p->dropped, 0, SIZE_MAX);
	if (p->dropped > 0 && p->left_out == NULL)
		p->left_out = calloc(LEFT_OUT, 1);
	if (p->dropped > 0 && p->left_out == NULL)
		store_refuse(s, "out of memory");
	else if (p->dropped > 0)
		store_u8s(s, "left_out", p->left_out, LEFT_OUT, 255);
	store_close(s, '}');
	buf_free(&key);
}

void
prom_free(struct prom *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->series[i]->bucket);
		free(p->series[i]);
	}
	free(p->series);
	free(p->index);
	free(p->left_out);
	buf_free(&p->fixed);
}
