/*
 * What a detector is to those that drive it, and to the search for its limit.
 *
 * A detector's module has these verbs under its own prefix, and x_verbs.h a
 * constant table of them. Its struct and its params come as void *, so that they
 * go into the table as they are; nothing needs an adaptor.
 */
#ifndef KIND_H
#define KIND_H

#include <stdint.h>

#include "base/buf.h"
#include "base/store.h"
#include "detect/ending.h"
#include "json/intern.h"
#include "stats/rng.h"

/*
 * The largest statistic of one simulated run: horizon records after a
 * reference of n, none of which has drifted. -INFINITY when there was no
 * statistic, NAN when memory ended.
 */
typedef double kind_simulation(
    const void *params, size_t n, unsigned long long horizon, struct rng *r);

/* d is the struct of one detector, params those of its module. */
struct kind_verbs {
	size_t size; /* of the struct */

	/*
	 * Learns the reference. NULL, or why not; then there is nothing to
	 * free.
	 */
	const char *(*init)(
	    void *d, const void *params, const double *ref, size_t n);
	/* The limit from here on. NULL: it need not know. */
	void (*hold)(void *d, double limit);
	void (*add)(void *d, double x);
	/* 1 with the statistic, NAN when memory ended; 0 while the window
	 * fills. */
	int (*value)(const void *d, double *stat);
	/*
	 * Records since the estimated change point, the first one after it
	 * included; -1: none is estimated, as where this is NULL.
	 */
	long long (*since)(const void *d);
	/* Adds more members to the test's object. NULL: there are none. */
	void (*print)(void *d, struct buf *out);
	/* Empties the window and keeps the reference. */
	void (*reset)(void *d);
	/*
	 * After init, share or reset: what it draws at random from here on is
	 * by this number. NULL: it draws nothing, or the same for every number.
	 */
	void (*seed)(void *d, uint64_t seed);
	/* Of one that has learnt the same reference: what came after. */
	void (*state)(void *d, struct store *s);

	/*
	 * Of ending.h: how many parts a direction has, 0 where the detector
	 * knows none; the one in which the statistic at hand says that the
	 * stream has moved, and by how much; and the score of the last record
	 * in such a one. NULL: it knows none.
	 */
	size_t (*parts)(const void *d);
	void (*aim)(const void *d, struct ending *e);
	double (*score)(const void *d, const double *direction);
	void (*free)(void *d);

	/* Records in the detection window. NULL: there is none. */
	size_t (*window)(const void *params);
	/* Whether it starts at the first record. NULL: it learns first. */
	int (*starts_untaught)(const void *params);

	/*
	 * Names all of params that the null distribution depends on, after a
	 * reference of n.
	 */
	void (*key)(const void *params, size_t n, struct buf *out);
	/*
	 * Where that depends on the reference too: adds what of it to the
	 * key. Each detector has a limit of its own then, and simulate is
	 * given a detector that has learnt in place of params. NULL: it
	 * doesn't.
	 */
	void (*digest)(const void *d, struct buf *out);
	kind_simulation *simulate;

	/*
	 * A joint detector: one test of all fields, whose values are a row.
	 * These stand in the place of init and add, which are NULL. share
	 * begins with the reference of another one that has learnt, and NULL,
	 * or why not, is its answer, too. fields takes the fields' names, which
	 * are kept, after init_rows or share.
	 */
	const char *(*init_rows)(void *d, const void *params,
	    const double *rows, size_t n, size_t fields);
	const char *(*share)(void *d, const void *other);
	void (*fields)(void *d, const char *const *name);
	/*
	 * What it has learnt are scores within so many contexts, through all of
	 * which the reference goes in so many rounds (limit/dependent.h).
	 */
	void (*contexts)(void *d, size_t contexts, double rounds);
	/* And residuals (detect/residual.h) of a reference of this worth. */
	void (*residuals)(void *d, double worth);
	void (*add_row)(void *d, const double *row);
	/* Adds, in words, what a person should know of the reference. */
	void (*remark)(const void *d, struct buf *out);
	/* Adds members that say what has moved, to a test in alarm. */
	void (*explain)(void *d, struct buf *out);

	/*
	 * Categorical values: takes the table of the codes, which is kept,
	 * after init. NULL: values are numbers.
	 */
	void (*names)(void *d, const struct intern *names);
};

/* A detector with what the options chose. */
struct kind {
	const struct kind_verbs *verbs;
	const void *params;
	double limit; /* fixed by an option; NAN: it is to be found */
	/* Or fixed by one that depends on the reference's size; or NULL. */
	double (*critical)(size_t n);
	/*
	 * The limit for a false alarm in arl0 records on average, shared by
	 * so many tests. NULL, or NAN: by simulation.
	 */
	double (*arl)(double arl0, double tests);
	size_t classes; /* categorical: codes are up to this, intern.h's max */
};

#endif
