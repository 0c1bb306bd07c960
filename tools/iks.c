/*
 * iks - incremental Kolmogorov-Smirnov test for drift of numeric fields. The
 * arithmetic is in lib/detect/iks*.c and lib/stats/ks.c, what all detectors
 * share in lib/monitor/det.c.
 */
#include <math.h>

#include "monitor/det.h"
#include "tool/args.h"
#include "tool/err.h"
#include "tool/partition.h"
#include "detect/iks.h"
#include "detect/iks_verbs.h"
#include "stats/ks.h"

static const char policies[] = "fixed|tumbling|sliding|replace";
enum { REPLACE = IKS_SLIDING + 1 };
static struct {
	int policy, kuiper, p_value;
	long long window, step;
	double limit, alpha;
} opt = {
    .window = IKS_WINDOW,
    .step = 1,
    .limit = NAN,
    .alpha = NAN,
};
static struct iks_params params;
static struct ks_memo memo;

static const struct opt options[] = {
    {0, "window", OPT_INT, &opt.window, "N", "records in the detection window",
	1, 1e6},
    {0, "policy", OPT_CHOICE, &opt.policy, policies,
	"which values are window and reference", 0, 0},
    {0, "step", OPT_INT, &opt.step, "N", "test at every N-th record", 1, 1e6},
    {0, "kuiper", OPT_FLAG, &opt.kuiper, NULL,
	"take Kuiper's statistic, D+ + D-, instead of D", 0, 0},
    {0, "limit", OPT_REAL, &opt.limit, "D", "fixed limit, not one by --fap", 0,
	1},
    {0, "alpha", OPT_REAL, &opt.alpha, "A",
	"limit by the exact level of a single test", 1e-300, 1},
    {0, "p-value", OPT_FLAG, &opt.p_value, NULL,
	"add the exact p-value of each test", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* A distance is beyond the limit of level alpha from the critical one on. */
static double
limit_by_alpha(size_t n)
{
	int64_t c = ks_critical((int64_t)n, opt.window, opt.alpha);

	if (c < 0 || c > (int64_t)n * opt.window)
		err_die("'--alpha': no critical value for a reference of %zu "
			"and a window of %lld",
		    n, opt.window);
	return (double)(c - 1) / ((double)n * (double)opt.window);
}

static int
parse_options(int argc, char **argv)
{
	int first;

	detopt_tool = (struct tool){
	    .name = "iks",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "incremental Kolmogorov-Smirnov test for drift",
	    .tables = {options, detopt_context, detopt_table, state_options,
		partition_options},
	};
	first = args_parse(&detopt_tool, argc, argv);
	if (!isnan(opt.alpha) && !isnan(opt.limit))
		err_die("'--alpha' and '--limit' exclude each other");
	if (opt.kuiper && (!isnan(opt.alpha) || opt.p_value))
		err_die("'--kuiper' has no exact p-value: not with '--%s'",
		    opt.p_value ? "p-value" : "alpha");
	if (opt.policy == IKS_TUMBLING && opt_given("step"))
		err_die("'--policy tumbling' tests at every full window: not "
			"with '--step'");
	opt_refuse(opt.policy == REPLACE, "after",
	    "'--policy replace' is fixed, and adopt");
	if (opt.policy == REPLACE)
		opt_set(
		    opt_find("after"), OPT_FILE, "adopt", "'--policy'", NULL);
	params = (struct iks_params){
	    .window = (size_t)opt.window,
	    .policy = opt.policy == REPLACE ? IKS_FIXED
					    : (enum iks_policy)opt.policy,
	    .step = (size_t)opt.step,
	    .kuiper = opt.kuiper,
	    .memo = opt.p_value ? &memo : NULL,
	};
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);
	const struct kind kind = {
	    .verbs = &iks_verbs,
	    .params = &params,
	    .limit = opt.limit,
	    .critical = isnan(opt.alpha) ? NULL : limit_by_alpha,
	};

	return det_run(&kind, argv + first, argc - first);
}
