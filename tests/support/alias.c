#include <stdlib.h>

#include "alias.h"

/* Fills each small class up with a part of a large one. */
static void
share(struct alias_class *class, double *left, uint32_t *todo, size_t k)
{
	size_t small = 0, large = k;

	for (size_t i = 0; i < k; i++) {
		todo[left[i] < 1 ? small++ : --large] = (uint32_t)i;
		class[i] = (struct alias_class){0, (uint32_t)i};
	}
	while (small > 0 && large < k) {
		uint32_t s = todo[--small], l = todo[large];

		class[s].keep = (uint32_t)(left[s] * 0x1p32);
		class[s].other = l;
		left[l] -= 1 - left[s];
		if (left[l] < 1) {
			large++;
			todo[small++] = l;
		}
	}
}

int
alias_init(struct alias *t, const double *p, size_t k)
{
	double *left = malloc(k * sizeof(*left));
	uint32_t *todo = malloc(k * sizeof(*todo));

	*t = (struct alias){k, malloc(k * sizeof(*t->class))};
	if (left && todo && t->class) {
		for (size_t i = 0; i < k; i++)
			left[i] = p[i] * (double)k;
		share(t->class, left, todo, k);
	} else {
		alias_free(t);
	}
	free(left);
	free(todo);
	return t->class != NULL;
}

size_t
alias_draw(const struct alias *t, struct rng *r)
{
	uint64_t x = rng_next(r);
	size_t i = (x >> 32) * t->k >> 32;

	return (uint32_t)x < t->class[i].keep ? i : t->class[i].other;
}

void
alias_free(struct alias *t)
{
	free(t->class);
	*t = (struct alias){0};
}
