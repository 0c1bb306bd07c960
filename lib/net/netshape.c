#include <stdlib.h>

#include "net/netshape.h"

enum {
	SIDE = 1 << 15,   /* of an image */
	MISSING = 1 << 20 /* no number of a layer */
};

#define TOTAL_MAX (1LL << 28) /* floats: weights, or outputs of all layers */
#define ENDLESS   (1LL << 58) /* floats: as many as that, or more */

static long long
get(const struct netcfg_section *s, const char *key, long long fallback)
{
	return netcfg_int(s, key, fallback);
}

/* Of numbers that are not negative; where the product has no end, ENDLESS. */
static long long
product(long long a, long long b)
{
	long long c;

	return __builtin_mul_overflow(a, b, &c) || c > ENDLESS ? ENDLESS : c;
}

/* The section before, which must put out an image. */
static const struct netcfg_section *
image_before(const struct netcfg *cfg, const struct netcfg_section *s)
{
	if (s[-1].w == 0 || s[-1].h == 0 || s[-1].c == 0)
		netcfg_die(cfg, s, "the layer before it puts out no image");
	return s - 1;
}

static void
set_image(const struct netcfg *cfg, struct netcfg_section *s, long long w,
    long long h, long long c)
{
	if (w < 1 || h < 1)
		netcfg_die(cfg, s, "is larger than its input");
	if (w > SIDE || h > SIDE || product(w * h, c) > TOTAL_MAX)
		netcfg_die(cfg, s, "puts out too large an image");
	s->w = (int)w;
	s->h = (int)h;
	s->c = (int)c;
	s->outputs = w * h * c;
}

static void
shape_same(const struct netcfg *cfg, struct netcfg_section *s)
{
	(void)cfg;
	s->w = s[-1].w;
	s->h = s[-1].h;
	s->c = s[-1].c;
	s->outputs = s[-1].outputs;
}

static void
shape_net(const struct netcfg *cfg, struct netcfg_section *s)
{
	long long w = get(s, "width", 0), h = get(s, "height", 0);
	long long c = get(s, "channels", 0);

	if (w == 0 || h == 0 || c == 0)
		netcfg_die(cfg, s, "needs width, height and channels");
	if (get(s, "inputs", w * h * c) != w * h * c)
		netcfg_die(cfg, s, "inputs is not width * height * channels");
	set_image(cfg, s, w, h, c);
}

static void
shape_conv(const struct netcfg *cfg, struct netcfg_section *s)
{
	const struct netcfg_section *in = image_before(cfg, s);
	long long n = get(s, "filters", 1), size = get(s, "size", 1);
	long long stride = get(s, "stride", 1), groups = get(s, "groups", 1);
	long long pad = get(s, "pad", 0) ? size / 2 : get(s, "padding", 0);

	if (in->c % groups != 0 || n % groups != 0)
		netcfg_die(
		    cfg, s, "groups does not divide channels and filters");
	if (groups > 1 && get(s, "flipped", 0))
		netcfg_die(cfg, s, "has flipped with groups");
	if (pad >= size)
		netcfg_die(cfg, s, "pads as much as its size or more");
	if (in->w + 2 * pad < size || in->h + 2 * pad < size)
		netcfg_die(cfg, s, "is larger than its input");
	set_image(cfg, s, (in->w + 2 * pad - size) / stride + 1,
	    (in->h + 2 * pad - size) / stride + 1, n);
	s->params = n + product(product(n, in->c / groups), size * size);
	if (get(s, "batch_normalize", 0))
		s->params += 3 * n;
	s->work = product(
	    (long long)s->w * s->h, product(size * size, in->c / groups));
}

/* darknet sizes the output as if a padded kernel were 3 wide. */
static void
shape_local(const struct netcfg *cfg, struct netcfg_section *s)
{
	const struct netcfg_section *in = image_before(cfg, s);
	long long n = get(s, "filters", 1), size = get(s, "size", 1);
	long long stride = get(s, "stride", 1), pad = get(s, "pad", 0);

	if (pad && size != 3)
		netcfg_die(cfg, s, "pad needs size 3");
	if (in->w < size - 2 * pad || in->h < size - 2 * pad)
		netcfg_die(cfg, s, "is larger than its input");
	set_image(cfg, s, (in->w - (pad ? 1 : size)) / stride + 1,
	    (in->h - (pad ? 1 : size)) / stride + 1, n);
	s->work = product((long long)s->w * s->h, product(size * size, in->c));
	s->params = s->outputs + product(s->work, n);
}

static void
shape_connected(const struct netcfg *cfg, struct netcfg_section *s)
{
	long long n = get(s, "output", 1);

	(void)cfg;
	s->w = s->h = 1;
	s->c = (int)n;
	s->outputs = n;
	s->params = n + product(n, s[-1].outputs);
	if (get(s, "batch_normalize", 0))
		s->params += 3 * n;
}

static void
shape_maxpool(const struct netcfg *cfg, struct netcfg_section *s)
{
	const struct netcfg_section *in = image_before(cfg, s);
	long long stride = get(s, "stride", 1), size = get(s, "size", stride);
	long long pad = get(s, "padding", size - 1);

	if (pad > 2 * (size - 1))
		netcfg_die(cfg, s, "pads more than twice its size");
	if (size > 2LL * in->w || size > 2LL * in->h)
		netcfg_die(cfg, s, "is larger than its input");
	if (in->w + pad < size || in->h + pad < size)
		netcfg_die(cfg, s, "is larger than its input");
	set_image(cfg, s, (in->w + pad - size) / stride + 1,
	    (in->h + pad - size) / stride + 1, in->c);
}

