#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tool/err.h"
#include "net/train/netcal.h"
#include "stats/temper.h"

/* What enters the softmax, for every image, one after the other. */
static float *
logits(struct net *n, struct netdata_images *im, size_t images, size_t classes)
{
	struct net_shape s = net_shape(n);
	float *input = err_calloc((size_t)s.width * (size_t)s.height,
	    (size_t)s.channels * sizeof *input);
	float *all = err_calloc(images, classes * sizeof *all), *to = all;
	float own = (float)net_temperature(n);

	net_keep(n, net_logits(n));
	for (size_t i = 0; i < images; i++) {
		const float *z;
		size_t len;

		im->image(im->ctx, i, input);
		net_predict(n, input, 1);
		z = net_layer(n, net_logits(n), 0, &len);
		for (size_t k = 0; k < classes; k++, to++) {
			*to = z[k] / own;
			if (!isfinite(*to))
				err_die("image %zu: output is not finite", i);
		}
		err_progress("images", i + 1, images, NULL);
	}
	err_progress_end();
	free(input);
	return all;
}

static void
put_score(struct buf *b, const char *key, struct temper_score s)
{
	buf_key(b, key);
	buf_str(b, "{");
	buf_key_real(b, "accuracy", s.accuracy);
	buf_key_real(b, "loss", s.loss);
	buf_key_real(b, "ece", s.ece);
	buf_str(b, "}");
}

static void
put(struct buf *b, const struct temper *t, double temperature)
{
	char line[64];

	/* More digits than the fit to so few images is worth. */
	snprintf(line, sizeof line, "temperature: %.4g", temperature);
	buf_str(b, "{");
	buf_key_int(b, "images", (long long)t->n);
	buf_key_real(b, "temperature", temperature);
	put_score(b, "before", temper_score(t, 1));
	put_score(b, "after", temper_score(t, temperature));
	buf_key_str(b, "model", line);
	buf_str(b, "}");
}

void
netcal_run(struct net *n, const struct netdata *d, size_t first, struct buf *b)
{
	struct netdata_view v = {.data = d, .first = first};
	struct netdata_images im = netdata_images(&v);
	struct temper t = {.n = d->n - first,
	    .classes = (size_t)d->shape.classes,
	    .truth = d->class + first};
	double temperature;
	float *z;

	if (net_temperature(n) == 0)
		err_die("network: does not end in one softmax");
	t.z = z = logits(n, &im, t.n, t.classes);
	temperature = temper_fit(&t);
	if (temperature == 0)
		err_die("%zu images: no temperature of %g to %g fits them: "
			"all are right, or as good as guessed",
		    t.n, TEMPER_MIN, TEMPER_MAX);
	put(b, &t, temperature);
	free(z);
}
