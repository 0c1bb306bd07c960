#include <stdlib.h>

#include "detect/chi2_terms.h"

enum { TABLED = 1 << 16 };

int64_t
chi2_terms_far_xlnx(const struct chi2_terms *t, size_t x)
{
	double y = (double)x;

	return x ? llrint(t->scale * (y * log(y))) : 0;
}

/* The power of two by which whole numbers up to max become 2^60 or less. */
static double
scale_for(double max)
{
	return ldexp(1, 59 - ilogb(max));
}

int
chi2_terms_init(struct chi2_terms *t, int pearson, size_t of_ref, size_t of_win)
{
	double n = (double)of_ref, m = (double)of_win, all = n + m;
	size_t room = of_ref + of_win < TABLED ? of_ref + of_win + 1 : TABLED;

	*t = (struct chi2_terms){.pearson = pearson};
	if (pearson) {
		t->scale = scale_for(m);
		t->unit = all / n * (all / m) / t->scale;
		return 0;
	}
	t->scale = scale_for(all * log(all));
	t->unit = 2 / t->scale;
	t->xlnx = malloc(room * sizeof(*t->xlnx));
	if (t->xlnx == NULL)
		return -1;
	for (size_t x = 0; x < room; x++)
		t->xlnx[x] = chi2_terms_far_xlnx(t, x);
	t->tabled = room;
	return 0;
}

void
chi2_terms_free(struct chi2_terms *t)
{
	free(t->xlnx);
}
