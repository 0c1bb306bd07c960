#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chi2.h"

enum { TABLED = 1 << 16 };

static int64_t
xlnx(const struct chi2 *d, size_t x)
{
	double y = (double)x;

	if (x < d->tabled)
		return d->xlnx[x];
	return x ? llrint(d->scale * (y * log(y))) : 0;
}

/* b^2 / (a + b) */
static int64_t
square(const struct chi2 *d, uint64_t a, uint64_t b)
{
	double y = (double)b;

	return b ? llrint(d->scale * (y * y / (double)(a + b))) : 0;
}

/* What a cell adds to the sum; the rest does not change with b. */
static int64_t
term(const struct chi2 *d, const struct chi2_cell *c)
{
	if (d->p.statistic == CHI2_PEARSON)
		return square(d, c->a, c->b);
	return xlnx(d, c->b) - xlnx(d, (size_t)c->a + c->b);
}

/* The power of two by which whole numbers up to max become 2^60 or less. */
static double
scale_for(double max)
{
	return ldexp(1, 59 - ilogb(max));
}

static int
make_scale(struct chi2 *d)
{
	double n = (double)d->n, m = (double)d->m, all = n + m;
	size_t room = d->n + d->m < TABLED ? d->n + d->m + 1 : TABLED;

	if (d->p.statistic == CHI2_PEARSON) {
		d->scale = scale_for(m);
		d->unit = all / n * (all / m) / d->scale;
		return 1;
	}
	d->scale = scale_for(all * log(all));
	d->unit = 2 / d->scale;
	d->xlnx = malloc(room * sizeof(*d->xlnx));
	if (d->xlnx == NULL)
		return 0;
	for (size_t x = 0; x < room; x++)
		d->xlnx[x] = xlnx(d, x);
	d->tabled = room;
	return 1;
}

/* Records of the reference that make a cell. */
static double
enough(const struct chi2 *d)
{
	double n = (double)d->n, m = (double)d->m;

	return d->p.min_expected * (n > m ? n / m : 1);
}

/* Gives the frequent classes their cells; how many these are. */
static size_t
deal_own(struct chi2 *d)
{
	size_t own = 0;

	for (size_t i = 0; i < d->p.classes; i++)
		if (d->ref[i] > 0 && d->ref[i] >= 2 * enough(d))
			d->home[i] = (uint32_t)own++;
	return own;
}

/*
 * Deals out the rest: a cell is full when it has enough, and the remainder
 * goes to the last. Returns how many cells these are, at least one. The turns
 * take codes that are far apart, as those of a reference are in the order of
 * their first appearance, the lucky ones first.
 */
static size_t
deal_shared(struct chi2 *d, size_t own)
{
	size_t room = 1, step, full = 0, held = 0;

	while (room < d->p.classes)
		room *= 2;
	step = (size_t)(0.618 * (double)room) | 1;
	for (size_t i = 0, at = 0; i < room; i++, at = (at + step) % room) {
		size_t a = at < d->p.classes ? d->ref[at] : 0;

		if (a == 0 || a >= 2 * enough(d))
			continue;
		d->home[at] = (uint32_t)(own + full);
		held += a;
		if (held >= enough(d)) {
			full++;
			held = 0;
		}
	}
	return full > 0 ? full : 1;
}

/* The cell of fewest records among the first k. */
static size_t
smallest(const struct chi2 *d, size_t k)
{
	size_t least = 0;

	for (size_t j = 1; j < k; j++)
		if (d->in[j].a < d->in[least].a)
			least = j;
	return least;
}

