/*
 * What a stream's records come to: whether it drifted, since when, what moved
 * and what that usually means.
 */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "report/reading.h"

enum findings_state {
	FINDINGS_EMPTY,    /* no record */
	FINDINGS_SHORT,    /* too few for a reference */
	FINDINGS_UNTESTED, /* no detector's tests */
	FINDINGS_QUIET,    /* no alarm */
	FINDINGS_OVER,     /* an alarm, which has ended */
	FINDINGS_DRIFT,    /* an alarm that lasts */
	FINDINGS_COMPARED  /* two files, whatever detectors said */
};

struct findings_field {
	size_t field;
	const struct grid *grid; /* NULL: nothing to compare with */
	const uint32_t *cells;   /* NULL: no value now */
	struct grid_distance distance;
	double before, after; /* medians */
	double shift;         /* of the mean, in the reference's sd */
	int moved;            /* clearly */
};

struct findings_class {
	size_t class;
	double before, after; /* shares */
	unsigned long long count;
};

struct findings {
	enum findings_state state;
	const struct alerts_episode *episode; /* of which it speaks, or NULL */
	unsigned long long since, found;      /* records */
	double since_time, found_time;
	size_t from, to; /* buckets of what is now */
	size_t ended;    /* before that one they ended before the change */
	struct bucket now;
	struct bucket before;      /* all that ended before the change */
	const struct usual *usual; /* of the classes */
	size_t fields, classes;
	struct findings_field field[WATCHED_MOST]; /* what moved most first */
	struct findings_class class[USUAL_CLASSES + 1]; /* the same */
	double mix; /* total variation distance of the classes; NAN */
	/* Pearson's two-sample statistic of the mix, its p; NAN. */
	double mix_chi2, mix_df, mix_p;
};

void findings_make(
    struct findings *f, const struct reading *r, struct subject *s);

/* The state in a word or two. */
const char *findings_word(enum findings_state state);

/* The field whose last key is so called, or NULL. */
const struct findings_field *findings_field(
    const struct findings *f, const struct reading *r, const char *key);

/* Accuracy where truth is known, or NAN. */
double findings_accuracy(const struct bucket *b);

/*
 * What is estimated without labels now: the last estimate, whose window is the
 * one of most drifted records; of what is over the mean, n being 0 for none.
 */
struct estimated_sums findings_estimated(
    const struct findings *f, const struct subject *s);

void findings_free(struct findings *f);

#endif
