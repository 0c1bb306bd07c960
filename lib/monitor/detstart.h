/*
 * The reference of a group is complete: its detectors learn it, their limits
 * are found, and a person is told what there is to know. The first reference
 * that needs a warning has it, the others with -v: there may be thousands of
 * groups.
 */
#ifndef DETSTART_H
#define DETSTART_H

#include "monitor/detgroup.h"

/* Dies of options for which no detector could start later, when a reference
 * of reference_size is complete. */
void detstart_rehearse(struct detgroup_setup *s);

/* The detectors start. */
void detstart_group(struct detgroup *g, struct detgroup_setup *s);

/* They learn the reference alone: their limits are those of a state. */
void detstart_teach(struct detgroup *g, struct detgroup_setup *s);

/* At the end: how many references there were warnings of. */
void detstart_report(const struct detgroup_setup *s);

#endif
