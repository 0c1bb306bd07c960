/*
 * mewma - multivariate EWMA test for drift of all fields together. The
 * arithmetic is in lib/detect/mewma*.c, what all detectors share in
 * lib/monitor/det.c.
 */
#include <math.h>
#include <stdlib.h>

#include "monitor/det.h"
#include "tool/args.h"
#include "tool/err.h"
#include "tool/partition.h"
#include "detect/mewma.h"
#include "detect/mewma_verbs.h"

static const char *default_lambdas[] = {"0.1", "0.02", "0.005"};
static struct {
	struct opt_list lambda;
	double clip, limit;
} opt = {
    .lambda = {default_lambdas, 3},
    .clip = 0.99,
    .limit = NAN,
};
static struct mewma_params params;

static const struct opt options[] = {
    {0, "lambda", OPT_LIST, &opt.lambda, "L",
	"weight of the last record, repeatable", 0, 0},
    {0, "clip", OPT_REAL, &opt.clip, "Q",
	"clip vectors at this quantile of the reference's lengths", 0.5, 1},
    {0, "limit", OPT_REAL, &opt.limit, "L", "fixed limit, not one by --fap", 0,
	1e300},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static void
read_lambdas(void)
{
	if (opt.lambda.n > MEWMA_LAMBDAS)
		err_die("'--lambda': more than %d", MEWMA_LAMBDAS);
	for (size_t i = 0; i < opt.lambda.n; i++) {
		const char *text = opt.lambda.item[i];
		char *end;
		double x = strtod(text, &end);

		if (*text == '\0' || *end != '\0' || !(x >= 1e-4 && x <= 1))
			err_die("'--lambda': not a number from 0.0001 to 1: "
				"'%s'",
			    text);
		params.lambda[i] = x;
	}
	params.lambdas = opt.lambda.n;
}

static int
parse_options(int argc, char **argv)
{
	int first, by_arl0;

	detopt_tool = (struct tool){
	    .name = "mewma",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "multivariate EWMA test for drift of many fields at once",
	    .tables = {options, detopt_context, detopt_table, state_options,
		partition_options},
	};
	detopt_watch("act[*]");
	first = args_parse(&detopt_tool, argc, argv);
	read_lambdas();
	by_arl0 = !isnan(detopt.arl0);
	params.clip = opt.clip;
	params.fap = by_arl0 ? 1 - exp(-1) : detopt.fap;
	params.horizon = by_arl0 ? detopt.arl0 : (double)detopt.horizon;
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);
	const struct kind kind = {
	    .verbs = &mewma_verbs,
	    .params = &params,
	    .limit = opt.limit,
	};

	return det_run(&kind, argv + first, argc - first);
}
