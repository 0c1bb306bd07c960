/* ending: against awk; what it does with a change that is over, and is not. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/ending.h"
#include "detect/iks.h"
#include "detect/iks_verbs.h"
#include "detect/mewma.h"
#include "detect/mewma_verbs.h"
#include "detect/nmddm.h"
#include "detect/nmddm_verbs.h"
#include "detect/pht.h"
#include "detect/pht_verbs.h"
#include "stats/rng.h"
#include "tap.h"

/*
 *	awk 'function within(v, l, h) { return v < l ? l : v > h ? h : v }
 *	    BEGIN { n = 50; sum = 25
 *	    for (i = 1; i <= 300; i++) {
 *		s = within((i * 7919 % 13 - (i < 200 ? 4 : 7)) / 2, -4, 4)
 *		d = within(sum / (n + 20), .15, 1)
 *		v = within((q + 20) / (i + 19), 1, 99)
 *		E = within(E + d * (d / 2 - s) / v, 0, 15.2)
 *		n++; sum += s; q += (s - d) ^ 2
 *		if (i == 3 || i == 150 || i == 260) printf "%.17g\n", E } }'
 */
static const double evidence[] = {
    0.19807012532967389, 0.46070766706817695, 10.784076890947249};

static void
awk(void)
{
	struct ending *e = ending_new(1);
	int at = 0;

	ok(e != NULL && ending_alarm(e, 1, 0, 1), "it begins");
	ending_size(e, 50, 0.5);
	for (int i = 1; i <= 260; i++) {
		ending_add(e, (i * 7919 % 13 - (i < 200 ? 4 : 7)) / 2.0);
		if (i == 3 || i == 150 || i == 260)
			near(e->evidence, evidence[at++], 1e-12, "E");
	}
	ok(!ending_alarm(e, 1, 0, 1), "the change is over");
	free(e);
	ok(!ending_alarm(NULL, 1, 0, 1), "nothing is waited for that is not");
}

/* 10 20 30 40 against 4 4 2 0: w over p of 10.5 20.5 30.5 40.5 of 102. */
static void
counts(void)
{
	static const double a[] = {10, 20, 30, 40};
	static const uint32_t c[] = {4, 4, 2, 0};
	double mean = 0, square = 0, length = 0;
	struct ending *e = ending_new(4);

	memcpy(e->direction, a, sizeof(a));
	ending_counts(e, c);
	for (int j = 0; j < 4; j++) {
		double p = (a[j] + .5) / 102, w = e->direction[j];

		mean += p * w;
		square += p * w * w;
		length += c[j] / 10. * w;
	}
	ok(fabs(mean) < 1e-12, "in control the mean score is 0");
	near(square, 1, 1e-12, "and its deviation 1");
	near(e->direction[0] / e->direction[3], -(.4 * 102 / 10.5 - 1), 1e-12,
	    "a record of each cell counts as its likelihood has it");
	near(e->sum / e->records, length - 2 / 10. / length, 1e-12,
	    "the size is freed of what chance adds to it");
	free(e);
}

/* Records from the first of a change to its end, or most. */
static int
lasts(double size, int change, int most, uint64_t seed)
{
	struct ending *e = ending_new(1);
	struct rng r;
	int t = 0;

	rng_seed(&r, seed, 0);
	ending_size(e, 50, 0.5);
	for (; t < most && ending_alarm(e, 1, 0, 1); t++)
		ending_add(e, rng_normal(&r) + (t < change ? size : 0));
	free(e);
	return t;
}

static void
over_or_not(void)
{
	enum { RUNS = 200 };
	double late = 0, burst = 0;
	int lost = 0;

	for (uint64_t i = 0; i < RUNS; i++) {
		int t = lasts(.3, 4000, 4000, i);

		lost += t < 2000;
		late += lasts(1, 400, 4000, i) - 400;
		burst += lasts(0, 0, 4000, i);
	}
	ok(lost < RUNS / 8, "a change of .3 goes on: %d of %d end", lost, RUNS);
	ok(late / RUNS > 10 && late / RUNS < 25,
	    "one of 1 is over after %.0f records", late / RUNS);
	ok(burst / RUNS > 50 && burst / RUNS < 800,
	    "without a change it ends after %.0f", burst / RUNS);
}

