/*
 * Not a test: prints which detector sees what, and how soon: the mean number
 * of records from a change of a normal stream to the first alarm.
 * scripts/experiments/delays.sh runs it.
 *
 *	delays [STREAMS]
 *
 * Each stream has a reference of 500 records, 100 more without change, which
 * fill the windows, and up to 3000 with it; an alarm that never comes counts
 * as 3000. Every limit keeps P(alarm in 1000 records) at 0.05; it is found as
 * the tools do, from fewer lives. All detectors are given the same streams.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "limit/calib.h"
#include "detect/iks.h"
#include "detect/nmddm.h"
#include "detect/pht.h"
#include "detect/pht_null.h"

enum { REFERENCE = 500, BEFORE = 100, MOST = 3000, HORIZON = 1000 };
enum { LIVES = 4999, CHANGES = 7 };
enum module { PHT, IKS, NMDDM };

static const struct row {
	const char *name;
	enum module kind;
	struct pht_params pht;
	struct iks_params iks;
	struct nmddm_params nmddm;
} rows[] = {
    {"pht", PHT, .pht = {.k = 0.25}},
    {"pht --allowance 0.5", PHT, .pht = {.k = 0.5}},
    {"pht --allowance 0.5 --direction up", PHT,
	.pht = {.k = 0.5, .direction = PHTCOMPAT_UP}},
    {"pht --shift unknown", PHT,
	.pht = {.form = PHT_UNKNOWN, .scores = PHT_RANKS}},
    {"pht --shift unknown --scores standard", PHT,
	.pht = {.form = PHT_UNKNOWN}},
    {"pht --change spread", PHT,
	.pht = {.change = PHT_SPREAD, .ratio = 1.5, .scores = PHT_RANKS}},
    {"pht --change spread --direction up", PHT,
	.pht = {.change = PHT_SPREAD,
	    .ratio = 1.5,
	    .direction = PHTCOMPAT_UP,
	    .scores = PHT_RANKS}},
    {"pht --change spread --scores standard", PHT,
	.pht = {.change = PHT_SPREAD, .ratio = 1.5}},
    {"pht --change both", PHT,
	.pht =
	    {.change = PHT_BOTH, .k = 0.25, .ratio = 1.5, .scores = PHT_RANKS}},
    {"pht --change both --scores standard", PHT,
	.pht = {.change = PHT_BOTH, .k = 0.25, .ratio = 1.5}},
    {"iks", IKS, .iks = {.window = IKS_WINDOW}},
    {"nmddm", NMDDM, .nmddm = {0}},
    {"nmddm --scan", NMDDM, .nmddm = {.scan = 1}},
};

static const struct change {
	const char *name;
	double shift, scale;
} changes[CHANGES] = {
    {"mean+.25", 0.25, 1},
    {"+.5", 0.5, 1},
    {"+1", 1, 1},
    {"+2", 2, 1},
    {"sd x1.5", 0, 1.5},
    {"sd x2", 0, 2},
    {"sd x.5", 0, 0.5},
};

union detector {
	struct pht pht;
	struct iks iks;
	struct nmddm nmddm;
};

static void
begin(const struct row *w, union detector *d, const double *ref)
{
	const char *why;

	if (w->kind == PHT)
		why = pht_init(&d->pht, &w->pht, ref, REFERENCE);
	else if (w->kind == IKS)
		why = iks_init(&d->iks, &w->iks, ref, REFERENCE);
	else
		why = nmddm_init(&d->nmddm, &w->nmddm, ref, REFERENCE);
	if (why != NULL)
		abort();
}

/* The statistic with x, -INFINITY while there is none. */
static double
add(const struct row *w, union detector *d, double x)
{
	struct pht_stat p;
	struct iks_stat i;
	struct nmddm_stat n;

	switch (w->kind) {
	case PHT:
		pht_add(&d->pht, x);
		return pht_stat(&d->pht, &p) ? p.stat : -INFINITY;
	case IKS:
		iks_add(&d->iks, x);
		return iks_stat(&d->iks, &i) ? i.stat : -INFINITY;
	default:
		nmddm_add(&d->nmddm, x);
		return nmddm_stat(&d->nmddm, &n) ? n.stat : -INFINITY;
	}
}

static void
end(const struct row *w, union detector *d)
{
	if (w->kind == PHT)
		pht_free(&d->pht);
	else if (w->kind == IKS)
		iks_free(&d->iks);
	else
		nmddm_free(&d->nmddm);
}

static double
limit_of(const struct row *w)
{
	static double max[LIVES];

	for (uint64_t i = 0; i < LIVES; i++) {
		struct rng r;

		rng_seed(&r, 1, i);
		if (w->kind == PHT)
			max[i] = pht_null_simulate(
			    &w->pht, REFERENCE, HORIZON, &r);
		else if (w->kind == IKS)
			max[i] = iks_simulate(&w->iks, REFERENCE, HORIZON, &r);
		else
			max[i] = nmddm_simulate(
			    &w->nmddm, REFERENCE, HORIZON, &r);
	}
	return calib_limit(max, LIVES, 0.05);
}

/* Records from the change to the alarm, the first with it being 1. */
static int
delay(const struct row *w, const struct change *c, double limit, uint64_t i)
{
	double ref[REFERENCE];
	union detector d;
	struct rng r;
	int t = 1;

	rng_seed(&r, 2, i);
	for (int j = 0; j < REFERENCE; j++)
		ref[j] = rng_normal(&r);
	begin(w, &d, ref);
	if (w->kind == PHT)
		pht_hold(&d.pht, limit);
	for (int j = 0; j < BEFORE; j++)
		add(w, &d, rng_normal(&r));
	while (t < MOST &&
	       add(w, &d, c->shift + c->scale * rng_normal(&r)) <= limit)
		t++;
	end(w, &d);
	return t;
}

static void
print(const char *name, const double *delays)
{
	printf("%-36s", name);
	for (int i = 0; i < CHANGES; i++)
		printf(" %8.0f", delays[i]);
	printf("\n");
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	int streams = argc > 1 ? atoi(argv[1]) : 3000;
	double best[CHANGES];

	printf("%-36s", "");
	for (int i = 0; i < CHANGES; i++) {
		printf(" %8s", changes[i].name);
		best[i] = MOST;
	}
	printf("\n");
	for (size_t j = 0; j < sizeof(rows) / sizeof(*rows); j++) {
		double limit = limit_of(&rows[j]), mean[CHANGES] = {0};

		for (int i = 0; i < CHANGES; i++) {
			for (int s = 0; s < streams; s++)
				mean[i] += delay(&rows[j], &changes[i], limit,
					       (uint64_t)s) /
					   (double)streams;
			best[i] = fmin(best[i], mean[i]);
		}
		print(rows[j].name, mean);
	}
	print("best", best);
	return 0;
}
