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

#include "buf.h"
#include "json.h"
#include "opt.h"
#include "store.h"

/* -s and --wait, to stand in the tool's tables. */
extern const struct opt state_options[];

struct state_setup {
	const struct tool *tool;
	/*
	 * Options that may differ from those that the state was made with,
	 * NULL ends; NULL itself: all of them.
	 */
	const char *const *may_differ;
	int leads; /* it runs the pipeline: generations begin with it */
	const char *reference; /* a file whose contents may not, or NULL */
	/* Names what there is to remember, for both ways. */
	void (*walk)(void *ctx, struct store *s);
	void *ctx;
};

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
 * A record has this at barrier.generation; if it is there, the state up to
 * here is kept for that generation.
 */
void state_barrier(const struct json_span *number);

/* That number, if it is there; one that can't be is a message and exit 2. */
long long state_barrier_number(const struct json_span *number);

/* The same by whoever sends the barrier. */
void state_keep(long long generation);

/* Another file of the instance for that generation: NAME and the suffix. */
void state_keep_file(
    long long generation, const char *suffix, const void *data, size_t n);

/* Whether the end of the input is no commit, so that nothing may show it. */
int state_is_for_barriers(void);

/* The record that is a barrier, without the end of its line. */
void state_put_barrier(struct buf *b, long long generation);

/*
 * The end of the input, when all output has been written: commits, unless
 * that is for a barrier.
 */
void state_end(void);

#endif
