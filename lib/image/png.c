#include <stdint.h>
#include <string.h>

#include "image/png.h"
#include "image/stbimage.h"

enum {
	SIGNATURE = 8,
	CHUNK = 12, /* bytes of one that has no data */
	HEADER = 13,
	CRITICAL = 0x20,
	BYTES = 256
};

int
png_begins(const unsigned char *data, size_t len)
{
	return len >= SIGNATURE &&
	       memcmp(data, "\x89PNG\r\n\x1a\n", SIGNATURE) == 0;
}

static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* The reflected polynomial of ISO 3309, for each byte. */
static void
make_table(uint32_t table[BYTES])
{
	for (uint32_t i = 0; i < BYTES; i++) {
		table[i] = i;
		for (int k = 0; k < 8; k++)
			table[i] = table[i] >> 1 ^
				   (table[i] & 1 ? 0xedb88320U : 0);
	}
}

static uint32_t
checksum(const uint32_t table[BYTES], const unsigned char *p, size_t len)
{
	uint32_t c = 0xffffffff;

	for (; len > 0; p++, len--)
		c = table[(c ^ *p) & 0xff] ^ c >> 8;
	return ~c;
}

/* Why it is not to be decoded, or NULL. */
static const char *
check(const unsigned char *data, size_t len)
{
	const unsigned char *p = data + SIGNATURE, *end = data + len;
	uint32_t table[BYTES];

	make_table(table);
	while (end - p >= CHUNK) {
		size_t size = be32(p);

		if (size > (size_t)(end - p) - CHUNK)
			return "truncated";
		if ((p[4] & CRITICAL) == 0 &&
		    checksum(table, p + 4, size + 4) != be32(p + 8 + size))
			return "wrong PNG checksum";
		if (memcmp(p + 4, "IEND", 4) == 0)
			return NULL;
		p += CHUNK + size;
	}
	return "truncated";
}

int
png_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	const unsigned char *header = data + SIGNATURE + 8;
	const char *why;

	if (len < SIGNATURE + CHUNK + HEADER)
		return image_fail(e, "decode", "truncated");
	if (memcmp(header - 4, "CgBI", 4) == 0)
		return image_fail(
		    e, "decode", "a PNG image in Apple's form (CgBI)");
	if (memcmp(header - 4, "IHDR", 4) != 0)
		return image_fail(e, "decode", "a PNG image without a header");
	if (image_check(im, (long)be32(header), (long)be32(header + 4),
		max_pixels, e) < 0)
		return -1;
	why = check(data, len);
	if (why != NULL)
		return image_fail(e, "decode", why);
	im->wide = header[8] == 16;
	return stbimage_decode(im, data, len, max_pixels, e);
}
