#include <stdint.h>
#include <stdlib.h>

#include "metric/distinct.h"

enum { BYTES = 1 << 17 };

/* FNV-1a, with its bits mixed once more. States keep what it says. */
static size_t
bit_of(const char *key, size_t size)
{
	uint64_t h = 0xcbf29ce484222325u ^ (unsigned char)key[0];

	for (size_t i = 1; i < size; i++)
		h = (h ^ (unsigned char)key[i]) * 0x100000001b3u;
	h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
	return (size_t)((h ^ h >> 29) % (BYTES * 8));
}

int
distinct_add(struct distinct *d, const char *key, size_t size)
{
	size_t bit = bit_of(key, size);
	unsigned char mask = (unsigned char)(1u << bit % 8);
	int is_new;

	if (d->seen == NULL)
		d->seen = calloc(BYTES, 1);
	if (d->seen == NULL)
		return -1;
	is_new = !(d->seen[bit / 8] & mask);
	d->seen[bit / 8] |= mask;
	return is_new;
}

void
distinct_state(struct distinct *d, const char *name, struct store *s)
{
	if (d->seen == NULL)
		d->seen = calloc(BYTES, 1);
	if (d->seen == NULL)
		store_no_memory(s);
	else
		store_u8s(s, name, d->seen, BYTES, 255);
}

void
distinct_free(struct distinct *d)
{
	free(d->seen);
	d->seen = NULL;
}
