#include <stdlib.h>

#include "tool/err.h"
#include "net/onednn/netarena.h"

enum { NONE = -1 };

/* Of two free buffers, a is better: it wastes less, or has to grow less. */
static int
is_better(size_t a, size_t b, size_t want)
{
	return b < want ? a > b : a >= want && a < b;
}

int
netarena_share(struct netarena *value, int n, size_t *size)
{
	int *last = err_calloc(n + 1, sizeof *last);
	int i, b, buffers = 0;

	for (i = 0; i < n; i++) {
		int best = NONE;

		for (b = 0; b < buffers; b++)
			if (last[b] < i &&
			    (best == NONE ||
				is_better(size[b], size[best], value[i].size)))
				best = b;
		if (best == NONE)
			size[best = buffers++] = 0;
		if (size[best] < value[i].size)
			size[best] = value[i].size;
		last[best] = value[i].last;
		value[i].buffer = best;
	}
	free(last);
	return buffers;
}
