/*
 * Which families of damage (corrupt.h) are asked for, as FAMILY:SEVERITY where
 * either may be "all", and what there are.
 */
#ifndef DAMAGE_H
#define DAMAGE_H

#include <stddef.h>

#include "image/corrupt.h"
#include "tool/opt.h"

struct damage {
	size_t family;
	int severity;
};

/*
 * Those of the list, in its order, to be freed; returns how many. What can't
 * be made sense of is a message and exit 2.
 */
size_t damage_parse(struct damage **damage, const struct opt_list *list);

/* Writes a record for each family, with the first constants of that set. */
void damage_list(enum corrupt_set set);

#endif
