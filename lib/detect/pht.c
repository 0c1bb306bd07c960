#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "detect/arl.h"
#include "detect/pht.h"
#include "stats/stat.h"
#include "base/memory.h"

/* Mean and deviation of the reference; returns why they are no use, or NULL. */
static const char *
standardise(struct pht *d, const double *ref, size_t n)
{
	struct stat s;

	stat_of(&s, ref, n);
	if (!isfinite(s.std))
		return "the reference is too large to square";
	d->unit = fmax(fabs(s.mean), s.std) > 1e250 ? 0.25 : 1;
	d->mean = s.mean * d->unit;
	d->sd = s.std * d->unit;
	d->least = !(s.std > 0);
	return NULL;
}

static int
upwards(int side)
{
	return side == PHT_RISE || side == PHT_WIDER;
}

/* Whether the form sums that side. */
static int
wanted(const struct pht_params *p, int side)
{
	enum pht_change other = side < PHT_WIDER ? PHT_SPREAD : PHT_MEAN;
	enum phtcompat_direction away = upwards(side) ? PHTCOMPAT_DOWN
						      : PHTCOMPAT_UP;

	return p->change != other && p->direction != away;
}

static void
choose_sides(struct pht *d)
{
	const struct pht_params *p = &d->params;
	double square = p->ratio * p->ratio;

	for (int i = 0; i < PHT_SIDES; i++)
		if (wanted(p, i))
			d->used[d->sides++] = i;
	d->scale = p->change == PHT_BOTH ? 2 * p->k : 1;
	if (p->change == PHT_MEAN)
		return;
	d->log_ratio = log(p->ratio);
	d->grows = (1 - 1 / square) / 2;
	d->ebbs = (square - 1) / 2;
}

static int
score_flags(const struct pht_params *p)
{
	return (p->random_ties ? NSCORE_RANDOM : 0) |
	       (p->change != PHT_MEAN ? NSCORE_SQUARES : 0);
}

const char *
pht_init(void *pht, const void *params, const double *ref, size_t n)
{
	const struct pht_params *p = params;
	struct pht *d = pht;

	*d = (struct pht){.params = *p, .cap = DBL_MAX};
	if (p->form == PHT_COMPAT) {
		phtcompat_init(&d->compat, &p->compat);
		return NULL;
	}
	choose_sides(d);
	if (n < 2)
		return "the reference has fewer than 2 values";
	if (p->form == PHT_UNKNOWN && focus_init(&d->focus) < 0)
		return NO_MEMORY;
	if (p->scores == PHT_VALUES)
		return standardise(d, ref, n);
	if (nscore_init(&d->score, ref, n, score_flags(p), p->seed) < 0)
		return NO_MEMORY;
	return NULL;
}

const char *
pht_share(void *pht, const void *other)
{
	const struct pht *from = other;
	struct pht *d = pht;

	*d = *from;
	d->focus = (struct focus){0};
	if (from->params.scores == PHT_RANKS)
		nscore_share(&d->score, &from->score);
	if (d->params.form == PHT_UNKNOWN && focus_init(&d->focus) < 0)
		return NO_MEMORY;
	pht_reset(d);
	return NULL;
}

void
pht_hold(void *pht, double limit)
{
	struct pht *d = pht;

	if (d->params.form == PHT_UNKNOWN)
		focus_hold(&d->focus, limit);
	/* Twice a limit of 0 would keep the sums from ever exceeding it. */
	d->cap = limit > 0 ? 2 * limit : DBL_MAX;
}

void
pht_reset(void *pht)
{
	struct pht *d = pht;

	for (int i = 0; i < PHT_SIDES; i++)
		d->side[i] = (struct pht_side){0, 0};
	if (d->params.form == PHT_UNKNOWN)
		focus_reset(&d->focus);
	if (d->params.form == PHT_COMPAT)
		phtcompat_reset(&d->compat);
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
	double z, z2;

	if (d->params.scores == PHT_RANKS) {
		if (d->params.change == PHT_MEAN)
			return nscore_of(&d->score, x);
		*square = nscore_square(&d->score, x, &z);
		return z;
	}
	z = x * d->unit - d->mean;
	/* Comparisons, since fmin and fmax are calls. */
	if (z != 0)
		z /= d->sd;
	if (fabs(z) > DBL_MAX)
		z = z < 0 ? -DBL_MAX : DBL_MAX;
	z2 = z * z;
	*square = z2 > d->least ? z2 : d->least;
	return z;
}

void
pht_add(void *pht, double x)
{
	struct pht *d = pht;
	double z, square, k = d->params.k;

	if (d->params.form == PHT_COMPAT) {
		phtcompat_add(&d->compat, x);
		return;
	}
	d->z = z = score(d, x, &d->square);
	square = d->square;
	if (d->params.form == PHT_UNKNOWN) {
		focus_add(&d->focus, z);
		return;
	}
	if (d->params.change != PHT_SPREAD) {
		add_side(&d->side[PHT_RISE], d->scale * (z - k), d->cap);
		add_side(&d->side[PHT_FALL], d->scale * (-z - k), d->cap);
	}
	if (d->params.change != PHT_MEAN) {
		add_side(&d->side[PHT_WIDER], square * d->grows - d->log_ratio,
		    d->cap);
		add_side(&d->side[PHT_NARROWER],
		    d->log_ratio - square * d->ebbs, d->cap);
	}
}