/* Gives each class its cell. */
static int
deal(struct chi2 *d)
{
	size_t own = deal_own(d), shared = deal_shared(d, own), join;

	d->own = own;
	d->cells = own + shared;
	d->in = calloc(d->cells, sizeof(*d->in));
	if (d->in == NULL)
		return 0;
	for (size_t i = 0; i < d->p.classes; i++) {
		if (d->ref[i] == 0)
			d->home[i] = (uint32_t)(own + i % shared);
		else if (d->home[i] >= d->cells)
			d->home[i] = (uint32_t)d->cells - 1;
		d->in[d->home[i]].a += d->ref[i];
	}
	if (own < 2 || d->in[own].a >= enough(d) ||
	    (d->p.statistic == CHI2_G && d->n >= d->m))
		return 1;
	join = smallest(d, own);
	d->in[join].a += d->in[own].a;
	for (size_t i = 0; i < d->p.classes; i++)
		if (d->home[i] == own)
			d->home[i] = (uint32_t)join;
	d->cells = own;
	return 1;
}

/* The sum of an empty window. */
static void
begin(struct chi2 *d)
{
	d->sum = 0;
	for (size_t j = 0; j < d->cells; j++)
		d->sum += term(d, &d->in[j]);
	if (d->p.statistic == CHI2_PEARSON) {
		d->base = -square(d, d->n, d->m);
		return;
	}
	d->base = xlnx(d, d->n + d->m) - xlnx(d, d->n) - xlnx(d, d->m);
	for (size_t j = 0; j < d->cells; j++)
		d->base += xlnx(d, d->in[j].a);
}

static int
allocate(struct chi2 *d)
{
	d->ref = calloc(d->p.classes, sizeof(*d->ref));
	d->count = calloc(d->p.classes, sizeof(*d->count));
	d->home = calloc(d->p.classes, sizeof(*d->home));
	d->ring = calloc(d->m, sizeof(*d->ring));
	return d->ref && d->count && d->home && d->ring;
}

const char *
chi2_init(
    struct chi2 *d, const struct chi2_params *p, const double *ref, size_t n)
{
	*d = (struct chi2){.p = *p, .n = n, .m = p->window};
	if (n == 0)
		return "the reference is empty";
	if (n >= (size_t)1 << 31 || d->m >= (size_t)1 << 31)
		return "reference or window is too large";
	if (!allocate(d) || !make_scale(d)) {
		chi2_free(d);
		return "out of memory";
	}
	for (size_t i = 0; i < n; i++)
		d->ref[(size_t)ref[i]]++;
	if (!deal(d)) {
		chi2_free(d);
		return "out of memory";
	}
	begin(d);
	return NULL;
}

/* One record more (by 1) or less (by -1) in a cell. */
static inline void
change(struct chi2 *d, size_t code, uint32_t by)
{
	struct chi2_cell *c = &d->in[d->home[code]];

	d->sum -= term(d, c);
	c->b += by;
	d->sum += term(d, c);
	d->count[code] += by;
	if (d->ref[code] == 0)
		d->unseen += (size_t)(int32_t)by;
}

void
chi2_add(struct chi2 *d, size_t code)
{
	if (d->held == d->m)
		change(d, d->ring[d->next], (uint32_t)-1);
	else
		d->held++;
	change(d, code, 1);
	d->ring[d->next] = (uint32_t)code;
	d->next = d->next + 1 == d->m ? 0 : d->next + 1;
}

/* The rounding of many terms may end below 0. */
static double
value(const struct chi2 *d, int64_t sum)
{
	return sum + d->base > 0 ? (double)(sum + d->base) * d->unit : 0;
}

int
chi2_stat(const struct chi2 *d, struct chi2_stat *s)
{
	if (d->held < d->m)
		return 0;
	s->stat = value(d, d->sum);
	/* Only where all that is unseen goes can there be nothing. */
	s->df = d->cells - 1;
	if (d->own < d->cells)
		s->df -= d->in[d->own].a + d->in[d->own].b == 0;
	s->unseen = d->unseen;
	return 1;
}

/* Puts the class where it belongs among the k largest so far. */
static size_t
insert(struct chi2_class *top, size_t k, struct chi2_class c)
{
	size_t i = k < CHI2_TOP ? k : CHI2_TOP - 1;

	if (k == CHI2_TOP && c.contribution <= top[i].contribution)
		return k;
	for (; i > 0 && top[i - 1].contribution < c.contribution; i--)
		top[i] = top[i - 1];
	top[i] = c;
	return k < CHI2_TOP ? k + 1 : k;
}

