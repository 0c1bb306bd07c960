/*
 * driftpipe-run - run a pipeline as one transaction. Between the stages flow
 * records and barriers; after the last one this process waits for the
 * barriers to come out, and commits (generation.h). Where the input is a file,
 * a source (follow.h) in a process of its own feeds the first stage.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/atomic.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "journal/journal.h"
#include "journal/rebaseline.h"
#include "metric/write/promparts.h"
#include "run/drain.h"
#include "run/feed.h"
#include "run/follow.h"
#include "run/generation.h"
#include "tool/args.h"
#include "tool/partition.h"
#include "run/pipeline.h"
#include "run/reference.h"
#include "run/repartition.h"
#include "tool/rec.h"
#include "tool/skip.h"
#include "run/state.h"

enum { STAGES = 64 };

static struct tool tool;
static struct {
	struct opt_list stages;
	const char *input, *output, *journal, *group;
	const char *rebaseline, *only;
	double barrier, journal_days;
	long long journal_size, keep_images, keep_size, repartition;
	int follow, strict, exit_status;
} opt = {
    .barrier = 60, .journal_size = 64, .journal_days = 90, .keep_size = 100};

static const struct opt options[] = {
    {0, "stage", OPT_LIST, &opt.stages, "COMMAND",
	"a program of the pipeline, repeatable", 0, 0},
    {'i', "input", OPT_PATH, &opt.input, "FILE",
	"what is new in this file goes in, '-': standard input", 0, 0},
    {0, "follow", OPT_FLAG, &opt.follow, NULL,
	"wait for more input, and commit now and then", 0, 0},
    {0, "barrier", OPT_REAL, &opt.barrier, "SECONDS",
	"follow: from one commit to the next", 0.01, 1e6},
    {'o', "output", OPT_PATH, &opt.output, "FILE",
	"where promtext's metrics appear", 0, 0},
    {0, "journal", OPT_PATH, &opt.journal, "DIR",
	"keep events, errors and the last records in DIR", 0, 0},
    {0, "journal-size", OPT_INT, &opt.journal_size, "MIB",
	"journal: so much of them", 1, 1e6},
    {0, "journal-days", OPT_REAL, &opt.journal_days, "DAYS",
	"journal: for so long; 0: as long as there is room", 0, 1e5},
    {0, "keep-images", OPT_INT, &opt.keep_images, "N",
	"journal: copies of so many images of each kind that show an event", 0,
	1000},
    {0, "keep-size", OPT_INT, &opt.keep_size, "MIB",
	"keep-images: so much of them", 1, 1e6},
    {'g', "group", OPT_STRING, &opt.group, "FIELD",
	"journal, partition: the field that tells streams apart", 0, 0},
    {0, "rebaseline", OPT_STRING, &opt.rebaseline, "FILE|last:N",
	"accept a new normal: begin anew with this reference, and end", 0, 0},
    {0, "rebaseline-group", OPT_STRING, &opt.only, "VALUE",
	"rebaseline: only that stream of --group", 0, 0},
    {0, "repartition", OPT_INT, &opt.repartition, "P",
	"divide the groups anew among P parts, and end", 0, 10000},
    {0, "strict", OPT_FLAG, &opt.strict, NULL,
	"stop at a line that is no record", 0, 0},
    {'e', "exit-status", OPT_FLAG, &opt.exit_status, NULL,
	"exit with 1 when a stage does", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct follow input;
static struct drain end;
static struct buf note; /* of the journal, about a new normal */

static void
remember(void *ctx, struct store *s)
{
	(void)ctx;
	follow_state(&input, s);
}

/*
 * In the feeder, whose children the decompressors have to be: nobody else
 * learns how they end. From the first moment on there is a place, so that a
 * rotation is no loss.
 */
static void
feed_stages(void)
{
	int first = input.chain.path != NULL && input.chain.files == 0;

	follow_open(&input);
	if (first)
		state_keep(state_generation());
	feed(&input, opt.stages.item[0], opt.follow ? opt.barrier : NAN);
}

