/* UTF-8 against every code point, and by count against every sequence. */
#include "tap.h"
#include "base/utf8.h"

static size_t
encode(unsigned c, char *s)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; c >>= 6)
		s[i] = (char)(0x80 | (c & 0x3f));
	s[0] = (char)(lead[n] | c);
	return n;
}

/* Of all sequences with a lead in low .. high and n - 1 continuations. */
static unsigned
accepted(unsigned low, unsigned high, size_t n)
{
	unsigned count = 0, tails = 1u << 6 * (n - 1);

	for (unsigned lead = low; lead <= high; lead++)
		for (unsigned tail = 0; tail < tails; tail++) {
			char s[4] = {(char)lead};
			unsigned t = tail;

			for (size_t i = n; i-- > 1; t >>= 6)
				s[i] = (char)(0x80 | (t & 0x3f));
			count += utf8_length(s, n) == n;
		}
	return count;
}

static void
every_character(void)
{
	static const unsigned char no_tail[] = {0, 0x20, 0x7f, 0xc0, 0xff};
	int wrong = 0, cut = 0, broken = 0;

	for (unsigned c = 0; c < 0x110000; c++) {
		char s[4];
		size_t n = encode(c, s);

		if (c >> 11 == 0x1b) {
			wrong += utf8_length(s, n) != 0;
			continue;
		}
		wrong += utf8_length(s, n) != n || utf8_length(s, 4) != n;
		for (size_t left = 1; left < n; left++)
			cut += utf8_length(s, left) != 0;
		for (size_t i = 1; i < n; i++) {
			char was = s[i];

			for (size_t k = 0; k < sizeof(no_tail); k++) {
				s[i] = (char)no_tail[k];
				broken += utf8_length(s, n) != 0;
			}
			s[i] = was;
		}
	}
	ok(wrong == 0, "every code point but the surrogates");
	ok(cut == 0, "no part of one");
	ok(broken == 0, "none with a byte that does not continue");
}

int
main(void)
{
	int leads = 0;

	every_character();
	ok(accepted(0xc0, 0xdf, 2) == 0x800 - 0x80, "no others of two bytes");
	ok(accepted(0xe0, 0xef, 3) == 0x10000 - 0x800 - 0x800,
	    "no others of three");
	ok(accepted(0xf0, 0xf7, 4) == 0x100000, "no others of four");
	for (unsigned lead = 0x80; lead < 0x100; lead++) {
		char s[4] = {(char)lead, (char)0x80, (char)0x80, (char)0x80};

		if (lead < 0xc0 || lead > 0xf7)
			leads += utf8_length(s, 4) != 0;
	}
	ok(leads == 0, "no continuation or undefined byte leads");
	return done_testing();
}
