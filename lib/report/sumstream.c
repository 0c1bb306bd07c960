#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/sumalerts.h"
#include "report/sumbucket.h"
#include "report/sumstream.h"
#include "report/sumtext.h"

static void
put_gaps(struct store *s, struct subject *x)
{
	size_t n = SUBJECT_GAPS;

	while (n > 0 && !(x->gap[n - 1].to > x->gap[n - 1].from))
		n--;
	store_open(s, "gaps", '[');
	store_size(s, NULL, &n, 0, SUBJECT_GAPS);
	for (size_t i = 0; i < n && s->why == NULL; i++) {
		struct subject_gap *g = &x->gap[i];

		store_real(s, NULL, &g->from);
		store_real(s, NULL, &g->to);
		sumtext_count(s, NULL, &g->record, x->records);
		if (!(g->to > g->from) || !isfinite(g->to - g->from))
			store_refuse(s, "a time that is none");
	}
	store_close(s, ']');
}

static int
by_classes(const void *a, const void *b)
{
	const struct subject_pair *x = a, *y = b;

	if (x->truth != y->truth)
		return x->truth < y->truth ? -1 : 1;
	return (x->class > y->class) - (x->class < y->class);
}

static void
read_mistakes(struct store *s, struct subject *x, size_t n, size_t classes)
{
	struct subject_pair last = {0}, p = {0};

	for (size_t i = 0; i < n && s->why == NULL; i++) {
		store_int(s, NULL, &p.truth, 1, (int)classes);
		store_int(s, NULL, &p.class, 0, (int)classes);
		sumtext_count(s, NULL, &p.count, x->records);
		if (p.count == 0 || by_classes(&last, &p) >= 0)
			store_refuse(s, "mistakes that are in no order");
		if (s->why == NULL)
			subject_mistake(x, p.truth - 1, p.class, p.count);
		last = p;
	}
}

static void
put_mistakes(struct store *s, struct subject *x, size_t classes)
{
	struct subject_pair *pair = NULL;
	size_t n = 0;

	store_count(s, "mistakes_over", &x->pairs_over);
	store_open(s, "mistakes", '[');
	if (!store_reading(s) && (pair = malloc(sizeof(x->pair))) != NULL) {
		for (size_t i = 0; i < SUBJECT_PAIRS; i++)
			if (x->pair[i].truth > 0)
				pair[n++] = x->pair[i];
		qsort(pair, n, sizeof(*pair), by_classes);
	} else if (!store_reading(s)) {
		store_no_memory(s);
	}
	store_size(s, NULL, &n, 0, SUBJECT_PAIRS);
	if (store_reading(s))
		read_mistakes(s, x, n, classes);
	for (size_t i = 0; pair != NULL && i < n; i++) {
		store_int(s, NULL, &pair[i].truth, 1, USUAL_CLASSES);
		store_int(s, NULL, &pair[i].class, 0, USUAL_CLASSES);
		store_count(s, NULL, &pair[i].count);
	}
	free(pair);
	store_close(s, ']');
}

static void
put_estimated(struct store *s, struct estimated *e)
{
	store_open(s, "estimated", '[');
	store_count(s, NULL, &e->n);
	if (s->why == NULL && e->n > 0) {
		sumtext(s, NULL, e->by, sizeof(e->by));
		sumtext(s, NULL, e->method, sizeof(e->method));
		store_real(s, NULL, &e->window);
		store_real(s, NULL, &e->accuracy);
		store_real(s, NULL, &e->low);
		store_real(s, NULL, &e->high);
	}
	store_close(s, ']');
}

static struct bucket *
new_bucket(struct store *s, struct buckets *b)
{
	struct bucket *k = calloc(1, sizeof(*k));

	if (k == NULL) {
		store_no_memory(s);
		return NULL;
	}
	k->begin = k->end = NAN;
	buckets_append(b, k);
	return k;
}

