/*
 * Not a test: prints what driftfdr shows of a fleet in which one stream in a
 * hundred drifts, and when, against a limit for each stream.
 * scripts/experiments/fdr.sh runs it.
 *
 *	fdr [STREAMS [REFERENCES [LIVES]]]
 *
 * All streams of a fleet share a reference of 2,000 records. Each has 300
 * without drift; those that drift then have 300 whose mean has moved, and the
 * others 300 more. In the second fleet there are only 99 streams without drift,
 * each of them a hundred times: what happens in one happens in all of them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/edet.h"
#include "detect/pht.h"
#include "detect/pht_null.h"
#include "limit/calib.h"
#include "stats/ebh.h"
#include "stats/rng.h"

enum { REFERENCE = 2000, BEFORE = 300, LENGTH = 600, HORIZON = 10000 };
enum { PERIOD = 30, RULES = 5, COPIES = 99 };

static const double share = 0.05;
static const double shifts[] = {0.5, 1, 2};

enum rule { LOOK, LOOKS, PROVEN, SIMULATED, PHT };
static const char *const rule_names[RULES] = {"e-BH, a period of one look",
    "e-BH, a period of 30 looks", "edet, the limit proven",
    "edet, the limit simulated", "pht, the limit by theory"};

/* What one rule has shown of one fleet. */
struct shown {
	uint8_t *ever;
	size_t right, wrong;
	double delay;     /* of the drifted, LENGTH - BEFORE if never */
	double at_a_look; /* the false share, summed over looks */
	double worst_look;
	size_t looks;
};

struct sum {
	double n, sum, squares;
};

static struct {
	size_t streams, drifted, lives;
	double limit[RULES];
	struct edet *edet;
	struct pht *pht;
	double *e, *period, *sorted;
} fleet;

static void
add(struct sum *s, double x)
{
	s->n++;
	s->sum += x;
	s->squares += x * x;
}

static double
mean(const struct sum *s)
{
	return s->sum / s->n;
}

/* Half of a 95 % interval. */
static double
margin(const struct sum *s)
{
	double variance = s->squares / s->n - mean(s) * mean(s);

	return s->n > 1 ? 1.96 * sqrt(fmax(variance, 0) / (s->n - 1)) : 0;
}

