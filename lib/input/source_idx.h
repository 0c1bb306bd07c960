/*
 * The images of IDX files (idx.h), with their classes where a file of labels
 * says them.
 */
#ifndef SOURCE_IDX_H
#define SOURCE_IDX_H

#include "image/idx.h"
#include "input/source_item.h"

struct source_idx {
	struct idx images; /* of the file that is being read */
	/* The rest is source_idx.c's own. */
	struct idx labels;
	const char *path; /* of the labels, or NULL */
	int used;         /* they were */
	size_t next;
};

/*
 * Reads the labels when path, which is kept, is not NULL; what can't be read,
 * or is no labels, is a message and exit 2.
 */
void source_idx_labels(struct source_idx *x, const char *path);

/*
 * Reads a file of images. Returns NULL, or why not. *fits tells whether there
 * are as many labels.
 */
const char *source_idx_open(struct source_idx *x, const char *path, int *fits);

/* The next image of the file, which has that name: 1, or 0 at the end. */
int source_idx_next(struct source_idx *x, const char *name, size_t max_pixels,
    struct source_item *item);

/* Warns, at the end of all files, when nobody has used the labels. */
void source_idx_close(struct source_idx *x, int at_end);

#endif
