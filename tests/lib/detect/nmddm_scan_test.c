/* The scan over splits against a plain sum at every record. */
#include <float.h>
#include <stdlib.h>

#include "brute.h"
#include "detect/nmddm.h"
#include "tap.h"

enum { MOST = 20000 };

static double
xlnx(int x)
{
	return x > 0 ? x * log(x) : 0;
}

/* G of one split, from bins: the reference's, and those of n records */
static double
g_of(const int *ref, int bins, const uint8_t *bin, int n, int s)
{
	int a[64] = {0}, b[64] = {0}, before = n - s;
	double g = 0;

	for (int j = 0; j < bins; j++) {
		a[j] = ref[j];
		before += ref[j];
	}
	for (int i = 0; i < n; i++)
		(i < n - s ? a : b)[bin[i]]++;
	for (int j = 0; j < bins; j++)
		g += xlnx(a[j]) + xlnx(b[j]) - xlnx(a[j] + b[j]);
	return g - xlnx(before) - xlnx(s) + xlnx(before + s);
}

/* The grid, written down. */
static const int grid[] = {
    4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256, 362, 512, 724, 1024};

static int
window_agrees(const struct nmddm_stat *s, const int *ref, int bins,
    const uint8_t *bin, int n, int cap)
{
	double max = 0, there = 0;

	for (int k = 0; grid[k] <= n && grid[k] < cap; k++) {
		double g = g_of(ref, bins, bin, n, grid[k]);

		max = g > max ? g : max;
		if (s->back == (size_t)grid[k])
			there = g;
	}
	return fabs(s->stat - max) < 1e-7 && fabs(there - max) < 1e-7 &&
	       s->split == (s->back ? (size_t)n - s->back : 0);
}

/* A twin of the bins sees the same values and so draws the same. Compares at
 * each of the first records, and then now and then. */
static int
agrees(enum law law, int bins, int cap, int length)
{
	struct nmddm_params p = {
	    .scan = 1, .window = (size_t)cap, .bins = (size_t)bins, .seed = 5};
	static uint8_t bin[MOST];
	struct nmddm_bins twin;
	struct nmddm_stat s;
	int share[64], good;
	double ref[150];
	struct nmddm d;
	struct rng r;

	rng_seed(&r, 3, (uint64_t)law);
	for (int i = 0; i < 150; i++)
		ref[i] = draw(&r, law);
	good = !nmddm_init(&d, &p, ref, 150) &&
	       !nmddm_bins_init(&twin, ref, 150, (size_t)bins, 5);
	for (int j = 0; j < bins; j++)
		share[j] = (int)nmddm_bins_share(&twin, (size_t)j);
	for (int i = 0; good && i < length; i++) {
		double x = draw(&r, law) * (i % 700 < 400 ? 1 : 2);
		int n = i + 1 < cap ? i + 1 : cap;

		bin[i] = (uint8_t)nmddm_bins_of(&twin, &twin.rng, x);
		nmddm_add(&d, x);
		if (i < 3)
			good = !nmddm_stat(&d, &s);
		else if (i < 600 || i % 97 == 0)
			good = nmddm_stat(&d, &s) &&
			       window_agrees(
				   &s, share, bins, bin + i + 1 - n, n, cap);
	}
	nmddm_free(&d);
	return good;
}

static void
agrees_with_brute_force(void)
{
	static const struct {
		int bins, cap, length;
	} size[] = {
	    {8, 1000, 2500},
	    {2, 8, 300},
	    {7, 91, 600},
	    {64, 92, 600},
	    {8, 300, MOST},
	};

	for (enum law law = 0; law < LAWS; law++) {
		int good = 1;

		for (size_t k = 0; k < sizeof size / sizeof *size; k++)
			good = good &&
			       agrees(law, size[k].bins, size[k].cap,
				   law == CONTINUOUS || k ? size[k].length
							  : 700);
		ok(good, "a plain sum agrees on %s data", law_name[law]);
	}
}

