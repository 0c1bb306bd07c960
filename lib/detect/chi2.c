#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "detect/chi2.h"
#include "detect/codes.h"

/* Bytes of b. */
static size_t
counts_size(const struct chi2_ref *r)
{
	return r->cells.n * sizeof(uint32_t);
}

static void *
ring_of(const struct chi2 *d)
{
	return d->b + d->ref->cells.n;
}

/* Room for a window, with nothing in it; NULL without memory. */
static uint32_t *
new_window(const struct chi2_ref *r, unsigned bits)
{
	return calloc(1, counts_size(r) + codes_size(bits, r->m));
}

/* Makes the codes of the ring wider; 0 without memory. */
static int
widen(struct chi2 *d, unsigned bits)
{
	struct chi2 wider = *d;

	wider.b = new_window(d->ref, bits);
	wider.bits = (uint8_t)bits;
	if (wider.b == NULL)
		return 0;
	memcpy(wider.b, d->b, counts_size(d->ref));
	for (size_t i = 0; i < d->held; i++)
		codes_set(
		    ring_of(&wider), bits, i, codes_at(ring_of(d), d->bits, i));
	free(d->b);
	*d = wider;
	return 1;
}

static uint32_t
class_at(const struct chi2 *d, size_t i)
{
	return codes_at(ring_of(d), d->bits, i);
}

uint32_t
chi2_last(const struct chi2 *d)
{
	return class_at(d, (d->next > 0 ? d->next : d->ref->m) - 1);
}

static void
set_class(struct chi2 *d, size_t i, uint32_t code)
{
	unsigned bits = codes_bits(code);

	if (bits > d->bits && !widen(d, bits))
		d->failed = 1;
	else
		codes_set(ring_of(d), d->bits, i, code);
}

/* An empty window, for a reference that has its cells. */
static const char *
begin(struct chi2 *d, struct chi2_ref *r)
{
	*d = (struct chi2){.ref = r, .bits = 4};
	d->b = new_window(r, d->bits);
	if (d->b != NULL) {
		chi2_reset(d);
		return NULL;
	}
	chi2_free(d);
	return NO_MEMORY;
}

const char *
chi2_init(void *chi2, const void *params, const double *ref, size_t n)
{
	const char *why;
	struct chi2_ref *r = chi2_ref_new(params, ref, n, &why);

	*(struct chi2 *)chi2 = (struct chi2){0};
	return r != NULL ? begin(chi2, r) : why;
}

const char *
chi2_share(void *chi2, const void *other)
{
	struct chi2_ref *r = ((const struct chi2 *)other)->ref;

	r->users++;
	return begin(chi2, r);
}

/* One record more (by 1) or less (by -1) in a cell. */
static inline void
change(struct chi2 *d, size_t code, uint32_t by)
{
	const struct chi2_ref *r = d->ref;
	size_t home = r->cells.home[code];
	uint32_t a = r->cells.a[home];

	d->sum -= chi2_terms_of(&r->terms, a, d->b[home]);
	d->b[home] += by;
	d->sum += chi2_terms_of(&r->terms, a, d->b[home]);
	if (r->cells.ref[code] == 0)
		d->unseen += by;
}

void
chi2_names(void *chi2, const struct intern *names)
{
	struct chi2 *d = chi2;

	d->names = names;
}

void
chi2_hold(void *chi2, double limit)
{
	struct chi2 *d = chi2;

	d->limit = limit;
}

void
chi2_add(void *chi2, double x)
{
	struct chi2 *d = chi2;
	size_t code = (size_t)x;

	if (d->held == d->ref->m)
		change(d, class_at(d, d->next), (uint32_t)-1);
	else
		d->held++;
	change(d, code, 1);
	set_class(d, d->next, (uint32_t)code);
	d->next = d->next + 1 == d->ref->m ? 0 : d->next + 1;
}

/* The rounding of many terms may end below 0. */
static double
value(const struct chi2 *d, int64_t sum)
{
	const struct chi2_ref *r = d->ref;

	return sum + r->base > 0 ? (double)(sum + r->base) * r->terms.unit : 0;
}

int
chi2_stat(const struct chi2 *d, struct chi2_stat *s)
{
	const struct chi2_cells *c = &d->ref->cells;

	if (d->held < d->ref->m)
		return 0;
	s->stat = d->failed ? NAN : value(d, d->sum);
	/* Only where all that is unseen goes can there be nothing. */
	s->df = c->n - 1;
	if (c->own < c->n)
		s->df -= c->a[c->own] + d->b[c->own] == 0;
	s->unseen = d->unseen;
	return 1;
}

