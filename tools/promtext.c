/*
 * promtext - write what the records say as metrics for Prometheus. What is
 * counted is in lib/tally.c, the text format in lib/prom.c.
 */
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
#include "rec.h"
#include "tally.h"
#include "version.h"

static struct {
	const char *output, *stream, *group;
	struct opt_list label;
	const char *weights, *labels, *model, *model_version;
	long long max_groups, window, max_series;
	int trailer, skip_bad, metrics;
} opt = {.max_groups = 1000, .window = 100, .max_series = 5000};

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
    {0, "max-series", OPT_INT, &opt.max_series, "N",
	"leave out what would be more series", 20, 1e6},
    {0, "trailer", OPT_FLAG, &opt.trailer, NULL,
	"fail when the stream does not end with a trailer record", 0, 0},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, "metrics", OPT_FLAG, &opt.metrics, NULL,
	"list the metrics that can be written, and exit", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct prom store;

static double
seconds(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
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
	struct tool tool = {
	    .name = "promtext",
	    .usage = "[-qv] [-c file] [-o file] [option ...] [file ...]",
	    .about = "write what the records say as metrics for Prometheus",
	    .tables = {options},
	    .uses_model = 1,
	};
	int first = opt_parse(&tool, argc, argv);

	if (opt.stream != NULL && *opt.stream == '\0')
		err_die("'--stream': is empty");
	if (opt.group != NULL &&
	    json_path(&(struct json_paths){0}, opt.group) < 0)
		err_die("'--group': not a dotted path: '%s'", opt.group);
	if (opt.output != NULL && !opt.metrics)
		check_output();
	if (opt.stream == NULL)
		opt.stream = "default";
	prom_init(&store, opt.stream, (size_t)opt.max_series);
	for (size_t i = 0; i < opt.label.n; i++)
		add_label(i);
	return first;
}

/* What the tally has to know of the model. */
static struct imgtally_setup
describe_model(struct labels *labels)
{
	static char digest[32];
	struct imgtally_setup s = {
	    .limit = (size_t)opt.max_series,
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

static void
read_records(struct tally *t, char **files, int n)
{
	struct json_line line;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = opt.skip_bad;
	while (rec_json(&in, &t->paths, t->found, &line))
		tally_add(t, in.line, in.len, &line, seconds(CLOCK_REALTIME));
	t->errors[TALLY_TRUNCATED] = in.torn;
	t->errors[TALLY_PARSE] = in.bad - in.torn;
	rec_close(&in);
	if (opt.trailer && (!t->trailer || rec_stopped()))
		err_die("the input has no trailer; nothing is written");
}

static void
write_metrics(void)
{
	struct buf text = {0};

	if (opt.metrics)
		prom_metrics(&text);
	else
		prom_render(&store, &text);
	if (text.failed || store.failed)
		err_die("out of memory");
	if (opt.output == NULL || opt.metrics) {
		out_write(text.p, text.len);
		out_close();
	} else {
		atomic_write(opt.output, text.p, text.len, 0644);
	}
	buf_free(&text);
}

/* Reads everything into the store; whether there were too many streams. */
static int
count(char **files, int n)
{
	double begun = seconds(CLOCK_MONOTONIC);
	struct labels labels = {0};
	struct tally_setup setup = {.window = (size_t)opt.window,
	    .stream = opt.stream,
	    .group = opt.group,
	    .groups = (size_t)opt.max_groups,
	    .images = describe_model(&labels)};
	struct tally t;
	int crowded;

	tally_init(&t, &setup);
	read_records(&t, files, n);
	tally_put(&t, seconds(CLOCK_REALTIME), seconds(CLOCK_MONOTONIC) - begun,
	    &store);
	crowded = t.group.crowded;
	tally_free(&t);
	labels_free(&labels);
	return crowded;
}

int
main(int argc, char **argv)
{
	int first = parse_options(argc, argv), crowded = 0;

	if (!opt.metrics)
		crowded = count(argv + first, argc - first);
	write_metrics();
	if (store.dropped > 0)
		err_die("%zu series were too many and are left out%s",
		    store.dropped,
		    crowded ? ", for there are more streams than '--max-groups'"
			    : "");
	prom_free(&store);
	return 0;
}
