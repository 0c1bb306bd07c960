#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "detect/pht_ref.h"
#include "stats/ar.h"
#include "stats/stat.h"

/*
 * A log-likelihood ratio up to which a stream shows no sign of a change: five
 * are the odds of 148 to 1, which chance reaches now and then. With less, an
 * error of a short reference would keep it from growing; with more, more of a
 * change would go into it. FOCuS has the largest of many ratios.
 */
static const double calm_ratio = 5, calm_focus = 8;

/* Mean and deviation of the reference; returns why they are no use, or NULL. */
static const char *
standardise(struct pht_ref *r, const double *ref, size_t n)
{
	struct stat s;

	stat_of(&s, ref, n);
	if (!isfinite(s.std))
		return "the reference is too large to square";
	r->unit = fmax(fabs(s.mean), s.std) > 1e250 ? 0.25 : 1;
	r->mean = s.mean * r->unit;
	r->sd = s.std * r->unit;
	r->least = !(r->sd > 0);
	return NULL;
}

/* Whether the form sums that side. */
static int
wanted(const struct pht_params *p, int side)
{
	enum pht_change other = side < PHT_WIDER ? PHT_SPREAD : PHT_MEAN;
	int up = side == PHT_RISE || side == PHT_WIDER;
	enum phtcompat_direction away = up ? PHTCOMPAT_DOWN : PHTCOMPAT_UP;

	return p->change != other && p->direction != away;
}

static void
choose_sides(struct pht_ref *r)
{
	const struct pht_params *p = &r->params;
	double square = p->ratio * p->ratio;

	for (int i = 0; i < PHT_SIDES; i++)
		if (wanted(p, i))
			r->used[r->sides++] = i;
	r->scale = p->change == PHT_BOTH ? 2 * p->k : 1;
	r->calm = p->form == PHT_UNKNOWN ? calm_focus : calm_ratio;
	if (p->form == PHT_STANDARD && p->change == PHT_MEAN)
		r->calm /= 2 * p->k;
	if (p->change == PHT_MEAN)
		return;
	r->log_ratio = log(p->ratio);
	r->grows = (1 - 1 / square) / 2;
	r->ebbs = (square - 1) / 2;
}

static int
score_flags(const struct pht_params *p)
{
	return (p->random_ties ? NSCORE_RANDOM : 0) |
	       (p->change != PHT_MEAN ? NSCORE_SQUARES : 0);
}

/* Returns why it can't, or NULL. */
static const char *
learn(struct pht_ref *r, const double *ref, size_t n)
{
	const struct pht_params *p = &r->params;

	if (p->form == PHT_COMPAT)
		return NULL;
	choose_sides(r);
	if (n < 2)
		return "the reference has fewer than 2 values";
	if (p->scores == PHT_VALUES)
		return standardise(r, ref, n);
	if (nscore_init(&r->score, ref, n, score_flags(p), p->seed) < 0)
		return NO_MEMORY;
	return NULL;
}

struct pht_ref *
pht_ref_new(
    const struct pht_params *p, const double *ref, size_t n, const char **why)
{
	struct pht_ref *r = malloc(sizeof(*r));

	*why = NO_MEMORY;
	if (r == NULL)
		return NULL;
	*r = (struct pht_ref){.users = 1, .params = *p, .n = n};
	*why = learn(r, ref, n);
	if (*why == NULL)
		return r;
	pht_ref_free(r);
	return NULL;
}

/* The moments of r and of what is added to it. */
static struct pht_ref *
join_moments(
    const struct pht_ref *r, size_t n, double mean, double m2, const char **why)
{
	double had = (double)r->n, more = (double)n, all = had + more;
	struct pht_ref *j = malloc(sizeof(*j));

	*why = NO_MEMORY;
	if (j == NULL)
		return NULL;
	*j = *r;
	j->users = 1;
	j->n += n;
	j->mean += r->sd * mean * more / all;
	m2 += had - 1 + mean * mean * had * more / all;
	j->sd = r->sd * sqrt(m2 / (all - 1));
	j->least = !(j->sd > 0);
	return j;
}

struct pht_ref *
pht_ref_join(const struct pht_ref *r, size_t n, double mean, double m2,
    const double *value, const char **why)
{
	struct pht_ref *j = NULL;
	double *all;

	if (r->params.scores == PHT_VALUES)
		return join_moments(r, n, mean, m2, why);
	all = malloc((r->n + n) * sizeof(*all));
	*why = NO_MEMORY;
	if (all == NULL)
		return NULL;
	memcpy(all, r->score.ref->value, r->n * sizeof(*all));
	memcpy(all + r->n, value, n * sizeof(*all));
	j = pht_ref_new(&r->params, all, r->n + n, why);
	free(all);
	return j;
}

void
pht_ref_free(struct pht_ref *r)
{
	if (r == NULL || --r->users > 0)
		return;
	nscore_free(&r->score);
	free(r);
}

/*
 * Without an option it is as it was before there were any. Residuals of a
 * reference are fewer than it has values.
 */
void
pht_ref_key(const void *params, size_t n, struct buf *out)
{
	const struct pht_params *p = params;
	static const char *const change[] = {"", "-spread", "-both"};
	static const char *const direction[] = {"", "", "-up", "-down"};

	buf_str(out, "pht");
	if (p->scores == PHT_RANKS)
		buf_str(out, p->random_ties ? "-rank-random" : "-rank-middle");
	if (p->grow > 0 && n < p->shorter + AR_MOST) {
		buf_str(out, "-grow=");
		buf_int(out, (long long)p->grow);
		buf_str(out, ",");
		buf_int(out, (long long)p->shorter);
	}
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