int
chi2_value(const void *chi2, double *stat)
{
	const struct chi2 *d = chi2;

	if (d->held < d->ref->m)
		return 0;
	*stat = d->failed ? NAN : value(d, d->sum);
	return 1;
}

size_t
chi2_top(const struct chi2 *d, struct chi2_class *top, int only_unseen)
{
	const struct chi2_ref *r = d->ref;
	uint32_t *count = calloc(r->cells.classes, sizeof(*count));
	const struct chi2_classes c = {
	    .pearson = r->p.statistic == CHI2_PEARSON,
	    .n = r->cells.classes,
	    .ref = r->cells.ref,
	    .count = count,
	    .of_ref = (double)r->n,
	    .of_window = (double)r->m,
	};
	size_t n = 0;

	for (size_t i = 0; count != NULL && i < d->held; i++)
		count[class_at(d, i)]++;
	if (count != NULL)
		n = chi2_classes_top(&c, top, only_unseen);
	free(count);
	return n;
}

void
chi2_reset(void *chi2)
{
	struct chi2 *d = chi2;

	memset(d->b, 0, counts_size(d->ref));
	d->next = d->held = d->unseen = 0;
	d->sum = d->ref->empty;
}

static void
ring_state(struct chi2 *d, size_t held, struct store *s)
{
	store_open(s, "ring", '[');
	for (size_t i = 0; i < held && s->why == NULL; i++) {
		size_t code = store_reading(s) ? 0 : class_at(d, i);

		store_size(s, NULL, &code, 0, d->ref->cells.classes - 1);
		if (store_reading(s) && s->why == NULL) {
			d->held = (uint32_t)i;
			set_class(d, i, (uint32_t)code);
		}
	}
	if (d->failed)
		store_no_memory(s);
	store_close(s, ']');
}

void
chi2_state(void *chi2, struct store *s)
{
	struct chi2 *d = chi2;
	size_t held = d->held, next = d->next, m = d->ref->m;

	store_size(s, "held", &held, 0, m);
	store_size(s, "next", &next, 0, m - 1);
	ring_state(d, held, s);
	if (store_reading(s) && held < m && next != held)
		store_refuse(s, "a window that is not full begins elsewhere");
	if (!store_reading(s) || s->why != NULL)
		return;
	chi2_reset(d);
	d->next = held < m ? 0 : (uint32_t)next;
	while (d->held < held)
		chi2_add(d, (double)class_at(d, d->next));
}

void
chi2_free(void *chi2)
{
	struct chi2 *d = chi2;

	chi2_ref_free(d->ref);
	free(d->b);
	*d = (struct chi2){0};
}

size_t
chi2_window(const void *params)
{
	const struct chi2_params *p = params;

	return p->window;
}

size_t
chi2_null_cells(const struct chi2 *d)
{
	size_t k = chi2_cells_used(&d->ref->cells), step = 1;

	if (k < 2)
		k = 2;
	while (k > 16 * step)
		step *= 2;
	return (k + step - 1) / step * step;
}

/* The largest sum from the full window on; INT64_MIN if it never fills. */
static int64_t
largest_sum(struct chi2 *d, unsigned long long horizon, struct rng *r)
{
	int64_t max = INT64_MIN;

	for (unsigned long long i = 0; i < horizon; i++) {
		chi2_add(d, (double)rng_below(r, d->ref->cells.classes));
		if (d->held == d->ref->m && d->sum > max)
			max = d->sum;
	}
	return max;
}

double
chi2_simulate(
    const void *learnt, size_t n, unsigned long long horizon, struct rng *r)
{
	const struct chi2 *d = learnt;
	struct chi2_ref ref = {.users = 2, /* it is not to be freed */
	    .p = d->ref->p,
	    .n = d->ref->n,
	    .m = d->ref->m,
	    .terms = d->ref->terms};
	size_t classes = chi2_null_cells(d);
	struct chi2 run;
	double max = NAN;
	int64_t sum;

	(void)n; /* is d's */
	if (chi2_cells_init(&ref.cells, classes)) {
		for (size_t i = 0; i < ref.n; i++)
			ref.cells.ref[rng_below(r, classes)]++;
		if (chi2_ref_cells(&ref, 0) && begin(&run, &ref) == NULL) {
			sum = largest_sum(&run, horizon, r);
			max = sum == INT64_MIN ? -INFINITY : value(&run, sum);
			chi2_free(&run);
		}
	}
	chi2_cells_free(&ref.cells);
	return max;
}
