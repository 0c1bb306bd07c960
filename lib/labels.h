/*
 * The names of a network's classes: a text file, one name a line, UTF-8, in
 * the order of the outputs. Lines may end in CR LF. An empty line would shift
 * the classes and is trouble; two classes may share a name.
 */
#ifndef LABELS_H
#define LABELS_H

#include <stddef.h>

struct labels {
	char **name;
	size_t n;
	char *text; /* what the names point into */
};

/* Reads the file. Trouble is a message with file and line, and exit 2. */
void labels_load(struct labels *l, const char *path);

void labels_free(struct labels *l);

#endif
