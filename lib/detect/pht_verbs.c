#include <math.h>

#include "detect/pht.h"
#include "detect/pht_null.h"
#include "detect/pht_verbs.h"

/*
 * When a change that pht.h has found is over (ending.h). A direction is a side,
 * and z, or (z^2 - 1) / sqrt(2), with its sign, the score. COMPAT has none.
 */
static size_t
parts(const void *pht)
{
	return ((const struct pht *)pht)->ref->params.form != PHT_COMPAT;
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
	const struct pht_ref *r = d->ref;
	double step = d->side[side].sum / (double)d->side[side].since;

	switch (side) {
	case PHT_RISE:
	case PHT_FALL:
		return step / r->scale + r->params.k;
	case PHT_WIDER:
		return spread_score((step + r->log_ratio) / r->grows);
	default:
		return -spread_score((r->log_ratio - step) / r->ebbs);
	}
}

static void
aim(const void *pht, struct ending *e)
{
	const struct pht *d = pht;
	struct pht_stat s;
	int side;

	pht_stat(d, &s);
	if (s.change == PHT_MEAN)
		side = s.direction > 0 ? PHT_RISE : PHT_FALL;
	else
		side = s.direction > 0 ? PHT_WIDER : PHT_NARROWER;
	e->direction[0] = side;
	ending_size(e, (double)s.since,
	    d->ref->params.form == PHT_UNKNOWN ? fabs(s.size)
					       : mean_score(d, side));
}

static double
score(const void *pht, const double *direction)
{
	const struct pht_ref *r = ((const struct pht *)pht)->ref;
	double s = *direction < PHT_WIDER ? r->z : spread_score(r->square);

	return *direction == PHT_RISE || *direction == PHT_WIDER ? s : -s;
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
    .parts = parts,
    .aim = aim,
    .score = score,
    .free = pht_free,
    .starts_untaught = pht_starts_untaught,
    .key = pht_ref_key,
    .simulate = pht_null_simulate,
};
