/*
 * Labelled records to learn from, in sets: first those that are as they should
 * be, then damaged ones, a set for each kind of damage.
 */
#ifndef LABELLED_H
#define LABELLED_H

#include <stddef.h>
#include <stdint.h>

#include "json/recmodel.h"

enum { LABELLED_SETS = 256 };

/* Begins with zeros and the number of classes. */
struct labelled {
	size_t classes;
	struct recmodel model;
	double *p;       /* n x classes */
	uint32_t *truth; /* below classes */
	size_t n, room;
	size_t set[LABELLED_SETS + 1]; /* where each begins; the end of all */
	size_t sets;
};

/* Begins another set. -1 when there are too many. */
int labelled_next(struct labelled *l);

/* A row of that set. -1 when memory ends. */
int labelled_add(struct labelled *l, const double *p, uint32_t truth);

/* Whether the most probable class is the truth. */
int labelled_right(const struct labelled *l, size_t i);

/* A random order within the first set, always the same. */
void labelled_shuffle(struct labelled *l);

void labelled_free(struct labelled *l);

#endif
