/*
 * A group of accest's stream: the window of its records, what is estimated of
 * their accuracy, its alarm, and the member that its records get.
 */
#ifndef ACCGROUP_H
#define ACCGROUP_H

#include "accuracy/estimate.h"
#include "base/buf.h"
#include "base/store.h"
#include "monitor/accask.h"

/* What all groups have in common. Kept. */
struct accgroup_rule {
	const char *instance; /* the member's name */
	const struct learnt *learnt;
	enum learnt_method method;
	size_t stride;
	double limit; /* of the estimated fall */
	int truths;   /* there are some */
	int asks;     /* nothing is estimated, labels are asked for */
};

struct accgroup {
	struct estimate_window window;
	uint32_t *truth; /* of these records, as realised.h has it; or NULL */
	struct accask ask;
	int alarm, event;  /* event: the last record began the alarm */
	struct buf member; /* of the last record */
	size_t object;     /* where its brace is */
};

enum accgroup_news { ACCGROUP_SAME, ACCGROUP_ESTIMATE, ACCGROUP_EVENT };

/* To be freed by accgroup_free. */
struct accgroup *accgroup_new(const struct accgroup_rule *r);

/* A record: its probabilities, and whether it is right, as realised.h has it. */
enum accgroup_news accgroup_add(struct accgroup *g,
    const struct accgroup_rule *r, struct transport *solver, const double *p,
    uint32_t truth);

void accgroup_state(
    struct accgroup *g, const struct accgroup_rule *r, struct store *s);

void accgroup_free(struct accgroup *g);

#endif
