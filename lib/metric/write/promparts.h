/*
 * The tallies of the parts of a pipeline, for another number of parts: each
 * stream goes to the part that it is of then, and what is counted of the whole
 * is added up in the first.
 */
#ifndef PROMPARTS_H
#define PROMPARTS_H

#include "run/repartition.h"

/* Puts the new states. NULL, or why it can't be done, a static text. */
const char *promparts(const struct repartition *r);

#endif
