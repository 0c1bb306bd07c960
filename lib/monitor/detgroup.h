/*
 * The detectors of one group, one for each watched field: what they have, how
 * they learn, and how they start. A record for them is detmember's.
 */
#ifndef DETGROUP_H
#define DETGROUP_H

#include "limit/detlimit.h"
#include "json/json.h"
#include "monitor/detfield.h"
#include "monitor/detlearn.h"
#include "monitor/detpools.h"
#include "json/recmodel.h"
#include "monitor/seqlog.h"

enum detgroup_after { DETGROUP_HOLD, DETGROUP_RESET, DETGROUP_ADOPT };

/* What all groups have in common. */
struct detgroup_setup {
	const struct kind *kind;
	struct detfield watched;
	size_t tests; /* one for each value; one for all, if they are joint */
	size_t width; /* values of a test */
	size_t reference_size; /* of one that the stream gives */
	enum detgroup_after after;
	enum detlearn_dependence dependence;
	struct detlimit limit;
	struct detcontext *context; /* of records; NULL: there is none */
	double *x;        /* tests x width: the values of the record at hand */
	double *z;        /* room for the scores of one test */
	uint32_t code;    /* the context of the record at hand */
	double seq;       /* its number, or NAN */
	struct buf open;  /* "pht":{"alarm": */
	size_t object;    /* where its brace is */
	struct buf *head; /* of a test: {"field":"name","stat": */
	struct buf_again *limit_text; /* of a test, of the last group */
	size_t window;                /* records that --after adopt takes */
	int remember; /* references are kept, for detgroupstate */
	unsigned long long events;
};

/* One test: of one watched value, or of all. */
struct detgroup_test {
	void *detector;
	struct detlearn_chain chain; /* what it is given */
	double *reference;    /* rows, while it is learnt, or is to be kept */
	double *recent;       /* the last rows, for --after adopt */
	struct intern *names; /* of a detector of classes, else NULL */
	double limit;
	double stat;
	int alarm;
	struct ending ending; /* while it lasts */
};

struct detgroup {
	int started;           /* the reference is complete */
	int tested;            /* there has been a statistic */
	int from_file;         /* the reference came out of a file */
	int plain;             /* dependence is not looked for in it */
	struct recmodel model; /* that it is of */
	size_t learnt, room; /* records in the reference, and space for them */
	size_t wanted;       /* records that complete it */
	uint32_t *code; /* the contexts of the reference, as test's are kept */
	uint32_t *recent; /* and of the last records */
	struct detpools
	    *pools; /* which of them are alike, once it is started */
	unsigned long long fed;
	struct seqlog log; /* of the records fed */
	int alarm;
	struct detgroup_test *test;
};

/* Fills in open, head and x, from the rest of the setup. */
void detgroup_prepare(struct detgroup_setup *s, const char *instance);
void detgroup_finish(struct detgroup_setup *s);

void detgroup_init(struct detgroup *g, const struct detgroup_setup *s);

/*
 * Takes the fields' values from spans, in the setup's x. Returns 1, or 0 when
 * one of them has none.
 */
int detgroup_values(struct detgroup *g, struct detgroup_setup *s,
    const struct json_span *found);

/*
 * Takes the record's context. 1, or 0 when the reference has none such, or -1
 * when the record lacks it.
 */
int detgroup_context(struct detgroup *g, struct detgroup_setup *s,
    const struct json_span *found);

/* One more record of the reference: the values in x, and their context. */
void detgroup_learn(struct detgroup *g, const struct detgroup_setup *s);

/* Room for a reference of so many records. */
void detgroup_room(
    struct detgroup *g, const struct detgroup_setup *s, size_t room);

/* The values that from has learnt and not yet started with. */
void detgroup_copy(struct detgroup *g, const struct detgroup_setup *s,
    const struct detgroup *from);

/* Dies of options for which no detector could start later, when a reference
 * of reference_size is complete. */
void detgroup_rehearse(struct detgroup_setup *s);

/* The reference is complete: the detectors start. */
void detgroup_start(struct detgroup *g, struct detgroup_setup *s);

/*
 * The reference that from has started with, and its limits, without learning
 * it again. Only where the detectors can share it.
 */
void detgroup_share(struct detgroup *g, const struct detgroup_setup *s,
    const struct detgroup *from);

/* Its two halves: they learn the reference; their limits are known. */
void detgroup_teach(struct detgroup *g, const struct detgroup_setup *s);
void detgroup_settle(struct detgroup *g, const struct detgroup_setup *s);

/* What comes next does not follow the reference at once. */
void detgroup_interrupt(struct detgroup *g, const struct detgroup_setup *s);

/* Frees what was learnt: the reference is to be learnt again. */
void detgroup_forget(struct detgroup *g, const struct detgroup_setup *s);

void detgroup_free(struct detgroup *g, const struct detgroup_setup *s);

#endif
