/*
 * Members that the user gives to every record: NAME=VALUE, a string. In VALUE,
 * %d is the name of the directory that the image is in, and %% a percent sign.
 */
#ifndef GIVEN_H
#define GIVEN_H

#include "base/buf.h"
#include "tool/opt.h"

struct given {
	struct opt_list list;   /* of the option; kept */
	struct buf name, value; /* of one member */
};

/* Checks the list: what is wrong with it is a message and exit 2. */
void given_open(struct given *g, const struct opt_list *list);

/*
 * Appends the members. name is that of the image, and in the length of what
 * comes before the part with directories of its own: an archive and '#'.
 */
void given_put(
    struct given *g, const char *name, size_t len, size_t in, struct buf *b);

void given_free(struct given *g);

#endif
