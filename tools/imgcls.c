/*
 * imgcls - classify images, one record each. The answer is made in
 * classify.c; where images come from is in source.c.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "classify.h"
#include "err.h"
#include "image.h"
#include "intake.h"
#include "json.h"
#include "name.h"
#include "net.h"
#include "num.h"
#include "opt.h"
#include "out.h"
#include "prepopt.h"
#include "rec.h"
#include "source.h"
#include "state.h"
#include "temper.h"

static const char *penultimate[] = {"penultimate"};
static struct {
	struct classify_setup model;
	struct source_setup input;
	long long max_pixels, batch, jobs, threads;
	double seconds, barrier;
	int no_sandbox, trailer, allow_errors;
} opt = {
    .model = {.layers = {penultimate, 1}, .top = 5, .temperature = 1},
    .max_pixels = 100000000,
    .batch = 1,
    .jobs = 1,
    .threads = 1,
    .seconds = 10,
    .barrier = NAN,
};

static const struct opt options[] = {
    {'m', "cfg", OPT_PATH, &opt.model.cfg, "FILE",
	"the network's description, as darknet has it", 0, 0},
    {'w', "weights", OPT_PATH, &opt.model.weights, "FILE",
	"the network's weights", 0, 0},
    {'l', "labels", OPT_PATH, &opt.model.labels, "FILE",
	"names of the classes, one a line", 0, 0},
    {0, "engine", OPT_CHOICE, &opt.model.engine, NET_ENGINES,
	"what runs the network", 0, 0},
    {0, "layer", OPT_LIST, &opt.model.layers, "LAYER",
	"layer that 'act' is taken from, repeatable", 0, 0},
    {0, "pool", OPT_CHOICE, &opt.model.pool, "none|mean",
	"mean: 'act' has one value for each channel", 0, 0},
    {0, "temperature", OPT_REAL, &opt.model.temperature, "T",
	"divide what enters the softmax", TEMPER_MIN, TEMPER_MAX},
    {0, "top", OPT_INT, &opt.model.top, "N", "list the N most probable classes",
	1, 1e6},
    {0, "no-act", OPT_FLAG, &opt.model.no_act, NULL, "leave out 'act'", 0, 0},
    {'0', "null", OPT_FLAG, &opt.input.null, NULL,
	"input lines end in NUL, as find -print0 writes them", 0, 0},
    {0, "tar", OPT_FLAG, &opt.input.tar, NULL,
	"standard input is a tar archive of images", 0, 0},
    {0, "watch", OPT_PATH, &opt.input.watch, "DIR",
	"classify what is in a directory, and what comes into it", 0, 0},
    {0, "once", OPT_FLAG, &opt.input.once, NULL,
	"watch: end when there is no more for now", 0, 0},
    {0, "idx-labels", OPT_PATH, &opt.input.labels, "FILE",
	"IDX file with the classes of an IDX file's images", 0, 0},
    {0, "max-pixels", OPT_INT, &opt.max_pixels, "N",
	"refuse images with more pixels", 1, 1e9},
    {0, "batch", OPT_INT, &opt.batch, "N",
	"classify up to N images at a time, of those that are there", 1,
	INTAKE_BATCH},
    {'j', "jobs", OPT_INT, &opt.jobs, "N",
	"decode in N processes, ahead of the network", 1, INTAKE_JOBS},
    {0, "threads", OPT_INT, &opt.threads, "N", "run the network in N threads",
	1, 256},
    {0, "timeout", OPT_REAL, &opt.seconds, "SECONDS",
	"of processor time that the decoding of an image may take", 0.01, 1e6},
    {0, "no-sandbox", OPT_FLAG, &opt.no_sandbox, NULL,
	"let decoders do what the tool may do", 0, 0},
    {0, "barrier", OPT_REAL, &opt.barrier, "SECONDS",
	"send a barrier so often, and at the end; 0: only there", 0, 1e6},
    {0, "allow-errors", OPT_FLAG, &opt.allow_errors, NULL,
	"images that can't be read are no trouble", 0, 0},
    {0, "trailer", OPT_FLAG, &opt.trailer, NULL,
	"write a last record that says that the input has ended", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct tool tool;
static struct classify model;
static struct buf members; /* of the record that is being made */
static unsigned long long records, errors;

