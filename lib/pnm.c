#include <ctype.h>

#include "pnm.h"

enum { SAMPLE_MAX = 65535 };

/* Blanks and comments before a number. Returns what stands behind them. */
static const unsigned char *
skip(const unsigned char *p, const unsigned char *end)
{
	for (; p < end && (isspace(*p) || *p == '#'); p++)
		if (*p == '#')
			while (p + 1 < end && *p != '\n' && *p != '\r')
				p++;
	return p;
}

int
pnm_max(const unsigned char *data, size_t len)
{
	const unsigned char *p = data + 2, *end = data + len;
	int n = 0;

	if (len < 3 || data[0] != 'P' || (data[1] != '5' && data[1] != '6'))
		return 0;
	/* Width, height, largest value. */
	for (int i = 0; i < 3; i++) {
		n = 0;
		for (p = skip(p, end); p < end && isdigit(*p); p++)
			n = n > SAMPLE_MAX ? n : 10 * n + (*p - '0');
	}
	return n > 0 && n <= SAMPLE_MAX ? n : -1;
}

void
pnm_stretch(unsigned char *p, size_t n, int max)
{
	for (size_t i = 0; i < n; i++) {
		int v = p[i] < max ? p[i] : max;

		p[i] = (unsigned char)((2 * 255 * v + max) / (2 * max));
	}
}
