#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/findings.h"
#include "stats/special.h"

/* A distance below this moves nobody, however sure it is. */
#define CLEAR 0.15

/* The records that the verdict is about: buckets from .. to. */
static void
find_span(struct findings *f, const struct subject *s)
{
	const struct buckets *b = &s->buckets;
	const struct alerts *a = &s->alerts;
	unsigned long long end;

	if (a->episodes_kept == 0)
		return;
	f->episode = &a->episode[a->episodes_kept - 1];
	f->since = f->episode->since;
	f->found = f->episode->begin;
	f->since_time = isnan(f->episode->since_time)
			    ? subject_time(s, f->since)
			    : f->episode->since_time;
	f->found_time = f->episode->begun;
	/* Only buckets that lie within the episode, if there are any. */
	while (f->from + 1 < b->n && b->bucket[f->from]->first < f->since)
		f->from++;
	end = f->episode->end > 0 ? f->episode->end : s->records + 1;
	while (
	    f->to > f->from + 1 &&
	    b->bucket[f->to - 1]->first + b->bucket[f->to - 1]->records > end)
		f->to--;
}

/* The bucket in which the change lies is neither before nor now. */
static size_t
end_of_before(const struct findings *f, const struct subject *s)
{
	const struct buckets *b = &s->buckets;
	size_t k = f->from;

	while (k > 0 &&
	       b->bucket[k - 1]->first + b->bucket[k - 1]->records > f->since)
		k--;
	return k;
}

/*
 * Detectors that are reset after an event have an alarm at single records only:
 * it lasts while the next event need not have come yet.
 */
static int
lasts(const struct subject *s)
{
	const struct alerts *a = &s->alerts;
	const struct alerts_episode *e = &a->episode[a->episodes_kept - 1];

	return a->alarm ||
	       (e->events > 2 &&
		   s->records - e->end <= 2 * (e->end - e->begin) / e->events);
}

static enum findings_state
state_of(const struct subject *s)
{
	if (s->records == 0)
		return FINDINGS_EMPTY;
	if (s->alerts.episodes_kept > 0)
		return lasts(s) ? FINDINGS_DRIFT : FINDINGS_OVER;
	if (s->alerts.n > 0)
		return FINDINGS_QUIET;
	return s->file == NULL && s->records <= s->learn ? FINDINGS_SHORT
							 : FINDINGS_UNTESTED;
}

static void
compare_field(struct findings *f, const struct subject *s, size_t field)
{
	struct findings_field *to = &f->field[f->fields++];
	const struct grid_sums *sums = &f->now.sums[field];
	const struct grid *g = s->grid[field];
	double n, m;

	*to = (struct findings_field){.field = field,
	    .grid = g,
	    .cells = f->now.cells[field],
	    .distance = {NAN, NAN, 0},
	    .before = NAN,
	    .after = NAN,
	    .shift = NAN};
	if (g == NULL)
		return;
	to->before = grid_quantile(g, g->count, g->min, g->max, .5, NULL, NULL);
	if (to->cells == NULL || sums->n == 0)
		return;
	to->distance = grid_distance(g, to->cells);
	to->after = grid_quantile(
	    g, to->cells, sums->min, sums->max, .5, NULL, NULL);
	to->shift = (grid_mean(g, sums) - g->mean) / g->sd;
	n = (double)g->n;
	m = (double)sums->n;
	to->moved = to->distance.low >
		    fmax(CLEAR, 1.95 * sqrt((n + m) / n / m));
}

static int
by_distance(const void *a, const void *b)
{
	const struct findings_field *x = a, *y = b;
	double p = isnan(x->distance.low) ? -1 : x->distance.low;
	double q = isnan(y->distance.low) ? -1 : y->distance.low;

	if (p != q)
		return (p < q) - (p > q);
	return (x->field > y->field) - (x->field < y->field);
}

/* Clocks and counters only ever rise: they would have moved most. */
static int
only_rises(const struct subject *s, size_t field)
{
	const struct usual *u = s->file != NULL && s->file->grid[field] != NULL
				    ? s->file
				    : &s->own;

	return u->present[field] >= 20 && u->rises[field];
}

