/* Two samples against each other, as SciPy does (tests/vectors/report.py). */
#include <stdlib.h>

#include "report/contrast.h"
#include "tap.h"

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double *
sample(size_t n, unsigned long modulus, unsigned long seed, double offset,
    double factor)
{
	double *x = malloc(n * sizeof(*x));

	for (size_t i = 0; i < n; i++)
		x[i] = (double)((i + 1) * seed % modulus) / (double)modulus *
			   factor +
		       offset;
	qsort(x, n, sizeof(*x), compare);
	return x;
}

static void
check(const double *v)
{
	size_t n = (size_t)v[0], m = (size_t)v[1];
	double *a = sample(n, (unsigned long)v[2], 7919, 0, 1);
	double *b = sample(m, (unsigned long)v[2], 104729, v[3], v[4]);
	struct contrast c = contrast(a, n, b, m);

	near(c.d, v[5], 1e-12, "distance");
	near(c.p, v[6], 1e-9, "exact p");
	near(c.delta, v[7], 1e-12, "Cliff's delta");
	near(c.shift, v[8], 1e-9, "shift");
	free(a);
	free(b);
}

static void
check_ties(void)
{
	static const double a[] = {1, 1, 2, 3}, b[] = {1, 2, 2, 4, 4};
	static const double same[] = {5, 5, 5};
	struct contrast c = contrast(a, 4, b, 5);

	/* Of 20 pairs b is above in 12 and below in 4. */
	near(c.delta, .4, 1e-12, "delta with ties, by hand");
	near(c.d, .4, 1e-12, "distance with ties, by hand");
	c = contrast(same, 3, same, 3);
	ok(c.d == 0 && c.p == 1 && c.delta == 0, "the same value throughout");
}

int
main(void)
{
	FILE *f = fopen("tests/vectors/report_pairs.tsv", "r");
	double v[9];
	int lines = 0;

	if (f == NULL) {
		perror("report_pairs.tsv");
		return 2;
	}
	for (;; lines++) {
		size_t k = 0;

		while (k < 9 && fscanf(f, "%lf", &v[k]) == 1)
			k++;
		if (k < 9)
			break;
		check(v);
	}
	fclose(f);
	ok(lines == 5, "five pairs");
	check_ties();
	return done_testing();
}
