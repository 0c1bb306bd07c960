/*
 * The model that a record's numbers come from: its member "model", a string
 * (driftpipe-records(5)). A reference is of one model, and the numbers of
 * another are not to be compared with it. A record without the member, or with
 * a name that is too long or has an escape in it, fits any.
 */
#ifndef RECMODEL_H
#define RECMODEL_H

#include "base/store.h"
#include "json/json.h"

enum { RECMODEL_LONGEST = 64 };

struct recmodel {
	size_t len; /* 0: not known yet */
	char name[RECMODEL_LONGEST];
};

/* Whether both are known and are not the same. */
int recmodel_differs(const struct recmodel *m, const struct json_span *model);

/* Of a record that is used: its model is the one, if none was known. */
void recmodel_learn(struct recmodel *m, const struct json_span *model);

void recmodel_state(struct recmodel *m, struct store *s);

#endif
