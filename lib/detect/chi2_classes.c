#include <math.h>

#include "detect/chi2_classes.h"

/* Puts the class where it belongs among the k largest so far. */
static size_t
insert(struct chi2_class *top, size_t k, struct chi2_class c)
{
	size_t i = k < CHI2_CLASSES_TOP ? k : CHI2_CLASSES_TOP - 1;

	if (k == CHI2_CLASSES_TOP && c.contribution <= top[i].contribution)
		return k;
	for (; i > 0 && top[i - 1].contribution < c.contribution; i--)
		top[i] = top[i - 1];
	top[i] = c;
	return k < CHI2_CLASSES_TOP ? k + 1 : k;
}

/* x ln(x / y), y > 0 */
static double
x_ln_ratio(double x, double y)
{
	return x > 0 ? x * log(x / y) : 0;
}

static struct chi2_class
describe(const struct chi2_classes *all, size_t code)
{
	double a = all->ref[code], b = all->count[code];
	double n = all->of_ref, m = all->of_window;
	double mean = (a + b) / (n + m), off = n * b - m * a;
	struct chi2_class c = {
	    .code = code, .observed = all->count[code], .expected = m * a / n};

	if (all->pearson)
		c.contribution = off * off / (n * m * (a + b));
	else
		c.contribution = 2 * (x_ln_ratio(a, n * mean) +
					 x_ln_ratio(b, m * mean));
	return c;
}

size_t
chi2_classes_top(
    const struct chi2_classes *all, struct chi2_class *top, int only_unseen)
{
	size_t k = 0;

	for (size_t i = 0; i < all->n; i++)
		if (only_unseen ? all->ref[i] == 0 && all->count[i] > 0
				: all->ref[i] + all->count[i] > 0)
			k = insert(top, k, describe(all, i));
	return k;
}
