#include "detect/chi2.h"
#include "detect/chi2_member.h"
#include "detect/chi2_verbs.h"

/*
 * When a change that chi2.h has found is over (ending.h). A direction is a score
 * for each cell, of the window.
 */
static size_t
parts(const void *chi2)
{
	return ((const struct chi2 *)chi2)->ref->cells.n;
}

static void
aim(const void *chi2, struct ending *e)
{
	const struct chi2 *d = chi2;

	for (size_t j = 0; j < e->parts; j++)
		e->direction[j] = d->ref->cells.a[j];
	ending_counts(e, d->b);
}

static double
score(const void *chi2, const double *direction)
{
	const struct chi2 *d = chi2;

	return direction[d->ref->cells.home[chi2_last(d)]];
}

static void
key(const void *params, size_t n, struct buf *out)
{
	const struct chi2_params *p = params;

	(void)n;
	buf_str(out, p->statistic ? "chi2-pearson" : "chi2-g");
	buf_str(out, "-window=");
	buf_int(out, (long long)p->window);
}

static void
digest(const void *chi2, struct buf *out)
{
	buf_str(out, "-cells=");
	buf_int(out, (long long)chi2_null_cells(chi2));
}

const struct kind_verbs chi2_verbs = {
    .size = sizeof(struct chi2),
    .init = chi2_init,
    .share = chi2_share,
    .hold = chi2_hold,
    .add = chi2_add,
    .value = chi2_value,
    .print = chi2_member_print,
    .reset = chi2_reset,
    .state = chi2_state,
    .parts = parts,
    .aim = aim,
    .score = score,
    .free = chi2_free,
    .window = chi2_window,
    .key = key,
    .digest = digest,
    .simulate = chi2_simulate,
    .names = chi2_names,
};
