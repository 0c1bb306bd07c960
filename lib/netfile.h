/*
 * Files written whole or not at all: to a temporary file in the same place,
 * synced, then renamed. What fails is a message and exit 2, and leaves no
 * temporary file. A device is written to as it is.
 */
#ifndef NETFILE_H
#define NETFILE_H

#include <stdio.h>

struct netfile {
	FILE *f;
	const char *path; /* kept, not copied */
	char *temp;       /* NULL for a device */
};

void netfile_open(struct netfile *n, const char *path);
void netfile_write(struct netfile *n, const void *p, size_t size);
void netfile_commit(struct netfile *n);

#endif
