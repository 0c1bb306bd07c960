#include <math.h>

#include "accuracy/realised.h"
#include "stats/special.h"

static void
correct(struct realised *r, const struct estimate *e, double right)
{
	double z = special_normal_quantile((1 + ESTIMATE_LEVEL) / 2);
	double sd = (e->high - e->low) / 2 / z, n = (double)r->n;
	/* An estimate of all or nothing has a variance too. */
	double a = fmin(fmax(e->accuracy, 1e-3), 1 - 1e-3);
	double worth = fmax(a * (1 - a) / fmax(sd * sd, 1e-9) - 1, 1e-3);
	double mean = (a * worth + right) / (worth + n);
	double half = z * sqrt(mean * (1 - mean) / (worth + n + 1));

	r->corrected = *e;
	r->corrected.accuracy = mean;
	r->corrected.low = fmax(mean - half, 0);
	r->corrected.high = fmin(mean + half, 1);
}

void
realised_by(struct realised *r, const struct estimate *e, const uint32_t *truth,
    size_t window)
{
	size_t right = 0;

	r->n = 0;
	for (size_t i = 0; i < window; i++) {
		right += truth[i] == REALISED_RIGHT;
		r->n += truth[i] != REALISED_UNKNOWN;
	}
	if (r->n == 0)
		return;
	r->accuracy = (double)right / (double)r->n;
	special_binomial_interval(
	    right, r->n, ESTIMATE_LEVEL, &r->low, &r->high);
	correct(r, e, (double)right);
}
