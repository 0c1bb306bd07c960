#include <float.h>
#include <math.h>

#include "stats/stat.h"

static double
finite_or_nan(double x)
{
	return isfinite(x) ? x : NAN;
}

static void
central(struct stat *s, const double *x)
{
	double n = (double)s->n, m1 = 0, m2 = 0, m3 = 0, m4 = 0, unit, left;
	int e;

	/* In units of a power of two: no square overflows or vanishes. */
	frexp(fmin(fmax(s->max - s->mean, s->mean - s->min), DBL_MAX), &e);
	unit = ldexp(1, e < -1000 ? 1000 : -e);
	for (size_t i = 0; i < s->n; i++) {
		double d = x[i] * unit - s->mean * unit, d2 = d * d;

		m1 += d;
		m2 += d2;
		m3 += d2 * d;
		m4 += d2 * d2;
	}
	/* What rounding left in the mean is taken out of all of them. */
	left = m1 / n;
	m4 += left * (left * (6 * m2 - 3 * m1 * left) - 4 * m3);
	m3 += left * (2 * m1 * left - 3 * m2);
	m2 -= m1 * left;
	s->mean += left / unit;
	s->std = s->n > 1 ? finite_or_nan(sqrt(m2 / (n - 1)) / unit) : NAN;
	s->skew = sqrt(n) * m3 / (m2 * sqrt(m2));
	s->kurt = n * m4 / (m2 * m2) - 3;
}

void
stat_of(struct stat *s, const double *x, size_t n)
{
	double sum = 0, squares = 0, scale;

	*s = (struct stat){n, 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
	if (n == 0)
		return;
	s->min = s->max = x[0];
	for (size_t i = 0; i < n; i++) {
		sum += x[i];
		squares += x[i] * x[i];
		s->zeros += x[i] == 0;
		s->min = x[i] < s->min ? x[i] : s->min;
		s->max = x[i] > s->max ? x[i] : s->max;
	}
	s->mean = sum / (double)n;
	if (!isfinite(sum)) {
		s->mean = 0;
		for (size_t i = 0; i < n; i++)
			s->mean += x[i] / (double)n;
	}
	s->l2 = sqrt(squares);
	if (!isfinite(squares) || squares < 1e-280) {
		/* Too large or too small to square as they are. */
		scale = fmax(fabs(s->min), fabs(s->max));
		squares = 0;
		for (size_t i = 0; i < n && scale > 0; i++)
			squares += (x[i] / scale) * (x[i] / scale);
		s->l2 = finite_or_nan(scale * sqrt(squares));
	}
	if (s->min < s->max) {
		central(s, x);
		return;
	}
	s->mean = s->min;
	s->std = n > 1 ? 0 : NAN;
}
