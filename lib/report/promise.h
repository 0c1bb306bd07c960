/*
 * How rarely detectors raise false alarms, as their sections of a configuration
 * say: --fap within --horizon records without drift.
 */
#ifndef PROMISE_H
#define PROMISE_H

#include <stddef.h>

enum { PROMISE_MOST = 64, PROMISE_NAME = 96 };

/* All zero: nothing is known of any. */
struct promise {
	size_t n;
	struct {
		char section[PROMISE_NAME];
		double fap, horizon; /* 0: not said */
	} of[PROMISE_MOST];
};

/* What is wrong with the file is a message and exit 2. */
void promise_read(struct promise *p, const char *config);

/* Whether a section with that name says either. */
int promise_has(const struct promise *p, const char *section);

/*
 * False alarms for a record at most, of the detector with that section; with
 * these where it does not say.
 */
double promise_rate(
    const struct promise *p, const char *section, double fap, double horizon);

#endif
