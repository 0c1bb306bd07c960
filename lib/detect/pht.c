#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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
	if (!failed && pht_grow_wanted(r)) {
		d->grow = pht_grow_new(r);
		failed = d->grow == NULL;
	}
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
	const struct pht *o = other;
	struct pht_ref *r = o->grow != NULL ? o->grow->base : o->ref;

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

/* Of the scores, the reference is another; what has been drawn is drawn. */
static void
use(struct pht *d, struct pht_ref *r)
{
	struct rng *rng = d->score.rng;

	d->ref = r;
	if (d->score.ref == NULL || d->score.ref == r->score.ref)
		return;
	d->score.rng = NULL;
	nscore_free(&d->score);
	d->score = (struct nscore){.ref = r->score.ref, .rng = rng};
	d->score.ref->users++;
}

void
pht_reset(void *pht)
{
	struct pht *d = pht;

	if (d->grow != NULL)
		use(d, pht_grow_reset(d->grow, d->ref));
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

static void
add_sides(struct pht *d, double z, double square)
{
	const struct pht_ref *r = d->ref;
	double k = r->params.k;

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

static void
focused(const struct pht *d, struct pht_stat *s)
{
	struct focus_stat f;

	focus_stat(d->focus, &f);
	*s = (struct pht_stat){f.stat, PHT_MEAN, f.direction, f.since, f.size};
}

/* The largest statistic, whatever the direction. */
static double
sign(const struct pht *d)
{
	double most = 0;
	struct pht_stat s;

	if (d->ref->params.form == PHT_UNKNOWN) {
		focused(d, &s);
		return s.stat;
	}
	for (int i = 0; i < PHT_SIDES; i++)
		most = d->side[i].sum > most ? d->side[i].sum : most;
	return most;
}

void
pht_add(void *pht, double x)
{
	struct pht *d = pht;
	struct pht_ref *r = d->ref;

	if (r->params.form == PHT_COMPAT) {
		phtcompat_add(d->compat, x);
		return;
	}
	r->z = score(d, x, &r->square);
	if (r->params.form == PHT_UNKNOWN)
		focus_add(d->focus, r->z);
	else
		add_sides(d, r->z, r->square);
	if (d->grow != NULL)
		use(d, pht_grow_add(d->grow, r, x, sign(d)));
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
	if (d->grow != NULL && d->grow->failed)
		s->stat = NAN;
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
	pht_grow_free(d->grow);
	pht_ref_free(d->ref);
	*d = (struct pht){0};
}

int
pht_starts_untaught(const void *params)
{
	const struct pht_params *p = params;

	return p->form == PHT_COMPAT;
}

/* One that began when none did keeps its reference. */
static void
grow_state(struct pht *d, struct store *s)
{
	if (!store_optional(s, "grow", d->grow != NULL)) {
		pht_grow_free(d->grow);
		d->grow = NULL;
	} else if (d->grow == NULL) {
		store_refuse(s, "a reference that does not grow");
	} else {
		store_open(s, "grow", '{');
		use(d, pht_grow_state(d->grow, d->ref, s));
		store_close(s, '}');
	}
}

void
pht_state(void *pht, struct store *s)
{
	struct pht *d = pht;

	grow_state(d, s);
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
