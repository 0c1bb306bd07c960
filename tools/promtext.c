/*
 * promtext - write what the records say as metrics for Prometheus. What is
 * counted is in metric/tally.c, the text format in metric/promput.c.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "metric/check/promfiles.h"
#include "metric/prom.h"
#include "metric/tally.h"
#include "metric/tallyadd.h"
#include "metric/write/prommerge.h"
#include "metric/write/prommodel.h"
#include "metric/write/promwrite.h"
#include "run/reference.h"
#include "run/state.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/args.h"
#include "tool/out.h"
#include "tool/partition.h"
#include "tool/rec.h"

/* What imgcls measures of a picture. */
static const char *pixels[] = {
    "pixels.brightness", "pixels.contrast", "pixels.sharpness"};
static struct {
	const char *output, *stream, *group, *reference;
	struct opt_list label, field;
	const char *weights, *labels, *model, *model_version;
	long long max_groups, window, top_classes, max_series;
	double interval;
	int trailer, skip_bad, metrics, check, merge;
} opt = {
    .field = {pixels, 3},
    .max_groups = 100000,
    .window = 100,
    .top_classes = 100,
    .max_series = 5000,
    .interval = NAN,
};

static const struct opt options[] = {
    {'o', "output", OPT_PATH, &opt.output, "FILE",
	"replace this file, *.prom, instead of writing to stdout", 0, 0},
    {0, "stream", OPT_STRING, &opt.stream, "NAME",
	"label 'stream' of every series; by default FILE's name", 0, 0},
    {'g', "group", OPT_STRING, &opt.group, "FIELD",
	"each value of this field is a stream of its own", 0, 0},
    {0, "max-groups", OPT_INT, &opt.max_groups, "N",
	"leave out what would be more streams", 1, 1e6},
    {0, "label", OPT_LIST, &opt.label, "NAME=VALUE",
	"another label of every series, repeatable", 0, 0},
    {'w', "weights", OPT_PATH, &opt.weights, "FILE",
	"the network's weights, for their digest", 0, 0},
    {'l', "labels", OPT_PATH, &opt.labels, "FILE",
	"names of the classes, one a line", 0, 0},
    {0, "model-name", OPT_STRING, &opt.model, "NAME",
	"label 'model'; by default the weights' name, or 'default'", 0, 0},
    {0, "model-version", OPT_STRING, &opt.model_version, "TEXT",
	"the model's version", 0, 0},
    {'f', "field", OPT_LIST, &opt.field, "NAME",
	"a feature that no detector has to name, repeatable", 0, 0},
    {0, "reference", OPT_PATH, &opt.reference, "FILE",
	"the detectors' reference: what should be", 0, 0},
    {0, "window", OPT_INT, &opt.window, "N",
	"values that mean and standard deviation are of", 1, 1e6},
    {0, "top-classes", OPT_INT, &opt.top_classes, "N",
	"count classes that come later in each stream as 'other'", 0, 1e6},
    {0, "max-series", OPT_INT, &opt.max_series, "N",
	"leave out what would be more series", 20, 1e9},
    {0, "interval", OPT_REAL, &opt.interval, "SECONDS",
	"write so often, and not only at the end", 0.01, 1e6},
    {0, "trailer", OPT_FLAG, &opt.trailer, NULL,
	"fail when the stream does not end with a trailer record", 0, 0},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, "merge", OPT_FLAG, &opt.merge, NULL,
	"add up the states of other runs, and read no records", 0, 0},
    {0, "metrics", OPT_FLAG, &opt.metrics, NULL,
	"list the metrics that can be written, and exit", 0, 0},
    {0, "check", OPT_FLAG, &opt.check, NULL,
	"check files and directories of metrics, and exit", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct tool tool;
static struct prom store;
static struct tally tally;
static struct promref reference;

/* Puts NAME=VALUE into the store, once it has passed the checks. */
static void
add_label(size_t i)
{
	char *name = err_strdup(opt.label.item[i]);
	char *value = strchr(name, '=');
	const char *why;

	if (value == NULL || value[1] == '\0')
		err_die("'--label': not NAME=VALUE: '%s'", name);
	*value++ = '\0';
	why = prom_constant(&store, name, value);
	if (why != NULL)
		err_die("'--label': %s: '%s'", why, name);
	free(name);
}

static int
parse_options(int argc, char **argv)
{
	static const char *const idle[] = {
	    "state", "wait", "interval", "trailer", "skip-bad", "partition"};
	int first;

	tool = (struct tool){
	    .name = "promtext",
	    .usage = "[-qv] [-c file] [-o file] [option ...] [file ...]",
	    .about = "write what the records say as metrics for Prometheus",
	    .tables = {options, state_options, partition_options},
	    .uses_model = 1,
	};
	first = args_parse(&tool, argc, argv);
	if (opt.group != NULL &&
	    jsonpath_add(&(struct json_paths){0}, opt.group) < 0)
		err_die("'--group': not a dotted path: '%s'", opt.group);
	if (opt.metrics || opt.check)
		return first;
	if (!opt.merge)
		partition_open(opt.group);
	if (opt.stream != NULL)
		opt.stream = partition_name(opt.stream, 0);
	if (opt.output != NULL) {
		opt.output = partition_name(opt.output, 1);
		promwrite_check(opt.output);
		if (opt.stream == NULL)
			opt.stream = prommodel_stem(opt.output);
	}
	opt_refuse(opt.output == NULL, "interval", "only with --output");
	for (size_t i = 0; i < sizeof(idle) / sizeof(*idle); i++)
		opt_refuse(opt.merge, idle[i], "not with --merge");
	if (opt.output == NULL)
		opt.interval = NAN;
	if (opt.stream == NULL)
		opt.stream = partition_name(err_strdup("default"), 0);
	prom_init(&store, opt.stream, (size_t)opt.max_series);
	for (size_t i = 0; i < opt.label.n; i++)
		add_label(i);
	return first;
}

/* The first record that is over a limit of streams, features or detectors. */
static void
say_left_out(const struct rec *in, size_t before)
{
	if (before > 0 || tally.left_out.store.dropped == 0)
		return;
	err_warn("%s:%llu: over a limit of streams, features or detectors; "
		 "what is new is left out and counted from here on",
	    in->file, in->number);
}

static void
read_records(struct promwrite *w, char **files, int n)
{
	struct json_line line;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = opt.skip_bad;
	in.group = opt.group != NULL ? tally.found : NULL;
	if (!isnan(opt.interval))
		rec_when_idle((int)fmin(opt.interval * 1000 + 1, 60000),
		    promwrite_when_due, w);
	while (rec_json(&in, &tally.paths, tally.found, &line)) {
		size_t left_out = tally.left_out.store.dropped;

		long long generation = barrier_number(in.line, in.len);

		if (generation > 0)
			promwrite_barrier(w, &in, generation);
		else
			tallyadd(&tally, in.line, in.len, &line, clock_wall);
		say_left_out(&in, left_out);
		if (!isnan(opt.interval))
			promwrite_when_due(w);
	}
	tally.errors[TALLY_TRUNCATED] += in.torn;
	tally.errors[TALLY_PARSE] += in.bad - in.torn;
	rec_close(&in);
	if (opt.trailer && (!tally.trailer || rec_stopped()))
		err_die("the input has no trailer; nothing is written");
}

static void
remember(void *ctx, struct store *s)
{
	(void)ctx;
	tally_state(&tally, s);
}

/* Counts go on whatever is only said of them. */
static void
recall(void)
{
	static const char *const may_differ[] = {"output", "max-groups",
	    "label", "field", "reference", "weights", "labels", "model-name",
	    "model-version", "top-classes", "max-series", "trailer", "skip-bad",
	    "metrics", "check", "merge", "interval", "state", "wait", NULL};
	static const struct state_origin newer[] = {PARTITION_NEWER, {0}};
	const struct state_setup setup = {.tool = &tool,
	    .may_differ = may_differ,
	    .newer = newer,
	    .walk = remember};

	state_open(&setup);
}

static void
watch_fields(void)
{
	struct buf name = {0};

	for (size_t i = 0; i < opt.field.n; i++) {
		struct json_span s = {.type = JSON_STRING};

		name.len = 0;
		buf_json(&name, opt.field.item[i], strlen(opt.field.item[i]));
		if (name.failed)
			err_memory();
		s.p = name.p;
		s.len = name.len;
		if (tally_watch(&tally, &s) < 0)
			err_die("'--field': no dotted path, or too many: '%s'",
			    opt.field.item[i]);
	}
	buf_free(&name);
}

static void
count(char **files, int n)
{
	const struct prommodel model = {opt.weights, opt.labels, opt.model,
	    opt.model_version, (size_t)opt.top_classes, (size_t)opt.max_series};
	const struct tally_setup setup = {.window = (size_t)opt.window,
	    .stream = opt.stream,
	    .group = opt.group,
	    .groups = (size_t)opt.max_groups,
	    .images = prommodel_describe(&model)};
	double now = clock_monotonic();
	struct promwrite w = {
	    &tally, &reference, &store, opt.output, opt.interval, now, now, 0};

	tally_init(&tally, &setup);
	if (opt.merge)
		prommerge(&tally, tool.instance, files, n);
	else
		recall();
	watch_fields();
	reference.file = reference_of(opt.reference);
	promref_read(&reference, &tally);
	if (!opt.merge)
		read_records(&w, files, n);
	/* What comes first is what can be done again. */
	if (!opt.merge)
		state_end();
	if (!state_is_for_barriers())
		promwrite(&w);
	out_close();
	promwrite_end(&w);
	tally_free(&tally);
	promref_free(&reference);
	prom_free(&store);
}

static void
list_metrics(void)
{
	struct buf text = {0};

	promtab_put(&text);
	if (text.failed)
		err_memory();
	out_write(text.p, text.len);
	out_close();
	buf_free(&text);
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv);

	if (opt.check)
		return promfiles_check(argv + first, argc - first) > 0
			   ? EXIT_TROUBLE
			   : 0;
	if (opt.metrics)
		list_metrics();
	else
		count(argv + first, argc - first);
	return 0;
}
