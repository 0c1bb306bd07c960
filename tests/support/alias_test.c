/* alias: what is drawn has the weights. */
#include "alias.h"
#include "tap.h"

static void
draws(const double *p, size_t k, const char *name)
{
	enum { N = 100000 };
	unsigned count[8] = {0};
	double chi2 = 0;
	struct alias t;
	struct rng r;
	int never = 1;

	rng_seed(&r, 31, k);
	ok(alias_init(&t, p, k), "%s", name);
	for (int i = 0; i < N; i++)
		count[alias_draw(&t, &r)]++;
	for (size_t i = 0; i < k; i++) {
		if (p[i] > 0)
			chi2 += pow(count[i] - N * p[i], 2) / (N * p[i]);
		else
			never &= count[i] == 0;
	}
	/* 1e-6 of chi-square with 7 degrees of freedom */
	if (!ok(chi2 < 40.5 && never, "its frequencies"))
		printf("# %g\n", chi2);
	alias_free(&t);
}

int
main(void)
{
	static const double one[] = {1}, even[] = {.25, .25, .25, .25},
			    odd[] = {.5, .001, .1, 0, .3, .05, .049},
			    last[] = {0, 0, 0, 0, 0, 0, 0, 1};

	draws(one, 1, "one class");
	draws(even, 4, "even ones");
	draws(odd, 7, "odd ones");
	draws(last, 8, "the last one");
	return done_testing();
}
