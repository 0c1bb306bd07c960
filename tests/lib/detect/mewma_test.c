/* mewma: against numpy; its state; its false alarms on normal vectors. */
#include <stdlib.h>

#include "detect/mewma.h"
#include "detect/residual.h"
#include "oracle.h"
#include "tap.h"

enum { N = 60, FIELDS = 6, D = 4, STREAM = 40 };

static const struct mewma_params params = {{.1, .02}, 2, .95, .05, 1000};

static void
numpy(void)
{
	double rows[N * FIELDS], stream[STREAM * FIELDS], t2[2 * STREAM];
	double h[4], radius[2], parts[D], signs[D], worst = 0;
	struct mewma_part top[D];
	struct mewma m;

	if (!ok(oracle_read("reference", rows, N * FIELDS) == N * FIELDS &&
		    oracle_read("stream", stream, STREAM * FIELDS) ==
			STREAM * FIELDS &&
		    oracle_read("t2", t2, 2 * STREAM) == 2 * STREAM &&
		    oracle_read("h", h, 4) == 4 &&
		    oracle_read("radius", radius, 2) == 2 &&
		    oracle_read("parts", parts, D) == D &&
		    oracle_read("signs", signs, D) == D,
		"the vectors are there"))
		return;
	ok(mewma_init(&m, &params, rows, N, FIELDS) == NULL, "fit");
	near(m.fit->radius[0], radius[0], 1e-9,
	    "the radius of the larger lambda");
	near(m.fit->radius[1], radius[1], 1e-9, "and of the smaller");
	/* The rows are kept in single precision. */
	near(m.fit->h[0], h[1], 1e-6, "h of the larger lambda");
	near(m.fit->h[1], h[3], 1e-6, "h of the smaller");
	for (size_t i = 0; i < STREAM; i++) {
		mewma_add(&m, stream + i * FIELDS);
		for (size_t k = 0; k < 2; k++)
			worst = fmax(
			    worst, fabs(m.of[k].t2 / t2[2 * i + k] - 1));
	}
	ok(worst < 1e-6, "T2 within %g", worst);
	ok(mewma_since(&m) >= 10 && mewma_since(&m) <= 22,
	    "since about the change at 20 of 40");
	ok(mewma_top(&m, top, D) == D && top[0].field == 1 && top[0].up,
	    "field 1 moved most, upwards");
	near(top[0].share, parts[1], 1e-5, "its share");
	ok(top[1].field == 0 && top[2].field == 3 && top[3].field == 5 &&
		top[3].share < 0,
	    "the others in order");
	near(top[3].share, parts[3], 1e-5, "the last one's");
	ok(mewma_top(&m, top, 1) == 1 && top[0].field == 1, "only the first");
	mewma_free(&m);
}

static double
stat_of(const struct mewma *m)
{
	double stat;

	mewma_value(m, &stat);
	return stat;
}

static void
state(void)
{
	double rows[N * FIELDS];
	struct buf out = {0};
	struct mewma a, b;
	struct store s;

	oracle_read("reference", rows, N * FIELDS);
	mewma_init(&a, &params, rows, N, FIELDS);
	ok(mewma_share(&b, &a) == NULL && b.fit == a.fit, "one fit for two");
	for (size_t i = 0; i < 30; i++)
		mewma_add(&a, rows + i * FIELDS);
	store_write(&s, &out);
	store_open(&s, NULL, '{');
	mewma_state(&a, &s);
	store_close(&s, '}');
	buf_put(&out, "", 1);
	store_read(&s, out.p, out.len - 1);
	store_open(&s, NULL, '{');
	mewma_state(&b, &s);
	store_close(&s, '}');
	ok(store_end(&s) == NULL, "a state is read back");
	for (size_t i = 30; i < N; i++) {
		mewma_add(&a, rows + i * FIELDS);
		mewma_add(&b, rows + i * FIELDS);
	}
	ok(stat_of(&a) == stat_of(&b) && mewma_since(&a) == mewma_since(&b),
	    "and goes on as if nothing had been");
	buf_free(&out);
	mewma_free(&a);
	mewma_add(&b, rows);
	ok(isfinite(stat_of(&b)), "one of two streams may end first");
	mewma_free(&b);
}

