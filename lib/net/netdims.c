#include <string.h>

#include "net/netdims.h"

struct netdims
netdims_image(long long c, long long h, long long w)
{
	return (struct netdims){4, {1, c, h, w}};
}

long long
netdims_product(const struct netdims *d, int from, int to)
{
	long long n = 1;

	for (int i = from; i < to; i++)
		n *= d->dim[i];
	return n;
}

long long
netdims_count(const struct netdims *d)
{
	return netdims_product(d, 0, d->rank);
}

int
netdims_equal(const struct netdims *a, const struct netdims *b)
{
	return a->rank == b->rank &&
	       memcmp(a->dim, b->dim, (size_t)a->rank * sizeof *a->dim) == 0;
}

void
netdims_strides(const struct netdims *d, long long *stride)
{
	for (int i = d->rank - 1; i >= 0; i--)
		stride[i] = i == d->rank - 1 ? 1
					     : stride[i + 1] * d->dim[i + 1];
}
