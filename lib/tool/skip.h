/*
 * What stands in the place of input that could not be used: a record that says
 * so, {"skipped":{"tool":...,"reason":...,"where":...}}, which every tool
 * passes on and promtext counts. In a pipeline of driftpipe-run bad lines are
 * replaced by it, unless that was told to be strict; elsewhere they are
 * trouble.
 */
#ifndef SKIP_H
#define SKIP_H

#include "base/buf.h"

/* The variable that is set where lines are not to be skipped. */
#define SKIP_STRICT_VARIABLE "DRIFTPIPE_STRICT"

/* Whether bad lines are skipped here. */
int skip_allowed(void);

/*
 * Appends the record, without the end of its line. reason is one word: json
 * (a line is no JSON object), long (a line is too long), lost (lines are not
 * there any more). where is the place, of any bytes.
 */
void skip_put(struct buf *b, const char *reason, const char *where);

/* Whether the line begins as such a record does. */
int skip_is(const char *line, size_t n);

#endif
