/*
 * The Page-Hinkley test: has the mean of a stream shifted?
 *
 * Default form, two-sided and standardised by a frozen reference (sample mean
 * and standard deviation of n values), a two-sided CUSUM with allowance k:
 *
 *	z = (x - mean) / sd
 *	up   = max(0, up   + z - k)      down = max(0, down - z - k)
 *	stat = max(up, down)
 *
 * E. S. Page, Biometrika 41 (1954) 100-115; D. V. Hinkley, Biometrika 58
 * (1971) 509-523. The change began, by the maximum-likelihood estimate, behind
 * the last record at which the side that leads was 0.
 *
 * PHT_RIVER is the variant of River's PageHinkley (two-sided, running mean,
 * sums faded by alpha), index for index, with its parameters by its names. It
 * has no reference, and begins anew at the record after an alarm.
 *
 * All values are finite doubles in any unit.
 */
#ifndef PHT_H
#define PHT_H

#include <stddef.h>

#include "rng.h"

enum pht_form { PHT_STANDARD, PHT_RIVER };

struct pht_params {
	enum pht_form form;
	double k;     /* allowance in standard deviations, > 0 */
	double delta; /* RIVER: allowance in the unit of x */
	double alpha; /* RIVER: forgetting factor of the sums, 0 < alpha <= 1 */
	double lambda;           /* RIVER: threshold in the unit of x */
	long long min_instances; /* RIVER: no alarm before that many values */
};

/* One direction. */
struct pht_side {
	double sum;               /* of the deviations */
	double extreme;           /* RIVER: the smallest or largest sum */
	unsigned long long since; /* records since it last was 0 or extreme */
};

struct pht {
	struct pht_params params;
	double mean, sd; /* of the reference; RIVER: running mean */
	double cap;      /* the sums are held here */
	unsigned long long count;
	struct pht_side up, down;
};

struct pht_stat {
	double stat;
	int direction;            /* 1: the mean rose, -1: it fell */
	unsigned long long since; /* records since the estimated change */
};

/*
 * Learns the reference: n >= 2 values that vary; RIVER takes none. Returns
 * NULL, or why not.
 */
const char *pht_init(
    struct pht *d, const struct pht_params *p, const double *ref, size_t n);

/*
 * Holds the statistic at twice the limit from here on, so that an alarm ends
 * soon after the drift does, however long that lasted. It changes nothing
 * about when an alarm begins. RIVER ignores it.
 */
void pht_hold(struct pht *d, double limit);

void pht_add(struct pht *d, double x);

/* 1 and the statistic, or 0 while there is none yet. */
int pht_stat(const struct pht *d, struct pht_stat *s);

/* Forgets what came after the reference. */
void pht_reset(struct pht *d);

void pht_free(struct pht *d);

/*
 * One simulated life of the standard form (calib.h): normal values, the
 * estimation of mean and deviation from n of them included.
 */
double pht_simulate(const struct pht_params *p, size_t n,
    unsigned long long horizon, struct rng *r);

#endif
