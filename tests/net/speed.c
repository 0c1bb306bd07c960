/*
 * speed peak THREADS - GFLOP/s of large matrix products.
 * speed CFG WEIGHTS BATCH THREADS - what a network takes, with noise for
 * images: milliseconds for an image, the median over a second and more; the
 * same of processor time; GFLOP/s of its convolutions and connected layers;
 * and resident kB of this process. "-" for WEIGHTS: CFG is an ONNX file, and
 * there are no GFLOP/s.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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

struct took {
	double real, processor; /* seconds */
};

static double
now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *x, int n)
{
	qsort(x, (size_t)n, sizeof *x, compare);
	return x[n / 2];
}

/* Of one call, the median; the first, which sets up, is not in it. */
static struct took
measure(void (*call)(void *), void *ctx)
{
	static double real[ROUNDS], processor[ROUNDS];
	double begin, end = 0;
	int n = 0;

	call(ctx);
	begin = now(CLOCK_MONOTONIC);
	while (n < ROUNDS && (n < 5 || end < begin + 1)) {
		double from = now(CLOCK_MONOTONIC);
		double busy = now(CLOCK_PROCESS_CPUTIME_ID);

		call(ctx);
		end = now(CLOCK_MONOTONIC);
		real[n] = end - from;
		processor[n++] = now(CLOCK_PROCESS_CPUTIME_ID) - busy;
	}
	return (struct took){median(real, n), median(processor, n)};
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
	printf(
	    "%.1f\n", 2. * SIDE * (double)n / measure(multiply, x).real / 1e9);
}

/* Floating-point operations of an image. */
static double
operations(const struct net_setup *setup)
{
	struct netcfg *cfg;
	double sum = 0;
	size_t i;

	if (setup->weights == NULL)
		return 0;
	cfg = netcfg_open(setup->cfg);
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

static void
measure_net(const struct net_setup *setup)
{
	struct prediction p = {.batch = setup->batch};
	struct net_shape s;
	struct rusage used;
	struct took t;

	p.net = net_open(setup);
	s = net_shape(p.net);
	p.input = noise((size_t)p.batch * (size_t)s.width * (size_t)s.height *
			(size_t)s.channels);
	t = measure(predict, &p);
	getrusage(RUSAGE_SELF, &used);
	printf("%.4f %.4f %.1f %ld\n", t.real / p.batch * 1e3,
	    t.processor / p.batch * 1e3,
	    operations(setup) * p.batch / t.real / 1e9, used.ru_maxrss);
	free(p.input);
	net_close(p.net);
}

int
main(int argc, char **argv)
{
	err_init("speed");
	if (argc == 3) {
		peak(atoi(argv[2]));
		return EXIT_SUCCESS;
	}
	if (argc != 5)
		err_die("usage: speed CFG WEIGHTS BATCH THREADS");
	measure_net(&(struct net_setup){.cfg = argv[1],
	    .weights = strcmp(argv[2], "-") == 0 ? NULL : argv[2],
	    .batch = atoi(argv[3]),
	    .threads = atoi(argv[4])});
	return EXIT_SUCCESS;
}
