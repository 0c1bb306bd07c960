/*
 * imgcls - classify images, one record each. The stream is in stream.c, where
 * images come from in source.c, and the answer in classify.c.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "classify/modelid.h"
#include "classify/stream.h"
#include "image/prepopt.h"
#include "net/net.h"
#include "run/reference.h"
#include "run/state.h"
#include "stats/temper.h"
#include "tool/args.h"
#include "tool/barrier.h"
#include "tool/err.h"

static const char *penultimate[] = {"penultimate"};
static struct {
	struct classify_setup model;
	struct source_setup input;
	struct stream_setup stream;
	long long max_pixels, batch, jobs, threads;
} opt = {
    .model = {.layers = {penultimate, 1},
	.memory = 1536,
	.top = 5,
	.temperature = 1},
    .input = {.every = 1},
    .max_pixels = 100000000,
    .batch = 1,
    .jobs = 1,
    .threads = 1,
    .stream = {.intake = {.seconds = 10}, .barrier = NAN},
};

static const struct opt options[] = {
    {'m', "cfg", OPT_PATH, &opt.model.cfg, "FILE",
	"the network: darknet's description, or an ONNX file", 0, 0},
    {'w', "weights", OPT_PATH, &opt.model.weights, "FILE",
	"the weights of a darknet network", 0, 0},
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
    {0, "probs", OPT_FLAG, &opt.model.probs, NULL,
	"list the probability of every class", 0, 0},
    {0, "no-act", OPT_FLAG, &opt.model.no_act, NULL, "leave out 'act'", 0, 0},
    {0, "set", OPT_LIST, &opt.stream.given, "NAME=VALUE",
	"a member of every record; %d: the image's directory", 0, 0},
    {'0', "null", OPT_FLAG, &opt.input.null, NULL,
	"input lines end in NUL, as find -print0 writes them", 0, 0},
    {0, "tar", OPT_FLAG, &opt.input.tar, NULL,
	"standard input is a tar archive of images", 0, 0},
    {0, "mjpeg", OPT_FLAG, &opt.input.mjpeg, NULL,
	"standard input is motion JPEG, one image after the other", 0, 0},
    {0, "watch", OPT_PATH, &opt.input.watch, "DIR",
	"classify what is in a directory, and what comes into it", 0, 0},
    {0, "once", OPT_FLAG, &opt.input.once, NULL,
	"watch: end when there is no more for now", 0, 0},
    {0, "idx-labels", OPT_PATH, &opt.input.labels, "FILE",
	"IDX file with the classes of an IDX file's images", 0, 0},
    {0, "every", OPT_INT, &opt.input.every, "N",
	"of every N images classify the first", 1, 1e9},
    {0, "max-pixels", OPT_INT, &opt.max_pixels, "N",
	"refuse images with more pixels", 1, 1e9},
    {0, "batch", OPT_INT, &opt.batch, "N",
	"classify up to N images at a time, of those that are there", 1,
	INTAKE_BATCH},
    {'j', "jobs", OPT_INT, &opt.jobs, "N",
	"decode in N processes, ahead of the network", 1, INTAKE_JOBS},
    {0, "threads", OPT_INT, &opt.threads, "N", "run the network in N threads",
	1, 256},
    {0, "max-memory", OPT_INT, &opt.model.memory, "MIB",
	"refuse a network that needs more memory", 1, 1e6},
    {0, "timeout", OPT_REAL, &opt.stream.intake.seconds, "SECONDS",
	"of processor time that the decoding of an image may take", 0.01, 1e6},
    {0, "no-sandbox", OPT_FLAG, &opt.stream.intake.no_sandbox, NULL,
	"let decoders do what the tool may do", 0, 0},
    {0, "barrier", OPT_REAL, &opt.stream.barrier, "SECONDS",
	"send a barrier so often, and at the end; 0: only there", 0, 1e6},
    {0, "allow-errors", OPT_FLAG, &opt.stream.allow_errors, NULL,
	"images that can't be read are no trouble", 0, 0},
    {0, "trailer", OPT_FLAG, &opt.stream.trailer, NULL,
	"write a last record that says that the input has ended", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct tool tool;

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
	opt_refuse(!barrier_expected(), "barrier", "only under driftpipe-run");
	/* What was answered is remembered of a directory alone. */
	opt_refuse(opt.input.watch == NULL && opt.stream.barrier > 0, "barrier",
	    "only 0 without --watch");
	if (!state_wanted() || !barrier_expected() ||
	    (opt.input.watch == NULL && opt.stream.barrier > 0))
		opt.stream.barrier = NAN;
	opt_refuse(opt.input.watch != NULL, "tar", "not with --watch");
	opt_refuse(opt.input.watch != NULL, "mjpeg", "not with --watch");
	opt_refuse(opt.input.watch != NULL, "null", "not with --watch");
	opt_refuse(argc > 0 && lists == 0, "tar",
	    "standard input is not read: name it as '-'");
	opt_refuse(argc > 0 && lists == 0, "mjpeg",
	    "standard input is not read: name it as '-'");
	opt_refuse(opt.input.tar, "mjpeg", "not with --tar");
	opt_refuse(opt.input.tar, "null", "not with --tar");
	opt_refuse(opt.input.mjpeg, "null", "not with --mjpeg");
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
	    .usage = "[options] -m CFG [-w WEIGHTS] [FILE...]",
	    .about = "classify images, one record each",
	    .tables = {options, prepopt_table, state_options},
	    .uses_model = 1,
	};
	first = args_parse(&tool, *argc, *argv);
	*argc -= first;
	*argv += first;
	check_input(*argc, *argv);
	if (!opt.model.cfg)
		err_die("no network: give -m, or -c");
}

static void
open_model(struct classify *model)
{
	opt.model.batch = opt.stream.intake.batch = (int)opt.batch;
	opt.model.threads = (int)opt.threads;
	classify_open(model, &opt.model);
	model->id = modelid_name(opt.model.cfg, opt.model.weights);
	opt.stream.intake.model = model;
}

int
main(int argc, char **argv)
{
	static struct source source;
	static struct classify model;
	static struct stream stream;

	parse_options(&argc, &argv);
	opt.input.names = argv;
	opt.input.count = argc;
	/* While a new normal is accepted, only what others send is passed. */
	opt.input.idle = getenv(REBASELINE_VARIABLE) != NULL &&
			 !isnan(opt.stream.barrier);
	opt.input.max_pixels = opt.stream.intake.max_pixels = (size_t)opt
								  .max_pixels;
	source_open(&source, &opt.input);
	open_model(&model);
	opt.stream.tool = &tool;
	opt.stream.intake.jobs = (int)opt.jobs;
	stream_open(&stream, &source, &model, &opt.stream);
	stream_run(&stream);
	stream_close(&stream);
	classify_close(&model);
	source_close(&source);
	return EXIT_SUCCESS;
}
