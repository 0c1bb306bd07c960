/*
 * What detectors said of one stream: their tests, the last events, and the
 * episodes during which any of them had an alarm.
 */
#ifndef ALERTS_H
#define ALERTS_H

#include "metric/detread.h"
#include "report/buckets.h"

enum {
	ALERTS_TEXT = 96,
	ALERTS_EVENTS = 48,
	ALERTS_EPISODES = 24,
	ALERTS_TOP = 3
};

struct alerts_test {
	char detector[ALERTS_TEXT], field[ALERTS_TEXT];
	double stat, limit, p; /* the last ones, or NAN */
	double peak;           /* largest statistic / limit, or NAN */
	int alarm;
	int estimates; /* accuracy, with no promise about false alarms */
	unsigned long long events;
};

struct alerts_event {
	unsigned long long record, since; /* since 0: not estimated */
	double time, seq;                 /* NAN when not known */
	double stat, limit;
	size_t test;
	char direction[8];
	/* What contributed most: a class or a field, how much, and how. */
	struct {
		char what[ALERTS_TEXT], direction[8];
		double share, observed, expected; /* NAN when not said */
	} top[ALERTS_TOP];
};

/*
 * An alarm that begins where the last one ended is the same episode: detectors
 * that are reset after an event raise one after the other.
 */
struct alerts_episode {
	int estimated; /* since is a detector's; else it is begin */
	unsigned long long begin, since, end; /* records; end 0: it lasts */
	double begun, ended;                  /* times */
	double since_time; /* of a summary; NAN: the records say it */
	unsigned long long events;
	size_t tests; /* that raised one */
};

struct alerts {
	size_t n, events_kept, episodes_kept;
	int over; /* there were tests beyond those told apart */
	int alarm;
	unsigned long long events, episodes;
	struct alerts_test test[BUCKETS_TESTS];
	struct alerts_event event[ALERTS_EVENTS];       /* the first ones */
	struct alerts_episode episode[ALERTS_EPISODES]; /* the last ones */
};

/* A record, read by detread from a line; its place and time. */
void alerts_add(struct alerts *a, const struct detread *read, const char *line,
    unsigned long long record, double time, struct buckets *buckets,
    struct bucket *bucket);

#endif
