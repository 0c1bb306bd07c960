/*
 * promtext - write what the records say as metrics for Prometheus. What is
 * counted is in lib/tally.c, the text format in lib/prom.c.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "atomic.h"
#include "crc.h"
#include "err.h"
#include "labels.h"
#include "opt.h"
#include "out.h"
#include "prom.h"
#include "promfiles.h"
#include "rec.h"
#include "state.h"
#include "tally.h"
#include "version.h"

static struct {
	const char *output, *stream, *group;
	struct opt_list label;
	const char *weights, *labels, *model, *model_version;
	long long max_groups, window, top_classes, max_series;
	double interval;
	int trailer, skip_bad, metrics, check;
} opt = {
    .max_groups = 1000,
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
    {0, "window", OPT_INT, &opt.window, "N",
	"values that mean and standard deviation are of", 1, 1e6},
    {0, "top-classes", OPT_INT, &opt.top_classes, "N",
	"count classes that come later in each stream as 'other'", 0, 1e6},
    {0, "max-series", OPT_INT, &opt.max_series, "N",
	"leave out what would be more series", 20, 1e6},
    {0, "interval", OPT_REAL, &opt.interval, "SECONDS",
	"write so often, and not only at the end", 0.01, 1e6},
    {0, "trailer", OPT_FLAG, &opt.trailer, NULL,
	"fail when the stream does not end with a trailer record", 0, 0},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, "metrics", OPT_FLAG, &opt.metrics, NULL,
	"list the metrics that can be written, and exit", 0, 0},
    {0, "check", OPT_FLAG, &opt.check, NULL,
	"check files and directories of metrics, and exit", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* Series of images, of all streams: so many fit into some 20 MB. */
enum { MOST_CLASSES = 100000 };

static struct tool tool;
static struct prom store;

/* One run. */
struct counting {
	struct tally tally;
	double begun, written;
	size_t dropped; /* series that were too many, the last time */
};

