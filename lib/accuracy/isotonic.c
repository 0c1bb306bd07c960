#include <stdlib.h>

#include "accuracy/isotonic.h"

static int
by_x(const void *a, const void *b)
{
	const struct isotonic_point *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return (p->y < q->y) - (p->y > q->y);
}

/* Whether the second must not stand after the first. */
static int
violates(const struct isotonic_point *a, const struct isotonic_point *b)
{
	return a->y <= b->y || a->x == b->x;
}

size_t
isotonic_falling(struct isotonic_point *p, size_t n)
{
	size_t kept = 0;

	qsort(p, n, sizeof(*p), by_x);
	for (size_t i = 0; i < n; i++) {
		p[kept++] = p[i];
		for (; kept > 1 && violates(&p[kept - 2], &p[kept - 1]);
		     kept--) {
			struct isotonic_point *a = &p[kept - 2], *b = a + 1;
			double sum = a->weight + b->weight;

			a->x = (a->weight * a->x + b->weight * b->x) / sum;
			a->y = (a->weight * a->y + b->weight * b->y) / sum;
			a->weight = sum;
		}
	}
	return kept;
}
