#include <math.h>
#include <stdlib.h>

#include "detect/arl.h"
#include "detect/pht.h"
#include "detect/pht_null.h"

double
pht_null_arl_limit(const struct pht_params *p, double arl0, double tests)
{
	int one = p->direction == PHTCOMPAT_UP ||
		  p->direction == PHTCOMPAT_DOWN;

	return arl_limit(p->k, (one ? 1 : 2) * arl0 * tests);
}

double
pht_null_simulate(
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
