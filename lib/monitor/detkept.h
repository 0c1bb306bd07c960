/*
 * Rows of values that a group keeps: its reference while that is learnt, or is
 * to be saved, and its last records where they may become one (--after adopt).
 * A group that begins with the reference of a file has nothing to keep.
 */
#ifndef DETKEPT_H
#define DETKEPT_H

#include <stddef.h>
#include <stdint.h>

struct detkept {
	size_t tests, width; /* values of a record: width for each test */
	size_t window;       /* of the last records; or 0 */
	int contexts;        /* records have one */
	size_t room;         /* records that the reference has space for */
	uint32_t *code, *recent_code; /* the contexts */
	struct detkept_test {
		double *reference; /* rows */
		double *recent;    /* rows, a ring of window */
	} test[];
};

struct detkept *detkept_new(
    size_t tests, size_t width, size_t window, int contexts);

/* Room for a reference of so many records. */
void detkept_room(struct detkept *k, size_t room);

/* Record i of the reference, where there is room; or of all, for the ring. */
void detkept_reference(
    struct detkept *k, size_t i, const double *x, uint32_t code);
void detkept_recent(
    struct detkept *k, unsigned long long i, const double *x, uint32_t code);

/* Takes record i of the ring. */
void detkept_take(
    const struct detkept *k, unsigned long long i, double *x, uint32_t *code);

/* The reference is no longer needed; NULL: then nothing is. */
struct detkept *detkept_drop(struct detkept *k);

/* NULL is fine. */
void detkept_free(struct detkept *k);

#endif
