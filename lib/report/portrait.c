#include <string.h>

#include "report/portrait.h"

/* sign 1: the smallest distance stands first. */
static void
rank(struct portrait *best, size_t n, const struct portrait *p, double sign)
{
	size_t i = n;

	if (p->name[0] == '\0')
		return;
	while (i > 0 && (best[i - 1].name[0] == '\0' ||
			    sign * p->distance < sign * best[i - 1].distance))
		i--;
	if (i == n)
		return;
	memmove(&best[i + 1], &best[i], (n - 1 - i) * sizeof(*best));
	best[i] = *p;
}

void
portrait_nearest(struct portrait *best, size_t n, const struct portrait *p)
{
	rank(best, n, p, 1);
}

void
portrait_furthest(struct portrait *best, size_t n, const struct portrait *p)
{
	rank(best, n, p, -1);
}
