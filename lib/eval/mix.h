/*
 * What comes at each record of a stream that drifts: from which source, which
 * record, and whether it is drifted. Every stream has random numbers of its
 * own, so that it does not depend on how many there are.
 *
 * A unit is a scene of so many records in a row of their source, or one
 * record. At every record that begins a repetition a place is drawn (chain.h),
 * and each source has its unit there (draw.h); which of the unit's records it
 * is, is drawn at each.
 */
#ifndef MIX_H
#define MIX_H

#include "eval/chain.h"
#include "eval/draw.h"
#include "stats/rng.h"

enum { MIX_MOST = 64 };

struct mix_how {
	unsigned long long at;      /* undrifted records at the beginning */
	unsigned long long ramp;    /* records in which the share rises */
	double share;               /* of drifted records after it */
	unsigned long long on, off; /* drift comes and goes; on 0: stays */
	unsigned long long repeat;  /* records with the same unit, > 0 */
	size_t scene;               /* records of a unit, > 0 */
	int once;                   /* without replacement */
};

struct mix {
	struct mix_how how;
	struct draw clean,
	    *drift; /* drift: sources of them, at most MIX_MOST */
	size_t sources;
	/*
	 * By unit of clean: whether only these drift; NULL: all do. What stands
	 * for them is then drawn by itself.
	 */
	const unsigned char *only;
	struct chain chain;
	/* The rest is mix.c's own. */
	struct rng rng;
	unsigned long long t, drifted;
	double place;
	long kept, held[MIX_MOST]; /* unit of clean and each drift; -1: none */
};

struct mix_choice {
	int drifted;
	size_t source; /* index into drift; when drifted */
	size_t record; /* of the source */
};

/* Begins a stream. Returns 0, or -1 without memory. */
int mix_start(
    struct mix *m, unsigned long long seed, unsigned long long stream);

/* The next record. Returns 0, or -1 when no unit is left without replacement. */
int mix_next(struct mix *m, struct mix_choice *c);

/* Frees clean, and each of drift. */
void mix_free(struct mix *m);

#endif
