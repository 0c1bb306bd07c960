#include <stdlib.h>
#include <string.h>

#include "detect/iks_ref.h"
#include "stats/sort.h"

/* Counts the distinct values of sorted[], which is left with them. */
static int
take(struct iks_ref *r, double *sorted, size_t n)
{
	size_t k = 0;

	r->upto = malloc((n + 1) * sizeof(*r->upto));
	if (r->upto == NULL)
		return 0;
	r->upto[0] = 0;
	for (size_t i = 0; i < n; i++) {
		if (k == 0 || sorted[k - 1] != sorted[i])
			sorted[k++] = sorted[i] + 0.0; /* no -0 */
		r->upto[k] = (uint32_t)i + 1;
	}
	if (rank_init(&r->rank, sorted, k) < 0)
		return 0;
	if (k == n)
		return 1;
	r->slot = malloc((n + 1) * sizeof(*r->slot));
	for (size_t j = 0; r->slot != NULL && j <= k; j++)
		r->slot[r->upto[j]] = (uint32_t)j;
	return r->slot != NULL;
}

struct iks_ref *
iks_ref_new(const double *value, size_t n)
{
	struct iks_ref *r = calloc(1, sizeof(*r));
	double *sorted = malloc(n * sizeof(*sorted));
	int good = 0;

	if (r != NULL && sorted != NULL) {
		r->users = 1;
		r->n = n;
		memcpy(sorted, value, n * sizeof(*sorted));
		sort_reals(sorted, n);
		good = take(r, sorted, n);
	}
	free(sorted);
	if (good)
		return r;
	if (r != NULL)
		iks_ref_free(r);
	return NULL;
}

void
iks_ref_free(struct iks_ref *r)
{
	if (r == NULL || --r->users > 0)
		return;
	rank_free(&r->rank);
	free(r->upto);
	free(r->slot);
	free(r->steps);
	free(r);
}

size_t
iks_ref_share(const struct iks_ref *r, double value, int below)
{
	uint32_t code = iks_ref_code(r, value);

	return r->upto[(code + !below) / 2];
}
