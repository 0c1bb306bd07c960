/*
 * The fields that are watched (jsonfield.h): where a record has their values,
 * and how many these are. A field that is the whole of an array, [*], has as
 * many as the first record of the reference that can be used, and all others
 * are to have as many.
 */
#ifndef DETFIELD_H
#define DETFIELD_H

#include "base/store.h"
#include "json/jsonfield.h"
#include "json/jsonpath.h"

struct detfield {
	struct jsonfield *item; /* as -f gives them */
	const char *const *text;
	size_t items;
	int plain;     /* all are one value each, at the path itself */
	int learnt;    /* some have a length that is not given by their name */
	size_t values; /* of a record; 0: not known yet */
	char **name;   /* of each value, as act[3] */
	struct json_span *span; /* room for as many */
	const char *why;        /* what was wrong with the last array */
	size_t bad;             /* and which field it was */
	unsigned long long odd; /* records with such an array */
};

/*
 * Takes n names, which are kept, and adds their paths, the first ones of ps.
 * Dies of what is no name.
 */
void detfield_init(struct detfield *f, const char *const *text, size_t n,
    struct json_paths *ps);
void detfield_free(struct detfield *f);

/* Learns how many values there are; whether the record has all that it needs. */
int detfield_learn(struct detfield *f, const struct json_span *found);

/* All values of a record, as numbers or in span: 1, or 0 when one is missing. */
int detfield_numbers(
    struct detfield *f, const struct json_span *found, double *x);
int detfield_spans(struct detfield *f, const struct json_span *found);

/* Says, of the first record with an array that is not as it should be, why. */
void detfield_complain(
    struct detfield *f, const char *file, unsigned long long line);

/* How many values were learnt. It may be known when it is read. */
void detfield_state(struct detfield *f, struct store *s);

#endif
