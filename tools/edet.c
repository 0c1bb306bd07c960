/*
 * edet - e-detector for drift of numeric fields. The arithmetic is in
 * lib/detect/edet.c, what all detectors share in lib/monitor/det.c.
 */
#include <math.h>

#include "detect/edet_verbs.h"
#include "monitor/det.h"
#include "tool/args.h"
#include "tool/partition.h"

static struct {
	double limit;
} opt = {.limit = NAN};

static const struct opt options[] = {
    {0, "limit", OPT_REAL, &opt.limit, "L",
	"fixed limit of log10 e, not one by --fap", 0, 12},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

int
main(int argc, char **argv)
{
	int first;

	detopt_tool = (struct tool){
	    .name = "edet",
	    .usage = "[-eqv] [-c file] [-f field] ... [-n name] [option ...] "
		     "[file ...]",
	    .about = "e-detector for drift of numeric fields",
	    .tables = {options, detopt_context, detopt_table, state_options,
		partition_options},
	};
	first = args_parse(&detopt_tool, argc, argv);
	return det_run(
	    &(const struct kind){.verbs = &edet_verbs, .limit = opt.limit},
	    argv + first, argc - first);
}
