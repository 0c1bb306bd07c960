/* The limit of dependent records: a run comes to an end, whatever the worth.
 * Contexts: how long one lasts matters. */
#include "detect/pht.h"
#include "detect/pht_verbs.h"
#include "limit/dependent.h"
#include "tap.h"

/* Of the largest statistics of so many runs. */
static double
largest_of(struct dependent d, size_t n, size_t runs)
{
	static const struct pht_params params = {.k = 0.25, .ratio = 1.5};
	struct kind kind = {.verbs = &pht_verbs, .params = &params};
	double max = 0;
	struct rng r;

	d.kind = &kind;
	rng_seed(&r, 5, n);
	for (size_t i = 0; i < runs; i++)
		max = fmax(max, dependent_simulate(&d, n, 100, &r));
	return max;
}

static double
largest(double worth, size_t n, size_t runs)
{
	return largest_of((struct dependent){.worth = worth}, n, runs);
}

static double
within(size_t contexts, double rounds, size_t n)
{
	return largest_of(
	    (struct dependent){
		.worth = NAN, .contexts = contexts, .rounds = rounds},
	    n, 200);
}

/* Rounded as it would be. */
static int
rounds_to(size_t contexts, double rounds, size_t n, size_t to, double by)
{
	struct dependent d = {.contexts = contexts, .rounds = rounds};

	dependent_round_contexts(&d, n);
	return d.contexts == to && fabs(d.rounds - by) < 1e-12;
}

static void
contexts(void)
{
	double one = within(1, 200, 200), alternate = within(8, 25, 200);
	double blocks = within(8, 1, 200);

	ok(one > 0 && alternate < 1.3 * one,
	    "contexts that alternate cost little: %g and %g", one, alternate);
	ok(blocks > 1.3 * alternate, "contexts that last: %g", blocks);
	ok(rounds_to(24, 10, 2880, 24, 8), "a day's hours");
	ok(rounds_to(168, 1, 2880, 192, 1), "a week's");
	ok(rounds_to(1, 300, 300, 1, 256), "one");
	ok(rounds_to(2, 1e9, 300, 2, 128), "as many rounds as can be");
	ok(rounds_to(149, 2, 300, 150, 2), "as many contexts");
}

int
main(void)
{
	double independent = largest(60, 60, 50), little = largest(3, 60, 50);

	ok(independent > 0 && little > independent,
	    "worth less, a higher limit: %g and %g", independent, little);
	ok(largest(1e-3, 60, 50) > 0, "worth nothing");
	ok(largest(0, 20, 50) > 0, "of a reference that only rises");
	contexts();
	return done_testing();
}
