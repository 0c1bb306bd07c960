#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <darknet.h>

#include "tool/err.h"
#include "net/netcfg.h"
#include "net/netlayer.h"
#include "net/onednn/netdnnl.h"
#include "net/onednn/netfold.h"
#include "net/onednn/netmerge.h"
#include "net/onednn/netplan.h"
#include "net/onednn/netrun.h"
#include "net/onednn/netsteps.h"

enum { NONE = -1 };

struct netplan {
	struct network *dark;
	struct netsteps *steps;
	struct netrun **run; /* one for each image at the same time */
	int runs;
	int input;
	int *value;           /* of each layer's output */
	int *source;          /* room for one layer's sources */
	pthread_mutex_t lock; /* of source, and of darknet's network */
};

/* The value of the layer before, or of the input. */
static int
before(const struct netplan *p, int i)
{
	return i > 0 ? p->value[i - 1] : p->input;
}

static struct netdnnl_window
square(const layer *l, int pad)
{
	return (struct netdnnl_window){{l->size, l->size},
	    {l->stride, l->stride}, {pad, pad}, {1, 1}, {l->out_h, l->out_w}};
}

static int
add_conv(struct netplan *p, const layer *l, int src, const float *weights,
    const float *bias, const struct netdnnl_act *act)
{
	struct netdnnl_window w = square(l, l->pad);

	if (l->type == CONNECTED)
		return netdnnl_connected(
		    p->steps, src, l->outputs, weights, bias, act);
	return netdnnl_conv(
	    p->steps, src, &w, l->n, l->groups, weights, bias, act);
}

/* The activation of layer i, where oneDNN has none of its kind. */
static void
run_activation(void *ctx, int i, const float *const *in, float *out)
{
	const struct netplan *p = ctx;
	const layer *l = &p->dark->layers[i];

	memcpy(out, in[0], (size_t)l->outputs * sizeof *out);
	netlayer_activate(out, l->outputs, (int)l->activation);
}

static int
add_run_activation(struct netplan *p, int i, int src)
{
	const layer *l = &p->dark->layers[i];
	struct netdims shape = netdims_image(l->out_c, l->out_h, l->out_w);

	return netsteps_call(p->steps, &src, 1, &shape, run_activation, p, i);
}

/* A convolutional or a connected layer. */
static int
add_weighted(struct netplan *p, int i)
{
	layer *l = &p->dark->layers[i];
	int n = l->type == CONNECTED ? l->outputs : l->n, made;
	size_t each = l->type == CONNECTED ? (size_t)l->inputs
					   : (size_t)l->nweights / l->n;
	const struct netdnnl_act *act = netfold_act(l->activation);
	int own = act == NULL;
	float *w = NULL, *bias = NULL;

	if (own)
		act = netfold_act(LINEAR);
	if (l->batch_normalize) {
		bias = err_malloc(n * sizeof *bias);
		w = netfold_weights(l, n, each, bias);
	}
	made = add_conv(p, l, before(p, i), w != NULL ? w : l->weights,
	    bias != NULL ? bias : l->biases, act);
	free(bias);
	free(w);
	if (made != NONE) {
		free(l->weights);
		l->weights = NULL;
	}
	if (made != NONE && own)
		made = add_run_activation(p, i, made);
	return made;
}

static int
add_maxpool(struct netplan *p, int i)
{
	const layer *l = &p->dark->layers[i];
	struct netdnnl_window w = square(l, l->pad / 2);

	return netdnnl_maxpool(p->steps, before(p, i), &w);
}

static int
add_avgpool(struct netplan *p, int i)
{
	const layer *l = &p->dark->layers[i];
	struct netdnnl_window w = {
	    {l->h, l->w}, {1, 1}, {0, 0}, {1, 1}, {1, 1}};

	return netdnnl_avgpool(p->steps, before(p, i), &w);
}

static int
add_shortcut(struct netplan *p, int i)
{
	const layer *l = &p->dark->layers[i];
	const struct netdnnl_act *act = netfold_act(l->activation);

	if (act == NULL || l->alpha != 1 || l->beta != 1)
		return NONE;
	return netmerge_pair(
	    p->steps, NETMERGE_ADD, before(p, i), p->value[l->index], act);
}

static int
add_route(struct netplan *p, int i)
{
	const layer *l = &p->dark->layers[i];
	int *src, j, made;

	if (l->n == 1)
		return p->value[l->input_layers[0]];
	src = err_calloc(l->n, sizeof *src);
	for (j = 0; j < l->n; j++)
		src[j] = p->value[l->input_layers[j]];
	made = netmerge_concat(p->steps, src, l->n);
	free(src);
	return made;
}

/* A convolution of each channel for itself, with a window of one pixel. */
static int
add_batchnorm(struct netplan *p, int i)
{
	const layer *l = &p->dark->layers[i];
	struct netdnnl_window pixel = {
	    {1, 1}, {1, 1}, {0, 0}, {1, 1}, {l->out_h, l->out_w}};
	float *scale = err_malloc(l->c * sizeof *scale);
	float *shift = err_malloc(l->c * sizeof *shift);
	int made;

	netfold_norm(l, l->c, scale, shift);
	made = netdnnl_conv(p->steps, before(p, i), &pixel, l->c, l->c, scale,
	    shift, netfold_act(LINEAR));
	free(scale);
	free(shift);
	return made;
}

