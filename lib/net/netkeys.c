#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/netkeys.h"

enum {
	SIDE = 1 << 14,   /* of an image */
	KERNEL = 1 << 10, /* side of a kernel */
	WIDE = 1 << 16,   /* filters, channels */
	MANY = 1 << 20,   /* outputs */
	LAYERS = 4096,
	LOW = -1000000000, /* what only training uses is not bounded further */
	HIGH = 1000000000
};

#define ACTIVATIONS                                                            \
	"|logistic|loggy|relu|elu|selu|relie|plse|hardtan|lhtan|linear|ramp|"  \
	"leaky|tanh|stair|mish|swish|hard_mish|gelu|relu6|"

static const struct netkeys_key net_keys[] = {
    {"batch", NETKEYS_INT, 1, WIDE, NULL},
    {"subdivisions", NETKEYS_INT, 1, WIDE, NULL},
    {"width", NETKEYS_INT, 1, SIDE, NULL},
    {"height", NETKEYS_INT, 1, SIDE, NULL},
    {"channels", NETKEYS_INT, 1, SIDE, NULL},
    {"inputs", NETKEYS_INT, 1, 1 << 30, NULL},
    {"learning_rate", NETKEYS_REAL, 0, 1e3, NULL},
    {"momentum", NETKEYS_REAL, 0, 1, NULL},
    {"decay", NETKEYS_REAL, 0, 1, NULL},
    {"power", NETKEYS_REAL, LOW, HIGH, NULL},
    {"gamma", NETKEYS_REAL, LOW, HIGH, NULL},
    {"scale", NETKEYS_REAL, LOW, HIGH, NULL},
    {"step", NETKEYS_INT, LOW, HIGH, NULL},
    {"burn_in", NETKEYS_INT, LOW, HIGH, NULL},
    {"max_batches", NETKEYS_INT, LOW, HIGH, NULL},
    {"steps", NETKEYS_INTS, LOW, HIGH, NULL},
    {"scales", NETKEYS_REALS, LOW, HIGH, NULL},
    {"policy", NETKEYS_WORD, 0, 0,
	"|random|poly|constant|step|exp|sigmoid|steps|sgdr|"},
    {"adam", NETKEYS_INT, 0, 1, NULL},
    {"B1", NETKEYS_REAL, LOW, HIGH, NULL},
    {"B2", NETKEYS_REAL, LOW, HIGH, NULL},
    {"eps", NETKEYS_REAL, LOW, HIGH, NULL},
    {"time_steps", NETKEYS_INT, 1, 1, NULL},
    {"notruth", NETKEYS_INT, 0, 1, NULL},
    {"random", NETKEYS_INT, 0, 1, NULL},
    {"min_crop", NETKEYS_INT, LOW, HIGH, NULL},
    {"max_crop", NETKEYS_INT, LOW, HIGH, NULL},
    {"min_ratio", NETKEYS_REAL, LOW, HIGH, NULL},
    {"max_ratio", NETKEYS_REAL, LOW, HIGH, NULL},
    {"center", NETKEYS_INT, 0, 1, NULL},
    {"clip", NETKEYS_REAL, LOW, HIGH, NULL},
    {"angle", NETKEYS_REAL, LOW, HIGH, NULL},
    {"aspect", NETKEYS_REAL, LOW, HIGH, NULL},
    {"saturation", NETKEYS_REAL, LOW, HIGH, NULL},
    {"exposure", NETKEYS_REAL, LOW, HIGH, NULL},
    {"hue", NETKEYS_REAL, LOW, HIGH, NULL},
    /* Of training in the AlexeyAB branch. */
    {"track", NETKEYS_REAL, LOW, HIGH, NULL},
    {"augment_speed", NETKEYS_REAL, LOW, HIGH, NULL},
    {"sequential_subdivisions", NETKEYS_REAL, LOW, HIGH, NULL},
    {"try_fix_nan", NETKEYS_REAL, LOW, HIGH, NULL},
    {"weights_reject_freq", NETKEYS_REAL, LOW, HIGH, NULL},
    {"equidistant_point", NETKEYS_REAL, LOW, HIGH, NULL},
    {"badlabels_rejection_percentage", NETKEYS_REAL, LOW, HIGH, NULL},
    {"num_sigmas_reject_badlabels", NETKEYS_REAL, LOW, HIGH, NULL},
    {"ema_alpha", NETKEYS_REAL, LOW, HIGH, NULL},
    {"use_cuda_graph", NETKEYS_REAL, LOW, HIGH, NULL},
    {"loss_scale", NETKEYS_REAL, LOW, HIGH, NULL},
    {"dynamic_minibatch", NETKEYS_REAL, LOW, HIGH, NULL},
    {"optimized_memory", NETKEYS_REAL, LOW, HIGH, NULL},
    {"workspace_size_limit_MB", NETKEYS_REAL, LOW, HIGH, NULL},
    {"learning_rate_min", NETKEYS_REAL, LOW, HIGH, NULL},
    {"sgdr_cycle", NETKEYS_REAL, LOW, HIGH, NULL},
    {"sgdr_mult", NETKEYS_REAL, LOW, HIGH, NULL},
    {"flip", NETKEYS_REAL, LOW, HIGH, NULL},
    {"blur", NETKEYS_REAL, LOW, HIGH, NULL},
    {"gaussian_noise", NETKEYS_REAL, LOW, HIGH, NULL},
    {"mixup", NETKEYS_REAL, LOW, HIGH, NULL},
    {"cutmix", NETKEYS_REAL, LOW, HIGH, NULL},
    {"mosaic", NETKEYS_REAL, LOW, HIGH, NULL},
    {"letter_box", NETKEYS_REAL, LOW, HIGH, NULL},
    {"mosaic_bound", NETKEYS_REAL, LOW, HIGH, NULL},
    {"contrastive", NETKEYS_REAL, LOW, HIGH, NULL},
    {"contrastive_jit_flip", NETKEYS_REAL, LOW, HIGH, NULL},
    {"contrastive_color", NETKEYS_REAL, LOW, HIGH, NULL},
    {"unsupervised", NETKEYS_REAL, LOW, HIGH, NULL},
    {"label_smooth_eps", NETKEYS_REAL, LOW, HIGH, NULL},
    {"resize_step", NETKEYS_REAL, LOW, HIGH, NULL},
    {"attention", NETKEYS_REAL, LOW, HIGH, NULL},
    {"adversarial_lr", NETKEYS_REAL, LOW, HIGH, NULL},
    {"max_chart_loss", NETKEYS_REAL, LOW, HIGH, NULL},
    {"show_receptive_field", NETKEYS_REAL, LOW, HIGH, NULL},
    {"seq_scales", NETKEYS_REALS, LOW, HIGH, NULL},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

/* Keys that change which weights are in the file must say that none do. */
static const struct netkeys_key layer_keys[] = {
    {"learning_rate", NETKEYS_REAL, 0, 1e3, NULL},
    {"smooth", NETKEYS_REAL, LOW, HIGH, NULL},
    {"stopbackward", NETKEYS_INT, 0, 1, NULL},
    {"onlyforward", NETKEYS_INT, 0, 1, NULL},
    {"truth", NETKEYS_INT, 0, 0, NULL},
    {"dontsave", NETKEYS_INT, 0, 0, NULL},
    {"dontload", NETKEYS_INT, 0, 0, NULL},
    {"dontloadscales", NETKEYS_INT, 0, 0, NULL},
    {"numload", NETKEYS_INT, 0, 0, NULL},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key conv_keys[] = {
    {"filters", NETKEYS_INT, 1, WIDE, NULL},
    {"size", NETKEYS_INT, 1, KERNEL, NULL},
    {"stride", NETKEYS_INT, 1, KERNEL, NULL},
    {"pad", NETKEYS_INT, 0, 1, NULL},
    {"padding", NETKEYS_INT, 0, KERNEL, NULL},
    {"groups", NETKEYS_INT, 1, WIDE, NULL},
    {"batch_normalize", NETKEYS_INT, 0, 1, NULL},
    {"binary", NETKEYS_INT, 0, 0, NULL},
    {"xnor", NETKEYS_INT, 0, 0, NULL},
    {"flipped", NETKEYS_INT, 0, 1, NULL},
    {"dot", NETKEYS_REAL, LOW, HIGH, NULL},
    {"assisted_excitation", NETKEYS_REAL, LOW, HIGH, NULL}, /* in training */
    /* What would change the answer must say that it does not. */
    {"dilation", NETKEYS_INT, 1, 1, NULL},
    {"antialiasing", NETKEYS_INT, 0, 0, NULL},
    {"cbn", NETKEYS_INT, 0, 0, NULL},
    {"bin_output", NETKEYS_INT, 0, 0, NULL},
    {"activation", NETKEYS_WORD, 0, 0, ACTIVATIONS},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key local_keys[] = {
    {"filters", NETKEYS_INT, 1, WIDE, NULL},
    {"size", NETKEYS_INT, 1, KERNEL, NULL},
    {"stride", NETKEYS_INT, 1, KERNEL, NULL},
    {"pad", NETKEYS_INT, 0, 1, NULL},
    {"activation", NETKEYS_WORD, 0, 0, ACTIVATIONS},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key connected_keys[] = {
    {"output", NETKEYS_INT, 1, MANY, NULL},
    {"batch_normalize", NETKEYS_INT, 0, 1, NULL},
    {"activation", NETKEYS_WORD, 0, 0, ACTIVATIONS},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key maxpool_keys[] = {
    {"size", NETKEYS_INT, 1, KERNEL, NULL},
    {"stride", NETKEYS_INT, 1, KERNEL, NULL},
    {"padding", NETKEYS_INT, 0, KERNEL, NULL},
    {"maxpool_depth", NETKEYS_INT, 0, 0, NULL},
    {"antialiasing", NETKEYS_INT, 0, 0, NULL},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key dropout_keys[] = {
    {"probability", NETKEYS_REAL, 0, 0.999, NULL},
    {"dropblock", NETKEYS_INT, 0, 1, NULL},
    {"dropblock_size_rel", NETKEYS_REAL, 0, 1, NULL},
    {"dropblock_size_abs", NETKEYS_REAL, 0, SIDE, NULL},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key softmax_keys[] = {
    {"groups", NETKEYS_INT, 1, MANY, NULL},
    {"temperature", NETKEYS_REAL, 1e-6, 1e6, NULL},
    {"spatial", NETKEYS_REAL, 0, 0, NULL},
    {"noloss", NETKEYS_INT, 0, 1, NULL},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key shortcut_keys[] = {
    {"from", NETKEYS_INT, -LAYERS, LAYERS, NULL},
    {"alpha", NETKEYS_REAL, LOW, HIGH, NULL},
    {"beta", NETKEYS_REAL, LOW, HIGH, NULL},
    {"activation", NETKEYS_WORD, 0, 0, ACTIVATIONS},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key route_keys[] = {
    {"layers", NETKEYS_INTS, -LAYERS, LAYERS, NULL},
    {"groups", NETKEYS_INT, 1, 1, NULL},
    {"group_id", NETKEYS_INT, 0, 0, NULL},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key crop_keys[] = {
    {"crop_width", NETKEYS_INT, 1, SIDE, NULL},
    {"crop_height", NETKEYS_INT, 1, SIDE, NULL},
    {"flip", NETKEYS_INT, 0, 1, NULL},
    {"noadjust", NETKEYS_INT, 0, 1, NULL},
    {"angle", NETKEYS_REAL, LOW, HIGH, NULL},
    {"saturation", NETKEYS_REAL, LOW, HIGH, NULL},
    {"exposure", NETKEYS_REAL, LOW, HIGH, NULL},
    {"shift", NETKEYS_REAL, LOW, HIGH, NULL},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key cost_keys[] = {
    {"type", NETKEYS_WORD, 0, 0, "|seg|sse|masked|smooth|L1|wgan|"},
    {"scale", NETKEYS_REAL, LOW, HIGH, NULL},
    {"ratio", NETKEYS_REAL, LOW, HIGH, NULL},
    {"noobj", NETKEYS_REAL, LOW, HIGH, NULL},
    {"thresh", NETKEYS_REAL, LOW, HIGH, NULL},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key lrn_keys[] = {
    {"size", NETKEYS_INT, 1, KERNEL, NULL},
    {"alpha", NETKEYS_REAL, LOW, HIGH, NULL},
    {"beta", NETKEYS_REAL, LOW, HIGH, NULL},
    {"kappa", NETKEYS_REAL, LOW, HIGH, NULL},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key activation_keys[] = {
    {"activation", NETKEYS_WORD, 0, 0, ACTIVATIONS},
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_key no_keys[] = {
    {NULL, NETKEYS_INT, 0, 0, NULL},
};

static const struct netkeys_kind kinds[] = {
    {NETKEYS_NET, "net", "network", net_keys},
    {NETKEYS_CONVOLUTIONAL, "convolutional", "conv", conv_keys},
    {NETKEYS_LOCAL, "local", NULL, local_keys},
    {NETKEYS_CONNECTED, "connected", "conn", connected_keys},
    {NETKEYS_MAXPOOL, "maxpool", "max", maxpool_keys},
    {NETKEYS_AVGPOOL, "avgpool", "avg", no_keys},
    {NETKEYS_DROPOUT, "dropout", NULL, dropout_keys},
    {NETKEYS_SOFTMAX, "softmax", "soft", softmax_keys},
    {NETKEYS_SHORTCUT, "shortcut", NULL, shortcut_keys},
    {NETKEYS_ROUTE, "route", NULL, route_keys},
    {NETKEYS_CROP, "crop", NULL, crop_keys},
    {NETKEYS_ACTIVATION, "activation", NULL, activation_keys},
    {NETKEYS_BATCHNORM, "batchnorm", NULL, no_keys},
    {NETKEYS_NORMALIZATION, "normalization", "lrn", lrn_keys},
    {NETKEYS_COST, "cost", NULL, cost_keys},
};

const struct netkeys_kind *
netkeys_kind(const char *name)
{
	const struct netkeys_kind *k = kinds;
	const struct netkeys_kind *end = kinds + sizeof kinds / sizeof *kinds;

	for (; k < end; k++)
		if (strcmp(name, k->name) == 0 ||
		    (k->alias != NULL && strcmp(name, k->alias) == 0))
			return k;
	return NULL;
}

static const struct netkeys_key *
find_in(const struct netkeys_key *k, const char *name)
{
	for (; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

const struct netkeys_key *
netkeys_find(const struct netkeys_kind *kind, const char *name)
{
	const struct netkeys_key *k = find_in(kind->keys, name);

	return k == NULL && kind->type != NETKEYS_NET
		   ? find_in(layer_keys, name)
		   : k;
}

/* One number of the key's type and range; *end is where it stops. */
static const char *
check_number(const struct netkeys_key *k, const char *s, char **end)
{
	int whole = k->value == NETKEYS_INT || k->value == NETKEYS_INTS;
	double v;

	errno = 0;
	v = whole ? (double)strtoll(s, end, 10) : strtod(s, end);
	if (*end == s || (**end != '\0' && **end != ','))
		return whole ? "is not an integer" : "is not a number";
	if (errno != 0 || !isfinite(v) || v < k->min || v > k->max)
		return "is out of range";
	return NULL;
}

size_t
netkeys_length(const struct netkeys_key *k, const char *s)
{
	size_t n = strcspn(s, "#;");
	int list = k->value == NETKEYS_INTS || k->value == NETKEYS_REALS;

	if (k->value == NETKEYS_WORD || (list && strchr(s + n, ',') != NULL))
		return strlen(s);
	return n;
}

const char *
netkeys_check(const struct netkeys_key *k, const char *s)
{
	int list = k->value == NETKEYS_INTS || k->value == NETKEYS_REALS;
	const char *why, *hit;
	char *end;

	if (k->value == NETKEYS_WORD) {
		for (hit = k->words; (hit = strstr(hit, s)) != NULL; hit++)
			if (hit > k->words && hit[-1] == '|' &&
			    hit[strlen(s)] == '|')
				return NULL;
		return "is not known";
	}
	while ((why = check_number(k, s, &end)) == NULL && *end == ',') {
		if (!list)
			return "is not one number";
		s = end + 1;
	}
	return why;
}
