/* net: ours against darknet's own layers, gradients against differences. */
#include <stdlib.h>
#include <string.h>

#include "net/net.h"
#include "net/netgemm.h"
#include "net/train/netdata.h"
#include "net/train/netfit.h"
#include "net/train/netsgd.h"
#include "net/train/nettrain.h"
#include "netfiles.h"
#include "tap.h"

/* A network with all types of layer. */
#define NET                                                                    \
	"[net]\nwidth=12\nheight=10\nchannels=3\nbatch=4\nmomentum=0\ndecay=0\n"
#define CONV "[convolutional]\n"
#define FC   "[connected]\noutput=4\nactivation=linear\n"

static const char all_layers[] = NET
    "[crop]\ncrop_width=11\ncrop_height=9\nnoadjust=1\n" CONV
    "batch_normalize=1\nfilters=8\nsize=3\nstride=1\npad=1\nactivation=leaky\n"
    "[lrn]\nsize=5\n"
    "[maxpool]\nsize=2\nstride=2\n" CONV
    "filters=8\ngroups=4\nsize=3\npad=1\nstride=1\nactivation=relu\n"
    "[shortcut]\nfrom=-2\nactivation=linear\n"
    "[route]\nlayers=-1,-3\n"
    "[batchnorm]\n"
    "[dropout]\nprobability=.3\n" CONV
    "filters=13\nsize=1\nstride=1\nactivation=logistic\n" CONV
    "filters=5\nsize=5\nstride=2\npad=1\nactivation=elu\n"
    "[maxpool]\nsize=3\nstride=1\npadding=2\n"
    "[local]\nfilters=4\nsize=3\nstride=1\npad=1\nactivation=tanh\n"
    "[activation]\nactivation=ramp\n"
    "[avgpool]\n"
    "[connected]\noutput=9\nbatch_normalize=1\nactivation=leaky\n" FC
    "[softmax]\n[cost]\n";

/* Those whose gradient is smooth, or nearly. */
static const char smooth_layers[] = NET CONV
    "batch_normalize=1\nfilters=8\nsize=3\nstride=1\npad=1\nactivation=tanh\n"
    "[maxpool]\nsize=2\nstride=2\npadding=0\n" CONV
    "filters=8\ngroups=2\nsize=3\npad=1\nstride=1\nactivation=logistic\n"
    "[shortcut]\nfrom=-2\nactivation=linear\n"
    "[batchnorm]\n"
    "[dropout]\nprobability=.3\n" CONV
    "filters=6\nsize=3\nstride=2\nactivation=leaky\n"
    "[connected]\noutput=9\nbatch_normalize=1\nactivation=leaky\n" FC
    "[softmax]\n";

/* The largest difference of a layer's outputs, by their largest. */
static double
difference(const struct net *a, const struct net *b, int layer)
{
	double most = 1e-30, off = 0;
	const float *x, *y;
	size_t n, m, i;

	x = net_layer(a, layer, 0, &n);
	y = net_layer(b, layer, 0, &m);
	if (n != m)
		return INFINITY;
	for (i = 0; i < n; i++) {
		most = fmax(most, fabs((double)y[i]));
		off = fmax(off, fabs((double)x[i] - y[i]));
	}
	return off / most;
}

static struct net *
open_engine(int engine, int batch, int threads)
{
	return net_open(
	    &(struct net_setup){cfg, weights, engine, batch, threads, 0});
}

static void
keep_all(struct net *n)
{
	int i;

	for (i = 0; i < net_shape(n).layers; i++)
		net_keep(n, i);
}

static void
check_forward(int engine)
{
	struct net *ours, *theirs;
	float in[360], sum = 0;
	const float *p;
	int i;

	put_weights(0, 2, 20, use(all_layers));
	ours = open_engine(engine, 1, 1);
	theirs = net_open_plain(cfg, weights);
	keep_all(ours);
	keep_all(theirs);
	for (i = 0; i < 360; i++)
		in[i] = (float)uniform();
	p = net_predict(ours, in, 1);
	net_predict(theirs, in, 1);
	for (i = 0; i < net_shape(ours).layers; i++)
		ok(difference(ours, theirs, i) <= 1e-5,
		    "engine %d, layer %d is as darknet has it (%.1e)", engine,
		    i, difference(ours, theirs, i));
	for (i = 0; i < 4; i++)
		sum += p[i];
	ok(fabs(sum - 1) < 1e-5, "probabilities");
	ok(difference(ours, theirs, -2) <= 1e-5, "layers from the end");
	net_close(ours);
	net_close(theirs);
}

static void
check_shape(void)
{
	struct net *n = open_it();
	struct net_shape s = net_shape(n);
	struct net_layer_shape l = net_layer_shape(n, -5);

	ok(s.width == 12 && s.height == 10 && s.channels == 3 &&
		s.layers == 19 && s.classes == 4,
	    "shape");
	ok(net_penultimate(n) == 16, "the layer before the softmax");
	ok(strcmp(l.type, "avgpool") == 0 && l.width == 1 && l.height == 1 &&
		l.channels == 4 && l.outputs == 4,
	    "a layer's shape");
	l = net_layer_shape(n, 17);
	ok(strcmp(l.type, "softmax") == 0 && l.width == 0 && l.outputs == 4,
	    "of one that is no image");
	net_close(n);
}

