/*
 * What a detector says of one field: the last test, and how many there were.
 * Part of tallystream.h.
 */
#ifndef TALLYPAIR_H
#define TALLYPAIR_H

#include "metric/detread.h"
#include "metric/prom.h"

enum { TALLYPAIR_NAME = 64 };

/* A field that an alarm names. */
struct tallypair_top {
	char field[TALLYPAIR_NAME];
	double share;
};

/* What few tests have. */
struct tallypair_more {
	double alarm_time;
	unsigned long long alarms;
	struct tallypair_top top[DETREAD_TOP];
	double accuracy[DETREAD_ACCURACY];
};

/* Begins with zeros. */
struct tallypair {
	double stat, limit, p; /* NAN when there is none */
	double time;
	unsigned long long samples;
	struct tallypair_more *more; /* from when there first is any; owned */
	uint8_t field;               /* its number in the tally */
	uint8_t seen, alarm;
	uint8_t tops;      /* fields in more's top */
	uint8_t estimates; /* more's accuracy: these are numbers */
};

/*
 * A limit and what it was read from: it seldom changes, and to compare its text
 * is less than to read. Begins with zeros.
 */
struct tallypair_limit {
	double limit;
	size_t len;
	char text[24];
};

/*
 * One test; sets *range when a number can't be. last is of the test in the same
 * place of the record before. -1 when memory ends.
 */
int tallypair_test(struct tallypair *p, const struct detread_test *test,
    struct tallypair_limit *last, double time, int *range);

/* No test has a value. */
void tallypair_clear(struct tallypair *p, double time);

/* The second's tests followed; -1 when memory ends. */
int tallypair_join(struct tallypair *p, const struct tallypair *next);

/* Puts a test into the store, values being the names of field and detector. */
void tallypair_put(struct prom *p, const char *const *values,
    const struct tallypair *pair, unsigned long long waiting);

void tallypair_state(struct tallypair *p, struct store *s);

void tallypair_free(struct tallypair *p);

/* What has no value has no series: NaN would poison sums and means. */
static inline void
tallypair_gauge(
    struct prom *p, enum promtab_metric m, const char *const *values, double x)
{
	if (x - x == 0)
		prom_set(p, m, values, x);
}

#endif
