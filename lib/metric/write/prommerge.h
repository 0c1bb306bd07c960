/*
 * Tallies of other machines: the state files of promtext are read, and joined
 * (tallyjoin.h) in the order of their last images, so that it does not matter
 * in which they are named.
 */
#ifndef PROMMERGE_H
#define PROMMERGE_H

#include "metric/tally.h"

/*
 * Adds them to the tally. Each is the file of a state, or a directory that has
 * that of the instance, or generations of it (run/generation.h). One that can't
 * be read, has another window or is there twice is a message and exit 2.
 */
void prommerge(
    struct tally *t, const char *instance, char *const *names, int n);

/*
 * Makes one state of them, with all streams and classes that they have, in a
 * file that is replaced or, for NULL, on standard output.
 */
void prommerge_states(char *const *names, int n, const char *output);

/* The file that such a name stands for; to be freed. */
char *prommerge_file(const char *name, const char *instance);

#endif
