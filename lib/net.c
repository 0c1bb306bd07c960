#include <stdlib.h>

#include <darknet.h>

#include "err.h"
#include "net.h"
#include "netdark.h"

struct net {
	struct network *dark;
	struct netcfg *cfg;
	struct net_shape shape;
	int last; /* the layer whose output is the network's */
};

static struct net *
open_with(const char *cfg_path, const char *weights,
    void (*install)(struct network *))
{
	struct net *n = err_calloc(1, sizeof *n);
	struct netcfg *cfg = n->cfg = netcfg_open(cfg_path);

	netblob_check(cfg, weights);
	n->dark = netdark_make(cfg, 1);
	netblob_load(n->dark, cfg, weights);
	if (install != NULL)
		install(n->dark);
	n->last = n->dark->n - 1;
	while (n->last > 0 && n->dark->layers[n->last].type == COST)
		n->last--;
	n->shape = (struct net_shape){.width = cfg->section[0].w,
	    .height = cfg->section[0].h,
	    .channels = cfg->section[0].c,
	    .layers = n->dark->n,
	    .classes = n->dark->layers[n->last].outputs};
	return n;
}

struct net *
net_open(const char *cfg, const char *weights)
{
	return open_with(cfg, weights, netlayer_install);
}

struct net *
net_open_plain(const char *cfg, const char *weights)
{
	return open_with(cfg, weights, NULL);
}

struct net_shape
net_shape(const struct net *n)
{
	return n->shape;
}

const float *
net_predict(struct net *n, const float *input)
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
	return n->dark->layers[n->last].output;
}

const float *
net_layer(const struct net *n, int i, size_t *len)
{
	const layer *l = &n->dark->layers[i < 0 ? i + n->dark->n : i];

	*len = (size_t)l->outputs;
	return l->output;
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

struct net_layer_shape
net_layer_shape(const struct net *n, int i)
{
	const struct netcfg_section
	    *s = &n->cfg->section[1 + (i < 0 ? i + n->dark->n : i)];

	return (struct net_layer_shape){
	    netcfg_type(s), s->w, s->h, s->c, (size_t)s->outputs};
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
	netdark_free(n->dark);
	netcfg_free(n->cfg);
	free(n);
}
