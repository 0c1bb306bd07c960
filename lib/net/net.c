#include <ctype.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/err.h"
#include "net/net.h"
#include "net/netdarkrun.h"
#include "net/onnx/onnxnet.h"

struct net {
	struct netmodel model;
	struct net_setup setup;
	int workers;    /* threads with images of their own */
	int prepared;   /* the kept layers are known */
	int *keep;      /* whether a layer's output is asked for */
	float **output; /* batch x outputs of those */
};

static struct net *
open_model(const struct net_setup *setup, struct netmodel model)
{
	struct net *n = err_calloc(1, sizeof *n);

	n->model = model;
	n->setup = *setup;
	n->keep = err_calloc(model.shape.layers, sizeof *n->keep);
	n->output = err_calloc(model.shape.layers, sizeof *n->output);
	n->keep[model.last] = 1;
	return n;
}

/* A file is ONNX's if it is no text and begins as one of its messages does:
 * with a number (wire type 0) or bytes (2) as one of the fields 1 to 8. */
static int
is_onnx(const char *path)
{
	unsigned char head[16] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), text = 1;
	ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof head);

	for (ssize_t i = 0; i < n; i++)
		text &= !iscntrl(head[i]) || isspace(head[i]);
	if (fd >= 0)
		close(fd);
	return !text && head[0] >> 3 >= 1 && head[0] >> 3 <= 8 &&
	       (head[0] & 5) == 0;
}

static struct netmodel
open_onnx(const struct net_setup *setup)
{
#ifdef WITH_ONEDNN
	return onnxnet_open(setup);
#else
	err_die("%s: an ONNX network: built without oneDNN", setup->cfg);
#endif
}

struct net *
net_open(const struct net_setup *setup)
{
	if (is_onnx(setup->cfg))
		return open_model(setup, open_onnx(setup));
	if (setup->weights == NULL)
		err_die(
		    "%s: a darknet network needs weights: give -w", setup->cfg);
	return open_model(setup, netdarkrun_open(setup));
}

struct net *
net_open_plain(const char *cfg, const char *weights)
{
	struct net_setup setup = {cfg, weights, NET_DARKNET, 1, 1, 0};

	return open_model(&setup, netdarkrun_plain(&setup));
}

struct net_shape
net_shape(const struct net *n)
{
	return n->model.shape;
}

static int
from_start(const struct net *n, int layer)
{
	return layer < 0 ? layer + n->model.shape.layers : layer;
}

struct net_layer_shape
net_layer_shape(const struct net *n, int layer)
{
	return n->model.verbs->layer(n->model.ctx, from_start(n, layer));
}

int
net_penultimate(const struct net *n)
{
	return n->model.penultimate;
}

int
net_logits(const struct net *n)
{
	return n->model.logits;
}

double
net_temperature(const struct net *n)
{
	return n->model.temperature;
}

void
net_keep(struct net *n, int layer)
{
	n->keep[from_start(n, layer)] = 1;
}

static size_t
outputs(const struct net *n, int layer)
{
	return net_layer_shape(n, layer).outputs;
}

/* What had to wait until the kept layers are known. */
static void
prepare(struct net *n)
{
	int batched = n->setup.batch > 1 && !n->model.one, i;

	for (i = 0; i < n->model.shape.layers; i++)
		if (n->keep[i])
			n->output[i] = err_calloc(
			    (size_t)n->setup.batch * outputs(n, i),
			    sizeof(float));
	n->workers = batched ? n->setup.threads : 1;
	n->model.verbs->prepare(n->model.ctx, n->keep,
	    n->setup.batch > 1 ? 1 : n->setup.threads, n->workers);
	n->prepared = 1;
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
	const struct netmodel *m = &n->model;
	size_t size = (size_t)m->shape.channels * (size_t)m->shape.height *
		      (size_t)m->shape.width;
	int worker = batch->next_worker++, b, i;

	while ((b = batch->next_image++) < batch->images) {
		m->verbs->run(m->ctx, worker, batch->input + (size_t)b * size);
		for (i = 0; i < m->shape.layers; i++) {
			size_t len;

			if (!n->keep[i])
				continue;
			len = outputs(n, i);
			memcpy(n->output[i] + (size_t)b * len,
			    m->verbs->output(m->ctx, worker, i),
			    len * sizeof(float));
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

	if (!n->prepared)
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
	return n->output[n->model.last];
}

const float *
net_layer(const struct net *n, int layer, int image, size_t *len)
{
	int i = from_start(n, layer);

	*len = outputs(n, i);
	return n->output[i] + (size_t)image * *len;
}

void
net_close(struct net *n)
{
	int i;

	n->model.verbs->close(n->model.ctx);
	for (i = 0; i < n->model.shape.layers; i++)
		free(n->output[i]);
	free(n->output);
	free(n->keep);
	free(n);
}
