#include <math.h>
#include <stddef.h>

#include "monitor/detgroup.h"
#include "monitor/detopt.h"
#include "run/reference.h"
#include "tool/err.h"

static const char *default_fields[] = {"feat.mean", "feat.std"};
struct detopt detopt = {
    .fields = {default_fields, 2},
    .max_groups = 100000,
    .reference_size = 500,
    .fap = 0.05,
    .horizon = 10000,
    .arl0 = NAN,
};

struct tool detopt_tool;

const struct opt detopt_table[] = {
    {'f', "field", OPT_LIST, &detopt.fields, "NAME",
	"field of the record to watch, repeatable", 0, 0},
    {'g', "group", OPT_STRING, &detopt.group, "NAME",
	"a detector for each value of this field", 0, 0},
    {0, "max-groups", OPT_INT, &detopt.max_groups, "N", "values told apart", 1,
	1e6},
    {0, "unless", OPT_STRING, &detopt.unless, "NAME",
	"pass by records that have this, unless it is false", 0, 0},
    {'n', "name", OPT_STRING, &detopt_tool.instance, "NAME",
	"name of this instance: section and member", 0, 0},
    {0, "reference", OPT_PATH, &detopt.reference, "FILE",
	"learn the reference from these records", 0, 0},
    {0, "reference-size", OPT_INT, &detopt.reference_size, "N",
	"or from the first N records of the stream", 2, 1e7},
    {0, "fap", OPT_REAL, &detopt.fap, "Q",
	"at most this probability of any false alarm ...", 1e-6, 0.5},
    {0, "horizon", OPT_INT, &detopt.horizon, "H",
	"... within H records without drift", 1, 1e9},
    {0, "arl0", OPT_REAL, &detopt.arl0, "N",
	"or a false alarm in N records on average", 1, 1e9},
    {0, "family", OPT_FLAG, &detopt.family, NULL,
	"guarantee that over all groups, not for each", 0, 0},
    {0, "dependence", OPT_CHOICE, &detopt.dependence, "auto|none|prewhiten",
	"of a record on those before it: auto: look for it", 0, 0},
    {0, "calibrate", OPT_CHOICE, &detopt.calibrate, "law|resample",
	"resample: simulate from the reference itself", 0, 0},
    {0, "block", OPT_INT, &detopt.block, "N",
	"resample: records in a row; 0: the root of all", 0, 1e7},
    {0, "lives", OPT_INT, &detopt.runs, "N", "runs to simulate; 0: enough", 0,
	1e7},
    {0, "after", OPT_CHOICE, &detopt.after, "hold|reset|adopt",
	"what follows an event", 0, 0},
    {'e', "exit-status", OPT_FLAG, &detopt.exit_status, NULL,
	"exit with 1 when an event was raised", 0, 0},
    {0, "skip-bad", OPT_FLAG, &detopt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

const struct opt detopt_context[] = {
    {0, "context", OPT_LIST, &detopt.context, "NAME",
	"compare with records of the same value, repeatable", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

void
detopt_watch(const char *field)
{
	default_fields[0] = field;
	detopt.fields.n = 1;
}

void
detopt_check(int by_itself, int fixed)
{
	static const char *const guarantee[] = {
	    "fap", "horizon", "arl0", "family", "calibrate", "lives"};

	opt_refuse(!isnan(detopt.arl0), "fap", "not with --arl0");
	opt_refuse(!isnan(detopt.arl0), "horizon", "not with --arl0");
	opt_refuse(detopt.group == NULL, "max-groups", "only with --group");
	opt_refuse(detopt.group == NULL, "family", "only with --group");
	opt_refuse(
	    !detopt.calibrate, "block", "only with --calibrate resample");
	opt_refuse(by_itself, "reference", "this form has no reference");
	opt_refuse(by_itself, "reference-size", "this form has no reference");
	opt_refuse(by_itself, "calibrate", "this form has no reference");
	opt_refuse(by_itself, "dependence", "this form has no reference");
	opt_refuse(by_itself, "context", "this form has no reference");
	opt_refuse(
	    detopt.calibrate, "context", "not with --calibrate resample");
	opt_refuse(detopt.calibrate && detopt.dependence, "dependence",
	    "not with --calibrate resample");
	opt_refuse(by_itself && detopt.after == DETGROUP_ADOPT, "after",
	    "this form has no reference to adopt");
	for (size_t i = 0; i < sizeof(guarantee) / sizeof(*guarantee); i++)
		opt_refuse(fixed, guarantee[i], "not with a fixed limit");
	if (detopt.family && detopt.group != NULL && !fixed &&
	    !opt_given("max-groups"))
		err_die("'--family': only with --max-groups, the number of "
			"groups that share the guarantee");
	if (!by_itself)
		detopt.reference = reference_of(detopt.reference);
	if (detopt.reference == NULL && detopt.block > detopt.reference_size)
		err_die("'--block': longer than the reference of %lld",
		    detopt.reference_size);
}