static void
put_buckets(struct store *s, struct subject *x, size_t fields, size_t classes)
{
	const struct sumbucket_shape shape = {
	    fields, classes, x->alerts.n, x->records};
	struct buckets *b = &x->buckets;
	unsigned long long sum = 0;
	size_t n = b->n;

	store_size(s, "parts", &n, 0, BUCKETS_MOST);
	store_open(s, "part", '[');
	for (size_t i = 0; i < n && s->why == NULL; i++) {
		struct bucket *k = store_reading(s) ? new_bucket(s, b)
						    : b->bucket[i];

		if (k == NULL)
			break;
		k->first = sum + 1;
		sumbucket(s, k, &shape);
		sum += k->records;
	}
	store_close(s, ']');
	if (store_reading(s) && sum != x->records)
		store_refuse(s, "parts that are not the whole");
}

void
sumstream(struct store *s, struct subject *x, size_t fields, size_t classes)
{
	unsigned long long *counts[] = {&x->repeats, &x->backwards,
	    &x->seq_gaps, &x->new_classes, &x->timed};

	store_open(s, NULL, '{');
	sumtext_count(s, "records", &x->records, UINT32_MAX);
	store_open(s, "counts", '[');
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		sumtext_count(s, NULL, counts[i], x->records);
	store_count(s, NULL, &x->seq_lost);
	store_close(s, ']');
	store_real(s, "begin", &x->begin);
	store_real(s, "end", &x->end);
	store_real(s, "first_seq", &x->first_seq);
	store_real(s, "last_seq", &x->last_seq);
	if (isfinite(x->begin) != isfinite(x->end) || x->begin > x->end ||
	    isfinite(x->first_seq) != isfinite(x->last_seq))
		store_refuse(s, "times that are none");
	put_gaps(s, x);
	sumtext_reasons(s, "errors", &x->errors, x->records);
	sumtext_reasons(s, "models", &x->models, x->records);
	sumalerts(s, &x->alerts, x->records);
	put_estimated(s, &x->estimated);
	put_mistakes(s, x, classes);
	sumtext_portraits(
	    s, "after", x->after, SUBJECT_AFTER, x->records, classes);
	put_buckets(s, x, fields, classes);
	store_close(s, '}');
	if (store_reading(s))
		while (x->afters < SUBJECT_AFTER &&
		       x->after[x->afters].name[0] != '\0')
			x->afters++;
}

/* As classes are called here. */
static void
rename_images(struct portrait *p, size_t n, unsigned long long before,
    const uint32_t *class)
{
	for (size_t i = 0; i < n; i++) {
		p[i].record += before;
		if (p[i].class >= 0)
			p[i].class = (int)class[p[i].class];
	}
}

/* Moves rows of numbers by class; 0, or -1 when memory ends. */
static int
rename_rows(uint32_t **x, size_t *n, size_t each, const uint32_t *class)
{
	size_t most = 0;
	uint32_t *to;

	if (*n == 0)
		return 0;
	for (size_t i = 0; i < *n; i++)
		most = class[i] > most ? class[i] : most;
	to = calloc(most + 1, each * sizeof(*to));
	if (to == NULL)
		return -1;
	/* Several may have become one: all others. */
	for (size_t i = 0; i < *n; i++)
		for (size_t k = 0; k < each; k++)
			to[class[i] * each + k] += (*x)[i * each + k];
	free(*x);
	*x = to;
	*n = most + 1;
	return 0;
}

static int
rename_classes(
    struct bucket *k, unsigned long long before, const uint32_t *class)
{
	uint32_t *q = (uint32_t *)(void *)k->quality;
	int status = rename_rows(&k->class, &k->classes, 1, class);

	status |= rename_rows(&q, &k->qualities, 3, class);
	k->quality = (struct bucket_quality *)(void *)q;
	rename_images(k->furthest, BUCKETS_PORTRAITS, before, class);
	return status;
}

