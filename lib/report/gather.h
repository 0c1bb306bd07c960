/* What the operands stand for (operands.h), read. */
#ifndef GATHER_H
#define GATHER_H

#include "report/reading.h"

/* Files and journals, or standard input. Trouble is a message and exit 2. */
void gather_operands(struct reading *r, char **files, int n);

/* The operand as a stream of its own; the reading has no group. */
void gather_stream(struct reading *r, char *operand);

#endif
