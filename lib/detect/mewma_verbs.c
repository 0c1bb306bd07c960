#include <math.h>

#include "detect/mewma.h"
#include "detect/mewma_verbs.h"

/*
 * When a change that mewma.h has found is over (ending.h). A direction is that
 * of the z that has the statistic, of length 1, and the score y times it. Of an
 * average over n records and a z of length r, the mean's length is
 * r / (1 - (1 - lambda)^n), and it is worth (2 - lambda) / lambda records at
 * most.
 */
static size_t
parts(const void *mewma)
{
	return ((const struct mewma *)mewma)->fit->whiten.d;
}

static void
aim(const void *mewma, struct ending *e)
{
	const struct mewma *m = mewma;
	size_t k = mewma_largest(m), d = e->parts;
	double lambda = m->fit->p.lambda[k], n = (double)m->of[k].above, r = 0;
	const double *z = mewma_z(m, k);

	for (size_t i = 0; i < d; i++)
		r += z[i] * z[i];
	r = sqrt(r);
	for (size_t i = 0; i < d && r > 0; i++)
		e->direction[i] = z[i] / r;
	ending_length(e, fmin(n, (2 - lambda) / lambda),
	    r / (1 - pow(1 - lambda, n)), (double)d);
}

static double
score(const void *mewma, const double *direction)
{
	const struct mewma *m = mewma;
	double s = 0;

	for (size_t i = 0; i < m->fit->whiten.d; i++)
		s += m->fit->y[i] * direction[i];
	return s;
}

const struct kind_verbs mewma_verbs = {
    .size = sizeof(struct mewma),
    .init_rows = mewma_init,
    .share = mewma_share,
    .fields = mewma_fields,
    .contexts = mewma_contexts,
    .residuals = mewma_residuals,
    .remark = mewma_remark,
    .add_row = mewma_add,
    .value = mewma_value,
    .since = mewma_since,
    .print = mewma_print,
    .explain = mewma_explain,
    .reset = mewma_reset,
    .state = mewma_state,
    .parts = parts,
    .aim = aim,
    .score = score,
    .free = mewma_free,
    .key = mewma_key,
    .digest = mewma_digest,
    .simulate = mewma_simulate,
};