static int
falling(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

static void
show(struct shown *s, size_t stream, int t)
{
	if (s->ever[stream]++ > 0) {
		s->ever[stream] = 1;
		return;
	}
	if (stream >= fleet.drifted) {
		s->wrong++;
		return;
	}
	if (t < BEFORE) {
		s->wrong++;
		return;
	}
	s->right++;
	s->delay -= LENGTH - BEFORE - (t - BEFORE + 1);
}

/* The list at a look. */
static void
list(struct shown *s, const double *e, int t)
{
	size_t some = 0, k, wrong = 0;
	double limit;

	for (size_t i = 0; i < fleet.streams; i++)
		if (e[i] >= 1 / share) /* less is in no list */
			fleet.sorted[some++] = e[i];
	qsort(fleet.sorted, some, sizeof(*e), falling);
	k = ebh_count(fleet.sorted, some, (double)fleet.streams, share);
	limit = ebh_limit(k, (double)fleet.streams, share);
	for (size_t i = 0; i < fleet.streams && k > 0; i++)
		if (e[i] >= limit) {
			wrong += i >= fleet.drifted || t < BEFORE;
			show(s, i, t);
		}
	s->at_a_look += k > 0 ? (double)wrong / (double)k : 0;
	s->looks++;
}

static void
test(struct shown *s, int t)
{
	for (size_t i = 0; i < fleet.drifted; i++) {
		double stat;

		edet_value(&fleet.edet[i], &stat);
		for (int rule = PROVEN; rule < PHT; rule++)
			if (stat > fleet.limit[rule])
				show(&s[rule], i, t);
		pht_value(&fleet.pht[i], &stat);
		if (stat > fleet.limit[PHT])
			show(&s[PHT], i, t);
	}
	list(&s[LOOK], fleet.e, t);
	if ((t + 1) % (LENGTH / PERIOD) != 0)
		return;
	for (size_t i = 0; i < fleet.streams; i++)
		fleet.period[i] += fleet.e[i] / PERIOD;
	list(&s[LOOKS], fleet.period, t);
}

/* One record of each stream. */
static void
feed(double shift, int copies, int t, struct rng *r, struct sum *null)
{
	for (size_t i = 0; i < fleet.streams; i++) {
		size_t first = fleet.drifted + COPIES;
		double x, stat;

		if (copies && i >= first) {
			fleet.e[i] = fleet.e[i - COPIES];
			continue;
		}
		x = rng_normal(r);
		if (i < fleet.drifted) {
			x += t < BEFORE ? 0 : shift;
			pht_add(&fleet.pht[i], x);
		}
		edet_add(&fleet.edet[i], x);
		edet_value(&fleet.edet[i], &stat);
		fleet.e[i] = pow(10, stat);
		if (i >= fleet.drifted)
			null->sum += fleet.e[i], null->n++;
	}
}

static void
learn(struct rng *r)
{
	static const struct pht_params params = {.k = .25};
	double ref[REFERENCE];

	for (int i = 0; i < REFERENCE; i++)
		ref[i] = rng_normal(r);
	for (size_t i = 0; i < fleet.streams; i++) {
		if (i == 0)
			edet_init(fleet.edet, NULL, ref, REFERENCE);
		else
			edet_share(&fleet.edet[i], fleet.edet);
		if (i < fleet.drifted)
			pht_init(&fleet.pht[i], &params, ref, REFERENCE);
		fleet.period[i] = 0;
	}
}

static void
watch(
    struct shown *s, double shift, int copies, struct rng *r, struct sum *null)
{
	learn(r);
	for (int rule = 0; rule < RULES; rule++) {
		uint8_t *ever = s[rule].ever;

		memset(ever, 0, fleet.streams);
		s[rule] = (struct shown){.ever = ever,
		    .delay = (double)fleet.drifted * (LENGTH - BEFORE)};
	}
	for (int t = 0; t < LENGTH; t++) {
		feed(shift, copies, t, r, null);
		test(s, t);
	}
	for (size_t i = fleet.streams; i-- > 0;) {
		edet_free(&fleet.edet[i]);
		if (i < fleet.drifted)
			pht_free(&fleet.pht[i]);
	}
}

static void
print(int rule, struct sum sum[][RULES], double shift, int copies)
{
	printf(
	    "%-6g %-4s %-27s", shift, copies ? "99" : "all", rule_names[rule]);
	if (rule <= LOOKS)
		printf(" %.5f (+-%.5f) %.4f (+-%.4f)", mean(&sum[0][rule]),
		    margin(&sum[0][rule]), mean(&sum[1][rule]),
		    margin(&sum[1][rule]));
	else
		printf(" %37s", "");
	printf(" %6.1f %.4f %6.1f (+-%.1f)\n", mean(&sum[2][rule]),
	    mean(&sum[3][rule]), mean(&sum[4][rule]), margin(&sum[4][rule]));
}

static void
measure(double shift, int copies, size_t references, struct sum *null)
{
	struct sum sum[5][RULES] = {{{0}}};
	struct shown s[RULES];
	struct rng r;

	for (int rule = 0; rule < RULES; rule++)
		s[rule].ever = calloc(fleet.streams, 1);
	for (size_t ref = 0; ref < references; ref++) {
		rng_seed(&r, 20261130, ref);
		watch(s, shift, copies, &r, null);
		for (int rule = 0; rule < RULES; rule++) {
			double all = (double)(s[rule].right + s[rule].wrong);
			double n = (double)fleet.drifted;

			add(&sum[0][rule],
			    s[rule].at_a_look / (double)s[rule].looks);
			add(&sum[1][rule],
			    all > 0 ? (double)s[rule].wrong / all : 0);
			add(&sum[2][rule], (double)s[rule].wrong);
			add(&sum[3][rule], (double)s[rule].right / n);
			add(&sum[4][rule], s[rule].delay / n);
		}
	}
	for (int rule = 0; rule < (copies ? PROVEN : RULES); rule++)
		print(rule, sum, shift, copies);
	for (int rule = 0; rule < RULES; rule++)
		free(s[rule].ever);
}

/*
 * The quantile of the largest e-values of the runs, for 100 q: what is needed
 * for q is a hundred times that, as the tail of an e-value falls like 1 / e.
 * For q itself the runs would take days.
 */
static double
simulated(double q)
{
	double *most = calloc(fleet.lives, sizeof(*most)), limit;
	struct rng r;

	for (size_t i = 0; i < fleet.lives; i++) {
		rng_seed(&r, 7, i);
		most[i] = edet_simulate(NULL, REFERENCE, HORIZON, &r);
	}
	limit = calib_limit(most, fleet.lives, 100 * q) + 2;
	free(most);
	return limit;
}

/*
 * What each stream alone needs for its part of the share within the horizon:
 * (1 + (1 - r) H) / q is proven (edet.h).
 */
static void
find_limits(void)
{
	const struct pht_params pht = {.k = .25};
	double q = share / (double)fleet.streams, sum = 0;

	for (size_t b = 0; b < EDET_BETS; b++) {
		double m = edet_bet[b].mean, s = edet_bet[b].deviation;

		sum += 1 + fmin(((s * s + m * m - 1) / 2 - log(s)) / 8, .5) *
			       HORIZON;
	}
	fleet.limit[PROVEN] = log10(sum / EDET_BETS / q);
	fleet.limit[SIMULATED] = simulated(q);
	fleet.limit[PHT] = pht_null_arl_limit(&pht, HORIZON / q, 1);
	printf("limits for each: %.3f proven, %.3f simulated (log10 e), "
	       "%.2f of pht\n",
	    fleet.limit[PROVEN], fleet.limit[SIMULATED], fleet.limit[PHT]);
}

int
main(int argc, char **argv)
{
	size_t references = argc > 2 ? strtoul(argv[2], NULL, 10) : 40;
	struct sum null = {0};

	fleet.streams = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
	fleet.lives = argc > 3 ? strtoul(argv[3], NULL, 10) : 19999;
	fleet.drifted = fleet.streams / 100;
	fleet.edet = calloc(fleet.streams, sizeof(*fleet.edet));
	fleet.pht = calloc(fleet.drifted, sizeof(*fleet.pht));
	fleet.e = calloc(fleet.streams, sizeof(*fleet.e));
	fleet.period = calloc(fleet.streams, sizeof(*fleet.period));
	fleet.sorted = calloc(fleet.streams, sizeof(*fleet.sorted));
	find_limits();
	printf("%-6s %-4s %-27s %-21s %-18s %6s %6s %s\n", "shift", "null",
	    "rule", "false share at a look", "of all shown", "false", "found",
	    "delay");
	for (int i = 0; i < 3; i++)
		for (int copies = 0; copies < 2; copies++) {
			measure(shifts[i], copies, references, &null);
			fflush(stdout);
		}
	printf("mean e-value without drift: %.4f\n", mean(&null));
	free(fleet.edet);
	free(fleet.pht);
	free(fleet.e);
	free(fleet.period);
	free(fleet.sorted);
	return 0;
}
