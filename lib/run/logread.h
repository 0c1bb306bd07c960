/* The next whole lines of a file (logfile.h). */
#ifndef LOGREAD_H
#define LOGREAD_H

#include "run/logfile.h"

enum logread_found {
	LOGREAD_NOTHING,
	LOGREAD_LINES,
	LOGREAD_REWRITTEN, /* it is not what was read before */
	LOGREAD_LONG,      /* a line that is too long is left out */
	LOGREAD_DAMAGED    /* a compressed one: packed.why */
};

/*
 * The next whole lines, with JSONSHAPE_SLACK bytes readable after them. They
 * are in the block, which serves many files, or the file's own.
 */
enum logread_found logread_next(
    struct logfile *f, struct buf *block, char **p, size_t *n);

/* Whether a plain one is as it was when nothing more was found in it. */
int logread_is_unchanged(const struct logfile *f);

#endif
