#include <math.h>

#include "detect/edet.h"
#include "detect/edet_verbs.h"
#include "stats/special.h"

/*
 * When a change that edet.h has found is over (ending.h). A direction is a bet,
 * and z, or (z^2 - 1) / sqrt(2), with its sign, the score; the change has the
 * size that the bet is on.
 */
static size_t
parts(const void *edet)
{
	(void)edet;
	return 1;
}

static double
spread_score(double square)
{
	return (square - 1) / sqrt(2);
}

static void
aim(const void *edet, struct ending *e)
{
	const struct edet *d = edet;
	size_t best = edet_leader(d);
	const struct edet_bet *bet = &edet_bet[best];
	double s = bet->deviation;

	e->direction[0] = (double)best;
	ending_size(e, d->since[best],
	    fabs(bet->mean != 0 ? bet->mean : spread_score(s * s)));
}

static double
score(const void *edet, const double *direction)
{
	const struct edet_ref *r = ((const struct edet *)edet)->ref;
	double b = *direction; /* of a state, any number */
	const struct edet_bet
	    *bet = &edet_bet[b >= 0 && b < EDET_BETS ? (size_t)b : 0];
	double z = special_normal_quantile(
	    ((double)r->place + 0.5) / ((double)r->values->n + 1));

	if (bet->mean != 0)
		return bet->mean > 0 ? z : -z;
	return bet->deviation > 1 ? spread_score(z * z) : -spread_score(z * z);
}

const struct kind_verbs edet_verbs = {
    .size = sizeof(struct edet),
    .init = edet_init,
    .share = edet_share,
    .add = edet_add,
    .value = edet_value,
    .since = edet_since,
    .print = edet_print,
    .reset = edet_reset,
    .seed = edet_seed,
    .state = edet_state,
    .parts = parts,
    .aim = aim,
    .score = score,
    .free = edet_free,
    .key = edet_key,
    .simulate = edet_simulate,
};
