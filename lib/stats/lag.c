#include <math.h>
#include <stdlib.h>

#include "stats/lag.h"

int
lag_of_codes(struct lag *l, const double *code, size_t n)
{
	double q2 = 0, q3 = 0, same = 0, spread, most = 0;
	size_t *count;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, code[i]);
	count = calloc((size_t)most + 1, sizeof(*count));
	if (count == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		count[(size_t)code[i]]++;
		same += i > 0 && code[i] == code[i - 1];
	}
	for (size_t j = 0; j <= (size_t)most; j++) {
		double p = (double)count[j] / (double)n;

		q2 += p * p;
		q3 += p * p * p;
	}
	free(count);
	*l = (struct lag){0, 0};
	spread = q2 + q2 * q2 - 2 * q3;
	if (n < 2 || spread <= 1e-12)
		return 0;
	same = same / (double)(n - 1) - q2;
	*l = (struct lag){same / (1 - q2), same * sqrt((double)n / spread)};
	return 0;
}

double
lag_worth(const struct lag *l, size_t n)
{
	double r = fmin(l->r, 0.999);

	return (double)n * (1 - r) / (1 + r);
}
