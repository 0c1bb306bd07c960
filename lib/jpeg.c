#include "jpeg.h"

enum { SOI = 0xd8, DHT = 0xc4, SOS = 0xda, MAX_CODES = 256 };

/* Whether it begins as a JPEG file does. */
static int
is_jpeg(const unsigned char *data, size_t len)
{
	return len >= 3 && data[0] == 0xff && data[1] == SOI && data[2] == 0xff;
}

static size_t
be16(const unsigned char *p)
{
	return (size_t)p[0] << 8 | p[1];
}

/*
 * One DHT segment, from its length on: tables of 17 bytes and their codes.
 * Like the decoder, goes by the length only between tables.
 */
static int
tables_fit(const unsigned char *p, const unsigned char *end)
{
	long len;
	size_t codes;

	if (end - p < 2)
		return 1;
	len = (long)be16(p) - 2;
	p += 2;
	while (len > 0) {
		codes = 0;
		for (int i = 1; i <= 16 && i < end - p; i++)
			codes += p[i];
		if (codes > MAX_CODES)
			return 0;
		if (end - p < 17 || codes > (size_t)(end - p) - 17)
			break;
		p += 17 + codes;
		len -= 17 + (long)codes;
	}
	return 1;
}

int
jpeg_tables_fit(const unsigned char *data, size_t len)
{
	const unsigned char *p = data + 2, *end = data + len;
	int header = 1; /* its segments are skipped; a scan has no length */

	if (!is_jpeg(data, len))
		return 1;
	while (end - p >= 2) {
		int marker = p[1];

		if (p[0] != 0xff || marker == 0xff) {
			p++;
			continue;
		}
		p += 2;
		if (marker == DHT && !tables_fit(p, end))
			return 0;
		if (marker == SOS)
			header = 0;
		if (header && end - p >= 2 && be16(p) <= (size_t)(end - p))
			p += be16(p);
	}
	return 1;
}
