/*
 * nmddm - likelihood-ratio test for drift of the distribution of numeric
 * fields. The arithmetic is in lib/nmddm*.c, what all detectors share in
 * lib/det.c.
 */
#include <math.h>

#include "det.h"
#include "err.h"
#include "nmddm.h"

/* The older system's threshold. */
static const double seed_limit = 0.1;

static const char modes[] = "glr|paper|kde|seed";
static struct {
	int mode, scan;
	long long window, step, bins, seed;
	double limit, alpha;
} opt = {
    .bins = 8,
    .limit = NAN,
    .alpha = 0.001,
};
static struct nmddm_params params;

static const struct opt options[] = {
    {0, "mode", OPT_CHOICE, &opt.mode, modes, "how the densities are compared",
	0, 0},
    {0, "scan", OPT_FLAG, &opt.scan, NULL,
	"glr: test all lengths up to the window's, and say since when", 0, 0},
    {0, "window", OPT_INT, &opt.window, "N",
	"records in the window; 0: 100, scan 1000, paper 3000, seed 50", 0,
	1e6},
    {0, "step", OPT_INT, &opt.step, "N",
	"test at every N-th record; 0: 1, paper 50, kde a fifth of the window",
	0, 1e6},
    {0, "bins", OPT_INT, &opt.bins, "N",
	"glr: bins between reference quantiles", 2, 64},
    {0, "seed", OPT_INT, &opt.seed, "N",
	"glr: seed of the generator that breaks ties", 0, 9e18},
    {0, "alpha", OPT_REAL, &opt.alpha, "A",
	"paper: sensitivity, the limit is -ln A", 1e-300, 1},
    {0, "limit", OPT_REAL, &opt.limit, "L", "fixed limit, not one by --fap",
	-1e300, 1e300},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

DET_VERBS(nmddm)

/* paper cuts its window where the alarm is. */
static void
hold(void *d, double limit)
{
	struct nmddm *n = d;

	n->p.limit = limit;
}

static int
stat(const void *d, double *x)
{
	struct nmddm_stat s;
	int ready = nmddm_stat(d, &s);

	if (ready)
		*x = s.stat;
	return ready;
}

static void
print(void *d, struct buf *out)
{
	struct nmddm_stat s;

	nmddm_stat(d, &s);
	if (s.back > 0)
		buf_key_int(out, "split", (long long)s.split);
}

static long long
since(const void *d)
{
	struct nmddm_stat s;

	return nmddm_stat(d, &s) && s.back > 0 ? (long long)(s.back + s.age)
					       : -1;
}

static size_t
window(void)
{
	return nmddm_window(&params);
}

static double
limit(size_t n)
{
	(void)n;
	if (!isnan(opt.limit) || opt_given("fap") || opt_given("arl0"))
		return opt.limit;
	if (params.mode == NMDDM_PAPER)
		return nmddm_paper_limit(opt.alpha);
	return params.mode == NMDDM_SEED ? seed_limit : NAN;
}

static void
key(struct buf *out)
{
	static const char *const name[] = {"glr", "paper", "kde", "seed"};

	buf_str(out, "nmddm-");
	buf_str(out, name[opt.mode]);
	buf_str(out, opt.scan ? "-scan" : "");
	buf_str(out, "-window=");
	buf_int(out, opt.window);
	buf_str(out, "-step=");
	buf_int(out, opt.step);
	buf_str(out, "-bins=");
	buf_int(out, opt.bins);
}

static int
no_reference(void)
{
	return params.mode == NMDDM_PAPER;
}

static const struct det_kind kind = {
    .size = sizeof(struct nmddm),
    .init = init,
    .hold = hold,
    .add = add,
    .stat = stat,
    .print = print,
    .since = since,
    .reset = reset,
    .window = window,
    .limit = limit,
    .life = life,
    .params = &params,
    .key = key,
    .no_reference = no_reference,
    .state = state,
    .free = release,
};

static int
parse_options(int argc, char **argv)
{
	int first;

	det_tool = (struct tool){
	    .name = "nmddm",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "likelihood-ratio test for drift of a distribution",
	    .tables = {options, det_options, state_options},
	};
	first = opt_parse(&det_tool, argc, argv);
	if (opt.scan && opt.mode != NMDDM_GLR)
		err_die("'--scan' is for '--mode glr'");
	opt_refuse(opt.mode != NMDDM_PAPER, "alpha", "only with --mode paper");
	params = (struct nmddm_params){
	    .mode = (enum nmddm_mode)opt.mode,
	    .scan = opt.scan,
	    .window = (size_t)opt.window,
	    .step = (size_t)opt.step,
	    .bins = (size_t)opt.bins,
	    .seed = (uint64_t)opt.seed,
	};
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);

	return det_run(&kind, argv + first, argc - first);
}
