/*
 * darknet's weights files: which arrays of a layer they hold, read, checked
 * and written. Foreign: darknet, whose types stay incomplete here.
 */
#ifndef NETBLOB_H
#define NETBLOB_H

#include <stddef.h>

#include "net/netcfg.h"

struct layer;
struct network;

/* The arrays of a layer that its weights file holds, in the file's order. */
struct netblob {
	float *value;
	float *update; /* what training adds up for it, or NULL */
	size_t n;
	enum { NETBLOB_BIAS, NETBLOB_WEIGHT, NETBLOB_SCALE, NETBLOB_STAT } kind;
};

enum { NETBLOB_MAX = 5 };

/* Returns how many there are. */
int netblob_list(const struct layer *l, struct netblob out[NETBLOB_MAX]);

/* Whether the file is one of this cfg, by its size; if not, exit 2. */
void netblob_check(const struct netcfg *cfg, const char *path);

/* Reads the weights of a whole network; what is wrong is exit 2. */
void netblob_load(
    struct network *n, const struct netcfg *cfg, const char *path);

/* Writes a weights file; seen is the number of images trained on. */
void netblob_save(struct network *n, unsigned long long seen, const char *path);

#endif
