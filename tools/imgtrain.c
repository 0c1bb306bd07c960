/*
 * imgtrain - train a network on labelled images. The arithmetic is in
 * netsgd.c, the course of a training in netfit.c, calibration in netcal.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tool/atomic.h"
#include "base/buf.h"
#include "tool/err.h"
#include "tool/labels.h"
#include "net/net.h"
#include "net/train/netcal.h"
#include "net/train/netdata.h"
#include "net/train/netfit.h"
#include "net/train/netsgd.h"
#include "net/train/nettrain.h"
#include "tool/args.h"
#include "tool/out.h"
#include "image/prepopt.h"

static struct {
	const char *cfg, *weights, *labels, *start, *checkpoint;
	const char *test_images, *test_labels;
	long long epochs, batch, jobs, seed, holdout, shift, interval;
	double rate;
	int flip, resume, calibrate, no_sandbox;
} opt = {.epochs = 10, .jobs = 2, .seed = 1, .interval = 60};

static const struct opt options[] = {
    {'m', "cfg", OPT_PATH, &opt.cfg, "FILE",
	"the network's description, as darknet has it", 0, 0},
    {'w', "weights", OPT_PATH, &opt.weights, "FILE",
	"where the weights are written", 0, 0},
    {'l', "labels", OPT_PATH, &opt.labels, "FILE",
	"names of the classes, for a list that uses them", 0, 0},
    {'j', "jobs", OPT_INT, &opt.jobs, "N", "share each batch out to N threads",
	1, 256},
    {0, "epochs", OPT_INT, &opt.epochs, "N", "go N times through the images", 1,
	1e6},
    {0, "batch", OPT_INT, &opt.batch, "N", "images a step; 0: as in the cfg", 0,
	65536},
    {0, "rate", OPT_REAL, &opt.rate, "RATE",
	"highest learning rate; 0: as in the cfg", 0, 1000},
    {0, "seed", OPT_INT, &opt.seed, "N",
	"seed of weights, order and augmentation", 0, 9e15},
    {0, "flip", OPT_FLAG, &opt.flip, NULL,
	"mirror every other image, at random", 0, 0},
    {0, "shift", OPT_INT, &opt.shift, "N",
	"move images by up to N pixels each way, at random", 0, 1000},
    {0, "holdout", OPT_INT, &opt.holdout, "N",
	"leave out the last N images, and test on them", 0, 1e9},
    {0, "test-images", OPT_PATH, &opt.test_images, "FILE",
	"test on these images too", 0, 0},
    {0, "test-labels", OPT_PATH, &opt.test_labels, "FILE",
	"their labels, when they are in IDX form", 0, 0},
    {0, "start", OPT_PATH, &opt.start, "FILE",
	"start from these weights, not from random ones", 0, 0},
    {0, "resume", OPT_FLAG, &opt.resume, NULL,
	"go on from the checkpoint of a training that was ended", 0, 0},
    {0, "checkpoint", OPT_PATH, &opt.checkpoint, "FILE",
	"checkpoint (default: the weights' name and .ckpt)", 0, 0},
    {0, "interval", OPT_INT, &opt.interval, "SECONDS",
	"time between checkpoints", 0, 86400},
    {0, "calibrate", OPT_FLAG, &opt.calibrate, NULL,
	"train nothing: fit the temperature of these weights", 0, 0},
    {0, "no-sandbox", OPT_FLAG, &opt.no_sandbox, NULL,
	"let the decoder do what the tool may do", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

static struct labels names;
static struct netdata data, test;

/* What --calibrate has no use for. */
static void
refuse_training(void)
{
	static const char *const training[] = {"epochs", "batch", "rate",
	    "seed", "flip", "shift", "test-images", "test-labels", "start",
	    "resume", "checkpoint", "interval"};

	for (size_t i = 0; i < sizeof(training) / sizeof(*training); i++)
		opt_refuse(
		    opt.calibrate, training[i], "--calibrate trains nothing");
}

static void
parse_options(int *argc, char ***argv)
{
	struct tool tool = {
	    .name = "imgtrain",
	    .usage = "[options] -m CFG -w WEIGHTS IMAGES [LABELS]",
	    .about = "train a network on labelled images",
	    .tables = {options, prepopt_table},
	    .uses_model = 1,
	};
	int first = args_parse(&tool, *argc, *argv);
	size_t room;
	char *name;

	*argc -= first;
	*argv += first;
	if (opt.cfg == NULL || opt.weights == NULL)
		err_die("no network: give -m CFG and -w WEIGHTS");
	if (*argc < 1)
		err_die(
		    "no images: give an IDX file and its labels, or a list");
	if (*argc > 2)
		err_die("'%s': one operand too many", (*argv)[2]);
	refuse_training();
	if (opt.checkpoint != NULL)
		return;
	room = strlen(opt.weights) + sizeof ".ckpt";
	name = err_malloc(room);
	snprintf(name, room, "%s.ckpt", opt.weights);
	opt.checkpoint = name;
}

