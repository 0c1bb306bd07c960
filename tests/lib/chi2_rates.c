/*
 * Not a test: prints how often chi2 alarms without drift where 0.05 was
 * promised, and what a record costs. tests/stat/chi2.sh runs it.
 *
 *	chi2_rates [STREAMS]
 *
 * Each stream has its own reference, a limit simulated from that, and 1000
 * records. The limit is the 0.95-quantile of 199 lives: fewer than the tool's,
 * which makes the rate no larger (calib.h), so that this ends in a minute.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "alias.h"
#include "calib.h"
#include "chi2.h"

enum { CLASSES = 400, LIVES = 199, HORIZON = 1000 };

static const struct law {
	const char *name;
	size_t classes;
	double ratio; /* of the weights of a class and the one before */
	double power; /* of its rank, 1 for Zipf's law */
	double rare;  /* share of the last class, where not 0 */
} laws[] = {
    {"2 classes, even", 2, 1, 0, 0},
    {"2 classes, 49 to 1", 2, 1, 0, 0.02},
    {"10 classes, even", 10, 1, 0, 0},
    {"10 classes, skewed", 10, 0.6, 0, 0},
    {"10 classes, 1 of 0.002", 10, 1, 0, 0.002},
    {"100 classes, even", 100, 1, 0, 0},
    {"100 classes, skewed", 100, 0.95, 0, 0},
    {"400 classes, 1/rank", 400, 1, 1, 0},
};

static void
fill(struct alias *t, const struct law *law)
{
	double p[CLASSES], w = 1, sum = 0;

	for (size_t i = 0; i < law->classes; i++, w *= law->ratio)
		sum += p[i] = w / pow((double)i + 1, law->power);
	if (law->rare > 0) {
		sum -= p[law->classes - 1];
		p[law->classes - 1] = law->rare / (1 - law->rare) * sum;
		sum += p[law->classes - 1];
	}
	for (size_t i = 0; i < law->classes; i++)
		p[i] /= sum;
	if (!alias_init(t, p, law->classes))
		abort();
}

static double
limit_of(const struct chi2 *d, struct rng *r)
{
	double max[LIVES];

	for (int i = 0; i < LIVES; i++)
		max[i] = chi2_simulate(d, HORIZON, r);
	return calib_limit(max, LIVES, 0.05);
}

/* Whether one stream without drift gives an alarm. */
static int
alarms(const struct chi2_params *p, const struct alias *law, size_t n,
    struct rng *r)
{
	struct chi2_stat s;
	struct chi2 d;
	double *ref = malloc(n * sizeof(*ref)), limit;
	int alarm = 0;

	for (size_t i = 0; i < n; i++)
		ref[i] = (double)alias_draw(law, r);
	if (chi2_init(&d, p, ref, n))
		abort();
	limit = limit_of(&d, r);
	for (int i = 0; i < HORIZON; i++) {
		chi2_add(&d, alias_draw(law, r));
		alarm |= chi2_stat(&d, &s) && s.stat > limit;
	}
	chi2_free(&d);
	free(ref);
	return alarm;
}

static void
print_rates(const struct law *law, enum chi2_statistic statistic, int streams)
{
	static const size_t refs[] = {500, 2000}, windows[] = {100, 200};
	struct alias t;

	fill(&t, law);
	printf("%-24s %-8s", law->name, statistic ? "pearson" : "g");
	for (int i = 0; i < 4; i++) {
		struct chi2_params p = {statistic, windows[i % 2], 5, 1001};
		int sum = 0;

		for (int k = 0; k < streams; k++) {
			struct rng r;

			rng_seed(&r, 17, (uint64_t)(k * 4 + i));
			sum += alarms(&p, &t, refs[i / 2], &r);
		}
		printf(" %8.3f", (double)sum / streams);
		fflush(stdout);
	}
	printf("\n");
	alias_free(&t);
}

static void
print_cost(const struct law *law, enum chi2_statistic statistic)
{
	enum { N = 5000000 };
	struct chi2_params p = {statistic, 200, 5, 1001};
	double ref[500], sum = 0;
	static uint16_t code[4096];
	struct timespec a, b;
	struct chi2_stat s;
	struct alias t;
	struct chi2 d;
	struct rng r;

	fill(&t, law);
	rng_seed(&r, 1, 0);
	for (int i = 0; i < 500; i++)
		ref[i] = (double)alias_draw(&t, &r);
	for (int i = 0; i < 4096; i++)
		code[i] = (uint16_t)alias_draw(&t, &r);
	if (chi2_init(&d, &p, ref, 500))
		abort();
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	for (int i = 0; i < N; i++) {
		chi2_add(&d, code[i & 4095]);
		if (chi2_stat(&d, &s))
			sum += s.stat;
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	printf("%-24s %-8s %8.1f ns a record (mean statistic %.2f)\n",
	    law->name, statistic ? "pearson" : "g",
	    ((double)(b.tv_sec - a.tv_sec) * 1e9 +
		(double)(b.tv_nsec - a.tv_nsec)) /
		N,
	    sum / N);
	chi2_free(&d);
	alias_free(&t);
}

int
main(int argc, char **argv)
{
	int streams = argc > 1 ? atoi(argv[1]) : 600;
	size_t n = sizeof(laws) / sizeof(*laws);

	for (size_t i = 0; i < n; i++)
		print_cost(&laws[i], CHI2_G);
	print_cost(&laws[2], CHI2_PEARSON);
	printf("%-33s %8s %8s %8s %8s\n", "reference, window", "500,100",
	    "500,200", "2000,100", "2000,200");
	for (size_t i = 0; i < n; i++)
		print_rates(&laws[i], CHI2_G, streams);
	print_rates(&laws[3], CHI2_PEARSON, streams);
	return 0;
}
