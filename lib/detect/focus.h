/*
 * FOCuS: Page's test for a shift of every size at once.
 *
 * Of values z_1 .. z_t whose mean is 0 and deviation 1 until a change, with
 * the sums S_i = z_1 + .. + z_i, the statistic is the largest log-likelihood
 * ratio over all moments i at which the change may have come, and all means
 * that may have come with it:
 *
 *	stat = max over i < t of (S_t - S_i)^2 / (2 (t - i))
 *
 * in each direction. G. Romano, I. A. Eckley, P. Fearnhead, G. Rigaill,
 * JMLR 24 (2023), 81. It needs no allowance; the i that is best and the mean
 * since then are the estimates of maximum likelihood.
 *
 * Only the corners of the convex hull of the points (i, S_i) can be best, and
 * of these only the ones where it rises (for a rise of the mean: the lower
 * hull, after its lowest point). There are about ln(t) / 2 of them while
 * nothing drifts; a record costs as much on average, and S begins at 0 again
 * with every new lowest point, so that no digits are lost.
 *
 * A stream that rises faster and faster makes every record a corner. At most
 * FOCUS_CORNERS are kept in each direction: beyond that, the one whose going
 * leaves the least ratio of ages goes. The statistic is exact until then, and
 * afterwards too small by at most the factor t^(1/63), 1.16 at 10^4 records
 * and 1.29 at 10^7; on ramps it has been within 0.1 %.
 */
#ifndef FOCUS_H
#define FOCUS_H

#include <stddef.h>

#include "base/store.h"

enum { FOCUS_CORNERS = 128 };

/* A point of the sums, counted from where they last began. */
struct focus_point {
	double sum;
	double at; /* a whole number, unless held */
};

/* One direction; the fall of a mean is the rise of its negative. */
struct focus_side {
	struct focus_point now, *corner; /* owned by struct focus */
	size_t n;                        /* corners, at least one */
	double stat, since, size;        /* of the best corner */
	double held; /* since then, when corners were dropped */
};

struct focus {
	struct focus_side up, down;
	double limit, most; /* see focus_hold; the largest |z| taken */
};

struct focus_stat {
	double stat;
	int direction;            /* 1: the mean rose, -1: it fell */
	unsigned long long since; /* records since the estimated change */
	double size;              /* the mean of z since then */
};

/* Returns 0, or -1 when memory ended. */
int focus_init(struct focus *f);

/*
 * From here on the statistic is held at twice the limit, by forgetting the
 * oldest moments of change; a value counts for no more than would give that
 * alone. An alarm so ends about 4 limit / size^2 records after a drift of that
 * size, however long it lasted. When it begins does not change.
 */
void focus_hold(struct focus *f, double limit);

void focus_add(struct focus *f, double z);

void focus_stat(const struct focus *f, struct focus_stat *s);

/* Forgets all values. */
void focus_reset(struct focus *f);

/* All but the limit. */
void focus_state(struct focus *f, struct store *s);

void focus_free(struct focus *f);

#endif
