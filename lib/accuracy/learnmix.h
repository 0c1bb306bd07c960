/*
 * Learns the methods EM and FIT, and which of them AUTO takes (learnt.h), from
 * the same windows as learn.h, and from as many again in which the classes have
 * other shares: drawn from a Dirichlet distribution with all its parameters 10,
 * and 1, and records of these classes drawn with replacement; always the same.
 *
 * FIT is a polynomial in the numbers of prior.h. The width of its interval is by
 * windows of which each was judged without its own kind of damage.
 */
#ifndef LEARNMIX_H
#define LEARNMIX_H

#include "accuracy/labelled.h"
#include "accuracy/learnt.h"

/*
 * The rows are at the temperature; what learnt.h has of undamaged records is
 * there. Returns NULL, or why not.
 */
const char *learnmix_fit(const struct labelled *l, struct learnt *out);

#endif
