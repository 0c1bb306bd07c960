/* sort: the same as qsort, of every kind of number and size. */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "stats/rng.h"
#include "stats/sort.h"
#include "tap.h"

enum { MOST = 3000 };

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
normal(struct rng *r)
{
	return rng_normal(r);
}

static double
tied(struct rng *r)
{
	return (double)rng_below(r, 5) - 2;
}

/* Any finite or infinite number. */
static double
any(struct rng *r)
{
	static const double odd[] = {0, INFINITY, -INFINITY, DBL_MAX, -DBL_MAX,
	    DBL_MIN, DBL_TRUE_MIN, -DBL_TRUE_MIN};

	if (rng_below(r, 8) == 0)
		return odd[rng_below(r, sizeof(odd) / sizeof(*odd))];
	return ldexp(rng_normal(r), (int)rng_below(r, 2000) - 1000);
}

static void
as_qsort(double (*draw)(struct rng *), const char *what)
{
	static const size_t sizes[] = {0, 1, 2, 63, 64, 65, 1000, MOST};
	double x[MOST], y[MOST];
	int same = 1;
	struct rng r;

	rng_seed(&r, 1, 0);
	for (size_t k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
		for (size_t i = 0; i < sizes[k]; i++)
			x[i] = y[i] = draw(&r);
		sort_reals(x, sizes[k]);
		qsort(y, sizes[k], sizeof(*y), ascending);
		same &= memcmp(x, y, sizes[k] * sizeof(*x)) == 0;
	}
	ok(same, "%s", what);
}

int
main(void)
{
	as_qsort(normal, "numbers of both signs");
	as_qsort(tied, "ties");
	as_qsort(any, "of any size, infinite ones too");
	return done_testing();
}
