/*
 * accest - estimate the accuracy of a classifier without labels. The
 * arithmetic is in lib/accuracy/, the stream in lib/monitor/accstream.c, and
 * what is learnt beforehand in lib/monitor/acclearn.c.
 */
#include "monitor/acclearn.h"
#include "monitor/accstream.h"
#include "run/state.h"
#include "tool/args.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/partition.h"
#include "tool/text.h"

static struct tool tool;
static struct {
	const char *field, *label, *truth, *key, *group, *learnt, *output;
	struct opt_list damaged;
	long long window, stride, max_groups, ask;
	double fall;
	int learn, method, exit_status, skip_bad;
} opt = {
    .field = "probs",
    .label = "truth",
    .key = "image",
    .window = 500,
    .stride = 50,
    .max_groups = 100000,
    .fall = 0.03,
    .method = LEARNT_AUTO,
};

static const struct opt options[] = {
    {0, "learnt", OPT_PATH, &opt.learnt, "FILE",
	"estimate by what was learnt into this file", 0, 0},
    {'m', "method", OPT_CHOICE, &opt.method, LEARNT_NAMES,
	"how accuracy is estimated", 0, 0},
    {0, "stride", OPT_INT, &opt.stride, "N", "estimate anew every N records", 1,
	LEARNT_WINDOW},
    {0, "fall", OPT_REAL, &opt.fall, "A",
	"an alarm when accuracy has fallen by more than this", 0, 1},
    {0, "truth", OPT_PATH, &opt.truth, "FILE",
	"true classes of some of the records", 0, 0},
    {0, "key", OPT_STRING, &opt.key, "NAME",
	"field by which --truth and --ask name records", 0, 0},
    {0, "ask", OPT_INT, &opt.ask, "N",
	"write N of the last window, to have them labelled, and no records", 1,
	LEARNT_WINDOW},
    {'f', "field", OPT_STRING, &opt.field, "NAME",
	"array with the probability of every class", 0, 0},
    {'g', "group", OPT_STRING, &opt.group, "NAME",
	"a window for each value of this field", 0, 0},
    {0, "max-groups", OPT_INT, &opt.max_groups, "N", "values told apart", 1,
	1e6},
    {'n', "name", OPT_STRING, &tool.instance, "NAME",
	"name of this instance: section and member", 0, 0},
    {0, "learn", OPT_FLAG, &opt.learn, NULL,
	"learn from labelled records, and write no records", 0, 0},
    {'o', "output", OPT_PATH, &opt.output, "FILE",
	"learn: the file that is written", 0, 0},
    {0, "damaged", OPT_LIST, &opt.damaged, "FILE",
	"learn: labelled records of one kind of damage, repeatable", 0, 0},
    {0, "window", OPT_INT, &opt.window, "N", "learn: records of a window", 10,
	LEARNT_WINDOW},
    {0, "label-field", OPT_STRING, &opt.label, "NAME",
	"number of the true class, to learn and in --truth", 0, 0},
    {'e', "exit-status", OPT_FLAG, &opt.exit_status, NULL,
	"exit with 1 when an event was raised", 0, 0},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static void
learn(char **files, int n)
{
	static const char *const idle[] = {"learnt", "method", "stride", "fall",
	    "group", "max-groups", "exit-status", "state", "partition", "truth",
	    "key", "ask"};
	const struct acclearn_setup setup = {opt.field, opt.label, opt.output,
	    (size_t)opt.window, opt.damaged.item, opt.damaged.n, opt.skip_bad};

	for (size_t i = 0; i < sizeof(idle) / sizeof(*idle); i++)
		opt_refuse(1, idle[i], "not with --learn");
	if (opt.output == NULL)
		err_die("no file to write: give -o");
	acclearn_run(&setup, files, n);
}

static void
read_learnt(struct learnt *l, const char *path)
{
	struct buf b = {0};
	struct store s;
	const char *why;

	text_read(path, &b);
	if (b.len > 0 && b.p[b.len - 1] == '\n')
		b.len--;
	buf_put(&b, "", 1);
	if (b.failed)
		err_memory();
	store_read(&s, b.p, b.len - 1);
	learnt_store(l, &s);
	why = store_end(&s);
	if (why != NULL)
		err_die("%s: byte %zu: not what 'accest --learn' writes: %s",
		    path, s.at + 1, why);
	buf_free(&b);
}

static int
estimate(char **files, int n)
{
	static const char *const idle[] = {"output", "damaged", "window"};
	static const char *const told[] = {
	    "truth", "method", "stride", "fall", "exit-status", "state"};
	struct learnt l = {0};
	struct accstream_setup setup = {&tool, opt.learnt, &l,
	    (enum learnt_method)opt.method, (size_t)opt.stride, opt.fall,
	    opt.field, opt.group, opt.truth, opt.key, opt.label,
	    (size_t)opt.max_groups, (size_t)opt.ask, opt.skip_bad};
	unsigned long long events;
	int any;

	for (size_t i = 0; i < sizeof(idle) / sizeof(*idle); i++)
		opt_refuse(1, idle[i], "only with --learn");
	opt_refuse(
	    opt.truth == NULL, "label-field", "only with --learn or --truth");
	opt_refuse(opt.truth == NULL && opt.ask == 0, "key",
	    "only with --truth or --ask");
	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++)
		opt_refuse(opt.ask > 0, told[i], "not with --ask");
	opt_refuse(opt.group == NULL, "max-groups", "only with --group");
	if (opt.learnt == NULL)
		err_die("nothing to estimate by: give --learnt, a file that "
			"'accest --learn' has written");
	read_learnt(&l, opt.learnt);
	events = accstream_run(&setup, files, n, &any);
	learnt_free(&l);
	out_close();
	if (!opt.exit_status)
		return 0;
	if (events > 0)
		return EXIT_EVENT;
	return any || state_wanted() ? 0 : EXIT_TROUBLE;
}

int
main(int argc, char **argv)
{
	int first;

	tool = (struct tool){
	    .name = "accest",
	    .usage = "[-eqv] [-c file] [-f field] [-n name] [option ...] "
		     "[file ...]",
	    .about = "estimate the accuracy of a classifier without labels",
	    .tables = {options, state_options, partition_options},
	};
	first = args_parse(&tool, argc, argv);
	if (!opt.learn)
		return estimate(argv + first, argc - first);
	learn(argv + first, argc - first);
	return 0;
}
