#include <stdlib.h>

#include <darknet.h>

#include "tool/err.h"
#include "net/netblob.h"
#include "net/netcfg.h"
#include "net/netdark.h"
#include "net/netdarkrun.h"
#include "net/netlayer.h"
#include "net/netneed.h"
#include "net/netshape.h"
#include "net/onednn/netplan.h"

struct darkrun {
	struct network *dark;
	struct netplan *plan; /* of oneDNN, once the kept layers are known */
	struct netcfg *cfg;   /* layer i is its section i + 1 */
	int engine;           /* enum net_engine */
	int last;             /* the layer whose output is the network's */
};

static struct net_layer_shape
layer_shape(const void *ctx, int layer)
{
	const struct darkrun *d = ctx;
	const struct netcfg_section *s = &d->cfg->section[layer + 1];

	return (struct net_layer_shape){
	    NULL, netcfg_type(s), s->w, s->h, s->c, (size_t)s->outputs};
}

static void
prepare(void *ctx, const int *keep, int threads, int images)
{
#ifdef WITH_ONEDNN
	struct darkrun *d = ctx;

	if (d->engine == NET_ONEDNN)
		d->plan = netplan_make(
		    d->dark, d->cfg, d->last, keep, threads, images);
#else
	(void)ctx, (void)keep, (void)threads, (void)images;
#endif
}

static void
run_layers(struct darkrun *d, const float *input)
{
	struct network net = *d->dark;
	int i;

	net.train = 0;
	net.truth = NULL;
	net.delta = NULL;
	net.input = (float *)input;
	for (i = 0; i <= d->last; i++) {
		layer *l = &d->dark->layers[i];

		net.index = i;
		l->forward(*l, net);
		net.input = l->output;
	}
}

static void
run(void *ctx, int number, const float *input)
{
	struct darkrun *d = ctx;

#ifdef WITH_ONEDNN
	if (d->plan != NULL) {
		netplan_run(d->plan, number, input);
		return;
	}
#endif
	(void)number;
	run_layers(d, input);
}

/* After the network's own output nothing is computed. */
static const float *
output(const void *ctx, int number, int i)
{
	const struct darkrun *d = ctx;

	i = i > d->last ? d->last : i;
#ifdef WITH_ONEDNN
	if (d->plan != NULL)
		return netplan_output(d->plan, number, i);
#endif
	(void)number;
	return d->dark->layers[i].output;
}

static void
close_it(void *ctx)
{
	struct darkrun *d = ctx;

#ifdef WITH_ONEDNN
	if (d->plan != NULL)
		netplan_free(d->plan);
#endif
	netcfg_free(d->cfg);
	netdark_free(d->dark);
	free(d);
}

/* The layer before the last softmax, or the last one. */
static int
find_logits(const struct darkrun *d)
{
	int i;

	for (i = d->last; i > 0; i--)
		if (d->dark->layers[i].type == SOFTMAX)
			return i - 1;
	return d->last;
}

static double
temperature(const struct darkrun *d)
{
	const layer *l = &d->dark->layers[d->last];

	return l->type == SOFTMAX && l->groups == 1 ? l->temperature : 0;
}

/* How many oneDNN runs at the same time; 0 with darknet's engine. */
static int
images_at_once(const struct net_setup *setup)
{
	if (setup->engine == NET_DARKNET)
		return 0;
	return setup->batch > 1 ? setup->threads : 1;
}

static struct darkrun *
load(const struct net_setup *setup)
{
	struct darkrun *d = err_calloc(1, sizeof *d);
	struct netcfg *cfg = netcfg_open(setup->cfg);

	netshape_follow(cfg);
	netneed_bytes(
	    cfg, &(struct netneed_plan){images_at_once(setup), setup->memory});
	netblob_check(cfg, setup->weights);
	d->cfg = cfg;
	d->engine = setup->engine;
	d->dark = netdark_make(cfg, 1);
	netblob_load(d->dark, cfg, setup->weights);
	d->last = d->dark->n - 1;
	while (d->last > 0 && d->dark->layers[d->last].type == COST)
		d->last--;
	return d;
}

struct netmodel
netdarkrun_plain(const struct net_setup *setup)
{
	static const struct netmodel_verbs verbs = {
	    layer_shape, prepare, run, output, close_it};
	struct darkrun *d = load(setup);
	const struct netcfg_section *input = &d->cfg->section[0];

	return (struct netmodel){.verbs = &verbs,
	    .ctx = d,
	    .shape = {input->w, input->h, input->c, d->dark->n,
		d->dark->layers[d->last].outputs, 0},
	    .one = setup->engine == NET_DARKNET,
	    .last = d->last,
	    .penultimate = find_logits(d),
	    .logits = find_logits(d),
	    .temperature = temperature(d)};
}

struct netmodel
netdarkrun_open(const struct net_setup *setup)
{
	struct netmodel m = netdarkrun_plain(setup);

	netlayer_install(((struct darkrun *)m.ctx)->dark);
	return m;
}
