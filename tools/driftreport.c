/*
 * driftreport - write a page that says what drifted, since when, and why. What
 * is kept of the records is in lib/report/subject.c, what the page says in
 * lib/report/page.c.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/path.h"
#include "report/delivery.h"
#include "report/gather.h"
#include "report/operands.h"
#include "report/reading.h"
#include "report/summary.h"
#include "tool/args.h"
#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/opt.h"
#include "tool/version.h"

static struct {
	const char *output, *reference, *group, *stream, *images, *save;
	struct opt_list fields, metrics;
	long long reference_size, max_groups, horizon;
	double fap;
	int format, compare, group_files;
} opt = {
    .reference_size = 500, .max_groups = 100, .horizon = 10000, .fap = .05};

static const struct opt options[] = {
    {'o', "output", OPT_PATH, &opt.output, "FILE",
	"replace this file, or those in a directory; by default stdout", 0, 0},
    {0, "format", OPT_CHOICE, &opt.format, "html|markdown|text|json",
	"what to write", 0, 0},
    {0, "reference", OPT_PATH, &opt.reference, "FILE",
	"compare with these records", 0, 0},
    {0, "compare", OPT_FLAG, &opt.compare, NULL,
	"compare two files, or periods, A and B, with tests", 0, 0},
    {0, "reference-size", OPT_INT, &opt.reference_size, "N",
	"or with the first N of each stream", 2, 1e7},
    {'f', "field", OPT_LIST, &opt.fields, "NAME",
	"look at this number, repeatable; by default at all", 0, 0},
    {'g', "group", OPT_STRING, &opt.group, "FIELD",
	"each value of this field is a stream of its own", 0, 0},
    {0, "group-files", OPT_FLAG, &opt.group_files, NULL,
	"or each operand is one, under its name", 0, 0},
    {0, "max-groups", OPT_INT, &opt.max_groups, "N",
	"leave out what would be more streams", 1, 10000},
    {0, "stream", OPT_STRING, &opt.stream, "NAME",
	"what the only stream is called", 0, 0},
    {0, "images", OPT_PATH, &opt.images, "DIR",
	"where images are whose names are relative", 0, 0},
    {0, "save", OPT_PATH, &opt.save, "FILE",
	"write a summary for another report, and no page without --output", 0,
	0},
    {0, "metrics", OPT_LIST, &opt.metrics, "FILE",
	"add what a file of promtext says, repeatable", 0, 0},
    {0, "fap", OPT_REAL, &opt.fap, "Q", "what the detectors ran with", 1e-6,
	0.5},
    {0, "horizon", OPT_INT, &opt.horizon, "H", "what the detectors ran with", 1,
	1e9},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct reading reading;

/* The operands of --compare: the first is the reference, the second read. */
static void
take_two(int n, char **file)
{
	if (n != 2)
		err_die("--compare takes two files");
	opt_refuse(1, "reference", "--compare has A as the reference");
	opt_refuse(1, "reference-size", "--compare has A as the reference");
	opt_refuse(1, "group", "--compare has two streams, A and B");
	opt_refuse(1, "group-files", "--compare has two streams, A and B");
	opt.reference = file[0];
}

/* A summary counts each record once, in the bins of a reference. */
static void
check_save(char **files, int n)
{
	opt_refuse(opt.compare, "save", "not with --compare");
	opt_refuse(opt.group_files, "save", "not with --group-files");
	if (opt.reference == NULL)
		err_die("'--save': only with --reference, whose percentiles "
			"all count in");
	for (int i = 0; i < n; i++)
		if (operands_is_state(files[i]))
			err_die("%s: is a summary: driftmerge puts summaries "
				"together",
			    files[i]);
		else if (operands_is_journal(files[i]))
			err_die("%s: '--save' takes files of records: a "
				"journal's would be in the next summary, too",
			    files[i]);
	atomic_check(opt.save);
}