/* NULL: it can't be. */
static struct ending *
reads(const char *text)
{
	struct ending *e = ending_new(2);
	struct store s;

	store_read(&s, text, strlen(text));
	store_open(&s, NULL, '{');
	ending_state(e, &s);
	store_close(&s, '}');
	if (store_end(&s) == NULL)
		return e;
	free(e);
	return NULL;
}

static void
state(void)
{
	struct ending *e = ending_new(2), *again;
	struct buf b = {0};
	struct store s;

	e->direction[0] = 0.6;
	e->direction[1] = -0.8;
	ending_size(e, 7, 0.1);
	ending_add(e, -1);
	store_write(&s, &b);
	store_open(&s, NULL, '{');
	ending_state(e, &s);
	store_close(&s, '}');
	buf_put(&b, "", 1);
	again = reads(b.p);
	ok(again != NULL && again->sum == e->sum &&
		again->evidence == e->evidence && again->records == 8 &&
		again->direction[1] == -0.8,
	    "the state is read back");
	free(again);
	free(e);
	buf_free(&b);
	ok(!reads("{\"direction\":[1,0],\"records\":1,\"sum\":5,"
		  "\"seen\":1,\"squares\":1,\"evidence\":0}"),
	    "more than the records can have is refused");
	ok(!reads("{\"direction\":[1,\"nan\"],\"records\":1,\"sum\":1,"
		  "\"seen\":1,\"squares\":1,\"evidence\":0}"),
	    "and no direction");
	ok(!reads("{\"direction\":[1,0],\"records\":1,\"sum\":1,"
		  "\"seen\":1,\"squares\":1,\"evidence\":16}"),
	    "and evidence beyond its bound");
}

/* What kinds of direction have in common, by what a detector says of one. */
static void
in_control(const char *name, double sum, double square, double moved, int n)
{
	ok(fabs(sum / n) < 0.15 && fabs(square / n - 1) < 0.25,
	    "%s: scores in control have mean %.2f, square %.2f", name, sum / n,
	    square / n);
	ok(moved > 0.25, "%s: of the shift, %.2f", name, moved);
}

static void
scored(const struct kind_verbs *v, const char *name, const void *params,
    size_t fields)
{
	enum { N = 600, AFTER = 1500 };
	static double ref[N * 3];
	double row[3], sum = 0, square = 0, moved = 0;
	_Alignas(max_align_t) unsigned char room[8192];
	struct ending *e = NULL;
	struct rng r;

	rng_seed(&r, 5, 0);
	for (size_t i = 0; i < N * fields; i++)
		ref[i] = rng_normal(&r);
	if (fields > 1)
		v->init_rows(room, params, ref, N, fields);
	else
		v->init(room, params, ref, N);
	for (int t = 0; t < AFTER; t++) {
		for (size_t i = 0; i < fields; i++)
			row[i] = rng_normal(&r);
		row[0] += t < 300 ? 0.6 : 0;
		if (fields > 1)
			v->add_row(room, row);
		else
			v->add(room, row[0]);
		if (t == 150) {
			e = ending_new(v->parts(room));
			v->aim(room, e);
		}
		if (t > 150) {
			double s = v->score(room, e->direction);

			sum += t < 300 ? 0 : s;
			square += t < 300 ? 0 : s * s;
			moved += t < 300 ? s / 149 : 0;
		}
	}
	in_control(name, sum, square, moved, AFTER - 300);
	free(e);
	v->free(room);
}

int
main(void)
{
	static const struct pht_params shift = {.k = 0.25};
	static const struct pht_params any = {.form = PHT_UNKNOWN};
	static const struct iks_params ks = {.window = 100};
	static const struct nmddm_params glr = {.window = 100};
	static const struct nmddm_params scan = {.scan = 1};
	static const struct mewma_params lambdas = {
	    {.1, .02}, 2, .95, .05, 1000};

	awk();
	counts();
	over_or_not();
	state();
	scored(&pht_verbs, "pht", &shift, 1);
	scored(&pht_verbs, "pht --shift unknown", &any, 1);
	scored(&iks_verbs, "iks", &ks, 1);
	scored(&nmddm_verbs, "nmddm", &glr, 1);
	scored(&nmddm_verbs, "nmddm --scan", &scan, 1);
	scored(&mewma_verbs, "mewma", &lambdas, 3);
	return done_testing();
}
