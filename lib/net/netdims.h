/*
 * The form of an array of numbers. In plain order the last dimension is the
 * first in memory.
 */
#ifndef NETDIMS_H
#define NETDIMS_H

enum { NETDIMS_RANK = 8 };

struct netdims {
	int rank;
	long long dim[NETDIMS_RANK];
};

/* 1 x channels x height x width. */
struct netdims netdims_image(long long c, long long h, long long w);

/* The product of dimensions from .. to - 1, of all of them. */
long long netdims_product(const struct netdims *d, int from, int to);
long long netdims_count(const struct netdims *d);

int netdims_equal(const struct netdims *a, const struct netdims *b);

/* Elements between neighbours of each dimension. */
void netdims_strides(const struct netdims *d, long long *stride);

#endif
