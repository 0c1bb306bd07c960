/*
 * The detectors of one group, one for each watched field, and what they have.
 * They start in detstart, and a record for them is detmember's.
 */
#ifndef DETGROUP_H
#define DETGROUP_H

#include "json/intern.h"
#include "limit/detlimit.h"
#include "json/json.h"
#include "monitor/detfield.h"
#include "monitor/detkept.h"
#include "monitor/detlearn.h"
#include "monitor/detnames.h"
#include "monitor/detpools.h"
#include "json/recmodels.h"
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
	struct recmodels models; /* that references are of */
	const char *field;       /* whose values the groups are; NULL: one */
	const struct intern *groups; /* these, by code; kept */
	/* References that depend too much on themselves, or have a remark. */
	unsigned long long dependent, remarked;
};

/* One test: of one watched value, or of all. */
struct detgroup_test {
	void *detector;               /* after the last test */
	struct detlearn_chain *chain; /* what it is given; NULL: the values */
	double limit;
	double stat;
	struct ending *ending; /* of the alarm, while it lasts; or NULL */
	uint8_t alarm;
};

struct detgroup {
	uint8_t started;   /* the reference is complete */
	uint8_t tested;    /* there has been a statistic */
	uint8_t from_file; /* the reference came out of a file */
	uint8_t plain;     /* dependence is not looked for in it */
	uint8_t alarm;
	uint32_t model;        /* of the setup's, that the reference is of */
	uint32_t code;         /* of the group's value */
	uint32_t turn;         /* how often its detectors began anew */
	size_t learnt, wanted; /* records of the reference; and when complete */
	struct detkept *kept;  /* or NULL */
	struct detpools
	    *pools; /* which contexts are alike, once it is started */
	unsigned long long fed;
	struct seqlog log;      /* of the records fed */
	struct detnames *names; /* of each test; NULL: values are numbers */
	struct detgroup_test test[];
};

/* The code of what is of no group, but for all that have nothing else. */
enum { DETGROUP_COMMON = INT32_MAX };

/*
 * To be freed by detgroup_free. What its detectors draw at random is by
 * intern_hash of its value, so that it differs between groups, and is the same
 * in every process.
 */
struct detgroup *detgroup_new(const struct detgroup_setup *s, size_t code);

/* Its value as JSON, until there are more groups; NULL: it has none. */
const char *detgroup_value(
    const struct detgroup *g, const struct detgroup_setup *s, size_t *len);

/* The model that its reference is of; and that it is of this one. */
const struct recmodel *detgroup_model(
    const struct detgroup *g, const struct detgroup_setup *s);
void detgroup_is_of(
    struct detgroup *g, struct detgroup_setup *s, const struct recmodel *model);

/* One more record of the reference: the values in x, and their context. */
void detgroup_learn(struct detgroup *g, const struct detgroup_setup *s);

/* Room for a reference of so many records. */
void detgroup_room(
    struct detgroup *g, const struct detgroup_setup *s, size_t room);

/* A detector that has started learns that the classes of its test are others. */
void detgroup_tell_names(
    struct detgroup *g, const struct detgroup_setup *s, size_t i);

/*
 * The reference that from, which stays, has started with, and its limits,
 * without learning it again.
 */
void detgroup_share(struct detgroup *g, const struct detgroup_setup *s,
    const struct detgroup *from);

/* They have learnt the reference, and their limits are known. */
void detgroup_settle(struct detgroup *g, const struct detgroup_setup *s);

/* What is drawn from here on, in this turn; of those that have started. */
void detgroup_seed(struct detgroup *g, const struct detgroup_setup *s);

/* What comes next does not follow the reference at once. */
void detgroup_interrupt(struct detgroup *g, const struct detgroup_setup *s);

/* From here on it is awaited that the change is over, or no longer. */
void detgroup_await_end(struct detgroup_test *test, size_t parts);
void detgroup_end(struct detgroup_test *test);

/* Frees what was learnt: the reference is to be learnt again. */
void detgroup_forget(struct detgroup *g, const struct detgroup_setup *s);

/* NULL is fine. */
void detgroup_free(struct detgroup *g, const struct detgroup_setup *s);

#endif
