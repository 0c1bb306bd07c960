/*
 * What a tool remembers between two runs: -s DIR. One file for an instance,
 * DIR/NAME.json, in a form that store.h has; it says what made it, and carries
 * a checksum. It is replaced as a whole (atomic.h).
 *
 * A tool run by itself commits at the end of its input. In a pipeline that is
 * one transaction the state goes by generations instead: where a barrier
 * record passes (driftpipe-records(5)), the tool's state up to there goes to
 * DIR/gen.N/NAME.json, and the program that runs the pipeline makes that
 * generation the current one, by a link DIR/current, when all have done so.
 */
#ifndef STATE_H
#define STATE_H

#include "run/statefile.h"
#include "tool/atomic.h"
#include "tool/opt.h"

/* -s and --wait, to stand in the tool's tables. */
extern const struct opt state_options[];

/*
 * Locks the state and brings it back, where there is one. Without -s nothing
 * happens, here and in the calls below. One that was made with something else,
 * is damaged or newer is a message that says so, and exit 2.
 */
void state_open(const struct state_setup *setup);

/* Whether there is a -s, and what it says; NULL: there is none. */
int state_wanted(void);
const char *state_directory(void);

/* The number of the generation that was brought back; -1: of none. */
long long state_generation(void);

/*
 * When the line is a barrier (barrier.h): keeps the state up to here for its
 * generation, passes it on, and returns 1. Otherwise 0.
 */
int state_barrier(const char *line, size_t n);

/* The same by whoever sends the barrier. */
void state_keep(long long generation);

/*
 * Another file of the instance for that generation, NAME and the suffix, with
 * what give puts there (atomic.h).
 */
void state_keep_file(
    long long generation, const char *suffix, atomic_giver *give, void *ctx);

/* Whether the end of the input is no commit, so that nothing may show it. */
int state_is_for_barriers(void);

/*
 * The end of the input, when all output has been written: commits, unless
 * that is for a barrier.
 */
void state_end(void);

#endif
