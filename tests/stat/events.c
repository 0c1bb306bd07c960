/*
 * Not a test: prints how many events one change raises, and how long after its
 * end the alarm ends. scripts/experiments/events.sh runs it.
 *
 *	events [STREAMS [RECORDS]]
 *
 * For each detector, with a limit for a false alarm in 10,000 records with
 * probability 0.05, and a reference of 500 records for each stream:
 *
 *	lasting   events of a shift that lasts for so many records
 *	ended     of one that lasts 400, with 3000 in control after it; late:
 *	          records from then to the end of the alarm, in the streams
 *	          that are in alarm there, if ten are
 *	burst     10 records that are 3 deviations up, the same
 *
 * each by the statistic alone, as if there were no ending.h, and as it is.
 * Normal values; of the spread, the deviation grows by that share; chi2 has
 * eighths of the normal distribution for classes, mewma four fields of which
 * the first shifts.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "detect/chi2.h"
#include "detect/chi2_verbs.h"
#include "detect/iks.h"
#include "detect/iks_verbs.h"
#include "detect/mewma.h"
#include "detect/mewma_verbs.h"
#include "detect/nmddm.h"
#include "detect/nmddm_verbs.h"
#include "detect/pht.h"
#include "detect/pht_verbs.h"
#include "limit/calib.h"

enum { REFERENCE = 500, BEFORE = 250, HORIZON = 10000, LIVES = 999 };
enum { FIELDS = 4, CLASSES = 8, SIZES = 6 };

static const struct pht_params mean = {.k = 0.25};
static const struct pht_params spread = {
    .change = PHT_SPREAD, .ratio = 1.5, .scores = PHT_RANKS};
static const struct pht_params any = {.form = PHT_UNKNOWN, .scores = PHT_RANKS};
static const struct iks_params ks = {.window = IKS_WINDOW};
static const struct nmddm_params glr = {0};
static const struct nmddm_params scan = {.scan = 1};
static const struct chi2_params mix = {
    .window = CHI2_WINDOW, .min_expected = 5, .classes = CLASSES};
static const struct mewma_params vector = {
    {.1, .02, .005}, 3, .99, .05, HORIZON};

static const struct row {
	const char *name;
	const struct kind_verbs *verbs;
	const void *params;
	double lasting[SIZES];
} rows[] = {
    {"pht", &pht_verbs, &mean, {.15, .2, .25, .3, .5, 1}},
    {"pht --change spread", &pht_verbs, &spread, {.1, .15, .2, .3, .5, 1}},
    {"pht --shift unknown", &pht_verbs, &any, {.15, .2, .25, .3, .5, 1}},
    {"iks", &iks_verbs, &ks, {.15, .2, .25, .3, .5, 1}},
    {"nmddm", &nmddm_verbs, &glr, {.15, .2, .25, .3, .5, 1}},
    {"nmddm --scan", &nmddm_verbs, &scan, {.15, .2, .25, .3, .5, 1}},
    {"chi2", &chi2_verbs, &mix, {.15, .2, .25, .3, .5, 1}},
    {"mewma", &mewma_verbs, &vector, {.15, .2, .25, .3, .5, 1}},
};
static const double ended[SIZES - 1] = {.25, .3, .5, 1, 2};

union detector {
	struct pht pht;
	struct iks iks;
	struct nmddm nmddm;
	struct chi2 chi2;
	struct mewma mewma;
};

/* A change, and what became of it: by the statistic alone, as it is. */
struct outcome {
	double size;
	long lasts, after;
	double events[2], late[2], alarms[2];
};

static double
class_of(double x)
{
	static const double cut[] = {
	    -1.15035, -.67449, -.31864, 0, .31864, .67449, 1.15035};
	size_t i = 0;

	while (i + 1 < CLASSES && x > cut[i])
		i++;
	return (double)i;
}

static void
draw(const struct row *w, struct rng *r, double size, double *x)
{
	x[0] = rng_normal(r);
	if (w->params == &spread)
		x[0] *= 1 + size;
	else
		x[0] += size;
	if (w->verbs == &chi2_verbs)
		x[0] = class_of(x[0]);
	for (int i = 1; i < FIELDS && w->verbs == &mewma_verbs; i++)
		x[i] = rng_normal(r);
}

