/*
 * nmddm - likelihood-ratio test for drift of the distribution of numeric
 * fields. The arithmetic is in lib/detect/nmddm*.c, what all detectors share
 * in lib/monitor/det.c.
 */
#include <math.h>

#include "monitor/det.h"
#include "tool/args.h"
#include "tool/err.h"
#include "tool/partition.h"
#include "detect/nmddm.h"
#include "detect/nmddm_verbs.h"

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

/* Two modes have a limit of their own, where no false-alarm guarantee is asked
 * for. */
static double
fixed_limit(void)
{
	if (!isnan(opt.limit) || opt_given("fap") || opt_given("arl0"))
		return opt.limit;
	if (params.mode == NMDDM_PAPER)
		return nmddm_paper_limit(opt.alpha);
	return params.mode == NMDDM_SEED ? seed_limit : NAN;
}

static int
parse_options(int argc, char **argv)
{
	int first;

	detopt_tool = (struct tool){
	    .name = "nmddm",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "likelihood-ratio test for drift of a distribution",
	    .tables = {options, detopt_context, detopt_table, state_options,
		partition_options},
	};
	first = args_parse(&detopt_tool, argc, argv);
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
	const struct kind kind = {
	    .verbs = &nmddm_verbs,
	    .params = &params,
	    .limit = fixed_limit(),
	};

	return det_run(&kind, argv + first, argc - first);
}
