/*
 * The images behind a name: one in an image file, many in an IDX file, there
 * with their classes when a file of labels is given.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "buf.h"
#include "idx.h"
#include "image.h"

struct source {
	const char *name; /* kept, not copied */
	size_t count;     /* images */
	/* The rest is source.c's own. */
	struct idx images;
	const struct idx *labels;
	const char *broken; /* why the IDX file could not be read */
};

/* Reads a file of labels; trouble is a message and exit 2. */
void source_labels(struct idx *labels, const char *path);

/*
 * Opens a name; only an IDX file is read already, and one that can't be read
 * counts as one image that can't. labels may be NULL; if they are not as many
 * as the items, that is a message and exit 2.
 */
void source_open(struct source *s, const char *name, const struct idx *labels);

/*
 * Reads image number i; to be freed with image_free. An item of an IDX file
 * has no mtime. Returns 0, or -1 with *e set.
 */
int source_get(const struct source *s, size_t i, size_t max_pixels,
    struct image *im, struct image_error *e);

/*
 * Reads an image file by a name of len bytes and a NUL, out of a list: it may
 * hold zero bytes, which no file's name does.
 */
int source_named(const char *name, size_t len, size_t max_pixels,
    struct image *im, struct image_error *e);

/*
 * When an image was made, as far as we know: its file's mtime, or else now.
 * Unix seconds, cut to milliseconds.
 */
double source_time(const struct image *im);

/* Appends what the record calls image i: NAME, or NAME#i, as a JSON string. */
void source_name(const struct source *s, size_t i, struct buf *b);

/* The class of image i, or -1 when it is not known. */
int source_truth(const struct source *s, size_t i);

void source_close(struct source *s);

#endif
