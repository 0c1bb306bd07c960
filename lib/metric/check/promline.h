/*
 * One line of Prometheus's text format (version 0.0.4), read as node_exporter
 * reads it, but for what it can be harmed by: that is an error here.
 */
#ifndef PROMLINE_H
#define PROMLINE_H

#include <stddef.h>

enum { PROMLINE_LABELS = 64 };

enum promline_kind {
	PROMLINE_NOTHING, /* blank, or a comment */
	PROMLINE_HELP,
	PROMLINE_TYPE,
	PROMLINE_SAMPLE
};

/* A piece of the line. */
struct promline_text {
	const char *p;
	size_t len;
};

/* The value as it stands between its quotes; an escape has but one form. */
struct promline_label {
	struct promline_text name, value;
};

struct promline {
	enum promline_kind kind;
	struct promline_text name; /* of the metric */
	struct promline_text text; /* the help or the type; empty if missing */
	struct promline_label label[PROMLINE_LABELS];
	size_t labels;
	double value;
	struct promline_text subject; /* of an error; empty when it has none */
};

/* Reads a line without its newline: NULL, or what is wrong with it. */
const char *promline_read(struct promline *l, const char *p, size_t len);

/* A number as Go has it, NaN and infinities included: 0, or -1. */
int promline_number(const struct promline_text *s, double *x);

int promline_equal(
    const struct promline_text *a, const struct promline_text *b);

/* Whether it is that word. */
int promline_is(const struct promline_text *s, const char *word);

#endif