/* The median place of a change of 1.5 deviations, 100 records ago. */
static void
localisation(void)
{
	struct nmddm_params p = {.scan = 1};
	struct nmddm_stat s = {0};
	double ref[200];
	int near = 0;
	struct rng r;

	for (uint64_t run = 0; run < 50; run++) {
		struct nmddm d;

		rng_seed(&r, 4, run);
		for (int i = 0; i < 200; i++)
			ref[i] = rng_normal(&r);
		nmddm_init(&d, &p, ref, 200);
		for (int i = 0; i < 500; i++)
			nmddm_add(&d, rng_normal(&r) + 1.5 * (i >= 400));
		nmddm_stat(&d, &s);
		near += s.back >= 91 && s.back <= 128 &&
			s.split == 500 - s.back;
		nmddm_free(&d);
	}
	if (!ok(near >= 45, "it says when the change was"))
		printf("# %d of 50\n", near);
}

/* The largest G in a run on one law. */
static double
run(uint64_t number, enum law law)
{
	struct nmddm_params p = {.scan = 1, .window = 200, .seed = number};
	struct nmddm_stat s;
	double max = 0, ref[60];
	struct nmddm d;
	struct rng r;

	rng_seed(&r, 5, number);
	for (int i = 0; i < 60; i++)
		ref[i] = draw(&r, law);
	nmddm_init(&d, &p, ref, 60);
	for (int i = 0; i < 300; i++) {
		nmddm_add(&d, draw(&r, law));
		if (nmddm_stat(&d, &s) && s.stat > max)
			max = s.stat;
	}
	nmddm_free(&d);
	return max;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* 120 of 600 runs are beyond a simulated limit, whatever the data: +- 3.5
 * deviations of the difference of two binomials. */
static void
one_law(void)
{
	struct nmddm_params p = {.scan = 1, .window = 200};
	double max[600];
	struct rng r;

	for (uint64_t i = 0; i < 600; i++) {
		rng_seed(&r, 6, i);
		max[i] = nmddm_simulate(&p, 60, 300, &r);
	}
	qsort(max, 600, sizeof *max, ascending);
	for (enum law law = 0; law < LAWS; law++) {
		int beyond = 0;

		for (uint64_t i = 0; i < 600; i++)
			beyond += run(i, law) > max[479];
		if (!ok(abs(beyond - 120) <= 48, "one law, %s data",
			law_name[law]))
			printf("# %d\n", beyond);
	}
}

static void
edges(void)
{
	struct nmddm_params p = {.scan = 1, .window = 7},
			    q = {.scan = 1, .bins = 3},
			    far = {.scan = 1, .window = (size_t)-1};
	double two[] = {1, 2}, same[] = {-0.0, 0, 0};
	struct nmddm_stat s = {0};
	struct nmddm d;

	ok(nmddm_init(&d, &p, same, 3) != NULL, "too short a window");
	ok(nmddm_init(&d, &far, same, 3) != NULL, "a window beyond all memory");
	ok(nmddm_init(&d, &q, two, 2) != NULL, "fewer values than bins");
	ok(!nmddm_init(&d, &q, same, 3) && d.of->p.window == 1000 &&
		d.of->first == 4,
	    "fewer distinct values than bins");
	for (int i = 0; i < 50; i++)
		nmddm_add(&d, 5e-324);
	nmddm_stat(&d, &s);
	/* before it 1, 1 and 6, after it 45, all in the last bin */
	near(s.stat, xlnx(6) - xlnx(51) - xlnx(8) + xlnx(53), 1e-9,
	    "a hair above a constant reference");
	ok(s.back == 45 && s.split == 5, "and since when");
	nmddm_reset(&d);
	for (int i = 0; i < 3; i++)
		nmddm_add(&d, DBL_MAX);
	ok(!nmddm_stat(&d, &s), "a reset empties the window");
	nmddm_add(&d, DBL_MAX);
	ok(nmddm_stat(&d, &s) && s.back == 4 && s.split == 0,
	    "all of it may be what changed");
	nmddm_free(&d);
}

int
main(void)
{
	agrees_with_brute_force();
	localisation();
	one_law();
	edges();
	return done_testing();
}