static void
begin(const struct row *w, struct rng *r, union detector *d)
{
	static double ref[REFERENCE * FIELDS];
	size_t width = w->verbs == &mewma_verbs ? FIELDS : 1;
	const char *why;

	for (size_t i = 0; i < REFERENCE; i++)
		draw(w, r, 0, ref + i * width);
	if (width > 1)
		why = w->verbs->init_rows(d, w->params, ref, REFERENCE, width);
	else
		why = w->verbs->init(d, w->params, ref, REFERENCE);
	if (why != NULL)
		abort();
}

static double
limit_of(const struct row *w)
{
	static double max[LIVES];
	const void *by = w->params;
	union detector d;
	struct rng r;

	rng_seed(&r, 1, LIVES);
	begin(w, &r, &d);
	if (w->verbs->digest != NULL)
		by = &d;
	for (uint64_t i = 0; i < LIVES; i++) {
		rng_seed(&r, 1, i);
		max[i] = w->verbs->simulate(by, REFERENCE, HORIZON, &r);
	}
	w->verbs->free(&d);
	return calib_limit(max, LIVES, 0.05);
}

/* The alarms after a record, and what that adds to the outcome. */
static void
judge(const struct row *w, union detector *d, double limit, struct ending **e,
    int *on, struct outcome *o)
{
	int before = on[1];
	double stat;

	if (*e != NULL)
		ending_add(*e, w->verbs->score(d, (*e)->direction));
	if (!w->verbs->value(d, &stat))
		return;
	for (int k = 0; k < 2; k++) {
		int now = ending_alarm(k ? *e : NULL, on[k], stat, limit);

		o->events[k] += now && !on[k];
		on[k] = now;
	}
	if (on[1] && !before) {
		*e = ending_new(w->verbs->parts(d));
		if (*e == NULL)
			abort();
		w->verbs->aim(d, *e);
	}
	if (!on[1]) {
		free(*e);
		*e = NULL;
	}
}

static void
run(const struct row *w, double limit, struct outcome *o, uint64_t stream)
{
	struct ending *e = NULL;
	int on[2] = {0, 0}, waits[2] = {0, 0};
	double x[FIELDS];
	union detector d;
	struct rng r;

	rng_seed(&r, 2, stream);
	begin(w, &r, &d);
	if (w->verbs->hold != NULL)
		w->verbs->hold(&d, limit);
	for (long t = -BEFORE; t < o->lasts + o->after; t++) {
		draw(w, &r, t >= 0 && t < o->lasts ? o->size : 0, x);
		if (w->verbs->add != NULL)
			w->verbs->add(&d, x[0]);
		else
			w->verbs->add_row(&d, x);
		judge(w, &d, limit, &e, on, o);
		for (int k = 0; k < 2; k++) {
			if (t == o->lasts - 1)
				o->alarms[k] += waits[k] = on[k];
			else
				o->late[k] += waits[k] &= on[k];
		}
	}
	free(e);
	w->verbs->free(&d);
}

static void
print(const struct row *w, double limit, const char *change, double size,
    long lasts, long after, int streams)
{
	struct outcome o = {.size = size, .lasts = lasts, .after = after};

	for (int s = 0; s < streams; s++)
		run(w, limit, &o, (uint64_t)s);
	printf("%-20s %-8s %5.2f %7.2f %7.2f", w->name, change, o.size,
	    o.events[0] / streams, o.events[1] / streams);
	if (o.alarms[0] >= 10 && o.alarms[1] >= 10 && o.after > 0)
		printf(" %7.0f %7.0f", o.late[0] / o.alarms[0],
		    o.late[1] / o.alarms[1]);
	printf("\n");
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	int streams = argc > 1 ? atoi(argv[1]) : 300;
	long records = argc > 2 ? atol(argv[2]) : 10000;

	printf("%-20s %-8s %5s %7s %7s %7s %7s\n", "detector", "change", "size",
	    "events:", "is", "late:", "is");
	for (size_t j = 0; j < sizeof(rows) / sizeof(*rows); j++) {
		const struct row *w = &rows[j];
		double limit = limit_of(w);

		for (int i = 0; i < SIZES; i++)
			print(w, limit, "lasting", w->lasting[i], records, 0,
			    streams);
		for (int i = 0; i < SIZES - 1; i++)
			print(w, limit, "ended", ended[i], 400, 3000, streams);
		print(w, limit, "burst", 3, 10, 3000, streams);
	}
	return 0;
}
