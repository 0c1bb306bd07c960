/*
 * The latest values of a field, in as little memory as they need. What a record
 * says is a decimal number, mostly of a few digits: values that are whole
 * multiples of 10^-d, for one d, are held as these multiples, in as many bytes
 * as the largest needs. Every value comes back to the same bits; one for which
 * that can't be makes all of them doubles.
 */
#ifndef TALLYWINDOW_H
#define TALLYWINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "base/store.h"

/* Begins with zeros. */
struct tallywindow {
	unsigned char *value; /* a ring, of room for values; owned */
	uint32_t room, at;    /* at: where the next one goes */
	uint32_t n;
	uint8_t bytes;  /* of a value; 8: they are doubles */
	uint8_t digits; /* else d */
};

/* A value, of a window of max: -1 when memory ends. */
int tallywindow_add(struct tallywindow *w, double x, size_t max);

/* The values as they lie in the ring, to be freed. NULL when memory ends. */
double *tallywindow_values(const struct tallywindow *w);

/* As if the second's values, of as large a window, had followed: the same. */
int tallywindow_join(
    struct tallywindow *w, const struct tallywindow *next, size_t max);

/* The members of an object. The ring as it lies: sums depend on the order. */
void tallywindow_state(struct tallywindow *w, size_t max, struct store *s);

void tallywindow_free(struct tallywindow *w);

#endif
