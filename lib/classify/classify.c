#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "classify/classify.h"
#include "tool/err.h"
#include "json/json.h"
#include "net/net.h"
#include "net/netpick.h"
#include "image/prepopt.h"
#include "stats/temper.h"

static void
add_layer(struct classify *c, const char *cfg, const char *word)
{
	struct classify_layer *l = &c->layer[c->layers];
	struct net_layer_shape s;

	l->name = word;
	l->number = netpick_layer(c->net, word);
	if (l->number < 0)
		err_die("'--layer': %s has %d layers and none of this name: "
			"'%s'",
		    cfg, net_shape(c->net).layers, word);
	for (size_t i = 0; i < c->layers; i++)
		if (strcmp(c->layer[i].name, word) == 0)
			err_die("'--layer': stands twice: '%s'", word);
	net_keep(c->net, l->number);
	s = net_layer_shape(c->net, l->number);
	l->plane = s.channels > 0 ? (size_t)s.width * (size_t)s.height : 1;
	c->layers++;
}

static void
add_layers(struct classify *c, const struct classify_setup *setup)
{
	for (size_t i = 0; i < setup->layers.n && !setup->no_act; i++) {
		/* Lives as long as the names in it. */
		char *words = err_strdup(setup->layers.item[i]), *word;

		while ((word = strsep(&words, ",")) != NULL) {
			c->layer = err_realloc(
			    c->layer, (c->layers + 1) * sizeof(*c->layer));
			add_layer(c, setup->cfg, word);
		}
	}
}

static void
set_temperature(struct classify *c, const struct classify_setup *setup)
{
	double own = net_temperature(c->net);

	if (setup->temperature == 1)
		return;
	if (own == 0)
		err_die("'--temperature': %s does not end in one softmax",
		    setup->cfg);
	net_keep(c->net, net_logits(c->net));
	c->temperature = own * setup->temperature;
	c->heated = err_calloc((size_t)c->classes, sizeof(*c->heated));
}

void
classify_open(struct classify *c, const struct classify_setup *setup)
{
	const struct net_setup net = {setup->cfg, setup->weights, setup->engine,
	    setup->batch, setup->threads, setup->memory << 20};
	struct net_shape shape;

	*c = (struct classify){.pool = setup->pool, .list = setup->probs};
	if (setup->labels != NULL)
		labels_load(&c->labels, setup->labels);
	c->net = net_open(&net);
	shape = net_shape(c->net);
	if (setup->labels != NULL)
		labels_fit(&c->labels, setup->labels, (size_t)shape.classes,
		    setup->cfg);
	if (shape.channels != 1 && shape.channels != 3)
		err_die("%s: takes %d channels; images have 1 or 3", setup->cfg,
		    shape.channels);
	if (shape.onnx && !prepopt_told())
		err_die("%s: say how its images were prepared in training: "
			"--preset imagenet, as for most networks of "
			"photographs, another preset, or --mean and --scale",
		    setup->cfg);
	c->prep = prepopt_prep(shape.channels);
	c->width = shape.width;
	c->height = shape.height;
	c->channels = shape.channels;
	c->classes = shape.classes;
	add_layers(c, setup);
	set_temperature(c, setup);
	c->top = setup->top < shape.classes ? (int)setup->top : shape.classes;
	c->judge.labels = &c->labels;
	c->judge.classes = c->classes;
	c->order = err_calloc((size_t)c->top, sizeof(*c->order));
}

/* Insertion keeps the best so far in order; of equals the lower class wins. */
static void
find_top(struct classify *c)
{
	int n = 0;

	for (int k = 0; k < c->classes; k++) {
		int i = n < c->top ? n++ : n;

		for (; i > 0 && c->prob[k] > c->prob[c->order[i - 1]]; i--)
			if (i < n)
				c->order[i] = c->order[i - 1];
		if (i < n)
			c->order[i] = k;
	}
}

void
classify_predict(struct classify *c, const float *input, int images)
{
	c->probs = net_predict(c->net, input, images);
}

/* Turns to one image of the prediction; -1 when its answer is not finite. */
static int
select_image(struct classify *c, int image)
{
	c->image = image;
	c->prob = c->probs + (size_t)image * (size_t)c->classes;
	if (c->heated != NULL) {
		size_t n;
		const float *logits = net_layer(
		    c->net, net_logits(c->net), image, &n);

		temper_softmax(
		    logits, (size_t)c->classes, c->temperature, c->heated);
		c->prob = c->heated;
	}
	for (int i = 0; i < c->classes; i++)
		if (!isfinite(c->prob[i]))
			return -1;
	find_top(c);
	return 0;
}

/*
 * The shortest decimals that are read back as the same float, as a double
 * that prints so; for sizes where that is exact, else x itself.
 */