static int
parse_options(int argc, char **argv)
{
	struct tool tool = {
	    .name = "driftreport",
	    .usage = "[-qv] [-c file] [-o file] [option ...] [file ...]",
	    .about = "write a page that says what drifted, since when, and why",
	    .tables = {options},
	};
	int first = args_parse(&tool, argc, argv);

	if (opt.output != NULL && strcmp(opt.output, "-") == 0)
		opt.output = NULL;
	if (opt.compare)
		take_two(argc - first, argv + first);
	opt_refuse(opt.group_files, "group", "not with --group-files");
	opt_refuse(opt.group == NULL, "max-groups", "only with --group");
	opt_refuse(opt.group != NULL, "stream", "--group names the streams");
	opt_refuse(
	    opt.group_files, "stream", "--group-files names the streams");
	if (opt.group_files && first == argc)
		err_die("--group-files: no operands");
	opt_refuse(opt.fields.n > WATCHED_MOST, "field", "too many fields");
	if (opt.save != NULL)
		check_save(argv + first, argc - first);
	if (opt.reference != NULL && operands_is_state(opt.reference))
		err_die("%s: a reference is made of records", opt.reference);
	return first + opt.compare;
}

/* What the page is called: by default the name of the first file. */
static const char *
title(char **files, int n)
{
	if (opt.compare)
		return "A against B";
	if (opt.stream != NULL)
		return opt.stream;
	if (opt.group != NULL || opt.group_files)
		return "All streams";
	return n > 0 ? path_base(files[0]) : "Standard input";
}

/* The options that were given, but for where it is written. */
static void
put_options(struct buf *b)
{
	for (const struct opt *o = options; o->name != NULL; o++) {
		if (!opt_given(o->name) || o->letter == 'o')
			continue;
		buf_str(b, b->len > 0 ? " --" : "--");
		buf_str(b, o->name);
		if (o->type != OPT_FLAG) {
			buf_str(b, " ");
			opt_put_value(b, o);
		}
	}
	buf_str(b, b->len > 0 ? "" : "none");
	buf_put(b, "", 1);
}

static void
read_metrics(struct metrics *m)
{
	for (size_t i = 0; i < opt.metrics.n; i++)
		metrics_read(m, opt.metrics.item[i]);
	metrics_sort(m);
}

static void
read_all(char **files, int n)
{
	if (opt.group_files)
		gather_each(&reading, files, n);
	else
		gather(&reading, files, n);
	reading_end(&reading);
}

static void
save(void)
{
	struct summary m = {0};

	summary_take(&m, &reading);
	summary_write(&m, opt.save);
	summary_free(&m);
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);
	const struct reading_setup what = {.reference = opt.reference,
	    .group = opt.group,
	    .fleet = opt.group != NULL || opt.group_files,
	    .stream = opt.stream,
	    .field = opt.fields.item,
	    .fields = opt.fields.n,
	    .streams = (size_t)opt.max_groups,
	    .compare = opt.compare,
	    .learn = opt.compare ? ULLONG_MAX
				 : (unsigned long long)opt.reference_size};
	struct thumb thumb = {.directory = opt.images};
	struct metrics metrics = {0};
	struct buf files = {0}, options_text = {0};
	static struct promise promise;
	struct sheet_setup how = {.fap = opt.fap,
	    .horizon = (double)opt.horizon,
	    .told = opt_given("fap") || opt_given("horizon"),
	    .promise = &promise,
	    .version = version,
	    .metrics = opt.metrics.n > 0 ? &metrics : NULL,
	    .thumb = &thumb};
	struct delivery delivery = {.reading = &reading,
	    .setup = &how,
	    .format = (enum delivery_format)opt.format,
	    .output = opt.output,
	    .title = title(argv + first, argc - first)};

	if (args_config() != NULL)
		promise_read(&promise, args_config());
	read_metrics(&metrics);
	if (opt.save == NULL || opt.output != NULL)
		delivery_check(&delivery);
	reading_open(&reading, &what);
	read_all(argv + first, argc - first);
	for (int i = first; i < argc; i++)
		if (operands_is_journal(argv[i]))
			thumb_journal(&thumb, argv[i]);
	operands_put(&files, argv + first, argc - first);
	put_options(&options_text);
	if (files.failed || options_text.failed)
		err_memory();
	how.files = files.p;
	how.options = options_text.p;
	if (opt.save == NULL || opt.output != NULL)
		delivery_write(&delivery);
	if (opt.save != NULL)
		save();
	thumb_close(&thumb);
	reading_close(&reading);
	metrics_free(&metrics);
	buf_free(&files);
	buf_free(&options_text);
	return EXIT_SUCCESS;
}