static void
load_images(struct net_shape shape, const char *images, const char *labels)
{
	if (opt.labels != NULL) {
		labels_load(&names, opt.labels);
		labels_fit(&names, opt.labels, (size_t)shape.classes, opt.cfg);
	}
	data.shape = test.shape = shape;
	data.prep = test.prep = prepopt_prep(shape.channels);
	data.no_sandbox = test.no_sandbox = opt.no_sandbox;
	netdata_load(&data, images, labels, &names);
	if (opt.holdout >= (long long)data.n)
		err_die("--holdout: %lld of %zu images leave none to train on",
		    opt.holdout, data.n);
	if (opt.test_images != NULL && !opt.calibrate)
		netdata_load(&test, opt.test_images, opt.test_labels, &names);
}

/* "key":{"images":…,"right":…,"accuracy":…,"loss":…} */
static void
put_score(struct buf *b, const char *key, struct nettrain *t,
    const struct netdata *d, size_t first)
{
	struct netdata_view v = {.data = d, .first = first};
	struct netdata_images im = netdata_images(&v);
	size_t n = d->n - first;
	struct netsgd_score s = netsgd_test(t, &im, n);

	buf_key(b, key);
	buf_str(b, "{");
	buf_key_int(b, "images", (long long)n);
	buf_key_int(b, "right", (long long)s.right);
	buf_key_real(b, "accuracy", (double)s.right / (double)n);
	buf_key_real(b, "loss", s.loss);
	buf_str(b, "}");
}

static void
report_training(struct nettrain *t, struct netfit_result r, double seconds)
{
	struct buf b = {0};

	buf_str(&b, "{");
	buf_key_int(&b, "images", (long long)data.n - opt.holdout);
	buf_key_int(&b, "epochs", opt.epochs);
	buf_key_int(&b, "steps", (long long)r.steps);
	buf_key_int(&b, "batch", t->batch);
	buf_key_int(&b, "jobs", opt.jobs);
	buf_key_int(&b, "seed", opt.seed);
	buf_key_real(&b, "loss", r.loss);
	buf_key_real(&b, "seconds", seconds);
	if (opt.holdout > 0)
		put_score(
		    &b, "holdout", t, &data, data.n - (size_t)opt.holdout);
	if (opt.test_images != NULL)
		put_score(&b, "test", t, &test, 0);
	buf_str(&b, "}");
	out_line(&b);
	buf_free(&b);
}

/* Trains to the end, writes the weights and says how good they are. */
static void
run_training(struct nettrain *t)
{
	struct netfit_plan plan = {.epochs = opt.epochs,
	    .seed = (unsigned long long)opt.seed,
	    .rate = opt.rate,
	    .images = data.n - (size_t)opt.holdout,
	    .flip = opt.flip,
	    .shift = (int)opt.shift,
	    .checkpoint = opt.checkpoint,
	    .interval = opt.interval,
	    .resume = opt.resume,
	    .cfg = opt.cfg};
	double begun = clock_monotonic();
	struct netfit_result r = netfit_run(t, &data, &plan);

	if (r.stopped)
		err_die("%s: ended early: go on with --resume", opt.checkpoint);
	nettrain_save(t, opt.weights);
	remove(opt.checkpoint);
	report_training(t, r, clock_monotonic() - begun);
}

/* Fits the temperature to the images that a training left out, or to all. */
static void
calibrate(char **operands)
{
	const struct net_setup setup = {
	    .cfg = opt.cfg, .weights = opt.weights, .batch = 1, .threads = 1};
	struct net *n = net_open(&setup);
	struct buf b = {0};

	load_images(net_shape(n), operands[0], operands[1]);
	netcal_run(
	    n, &data, opt.holdout > 0 ? data.n - (size_t)opt.holdout : 0, &b);
	out_line(&b);
	buf_free(&b);
	net_close(n);
}

static void
train(char **operands)
{
	struct nettrain_plan plan = {.jobs = (int)opt.jobs,
	    .batch = (int)opt.batch,
	    .seed = (unsigned long long)opt.seed};
	struct nettrain *t;

	atomic_check(opt.weights);
	atomic_check(opt.checkpoint);
	t = nettrain_open(opt.cfg, opt.start, &plan);
	load_images(t->shape, operands[0], operands[1]);
	run_training(t);
	nettrain_close(t);
}

int
main(int argc, char **argv)
{
	parse_options(&argc, &argv);
	if (opt.calibrate)
		calibrate(argv);
	else
		train(argv);
	netdata_free(&data);
	out_close();
	return EXIT_SUCCESS;
}
