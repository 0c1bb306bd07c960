#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/arl.h"
#include "detect/pht.h"
#include "base/memory.h"

static int
upwards(int side)
{
	return side == PHT_RISE || side == PHT_WIDER;
}

/* A stream that has had no record. */
static const char *
begin(struct pht *d, struct pht_ref *r)
{
	int failed = 0;

	*d = (struct pht){.ref = r, .cap = DBL_MAX};
	if (r->params.form == PHT_UNKNOWN) {
		d->focus = calloc(1, sizeof(*d->focus));
		failed = d->focus == NULL || focus_init(d->focus) < 0;
	} else if (r->params.form == PHT_COMPAT) {
		d->compat = malloc(sizeof(*d->compat));
		failed = d->compat == NULL;
		if (!failed)
			phtcompat_init(d->compat, &r->params.compat);
	}
	if (!failed && r->score.ref != NULL)
		failed = nscore_share(&d->score, &r->score) < 0;
	return failed ? NO_MEMORY : NULL;
}

const char *
pht_init(void *pht, const void *params, const double *ref, size_t n)
{
	const char *why;
	struct pht_ref *r = pht_ref_new(params, ref, n, &why);

	*(struct pht *)pht = (struct pht){0};
	return r != NULL ? begin(pht, r) : why;
}

const char *
pht_share(void *pht, const void *other)
{
	struct pht_ref *r = ((const struct pht *)other)->ref;

	r->users++;
	return begin(pht, r);
}

void
pht_hold(void *pht, double limit)
{
	struct pht *d = pht;

	if (d->ref->params.form == PHT_UNKNOWN)
		focus_hold(d->focus, limit);
	/* Twice a limit of 0 would keep the sums from ever exceeding it. */
	d->cap = limit > 0 ? 2 * limit : DBL_MAX;
}

void
pht_reset(void *pht)
{
	struct pht *d = pht;

	if (d->ref->params.form == PHT_UNKNOWN)
		focus_reset(d->focus);
	else if (d->ref->params.form == PHT_COMPAT)
		phtcompat_reset(d->compat);
	else
		memset(d->side, 0, sizeof(d->side));
}

static void
add_side(struct pht_side *s, double increment, double cap)
{
	s->sum += increment;
	s->since++;
	if (s->sum <= 0) {
		s->sum = 0;
		s->since = 0;
	}
	if (s->sum > cap)
		s->sum = cap;
}

/* z, and its square where that is summed. */
static double
score(struct pht *d, double x, double *square)
{
	const struct pht_ref *r = d->ref;
	double z, z2;

	if (r->params.scores == PHT_RANKS) {
		if (r->params.change == PHT_MEAN)
			return nscore_of(&d->score, x);
		*square = nscore_square(&d->score, x, &z);
		return z;
	}
	z = x * r->unit - r->mean;
	/* Comparisons, since fmin and fmax are calls. */
	if (z != 0)
		z /= r->sd;
	if (fabs(z) > DBL_MAX)
		z = z < 0 ? -DBL_MAX : DBL_MAX;
	z2 = z * z;
	*square = z2 > r->least ? z2 : r->least;
	return z;
}

void
pht_add(void *pht, double x)
{
	struct pht *d = pht;
	struct pht_ref *r = d->ref;
	double z, square, k = r->params.k;

	if (r->params.form == PHT_COMPAT) {
		phtcompat_add(d->compat, x);
		return;
	}
	r->z = z = score(d, x, &r->square);
	square = r->square;
	if (r->params.form == PHT_UNKNOWN) {
		focus_add(d->focus, z);
		return;
	}
	if (r->params.change != PHT_SPREAD) {
		add_side(&d->side[PHT_RISE], r->scale * (z - k), d->cap);
		add_side(&d->side[PHT_FALL], r->scale * (-z - k), d->cap);
	}
	if (r->params.change != PHT_MEAN) {
		add_side(&d->side[PHT_WIDER], square * r->grows - r->log_ratio,
		    d->cap);
		add_side(&d->side[PHT_NARROWER],
		    r->log_ratio - square * r->ebbs, d->cap);
	}
}

static int
compat_stat(const struct pht *d, struct pht_stat *s)
{
	struct phtcompat_stat c;

	if (!phtcompat_stat(d->compat, &c))
		return 0;
	*s = (struct pht_stat){c.stat, PHT_MEAN, c.direction, c.since, 0};
	return 1;
}

