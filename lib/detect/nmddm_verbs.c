#include "detect/nmddm.h"
#include "detect/nmddm_verbs.h"

/*
 * When a change that nmddm.h has found is over (ending.h). A direction is a
 * score for each bin. glr knows it, of its window, or in scan of the records
 * after the split.
 */
static const struct nmddm_bins *
bins(const struct nmddm *d)
{
	return d->of->p.scan ? &d->u.scan->bins : &d->u.glr.ref->bins;
}

static size_t
parts(const void *nmddm)
{
	const struct nmddm *d = nmddm;

	return d->of->p.mode == NMDDM_GLR ? bins(d)->bins : 0;
}

static void
aim(const void *nmddm, struct ending *e)
{
	const struct nmddm *d = nmddm;
	uint32_t count[NMDDM_MAX_BINS];

	for (size_t j = 0; j < e->parts; j++)
		e->direction[j] = (double)nmddm_bins_share(bins(d), j);
	if (d->of->p.scan)
		ending_counts(e, nmddm_scan_after(d->u.scan, d->back));
	else
		ending_counts(e, nmddm_glr_counts(&d->u.glr, count));
}

static double
score(const void *nmddm, const double *direction)
{
	const struct nmddm *d = nmddm;

	return direction[d->of->p.scan ? nmddm_scan_last(d->u.scan)
				       : nmddm_glr_last(&d->u.glr)];
}

const struct kind_verbs nmddm_verbs = {
    .size = sizeof(struct nmddm),
    .init = nmddm_init,
    .share = nmddm_share,
    .hold = nmddm_hold,
    .add = nmddm_add,
    .value = nmddm_value,
    .since = nmddm_since,
    .print = nmddm_print,
    .reset = nmddm_reset,
    .state = nmddm_state,
    .parts = parts,
    .aim = aim,
    .score = score,
    .free = nmddm_free,
    .window = nmddm_params_window,
    .starts_untaught = nmddm_params_starts_untaught,
    .key = nmddm_params_key,
    .simulate = nmddm_simulate,
};
