/*
 * What the metrics say of the model: its name, version, digest and classes,
 * from the files that imgcls has them from.
 */
#ifndef PROMMODEL_H
#define PROMMODEL_H

#include "metric/imgtally.h"

/* From options; NULL where there is none. */
struct prommodel {
	const char *weights, *labels; /* files */
	const char *name, *version;
	size_t top;   /* classes of a stream that have series of their own */
	size_t limit; /* series that are written, at most */
};

/*
 * For a tally; what it points to stands until the program ends. A file that
 * can't be read is a message and exit 2.
 */
struct imgtally_setup prommodel_describe(const struct prommodel *m);

/* The file's name without directory and the last suffix; NULL if empty. */
const char *prommodel_stem(const char *path);

#endif
