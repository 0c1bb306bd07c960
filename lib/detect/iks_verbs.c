#include <math.h>

#include "detect/iks.h"
#include "detect/iks_verbs.h"

/*
 * When a change that iks.h has found is over (ending.h). A direction is the
 * place where D is attained, on which side, and the reference's share there, p;
 * a record scores by being there or not, +-(p - 1{x <= place}) / sqrt(p (1 - p)).
 * None in sliding, whose reference takes in the change.
 */
enum { PLACE, SIGN, SHARE, PARTS };

static size_t
parts(const void *iks)
{
	const struct iks *d = iks;

	return d->of->p.policy == IKS_SLIDING ? 0 : PARTS;
}

static void
aim(const void *iks, struct ending *e)
{
	const struct iks *d = iks;
	int up = d->hi >= -d->lo;
	double place = iks_at(d), share, extreme;

	/* Half a value is on each side, where the reference has none. */
	share = (iks_ref_share(d->u.fixed.ref, place, !up) + 0.5) /
		((double)d->of->n + 1);
	extreme = (double)(up ? d->hi : -d->lo) /
		  ((double)d->of->n * (double)d->of->m);
	e->direction[PLACE] = place;
	e->direction[SIGN] = up ? 1 : -1;
	e->direction[SHARE] = share;
	ending_size(e, (double)d->of->m, extreme / sqrt(share * (1 - share)));
}

static double
score(const void *iks, const double *direction)
{
	const struct iks *d = iks;
	double share = direction[SHARE];
	int below = iks_fixed_last_is_below(
	    &d->u.fixed, direction[PLACE], direction[SIGN] > 0);

	return direction[SIGN] * (share - below) / sqrt(share * (1 - share));
}

const struct kind_verbs iks_verbs = {
    .size = sizeof(struct iks),
    .init = iks_init,
    .share = iks_share,
    .add = iks_add,
    .value = iks_value,
    .print = iks_print,
    .reset = iks_reset,
    .state = iks_state,
    .parts = parts,
    .aim = aim,
    .score = score,
    .free = iks_free,
    .window = iks_window,
    .key = iks_key,
    .simulate = iks_simulate,
};