/* Stages may be run anywhere else. */
static void
tell(const char *name, const char *path)
{
	char *whole = realpath(path, NULL);

	if (whole == NULL || setenv(name, whole, 1) < 0)
		err_die("%s: %m", path);
	free(whole);
}

/*
 * Where the journal is among the stages: before promtext, which passes no
 * records on, and after all others.
 */
static size_t
journal_place(void)
{
	size_t i = 0;

	while (
	    i < opt.stages.n && strstr(opt.stages.item[i], "promtext") == NULL)
		i++;
	return opt.journal != NULL ? i : SIZE_MAX;
}

static void
add_stages(void)
{
	size_t place = journal_place();

	if (opt.input != NULL)
		pipeline_add(
		    "input", opt.rebaseline ? feed_nothing : feed_stages);
	for (size_t i = 0; i <= opt.stages.n; i++) {
		if (i == place)
			pipeline_add("journal", journal_run);
		if (i < opt.stages.n)
			pipeline_add(opt.stages.item[i], NULL);
	}
	pipeline_run();
}

/* The reference of a new normal: for all, or for one group's detectors. */
static void
rebaseline(void)
{
	const struct rebaseline from = {
	    opt.rebaseline, opt.group, opt.only, opt.journal};
	const char *dir = state_directory();
	char *path = reference_path(
	    dir, opt.only != NULL ? -1 : state_generation() + 1);

	if (state_generation() < 1)
		err_die("%s: nothing has been committed yet: name the "
			"reference in the configuration",
		    dir);
	rebaseline_make(&from, path, &note);
	tell(REBASELINE_VARIABLE, path);
	if (opt.only != NULL &&
	    setenv(REBASELINE_GROUP_VARIABLE, opt.only, 1) < 0)
		err_memory();
	free(path);
}

/* Which reference the stages have, if it is not the configured one. */
static void
tell_reference(void)
{
	long long n = state_generation() + (opt.rebaseline != NULL);
	char *path = reference_current(state_directory(), n);

	if (path != NULL)
		tell(REFERENCE_VARIABLE, path);
	else
		unsetenv(REFERENCE_VARIABLE);
	free(path);
}

static void
start(void)
{
	tell_reference();
	if (opt.strict ? setenv(SKIP_STRICT_VARIABLE, "1", 1) < 0
		       : unsetenv(SKIP_STRICT_VARIABLE) < 0)
		err_memory();
	tell("DRIFTPIPE_STATE", state_directory());
	if (args_config() != NULL)
		tell("DRIFTPIPE_CONFIG", args_config());
	partition_give();
	add_stages();
}

/* Another number of parts; nothing else is done. */
static int
divide(void)
{
	opt_refuse(1, "partition", "not with --repartition");
	opt_refuse(1, "rebaseline", "not with --repartition");
	if (opt_in_file("repartition") || opt_in_file("partition"))
		err_die("'--repartition': not in the configuration, nor with "
			"a part in it");
	if (!state_wanted())
		err_die("'--state': is needed");
	repartition(state_directory(), (unsigned)opt.repartition, opt.output,
	    promparts);
	return 0;
}

