/*
 * Counts what imgcls's records say: classes, how sure it was, errors. Part of
 * tally.h. The series are in a store of its own, so that classes without
 * number can't take the room of what the detectors say.
 */
#ifndef IMGTALLY_H
#define IMGTALLY_H

#include "detread.h"
#include "prom.h"

/* Of the model. Kept, not copied. */
struct imgtally_setup {
	size_t limit; /* series at most, before the rarer classes are one */
	size_t top;   /* classes that have their own series */
	const char *model;
	const char *version, *digest; /* NULL when not known */
	char *const *class;           /* names of the classes */
	size_t classes;               /* 0 when not known */
	int known; /* there are series before the first record */
};

struct imgtally {
	struct imgtally_setup setup;
	struct prom store;
};

void imgtally_init(struct imgtally *t, const struct imgtally_setup *setup);

/*
 * The records that follow are of the store's stream (prom_stream). Before its
 * first this makes the series that are there from the start; what there is no
 * room for is counted as left out, also when it is called again.
 */
void imgtally_begin(struct imgtally *t);

/*
 * A record with a class that is a number. Sets *schema when a member has a
 * wrong type, *range when a number can't be.
 */
void imgtally_prediction(
    struct imgtally *t, const struct detread *r, int *schema, int *range);

/* A record with an error. */
void imgtally_error(struct imgtally *t, const struct detread *r);

/*
 * Puts all series into the store. Of the classes of a stream, those that came
 * most often have series of their own, and the rest is class "other".
 */
void imgtally_put(const struct imgtally *t, struct prom *p);

void imgtally_free(struct imgtally *t);

#endif
