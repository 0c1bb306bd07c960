/*
 * IDX files (the format of MNIST and Fashion-MNIST), plain or compressed
 * (packed.h). Images are unsigned bytes, N x rows x columns (one channel);
 * labels are unsigned bytes, N.
 */
#ifndef IDX_H
#define IDX_H

#include <stddef.h>

struct idx {
	size_t count;        /* items */
	size_t rows, cols;   /* 1 and 1 for labels */
	unsigned char *data; /* count * rows * cols bytes */
};

/* Whether the file begins as an IDX file of unsigned bytes does. */
int idx_is(const char *path);

/*
 * Reads a file whole. Returns NULL, or why not: a static text such as
 * "truncated" or strerror's; nothing is then allocated.
 */
const char *idx_load(struct idx *x, const char *path);

void idx_free(struct idx *x);

#endif