static int
add_activation(struct netplan *p, int i)
{
	const struct netdnnl_act *act = netfold_act(
	    p->dark->layers[i].activation);

	return act == NULL ? NONE
			   : netdnnl_activate(p->steps, before(p, i), act);
}

/* Nothing happens in inference. */
static int
add_nothing(struct netplan *p, int i)
{
	return before(p, i);
}

/*
 * The softmax stays darknet's: its exponentials are in double precision, and
 * the same on every processor; they take no time worth saving.
 */
static const struct {
	LAYER_TYPE type;
	int (*add)(struct netplan *p, int i);
} kinds[] = {
    {CONVOLUTIONAL, add_weighted},
    {CONNECTED, add_weighted},
    {MAXPOOL, add_maxpool},
    {AVGPOOL, add_avgpool},
    {SHORTCUT, add_shortcut},
    {ROUTE, add_route},
    {BATCHNORM, add_batchnorm},
    {ACTIVE, add_activation},
    {DROPOUT, add_nothing},
    {COST, add_nothing},
};

/* The layers whose outputs enter layer i, at most as many as there are. */
static int
sources(const struct netplan *p, int i, int *source)
{
	const layer *l = &p->dark->layers[i];
	int n = 0, j;

	if (l->type == ROUTE)
		for (j = 0; j < l->n; j++)
			source[n++] = l->input_layers[j];
	else
		source[n++] = i - 1;
	if (l->type == SHORTCUT)
		source[n++] = l->index;
	return n;
}

/* darknet's own forward pass of one layer, from our arrays to ours. */
static void
run_layer(void *ctx, int i, const float *const *in, float *out)
{
	struct netplan *p = ctx;
	struct network net = *p->dark;
	layer l;
	int n, j;

	pthread_mutex_lock(&p->lock);
	l = net.layers[i];
	n = sources(p, i, p->source);
	for (j = 0; j < n; j++)
		if (p->source[j] >= 0)
			net.layers[p->source[j]].output = (float *)in[j];
	net.train = 0;
	net.truth = NULL;
	net.delta = NULL;
	net.index = i;
	net.input = (float *)in[0];
	l.output = out;
	l.forward(l, net);
	for (j = 0; j < n; j++)
		if (p->source[j] >= 0)
			net.layers[p->source[j]].output = NULL;
	pthread_mutex_unlock(&p->lock);
}

static int
add_call(struct netplan *p, int i, const struct netcfg_section *s)
{
	int n = sources(p, i, p->source), j, made;
	int *src = err_calloc(n, sizeof *src);
	struct netdims shape = s->w > 0 ? netdims_image(s->c, s->h, s->w)
					: netdims_image((int)s->outputs, 1, 1);

	for (j = 0; j < n; j++)
		src[j] = p->source[j] < 0 ? p->input : p->value[p->source[j]];
	made = netsteps_call(p->steps, src, n, &shape, run_layer, p, i);
	free(src);
	return made;
}

static int
add_layer(struct netplan *p, int i, const struct netcfg_section *s)
{
	size_t k;
	int made;

	for (k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (kinds[k].type == p->dark->layers[i].type &&
		    (made = kinds[k].add(p, i)) != NONE)
			return made;
	return add_call(p, i, s);
}

static int
most_sources(const struct network *dark)
{
	int i, most = 2;

	for (i = 0; i < dark->n; i++)
		if (dark->layers[i].type == ROUTE && dark->layers[i].n > most)
			most = dark->layers[i].n;
	return most;
}

/* The outputs are in our memory; where darknet's were, there is none. */
static void
free_outputs(struct network *dark)
{
	int i;

	for (i = 0; i < dark->n; i++) {
		if (dark->layers[i].type != DROPOUT)
			free(dark->layers[i].output);
		dark->layers[i].output = NULL;
	}
}

struct netplan *
netplan_make(struct network *dark, const struct netcfg *cfg, int last,
    const int *keep, int threads, int images)
{
	struct netplan *p = err_calloc(1, sizeof *p);
	struct netdims input = netdims_image(dark->c, dark->h, dark->w);
	int i;

	p->dark = dark;
	pthread_mutex_init(&p->lock, NULL);
	p->value = err_calloc(dark->n, sizeof *p->value);
	p->source = err_calloc(most_sources(dark), sizeof *p->source);
	p->steps = netsteps_new(threads);
	p->input = netsteps_input(p->steps, &input);
	free_outputs(dark);
	for (i = 0; i <= last; i++)
		p->value[i] = add_layer(p, i, &cfg->section[i + 1]);
	for (i = 0; i <= last; i++)
		if (keep[i])
			p->value[i] = netsteps_keep(p->steps, p->value[i]);
	netsteps_done(p->steps);
	p->runs = images;
	p->run = err_calloc(images, sizeof *p->run);
	for (i = 0; i < images; i++)
		p->run[i] = netrun_make(p->steps);
	return p;
}

void
netplan_run(struct netplan *p, int run, const float *input)
{
	netrun_image(p->run[run], input);
}

const float *
netplan_output(const struct netplan *p, int run, int layer)
{
	return netrun_value(p->run[run], p->value[layer]);
}

void
netplan_free(struct netplan *p)
{
	int i;

	for (i = 0; i < p->runs; i++)
		netrun_free(p->run[i]);
	free(p->run);
	netsteps_free(p->steps);
	pthread_mutex_destroy(&p->lock);
	free(p->source);
	free(p->value);
	free(p);
}
