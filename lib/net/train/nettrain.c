#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <darknet.h>

#include "tool/err.h"
#include "net/netact.h"
#include "net/netblob.h"
#include "net/netcfg.h"
#include "net/netdark.h"
#include "net/netlayer.h"
#include "net/netshape.h"
#include "net/train/nettrain.h"
#include "stats/rng.h"

enum { STREAM_WEIGHTS = 1 }; /* of random numbers; netsgd.c has others */

/* He et al., ICCV 2015: what goes in keeps its variance. */
static void
draw_weights(layer *l, struct rng *rng)
{
	struct netblob b[NETBLOB_MAX];
	int n = netblob_list(l, b), k;
	double in = l->type == CONVOLUTIONAL
			? (double)l->size * l->size * l->c / l->groups
		    : l->type == LOCAL ? (double)l->size * l->size * l->c
				       : l->inputs;
	size_t i;

	for (k = 0; k < n; k++)
		for (i = 0; i < b[k].n; i++) {
			double w = 0;

			if (b[k].kind == NETBLOB_WEIGHT)
				w = sqrt(2 / in) * rng_normal(rng);
			else if (b[k].kind == NETBLOB_SCALE)
				w = 1;
			b[k].value[i] = (float)w;
		}
}

/* Makes a replica's layer use the master's weights. */
static void
use_weights_of(layer *l, const layer *master)
{
	struct netblob b[NETBLOB_MAX];
	int n = netblob_list(l, b), k;

	for (k = 0; k < n; k++)
		free(b[k].value);
	l->weights = master->weights;
	l->biases = master->biases;
	l->scales = master->scales;
	l->rolling_mean = master->rolling_mean;
	l->rolling_variance = master->rolling_variance;
}

static void
forget_weights(layer *l)
{
	l->weights = l->biases = l->scales = NULL;
	l->rolling_mean = l->rolling_variance = NULL;
}

/* What training needs and darknet leaves out. */
static void
add_deltas(struct network *net)
{
	int i;

	for (i = 0; i < net->n; i++) {
		layer *l = &net->layers[i];

		if (l->type == CROP)
			l->delta = err_calloc(
			    (size_t)l->outputs * l->batch, sizeof(float));
		if (l->type == DROPOUT)
			l->delta = net->layers[i - 1].delta;
	}
}

/* What runs and can't be trained. */
static void
refuse_untrainable(const struct netcfg *cfg)
{
	size_t i;

	for (i = 1; i < cfg->n; i++) {
		const struct netcfg_section *s = &cfg->section[i];
		const char *act = netcfg_text(s, "activation", "");

		if (netcfg_int(s, "flipped", 0))
			netcfg_die(cfg, s, "with flipped can't be trained");
		if (netact_find(act))
			netcfg_die(cfg, s, "with %s can't be trained", act);
	}
}

/* The softmax that is trained. */
static int
find_softmax(const struct netcfg *cfg)
{
	int i;

	for (i = (int)cfg->n - 1; i > 1; i--) {
		const char *type = netcfg_type(&cfg->section[i]);

		if (strcmp(type, "softmax") == 0 &&
		    netcfg_int(&cfg->section[i], "groups", 1) == 1)
			return i - 1;
		if (strcmp(type, "cost") != 0)
			break;
	}
	netcfg_die(cfg, &cfg->section[cfg->n - 1],
	    "is last: only a network that ends in [softmax] is trained");
}

static void
follow_plan(
    struct nettrain *t, const struct netcfg *cfg, const struct nettrain_plan *p)
{
	const struct netcfg_section *s = cfg->section;

	refuse_untrainable(cfg);
	t->soft = find_softmax(cfg);
	t->jobs = p->jobs;
	t->batch = p->batch > 0 ? p->batch : (int)netcfg_int(s, "batch", 64);
	if (t->batch % t->jobs != 0)
		err_die("%s: batch %d is not a multiple of %d jobs", cfg->path,
		    t->batch, t->jobs);
	t->momentum = netcfg_real(s, "momentum", .9);
	t->decay = netcfg_real(s, "decay", .0001);
	t->rate = netcfg_real(s, "learning_rate", .001);
	t->seed = p->seed;
	t->params = (size_t)cfg->params;
	t->shape = (struct net_shape){.width = s->w,
	    .height = s->h,
	    .channels = s->c,
	    .layers = (int)cfg->n - 1,
	    .classes = (int)cfg->section[t->soft + 1].outputs};
}

struct nettrain *
nettrain_open(
    const char *cfg_path, const char *weights, const struct nettrain_plan *p)
{
	struct netcfg *cfg = netcfg_open(cfg_path);
	struct nettrain *t = err_calloc(1, sizeof *t);
	struct rng rng;
	int i, j;

	netshape_follow(cfg);
	follow_plan(t, cfg, p);
	if (weights != NULL)
		netblob_check(cfg, weights);
	t->velocity = err_calloc(t->params, sizeof *t->velocity);
	t->state = err_calloc(t->params, 2 * sizeof *t->state);
	t->dark = err_calloc((size_t)t->jobs, sizeof *t->dark);
	rng_seed(&rng, t->seed, STREAM_WEIGHTS);
	for (j = 0; j < t->jobs; j++) {
		t->dark[j] = netdark_make(cfg, t->batch / t->jobs);
		netlayer_install(t->dark[j]);
		add_deltas(t->dark[j]);
		for (i = 0; i < t->dark[j]->n; i++)
			if (j > 0)
				use_weights_of(&t->dark[j]->layers[i],
				    &t->dark[0]->layers[i]);
			else
				draw_weights(&t->dark[0]->layers[i], &rng);
	}
	if (weights != NULL)
		netblob_load(t->dark[0], cfg, weights);
	netcfg_free(cfg);
	return t;
}

float *
nettrain_state(struct nettrain *t, size_t *n)
{
	*n = 2 * t->params;
	return t->state;
}

/* Copies all weights to or from the state. */
static void
copy_weights(struct nettrain *t, int set)
{
	struct netblob b[NETBLOB_MAX];
	float *p = t->state;
	int i, k, n;

	for (i = 0; i < t->dark[0]->n; i++) {
		n = netblob_list(&t->dark[0]->layers[i], b);
		for (k = 0; k < n; p += b[k++].n)
			memcpy(set ? b[k].value : p, set ? p : b[k].value,
			    b[k].n * sizeof *p);
	}
}

void
nettrain_get(struct nettrain *t)
{
	copy_weights(t, 0);
	memcpy(
	    t->state + t->params, t->velocity, t->params * sizeof *t->velocity);
}

void
nettrain_set(struct nettrain *t, unsigned long long steps)
{
	copy_weights(t, 1);
	memcpy(
	    t->velocity, t->state + t->params, t->params * sizeof *t->velocity);
	t->steps = steps;
}

void
nettrain_save(const struct nettrain *t, const char *path)
{
	netblob_save(t->dark[0], t->steps * (unsigned)t->batch, path);
}

void
nettrain_close(struct nettrain *t)
{
	int i, j;

	for (j = t->jobs - 1; j >= 0; j--) {
		for (i = 0; j > 0 && i < t->dark[j]->n; i++)
			forget_weights(&t->dark[j]->layers[i]);
		netdark_free(t->dark[j]);
	}
	free(t->dark);
	free(t->velocity);
	free(t->state);
	free(t);
}
