/* The limit of dependent records: a run comes to an end, whatever the worth. */
#include "detect/pht.h"
#include "limit/dependent.h"
#include "tap.h"

static double
largest(double worth, size_t n, size_t runs)
{
	static const struct pht_params params = {.k = 0.25, .ratio = 1.5};
	struct kind kind = {.verbs = &pht_verbs, .params = &params};
	struct dependent d = {&kind, worth};
	double max = 0;
	struct rng r;

	rng_seed(&r, 5, n);
	for (size_t i = 0; i < runs; i++)
		max = fmax(max, dependent_simulate(&d, n, 100, &r));
	return max;
}

int
main(void)
{
	double independent = largest(60, 60, 50), little = largest(3, 60, 50);

	ok(independent > 0 && little > independent,
	    "worth less, a higher limit: %g and %g", independent, little);
	ok(largest(1e-3, 60, 50) > 0, "worth nothing");
	ok(largest(0, 20, 50) > 0, "of a reference that only rises");
	return done_testing();
}
