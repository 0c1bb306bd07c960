/*
 * Names as small numbers: those of the fields that detectors watch, or of the
 * detectors, in order of first appearance. Part of tally.h.
 */
#ifndef TALLYNAME_H
#define TALLYNAME_H

#include "base/store.h"
#include "json/intern.h"

enum { TALLYNAME_TOO_MANY = -1, TALLYNAME_NO_MEMORY = -2 };

struct tallyname {
	char **text; /* by number; an escape in a record is resolved */
	size_t n;
	/* The rest is tallyname.c's own. */
	struct intern raw; /* as records spell them, with their quotes */
};

/* At most max of them. */
void tallyname_init(struct tallyname *t, size_t max);

/* The number of a name, a string; guess is what it may well be. */
long tallyname_find(
    struct tallyname *t, const struct json_span *name, size_t guess);

/* Name i as records spell it; reading: the next one. */
void tallyname_state(struct tallyname *t, size_t i, struct store *s);

void tallyname_free(struct tallyname *t);

#endif
