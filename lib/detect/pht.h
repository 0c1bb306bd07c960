/*
 * The Page-Hinkley test: has the mean of a stream shifted, or its spread?
 *
 * Two-sided. Each value is standardised by a reference of n values:
 * PHT_VALUES by their mean and sample standard deviation, PHT_RANKS by its
 * rank among them (nscore.h), so that nothing but the ranks matters. Then
 *
 * PHT_STANDARD is a CUSUM of up to four sides, each for one change:
 *
 *	side = max(0, side + increment)       stat = the largest side
 *
 *	the mean rises     z - k
 *	the mean falls     -z - k
 *	the spread grows   -ln r + z^2/2 (1 - 1/r^2)
 *	the spread ebbs     ln r - z^2/2 (r^2 - 1)
 *
 * with the allowance k and the ratio r of the deviations. PHT_MEAN has the
 * first two, PHT_SPREAD the last two. These are the log-likelihood ratios of a
 * deviation r or 1/r against 1; those of a mean 2k or -2k against 0 are the
 * first two times 2k, and so PHT_BOTH has them beside the others. A direction
 * leaves out the sides of the other one.
 * E. S. Page, Biometrika 41 (1954) 100-115; D. V. Hinkley, Biometrika 58
 * (1971) 509-523. The change began, by the maximum-likelihood estimate, after
 * the last record at which the side that leads was 0.
 *
 * PHT_UNKNOWN is the test for a shift of any size (focus.h).
 *
 * A reference that is shorter than the params want grows (pht_grow.h).
 *
 * PHT_COMPAT is what another program does (phtcompat.h): on the values as
 * they are, without a reference.
 *
 * Values are finite doubles of any unit and magnitude. No sum overflows: it
 * ends at DBL_MAX, and UNKNOWN takes 1e100 deviations for the most. Against a
 * reference that does not vary, z is 0 for the same value, and DBL_MAX or
 * -DBL_MAX for any other, which an alarm follows at once whatever the limit.
 * Its spread can't ebb: z^2 is 1 for the same value. With ranks another value
 * counts for no more than the first or last of the reference, and z^2 is the
 * mean square over the gap (nscore.h).
 */
#ifndef PHT_H
#define PHT_H

#include <stddef.h>

#include "detect/focus.h"
#include "detect/kind.h"
#include "detect/pht_grow.h"
#include "detect/pht_ref.h"

/* One side of the standard form. */
struct pht_side {
	double sum;               /* of the increments */
	unsigned long long since; /* records since it last was 0 */
};

/* One stream; of the last three its form has one. */
struct pht {
	struct pht_ref *ref;   /* shared */
	struct pht_grow *grow; /* NULL: the reference is frozen */
	double cap;            /* the sums are held here */
	struct nscore score;   /* RANKS */
	union {
		struct pht_side side[PHT_SIDES];
		struct focus *focus;      /* owned */
		struct phtcompat *compat; /* owned */
	};
};

struct pht_stat {
	double stat;
	enum pht_change change;   /* what has changed: MEAN or SPREAD */
	int direction;            /* 1: it rose, or is wider, -1: it fell */
	unsigned long long since; /* records since the estimated change */
	double size;              /* UNKNOWN: the shift in deviations; else 0 */
};

/*
 * Learns the reference: n >= 2 values; COMPAT takes none. Returns NULL, or why
 * not; pht_free in either case.
 */
const char *pht_init(
    void *pht, const void *params, const double *ref, size_t n);

/* With the reference of another one. NULL, or why not; pht_free in either case. */
const char *pht_share(void *pht, const void *other);

/*
 * Holds the statistic at twice the limit from here on, so that an alarm ends
 * soon after the drift does, however long that lasted. It changes nothing
 * about when an alarm begins. COMPAT ignores it.
 */
void pht_hold(void *pht, double limit);

void pht_add(void *pht, double x);

/* 1 and the statistic, NAN when memory ended; or 0 while there is none yet. */
int pht_stat(const struct pht *d, struct pht_stat *s);

/* Its members stat and since alone; the latter is -1 while there is none. */
int pht_value(const void *pht, double *stat);
long long pht_since(const void *pht);

/* Its members for the record: change and size where the form has them. */
void pht_print(void *pht, struct buf *out);

/* Forgets what came after the reference. */
void pht_reset(void *pht);

/*
 * What came after the reference: to be read by a detector that has learnt the
 * same one and knows its limit.
 */
void pht_state(void *pht, struct store *s);

void pht_free(void *pht);

/* COMPAT has no reference. */
int pht_starts_untaught(const void *params);

#endif
