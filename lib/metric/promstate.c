#include <string.h>

#include "metric/promstate.h"

/*
 * The values of a metric's labels and then the stream, a NUL after each; 0 when
 * they are not as many, or not clean.
 */
static int
split(enum promtab_metric m, const struct buf *key, const char **value)
{
	char clean[PROMLABEL_LONGEST + 1];
	int values = promtab_labels(m) + 1; /* the stream */
	size_t at = 0;

	for (int i = 0; i < values; i++) {
		const char *end = NULL;

		if (key->len > at)
			end = memchr(key->p + at, 0, key->len - at);
		if (end == NULL)
			return 0;
		value[i] = key->p + at;
		if (promlabel_clean(value[i], clean) != strlen(value[i]) ||
		    strcmp(clean, value[i]) != 0)
			return 0;
		at += strlen(value[i]) + 1;
	}
	return at == key->len;
}

static void
put_text(struct buf *b, const struct prom *p, uint32_t number)
{
	const char *text = promseries_text(&p->series, number);

	buf_put(b, text, strlen(text) + 1);
}

/* The series of a key that was read; NULL when it can't be. */
static struct promseries_one *
find(struct prom *p, enum promtab_metric m, const struct buf *key)
{
	const char *value[PROMTAB_LABELS + 1];

	if (key->failed || !split(m, key, value))
		return NULL;
	prom_stream(p, value[promtab_labels(m)]);
	return prom_find_clean(p, m, value);
}

/*
 * What stands for a series in the state, for both ways: its metric and its
 * values apart. NULL when there is none, or none to go on with.
 */
static struct promseries_one *
key_state(struct prom *p, size_t i, struct store *s)
{
	struct promseries_one *x = store_reading(s)
				       ? NULL
				       : promseries_at(&p->series, i);
	struct promseries_what what = {0};
	struct buf key = {0};
	int metric;

	if (x != NULL)
		what = promseries_is(&p->series, x);
	metric = (int)what.metric;
	for (int k = 0; x != NULL && k < promtab_labels(what.metric); k++)
		put_text(&key, p, what.label[k]);
	if (x != NULL)
		put_text(&key, p, x->stream);
	store_int(s, "metric", &metric, 0, PROMTAB_METRICS - 1);
	store_bytes(s, "key", &key);
	if (store_reading(s) && s->why == NULL && metric != IMGCLS_MODEL_INFO)
		x = find(p, (enum promtab_metric)metric, &key);
	/* Older versions kept that of each model that there was. */
	if (x == NULL && metric != IMGCLS_MODEL_INFO)
		store_refuse(s, "a series that can't be");
	buf_free(&key);
	return x;
}

static void
series_state(struct prom *p, size_t i, struct store *s)
{
	struct promseries_histogram *h = NULL;
	struct promseries_one *x;
	double past = 0, *value = &past;

	store_open(s, NULL, '{');
	x = key_state(p, i, s);
	if (x != NULL) {
		h = promseries_histogram(&p->series, x);
		value = h != NULL ? &h->sum : &x->value;
	}
	store_real(s, "value", value);
	if (h != NULL) {
		store_open(s, "buckets", '[');
		for (int k = 0; k <= PROMTAB_BOUNDS; k++)
			store_count(s, NULL, &h->bucket[k]);
		store_close(s, ']');
	}
	store_close(s, '}');
}

void
promstate(struct prom *p, const char *name, struct store *s)
{
	char own[PROMLABEL_LONGEST + 1];
	size_t n = p->series.n;

	memcpy(own, p->stream, sizeof(own));
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
	prom_stream(p, own);
}
