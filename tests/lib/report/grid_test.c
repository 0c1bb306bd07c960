/* The bins of reports, against SciPy (tests/vectors/report.py). */
#include <stdlib.h>

#include "report/grid.h"
#include "tap.h"

static const double at[] = {.05, .25, .5, .75, .95};

static double *
sample(size_t n, unsigned long modulus, unsigned long seed, double offset,
    double factor)
{
	double *x = malloc(n * sizeof(*x));

	for (size_t i = 0; i < n; i++)
		x[i] = (double)((i + 1) * seed % modulus) / (double)modulus *
			   factor +
		       offset;
	return x;
}

static void
check_quantiles(const struct grid *g, const uint32_t *count,
    const struct grid_sums *s, const double *want, int line)
{
	int good = 1;

	for (size_t k = 0; k < 5; k++) {
		double low, high,
		    x = grid_quantile(
			g, count, s->min, s->max, at[k], &low, &high);

		good &= low <= want[k] && want[k] <= high && low <= x &&
			x <= high;
	}
	ok(good, "line %d: each quantile is in its bin", line);
}

static void
check(const double *v, int line)
{
	size_t n = (size_t)v[0], m = (size_t)v[1];
	double *a = sample(n, (unsigned long)v[2], 7919, 0, 1);
	double *b = sample(m, (unsigned long)v[2], 104729, v[3], v[4]);
	uint32_t count[GRID_CELLS] = {0};
	struct grid_sums sums = {0};
	struct grid_distance d;
	struct grid g;

	ok(grid_init(&g, a, n) == 0, "line %d: a grid", line);
	for (size_t i = 0; i < m; i++) {
		count[grid_cell(&g, b[i])]++;
		grid_add(&g, &sums, b[i]);
	}
	d = grid_distance(&g, count);
	if (!ok(d.low <= v[5] + 1e-12 && v[5] <= d.high + 1e-12,
		"line %d: the distance is within its bounds", line))
		printf("# %g is not in %g .. %g\n", v[5], d.low, d.high);
	ok(v[5] - d.low <= fmax(.01, 1 / (double)n) + 1e-12,
	    "line %d: and at most 0.01 too small", line);
	near(grid_mean(&g, &sums), v[6], 1e-12, "mean");
	near(grid_sd(&sums), v[7], 1e-9, "deviation");
	check_quantiles(&g, count, &sums, v + 8, line);
	free(a);
	free(b);
	grid_free(&g);
}

static void
check_bins(void)
{
	double *a = sample(1000, 100003, 7919, 0, 1), share[10], sum = 0;
	struct grid g;

	grid_init(&g, a, 1000);
	grid_bins(&g, g.count, g.min, g.max, 0, 1, 10, share);
	for (size_t i = 0; i < 10; i++)
		sum += share[i];
	ok(fabs(sum - 1) < 1e-9, "bins have all of what is in their range");
	ok(share[0] > .08 && share[0] < .12, "and each its share");
	grid_free(&g);
	free(a);
}

/* One value, and values that are all alike. */
static void
check_narrow(void)
{
	double one[] = {3}, same[] = {2, 2, 2, 2};
	uint32_t count[GRID_CELLS] = {0};
	struct grid g;

	ok(grid_init(&g, one, 1) == 0 && isnan(g.sd), "one value");
	ok(isnan(grid_distance(&g, count).low), "no distance of no values");
	count[grid_cell(&g, 4)]++;
	near(grid_distance(&g, count).low, 1, 0, "another value is 1 away");
	grid_free(&g);
	ok(grid_init(&g, same, 4) == 0 && g.sd == 0 && g.mean == 2,
	    "values that are alike");
	grid_free(&g);
}

int
main(void)
{
	FILE *f = fopen("tests/vectors/report_scipy.tsv", "r");
	double v[13];
	int line = 0;

	if (f == NULL) {
		perror("report_scipy.tsv");
		return 2;
	}
	for (;;) {
		size_t k = 0;

		while (k < 13 && fscanf(f, "%lf", &v[k]) == 1)
			k++;
		if (k < 13)
			break;
		check(v, ++line);
	}
	fclose(f);
	ok(line == 9, "nine cases");
	check_bins();
	check_narrow();
	return done_testing();
}