static void
check_options(void)
{
	opt_refuse(!opt.follow, "barrier", "only with --follow");
	opt_refuse(opt.journal == NULL, "journal-size", "only with --journal");
	opt_refuse(opt.journal == NULL, "journal-days", "only with --journal");
	opt_refuse(opt.journal == NULL, "keep-images", "only with --journal");
	opt_refuse(
	    opt.keep_images == 0, "keep-size", "only with --keep-images");
	opt_refuse(opt.journal == NULL && !opt_given("partition"), "group",
	    "only with --journal or --partition");
	opt_refuse(opt.rebaseline == NULL || opt.group == NULL,
	    "rebaseline-group", "only with --rebaseline and --group");
	if (opt_in_file("rebaseline") || opt_in_file("rebaseline-group"))
		err_die("'rebaseline': only on the command line");
	if (opt.rebaseline != NULL)
		opt.follow = 0;
	if (opt.group != NULL &&
	    jsonpath_add(&(struct json_paths){0}, opt.group) < 0)
		err_die("'--group': not a dotted path: '%s'", opt.group);
	partition_open(opt.group);
	if (opt.stages.n == 0 || opt.stages.n > STAGES)
		err_die("'--stage': from 1 to %d are needed", STAGES);
	if (!state_wanted())
		err_die("'--state': is needed");
	if (opt.output != NULL) {
		opt.output = partition_name(opt.output, 1);
		atomic_check(opt.output);
	}
}

static void
parse_options(int argc, char **argv)
{
	tool = (struct tool){
	    .name = "driftpipe-run",
	    .usage = "[-eqv] [-c file] [-i file] [-o file] -s dir [option ...]",
	    .about = "run a pipeline as one transaction",
	    .tables = {options, state_options, partition_options},
	};
	if (args_parse(&tool, argc, argv) < argc)
		err_die("takes no operands; a stage is given by '--stage'");
}

static void
prepare(void)
{
	static const char *const may_differ[] = {"stage", "follow", "barrier",
	    "output", "strict", "exit-status", "state", "wait", "journal",
	    "journal-size", "journal-days", "keep-images", "keep-size", "group",
	    "rebaseline", "rebaseline-group", "repartition", NULL};
	static const struct state_origin newer[] = {PARTITION_NEWER, {0}};
	const struct state_setup setup = {
	    .tool = &tool,
	    .may_differ = may_differ,
	    .newer = newer,
	    .leads = 1,
	    .walk = remember,
	};

	check_options();
	input.chain.path = opt.input && strcmp(opt.input, "-") ? opt.input
							       : NULL;
	end = (struct drain){opt.output, opt.input != NULL, opt.follow};
	state_open(&setup);
	if (opt.journal != NULL)
		opt.journal = partition_directory(opt.journal);
	if (opt.journal != NULL)
		journal_prepare(&(struct journal_setup){opt.journal, opt.group,
		    (unsigned long long)opt.journal_size << 20,
		    opt.journal_days, opt.rebaseline ? &note : NULL,
		    (size_t)opt.keep_images,
		    (unsigned long long)opt.keep_size << 20});
	generation_prune(state_directory(), 1);
	reference_prune(state_directory(), state_generation());
	drain_publish(&end);
}

/* One that never was there is a wrong name, and no stage need be started. */
static void
check_input(void)
{
	const struct logchain *c = &input.chain;

	if (opt.rebaseline == NULL && c->path != NULL && c->files == 0 &&
	    access(c->path, R_OK) < 0)
		err_die("%s: %m", c->path);
}

int
main(int argc, char **argv)
{
	struct rec in;
	long long last;
	int status;

	parse_options(argc, argv);
	if (opt.repartition > 0)
		return divide();
	prepare();
	unsetenv(REBASELINE_VARIABLE);
	unsetenv(REBASELINE_GROUP_VARIABLE);
	if (opt.rebaseline != NULL)
		rebaseline();
	check_input();
	barrier_begin();
	pipeline_open(opt.follow);
	/* Before the pipeline's signals, which replace its own. */
	rec_open(&in, NULL, 0, '\n');
	start();
	last = drain(&end, &in);
	if (opt.follow)
		pipeline_stop();
	status = pipeline_wait(opt.exit_status);
	if (!opt.follow && (status == EXIT_TROUBLE || pipeline_stopped()))
		err_die("nothing is committed; "
			"the next run reads the same input");
	if (last == 0)
		err_die("no barrier has come out after the last stage: "
			"nothing is committed");
	drain_commit(&end, last);
	reference_prune(state_directory(), last);
	return status;
}