/* x ln(x / y), y > 0 */
static double
x_ln_ratio(double x, double y)
{
	return x > 0 ? x * log(x / y) : 0;
}

static struct chi2_class
describe(const struct chi2 *d, size_t code)
{
	double a = d->ref[code], b = d->count[code];
	double n = (double)d->n, m = (double)d->m;
	double mean = (a + b) / (n + m), off = n * b - m * a;
	struct chi2_class c = {
	    .code = code, .observed = d->count[code], .expected = m * a / n};

	if (d->p.statistic == CHI2_PEARSON)
		c.contribution = off * off / (n * m * (a + b));
	else
		c.contribution = 2 * (x_ln_ratio(a, n * mean) +
					 x_ln_ratio(b, m * mean));
	return c;
}

size_t
chi2_top(const struct chi2 *d, struct chi2_class *top, int only_unseen)
{
	size_t k = 0;

	for (size_t i = 0; i < d->p.classes; i++)
		if (only_unseen ? d->ref[i] == 0 && d->count[i] > 0
				: d->ref[i] + d->count[i] > 0)
			k = insert(top, k, describe(d, i));
	return k;
}

void
chi2_reset(struct chi2 *d)
{
	memset(d->count, 0, d->p.classes * sizeof(*d->count));
	for (size_t j = 0; j < d->cells; j++)
		d->in[j].b = 0;
	d->next = d->held = d->unseen = 0;
	begin(d);
}

void
chi2_state(struct chi2 *d, struct store *s)
{
	size_t held = d->held, next = d->next;

	store_size(s, "held", &held, 0, d->m);
	store_size(s, "next", &next, 0, d->m - 1);
	store_u32s(s, "ring", d->ring, held, (uint32_t)d->p.classes - 1);
	if (!store_reading(s) || s->why != NULL)
		return;
	chi2_reset(d);
	d->next = held < d->m ? 0 : next;
	while (d->held < held)
		chi2_add(d, d->ring[d->next]);
}

void
chi2_free(struct chi2 *d)
{
	free(d->ref);
	free(d->count);
	free(d->home);
	free(d->in);
	free(d->ring);
	free(d->xlnx);
	*d = (struct chi2){0};
}

size_t
chi2_law(const struct chi2 *d)
{
	size_t k = d->cells, step = 1;

	if (d->own < k && d->in[d->own].a == 0)
		k--;
	if (k < 2)
		k = 2;
	while (k > 16 * step)
		step *= 2;
	return (k + step - 1) / step * step;
}

/* The largest sum from the full window on; INT64_MIN if it never fills. */
static int64_t
live(struct chi2 *d, unsigned long long horizon, struct rng *r)
{
	int64_t max = INT64_MIN;

	for (unsigned long long i = 0; i < horizon; i++) {
		chi2_add(d, rng_below(r, d->p.classes));
		if (d->held == d->m && d->sum > max)
			max = d->sum;
	}
	return max;
}

double
chi2_simulate(const struct chi2 *d, unsigned long long horizon, struct rng *r)
{
	struct chi2 life = {.p = d->p,
	    .n = d->n,
	    .m = d->m,
	    .scale = d->scale,
	    .unit = d->unit,
	    .xlnx = d->xlnx,
	    .tabled = d->tabled};
	double max = NAN;
	int64_t sum;

	life.p.classes = chi2_law(d);
	life.p.min_expected = 0;
	if (allocate(&life)) {
		for (size_t i = 0; i < d->n; i++)
			life.ref[rng_below(r, life.p.classes)]++;
		if (deal(&life)) {
			begin(&life);
			sum = live(&life, horizon, r);
			max = sum == INT64_MIN ? -INFINITY : value(&life, sum);
		}
	}
	life.xlnx = NULL; /* is lent by d */
	chi2_free(&life);
	return max;
}
