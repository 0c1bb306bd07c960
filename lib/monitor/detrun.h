/*
 * One run of a detector over a stream: its groups, what each record is to them,
 * and the state. det.c puts it together: detref.h learns the reference,
 * dettest.h tests the stream.
 */
#ifndef DETRUN_H
#define DETRUN_H

#include "base/buf.h"
#include "json/intern.h"
#include "json/jsonpath.h"
#include "monitor/detgroupstate.h"

/* What else is looked for, after the fields in paths. */
enum {
	DETRUN_ERROR,
	DETRUN_TRAILER,
	DETRUN_SKIPPED,
	DETRUN_SEQ,
	DETRUN_MODEL,
	DETRUN_GROUP,
	DETRUN_UNLESS,
	DETRUN_OTHERS
};

/* What a record is to the detectors. */
enum detrun_verdict {
	DETRUN_USABLE,
	DETRUN_UNUSABLE,
	DETRUN_PASSED,  /* --unless says that it is not to count */
	DETRUN_BEYOND,  /* its group is one too many */
	DETRUN_FOREIGN, /* it is of another model than the reference */
	DETRUN_UNSEEN   /* the reference has nothing in its context */
};

struct detrun {
	struct detgroup_setup setup;
	struct json_paths paths;
	struct intern values;    /* of the group's field */
	struct detgroup **group; /* by code; without -g there is one, 0 */
	size_t groups;
	struct detgroup *common;   /* a reference for groups that have none */
	int shared;                /* it is complete */
	int by_itself;             /* there is no reference */
	struct detcontext context; /* when the setup has it */
	unsigned long long used, unusable, passed, beyond, foreign, unseen;
	int warned; /* of the first that was beyond */
	int told;   /* of the first that was foreign */
	struct buf member;
};

/* One more, which begins with the reference for all when there is one. */
struct detgroup *detrun_add_group(struct detrun *d);

/* Where a record has the value of the group's field; NULL: it has none. */
const struct json_span *detrun_group_in(
    const struct detrun *d, const struct json_span *found);

/* The number of the record's group; -1: it has none that counts. */
long detrun_group_code(struct detrun *d, const struct json_span *found);

/* Dies of options that no detector could start with, before it is too late. */
void detrun_rehearse(struct detrun *d);

/* How many values a record has is known: the detectors can be made. */
void detrun_prepare_groups(struct detrun *d);

/* Whether it is known; the first record that has them all says it. */
int detrun_knows_fields(struct detrun *d, const struct json_span *found);

/* All that the next record depends on, and what is counted. */
void detrun_state(void *ctx, struct store *s);

/* A trailer, or what stands for a skipped line, is nobody's measurement. */
int detrun_is_control(const struct json_span *other);

/* Whether --unless passes it by. */
int detrun_is_passed(const struct json_span *other);

/* The same as detrun_judge, of a record that is of this group. */
enum detrun_verdict detrun_judge_values(
    struct detrun *d, const struct json_span *found, struct detgroup *g);

/*
 * What the record is. Of one that is usable, foreign or unseen *g is the group;
 * of one that is usable the setup's x has the values.
 */
enum detrun_verdict detrun_judge(
    struct detrun *d, const struct json_span *found, struct detgroup **g);

#endif