static int
compat_stat(const struct pht *d, struct pht_stat *s)
{
	struct phtcompat_stat c;

	if (!phtcompat_stat(&d->compat, &c))
		return 0;
	*s = (struct pht_stat){c.stat, PHT_MEAN, c.direction, c.since, 0};
	return 1;
}

static void
focused(const struct pht *d, struct pht_stat *s)
{
	struct focus_stat f;

	focus_stat(&d->focus, &f);
	*s = (struct pht_stat){f.stat, PHT_MEAN, f.direction, f.since, f.size};
}

/* The side that leads. */
static int
leader(const struct pht *d)
{
	int best = d->used[0];

	for (int i = 1; i < d->sides; i++)
		if (d->side[d->used[i]].sum > d->side[best].sum)
			best = d->used[i];
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
	if (d->params.form == PHT_COMPAT)
		return compat_stat(d, s);
	if (d->params.form == PHT_UNKNOWN)
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
	if (d->params.change == PHT_BOTH)
		buf_key_str(
		    out, "change", s.change == PHT_MEAN ? "mean" : "spread");
	buf_str(out, s.direction > 0 ? ",\"direction\":\"up\""
				     : ",\"direction\":\"down\"");
	if (d->params.form == PHT_UNKNOWN)
		buf_key_real(out, "shift", s.size);
}

size_t
pht_parts(const void *pht)
{
	return ((const struct pht *)pht)->params.form != PHT_COMPAT;
}

static double
spread_score(double square)
{
	return (square - 1) / sqrt(2);
}

/* The mean score of a side that leads by the sum of its increments. */
static double
mean_score(const struct pht *d, int side)
{
	double step = d->side[side].sum / (double)d->side[side].since;

	switch (side) {
	case PHT_RISE:
	case PHT_FALL:
		return step / d->scale + d->params.k;
	case PHT_WIDER:
		return spread_score((step + d->log_ratio) / d->grows);
	default:
		return -spread_score((d->log_ratio - step) / d->ebbs);
	}
}

void
pht_aim(const void *pht, struct ending *e)
{
	const struct pht *d = pht;
	struct pht_stat s;

	pht_stat(d, &s);
	if (d->params.form == PHT_UNKNOWN) {
		e->direction[0] = s.direction > 0 ? PHT_RISE : PHT_FALL;
		ending_size(e, (double)s.since, fabs(s.size));
	} else {
		e->direction[0] = leader(d);
		ending_size(e, (double)s.since, mean_score(d, leader(d)));
	}
}

double
pht_score(const void *pht, const double *direction)
{
	const struct pht *d = pht;
	double s = *direction < PHT_WIDER ? d->z : spread_score(d->square);

	return *direction == PHT_RISE || *direction == PHT_WIDER ? s : -s;
}

void
pht_free(void *pht)
{
	struct pht *d = pht;

	nscore_free(&d->score);
	focus_free(&d->focus);
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

/* Without an option it is as it was before there were any. */
void
pht_key(const void *params, struct buf *out)
{
	const struct pht_params *p = params;
	static const char *const change[] = {"", "-spread", "-both"};
	static const char *const direction[] = {"", "", "-up", "-down"};

	buf_str(out, "pht");
	if (p->scores == PHT_RANKS)
		buf_str(out, p->random_ties ? "-rank-random" : "-rank-middle");
	if (p->form == PHT_UNKNOWN) {
		buf_str(out, "-shift=unknown");
		return;
	}
	buf_str(out, change[p->change]);
	buf_str(out, direction[p->direction]);
	if (p->change != PHT_SPREAD) {
		buf_str(out, "-allowance=");
		buf_real(out, p->k);
	}
	if (p->change != PHT_MEAN) {
		buf_str(out, "-ratio=");
		buf_real(out, p->ratio);
	}
}

void
pht_state(void *pht, struct store *s)
{
	struct pht *d = pht;

	if (d->params.scores == PHT_RANKS)
		nscore_state(&d->score, s);
	if (d->params.form == PHT_UNKNOWN)
		focus_state(&d->focus, s);
	if (d->params.form == PHT_COMPAT)
		phtcompat_state(&d->compat, s);
	if (d->params.form != PHT_STANDARD)
		return;
	store_open(s, "sides", '[');
	for (int i = 0; i < PHT_SIDES; i++) {
		store_real(s, NULL, &d->side[i].sum);
		store_count(s, NULL, &d->side[i].since);
	}
	store_close(s, ']');
}

const struct kind_verbs pht_verbs = {
    .size = sizeof(struct pht),
    .init = pht_init,
    .share = pht_share,
    .hold = pht_hold,
    .add = pht_add,
    .value = pht_value,
    .since = pht_since,
    .print = pht_print,
    .reset = pht_reset,
    .state = pht_state,
    .parts = pht_parts,
    .aim = pht_aim,
    .score = pht_score,
    .free = pht_free,
    .starts_untaught = pht_starts_untaught,
    .key = pht_key,
    .simulate = pht_simulate,
};
