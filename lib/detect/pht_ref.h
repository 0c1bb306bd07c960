/*
 * What streams that pht.h tests have in common: the form, and what it has of
 * their reference. The score of a value x is
 *
 *	z = (x - mean) / sd        PHT_VALUES, by the reference's
 *	z by nscore.h              PHT_RANKS
 *
 * and its square is as pht.h says where the reference does not vary. One that
 * is short grows with the stream (pht_grow.h).
 */
#ifndef PHT_REF_H
#define PHT_REF_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "detect/nscore.h"
#include "detect/phtcompat.h"

enum pht_form { PHT_STANDARD, PHT_UNKNOWN, PHT_COMPAT };
enum pht_change { PHT_MEAN, PHT_SPREAD, PHT_BOTH };
enum pht_scores { PHT_VALUES, PHT_RANKS };

struct pht_params {
	enum pht_form form;
	enum pht_scores scores;
	enum pht_change change;             /* STANDARD; UNKNOWN has MEAN */
	enum phtcompat_direction direction; /* STANDARD; OWN is both */
	double k;        /* MEAN, BOTH: allowance in standard deviations, > 0 */
	double ratio;    /* SPREAD, BOTH: r > 1 */
	int random_ties; /* RANKS: a random place in the gap (nscore.h) */
	uint64_t seed;   /* of these */
	size_t shorter,
	    grow; /* one of fewer values grows until it has so many */
	struct phtcompat_params compat; /* COMPAT */
};

enum { PHT_RISE, PHT_FALL, PHT_WIDER, PHT_NARROWER, PHT_SIDES };

struct pht_ref {
	size_t users; /* that pht_ref_free is to be called by */
	struct pht_params params;
	size_t n;
	double mean, sd; /* of the n values, both times unit */
	double unit;     /* 1; less where differences could overflow */
	double scale;    /* of the mean's increments: 1, BOTH: 2k */
	double least;    /* of z^2: 1 when the reference does not vary */
	double log_ratio, grows, ebbs; /* of the spread's increments */
	int used[PHT_SIDES], sides;    /* those that count, how many */
	double calm; /* no sign of a change up to this statistic (pht_grow.h) */
	struct nscore score; /* RANKS: each stream shares it */
	double z, square;    /* of the record that any had last */
};

/*
 * For one user, from n >= 2 values; COMPAT takes none. NULL, and *why says why
 * not.
 */
struct pht_ref *pht_ref_new(
    const struct pht_params *p, const double *ref, size_t n, const char **why);

/*
 * For one user: with the n more values that a stream with the reference r had.
 * PHT_VALUES: of their scores, the mean and the sum m2 of squares about that;
 * PHT_RANKS: the values themselves. NULL, and *why says why not.
 */
struct pht_ref *pht_ref_join(const struct pht_ref *r, size_t n, double mean,
    double m2, const double *value, const char **why);

/* Names all of the params that simulated runs after a reference of n depend on. */
void pht_ref_key(const void *params, size_t n, struct buf *out);

/* The last user's call frees it. May be NULL. */
void pht_ref_free(struct pht_ref *r);

#endif
