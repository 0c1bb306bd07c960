/*
 * Small pictures of images for a page, as data URLs. Files are decoded in a
 * process of its own (decoder/pool.h), which hands back pixels, 160 a side at
 * most; what is written is JPEG.
 */
#ifndef THUMB_H
#define THUMB_H

#include "base/buf.h"
#include "decoder/pool.h"
#include "image/idx.h"

enum { THUMB_SIDE = 160 };

/* All zero at first, but for the directory. */
struct thumb {
	const char *directory; /* of names that are not absolute, or NULL */
	struct pool pool;
	int open;
	struct buf path, jpeg, url;
	struct idx idx; /* the last IDX file, and its name */
	char *idx_name;
	char **kept; /* copies of images, in journals */
	size_t n_kept;
};

/* In place of images that are gone, the copies that this journal has. */
void thumb_journal(struct thumb *t, const char *dir);

/*
 * The picture of a file, or of FILE#INDEX in an IDX file, until the next call;
 * NULL when it can't be read, with *why, a text that stands as long.
 */
const char *thumb_url(struct thumb *t, const char *name, const char **why);

void thumb_close(struct thumb *t);

#endif
