/*
 * A line of driftfdr: a stream at a look, in the form of a detector's record, so
 * that whatever reads those reads it. The test's field is always e, as metrics
 * would else keep the alarm of a field that led before.
 */
#ifndef FDRLINE_H
#define FDRLINE_H

#include "base/buf.h"

struct fdrline {
	const char *group; /* the dotted path of the field of the stream */
	const struct buf *value; /* of that, as JSON */
	const char *name;        /* of the member */
	double time;             /* of its last record, or 0 */
	long long look;
	double e, limit;
	int shown, enters;
	const struct buf *field; /* that has most of e, as JSON; or empty */
	double share;            /* its part of e, from 0 to 1 */
};

void fdrline_put(const struct fdrline *f, struct buf *line);

#endif
