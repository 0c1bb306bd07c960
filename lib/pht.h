/*
 * The Page-Hinkley test: has the mean of a stream shifted?
 *
 * Two-sided. Each value is standardised by a frozen reference of n values:
 * PHT_VALUES by their mean and sample standard deviation, PHT_RANKS by its
 * rank among them (nscore.h), so that nothing but the ranks matters. Then
 *
 * PHT_STANDARD is a two-sided CUSUM with allowance k,
 *
 *	up   = max(0, up   + z - k)      down = max(0, down - z - k)
 *	stat = max(up, down)
 *
 * E. S. Page, Biometrika 41 (1954) 100-115; D. V. Hinkley, Biometrika 58
 * (1971) 509-523. The change began, by the maximum-likelihood estimate, behind
 * the last record at which the side that leads was 0.
 *
 * PHT_UNKNOWN is the test for a shift of any size (focus.h).
 *
 * PHT_COMPAT is what another program does (phtcompat.h): on the values as
 * they are, without a reference.
 *
 * Values are finite doubles of any unit and magnitude. No sum overflows: it
 * ends at DBL_MAX, and UNKNOWN takes 1e100 deviations for the most.
 */
#ifndef PHT_H
#define PHT_H

#include <stddef.h>

#include "focus.h"
#include "nscore.h"
#include "phtcompat.h"
#include "rng.h"

enum pht_form { PHT_STANDARD, PHT_UNKNOWN, PHT_COMPAT };
enum pht_scores { PHT_VALUES, PHT_RANKS };

struct pht_params {
	enum pht_form form;
	enum pht_scores scores;
	double k;        /* STANDARD: allowance in standard deviations, > 0 */
	int random_ties; /* RANKS: a random place in the gap (nscore.h) */
	uint64_t seed;   /* of these */
	struct phtcompat_params compat; /* COMPAT */
};

/* One direction of the standard form. */
struct pht_side {
	double sum;               /* of the deviations */
	unsigned long long since; /* records since it last was 0 */
};

struct pht {
	struct pht_params params;
	double mean, sd; /* of the reference, both times unit */
	double unit;     /* 1; less where differences could overflow */
	double cap;      /* the sums are held here */
	struct pht_side up, down;
	struct nscore score;
	struct focus focus;
	struct phtcompat compat;
};

struct pht_stat {
	double stat;
	int direction;            /* 1: the mean rose, -1: it fell */
	unsigned long long since; /* records since the estimated change */
	double size;              /* UNKNOWN: the shift in deviations; else 0 */
};

/*
 * Learns the reference: n >= 2 values that vary; ranks need not vary, and
 * COMPAT takes none. Returns NULL, or why not; pht_free in either case.
 */
const char *pht_init(
    struct pht *d, const struct pht_params *p, const double *ref, size_t n);

/*
 * Holds the statistic at twice the limit from here on, so that an alarm ends
 * soon after the drift does, however long that lasted. It changes nothing
 * about when an alarm begins. COMPAT ignores it.
 */
void pht_hold(struct pht *d, double limit);

void pht_add(struct pht *d, double x);

/* 1 and the statistic, or 0 while there is none yet. */
int pht_stat(const struct pht *d, struct pht_stat *s);

/* Forgets what came after the reference. */
void pht_reset(struct pht *d);

void pht_free(struct pht *d);

/*
 * The limit of STANDARD at which each of the fields, tested in both
 * directions, has a false alarm in arl0 x fields records on average, and all
 * of them together one in arl0: for mean and deviation that are known exactly
 * (arl.h). NAN when it is out of reach.
 */
double pht_arl_limit(const struct pht_params *p, double arl0, double tests);

/*
 * One simulated life of STANDARD or UNKNOWN (calib.h): normal values for
 * PHT_VALUES, the estimation of mean and deviation from n of them included;
 * uniform ones for PHT_RANKS, which stand for every continuous distribution.
 */
double pht_simulate(const struct pht_params *p, size_t n,
    unsigned long long horizon, struct rng *r);

#endif
