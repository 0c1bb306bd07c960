#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "detect/pht_ref.h"
#include "stats/stat.h"

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
	r->least = !(s.std > 0);
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
	*r = (struct pht_ref){.users = 1, .params = *p};
	*why = learn(r, ref, n);
	if (*why == NULL)
		return r;
	pht_ref_free(r);
	return NULL;
}

void
pht_ref_free(struct pht_ref *r)
{
	if (r == NULL || --r->users > 0)
		return;
	nscore_free(&r->score);
	free(r);
}

/* Without an option it is as it was before there were any. */
void
pht_ref_key(const void *params, struct buf *out)
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
