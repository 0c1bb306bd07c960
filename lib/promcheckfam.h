/*
 * The inner side of promcheck.h: the families of metrics and the points of
 * histograms.
 */
#ifndef PROMCHECKFAM_H
#define PROMCHECKFAM_H

#include "promcheck.h"
#include "promline.h"

enum promcheck_type {
	PROMCHECK_NONE, /* not said */
	PROMCHECK_UNTYPED,
	PROMCHECK_GAUGE,
	PROMCHECK_COUNTER,
	PROMCHECK_SUMMARY,
	PROMCHECK_HISTOGRAM
};

/* What a file says of a metric. */
struct promcheck_said {
	const char *file;
	size_t line;               /* of its first sample; 0 when it has none */
	struct promline_text help; /* empty when it has none */
	enum promcheck_type type;
};

struct promcheck_family {
	size_t number; /* of the file that now is about */
	struct promcheck_said now, first;
};

/* Where a series stands for the first time. */
struct promcheck_place {
	const char *file;
	size_t line;
};

enum promcheck_part { PROMCHECK_BUCKET, PROMCHECK_SUM, PROMCHECK_COUNT };

struct promcheck_point {
	long group; /* the labels but le */
	enum promcheck_part part;
	double le, value;
	size_t line;
};

/* Says what is wrong. Bytes that are not plain text become '?'. */
void promcheck_complain(struct promcheck *c, const char *file, size_t line,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Room for one more item behind n; NULL, and failed, when memory ends. */
void *promcheck_grow(struct promcheck *c, void *array, size_t n, size_t size);

/* The family that a line's metric belongs to in this file; NULL: no memory. */
struct promcheck_family *promcheck_family(
    struct promcheck *c, const struct promline_text *name);

/* A line of HELP or TYPE. */
void promcheck_said(struct promcheck *c, const struct promline *l, size_t line);

/* Notes one more sample of a histogram. */
void promcheck_point(struct promcheck *c, const struct promcheck_point *point);

/* At the end of a file: its histograms, and its families against others'. */
void promcheck_histograms(struct promcheck *c);
void promcheck_compare(struct promcheck *c);

#endif
