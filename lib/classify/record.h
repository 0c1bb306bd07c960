/*
 * The records that a classifier writes, one for each item, as they are in
 * driftpipe-records(5): its own for an image that a name stands for, and the
 * record that it came in with the answer appended. Barriers and the trailer
 * are records, too.
 */
#ifndef RECORD_H
#define RECORD_H

#include "base/buf.h"
#include "classify/classify.h"
#include "classify/given.h"
#include "classify/intake.h"

struct record {
	struct classify *model; /* kept */
	struct given given;
	int makes_barriers; /* so none may come with the input */
	unsigned long long records, errors;
	int said;           /* one of these errors, to a person */
	struct buf members; /* of the record that is being made */
};

/* Writes the record of an item of the batch that was predicted last. */
void record_put(struct record *r, const struct intake_item *item);

/* Writes a barrier, after all that was written is out. */
void record_barrier(struct record *r, long long generation);

/* Writes the last record: how many there were, and how many with errors. */
void record_trailer(
    struct record *r, unsigned long long records, unsigned long long errors);

void record_free(struct record *r);

#endif
