/*
 * The terms of chi2's sum as whole numbers, so that adding and taking away in
 * any order leaves no rounding: a term times scale, rounded once. scale is a
 * power of two that keeps every sum within 2^60.
 */
#ifndef CHI2_TERMS_H
#define CHI2_TERMS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

struct chi2_terms {
	int pearson;        /* or G */
	double scale, unit; /* statistic = unit (sum of terms + base) */
	int64_t *xlnx;      /* scale x ln x for x < tabled */
	size_t tabled;
};

/* For a reference of n and a window of m records. 0, or -1 without memory. */
int chi2_terms_init(struct chi2_terms *t, int pearson, size_t n, size_t m);

/* scale x ln x, 0 ln 0 = 0 */
int64_t chi2_terms_far_xlnx(const struct chi2_terms *t, size_t x);

static inline int64_t
chi2_terms_xlnx(const struct chi2_terms *t, size_t x)
{
	return x < t->tabled ? t->xlnx[x] : chi2_terms_far_xlnx(t, x);
}

/* scale b^2 / (a + b), 0/0 = 0 */
static inline int64_t
chi2_terms_square(const struct chi2_terms *t, uint64_t a, uint64_t b)
{
	double y = (double)b;

	return b ? llrint(t->scale * (y * y / (double)(a + b))) : 0;
}

/*
 * What a cell of a records of the reference and b of the window adds to the
 * sum; the rest does not change with b.
 */
static inline int64_t
chi2_terms_of(const struct chi2_terms *t, uint32_t a, uint32_t b)
{
	if (t->pearson)
		return chi2_terms_square(t, a, b);
	return chi2_terms_xlnx(t, b) - chi2_terms_xlnx(t, (size_t)a + b);
}

void chi2_terms_free(struct chi2_terms *t);

#endif
