/* A stream in buckets: what is summed up is all that came, however long. */
#include <stdlib.h>
#include <string.h>

#include "report/buckets.h"
#include "tap.h"

static struct grid grid;

static double
value(unsigned long long i)
{
	return (double)(i * 7919 % 1009) / 1009 + (i > 5000 ? 2 : 0);
}

static void
fill(struct buckets *b, unsigned long long n)
{
	for (unsigned long long i = 1; i <= n; i++) {
		struct bucket *k = buckets_next(b, i);

		k->records++;
		buckets_value(b, k, 0, &grid, value(i));
		buckets_class(b, k, i % 3);
		buckets_test(b, k, 1, i == 17 ? 9 : .5);
		portrait_furthest(k->furthest, BUCKETS_PORTRAITS,
		    &(struct portrait){.name = "x",
			.record = i,
			.distance = (double)(i * 31 % 9973)});
	}
}

static void
check_sum(const struct bucket *sum, unsigned long long n)
{
	uint64_t counted = 0;
	double mean = 0;

	for (size_t i = 0; i < GRID_CELLS; i++)
		counted += sum->cells[0][i];
	for (unsigned long long i = 1; i <= n; i++)
		mean += value(i) / (double)n;
	ok(sum->records == n && counted == n && sum->sums[0].n == n,
	    "%llu records: each is counted once", n);
	near(grid_mean(&grid, &sum->sums[0]), mean, 1e-9, "their mean");
	ok(sum->class[0] == n / 3 && sum->classed == n, "their classes");
	ok(sum->peak[1] == 9 && isnan(sum->peak[0]), "the largest statistic");
	ok(sum->first == 1, "the first record");
}

static void
check(unsigned long long n)
{
	struct buckets b = {0};
	struct bucket sum = {0};
	int even = 1;

	fill(&b, n);
	buckets_sum(&b, 0, b.n, &sum);
	check_sum(&sum, n);
	for (size_t i = 0; i < b.n; i++)
		even &= b.bucket[i]->first == i * b.width + 1 &&
			(b.bucket[i]->records == b.width || i + 1 == b.n);
	ok(even && b.n <= BUCKETS_MOST, "%zu buckets, each as wide", b.n);
	ok(sum.furthest[0].distance >= sum.furthest[1].distance &&
		sum.furthest[1].distance >= sum.furthest[2].distance &&
		(n < 9973 || sum.furthest[0].distance == 9972),
	    "the furthest");
	ok(!b.failed, "memory sufficed");
	buckets_empty(&sum);
	buckets_free(&b);
}

int
main(void)
{
	double reference[500];

	for (size_t i = 0; i < 500; i++)
		reference[i] = value(i + 1);
	if (grid_init(&grid, reference, 500) < 0)
		return 2;
	check(60);
	check(64);
	check(65);
	check(100000);
	grid_free(&grid);
	return done_testing();
}
