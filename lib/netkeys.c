#include "netshape.h"

/* The types of section, and the keys of each with the values they take. */

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
	"leaky|tanh|stair|"

static const struct netcfg_key net_keys[] = {
    {"batch", NETCFG_INT, 1, WIDE, NULL},
    {"subdivisions", NETCFG_INT, 1, WIDE, NULL},
    {"width", NETCFG_INT, 1, SIDE, NULL},
    {"height", NETCFG_INT, 1, SIDE, NULL},
    {"channels", NETCFG_INT, 1, SIDE, NULL},
    {"inputs", NETCFG_INT, 1, 1 << 30, NULL},
    {"learning_rate", NETCFG_REAL, 0, 1e3, NULL},
    {"momentum", NETCFG_REAL, 0, 1, NULL},
    {"decay", NETCFG_REAL, 0, 1, NULL},
    {"power", NETCFG_REAL, LOW, HIGH, NULL},
    {"gamma", NETCFG_REAL, LOW, HIGH, NULL},
    {"scale", NETCFG_REAL, LOW, HIGH, NULL},
    {"step", NETCFG_INT, LOW, HIGH, NULL},
    {"burn_in", NETCFG_INT, LOW, HIGH, NULL},
    {"max_batches", NETCFG_INT, LOW, HIGH, NULL},
    {"steps", NETCFG_INTS, LOW, HIGH, NULL},
    {"scales", NETCFG_REALS, LOW, HIGH, NULL},
    {"policy", NETCFG_WORD, 0, 0,
	"|random|poly|constant|step|exp|sigmoid|steps|"},
    {"adam", NETCFG_INT, 0, 1, NULL},
    {"B1", NETCFG_REAL, LOW, HIGH, NULL},
    {"B2", NETCFG_REAL, LOW, HIGH, NULL},
    {"eps", NETCFG_REAL, LOW, HIGH, NULL},
    {"time_steps", NETCFG_INT, 1, 1, NULL},
    {"notruth", NETCFG_INT, 0, 1, NULL},
    {"random", NETCFG_INT, 0, 1, NULL},
    {"min_crop", NETCFG_INT, LOW, HIGH, NULL},
    {"max_crop", NETCFG_INT, LOW, HIGH, NULL},
    {"min_ratio", NETCFG_REAL, LOW, HIGH, NULL},
    {"max_ratio", NETCFG_REAL, LOW, HIGH, NULL},
    {"center", NETCFG_INT, 0, 1, NULL},
    {"clip", NETCFG_REAL, LOW, HIGH, NULL},
    {"angle", NETCFG_REAL, LOW, HIGH, NULL},
    {"aspect", NETCFG_REAL, LOW, HIGH, NULL},
    {"saturation", NETCFG_REAL, LOW, HIGH, NULL},
    {"exposure", NETCFG_REAL, LOW, HIGH, NULL},
    {"hue", NETCFG_REAL, LOW, HIGH, NULL},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

/* Keys that change which weights are in the file must say that none do. */
const struct netcfg_key netcfg_layer_keys[] = {
    {"learning_rate", NETCFG_REAL, 0, 1e3, NULL},
    {"smooth", NETCFG_REAL, LOW, HIGH, NULL},
    {"stopbackward", NETCFG_INT, 0, 1, NULL},
    {"onlyforward", NETCFG_INT, 0, 1, NULL},
    {"truth", NETCFG_INT, 0, 0, NULL},
    {"dontsave", NETCFG_INT, 0, 0, NULL},
    {"dontload", NETCFG_INT, 0, 0, NULL},
    {"dontloadscales", NETCFG_INT, 0, 0, NULL},
    {"numload", NETCFG_INT, 0, 0, NULL},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key conv_keys[] = {
    {"filters", NETCFG_INT, 1, WIDE, NULL},
    {"size", NETCFG_INT, 1, KERNEL, NULL},
    {"stride", NETCFG_INT, 1, KERNEL, NULL},
    {"pad", NETCFG_INT, 0, 1, NULL},
    {"padding", NETCFG_INT, 0, KERNEL, NULL},
    {"groups", NETCFG_INT, 1, WIDE, NULL},
    {"batch_normalize", NETCFG_INT, 0, 1, NULL},
    {"binary", NETCFG_INT, 0, 0, NULL},
    {"xnor", NETCFG_INT, 0, 0, NULL},
    {"flipped", NETCFG_INT, 0, 1, NULL},
    {"dot", NETCFG_REAL, LOW, HIGH, NULL},
    {"activation", NETCFG_WORD, 0, 0, ACTIVATIONS},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key local_keys[] = {
    {"filters", NETCFG_INT, 1, WIDE, NULL},
    {"size", NETCFG_INT, 1, KERNEL, NULL},
    {"stride", NETCFG_INT, 1, KERNEL, NULL},
    {"pad", NETCFG_INT, 0, 1, NULL},
    {"activation", NETCFG_WORD, 0, 0, ACTIVATIONS},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key connected_keys[] = {
    {"output", NETCFG_INT, 1, MANY, NULL},
    {"batch_normalize", NETCFG_INT, 0, 1, NULL},
    {"activation", NETCFG_WORD, 0, 0, ACTIVATIONS},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key maxpool_keys[] = {
    {"size", NETCFG_INT, 1, KERNEL, NULL},
    {"stride", NETCFG_INT, 1, KERNEL, NULL},
    {"padding", NETCFG_INT, 0, KERNEL, NULL},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key dropout_keys[] = {
    {"probability", NETCFG_REAL, 0, 0.999, NULL},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key softmax_keys[] = {
    {"groups", NETCFG_INT, 1, MANY, NULL},
    {"temperature", NETCFG_REAL, 1e-6, 1e6, NULL},
    {"spatial", NETCFG_REAL, 0, 0, NULL},
    {"noloss", NETCFG_INT, 0, 1, NULL},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key shortcut_keys[] = {
    {"from", NETCFG_INT, -LAYERS, LAYERS, NULL},
    {"alpha", NETCFG_REAL, LOW, HIGH, NULL},
    {"beta", NETCFG_REAL, LOW, HIGH, NULL},
    {"activation", NETCFG_WORD, 0, 0, ACTIVATIONS},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key route_keys[] = {
    {"layers", NETCFG_INTS, -LAYERS, LAYERS, NULL},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key crop_keys[] = {
    {"crop_width", NETCFG_INT, 1, SIDE, NULL},
    {"crop_height", NETCFG_INT, 1, SIDE, NULL},
    {"flip", NETCFG_INT, 0, 1, NULL},
    {"noadjust", NETCFG_INT, 0, 1, NULL},
    {"angle", NETCFG_REAL, LOW, HIGH, NULL},
    {"saturation", NETCFG_REAL, LOW, HIGH, NULL},
    {"exposure", NETCFG_REAL, LOW, HIGH, NULL},
    {"shift", NETCFG_REAL, LOW, HIGH, NULL},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key cost_keys[] = {
    {"type", NETCFG_WORD, 0, 0, "|seg|sse|masked|smooth|L1|wgan|"},
    {"scale", NETCFG_REAL, LOW, HIGH, NULL},
    {"ratio", NETCFG_REAL, LOW, HIGH, NULL},
    {"noobj", NETCFG_REAL, LOW, HIGH, NULL},
    {"thresh", NETCFG_REAL, LOW, HIGH, NULL},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key lrn_keys[] = {
    {"size", NETCFG_INT, 1, KERNEL, NULL},
    {"alpha", NETCFG_REAL, LOW, HIGH, NULL},
    {"beta", NETCFG_REAL, LOW, HIGH, NULL},
    {"kappa", NETCFG_REAL, LOW, HIGH, NULL},
    {NULL, NETCFG_INT, 0, 0, NULL},
};

static const struct netcfg_key activation_keys[] = {
    {"activation", NETCFG_WORD, 0, 0, ACTIVATIONS},
    {NULL, NETCFG_INT, 0, 0, NULL},
};
static const struct netcfg_key no_keys[] = {
    {NULL, NETCFG_INT, 0, 0, NULL},
};

const struct netcfg_kind netcfg_kinds[] = {
    {"net", "network", net_keys, netshape_net},
    {"convolutional", "conv", conv_keys, netshape_conv},
    {"local", NULL, local_keys, netshape_local},
    {"connected", "conn", connected_keys, netshape_connected},
    {"maxpool", "max", maxpool_keys, netshape_maxpool},
    {"avgpool", "avg", no_keys, netshape_avgpool},
    {"dropout", NULL, dropout_keys, netshape_dropout},
    {"softmax", "soft", softmax_keys, netshape_softmax},
    {"shortcut", NULL, shortcut_keys, netshape_shortcut},
    {"route", NULL, route_keys, netshape_route},
    {"crop", NULL, crop_keys, netshape_crop},
    {"activation", NULL, activation_keys, netshape_same},
    {"batchnorm", NULL, no_keys, netshape_batchnorm},
    {"normalization", "lrn", lrn_keys, netshape_lrn},
    {"cost", NULL, cost_keys, netshape_cost},
    {NULL, NULL, NULL, NULL},
};
