/*
 * chi2 - test for drift of the mix of classes. The arithmetic is in
 * lib/detect/chi2*.c, what all detectors share in lib/monitor/det.c.
 */
#include <math.h>

#include "detect/chi2.h"
#include "detect/chi2_verbs.h"
#include "monitor/det.h"
#include "tool/args.h"
#include "tool/partition.h"

static struct {
	int statistic;
	long long window, max_classes;
	double min_expected, limit;
} opt = {
    .window = CHI2_WINDOW,
    .max_classes = 1000,
    .min_expected = 5,
    .limit = NAN,
};
static struct chi2_params params;

static const struct opt options[] = {
    {0, "statistic", OPT_CHOICE, &opt.statistic, "g|pearson",
	"likelihood ratio, or Pearson's statistic", 0, 0},
    {0, "window", OPT_INT, &opt.window, "N", "records in the detection window",
	1, 1e6},
    {0, "min-expected", OPT_REAL, &opt.min_expected, "E",
	"pool classes expected less often in a window", 0, 1e6},
    {0, "max-classes", OPT_INT, &opt.max_classes, "N",
	"classes that are told apart", 1, 1e6},
    {0, "limit", OPT_REAL, &opt.limit, "L", "fixed limit, not one by --fap", 0,
	1e300},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static int
parse_options(int argc, char **argv)
{
	int first;

	detopt_tool = (struct tool){
	    .name = "chi2",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "chi-square test for drift of the mix of classes",
	    .tables = {options, detopt_table, state_options, partition_options},
	};
	detopt_watch("class");
	first = args_parse(&detopt_tool, argc, argv);
	params = (struct chi2_params){
	    .statistic = (enum chi2_statistic)opt.statistic,
	    .window = (size_t)opt.window,
	    .min_expected = opt.min_expected,
	    .classes = (size_t)opt.max_classes +
		       1, /* and the one for all others */
	};
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);
	const struct kind kind = {
	    .verbs = &chi2_verbs,
	    .params = &params,
	    .limit = opt.limit,
	    .classes = (size_t)opt.max_classes,
	};

	return det_run(&kind, argv + first, argc - first);
}
