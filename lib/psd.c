#include <string.h>

#include "psd.h"

enum { DEPTH_AT = 22, SECTIONS_AT = 26, SECTIONS = 3 };

int
psd_is_wide(const unsigned char *data, size_t len)
{
	return len >= SECTIONS_AT && memcmp(data, "8BPS", 4) == 0 &&
	       data[DEPTH_AT] == 0 && data[DEPTH_AT + 1] == 16;
}

int
psd_is_packed(const unsigned char *data, size_t len)
{
	size_t at = SECTIONS_AT;

	/* Colour mode, resources, layers: each behind its length. */
	for (int i = 0; i < SECTIONS; i++) {
		if (at > len - 4)
			return 0;
		at += 4 + ((size_t)data[at] << 24 | (size_t)data[at + 1] << 16 |
			      (size_t)data[at + 2] << 8 | data[at + 3]);
	}
	return at <= len - 2 && (data[at] != 0 || data[at + 1] != 0);
}
