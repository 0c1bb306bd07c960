/*
 * An image file's pixels, decoded in a process of its own (worker.h), one file
 * at a time: turned upright, in 8 bits. For tools that want pixels and not what
 * a network takes (task.h).
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <stddef.h>

#include "decoder/pool.h"
#include "decoder/task.h"
#include "image/image.h"

struct picture {
	size_t max_pixels;
	struct pool pool;
	struct task_failure failure; /* of the last file */
};

/* *p must stay where it is. */
void picture_open(struct picture *p, size_t max_pixels, int no_sandbox);

/*
 * Decodes the file of len bytes that is open as fd. Returns 0 with an image
 * that is to be freed, or -1 with *e, whose texts stay until the next call.
 */
int picture_decode(struct picture *p, int fd, size_t len, struct image *im,
    struct image_error *e);

void picture_close(struct picture *p);

#endif