static double
shorten(float x)
{
	static const double ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
	    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
	    1e19, 1e20, 1e21, 1e22};
	int point;

	if (!(fabsf(x) > 1e-10f && fabsf(x) < 1e6f))
		return x;
	point = (int)floor(log10(fabs((double)x)));
	for (int digits = 6; digits <= 9; digits++) {
		double unit = ten[digits - 1 - point];
		double y = nearbyint(x * unit) / unit;

		if ((float)y == x)
			return y;
	}
	return x;
}

static void
put_real(struct buf *b, const char *key, double x)
{
	buf_key_real(b, key, shorten((float)x));
}

static void
put_top(const struct classify *c, struct buf *b)
{
	buf_key(b, "top");
	for (int i = 0; i < c->top; i++) {
		buf_str(b, i == 0 ? "[{" : ",{");
		buf_key_int(b, "class", c->order[i]);
		put_real(b, "prob", c->prob[c->order[i]]);
		buf_str(b, "}");
	}
	buf_str(b, "]");
}

/* Of all classes, in their order. */
static void
put_probs(const struct classify *c, struct buf *b)
{
	buf_key(b, "probs");
	buf_str(b, "[");
	for (int k = 0; k < c->classes; k++) {
		if (k > 0)
			buf_put(b, ",", 1);
		buf_real(b, shorten(c->prob[k]));
	}
	buf_str(b, "]");
}

/* In nats, of the whole distribution. */
static double
entropy(const struct classify *c)
{
	double h = 0;

	for (int i = 0; i < c->classes; i++)
		if (c->prob[i] > 0)
			h -= c->prob[i] * log(c->prob[i]);
	return h > 0 ? h : 0;
}

static void
put_pixels(const struct pixels_stats *s, struct buf *b)
{
	buf_key(b, "pixels");
	buf_str(b, "{");
	buf_key_int(b, "width", s->width);
	buf_key_int(b, "height", s->height);
	put_real(b, "brightness", s->brightness);
	put_real(b, "contrast", s->contrast);
	put_real(b, "sharpness", s->sharpness);
	if (s->frames_left > 0)
		buf_key_int(b, "frames_left", s->frames_left);
	buf_str(b, "}");
}

/* An array: the layer's output, or the means of its planes. */
static void
put_layer(
    const struct classify *c, const struct classify_layer *l, struct buf *b)
{
	size_t n, plane = c->pool ? l->plane : 1;
	const float *v = net_layer(c->net, l->number, c->image, &n);

	buf_str(b, "[");
	for (size_t i = 0; i < n; i += plane) {
		double sum = 0;

		for (size_t k = i; k < i + plane; k++)
			sum += v[k];
		if (i > 0)
			buf_put(b, ",", 1);
		buf_real(b, shorten((float)(sum / (double)plane)));
	}
	buf_str(b, "]");
}

static void
put_act(const struct classify *c, struct buf *b)
{
	if (c->layers == 0)
		return;
	buf_key(b, "act");
	if (c->layers == 1) {
		put_layer(c, c->layer, b);
		return;
	}
	buf_str(b, "{");
	for (size_t i = 0; i < c->layers; i++) {
		buf_key(b, c->layer[i].name);
		put_layer(c, &c->layer[i], b);
	}
	buf_str(b, "}");
}

void
classify_error(const struct image_error *e, struct buf *b)
{
	buf_key(b, "error");
	buf_str(b, "{");
	buf_key_str(b, "stage", e->stage);
	buf_key_str(b, "reason", e->reason);
	buf_str(b, "}");
}

int
classify_answer(struct classify *c, int image, const struct pixels_stats *seen,
    const struct json_span *truth, struct buf *b)
{
	static const struct image_error e = {"predict", "output is not finite"};
	int best, wrong;

	if (select_image(c, image) < 0) {
		classify_error(&e, b);
		return -1;
	}
	best = c->order[0];
	wrong = judge_answer(&c->judge, truth, c->order, c->top);
	buf_key_str(b, "model", c->id);
	buf_key_int(b, "class", best);
	if (c->labels.n > 0)
		buf_key_str(b, "label", c->labels.name[best]);
	put_real(b, "prob", c->prob[best]);
	if (wrong >= 0)
		buf_key_int(b, "wrong", wrong);
	put_top(c, b);
	if (c->list)
		put_probs(c, b);
	put_real(b, "entropy", entropy(c));
	put_pixels(seen, b);
	put_act(c, b);
	return 0;
}

void
classify_report(const struct classify *c)
{
	judge_report(&c->judge, c->top);
}

void
classify_close(struct classify *c)
{
	net_close(c->net);
	labels_free(&c->labels);
	free(c->layer);
	free(c->heated);
	free(c->order);
}