static void
focused(const struct pht *d, struct pht_stat *s)
{
	struct focus_stat f;

	focus_stat(d->focus, &f);
	*s = (struct pht_stat){f.stat, PHT_MEAN, f.direction, f.since, f.size};
}

/* The side that leads. */
static int
leader(const struct pht *d)
{
	const struct pht_ref *r = d->ref;
	int best = r->used[0];

	for (int i = 1; i < r->sides; i++)
		if (d->side[r->used[i]].sum > d->side[best].sum)
			best = r->used[i];
	return best;
}

static void
standard(const struct pht *d, struct pht_stat *s)
{
	int best = leader(d);

	s->stat = d->side[best].sum;
	s->change = best < PHT_WIDER ? PHT_MEAN : PHT_SPREAD;
	s->direction = upwards(best) ? 1 : -1;
	s->since = d->side[best].since;
	s->size = 0;
}

int
pht_stat(const struct pht *d, struct pht_stat *s)
{
	if (d->ref->params.form == PHT_COMPAT)
		return compat_stat(d, s);
	if (d->ref->params.form == PHT_UNKNOWN)
		focused(d, s);
	else
		standard(d, s);
	return 1;
}

int
pht_value(const void *pht, double *stat)
{
	struct pht_stat s;
	int ready = pht_stat(pht, &s);

	if (ready)
		*stat = s.stat;
	return ready;
}

long long
pht_since(const void *pht)
{
	struct pht_stat s;

	return pht_stat(pht, &s) ? (long long)s.since : -1;
}

void
pht_print(void *pht, struct buf *out)
{
	const struct pht *d = pht;
	struct pht_stat s;

	pht_stat(d, &s);
	if (d->ref->params.change == PHT_BOTH)
		buf_key_str(
		    out, "change", s.change == PHT_MEAN ? "mean" : "spread");
	buf_str(out, s.direction > 0 ? ",\"direction\":\"up\""
				     : ",\"direction\":\"down\"");
	if (d->ref->params.form == PHT_UNKNOWN)
		buf_key_real(out, "shift", s.size);
}

void
pht_free(void *pht)
{
	struct pht *d = pht;

	if (d->ref == NULL)
		return;
	if (d->ref->params.form == PHT_UNKNOWN) {
		if (d->focus != NULL)
			focus_free(d->focus);
		free(d->focus);
	}
	if (d->ref->params.form == PHT_COMPAT)
		free(d->compat);
	nscore_free(&d->score);
	pht_ref_free(d->ref);
	*d = (struct pht){0};
}

double
pht_arl_limit(const struct pht_params *p, double arl0, double tests)
{
	int one = p->direction == PHTCOMPAT_UP ||
		  p->direction == PHTCOMPAT_DOWN;

	return arl_limit(p->k, (one ? 1 : 2) * arl0 * tests);
}

int
pht_starts_untaught(const void *params)
{
	const struct pht_params *p = params;

	return p->form == PHT_COMPAT;
}

double
pht_simulate(
    const void *params, size_t n, unsigned long long horizon, struct rng *r)
{
	const struct pht_params *p = params;
	double *ref = malloc(n * sizeof(*ref)), max = -INFINITY;
	double (*draw)(struct rng *) = p->scores == PHT_RANKS ? rng_uniform
							      : rng_normal;
	struct pht_params own = *p;
	struct pht d;

	if (ref == NULL)
		return NAN;
	for (size_t i = 0; i < n; i++)
		ref[i] = draw(r);
	if (p->random_ties)
		own.seed = rng_next(r);
	if (pht_init(&d, &own, ref, n) != NULL)
		max = NAN;
	free(ref);
	for (unsigned long long t = 0; t < horizon && !isnan(max); t++) {
		double stat;

		pht_add(&d, draw(r));
		if (pht_value(&d, &stat) && stat > max)
			max = stat;
	}
	pht_free(&d);
	return max;
}

void
pht_state(void *pht, struct store *s)
{
	struct pht *d = pht;

	if (d->ref->params.scores == PHT_RANKS)
		nscore_state(&d->score, s);
	if (d->ref->params.form == PHT_UNKNOWN)
		focus_state(d->focus, s);
	if (d->ref->params.form == PHT_COMPAT)
		phtcompat_state(d->compat, s);
	if (d->ref->params.form != PHT_STANDARD)
		return;
	store_open(s, "sides", '[');
	for (int i = 0; i < PHT_SIDES; i++) {
		store_real(s, NULL, &d->side[i].sum);
		store_count(s, NULL, &d->side[i].since);
	}
	store_close(s, ']');
}
