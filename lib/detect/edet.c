#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "detect/edet.h"
#include "detect/nscore.h"
#include "stats/rng.h"
#include "stats/sort.h"
#include "stats/special.h"

/* A bet of half or twice the right size still wins three quarters as fast. */
const struct edet_bet edet_bet[EDET_BETS] = {
    {0.35, 1},
    {-0.35, 1},
    {0.7, 1},
    {-0.7, 1},
    {1.4, 1},
    {-1.4, 1},
    {2.8, 1},
    {-2.8, 1},
    {0, 0.6},
    {0, 1.7},
};

/* Of records, that a bet on scores of this distribution looks back on. */
static const double horizons = 8;
static const double most = 1e12;

/* Labels of n values, in order within each run of equal ones. */
static void
draw_labels(struct edet_ref *r, uint64_t seed)
{
	const struct iks_ref *v = r->values;
	struct rng rng;

	rng_seed(&rng, seed, 0);
	for (size_t i = 0; i < v->n; i++)
		r->label[i] = rng_uniform(&rng);
	for (size_t j = 0; j < v->rank.n; j++)
		sort_reals(r->label + v->upto[j], v->upto[j + 1] - v->upto[j]);
}

static void
tabulate(struct edet_ref *r)
{
	double gaps = (double)r->values->n + 1;

	for (size_t b = 0; b < EDET_BETS; b++) {
		double m = edet_bet[b].mean, s = edet_bet[b].deviation;
		double gain = (s * s + m * m - 1) / 2 - log(s);

		r->keep[b] = 1 - fmin(gain / horizons, 0.5);
		for (size_t j = 0; j <= r->values->n; j++) {
			double z = special_normal_quantile(
			    ((double)j + 0.5) / gaps);
			double from = (z - m) / s;
			double g = exp((z * z - from * from) / 2) / s;

			r->odds[j * EDET_BETS + b] = g;
			r->all[b] += g;
		}
	}
}

static void
free_ref(struct edet_ref *r)
{
	if (r == NULL || --r->users > 0)
		return;
	iks_ref_free(r->values);
	free(r->label);
	free(r->odds);
	free(r);
}

/* NULL without memory. */
static struct edet_ref *
new_ref(const double *ref, size_t n)
{
	struct edet_ref *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->users = 1;
	r->values = iks_ref_new(ref, n);
	r->label = malloc(n * sizeof(*r->label));
	r->odds = malloc((n + 1) * EDET_BETS * sizeof(*r->odds));
	if (r->values == NULL || r->label == NULL || r->odds == NULL) {
		free_ref(r);
		return NULL;
	}
	draw_labels(r, nscore_seed(0, ref, n));
	tabulate(r);
	return r;
}

void
edet_reset(void *edet)
{
	struct edet *d = edet;

	d->records = 0;
	for (size_t b = 0; b < EDET_BETS; b++) {
		d->wealth[b] = 1;
		d->sum[b] = d->ref->all[b];
		d->since[b] = 0;
	}
}

const char *
edet_init(void *edet, const void *params, const double *ref, size_t n)
{
	struct edet *d = edet;

	(void)params;
	*d = (struct edet){0};
	if (n < 2)
		return "the reference has fewer than 2 values";
	if (n >= (size_t)1 << 30)
		return "the reference has too many values";
	d->ref = new_ref(ref, n);
	if (d->ref == NULL)
		return NO_MEMORY;
	edet_reset(d);
	return NULL;
}

const char *
edet_share(void *edet, const void *other)
{
	struct edet *d = edet;

	*d = (struct edet){.ref = ((const struct edet *)other)->ref};
	d->ref->users++;
	edet_reset(d);
	return NULL;
}

void
edet_seed(void *edet, uint64_t seed)
{
	struct edet *d = edet;

	d->seed = seed;
	if (d->ref->users == 1)
		draw_labels(d->ref, seed);
}

