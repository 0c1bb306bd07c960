/*
 * The names of a network's classes: a text file, one name a line, UTF-8, in
 * the order of the outputs. A byte order mark, blanks at the end of a line (CR
 * too) and blank lines at the end of the file are left out. A blank line before
 * a name would shift the classes and is trouble; two classes may share a name.
 */
#ifndef LABELS_H
#define LABELS_H

#include <stddef.h>

#include "base/buf.h"

struct labels {
	char **name;
	size_t n;
	struct buf text; /* what the names point into */
};

/* Reads the file. Trouble is a message with file and line, and exit 2. */
void labels_load(struct labels *l, const char *path);

/*
 * Holds the names to the classes of that cfg. More of them are a warning, and
 * the first ones count; fewer are a message with both numbers, and exit 2.
 */
void labels_fit(
    struct labels *l, const char *path, size_t classes, const char *cfg);

void labels_free(struct labels *l);

#endif
