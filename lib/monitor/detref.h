/* The reference of a run, out of a file of records. */
#ifndef DETREF_H
#define DETREF_H

#include "monitor/detrun.h"

/* Learns the file of --reference, for all groups, or each that is in it. */
void detref_learn(struct detrun *d);

/* A group that begins anew; its records are all that the file has. */
void detref_learn_group(struct detrun *d, const char *file);

#endif
