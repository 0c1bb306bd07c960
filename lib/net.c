#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <darknet.h>

#include "err.h"
#include "net.h"
#include "netdark.h"
#include "netplan.h"

struct net {
	struct network *dark;
	struct netplan *plan; /* of oneDNN, once the kept layers are known */
	int workers;          /* threads with images of their own */
	struct net_setup setup;
	struct net_shape shape;
	struct net_layer_shape *layer;
	int *keep;      /* whether a layer's output is asked for */
	float **output; /* batch x outputs of those; made by prepare */
	int last;       /* the layer whose output is the network's */
};

static void
list_layers(struct net *n, const struct netcfg *cfg)
{
	int i;

	n->layer = err_calloc(n->dark->n, sizeof *n->layer);
	n->keep = err_calloc(n->dark->n, sizeof *n->keep);
	for (i = 0; i < n->dark->n; i++) {
		const struct netcfg_section *s = &cfg->section[i + 1];

		n->layer[i] = (struct net_layer_shape){
		    netcfg_type(s), s->w, s->h, s->c, (size_t)s->outputs};
	}
}

static struct net *
open_with(const struct net_setup *setup, void (*install)(struct network *))
{
	struct net *n = err_calloc(1, sizeof *n);
	struct netcfg *cfg = netcfg_open(setup->cfg);

	netblob_check(cfg, setup->weights);
	n->setup = *setup;
	n->dark = netdark_make(cfg, 1);
	netblob_load(n->dark, cfg, setup->weights);
	if (install != NULL)
		install(n->dark);
	list_layers(n, cfg);
	n->last = n->dark->n - 1;
	while (n->last > 0 && n->dark->layers[n->last].type == COST)
		n->last--;
	n->shape = (struct net_shape){.width = cfg->section[0].w,
	    .height = cfg->section[0].h,
	    .channels = cfg->section[0].c,
	    .layers = n->dark->n,
	    .classes = n->dark->layers[n->last].outputs};
	n->keep[n->last] = 1;
	netcfg_free(cfg);
	return n;
}

struct net *
net_open(const struct net_setup *setup)
{
	return open_with(setup, netlayer_install);
}

struct net *
net_open_plain(const char *cfg, const char *weights)
{
	return open_with(
	    &(struct net_setup){cfg, weights, NET_DARKNET, 1, 1}, NULL);
}

struct net_shape
net_shape(const struct net *n)
{
	return n->shape;
}

static int
from_start(const struct net *n, int layer)
{
	return layer < 0 ? layer + n->dark->n : layer;
}

struct net_layer_shape
net_layer_shape(const struct net *n, int layer)
{
	return n->layer[from_start(n, layer)];
}

int
net_penultimate(const struct net *n)
{
	int i;

	for (i = n->last; i > 0; i--)
		if (n->dark->layers[i].type == SOFTMAX)
			return i - 1;
	return n->last;
}

void
net_keep(struct net *n, int layer)
{
	n->keep[from_start(n, layer)] = 1;
}

/* What had to wait until the kept layers are known. */
static void
prepare(struct net *n)
{
	int i;

	n->output = err_calloc(n->dark->n, sizeof *n->output);
	for (i = 0; i < n->dark->n; i++)
		if (n->keep[i])
			n->output[i] = err_calloc(
			    (size_t)n->setup.batch * n->layer[i].outputs,
			    sizeof(float));
	n->workers = 1;
#ifdef WITH_ONEDNN
	if (n->setup.engine == NET_ONEDNN) {
		int threads = n->setup.threads;

		if (n->setup.batch > 1)
			n->workers = threads;
		n->plan = netplan_make(n->dark, n->layer, n->last, n->keep,
		    n->setup.batch > 1 ? 1 : threads, n->workers);
	}
#endif
}

static void
run_layers(struct net *n, const float *input)
{
	struct network net = *n->dark;
	int i;

	net.train = 0;
	net.truth = NULL;
	net.delta = NULL;
	net.input = (float *)input;
	for (i = 0; i <= n->last; i++) {
		layer *l = &n->dark->layers[i];

		net.index = i;
		l->forward(*l, net);
		net.input = l->output;
	}
}

static void
run(struct net *n, int worker, const float *input)
{
#ifdef WITH_ONEDNN
	if (n->plan != NULL) {
		netplan_run(n->plan, worker, input);
		return;
	}
#endif
	(void)worker;
	run_layers(n, input);
}

/*
 * Layer i's output for the worker's last image. Behind the network's own
 * output nothing is computed.
 */
static const float *
output(const struct net *n, int worker, int i)
{
	i = i > n->last ? n->last : i;
#ifdef WITH_ONEDNN
	if (n->plan != NULL)
		return netplan_output(n->plan, worker, i);
#endif
	(void)worker;
	return n->dark->layers[i].output;
}

/* A prediction that workers share. */
struct batch {
	struct net *net;
	const float *input;
	int images;
	atomic_int next_image, next_worker;
};

/* Takes image after image, as long as there are any. */
static void *
work(void *shared)
{
	struct batch *batch = shared;
	struct net *n = batch->net;
	size_t size = (size_t)n->shape.channels * (size_t)n->shape.height *
		      (size_t)n->shape.width;
	int worker = batch->next_worker++, b, i;

	while ((b = batch->next_image++) < batch->images) {
		run(n, worker, batch->input + (size_t)b * size);
		for (i = 0; i < n->dark->n; i++) {
			size_t len = n->layer[i].outputs;

			if (n->keep[i])
				memcpy(n->output[i] + (size_t)b * len,
				    output(n, worker, i), len * sizeof(float));
		}
	}
	return NULL;
}

const float *
net_predict(struct net *n, const float *input, int images)
{
	struct batch batch = {.net = n, .input = input, .images = images};
	pthread_t *helper;
	int helpers = 0, most;

	if (n->output == NULL)
		prepare(n);
	most = (images < n->workers ? images : n->workers) - 1;
	helper = err_calloc(most + 1, sizeof *helper);
	while (helpers < most &&
	       pthread_create(&helper[helpers], NULL, work, &batch) == 0)
		helpers++;
	work(&batch);
	while (helpers > 0)
		pthread_join(helper[--helpers], NULL);
	free(helper);
	return n->output[n->last];
}

const float *
net_layer(const struct net *n, int layer, int image, size_t *len)
{
	int i = from_start(n, layer);

	*len = n->layer[i].outputs;
	return n->output[i] + (size_t)image * *len;
}

double
net_temperature(const struct net *n)
{
	const layer *l = &n->dark->layers[n->last];

	return l->type == SOFTMAX && l->groups == 1 ? l->temperature : 0;
}

void
net_close(struct net *n)
{
	int i;

#ifdef WITH_ONEDNN
	if (n->plan != NULL)
		netplan_free(n->plan);
#endif
	for (i = 0; n->output != NULL && i < n->dark->n; i++)
		free(n->output[i]);
	free(n->output);
	free(n->keep);
	free(n->layer);
	netdark_free(n->dark);
	free(n);
}
