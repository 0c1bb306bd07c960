/*
 * The series of a store (prom.h), and how one is found. Each text that is the
 * value of a label is kept once, and a series has the numbers of its own:
 * thousands of streams have the same classes and detectors.
 */
#ifndef PROMSERIES_H
#define PROMSERIES_H

#include <stddef.h>
#include <stdint.h>

#include "json/intern.h"
#include "metric/promtab.h"

enum { PROMSERIES_CHUNK = 256 };

/* What series of several streams are: a metric, and its labels' values. */
struct promseries_what {
	uint32_t metric;
	uint32_t label[PROMTAB_LABELS]; /* numbers of texts; 0: none */
};

/* All series of a histogram together. */
struct promseries_histogram {
	double sum;
	unsigned long long bucket[PROMTAB_BOUNDS + 1]; /* in each alone */
};

struct promseries_one {
	union {
		double value;
		struct promseries_histogram *histogram; /* if it is one */
	};
	uint32_t what;   /* a number; see promseries_what */
	uint32_t stream; /* number of its text; 0: none */
};

struct promseries {
	size_t n;
	/* The rest is promseries.c's own. */
	struct intern text, what;
	struct promseries_one **chunk; /* PROMSERIES_CHUNK each */
	size_t chunks;
	uint32_t *slot; /* hash table: index + 1, or 0 */
	size_t slots;   /* a power of two */
};

void promseries_init(struct promseries *s);

/* Series i, below n, in the order in which they were made. */
static inline struct promseries_one *
promseries_at(const struct promseries *s, size_t i)
{
	return &s->chunk[i / PROMSERIES_CHUNK][i % PROMSERIES_CHUNK];
}

/* The text of that number; it stands until there is another. */
const char *promseries_text(const struct promseries *s, uint32_t number);

/*
 * The number of a text, 0 of an empty one: whether it has one already; or it
 * has from now on, or -1 when memory ends.
 */
int promseries_knows(
    const struct promseries *s, const char *text, uint32_t *number);
int promseries_number(struct promseries *s, const char *text, uint32_t *number);

/* What series with that number are; and what this one is. */
struct promseries_what promseries_what(
    const struct promseries *s, uint32_t number);
struct promseries_what promseries_is(
    const struct promseries *s, const struct promseries_one *x);

/* NULL: it is of another type. */
struct promseries_histogram *promseries_histogram(
    const struct promseries *s, const struct promseries_one *x);

/* The one of a stream; NULL: there is none. */
struct promseries_one *promseries_find(const struct promseries *s,
    const struct promseries_what *what, uint32_t stream);

/* Adds one that is not there, with all zero; NULL when memory ends. */
struct promseries_one *promseries_add(
    struct promseries *s, const struct promseries_what *what, uint32_t stream);

void promseries_free(struct promseries *s);

#endif
