#include <stdint.h>
#include <string.h>

#include "base/base64.h"
#include "base/buf.h"

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_put(struct buf *b, const void *p, size_t n)
{
	const unsigned char *s = p;

	for (size_t i = 0; i < n; i += 3) {
		size_t k = n - i < 3 ? n - i : 3;
		uint32_t x = (uint32_t)s[i] << 16;
		char four[4] = "====";

		if (k > 1)
			x |= (uint32_t)s[i + 1] << 8;
		if (k > 2)
			x |= s[i + 2];
		for (size_t j = 0; j <= k; j++)
			four[j] = digits[x >> (18 - 6 * j) & 63];
		buf_put(b, four, 4);
	}
}

/* Four characters, of which the last pad are '='. */
static int
get_four(struct buf *b, const char *text, size_t pad)
{
	uint32_t x = 0;
	char three[3];

	for (size_t j = 0; j < 4; j++) {
		const char *d = j < 4 - pad && text[j] != '\0'
				    ? strchr(digits, text[j])
				    : NULL;

		if (d == NULL && j < 4 - pad)
			return -1;
		x = x << 6 | (d != NULL ? (uint32_t)(d - digits) : 0);
	}
	/* Bits that no byte has are zero. */
	if (x & ((1u << 8 * pad) - 1))
		return -1;
	for (size_t j = 0; j < 3; j++)
		three[j] = (char)(x >> (16 - 8 * j) & 255);
	buf_put(b, three, 3 - pad);
	return 0;
}

int
base64_get(struct buf *b, const char *text, size_t n)
{
	size_t len = b->len, pad = 0;

	if (n % 4 != 0)
		return -1;
	while (pad < 2 && pad < n && text[n - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < n; i += 4)
		if (get_four(b, text + i, i + 4 == n ? pad : 0) < 0) {
			b->len = len;
			return -1;
		}
	return 0;
}