/* The largest ratios, by the tests' numbers here. */
static void
rename_tests(struct bucket *k, const size_t *test, size_t n)
{
	float old[BUCKETS_TESTS];

	if (k->peak == NULL)
		return;
	memcpy(old, k->peak, sizeof(old));
	for (size_t i = 0; i < BUCKETS_TESTS; i++)
		k->peak[i] = NAN;
	for (size_t i = 0; i < n; i++)
		if (test[i] < BUCKETS_TESTS)
			k->peak[test[i]] = old[i];
}

static int
join_buckets(struct subject *x, struct subject *next, const size_t *test,
    const uint32_t *class)
{
	struct buckets *from = &next->buckets;
	int status = 0;

	for (size_t i = 0; i < from->n; i++) {
		struct bucket *k = from->bucket[i];

		k->first += x->records;
		status |= rename_classes(k, x->records, class);
		rename_tests(k, test, next->alerts.n);
		buckets_append(&x->buckets, k);
	}
	from->n = 0;
	return status;
}

/* What clock and numbering say of the time between the two. */
static void
join_times(struct subject *x, const struct subject *next)
{
	if (next->begin < x->end)
		x->backwards++;
	else if (next->begin > x->end)
		subject_note_gap(x, x->end, next->begin, x->records + 1);
	for (size_t i = 0; i < SUBJECT_GAPS; i++)
		if (next->gap[i].to > next->gap[i].from)
			subject_note_gap(x, next->gap[i].from, next->gap[i].to,
			    x->records + next->gap[i].record);
	x->begin = fmin(x->begin, next->begin);
	x->end = fmax(x->end, next->end);
	subject_seq(x, next->first_seq);
	x->last_seq = isnan(next->last_seq) ? x->last_seq : next->last_seq;
	for (size_t i = 0; i < WATCHED_MOST; i++)
		x->previous[i] = NAN;
}

static void
join_counts(
    struct subject *x, const struct subject *next, const uint32_t *class)
{
	x->repeats += next->repeats;
	x->backwards += next->backwards;
	x->seq_gaps += next->seq_gaps;
	x->seq_lost += next->seq_lost;
	x->new_classes += next->new_classes;
	x->timed += next->timed;
	reasons_join(&x->errors, &next->errors, x->records);
	reasons_join(&x->models, &next->models, x->records);
	for (size_t i = 0; i < SUBJECT_PAIRS; i++) {
		const struct subject_pair *p = &next->pair[i];

		if (p->truth > 0)
			subject_mistake(x, (long)class[p->truth - 1],
			    (long)class[p->class], p -> count);
	}
	x->pairs_over += next->pairs_over;
}

/* Of several filters the first counts, and of its estimates the last. */
static void
join_estimated(struct estimated *e, const struct estimated *next)
{
	unsigned long long n = e->n;

	if (next->n == 0 || (n > 0 && strcmp(e->by, next->by) != 0))
		return;
	*e = *next;
	e->n += n;
}

const char *
sumstream_join(struct subject *x, struct subject *next, const uint32_t *class)
{
	size_t test[BUCKETS_TESTS];
	size_t episodes = x->alerts.episodes;

	if (x->records + next->records > UINT32_MAX)
		return "more records of a stream than can be added up";
	if (!x->learnt)
		subject_learnt(x);
	if (next->records == 0)
		return x->failed ? NO_MEMORY : NULL;
	sumalerts_join(
	    &x->alerts, &next->alerts, x->records + 1, next->begin, test);
	join_times(x, next);
	join_counts(x, next, class);
	join_estimated(&x->estimated, &next->estimated);
	if (x->alerts.episodes > episodes) {
		memcpy(x->after, next->after, sizeof(x->after));
		rename_images(x->after, SUBJECT_AFTER, x->records, class);
		x->afters = next->afters;
		x->after_record = x->alerts.episode[x->alerts.episodes_kept - 1]
				      .since;
	}
	x->failed |= join_buckets(x, next, test, class) < 0;
	x->records += next->records;
	x->summed = x->records;
	return x->failed ? NO_MEMORY : NULL;
}
