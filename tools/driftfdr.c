/*
 * driftfdr - show which of many streams drift, few of them by mistake. What it
 * does is in lib/fleet/fdr.c.
 */
#include <stdlib.h>

#include "fleet/fdr.h"
#include "run/state.h"
#include "tool/args.h"
#include "tool/err.h"

static struct tool tool;
static const char *default_detectors[] = {"edet"};
static struct {
	struct opt_list detectors;
	const char *group;
	long long max_groups, looks, every, streams;
	double share;
	int all, skip_bad, exit_status;
} opt = {
    .detectors = {default_detectors, 1},
    .max_groups = 1000000,
    .looks = 1,
    .share = 0.05,
};

static const struct opt options[] = {
    {'g', "group", OPT_STRING, &opt.group, "NAME",
	"field that tells the streams apart", 0, 0},
    {0, "max-groups", OPT_INT, &opt.max_groups, "N", "values told apart", 1,
	1e6},
    {0, "detector", OPT_LIST, &opt.detectors, "NAME",
	"member whose tests are log10 of e-values, repeatable", 0, 0},
    {0, "fdr", OPT_REAL, &opt.share, "A",
	"of the streams shown, at most this share is false, on average", 1e-6,
	0.5},
    {0, "looks", OPT_INT, &opt.looks, "N", "... of all in a period of N looks",
	1, 1e6},
    {0, "every", OPT_INT, &opt.every, "N",
	"look after every N records; 0: at the end", 0, 1e15},
    {0, "streams", OPT_INT, &opt.streams, "N",
	"streams that there are, if that is more than are seen", 0, 1e9},
    {0, "all", OPT_FLAG, &opt.all, NULL, "write all streams, not only those", 0,
	0},
    {'n', "name", OPT_STRING, &tool.instance, "NAME",
	"name of this instance: section and member", 0, 0},
    {'e', "exit-status", OPT_FLAG, &opt.exit_status, NULL,
	"exit with 1 when a stream has entered the list", 0, 0},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static int
parse_options(int argc, char **argv)
{
	int first;

	tool = (struct tool){
	    .name = "driftfdr",
	    .usage = "[-eqv] [-c file] -g field [-n name] [-s dir] "
		     "[option ...] [file ...]",
	    .about = "show which of many streams drift, few of them by mistake",
	    .tables = {options, state_options},
	};
	first = args_parse(&tool, argc, argv);
	if (opt.group == NULL)
		err_die("'--group' is missing: which field is the stream?");
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);
	const struct fdr_plan plan = {
	    .tool = &tool,
	    .detectors = opt.detectors,
	    .group = opt.group,
	    .max_groups = (size_t)opt.max_groups,
	    .share = opt.share,
	    .looks = (unsigned long long)opt.looks,
	    .every = (unsigned long long)opt.every,
	    .streams = (unsigned long long)opt.streams,
	    .all = opt.all,
	    .skip_bad = opt.skip_bad,
	};
	unsigned long long entered = fdr_run(&plan, argv + first, argc - first);

	return opt.exit_status && entered > 0 ? EXIT_EVENT : EXIT_SUCCESS;
}
