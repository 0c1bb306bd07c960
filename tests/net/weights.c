/*
 * weights CFG FILE [SEED] - random weights for a network, such that it works:
 * normal, of variance 2 by the inputs of an output; and where there is batch
 * normalisation, with the statistics of some images of noise, so that what
 * runs through neither vanishes nor grows.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <darknet.h>

#include "tool/err.h"
#include "net/netcfg.h"
#include "net/netblob.h"
#include "net/netdark.h"
#include "net/netlayer.h"
#include "net/netshape.h"
#include "stats/rng.h"

enum { IMAGES = 4 };

static void
draw(layer *l, struct rng *rng)
{
	struct netblob blob[NETBLOB_MAX];
	int n = netblob_list(l, blob), i;
	double in = l->type == CONNECTED ? l->inputs
					 : (double)l->size * l->size * l->c /
					       (l->groups > 0 ? l->groups : 1);
	size_t k;

	for (i = 0; i < n; i++)
		for (k = 0; k < blob[i].n; k++)
			switch (blob[i].kind) {
			case NETBLOB_WEIGHT:
				blob[i].value[k] = (float)(sqrt(2 / in) *
							   rng_normal(rng));
				break;
			case NETBLOB_BIAS:
				blob[i].value[k] = (float)(.2 *
							   rng_normal(rng));
				break;
			default: /* scales; statistics come from a pass */
				blob[i].value[k] = (float)(.8 +
							   .4 * rng_uniform(
								    rng));
			}
}

/* Mean and variance of a channel over the images. */
static void
measure(const float *x, int channels, size_t size, int c, float *mean,
    float *variance)
{
	double sum = 0, square = 0, n = (double)IMAGES * (double)size;
	int b;
	size_t i;

	for (b = 0; b < IMAGES; b++)
		for (i = 0; i < size; i++) {
			double v = x[((size_t)b * channels + c) * size + i];

			sum += v;
			square += v * v;
		}
	*mean = (float)(sum / n);
	*variance = (float)fmax(square / n - sum / n * (sum / n), 1e-4);
}

/* Sets the statistics to those of the layer without its normalisation. */
static void
settle(layer *l, struct network net)
{
	int channels = l->type == CONNECTED ? l->outputs : l->out_c, c;
	size_t size = (size_t)l->outputs / channels;
	const float *x = net.input;
	layer bare = *l;

	if (l->type != BATCHNORM) {
		bare.batch_normalize = 0;
		bare.activation = LINEAR;
		bare.biases = err_calloc(channels, sizeof(float));
		bare.forward(bare, net);
		free(bare.biases);
		x = l->output;
	}
	for (c = 0; c < channels; c++)
		measure(x, channels, size, c, &l->rolling_mean[c],
		    &l->rolling_variance[c]);
}

int
main(int argc, char **argv)
{
	struct netcfg *cfg;
	struct network *net, pass;
	struct rng rng;
	size_t size, k;
	float *noise;
	int i;

	err_init("weights");
	if (argc < 3)
		err_die("usage: weights CFG FILE [SEED]");
	cfg = netcfg_open(argv[1]);
	netshape_follow(cfg);
	net = netdark_make(cfg, IMAGES);
	netlayer_install(net);
	rng_seed(&rng, argc > 3 ? strtoull(argv[3], NULL, 10) : 1, 0);
	size = (size_t)cfg->section[0].outputs * IMAGES;
	noise = err_malloc(size * sizeof *noise);
	for (k = 0; k < size; k++)
		noise[k] = (float)rng_uniform(&rng);
	pass = *net;
	pass.train = 0;
	pass.truth = pass.delta = NULL;
	pass.input = noise;
	for (i = 0; i < net->n && net->layers[i].type != COST; i++) {
		layer *l = &net->layers[i];

		pass.index = i;
		draw(l, &rng);
		if (l->batch_normalize || l->type == BATCHNORM)
			settle(l, pass);
		l->forward(*l, pass);
		pass.input = l->output;
	}
	netblob_save(net, 0, argv[2]);
	free(noise);
	netdark_free(net);
	netcfg_free(cfg);
	return EXIT_SUCCESS;
}
