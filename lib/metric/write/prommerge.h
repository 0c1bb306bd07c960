/*
 * Tallies of other machines: the state files of promtext are read, and joined
 * (tallyjoin.h) in the order in which they are named.
 */
#ifndef PROMMERGE_H
#define PROMMERGE_H

#include "metric/tally.h"
#include "tool/opt.h"

/*
 * Adds them to the tally. Each is the file of a state, or a directory that has
 * it or generations of it (run/generation.h). One that can't be read, or has
 * another window, is a message and exit 2.
 */
void prommerge(struct tally *t, const struct tool *tool, char **names, int n);

#endif