static double
seconds(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

static double
wall_clock(void)
{
	return seconds(CLOCK_REALTIME);
}

/* The file's name without directory and the last suffix; NULL if empty. */
static const char *
stem(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = err_strdup(slash ? slash + 1 : path);
	char *dot = strrchr(name, '.');

	if (dot != NULL)
		*dot = '\0';
	return *name != '\0' ? name : NULL;
}

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

static void
check_output(void)
{
	size_t n = strlen(opt.output);

	if (n < 5 || strcmp(opt.output + n - 5, ".prom") != 0)
		err_die(
		    "'--output': does not end in '.prom', so the collector would not read it: '%s'",
		    opt.output);
	atomic_check(opt.output);
	if (opt.stream == NULL)
		opt.stream = stem(opt.output);
}

static int
parse_options(int argc, char **argv)
{
	int first;

	tool = (struct tool){
	    .name = "promtext",
	    .usage = "[-qv] [-c file] [-o file] [option ...] [file ...]",
	    .about = "write what the records say as metrics for Prometheus",
	    .tables = {options, state_options},
	    .uses_model = 1,
	};
	first = opt_parse(&tool, argc, argv);
	if (opt.stream != NULL && *opt.stream == '\0')
		err_die("'--stream': is empty");
	if (opt.group != NULL &&
	    json_path(&(struct json_paths){0}, opt.group) < 0)
		err_die("'--group': not a dotted path: '%s'", opt.group);
	if (opt.output != NULL && !opt.metrics && !opt.check)
		check_output();
	opt_refuse(opt.output == NULL, "interval", "only with --output");
	if (opt.output == NULL)
		opt.interval = NAN;
	if (opt.stream == NULL)
		opt.stream = "default";
	/* What is wrong with a label is said before the input is read. */
	prom_init(&store, opt.stream, (size_t)opt.max_series);
	for (size_t i = 0; i < opt.label.n; i++)
		add_label(i);
	prom_free(&store);
	return first;
}

/* What the tally has to know of the model. */
static struct imgtally_setup
describe_model(struct labels *labels)
{
	static char digest[32];
	struct imgtally_setup s = {
	    .limit = MOST_CLASSES,
	    .top = (size_t)opt.top_classes,
	    .model = opt.model == NULL && opt.weights ? stem(opt.weights)
						      : opt.model,
	    .version = opt.model_version,
	    .known = opt.model || opt.model_version || opt.weights ||
		     opt.labels,
	};
	unsigned long crc;

	if (opt.labels != NULL) {
		labels_load(labels, opt.labels);
		s.class = labels->name;
		s.classes = labels->n;
	}
	if (opt.weights != NULL) {
		if (crc_file(opt.weights, &crc) < 0)
			err_die("%s: %m", opt.weights);
		snprintf(digest, sizeof(digest), "crc32:%08lx", crc);
		s.digest = digest;
	}
	if (s.model == NULL)
		s.model = "default";
	return s;
}

/* Everything that is to be written, from what has been counted. */
static void
render(struct counting *c, struct buf *text)
{
	prom_init(&store, opt.stream, (size_t)opt.max_series);
	for (size_t i = 0; i < opt.label.n; i++)
		add_label(i);
	tally_put(&c->tally, wall_clock(), seconds(CLOCK_MONOTONIC) - c->begun,
	    &store);
	prom_render(&store, text);
	if (text->failed || store.failed)
		err_die("out of memory");
	c->dropped = store.dropped;
	prom_free(&store);
}

static void
write_metrics(struct counting *c)
{
	struct buf text = {0};

	render(c, &text);
	if (opt.output == NULL) {
		out_write(text.p, text.len);
		out_flush();
	} else {
		atomic_write(opt.output, text.p, text.len, 0644);
	}
	buf_free(&text);
	c->written = seconds(CLOCK_MONOTONIC);
}

/* With --interval, between records and when none come. */
static void
write_in_time(void *ctx)
{
	struct counting *c = ctx;

	if (!state_is_for_barriers() &&
	    seconds(CLOCK_MONOTONIC) - c->written >= opt.interval)
		write_metrics(c);
}

/* The metrics up to here belong to the barrier's generation. */
static void
pass_barrier(struct counting *c, const struct rec *in)
{
	long long n = state_barrier_number(&c->tally.found[c->tally.barrier]);
	struct buf text = {0};

	if (!state_wanted())
		return;
	render(c, &text);
	state_keep_file(n, ".prom", text.p, text.len);
	buf_free(&text);
	state_keep(n);
	out_record(in);
	out_flush();
}

static void
read_records(struct counting *c, char **files, int n)
{
	struct tally *t = &c->tally;
	struct json_line line;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = opt.skip_bad;
	if (!isnan(opt.interval))
		rec_when_idle((int)fmin(opt.interval * 1000 + 1, 60000),
		    write_in_time, c);
	while (rec_json(&in, &t->paths, t->found, &line)) {
		if (t->found[t->barrier].type != JSON_NONE)
			pass_barrier(c, &in);
		else
			tally_add(t, in.line, in.len, &line, wall_clock);
		if (!isnan(opt.interval))
			write_in_time(c);
	}
	t->errors[TALLY_TRUNCATED] += in.torn;
	t->errors[TALLY_PARSE] += in.bad - in.torn;
	rec_close(&in);
	if (opt.trailer && (!t->trailer || rec_stopped()))
		err_die("the input has no trailer; nothing is written");
}

static void
walk(void *ctx, struct store *s)
{
	tally_state(&((struct counting *)ctx)->tally, s);
}

/* Counts go on whatever is only said of them. */
static void
recall(struct counting *c)
{
	static const char *const may_differ[] = {"output", "max-groups",
	    "label", "weights", "labels", "model-name", "model-version",
	    "top-classes", "max-series", "trailer", "skip-bad", "metrics",
	    "check", "interval", "state", "wait", NULL};
	const struct state_setup setup = {
	    .tool = &tool, .may_differ = may_differ, .walk = walk, .ctx = c};

	state_open(&setup);
}

static void
count(char **files, int n)
{
	struct labels labels = {0};
	struct tally_setup setup = {.window = (size_t)opt.window,
	    .stream = opt.stream,
	    .group = opt.group,
	    .groups = (size_t)opt.max_groups,
	    .images = describe_model(&labels)};
	struct counting c = {.begun = seconds(CLOCK_MONOTONIC)};

	tally_init(&c.tally, &setup);
	recall(&c);
	c.written = c.begun;
	read_records(&c, files, n);
	/* What comes first is what can be done again. */
	state_end();
	if (!state_is_for_barriers())
		write_metrics(&c);
	out_close();
	if (c.dropped > 0)
		err_die("%zu series were too many and are left out%s",
		    c.dropped,
		    c.tally.group.crowded
			? ", for there are more streams than '--max-groups'"
			: "");
	tally_free(&c.tally);
	labels_free(&labels);
}

static void
list_metrics(void)
{
	struct buf text = {0};

	prom_metrics(&text);
	if (text.failed)
		err_die("out of memory");
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