/* Options that the operands leave nothing to do for. */
static void
check_input(int argc, char **argv)
{
	int lists = 0;

	for (int i = 0; i < argc; i++)
		lists += strcmp(argv[i], "-") == 0;
	opt_refuse(argc > 0, "watch", "not with operands");
	if (argc > 0)
		opt.input.watch = NULL;
	opt_refuse(opt.input.watch == NULL, "once", "only with --watch");
	if (opt.input.watch == NULL)
		opt.input.once = 0;
	opt_refuse(!state_wanted(), "barrier", "only with --state");
	/* What was answered is remembered of a directory alone. */
	opt_refuse(opt.input.watch == NULL && opt.barrier > 0, "barrier",
	    "only 0 without --watch");
	if (!state_wanted() || (opt.input.watch == NULL && opt.barrier > 0))
		opt.barrier = NAN;
	opt_refuse(opt.input.watch != NULL, "tar", "not with --watch");
	opt_refuse(opt.input.watch != NULL, "null", "not with --watch");
	opt_refuse(argc > 0 && lists == 0, "tar",
	    "standard input is not read: name it as '-'");
	opt_refuse(opt.input.tar, "null", "not with --tar");
	opt_refuse(argc == lists, "idx-labels", "needs an IDX file as operand");
	if (argc == lists)
		opt.input.labels = NULL;
}

static void
parse_options(int *argc, char ***argv)
{
	int first;

	tool = (struct tool){
	    .name = "imgcls",
	    .usage = "[options] -m CFG -w WEIGHTS [FILE...]",
	    .about = "classify images, one record each",
	    .tables = {options, prepopt_table, state_options},
	    .uses_model = 1,
	};
	first = opt_parse(&tool, *argc, *argv);
	*argc -= first;
	*argv += first;
	check_input(*argc, *argv);
	if (!opt.model.cfg || !opt.model.weights)
		err_die("no network: give -m and -w, or -c");
}

/* A record of our own, up to the answer. */
static void
begin_record(const struct source_item *item)
{
	buf_str(&members, "{");
	buf_key_int(&members, "seq", (long long)records);
	buf_key_real(&members, "time", source_time(item));
	name_put(&members, item->name.p, item->name.len);
	if (item->truth >= 0)
		buf_key_int(&members, "truth", item->truth);
}

static void
answer(const struct intake_item *item, const struct json_span *truth)
{
	if (item->input < 0) {
		classify_error(&item->error, &members);
		errors++;
	} else if (classify_answer(
		       &model, item->input, &item->seen, truth, &members) < 0) {
		errors++;
	}
}

static void
put_record(const struct intake_item *item)
{
	char digits[NUM_SIZE];
	struct json_span truth = {digits, 0, JSON_NONE};

	records++;
	if (item->from.truth >= 0) {
		truth.type = JSON_NUMBER;
		truth.len = num_write_int(digits, item->from.truth);
	}
	begin_record(&item->from);
	answer(item, &truth);
	buf_str(&members, "}");
	out_line(&members);
}

/* A barrier of somebody else's. */
static void
pass_barrier(const struct json_span *number, const struct rec *r)
{
	if (!isnan(opt.barrier))
		err_die("a barrier in the input, and --barrier");
	state_barrier(number);
	out_record(r);
}

/* Appends to a record that names the image, or lets it pass. */
static void
append_record(const struct intake_item *item)
{
	const struct source_item *s = &item->from;
	struct rec r = {.line = s->line.p, .len = s->line.len};

	if (s->field[SOURCE_BARRIER].type > JSON_NULL) {
		pass_barrier(&s->field[SOURCE_BARRIER], &r);
		return;
	}
	records++;
	if (s->kind == SOURCE_PASS) {
		out_record(&r);
		return;
	}
	if (s->field[SOURCE_SEQ].type == JSON_NONE)
		buf_key_int(&members, "seq", (long long)records);
	if (s->field[SOURCE_TIME].type == JSON_NONE)
		buf_key_real(&members, "time", source_time(s));
	answer(item, &s->field[SOURCE_TRUTH]);
	out_append(&r, &s->shape, &members);
}

static void
show_progress(const struct source *s)
{
	char note[NUM_SIZE + 10];

	snprintf(note, sizeof(note), "%llu errors", errors);
	err_progress("images", records, s->total, errors > 0 ? note : NULL);
}

