#include <stdlib.h>

#include "base/memory.h"
#include "detect/chi2_ref.h"

/* The sum of an empty window. */
static void
sum_empty_window(struct chi2_ref *r)
{
	r->empty = 0;
	for (size_t j = 0; j < r->cells.n; j++)
		r->empty += chi2_terms_of(&r->terms, r->cells.a[j], 0);
	if (r->p.statistic == CHI2_PEARSON) {
		r->base = -chi2_terms_square(&r->terms, r->n, r->m);
		return;
	}
	r->base = chi2_terms_xlnx(&r->terms, r->n + r->m) -
		  chi2_terms_xlnx(&r->terms, r->n) -
		  chi2_terms_xlnx(&r->terms, r->m);
	for (size_t j = 0; j < r->cells.n; j++)
		r->base += chi2_terms_xlnx(&r->terms, r->cells.a[j]);
}

int
chi2_ref_cells(struct chi2_ref *r, double min_expected)
{
	double n = (double)r->n, m = (double)r->m;
	int erratic = r->p.statistic == CHI2_PEARSON || r->n < r->m;

	if (!chi2_cells_make(
		&r->cells, min_expected * (n > m ? n / m : 1), erratic))
		return 0;
	sum_empty_window(r);
	return 1;
}

/* 0 without memory. */
static int
learn(struct chi2_ref *r, const struct chi2_params *p, const double *ref,
    size_t n)
{
	int pearson = p->statistic == CHI2_PEARSON;

	*r = (struct chi2_ref){.users = 1, .p = *p, .n = n, .m = p->window};
	if (!chi2_cells_init(&r->cells, p->classes) ||
	    chi2_terms_init(&r->terms, pearson, n, r->m) < 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		r->cells.ref[(size_t)ref[i]]++;
	return chi2_ref_cells(r, p->min_expected);
}

struct chi2_ref *
chi2_ref_new(
    const struct chi2_params *p, const double *ref, size_t n, const char **why)
{
	struct chi2_ref *r = calloc(1, sizeof(*r));

	*why = NO_MEMORY;
	if (n == 0)
		*why = "the reference is empty";
	else if (n >= (size_t)1 << 31 || p->window >= (size_t)1 << 31)
		*why = "reference or window is too large";
	else if (r != NULL && learn(r, p, ref, n))
		return r;
	chi2_ref_free(r);
	return NULL;
}

void
chi2_ref_free(struct chi2_ref *r)
{
	if (r == NULL || (r->users > 0 && --r->users > 0))
		return;
	chi2_cells_free(&r->cells);
	chi2_terms_free(&r->terms);
	free(r);
}
