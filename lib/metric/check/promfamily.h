/*
 * Families of metrics: what each file says of them, HELP and TYPE, and whether
 * the files agree.
 */
#ifndef PROMFAMILY_H
#define PROMFAMILY_H

#include "json/intern.h"
#include "metric/check/promline.h"
#include "metric/check/promsay.h"

enum promfamily_type {
	PROMFAMILY_NONE, /* not said */
	PROMFAMILY_UNTYPED,
	PROMFAMILY_GAUGE,
	PROMFAMILY_COUNTER,
	PROMFAMILY_SUMMARY,
	PROMFAMILY_HISTOGRAM
};

/* What a file says of a family. */
struct promfamily_said {
	const char *file;
	size_t line;               /* of its first sample; 0 when it has none */
	struct promline_text help; /* empty when it has none */
	enum promfamily_type type;
};

struct promfamily {
	size_t number; /* of the file that now is about */
	struct promfamily_said now, first;
};

struct promfamilies {
	/* promfamily.c's own. */
	struct promsay *say;
	struct intern names;
	struct promfamily *family; /* by code in names */
	size_t n, room;
	size_t number; /* of the file, from 1 */
};

void promfamily_init(struct promfamilies *p, struct promsay *say);

/* The next file begins. Names and texts of all of them stand until the end. */
void promfamily_begin(struct promfamilies *p);

/* The family that a line's metric belongs to, until the next call. */
struct promfamily *promfamily_find(
    struct promfamilies *p, const struct promline_text *name);

/* Its name, which is that of the metric or the part before "_sum" or such. */
struct promline_text promfamily_name(
    const struct promfamilies *p, const struct promfamily *f);

/* A line of HELP or TYPE. */
void promfamily_said(
    struct promfamilies *p, const struct promline *l, size_t line);

/* At the end of a file: its families against those of the others. */
void promfamily_compare(struct promfamilies *p);

/* After the last file: what shows only when all are known. */
void promfamily_end(struct promfamilies *p);

void promfamily_free(struct promfamilies *p);

#endif