/* One run: what is to be saved, and when the next barrier is due. */
struct run {
	struct source source;
	struct intake in;
	long long generation;
	double next;
	unsigned long long records, errors; /* of earlier runs */
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void
walk(void *ctx, struct store *s)
{
	struct run *run = ctx;

	store_count(s, "records", &records);
	store_count(s, "errors", &errors);
	seen_state(&run->source.watch.seen, s);
}

/* Everything that was taken in has been answered. */
static void
send_barrier(struct run *run)
{
	state_keep(++run->generation);
	state_put_barrier(&members, run->generation);
	out_line(&members);
	out_flush();
	run->next = now() + opt.barrier;
}

static int
barrier_is_due(const struct run *run)
{
	return opt.barrier > 0 && now() >= run->next;
}

/* While the source waits for input. */
static void
on_idle(void *ctx)
{
	struct run *run = ctx;

	if (run->in.n == 0 && barrier_is_due(run))
		send_barrier(run);
}

static void
begin(struct run *run)
{
	const struct intake_setup setup = {.model = &model,
	    .max_pixels = (size_t)opt.max_pixels,
	    .batch = (int)opt.batch,
	    .jobs = (int)opt.jobs,
	    .seconds = opt.seconds,
	    .no_sandbox = opt.no_sandbox};
	const struct state_setup state = {
	    .tool = &tool, .walk = walk, .ctx = run};

	/* The decoders are not to hold the lock of the state. */
	intake_open(&run->in, &run->source, &setup);
	state_open(&state);
	run->records = records;
	run->errors = errors;
	run->generation = state_generation() < 0 ? 0 : state_generation();
	run->next = now() + opt.barrier;
	if (opt.barrier > 0)
		rec_when_idle(
		    (int)fmin(opt.barrier * 1000 + 1, 60000), on_idle, run);
}

static void
answer_batch(struct run *run, size_t n, int inputs)
{
	if (inputs > 0)
		classify_predict(&model, run->in.inputs, inputs);
	for (size_t i = 0; i < n; i++) {
		const struct intake_item *item = intake_item(&run->in, i);

		if (item->from.line.len > 0)
			append_record(item);
		else
			put_record(item);
	}
	show_progress(&run->source);
}

static void
classify_all(struct run *run)
{
	int inputs;
	size_t n;

	while ((n = intake_next(&run->in, &inputs)) > 0 || run->in.hold) {
		if (n > 0)
			answer_batch(run, n, inputs);
		else
			send_barrier(run);
		run->in.hold = barrier_is_due(run);
	}
	intake_close(&run->in);
}

/* Of this stream alone. */
static void
put_trailer(const struct run *run)
{
	buf_str(&members, "{\"trailer\":{\"tool\":\"imgcls\"");
	buf_key_int(&members, "records", (long long)(records - run->records));
	buf_key_int(&members, "errors", (long long)(errors - run->errors));
	buf_str(&members, "}}");
	out_line(&members);
}

static void
finish(struct run *run)
{
	struct source *s = &run->source;

	if (opt.trailer && !rec_stopped() && s->trouble == NULL)
		put_trailer(run);
	if (!isnan(opt.barrier) && s->trouble == NULL)
		send_barrier(run);
	err_progress_end();
	classify_report(&model);
	classify_close(&model);
	buf_free(&members);
	out_flush();
	if (s->trouble == NULL)
		state_end();
	out_close();
	if (s->trouble != NULL)
		err_die("%s", s->trouble);
	source_close(s);
	if (errors > run->errors && !opt.allow_errors)
		err_die("%llu of %llu images could not be read",
		    errors - run->errors, records - run->records);
}

int
main(int argc, char **argv)
{
	static struct run run;

	parse_options(&argc, &argv);
	opt.input.names = argv;
	opt.input.count = argc;
	opt.input.max_pixels = (size_t)opt.max_pixels;
	source_open(&run.source, &opt.input);
	opt.model.batch = (int)opt.batch;
	opt.model.threads = (int)opt.threads;
	classify_open(&model, &opt.model);
	begin(&run);
	classify_all(&run);
	finish(&run);
	return EXIT_SUCCESS;
}