static void
shape_avgpool(const struct netcfg *cfg, struct netcfg_section *s)
{
	const struct netcfg_section *in = image_before(cfg, s);

	set_image(cfg, s, 1, 1, in->c);
}

/* It writes over the layer before, so there must be one. */
static void
shape_dropout(const struct netcfg *cfg, struct netcfg_section *s)
{
	if (s == cfg->section + 1)
		netcfg_die(cfg, s, "can't be the first layer");
	shape_same(cfg, s);
}

static void
shape_softmax(const struct netcfg *cfg, struct netcfg_section *s)
{
	if (s[-1].outputs % get(s, "groups", 1) != 0)
		netcfg_die(cfg, s, "groups does not divide its inputs");
	/* darknet leaves it without a shape: no image follows. */
	s->outputs = s[-1].outputs;
}

/* Layer numbers count from 0; negative ones back from the layer itself. */
static const struct netcfg_section *
layer_at(const struct netcfg *cfg, struct netcfg_section *s, long long index)
{
	long long self = s - cfg->section - 1;

	if (index < 0)
		index += self;
	if (index < 0 || index >= self)
		netcfg_die(cfg, s, "refers to a layer that is not before it");
	return &cfg->section[index + 1];
}

static void
shape_shortcut(const struct netcfg *cfg, struct netcfg_section *s)
{
	const struct netcfg_section *in = image_before(cfg, s);
	const struct netcfg_section *from = layer_at(
	    cfg, s, get(s, "from", MISSING));

	if (from->w == 0)
		netcfg_die(cfg, s, "refers to a layer that puts out no image");
	if (from->w / in->w != from->h / in->h ||
	    in->w / from->w != in->h / from->h)
		netcfg_die(cfg, s, "joins images of other proportions");
	shape_same(cfg, s);
}

static void
shape_route(const struct netcfg *cfg, struct netcfg_section *s)
{
	const char *p = netcfg_text(s, "layers", NULL);
	const struct netcfg_section *first = NULL, *from;
	long long channels = 0;
	int one_size = 1;
	char *end;

	if (p == NULL)
		netcfg_die(cfg, s, "needs layers");
	for (; p != NULL; p = *end == ',' ? end + 1 : NULL) {
		from = layer_at(cfg, s, strtoll(p, &end, 10));
		if (first == NULL)
			first = from;
		one_size = one_size && from->w == first->w &&
			   from->h == first->h;
		s->outputs += from->outputs;
		channels += from->c;
		if (s->outputs > TOTAL_MAX)
			netcfg_die(cfg, s, "joins too many layers");
	}
	if (one_size && first->w > 0)
		set_image(cfg, s, first->w, first->h, channels);
}

static void
shape_crop(const struct netcfg *cfg, struct netcfg_section *s)
{
	const struct netcfg_section *in = image_before(cfg, s);
	long long w = get(s, "crop_width", 1), h = get(s, "crop_height", 1);

	if (w > in->w || h > in->h)
		netcfg_die(cfg, s, "is larger than its input");
	set_image(cfg, s, w, h, in->c);
}

static void
shape_batchnorm(const struct netcfg *cfg, struct netcfg_section *s)
{
	image_before(cfg, s);
	shape_same(cfg, s);
	s->params = 3LL * s->c;
}

static void
shape_lrn(const struct netcfg *cfg, struct netcfg_section *s)
{
	if (get(s, "size", 5) / 2 > image_before(cfg, s)->c)
		netcfg_die(cfg, s, "is wider than its channels");
	shape_same(cfg, s);
}

static void
shape_cost(const struct netcfg *cfg, struct netcfg_section *s)
{
	if (s == cfg->section + 1)
		netcfg_die(cfg, s, "can't be the first layer");
	s->outputs = s[-1].outputs;
}

static void (*const shapes[])(
    const struct netcfg *cfg, struct netcfg_section *s) = {
    [NETKEYS_NET] = shape_net,
    [NETKEYS_CONVOLUTIONAL] = shape_conv,
    [NETKEYS_LOCAL] = shape_local,
    [NETKEYS_CONNECTED] = shape_connected,
    [NETKEYS_MAXPOOL] = shape_maxpool,
    [NETKEYS_AVGPOOL] = shape_avgpool,
    [NETKEYS_DROPOUT] = shape_dropout,
    [NETKEYS_SOFTMAX] = shape_softmax,
    [NETKEYS_SHORTCUT] = shape_shortcut,
    [NETKEYS_ROUTE] = shape_route,
    [NETKEYS_CROP] = shape_crop,
    [NETKEYS_ACTIVATION] = shape_same,
    [NETKEYS_BATCHNORM] = shape_batchnorm,
    [NETKEYS_NORMALIZATION] = shape_lrn,
    [NETKEYS_COST] = shape_cost,
};

void
netshape_follow(struct netcfg *cfg)
{
	long long outputs = 0;
	size_t i;

	for (i = 0; i < cfg->n; i++) {
		struct netcfg_section *s = &cfg->section[i];

		shapes[s->kind->type](cfg, s);
		outputs += s->outputs;
		cfg->params += s->params;
		if (outputs > TOTAL_MAX || cfg->params > TOTAL_MAX ||
		    s->work > TOTAL_MAX)
			netcfg_die(cfg, s, "makes the network too large");
	}
}
