/*
 * What darknet's description of a classifier may hold: the types of section,
 * and the keys of each with the values that they take. A table, and no more.
 */
#ifndef NETKEYS_H
#define NETKEYS_H

#include <stddef.h>

enum netkeys_value {
	NETKEYS_INT,
	NETKEYS_REAL,
	NETKEYS_INTS,  /* comma-separated */
	NETKEYS_REALS, /* comma-separated */
	NETKEYS_WORD   /* one of the words */
};

struct netkeys_key {
	const char *name;
	enum netkeys_value value;
	double min, max;
	const char *words; /* "|a|b|" */
};

enum netkeys_type {
	NETKEYS_NET,
	NETKEYS_CONVOLUTIONAL,
	NETKEYS_LOCAL,
	NETKEYS_CONNECTED,
	NETKEYS_MAXPOOL,
	NETKEYS_AVGPOOL,
	NETKEYS_DROPOUT,
	NETKEYS_SOFTMAX,
	NETKEYS_SHORTCUT,
	NETKEYS_ROUTE,
	NETKEYS_CROP,
	NETKEYS_ACTIVATION,
	NETKEYS_BATCHNORM,
	NETKEYS_NORMALIZATION,
	NETKEYS_COST
};

/* A type of section; alias is its short name, or NULL. */
struct netkeys_kind {
	enum netkeys_type type;
	const char *name, *alias;
	const struct netkeys_key *keys; /* a key by name NULL ends */
};

/* The type of section by its full or short name, or NULL. */
const struct netkeys_kind *netkeys_kind(const char *name);

/* The key of a section of that type, or NULL. */
const struct netkeys_key *netkeys_find(
    const struct netkeys_kind *kind, const char *name);

/*
 * The length of the value without a comment at its end. darknet knows of no
 * such comment: its numbers just end where no digits are, so that it is none
 * of a word's or, when it has a comma, of a list's.
 */
size_t netkeys_length(const struct netkeys_key *key, const char *text);

/* Why the text, which is without blanks, is no value of the key, or NULL. */
const char *netkeys_check(const struct netkeys_key *key, const char *text);

#endif
