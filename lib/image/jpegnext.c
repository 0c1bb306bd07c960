#include <stddef.h>

#include "image/jpegnext.h"

/*
 * The end of the image that begins here, or NULL. A thumbnail stands within a
 * segment, whose length says where the next marker is.
 */
static const unsigned char *
image_end(const unsigned char *p, const unsigned char *end)
{
	enum { RST0 = 0xd0, SOI = 0xd8, EOI = 0xd9, TEM = 1 };

	for (p += 2; end - p >= 2;) {
		if (p[0] != 0xff || p[1] == 0xff)
			p++;
		else if (p[1] == EOI)
			return p + 2;
		else if (p[1] <= TEM || (p[1] >= RST0 && p[1] <= SOI))
			p += 2;
		else if (end - p < 4 || end - p < 2 + (p[2] << 8 | p[3]))
			return NULL;
		else
			p += 2 + (p[2] << 8 | p[3]);
	}
	return NULL;
}

int
jpegnext_count(const unsigned char *p, const unsigned char *end)
{
	int n = 0;

	while (p != NULL) {
		while (p < end && *p == 0)
			p++;
		if (end - p < 3 || p[0] != 0xff || p[1] != 0xd8 || p[2] != 0xff)
			break;
		p = image_end(p, end);
		n += p != NULL;
	}
	return n;
}
