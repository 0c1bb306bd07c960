/* A record's probabilities, one for each class, for what estimates accuracy. */
#ifndef ACCROW_H
#define ACCROW_H

#include <stddef.h>
#include <stdint.h>

#include "json/json.h"
#include "json/jsonpath.h"

struct accrow {
	const char *field; /* a dotted path, kept */
	size_t classes;    /* 0: as many as the first record has */
	double *p;         /* of the record at hand */
	unsigned long long bad;
};

/* Adds the field, the first of the paths. Dies of what is no path. */
void accrow_init(
    struct accrow *r, const char *field, size_t classes, struct json_paths *ps);

/*
 * Takes the row out of what was found: 1, or 0 when there is none. The first
 * that is wrong is reported with its place.
 */
int accrow_read(struct accrow *r, const struct json_span *found,
    const char *file, unsigned long long line);

/* The number of one of so many classes: 1, or 0 when it is none. */
int accrow_class(
    const struct json_span *found, size_t classes, uint32_t *class);

void accrow_free(struct accrow *r);

#endif
