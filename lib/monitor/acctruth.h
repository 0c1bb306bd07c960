/*
 * The true classes of records, out of a file that names the records: by their
 * image, or by another field. At most ACCTRUTH_MOST, the first ones; of two of
 * one name the later one counts.
 */
#ifndef ACCTRUTH_H
#define ACCTRUTH_H

#include <stddef.h>
#include <stdint.h>

#include "json/intern.h"

enum { ACCTRUTH_MOST = 1000000 };

struct acctruth {
	struct intern names;
	uint32_t *class; /* by the name's code */
	size_t room;
};

/*
 * Reads the file: the paths of the name and of the class, and how many classes
 * there are. Trouble is a message and exit 2.
 */
void acctruth_read(struct acctruth *t, const char *file, const char *key,
    const char *field, size_t classes);

/* The class of the record of that name, or -1. */
long acctruth_find(struct acctruth *t, const struct json_span *name);

void acctruth_free(struct acctruth *t);

#endif
