/* netact: in layers of each type, by each engine, against numpy. */
#include <stdlib.h>
#include <string.h>

#include "net/net.h"
#include "netfiles.h"
#include "tap.h"

#define CONV "[convolutional]\n"

enum { XS = 16 };

/*
 * A layer of each type that has an activation: of x, and in the shortcut of
 * 2 x, since its other side is the first layer's output, x again.
 */
static const char activated[] =
    "[net]\nwidth=16\nheight=1\nchannels=1\n"
    "batch=1\n" CONV "activation=linear\n" CONV "activation=%s\n"
    "[route]\nlayers=0\n[activation]\nactivation=%s\n"
    "[route]\nlayers=0\n[shortcut]\nfrom=0\nactivation=%s\n"
    "[route]\nlayers=0\n[local]\nactivation=%s\n"
    "[route]\nlayers=0\n[connected]\noutput=1\nactivation=%s\n[softmax]\n";

static struct net *
open_activated(const char *name, int engine)
{
	const int head[5] = {0, 2};
	float w[2 * 2 + 2 * XS + 1 + XS] = {0};
	char text[1024];
	FILE *f;
	int i;

	snprintf(text, sizeof text, activated, name, name, name, name, name);
	use(text);
	w[1] = w[3] = 1;
	for (i = 0; i < XS; i++)
		w[4 + XS + i] = 1;
	w[4 + 2 * XS + 1 + 2] = 1; /* the last layer's output is f(x[2]) */
	f = fopen(weights, "wb");
	fwrite(head, 1, sizeof head, f);
	fwrite(w, 1, sizeof w, f);
	fclose(f);
	return engine < 0 ? net_open_plain(cfg, weights)
			  : net_open(&(struct net_setup){
				cfg, weights, engine, 1, 1, 0});
}

/* The largest difference from y of a layer's outputs, by |y| or 1. */
static double
off_by(const struct net *n, int layer, const double *y)
{
	double off = 0;
	size_t len, i;
	const float *got = net_layer(n, layer, 0, &len);

	for (i = 0; i < len; i++)
		off = fmax(off, fabs(got[i] - y[i]) / fmax(1, fabs(y[i])));
	return off;
}

static void
check_activation(const char *name, int engine, const double *x, const double *y)
{
	struct net *n = open_activated(name, engine);
	float in[XS];
	double off;
	int i;

	for (i = 0; i < XS; i++)
		in[i] = (float)x[i];
	for (i = 1; i < 10; i += 2)
		net_keep(n, i);
	net_predict(n, in, 1);
	off = fmax(off_by(n, 1, y), off_by(n, 3, y));
	off = fmax(off, fmax(off_by(n, 7, y), off_by(n, 9, y + 2)));
	ok(off < 2e-6, "%s as numpy has it, engine %d (%.1e)", name, engine,
	    off);
	off = off_by(n, 5, y + XS);
	ok(off < 2e-6, "after a shortcut (%.1e)", off);
	net_close(n);
}

/* scripts/oracle-activations.py made the values. */
static void
check_activations(void)
{
	FILE *f = fopen("tests/vectors/activations_numpy.txt", "r");
	double x[2 * XS], y[2 * XS];
	int lines = 0, engine, i;
	char name[16];

	while (f != NULL && fscanf(f, "%15s", name) == 1) {
		for (i = 0; i < 2 * XS; i++)
			if (fscanf(f, "%lf", &y[i]) != 1)
				abort();
		if (lines++ == 0) {
			memcpy(x, y, sizeof x);
			continue;
		}
		for (engine = -1; engine <= NET_DARKNET; engine++)
			check_activation(name, engine, x, y);
	}
	if (ok(lines == 6, "the vectors are there"))
		fclose(f);
}

int
main(void)
{
	begin_files();
	check_activations();
	end_files();
	return done_testing();
}
