/*
 * What the machine lacks for a moment. A file that could not be opened or
 * read for want of it is neither gone nor damaged nor another.
 */
#ifndef SCARCE_H
#define SCARCE_H

/* Whether that is what an error number tells of. */
int scarce_is(int e);

#endif
