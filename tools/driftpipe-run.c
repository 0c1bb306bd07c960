/*
 * driftpipe-run - run a pipeline as one transaction. Between the stages flow
 * records and barriers; behind the last one this process waits for the
 * barriers to come out, and commits (generation.h). Where the input is a file,
 * a source (follow.h) in a process of its own feeds the first stage.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "atomic.h"
#include "buf.h"
#include "err.h"
#include "follow.h"
#include "generation.h"
#include "jsonval.h"
#include "opt.h"
#include "out.h"
#include "pipeline.h"
#include "rec.h"
#include "state.h"

enum { STAGES = 64, LATENCY = 250 /* ms between two looks at the input */ };

static struct tool tool;
static struct {
	struct opt_list stages;
	const char *input, *output;
	double barrier;
	int follow, exit_status;
} opt = {.barrier = 60};

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
    {'e', "exit-status", OPT_FLAG, &opt.exit_status, NULL,
	"exit with 1 when a stage does", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct follow input;

static void
walk(void *ctx, struct store *s)
{
	(void)ctx;
	follow_state(&input, s);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The place in the input is kept before the barrier goes out. */
static void
send_barrier(long long *generation)
{
	struct buf line = {0};

	state_keep(++*generation);
	state_put_barrier(&line, *generation);
	out_line(&line);
	out_flush();
	buf_free(&line);
}

/* A line that is a barrier, of whatever pipeline the input has come from. */
static int
is_barrier(const char *line, size_t n)
{
	struct json_paths paths = {0};
	struct json_span number;
	struct json_line rest;

	json_path(&paths, "barrier.generation");
	return json_scan(line, n, &paths, &number, &rest) == 0 &&
	       number.type != JSON_NONE;
}

/* Lines to standard output, without barriers that are not ours. */
static void
pass(const char *p, size_t n)
{
	static const char name[] = "\"barrier\"";
	const char *all = p + n, *at;

	while ((at = memmem(p, (size_t)(all - p), name, strlen(name)))) {
		const char *line = memrchr(p, '\n', (size_t)(at - p));
		const char *end = memchr(at, '\n', (size_t)(all - at));

		line = line != NULL ? line + 1 : p;
		if (is_barrier(line, (size_t)(end - line)))
			out_write(p, (size_t)(line - p));
		else
			out_write(p, (size_t)(end + 1 - p));
		p = end + 1;
	}
	out_write(p, (size_t)(all - p));
}

/*
 * When it is time, and the last one has been committed: were barriers sent
 * faster than states are written, they would pile up.
 */
static int
barrier_is_due(double last, long long generation)
{
	return opt.follow && now() - last >= opt.barrier &&
	       generation_current(state_directory()) >= generation;
}

/* What is new in the input, to standard output, and barriers. */
static void
feed(void)
{
	long long generation = state_generation();
	double last = now();
	const char *p;
	size_t n;

	while (!pipeline_stopped()) {
		if (follow_next(&input, &p, &n)) {
			pass(p, n);
		} else if (input.path == NULL ? !input.ended : opt.follow) {
			out_flush();
			follow_wait(&input, LATENCY);
		} else {
			break;
		}
		if (barrier_is_due(last, generation)) {
			send_barrier(&generation);
			last = now();
		}
	}
	send_barrier(&generation);
	follow_close(&input);
	out_close();
}

/* The current generation's metrics, for the exporter to read. */
static void
publish(void)
{
	if (opt.output != NULL)
		generation_publish(state_directory(), opt.output);
}

static void
commit(long long n)
{
	long long current = generation_current(state_directory());
	char *own = generation_path(state_directory(), n, "driftpipe-run.json");

	if (n < current || (opt.input && access(own, F_OK) < 0))
		err_die("generation %lld has come out, which was not sent; "
			"%lld stays the current one",
		    n, current);
	free(own);
	if (n == current)
		return;
	generation_commit(state_directory(), n);
	publish();
	generation_prune(state_directory(), 0);
	err_info("generation %lld is committed", n);
}

/*
 * Reads what comes out behind the last stage until it ends: the number of the
 * last barrier, or 0. Other records go to our standard output, before the
 * commit, for afterwards they do not come again.
 */
static long long
drain(struct rec *in)
{
	struct json_paths paths = {0};
	struct json_span number[1];
	struct json_line line;
	long long last = 0;

	json_path(&paths, "barrier.generation");
	while (rec_json(in, &paths, number, &line)) {
		if (number[0].type == JSON_NONE) {
			out_record(in);
			continue;
		}
		last = state_barrier_number(&number[0]);
		if (opt.follow) {
			out_flush();
			commit(last);
		}
	}
	rec_close(in);
	out_close();
	return last;
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

static void
start(void)
{
	tell("DRIFTPIPE_STATE", state_directory());
	if (opt_config() != NULL)
		tell("DRIFTPIPE_CONFIG", opt_config());
	if (opt.input != NULL)
		pipeline_add("input", feed);
	for (size_t i = 0; i < opt.stages.n; i++)
		pipeline_add(opt.stages.item[i], NULL);
	pipeline_run();
}

static void
prepare(int argc, char **argv)
{
	static const char *const may_differ[] = {"stage", "follow", "barrier",
	    "output", "exit-status", "state", "wait", NULL};
	const struct state_setup setup = {
	    .tool = &tool,
	    .may_differ = may_differ,
	    .leads = 1,
	    .walk = walk,
	};

	tool = (struct tool){
	    .name = "driftpipe-run",
	    .usage = "[-eqv] [-c file] [-i file] [-o file] -s dir [option ...]",
	    .about = "run a pipeline as one transaction",
	    .tables = {options, state_options},
	};
	if (opt_parse(&tool, argc, argv) < argc)
		err_die("takes no operands; a stage is given by '--stage'");
	opt_refuse(!opt.follow, "barrier", "only with --follow");
	if (opt.stages.n == 0 || opt.stages.n > STAGES)
		err_die("'--stage': from 1 to %d are needed", STAGES);
	if (!state_wanted())
		err_die("'--state': is needed");
	if (opt.output != NULL)
		atomic_check(opt.output);
	input.path = opt.input && strcmp(opt.input, "-") ? opt.input : NULL;
	state_open(&setup);
	generation_prune(state_directory(), 1);
	publish();
	if (opt.input != NULL)
		follow_open(&input);
}

int
main(int argc, char **argv)
{
	struct rec in;
	long long last;
	int status;

	prepare(argc, argv);
	pipeline_open(opt.follow);
	/* Before the pipeline's signals, which replace its own. */
	rec_open(&in, NULL, 0, '\n');
	in.skip_bad = 1;
	start();
	last = drain(&in);
	if (opt.follow)
		pipeline_stop();
	status = pipeline_wait(opt.exit_status);
	if (!opt.follow && (status == EXIT_TROUBLE || pipeline_stopped()))
		err_die("nothing is committed; the input will come again");
	if (last == 0)
		err_die("no barrier has come out behind the last stage: "
			"nothing is committed");
	commit(last);
	return status;
}
