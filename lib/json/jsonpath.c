#include <string.h>

#include "json/jsonpath.h"

int
jsonpath_add(struct json_paths *ps, const char *dotted)
{
	const char *dot;
	size_t k = 0;

	if (ps->n == JSON_PATHS)
		return -1;
	for (;; dotted = dot + 1) {
		dot = strchr(dotted, '.');
		if (dot == dotted || *dotted == '\0' || k == JSON_KEYS)
			return -1;
		ps->path[ps->n].key[k] = dotted;
		ps->path[ps->n].len[k++] = dot ? (size_t)(dot - dotted)
					       : strlen(dotted);
		if (dot == NULL)
			break;
	}
	ps->path[ps->n].keys = k;
	while (k-- > 0)
		ps->longer[k] |= (uint64_t)1 << ps->n;
	return (int)ps->n++;
}

uint64_t
jsonpath_match(const struct json_paths *ps, uint64_t mask, size_t level,
    const struct json_span *key, int escaped)
{
	uint64_t hit = 0;

	for (uint64_t m = mask; m != 0; m &= m - 1) {
		int i = __builtin_ctzll(m);
		const char *want = ps->path[i].key[level];
		size_t len = ps->path[i].len[level];

		if (escaped ? json_equals(key, want, len)
			    : key->len == len + 2 &&
				  memcmp(key->p + 1, want, len) == 0)
			hit |= 1ull << i;
	}
	return hit;
}
