/*
 * What the drift detectors have in common: the options, the reference, the
 * limit, the record. A tool fills a struct det_kind and calls det_run; the
 * arithmetic is in the detector's own module.
 *
 * Every field that is watched has a detector of its own, in each group that -g
 * tells apart. Those of a group move in step: a record that lacks one of the
 * fields, or carries an error, feeds none.
 */
#ifndef DET_H
#define DET_H

#include "buf.h"
#include "calib.h"
#include "intern.h"
#include "opt.h"
#include "state.h"

/*
 * The detector as the driver sees it; d points to one field's struct. The
 * functions are the module's verbs with the tool's parameters filled in.
 */
struct det_kind {
	size_t size; /* of the detector's struct */
	const char *(*init)(void *d, const double *ref, size_t n);
	void (*hold)(void *d, double limit); /* NULL: needs not know */
	void (*add)(void *d, double x);
	void (*reset)(void *d);
	/* Of one that has learnt the same reference: what came after. */
	void (*state)(void *d, struct store *s);
	void (*free)(void *d);
	/* Records in the window, which --after adopt takes; NULL: none. */
	size_t (*window)(void);
	/* 1 with *stat, 0 while the window fills. */
	int (*stat)(const void *d, double *stat);
	/*
	 * Records since the estimated change, the first behind it included;
	 * -1: it estimates none, as where this is NULL.
	 */
	long long (*since)(const void *d);
	/* More members of the test's object; NULL for none. */
	void (*print)(void *d, struct buf *out);
	/* The limit that the options give, NAN for one by --fap; with n = 0
	 * whether they do. */
	double (*limit)(size_t n);
	/*
	 * The limit for a false alarm in arl0 records on average, shared by
	 * so many tests. NULL, or NAN: by simulation.
	 */
	double (*arl)(double arl0, double tests);
	calib_life *life;
	const void *params; /* NULL: life is given the detector itself */
	/* Names the parameters, for the kept limit. */
	void (*key)(struct buf *out);
	/* Whether it starts at the first record; NULL: it learns first. */
	int (*no_reference)(void);
	/*
	 * The limit depends on what the reference was: adds to the key all
	 * that it does on. Each field has a limit of its own then. NULL: it
	 * doesn't.
	 */
	void (*digest)(const void *d, struct buf *out);
	/*
	 * The fields are categorical: x are codes of intern.h, this is its
	 * max, and names keeps the table, after init. NULL: they are numeric.
	 */
	const size_t *classes;
	void (*names)(void *d, const struct intern *names);
};

/*
 * A module's verbs as the driver calls them, where its detector is a struct of
 * its name and all that the tool has to add is its params.
 */
#define DET_VERBS(module)                                                      \
	static const char *init(void *d, const double *ref, size_t n)          \
	{                                                                      \
		return module##_init(d, &params, ref, n);                      \
	}                                                                      \
	static void add(void *d, double x)                                     \
	{                                                                      \
		module##_add(d, x);                                            \
	}                                                                      \
	static void reset(void *d)                                             \
	{                                                                      \
		module##_reset(d);                                             \
	}                                                                      \
	static void state(void *d, struct store *s)                            \
	{                                                                      \
		module##_state(d, s);                                          \
	}                                                                      \
	static void release(void *d)                                           \
	{                                                                      \
		module##_free(d);                                              \
	}                                                                      \
	static double life(const void *p, size_t n,                            \
	    unsigned long long horizon, struct rng *r)                         \
	{                                                                      \
		return module##_simulate(p, n, horizon, r);                    \
	}

/* The options of every detector, to stand in the tool's tables. */
extern const struct opt det_options[];

/*
 * The tool that runs: its main fills it in and parses it, since -n stores the
 * name of the instance there.
 */
extern struct tool det_tool;

/* What -f is by default, where that is not feat.mean and feat.std. */
void det_watch(const char *field);

/*
 * Runs the stream, from the n files or standard input. Returns the exit
 * status: 0, or EXIT_EVENT with -e when there was an event.
 */
int det_run(const struct det_kind *kind, char **files, int n);

#endif
