/*
 * The detectors of one group, one for each watched field: learning, feeding,
 * and what their member of the record says.
 */
#ifndef DETGROUP_H
#define DETGROUP_H

#include "detlimit.h"
#include "json.h"
#include "seqlog.h"

enum detgroup_after { DETGROUP_HOLD, DETGROUP_RESET, DETGROUP_ADOPT };

/* The share of its limit at which an alarm ends. */
#define DETGROUP_END 0.8

/* What all groups have in common. */
struct detgroup_setup {
	const struct det_kind *kind;
	size_t fields;
	const char *const *name; /* of the fields */
	size_t reference_size;   /* of one that the stream gives */
	enum detgroup_after after;
	struct detlimit limit;
	double *x;        /* the values of the record at hand */
	double seq;       /* its number, or NAN */
	struct buf open;  /* "pht":{"alarm": */
	struct buf *head; /* of a field's test: {"field":"name","stat": */
	size_t window;    /* records that --after adopt takes */
	int remember;     /* references are kept, for detgroup_state */
	unsigned long long events;
};

/* One watched field. */
struct detgroup_field {
	void *detector;
	double *reference; /* while it is learnt, or is to be kept */
	double *recent;    /* the last values, for --after adopt */
	struct intern names;
	double limit;
	struct buf middle; /* ,"limit":0.1,"alarm": */
	double stat;
	int alarm;
};

struct detgroup {
	int started;         /* the reference is complete */
	int tested;          /* there has been a statistic */
	int from_file;       /* the reference came out of a file */
	size_t learnt, room; /* values in the reference, and space for them */
	size_t wanted;       /* values that complete it */
	unsigned long long fed;
	struct seqlog log; /* of the records fed */
	int alarm;
	struct detgroup_field *field;
};

/* Fills in open and head, from the rest of the setup. */
void detgroup_prepare(struct detgroup_setup *s, const char *instance);
void detgroup_finish(struct detgroup_setup *s);

void detgroup_init(struct detgroup *g, const struct detgroup_setup *s);

/*
 * Takes the fields' values from spans, in the setup's x. Returns 1, or 0 when
 * one of them has none.
 */
int detgroup_values(struct detgroup *g, struct detgroup_setup *s,
    const struct json_span *found);

/* One more record of the reference: the values in x. */
void detgroup_learn(struct detgroup *g, const struct detgroup_setup *s);

/* The values that from has learnt and not yet started with. */
void detgroup_copy(struct detgroup *g, const struct detgroup_setup *s,
    const struct detgroup *from);

/* Dies of options for which no detector could start later, when a reference
 * of reference_size is complete. */
void detgroup_rehearse(struct detgroup_setup *s);

/* The reference is complete: the detectors start. */
void detgroup_start(struct detgroup *g, struct detgroup_setup *s);

/* Its two halves: they learn the reference; their limits are known. */
void detgroup_teach(struct detgroup *g, const struct detgroup_setup *s);
void detgroup_settle(struct detgroup *g, const struct detgroup_setup *s);

/* A record with the values in x: appends the detector's member. */
void detgroup_member(
    struct detgroup *g, struct detgroup_setup *s, struct buf *b);

/*
 * In detgroupstate.c: all that the group has, for both ways. To be read by a new group, or by one
 * that has started with the reference that a file gave.
 */
void detgroup_state(
    struct detgroup *g, struct detgroup_setup *s, struct store *to);

void detgroup_free(struct detgroup *g, const struct detgroup_setup *s);

#endif
