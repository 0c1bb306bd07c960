/*
 * Counts what imgcls's records say: classes, how sure it was, errors. Part of
 * tally.h. The series are in a store of its own, so that classes without
 * number can't take the room of what the detectors say.
 *
 * The classes that came first in a stream have series of their own, and the
 * rest is class "other": so no count ever falls, and each depends on the
 * records alone, not on when it is looked at.
 */
#ifndef IMGTALLY_H
#define IMGTALLY_H

#include "json/recmodels.h"
#include "metric/detread.h"
#include "metric/gaps.h"
#include "metric/prom.h"

/* Of the model. Kept, not copied. */
struct imgtally_setup {
	size_t limit; /* series at most */
	size_t top;   /* classes of a stream that have their own series */
	const char *model;
	const char *version, *digest; /* NULL when not known */
	char *const *class;           /* names of the classes */
	size_t classes;               /* 0 when not known */
	int known; /* there are series before the first record */
};

struct imgtally {
	struct imgtally_setup setup;
	struct prom store;
	struct recmodels *models; /* of all streams; set it, it is kept */
	const char *stream; /* of the records that follow: set it, it is kept */
	/* The rest is imgtally.c's own. */
	struct buf *label; /* as the first record with a class has it */
};

/* The series of one stream that have been found, all zero at first. */
struct imgtally_stream {
	struct gaps gaps; /* between images */
	struct promseries_one *confidence;
	double **count; /* by class, NULL when not known */
	uint32_t counts;
	uint32_t named; /* classes that have their own */
	uint32_t model; /* of the last image, in models */
	uint8_t begun;  /* the first of them are there */
};

void imgtally_init(struct imgtally *t, const struct imgtally_setup *setup);

/*
 * Before the first record of a stream: makes the series that are there from the
 * start. What there is no room for is counted as left out, also when it is
 * called again; s is NULL then. Classes are among them if all that are known
 * may have series of their own.
 */
void imgtally_begin(struct imgtally *t, struct imgtally_stream *s);

/*
 * A record with a class that is a number. Sets *schema when a member has a
 * wrong type, *range when a number can't be. The series are found by way of s,
 * if it is not NULL.
 */
void imgtally_prediction(struct imgtally *t, struct imgtally_stream *s,
    const struct detread *r, int *schema, int *range);

/* Adds series i of another tally's store, which is of the stream. */
void imgtally_join(struct imgtally *t, struct imgtally_stream *s,
    const struct prom *from, size_t i);

/*
 * Puts what is of the stream as it is now: its last image, and the model in
 * use, with the digest that its records give it, or else the setup's.
 */
void imgtally_put_stream(
    const struct imgtally *t, const struct imgtally_stream *s, struct prom *p);

/* A record with an error. */
void imgtally_error(struct imgtally *t, const struct detread *r);

void imgtally_free(struct imgtally *t);
void imgtally_stream_free(struct imgtally_stream *s);

#endif
