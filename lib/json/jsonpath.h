/*
 * Dotted paths to fields of a record, as "feat.mean", and which of them a key
 * is on. A path is of keys alone; it goes through no array.
 */
#ifndef JSONPATH_H
#define JSONPATH_H

#include <stddef.h>
#include <stdint.h>

#include "json/json.h"

enum { JSON_PATHS = 64, JSON_KEYS = 8 };

/* Begin with zeros. The texts are kept, not copied. */
struct json_paths {
	size_t n;
	struct {
		const char *key[JSON_KEYS];
		size_t len[JSON_KEYS];
		size_t keys;
	} path[JSON_PATHS];
	uint64_t longer[JSON_KEYS]; /* by level: paths with more keys */
};

/* Adds a path. Returns its index, or -1: empty key, too deep, too many. */
int jsonpath_add(struct json_paths *ps, const char *dotted);

/* Of the paths in mask, by bits, those that go on below this level. */
static inline uint64_t
jsonpath_longer(const struct json_paths *ps, uint64_t mask, size_t level)
{
	return mask != 0 && level < JSON_KEYS ? mask & ps->longer[level] : 0;
}

/* Of the paths in mask, those that have this key at this level. */
uint64_t jsonpath_match(const struct json_paths *ps, uint64_t mask,
    size_t level, const struct json_span *key, int escaped);

#endif