static void
draw(struct rng *r, double *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double *row = x + i * 5, all = rng_normal(r);

		for (size_t j = 0; j < 5; j++)
			row[j] = exp(.5 * rng_normal(r)) + all;
	}
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* 60 references of 300 correlated, skewed vectors, 10 streams each. */
static void
false_alarms(void)
{
	enum { REFS = 60, RUNS = 199, STREAMS = 10, H = 500, R = 300 };
	static double rows[R * 5];
	struct mewma_params p = {{.1, .02, .005}, 3, .99, .05, H};
	double maxima[RUNS], x[5];
	unsigned alarms = 0;

	for (uint64_t ref = 0; ref < REFS; ref++) {
		struct mewma m;
		struct rng r;

		rng_seed(&r, 5, ref);
		draw(&r, rows, R);
		mewma_init(&m, &p, rows, R, 5);
		for (size_t i = 0; i < RUNS; i++)
			maxima[i] = mewma_simulate(&m, R, H, &r);
		qsort(maxima, RUNS, sizeof(*maxima), by_value);
		for (size_t i = 0; i < STREAMS; i++) {
			int alarm = 0;

			mewma_reset(&m);
			for (size_t t = 0; t < H; t++) {
				draw(&r, x, 1);
				mewma_add(&m, x);
				alarm |= stat_of(&m) > maxima[189];
			}
			alarms += (unsigned)alarm;
		}
		mewma_free(&m);
	}
	/* .05 of 600 is 30; short references are taken with more care. */
	ok(alarms >= 1 && alarms <= 34, "false alarms: %u of 600 streams",
	    alarms);
}

/*
 * The limit of residuals whose coefficient is uncertain: as much higher as that
 * of the residuals themselves is, of references of 300 with the coefficient 0.9.
 */
static void
residuals(void)
{
	enum { REFS = 80, RUNS = 199, STREAMS = 5, H = 500, R = 300 };
	static double x[R + H], e[R];
	struct mewma_params p = {{.1, .02, .005}, 3, .99, .05, H};
	unsigned alarms = 0, plain = 0;

	for (uint64_t ref = 0; ref < REFS; ref++) {
		double limit[2], maxima[RUNS], z;
		struct residual of, next;
		struct mewma m;
		struct rng r;

		rng_seed(&r, 6, ref);
		z = rng_normal(&r) / sqrt(.19);
		for (size_t t = 0; t < R; t++)
			x[t] = z = .9 * z + rng_normal(&r);
		residual_init(
		    &of, x, R, 1, &(struct residual_choice){9, 1, AR_ANY}, e);
		mewma_init(&m, &p, e, R - of.fit->order, 1);
		for (int k = 0; k < 2; k++) {
			mewma_residuals(&m, k * residual_most(&of)->worth);
			for (size_t i = 0; i < RUNS; i++)
				maxima[i] = mewma_simulate(&m, R, H, &r);
			qsort(maxima, RUNS, sizeof(*maxima), by_value);
			limit[k] = maxima[189];
		}
		for (size_t i = 0; i < STREAMS; i++) {
			double most = 0, y;

			mewma_reset(&m);
			residual_share(&next, &of);
			z = rng_normal(&r) / sqrt(.19);
			for (size_t t = 0; t < H; t++) {
				y = z = .9 * z + rng_normal(&r);
				if (residual_next(&next, &y))
					mewma_add(&m, &y);
				most = fmax(most, stat_of(&m));
			}
			alarms += most > limit[1];
			plain += most > limit[0];
			residual_free(&next);
		}
		residual_free(&of);
		mewma_free(&m);
	}
	ok(alarms >= 1 && alarms <= 30 && plain > alarms,
	    "residuals: %u of 400 streams, %u if their coefficient were known",
	    alarms, plain);
}

int
main(void)
{
	numpy();
	state();
	false_alarms();
	residuals();
	return done_testing();
}
