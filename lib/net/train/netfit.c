#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool/err.h"
#include "tool/gzip.h"
#include "net/train/netckpt.h"
#include "net/train/netdata.h"
#include "net/train/netfit.h"
#include "net/train/netsgd.h"
#include "net/train/nettrain.h"
#include "stats/rng.h"

/* Streams of the seed; those of the images start at 2^32. */
enum { STREAM_ORDER = 1 << 8 };

#define STREAM_IMAGES (1ULL << 32)

static volatile sig_atomic_t stopped;

static void
ask_to_stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static void
catch_signals(void)
{
	struct sigaction sa = {.sa_handler = ask_to_stop};

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

double
netfit_rate(double rate, unsigned long long step, unsigned long long total)
{
	double warm = (double)(total / 20), at = (double)step;

	if (at < warm)
		return rate * (at + 1) / warm;
	return rate * .5 *
	       (1 + cos(M_PI * (at - warm) / ((double)total - warm)));
}

/* The order of an epoch's images: Fisher and Yates, from the epoch's number. */
static void
shuffle(size_t *order, size_t n, const struct netfit_plan *p,
    unsigned long long epoch)
{
	struct rng r;
	size_t i;

	for (i = 0; i < n; i++)
		order[i] = i;
	rng_seed(&r, p->seed, STREAM_ORDER + epoch);
	for (i = n; i > 1; i--) {
		size_t j = rng_below(&r, i), t = order[i - 1];

		order[i - 1] = order[j];
		order[j] = t;
	}
}

static unsigned long long
checksum(const char *path)
{
	unsigned long crc;

	if (gzip_crc_file(path, &crc) < 0)
		err_die("%s: %m", path);
	return crc;
}

static void
show_progress(const struct nettrain *t, unsigned long long total, double loss,
    double rate)
{
	char note[64];

	snprintf(note, sizeof note, "loss %.4f rate %.5f", loss, rate);
	err_progress("training", t->steps, total, note);
}

struct run {
	struct nettrain *t;
	const struct netfit_plan *plan;
	struct netckpt_key keys[NETCKPT_KEYS + 1];
	double rate, sum; /* sum of the epoch's losses */
	unsigned long long epoch_steps, total;
	time_t saved;
};

static void
save_checkpoint(struct run *r)
{
	netckpt_save(r->t, r->keys, r->sum, r->plan->checkpoint);
	r->saved = time(NULL);
}

static void
start_run(struct run *r, struct nettrain *t, const struct netdata *d,
    const struct netfit_plan *p)
{
	unsigned long long rate;
	double highest = p->rate > 0 ? p->rate : t->rate;
	struct netckpt_key keys[] = {
	    {"cfg", checksum(p->cfg)},
	    {"seed", p->seed},
	    {"epochs", (unsigned long long)p->epochs},
	    {"number of images", p->images},
	    {"data", gzip_crc(0, d->pixels,
			 p->images * d->size * sizeof *d->pixels)},
	    {"rate", 0},
	    {"batch", (unsigned long long)t->batch},
	    {"number of jobs", (unsigned long long)t->jobs},
	    {"augmentation",
		(unsigned long long)p->shift * 2 + (unsigned)p->flip},
	    {"mean or scale",
		gzip_crc(gzip_crc(0, d->prep.mean, sizeof d->prep.mean),
		    d->prep.scale, sizeof d->prep.scale)},
	    {NULL, 0},
	};

	memcpy(&rate, &highest, sizeof rate);
	keys[5].value = rate;
	*r = (struct run){.t = t, .plan = p, .rate = highest};
	memcpy(r->keys, keys, sizeof keys);
	r->epoch_steps = p->images / (size_t)t->batch;
	if (r->epoch_steps == 0)
		err_die("%zu images are fewer than a batch of %d", p->images,
		    t->batch);
	r->total = r->epoch_steps * (unsigned long long)p->epochs;
	r->saved = time(NULL);
	if (p->resume && !netckpt_load(t, r->keys, &r->sum, p->checkpoint))
		err_warn("%s: no checkpoint: starts from the beginning",
		    p->checkpoint);
}

struct netfit_result
netfit_run(
    struct nettrain *t, const struct netdata *d, const struct netfit_plan *p)
{
	size_t *order = err_malloc(p->images * sizeof *order);
	struct netdata_view v = {.data = d,
	    .order = order,
	    .flip = p->flip,
	    .shift = p->shift,
	    .seed = p->seed};
	struct netdata_images images = netdata_images(&v);
	int batch = t->batch, fresh = 1;
	struct run r;
	unsigned long long at;

	start_run(&r, t, d, p);
	catch_signals();
	while ((at = t->steps) < r.total && !stopped) {
		double rate = netfit_rate(r.rate, at, r.total), loss;

		if (fresh || at % r.epoch_steps == 0)
			shuffle(order, p->images, p, at / r.epoch_steps);
		if (at % r.epoch_steps == 0)
			r.sum = 0;
		fresh = 0;
		v.first = at % r.epoch_steps * (size_t)batch;
		v.stream = STREAM_IMAGES + at * (unsigned)batch;
		loss = netsgd_step(t, &images, rate);
		if (!isfinite(loss))
			err_die(
			    "diverged at step %llu: try a lower --rate", at);
		r.sum += loss;
		show_progress(
		    t, r.total, r.sum / (double)(at % r.epoch_steps + 1), rate);
		if (time(NULL) - r.saved >= p->interval)
			save_checkpoint(&r);
	}
	err_progress_end();
	free(order);
	if (stopped && t->steps < r.total)
		save_checkpoint(&r);
	return (struct netfit_result){.stopped = stopped && t->steps < r.total,
	    .loss = r.sum / (double)r.epoch_steps,
	    .steps = t->steps};
}
