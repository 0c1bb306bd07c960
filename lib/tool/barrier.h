/*
 * Barriers: records of the program that runs a pipeline, between those of the
 * stream (driftpipe-records(5)). Each carries a number that this run has drawn
 * at random, and that the stages know by their environment, so that no record
 * from outside is one, whatever it looks like.
 */
#ifndef BARRIER_H
#define BARRIER_H

#include <stddef.h>

#include "base/buf.h"

/* The variable that has the run's number. */
#define BARRIER_VARIABLE "DRIFTPIPE_BARRIER"

/* Draws the number, for this process and those that it starts. */
void barrier_begin(void);

/* Whether this is a stage of a pipeline, or has drawn the number. */
int barrier_expected(void);

/*
 * The generation, from 1, when the line is a barrier of this run; otherwise 0.
 * line[n] must be readable. Members may stand in any order, with white space.
 */
long long barrier_number(const char *line, size_t n);

/* Appends the record, without the end of its line. */
void barrier_put(struct buf *b, long long generation);

#endif
