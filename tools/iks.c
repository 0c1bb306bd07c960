/*
 * iks - incremental Kolmogorov-Smirnov test for drift of numeric fields. The
 * arithmetic is in lib/iks.c and lib/ks.c, what all detectors share in
 * lib/det.c.
 */
#include <math.h>
#include <stdlib.h>

#include "det.h"
#include "err.h"
#include "iks.h"
#include "ks.h"

static struct {
	long long window;
	double limit, alpha;
	int p_value;
} opt = {
    .window = IKS_WINDOW,
    .limit = NAN,
    .alpha = NAN,
};
static struct iks_params params;

static const struct opt options[] = {
    {0, "window", OPT_INT, &opt.window, "N", "records in the detection window",
	1, 1e6},
    {0, "limit", OPT_REAL, &opt.limit, "D", "fixed limit, not one by --fap", 0,
	1},
    {0, "alpha", OPT_REAL, &opt.alpha, "A",
	"limit by the exact level of a single test", 1e-300, 1},
    {0, "p-value", OPT_FLAG, &opt.p_value, NULL,
	"add the exact p-value of each test", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static const char *
init(void *d, const double *ref, size_t n)
{
	return iks_init(d, &params, ref, n);
}

static void
add(void *d, double x)
{
	iks_add(d, x);
}

static int
stat(const void *d, double *x)
{
	struct iks_stat s;
	int ready = iks_stat(d, &s);

	if (ready)
		*x = s.stat;
	return ready;
}

/*
 * Exact p-values by numerator, each computed once: a stream comes back to the
 * same few hundred distances again and again.
 */
static double
p_value(const struct iks *d, int64_t num)
{
	static struct {
		int64_t num;
		double p;
	} seen[4096];
	size_t i = (size_t)num * 0x9e3779b97f4a7c15u >> 52;

	/* num 0 is P(D >= 0), which the empty places can't say. */
	if (num == 0)
		return 1;
	if (seen[i].num != num) {
		seen[i].num = num;
		seen[i].p = ks_pvalue((int64_t)d->n, (int64_t)d->m, num);
	}
	return seen[i].p;
}

static void
print(const void *d, struct buf *out)
{
	struct iks_stat s;

	iks_stat(d, &s);
	buf_key_real(out, "plus", s.plus);
	buf_key_real(out, "minus", s.minus);
	buf_key_real(out, "at", s.at);
	if (opt.p_value)
		buf_key_real(out, "p", p_value(d, s.num));
}

/* A distance is beyond the limit of level alpha from the critical one on. */
static double
limit(size_t n)
{
	int64_t c;

	if (isnan(opt.alpha))
		return opt.limit;
	c = ks_critical((int64_t)n, opt.window, opt.alpha);
	if (c < 0 || c > (int64_t)n * opt.window)
		err_die("'--alpha': no critical value for a reference of %zu "
			"and a window of %lld",
		    n, opt.window);
	return (double)(c - 1) / ((double)n * (double)opt.window);
}

static double
life(const void *p, size_t n, unsigned long long horizon, struct rng *r)
{
	return iks_simulate(p, n, horizon, r);
}

static void
key(struct buf *out)
{
	buf_str(out, "iks-window=");
	buf_int(out, opt.window);
}

static void
release(void *d)
{
	iks_free(d);
}

static const struct det_kind kind = {
    .size = sizeof(struct iks),
    .init = init,
    .add = add,
    .stat = stat,
    .print = print,
    .limit = limit,
    .life = life,
    .params = &params,
    .key = key,
    .free = release,
};

static int
parse_options(int argc, char **argv)
{
	int first;

	det_tool = (struct tool){
	    .name = "iks",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "incremental Kolmogorov-Smirnov test for drift",
	    .tables = {options, det_options},
	};
	first = opt_parse(&det_tool, argc, argv);
	params.window = (size_t)opt.window;
	if (!isnan(opt.alpha) && !isnan(opt.limit))
		err_die("'--alpha' and '--limit' exclude each other");
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);

	return det_run(&kind, argv + first, argc - first);
}