/* That each image of a batch has the answer that it has alone. */
static void
check_batch(int engine, int threads)
{
	static float in[5 * 360], alone[5 * 4], inner[5 * 4];
	struct net *one = open_engine(engine, 1, 1);
	struct net *many = open_engine(engine, 5, threads);
	const float *p;
	size_t len;
	int i, n, same = 1;

	for (i = 0; i < 5 * 360; i++)
		in[i] = (float)uniform();
	net_keep(one, -3);
	net_keep(many, -3);
	for (i = 0; i < 5; i++) {
		memcpy(alone + i * 4, net_predict(one, in + i * 360, 1),
		    4 * sizeof *alone);
		memcpy(inner + i * 4, net_layer(one, -3, 0, &len),
		    4 * sizeof *inner);
	}
	for (n = 1; n <= 5; n++) {
		p = net_predict(many, in, n);
		same &= memcmp(p, alone, n * 4 * sizeof *p) == 0;
		for (i = 0; i < n; i++) {
			p = net_layer(many, -3, i, &len);
			same &= len == 4 &&
				memcmp(p, inner + i * 4, 4 * sizeof *p) == 0;
		}
	}
	ok(same, "engine %d, %d threads: an image of a batch as alone", engine,
	    threads);
	net_close(one);
	net_close(many);
}

static void
check_product(void)
{
	static float a[40 * 600], b[600 * 70], c[40 * 70], y[40];
	static const int size[][3] = {{1, 1, 1}, {3, 5, 7}, {12, 32, 256},
	    {13, 33, 257}, {40, 70, 600}, {25, 49, 300}, {2, 17, 513}};
	size_t t;
	int i, j, k;

	for (i = 0; i < 40 * 600; i++)
		a[i] = (float)uniform() - .5f;
	for (i = 0; i < 600 * 70; i++)
		b[i] = (float)uniform() - .5f;
	for (t = 0; t < sizeof size / sizeof *size; t++) {
		int m = size[t][0], n = size[t][1], kk = size[t][2];
		double off = 0;

		for (i = 0; i < m * n; i++)
			c[i] = 1;
		netgemm_matrix(m, n, kk, a, b, .5f, c);
		for (i = 0; i < m; i++)
			for (j = 0; j < n; j++) {
				double want = .5;

				for (k = 0; k < kk; k++)
					want += (double)a[i * kk + k] *
						b[k * n + j];
				off = fmax(off, fabs(want - c[i * n + j]));
			}
		ok(off < 1e-4, "product of %d x %d x %d", m, n, kk);
		netgemm_vector(m, kk, a, b, 0, y);
		netgemm_matrix(m, 1, kk, a, b, 0, c);
		for (off = 0, i = 0; i < m; i++)
			off = fmax(off, fabs((double)y[i] - c[i]));
		ok(off < 1e-4, "the same with a vector");
	}
}

/* Four images, drawn once. */
static float image[4][360];

static void
give_image(void *ctx, size_t i, float *input)
{
	(void)ctx;
	memcpy(input, image[i], sizeof image[i]);
}

static int
give_class(void *ctx, size_t i)
{
	(void)ctx;
	return (int)i;
}

static const struct netdata_images four = {give_image, give_class, NULL};

/* Loss from weights w, with weight i moved; step 0 again. */
static double
loss_at(struct nettrain *t, const float *w, size_t i, float move)
{
	size_t n;
	float *state = nettrain_state(t, &n);

	memcpy(state, w, n * sizeof *w);
	state[i] += move;
	nettrain_set(t, 0);
	return netsgd_step(t, &four, 0);
}

static void
check_gradient(int jobs)
{
	struct nettrain_plan plan = {.jobs = jobs, .seed = 7};
	double off = 0, all = 0;
	float *state, *w, *g;
	struct nettrain *t;
	size_t n, i;
	int k;

	use(smooth_layers);
	t = nettrain_open(cfg, NULL, &plan);
	nettrain_get(t);
	state = nettrain_state(t, &n);
	w = malloc(n * sizeof *w);
	g = malloc(n * sizeof *g);
	memcpy(w, state, n * sizeof *w);
	loss_at(t, w, 0, 0);
	nettrain_get(t);
	memcpy(g, state, n * sizeof *g);
	for (k = 0; k < 200; k++) {
		double slope;

		i = (size_t)(uniform() * (double)(n / 2));
		slope = (loss_at(t, w, i, .002f) - loss_at(t, w, i, -.002f)) /
			.004;
		/* The velocity is downhill; means and variances have none. */
		if (g[n / 2 + i] == 0)
			continue;
		off += pow(slope + g[n / 2 + i], 2);
		all += slope * slope;
	}
	if (!ok(sqrt(off / all) < .03, "gradient, %d jobs", jobs))
		printf("# off by %g\n", sqrt(off / all));
	nettrain_close(t);
	free(w);
	free(g);
}

static void
check_rate(void)
{
	near(netfit_rate(1, 0, 100), .2, 1e-12, "the rate rises,");
	near(netfit_rate(1, 5, 100), 1, 1e-12, "is highest,");
	near(netfit_rate(2, 50, 96), 1, 1e-12, "is half way down,");
	ok(netfit_rate(1, 99, 100) < 1e-3, "and ends near 0");
}

int
main(void)
{
	int i;

	begin_files();
	for (i = 0; i < 4 * 360; i++)
		image[i / 360][i % 360] = (float)uniform();
	check_product();
	for (i = 0; i <= NET_DARKNET; i++) {
		check_forward(i);
		check_batch(i, 1);
		check_batch(i, 3);
	}
	check_shape();
	check_gradient(1);
	check_gradient(2);
	check_rate();
	end_files();
	return done_testing();
}
