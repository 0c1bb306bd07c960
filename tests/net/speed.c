/*
 * speed peak THREADS - GFLOP/s of large matrix products.
 * speed CFG WEIGHTS BATCH THREADS - what a network takes, with noise for
 * images: milliseconds for an image, the median over a second and more; and
 * GFLOP/s of its convolutions and connected layers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool/err.h"
#include "net/net.h"
#include "net/train/netblas.h"
#include "net/netcfg.h"
#include "net/netshape.h"
#include "stats/rng.h"

/* Of the OpenMP library, where there is one. */
void omp_set_num_threads(int n) __attribute__((weak));

enum { SIDE = 2048, ROUNDS = 100000 };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Seconds of one call, the median; the first, which sets up, is not in it. */
static double
measure(void (*call)(void *), void *ctx)
{
	static double took[ROUNDS];
	double begin, end = 0;
	int n = 0;

	call(ctx);
	begin = now();
	while (n < ROUNDS && (n < 5 || end < begin + 1)) {
		double from = now();

		call(ctx);
		end = now();
		took[n++] = end - from;
	}
	qsort(took, (size_t)n, sizeof *took, compare);
	return took[n / 2];
}

static float *
noise(size_t n)
{
	float *x = err_malloc(n * sizeof *x);
	struct rng rng;
	size_t i;

	rng_seed(&rng, 1, 0);
	for (i = 0; i < n; i++)
		x[i] = (float)rng_uniform(&rng);
	return x;
}

static void
multiply(void *ctx)
{
	float **x = ctx;

	netblas_gemm(0, 0, SIDE, SIDE, SIDE, x[0], x[1], 0, x[2]);
}

static void
peak(int threads)
{
	size_t n = (size_t)SIDE * SIDE;
	float *x[] = {noise(n), noise(n), noise(n)};

	netblas_thread();
	if (omp_set_num_threads != NULL)
		omp_set_num_threads(threads);
	printf("%.1f\n", 2. * SIDE * (double)n / measure(multiply, x) / 1e9);
}

/* Floating-point operations of an image. */
static double
operations(const char *path)
{
	struct netcfg *cfg = netcfg_open(path);
	double sum = 0;
	size_t i;

	netshape_follow(cfg);
	for (i = 1; i < cfg->n; i++) {
		const struct netcfg_section *s = &cfg->section[i];

		if (strcmp(netcfg_type(s), "convolutional") == 0)
			sum += 2. * (double)s->work * s->c /
			       (double)netcfg_int(s, "groups", 1);
		else if (strcmp(netcfg_type(s), "connected") == 0)
			sum += 2. * (double)s->outputs * (double)s[-1].outputs;
	}
	netcfg_free(cfg);
	return sum;
}

struct prediction {
	struct net *net;
	float *input;
	int batch;
};

static void
predict(void *ctx)
{
	struct prediction *p = ctx;

	net_predict(p->net, p->input, p->batch);
}

int
main(int argc, char **argv)
{
	struct prediction p;
	struct net_shape s;
	double took;

	err_init("speed");
	if (argc == 3) {
		peak(atoi(argv[2]));
		return EXIT_SUCCESS;
	}
	if (argc != 5)
		err_die("usage: speed CFG WEIGHTS BATCH THREADS");
	p.batch = atoi(argv[3]);
	p.net = net_open(&(struct net_setup){.cfg = argv[1],
	    .weights = argv[2],
	    .batch = p.batch,
	    .threads = atoi(argv[4])});
	s = net_shape(p.net);
	p.input = noise((size_t)p.batch * (size_t)s.width * (size_t)s.height *
			(size_t)s.channels);
	took = measure(predict, &p) / p.batch;
	printf("%.4f %.1f\n", took * 1e3, operations(argv[1]) / took / 1e9);
	free(p.input);
	net_close(p.net);
	return EXIT_SUCCESS;
}