static void
compare_fields(
    struct findings *f, const struct reading *r, const struct subject *s)
{
	for (size_t i = 0; i < r->watched.n; i++)
		if (!only_rises(s, i) || r->watched.named)
			compare_field(f, s, i);
	qsort(f->field, f->fields, sizeof(*f->field), by_distance);
}

static int
by_change(const void *a, const void *b)
{
	const struct findings_class *x = a, *y = b;
	double p = fabs(x->after - x->before), q = fabs(y->after - y->before);

	if (p != q)
		return (p < q) - (p > q);
	return (x->class > y->class) - (x->class < y->class);
}

/* Pearson's statistic of two samples, as chi2(1) has it, without pooling. */
static void
test_mix(struct findings *f)
{
	double n = (double)f->usual->classes, m = (double)f->now.classed;

	f->mix_chi2 = 0;
	f->mix_df = (double)f->classes - 1;
	for (size_t i = 0; i < f->classes; i++) {
		double a = round(f->class[i].before * n);
		double b = (double)f->class[i].count;

		f->mix_chi2 += (n * b - m * a) * (n * b - m * a) /
			       (n * m * (a + b));
	}
	f->mix_p = f->mix_df > 0 ? special_chi2_tail(f->mix_chi2, f->mix_df)
				 : NAN;
}

static void
compare_classes(struct findings *f, const struct subject *s)
{
	f->mix = f->mix_chi2 = f->mix_df = f->mix_p = NAN;
	f->usual = s->file != NULL && s->file->classes > 0 ? s->file : &s->own;
	if (f->usual->classes == 0 || f->now.classed == 0)
		return;
	f->mix = 0;
	for (size_t i = 0; i <= USUAL_CLASSES; i++) {
		struct findings_class *c = &f->class[f->classes];

		c->class = i;
		c->count = i < f->now.classes ? f->now.class[i] : 0;
		if (c->count + f->usual->class[i] == 0)
			continue;
		c->before = (double)f->usual->class[i] /
			    (double)f->usual->classes;
		c->after = (double)c->count / (double)f->now.classed;
		f->mix += fabs(c->after - c->before) / 2;
		f->classes++;
	}
	test_mix(f);
	qsort(f->class, f->classes, sizeof(*f->class), by_change);
}

void
findings_make(struct findings *f, const struct reading *r, struct subject *s)
{
	memset(f, 0, sizeof(*f));
	f->since_time = f->found_time = NAN;
	f->state = r->setup.compare ? FINDINGS_COMPARED : state_of(s);
	f->to = s->buckets.n;
	if (!r->setup.compare)
		find_span(f, s);
	buckets_sum(&s->buckets, f->from, f->to, &f->now);
	f->ended = end_of_before(f, s);
	buckets_sum(&s->buckets, 0, f->ended, &f->before);
	compare_fields(f, r, s);
	compare_classes(f, s);
	s->failed |= s->buckets.failed;
}

/* The last key of a field's path. */
static const char *
key_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL ? dot + 1 : name;
}

const struct findings_field *
findings_field(
    const struct findings *f, const struct reading *r, const char *key)
{
	for (size_t i = 0; i < f->fields; i++)
		if (strcmp(key_of(r->watched.name[f->field[i].field]), key) ==
		    0)
			return &f->field[i];
	return NULL;
}

double
findings_accuracy(const struct bucket *b)
{
	return b->known > 0 ? (double)b->right / (double)b->known : NAN;
}

struct estimated_sums
findings_estimated(const struct findings *f, const struct subject *s)
{
	const struct estimated *e = &s->estimated;

	if (f->state == FINDINGS_OVER)
		return estimated_mean(&f->now.estimated);
	return (struct estimated_sums){e->n, e->accuracy, e->low, e->high};
}

const char *
findings_word(enum findings_state state)
{
	static const char *const word[] = {"No records", "Too few records",
	    "Not tested", "In control", "Drift, over", "Drift", "Compared"};

	return word[state];
}

void
findings_free(struct findings *f)
{
	buckets_empty(&f->now);
	buckets_empty(&f->before);
}
