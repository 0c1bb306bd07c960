/*
 * The description of a network (darknet's cfg), read and checked.
 *
 * darknet skips lines it can't parse, takes "12x" for 12, guesses at unknown
 * layers and reads outside its arrays when shapes don't fit. So nothing
 * reaches it that was not understood here (types, keys, numbers and their
 * ranges) and in netshape.h (each layer's shape). What is wrong is a message
 * with file and line, and exit 2.
 */
#ifndef NETCFG_H
#define NETCFG_H

#include <stddef.h>
#include <stdio.h>

#include "net/netkeys.h"

struct netcfg_pair {
	const struct netkeys_key *key;
	char *text; /* without blanks */
	int line;
};

struct netcfg_section {
	const struct netkeys_kind *kind;
	struct netcfg_pair *pair;
	size_t n;
	int line;
	/* What follows from the keys: netshape.h. */
	int w, h, c; /* of the output; 0 when it is no image */
	long long outputs;
	long long params; /* floats in the weights file */
	long long work;   /* floats of scratch space */
};

struct netcfg {
	char *path;
	struct netcfg_section *section; /* 0 is [net], n is layer n - 1 */
	size_t n;
	long long params; /* of all layers */
};

/* Reads a cfg and checks each line; netshape_follow checks the whole. */
struct netcfg *netcfg_open(const char *path);
void netcfg_free(struct netcfg *cfg);

/*
 * Writes the checked cfg for darknet: plain inference, that batch. The
 * activations of netact.h are written as linear.
 */
void netcfg_write(const struct netcfg *cfg, FILE *f, int batch);

/* A key's value, or what stands in for it when it is not given. */
long long netcfg_int(
    const struct netcfg_section *s, const char *key, long long fallback);
double netcfg_real(
    const struct netcfg_section *s, const char *key, double fallback);
const char *netcfg_text(
    const struct netcfg_section *s, const char *key, const char *fallback);

/* The type's full name, such as "convolutional". */
const char *netcfg_type(const struct netcfg_section *s);

/* Ends the program: the section, and why it can't be. */
_Noreturn void netcfg_die(const struct netcfg *cfg,
    const struct netcfg_section *s, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
