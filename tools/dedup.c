/*
 * dedup - marks records that repeat the one before. What it does with them is
 * in lib/monitor/dedup.c.
 */
#include <math.h>

#include "monitor/dedup.h"
#include "run/state.h"
#include "tool/args.h"
#include "tool/partition.h"

static struct tool tool;
static const char *default_fields[] = {"act[*]"};
static struct {
	struct opt_list fields;
	const char *group, *reference;
	long long max_groups, reference_size;
	double quantile, distance;
	int skip_bad;
} opt = {
    .fields = {default_fields, 1},
    .max_groups = 100000,
    .reference_size = 500,
    .quantile = 0.05,
    .distance = NAN,
};

static const struct opt options[] = {
    {'f', "field", OPT_LIST, &opt.fields, "NAME",
	"field of the vector that is compared, repeatable", 0, 0},
    {'g', "group", OPT_STRING, &opt.group, "NAME",
	"compare within each value of this field", 0, 0},
    {0, "max-groups", OPT_INT, &opt.max_groups, "N", "values told apart", 1,
	1e6},
    {'n', "name", OPT_STRING, &tool.instance, "NAME",
	"name of this instance: section and member", 0, 0},
    {0, "reference", OPT_PATH, &opt.reference, "FILE",
	"learn the limit from these records", 0, 0},
    {0, "reference-size", OPT_INT, &opt.reference_size, "N",
	"or from the first N records of the stream", 2, 1e7},
    {0, "quantile", OPT_REAL, &opt.quantile, "Q",
	"share of the reference's pairs that are as near", 1e-6, 0.5},
    {0, "distance", OPT_REAL, &opt.distance, "D",
	"a fixed limit, not one of a reference", 0, 1e300},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static int
parse_options(int argc, char **argv)
{
	int first, fixed;

	tool = (struct tool){
	    .name = "dedup",
	    .usage = "[-qv] [-c file] [-f field] ... [-g field] [-n name] "
		     "[-s dir] [option ...] [file ...]",
	    .about = "mark records that repeat the one before",
	    .tables = {options, state_options, partition_options},
	};
	first = args_parse(&tool, argc, argv);
	fixed = !isnan(opt.distance);
	opt_refuse(fixed, "reference", "not with a fixed limit");
	opt_refuse(fixed, "reference-size", "not with a fixed limit");
	opt_refuse(fixed, "quantile", "not with a fixed limit");
	opt_refuse(opt.group == NULL, "max-groups", "only with --group");
	return first;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);
	const struct dedup_plan plan = {
	    .tool = &tool,
	    .fields = opt.fields,
	    .group = opt.group,
	    .reference = isnan(opt.distance) ? opt.reference : NULL,
	    .reference_size = (size_t)opt.reference_size,
	    .max_groups = (size_t)opt.max_groups,
	    .quantile = opt.quantile,
	    .distance = opt.distance,
	    .skip_bad = opt.skip_bad,
	};

	dedup_run(&plan, argv + first, argc - first);
	return 0;
}
