#include <stdlib.h>
#include <string.h>

#include "accuracy/labelled.h"
#include "accuracy/softmax.h"
#include "stats/rng.h"

int
labelled_add(struct labelled *l, const double *p, uint32_t truth)
{
	if (l->n == l->room) {
		size_t room = l->room * 2 + 1024;
		void *rows = realloc(l->p, room * l->classes * sizeof(*l->p)),
		     *more;

		if (rows == NULL)
			return -1;
		l->p = rows;
		more = realloc(l->truth, room * sizeof(*l->truth));
		if (more == NULL)
			return -1;
		l->truth = more;
		l->room = room;
	}
	memcpy(l->p + l->n * l->classes, p, l->classes * sizeof(*p));
	l->truth[l->n++] = truth;
	l->set[l->sets] = l->n;
	return 0;
}

int
labelled_next(struct labelled *l)
{
	if (l->sets == LABELLED_SETS)
		return -1;
	l->sets++;
	l->set[l->sets] = l->n;
	return 0;
}

void
labelled_free(struct labelled *l)
{
	free(l->p);
	free(l->truth);
	*l = (struct labelled){0};
}

int
labelled_right(const struct labelled *l, size_t i)
{
	return softmax_best(l->p + i * l->classes, l->classes) == l->truth[i];
}

void
labelled_shuffle(struct labelled *l)
{
	struct rng r;

	rng_seed(&r, 1, 0);
	for (size_t i = l->set[1]; i > 1; i--) {
		size_t k = (size_t)rng_below(&r, i);
		uint32_t truth = l->truth[k];

		l->truth[k] = l->truth[i - 1];
		l->truth[i - 1] = truth;
		for (size_t c = 0; c < l->classes; c++) {
			double *a = &l->p[k * l->classes + c];
			double *b = &l->p[(i - 1) * l->classes + c];
			double p = *a;

			*a = *b;
			*b = p;
		}
	}
}
