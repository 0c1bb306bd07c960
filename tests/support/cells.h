/*
 * One share of the table that achieved.c prints: streams without drift, and
 * how many of them have an alarm.
 *
 * The modules are the tools' own, fed in the same order; the limit is what
 * calib.h makes of as many runs with the same seed, and the fields share the
 * promise as in det.c.
 */
#ifndef CELLS_H
#define CELLS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "kinds.h"

enum { HORIZON = 1000, FIELDS = 2 };

extern const double cells_fap;
extern const size_t cells_fields[FIELDS];

struct subject {
	const char *command;
	const struct kind_verbs *kind;
	union params params;
	size_t windows[4]; /* up to a 0; without windows 1 */
};

struct cell {
	const struct subject *subject;
	const struct data *data;
	union params params; /* with the window */
	size_t n, fields, streams;
	double limit; /* NAN: by the reference */
	uint64_t number;
	atomic_size_t alarms;
};

struct cell cells_make(const struct subject *s, size_t window, size_t n);

/* The limits of the cell's detector, by cells_fields. */
void cells_limits(const struct cell *c, double limit[FIELDS]);

/* A stream's values, a row of n + HORIZON for each field, to be freed. */
double *cells_draw(const struct cell *c, size_t stream);

/* Whether one field has an alarm; its limit is left in *limit. */
int cells_field_alarms(const struct cell *c, const double *x, double *limit);

/* Runs the streams on all processors and counts those with an alarm. */
void cells_count(struct cell *c);

#endif
