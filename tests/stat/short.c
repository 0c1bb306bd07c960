/*
 * Not a test: prints what pht makes of short references, frozen and growing:
 * its limit, the share of undrifted streams with an alarm, and how soon a shift
 * of the mean is found. scripts/experiments/short.sh runs it.
 *
 *	short [STREAMS]
 *
 * Every limit keeps P(alarm in 10,000 records) at 0.05; it is found as the tool
 * does, from fewer lives. A shift comes at once after the reference, or after
 * 500 records more; one that is not found in 3,000 counts as that.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "detect/pht.h"
#include "detect/pht_null.h"
#include "limit/calib.h"
#include "stats/rng.h"

enum { LIVES = 1999, HORIZON = 10000, LATER = 500, MOST = 3000, LONGEST = 500 };

static const double shift[] = {0.5, 1, 2};

static const struct row {
	const char *name;
	struct pht_params pht;
} rows[] = {
    {"standard", {.k = 0.25}},
    {"rank", {.k = 0.25, .scores = PHT_RANKS}},
    {"spread", {.ratio = 1.5, .change = PHT_SPREAD, .scores = PHT_RANKS}},
    {"both",
	{.k = 0.25, .ratio = 1.5, .change = PHT_BOTH, .scores = PHT_RANKS}},
    {"unknown", {.form = PHT_UNKNOWN, .scores = PHT_RANKS}},
};

enum source { NORMAL, LOGNORMAL, BYTES, SOURCES };
static const char *const source_name[] = {"normal", "lognormal", "8-bit"};

static double
draw(enum source source, struct rng *r)
{
	double z = rng_normal(r);

	if (source == LOGNORMAL)
		return exp(z);
	return source == BYTES ? round(fmin(fmax(128 + 20 * z, 0), 255)) : z;
}

/*
 * Records from the change, after so many, to the alarm; 0 when it came before.
 * A stream that has none ends after as many as most.
 */
static int
stream(const struct pht_params *p, size_t n, double limit, enum source source,
    int before, double by, int most, uint64_t number)
{
	double ref[LONGEST], stat;
	struct rng r;
	struct pht d;
	int t = 0, alarm = 0;

	rng_seed(&r, 77, number);
	for (size_t i = 0; i < n; i++)
		ref[i] = draw(source, &r);
	if (pht_init(&d, p, ref, n) != NULL)
		exit(2);
	while (t < before + most && !alarm) {
		pht_add(&d, draw(source, &r) + (t >= before ? by : 0));
		t++;
		alarm = pht_value(&d, &stat) && stat > limit;
	}
	pht_free(&d);
	if (alarm && t <= before)
		return 0;
	return alarm ? t - before : most + 1;
}

static double
find_limit(const struct pht_params *p, size_t n)
{
	static double max[LIVES];

	for (size_t i = 0; i < LIVES; i++) {
		struct rng r;

		rng_seed(&r, 1, i);
		max[i] = pht_null_simulate(p, n, HORIZON, &r);
	}
	return calib_limit(max, LIVES, 0.05);
}

static void
print_delay(const struct pht_params *p, size_t n, double limit, int before,
    double by, int streams)
{
	double sum = 0;
	int found = 0;

	for (int i = 0; i < streams; i++) {
		int t = stream(
		    p, n, limit, NORMAL, before, by, MOST, (uint64_t)i);

		sum += t > MOST ? MOST : t;
		found += t > 0;
	}
	printf(" %6.0f", sum / found);
}

/* And Wilson's interval of 95 %. */
static void
print_false_alarms(const struct pht_params *p, size_t n, double limit,
    enum source source, int horizon, int streams)
{
	double z = 1.96, share = 0, by = 1 + z * z / streams, middle, half;

	for (int i = 0; i < streams; i++)
		share += stream(p, n, limit, source, 0, 0, horizon,
			     (uint64_t)i) <= horizon;
	share /= streams;
	middle = (share + z * z / 2 / streams) / by;
	half = z *
	       sqrt(share * (1 - share) / streams +
		    z * z / 4 / streams / streams) /
	       by;
	printf("  %-9s %.3f (%.3f to %.3f)", source_name[source], share,
	    middle - half, middle + half);
}

static void
print_row(const struct row *row, size_t n, size_t grow, int streams)
{
	struct pht_params p = row->pht;
	double limit;

	p.shorter = p.grow = grow;
	limit = find_limit(&p, n);
	printf("%-8s %4zu %5zu %7.1f", row->name, n, grow, limit);
	for (int later = 0; later <= LATER; later += LATER)
		for (size_t k = 0; k < sizeof(shift) / sizeof(*shift); k++)
			print_delay(&p, n, limit, later, shift[k], streams);
	for (enum source s = NORMAL; s < SOURCES; s++)
		if (s != LOGNORMAL || p.scores == PHT_RANKS)
			print_false_alarms(&p, n, limit, s, HORIZON, streams);
	printf("\n");
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	static const size_t size[] = {20, 50, 100, 200, 500};
	int streams = argc > 1 ? atoi(argv[1]) : 400;

	printf("form        n  grow   limit   +0.5     +1     +2  later: +0.5, "
	       "+1, +2  false alarms\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (size_t k = 0; k < sizeof(size) / sizeof(*size); k++) {
			print_row(&rows[i], size[k], 0, streams);
			if (size[k] < PHT_GROW_SHORTER)
				print_row(
				    &rows[i], size[k], PHT_GROW_UPTO, streams);
		}
	return 0;
}
