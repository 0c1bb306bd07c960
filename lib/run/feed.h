/*
 * Feeds a pipeline with what is new in a followed file (follow.h): lines that
 * are records as they are, in the place of others a record that says so
 * (skip.h), and barriers, before each of which the place is kept (state.h).
 */
#ifndef FEED_H
#define FEED_H

#include "run/follow.h"

/*
 * To standard output, until the input or a signal ends it, with one barrier
 * then. interval is the time in seconds from one barrier to the next, for
 * input that is waited for; NaN: it ends where the file does. Where the first
 * stage runs imgcls, lines that do not begin as objects are names, and pass.
 */
void feed(struct follow *in, const char *first_stage, double interval);

/* No input, and one barrier, with the place where it is. */
void feed_nothing(void);

#endif