/* J_t */
static size_t
place(const struct edet *d, double x)
{
	const struct iks_ref *v = d->ref->values;
	uint32_t code = iks_ref_code(v, x);
	size_t below = v->upto[code / 2], upto = v->upto[(code + 1) / 2];
	struct rng rng;
	double label;

	if (below == upto)
		return below;
	rng_seed(&rng, d->seed, d->records + 1);
	label = rng_uniform(&rng);
	while (below < upto) {
		size_t middle = below + (upto - below) / 2;

		if (d->ref->label[middle] < label)
			below = middle + 1;
		else
			upto = middle;
	}
	return below;
}

void
edet_add(void *edet, double x)
{
	struct edet *d = edet;
	const double *odds;
	double urn = (double)(d->ref->values->n + d->records + 1);

	d->ref->place = place(d, x);
	d->records++;
	odds = d->ref->odds + d->ref->place * EDET_BETS;
	for (size_t b = 0; b < EDET_BETS; b++) {
		double keep = d->ref->keep[b];
		double m = odds[b] * urn / d->sum[b] *
			   (1 - keep + keep * d->wealth[b]);

		d->sum[b] += odds[b];
		d->wealth[b] = m < most ? m : most;
		if (!(m > 1))
			d->since[b] = 0;
		else if (d->since[b] < UINT32_MAX)
			d->since[b]++;
	}
}

int
edet_value(const void *edet, double *stat)
{
	const struct edet *d = edet;
	double e = 0;

	for (size_t b = 0; b < EDET_BETS; b++)
		e += d->wealth[b];
	*stat = log10(e / EDET_BETS);
	return 1;
}

size_t
edet_leader(const struct edet *d)
{
	size_t best = 0;

	for (size_t b = 1; b < EDET_BETS; b++)
		if (d->wealth[b] > d->wealth[best])
			best = b;
	return best;
}

long long
edet_since(const void *edet)
{
	const struct edet *d = edet;

	return (long long)d->since[edet_leader(d)];
}

void
edet_print(void *edet, struct buf *out)
{
	const struct edet_bet *bet = &edet_bet[edet_leader(edet)];
	int spread = bet->mean == 0;
	int up = spread ? bet->deviation > 1 : bet->mean > 0;

	buf_key_str(out, "change", spread ? "spread" : "mean");
	buf_key_str(out, "direction", up ? "up" : "down");
}

void
edet_state(void *edet, struct store *s)
{
	struct edet *d = edet;

	store_count(s, "records", &d->records);
	store_reals(s, "wealth", d->wealth, EDET_BETS);
	store_reals(s, "sum", d->sum, EDET_BETS);
	store_u32s(s, "since", d->since, EDET_BETS, UINT32_MAX);
	for (size_t b = 0; b < EDET_BETS && store_reading(s); b++)
		if (!(d->wealth[b] >= 0 && d->wealth[b] <= most &&
			d->sum[b] >= d->ref->all[b] && isfinite(d->sum[b])))
			store_refuse(s, "wealth that no bet has");
}

void
edet_free(void *edet)
{
	struct edet *d = edet;

	free_ref(d->ref);
	*d = (struct edet){0};
}

double
edet_simulate(
    const void *params, size_t n, unsigned long long horizon, struct rng *r)
{
	double *ref = malloc(n * sizeof(*ref)), stat, max = -INFINITY;
	struct edet d;

	if (ref == NULL)
		return NAN;
	for (size_t i = 0; i < n; i++)
		ref[i] = rng_uniform(r);
	if (edet_init(&d, params, ref, n) != NULL)
		max = NAN;
	free(ref);
	for (unsigned long long t = 0; t < horizon && !isnan(max); t++) {
		edet_add(&d, rng_uniform(r));
		edet_value(&d, &stat);
		if (stat > max)
			max = stat;
	}
	edet_free(&d);
	return max;
}

void
edet_key(const void *params, size_t n, struct buf *out)
{
	(void)params;
	(void)n;
	buf_str(out, "edet");
}
