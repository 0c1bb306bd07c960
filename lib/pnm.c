#include <ctype.h>
#include <stdint.h>

#include "image.h"
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

/* v of 0 .. max as one of 0 .. top, rounded. */
static unsigned
stretch(unsigned v, unsigned max, unsigned top)
{
	if (v > max)
		v = max;
	return (unsigned)((2ULL * top * v + max) / (2ULL * max));
}

void
pnm_stretch(struct image *im, int max)
{
	size_t n = (size_t)im->width * (size_t)im->height *
		   (size_t)im->channels;
	const unsigned char *p = im->pixels;
	uint16_t *wide = (uint16_t *)(void *)im->pixels;

	if (max <= 0 || max == UINT8_MAX)
		return;
	for (size_t i = 0; i < n; i++)
		if (im->wide)
			wide[i] = (uint16_t)stretch(
			    (unsigned)p[2 * i] << 8 | p[2 * i + 1],
			    (unsigned)max, UINT16_MAX);
		else
			im->pixels[i] = (unsigned char)stretch(
			    p[i], (unsigned)max, UINT8_MAX);
}
