/* What the operands stand for (operands.h), read. */
#ifndef GATHER_H
#define GATHER_H

#include "report/reading.h"

/*
 * Files of records, summaries and journals, or standard input. Trouble is a
 * message and exit 2.
 */
void gather(struct reading *r, char **files, int n);

/* Each operand as a stream of its own; the reading has no group. */
void gather_each(struct reading *r, char **files, int n);

#endif
