/* NM-DDM as published: the authors' values, and the plain formula. */
#include "detect/nmddm.h"
#include "tap.h"
#include "vector.h"

static void
paper_mode(void)
{
	double x[350], ref;
	size_t n = vector_read("nmddm_hist_stream.txt", x, 350);
	struct nmddm_params p = {.mode = NMDDM_PAPER};
	struct nmddm_stat s = {0};
	struct nmddm d;

	ok(n == 350, "the stream is there");
	nmddm_init(&d, &p, NULL, 0);
	for (size_t i = 0; i < 199; i++)
		nmddm_add(&d, x[i]);
	ok(!nmddm_stat(&d, &s), "paper: too short before 200");
	for (size_t i = 199; i < 250; i++)
		nmddm_add(&d, x[i]);
	ok(nmddm_stat(&d, &s), "paper: a statistic at 250");
	near(s.stat, 9.65306840315, 1e-12, "paper: the authors' value");
	ok(s.split == 150 && s.back == 100, "paper: the authors' split");
	nmddm_add(&d, x[250]);
	ok(!nmddm_stat(&d, &s), "paper: the change cut the window");
	nmddm_free(&d);
	ref = -log(0.001);
	ok(nmddm_paper_limit(0.001) < ref &&
		nextafter(nmddm_paper_limit(0.001), INFINITY) == ref,
	    "paper: >= as >");
}

/* The plain formula with frequencies, for any window */
static double
paper_brute(const double *x, int n, int *split)
{
	double min = x[0], max = x[0], d, w = 0;

	for (int i = 0; i < n; i++) {
		min = fmin(min, x[i]);
		max = fmax(max, x[i]);
	}
	d = (max - min) / 4;
	for (int k = 100; k <= n - 100; k++) {
		double p[4] = {0}, q[4] = {0}, e = .7 / (n - k), sum = 0;
		int empty = 0;

		for (int i = 0; i < n; i++) {
			int bin = x[i] <= min + d       ? 0
				  : x[i] > max - d      ? 3
				  : x[i] <= min + 2 * d ? 1
							: 2;

			if (i < k)
				p[bin] += 1. / k;
			else if (i > k)
				q[bin] += 1. / (n - k - 1);
		}
		for (int j = 0; j < 4; j++)
			empty += p[j] == 0;
		for (int j = 0; j < 4; j++)
			if (q[j] > 1e-4)
				sum += q[j] * log(p[j] < 1e-4 ? q[j] * empty / e
						  : empty
						      ? q[j] / (p[j] * (1 - e))
						      : q[j] / p[j]);
		if (k * sum > w) {
			w = k * sum;
			*split = k;
		}
	}
	return w;
}

static void
paper_windows(void)
{
	struct nmddm_params p = {
	    .mode = NMDDM_PAPER, .window = 260, .step = 10, .limit = 1e9};
	struct nmddm_stat s;
	double x[600];
	struct nmddm d;
	struct rng r;
	int good = 1, split;

	rng_seed(&r, 7, 0);
	nmddm_init(&d, &p, NULL, 0);
	for (int i = 0; i < 600; i++) {
		int n = i + 1 < 260 ? i + 1 : 260;
		double want;

		/* an empty bin at first, shifted and wider in the end */
		x[i] = rng_uniform(&r) * (i < 400 ? 1 : 1.4);
		x[i] = i < 120 && x[i] < .3 ? .9 : x[i];
		nmddm_add(&d, x[i]);
		if ((i + 1) % 10 != 0 || n < 200)
			continue;
		split = 0;
		want = paper_brute(x + i + 1 - n, n, &split);
		good = good && nmddm_stat(&d, &s) &&
		       fabs(s.stat - want) <= 1e-10 * want &&
		       s.split == (size_t)split;
	}
	nmddm_free(&d);
	ok(good, "paper: the plain formula agrees, the window at its cap");
	p.window = 199;
	ok(nmddm_init(&d, &p, NULL, 0) != NULL, "paper: too small a cap");
}

int
main(void)
{
	paper_mode();
	paper_windows();
	return done_testing();
}
