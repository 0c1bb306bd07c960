/* The masks of simd.h: every byte at every place, by another way of saying it. */
#include <string.h>

#include "base/simd.h"
#include "tap.h"

/* Exactly 16 bytes: reading on is an error under a sanitizer. */
static unsigned wrong[3];

static void
check(const char *p, const char *q)
{
	unsigned same = 0, digits = 0, odd = 0;

	for (unsigned i = 0; i < 16; i++) {
		unsigned c = (unsigned char)p[i], bit = 1u << i;

		same |= memcmp(p + i, q + i, 1) == 0 ? bit : 0;
		digits |= c && strchr("0123456789", (int)c) ? bit : 0;
		odd |= c < 32 || c > 127 || c == 34 || c == 92 ? bit : 0;
	}
	wrong[0] += simd_same(p, q) != same;
	wrong[1] += simd_digits(p) != digits;
	wrong[2] += simd_odd(p) != odd;
}

int
main(void)
{
	char p[16], q[16];

	for (unsigned c = 0; c < 256; c++)
		for (unsigned i = 0; i < 16; i++)
			for (unsigned other = 0; other < 256; other += 5) {
				memset(p, (int)other, sizeof(p));
				memset(q, (int)c, sizeof(q));
				p[i] = (char)c;
				check(p, q);
				q[i] = (char)other;
				check(p, q);
			}
	ok(wrong[0] == 0, "equal bytes");
	ok(wrong[1] == 0, "digits");
	ok(wrong[2] == 0, "what is not plain");
	return done_testing();
}
