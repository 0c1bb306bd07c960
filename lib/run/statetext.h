/*
 * The text of a state file (statefile.h), whatever tool it is of: an object
 * with what made it, the state, and last a checksum of all before that.
 */
#ifndef STATETEXT_H
#define STATETEXT_H

#include "base/buf.h"
#include "json/json.h"

enum { STATETEXT_FORMAT = 1 };

struct statetext {
	struct buf text;
	struct json_span tool, options, state; /* in it */
};

/*
 * Puts the checksum, and ends the object, before which there was text with that
 * checksum (gzip.h); 0: there was none.
 */
void statetext_end(struct buf *b, unsigned long before);

/* Takes that off, if it is right. NULL, or why it is not; a static text. */
const char *statetext_check(struct buf *b);

/* Makes a whole line of what statetext_check leaves, without its end. */
void statetext_close(struct buf *b);

/*
 * Reads a file, to be freed with its text. One that is no state of this format
 * is a message and exit 2.
 */
void statetext_open(struct statetext *t, const char *path);

/* The text of one of the options, to be freed; "" where it is not there. */
char *statetext_option(const struct json_span *options, const char *name);

#endif
