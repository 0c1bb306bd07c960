/*
 * engines CFG WEIGHTS - whether the engines agree on a network, with noise for
 * images: what enters the softmax and what leaves it, relative to the largest
 * of each; and whether oneDNN's answer stays the same, bit for bit, with other
 * batches and threads. Prints the first, and exits with 1 when it is more than
 * 1e-4 or the second fails.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/err.h"
#include "net/net.h"
#include "stats/rng.h"

enum { IMAGES = 3 };

struct answer {
	float *inner, *outer; /* of all images */
	size_t inner_len, outer_len;
};

static float *
noise(size_t n)
{
	float *x = err_malloc(n * sizeof *x);
	struct rng rng;
	size_t i;

	rng_seed(&rng, 7, 0);
	for (i = 0; i < n; i++)
		x[i] = (float)rng_uniform(&rng);
	return x;
}

static struct answer
run(const struct net_setup *setup)
{
	struct net *n = net_open(setup);
	struct net_shape s = net_shape(n);
	size_t size = (size_t)s.width * (size_t)s.height * (size_t)s.channels;
	float *in = noise(size * IMAGES);
	int layer = net_penultimate(n), i, j;
	struct answer a = {.outer_len = (size_t)s.classes,
	    .inner_len = net_layer_shape(n, layer).outputs};

	net_keep(n, layer);
	a.outer = err_calloc(IMAGES * a.outer_len, sizeof(float));
	a.inner = err_calloc(IMAGES * a.inner_len, sizeof(float));
	for (i = 0; i < IMAGES; i += setup->batch) {
		int now = IMAGES - i < setup->batch ? IMAGES - i : setup->batch;
		const float *p = net_predict(n, in + i * size, now);

		memcpy(a.outer + i * a.outer_len, p,
		    now * a.outer_len * sizeof *p);
		for (j = 0; j < now; j++) {
			p = net_layer(n, layer, j, &a.inner_len);
			memcpy(a.inner + (i + j) * a.inner_len, p,
			    a.inner_len * sizeof *p);
		}
	}
	free(in);
	net_close(n);
	return a;
}

static double
apart(const float *x, const float *y, size_t n)
{
	double most = 1e-30, off = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!isfinite(x[i]) || !isfinite(y[i]))
			return INFINITY;
		most = fmax(most, fabs((double)y[i]));
		off = fmax(off, fabs((double)x[i] - y[i]));
	}
	return off / most;
}

static int
same(const struct answer *a, const struct answer *b)
{
	return memcmp(a->outer, b->outer,
		   IMAGES * a->outer_len * sizeof(float)) == 0 &&
	       memcmp(a->inner, b->inner,
		   IMAGES * a->inner_len * sizeof(float)) == 0;
}

static void
free_answer(struct answer *a)
{
	free(a->inner);
	free(a->outer);
}

int
main(int argc, char **argv)
{
	static const int variants[][2] = {{2, 1}, {3, 2}, {1, 3}};
	struct net_setup setup = {
	    .engine = NET_DARKNET, .batch = 1, .threads = 1};
	struct answer dark, one;
	double inner, outer;
	int bad = 0;
	size_t i;

	err_init("engines");
	if (argc != 3)
		err_die("usage: engines CFG WEIGHTS");
	setup.cfg = argv[1];
	setup.weights = argv[2];
	dark = run(&setup);
	setup.engine = 0;
	one = run(&setup);
	inner = apart(one.inner, dark.inner, IMAGES * one.inner_len);
	outer = apart(one.outer, dark.outer, IMAGES * one.outer_len);
	printf("%.1e %.1e", inner, outer);
	bad = !(inner <= 1e-4 && outer <= 1e-4);
	for (i = 0; i < sizeof variants / sizeof *variants; i++) {
		struct answer other;

		setup.batch = variants[i][0];
		setup.threads = variants[i][1];
		other = run(&setup);
		if (!same(&one, &other)) {
			printf(" differs with batch %d, threads %d",
			    setup.batch, setup.threads);
			bad = 1;
		}
		free_answer(&other);
	}
	putchar('\n');
	free_answer(&dark);
	free_answer(&one);
	return bad;
}
