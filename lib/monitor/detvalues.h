/* What a record has for the detectors of its group: the values, the context. */
#ifndef DETVALUES_H
#define DETVALUES_H

#include "monitor/detgroup.h"

/*
 * Takes the fields' values from spans, in the setup's x. Returns 1, or 0 when
 * one of them has none.
 */
int detvalues_take(struct detgroup *g, struct detgroup_setup *s,
    const struct json_span *found);

/*
 * Takes the record's context. 1, or 0 when the reference has none such, or -1
 * when the record lacks it.
 */
int detvalues_context(struct detgroup *g, struct detgroup_setup *s,
    const struct json_span *found);

#endif
