/* Text that is put together, and read back by the scanner. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "json/jsonscan.h"
#include "stats/rng.h"
#include "tap.h"
#include "base/utf8.h"

static void
holds(struct buf *b, const char *want)
{
	if (!ok(!b->failed && b->len == strlen(want) &&
		    memcmp(b->p, want, b->len) == 0,
		"%s", want))
		printf("# got %.*s\n", (int)b->len, b->p);
	b->len = 0;
}

static void
objects(void)
{
	struct buf b = {0};

	buf_str(&b, "{");
	buf_key_int(&b, "a", -9223372036854775807ll - 1);
	buf_key_real(&b, "b", 0.1);
	buf_key_str(&b, "c\"", "d\n");
	buf_key(&b, "e");
	buf_str(&b, "{");
	buf_key_int(&b, "f", 0);
	buf_str(&b, "}}");
	holds(&b, "{\"a\":-9223372036854775808,\"b\":0.1,"
		  "\"c\\\"\":\"d\\n\",\"e\":{\"f\":0}}");
	buf_key_int(&b, "first", 1);
	buf_key_int(&b, "second", 9223372036854775807ll);
	holds(&b, "\"first\":1,\"second\":9223372036854775807");
	buf_real(&b, NAN);
	buf_real(&b, INFINITY);
	buf_real(&b, -INFINITY);
	holds(&b, "nullnullnull");
	buf_json(&b, "\0\x1f\x7f\t\\\"/", 7);
	holds(&b, "\"\\u0000\\u001f\\u007f\\u0009\\\\\\\"/\"");
	buf_json(&b, "a\xc3\xa9\xff\xe2\x82z\xed\xa0\x80", 10);
	holds(&b, "\"a\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz"
		  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	buf_json(&b, "\xe2\x82", 2);
	holds(&b, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	buf_free(&b);
	ok(b.p == NULL && b.len == 0 && b.cap == 0, "freed");
}

static void
growth(void)
{
	struct buf b = {0};
	int wrong = 0;

	buf_put(&b, "", 0);
	ok(!b.failed && b.len == 0 && b.p != NULL, "nothing has an address");
	for (int i = 0; i < 100000; i++)
		buf_put(&b, (char[]){(char)i, (char)(i >> 8)}, 2);
	for (int i = 0; i < 100000; i++)
		wrong += b.p[2 * i] != (char)i ||
			 b.p[2 * i + 1] != (char)(i >> 8);
	ok(wrong == 0 && b.len == 200000, "grows and keeps");
	ok(buf_room(&b, 1 << 20) == b.p + 200000 && b.cap - b.len >= 1 << 20,
	    "makes room");
	buf_free(&b);
}

/* Whether any bytes become a JSON string, and UTF-8 the same text again. */
static void
round_trip(void)
{
	struct json_paths ps = {0};
	struct json_span found[1];
	struct json_line line;
	struct buf b = {0};
	struct rng r;
	int invalid = 0, other = 0;

	jsonpath_add(&ps, "k");
	rng_seed(&r, 5, 0);
	for (int i = 0; i < 20000; i++) {
		char s[24], back[128];
		size_t n = rng_below(&r, sizeof(s)), good = 1;

		for (size_t k = 0; k < n; k++)
			s[k] = (char)rng_below(&r, i % 2 ? 256 : 128);
		for (size_t k = 0, u; good && k < n; k += u)
			good = u = utf8_length(s + k, n - k);
		b.len = 0;
		buf_str(&b, "{");
		buf_key(&b, "k");
		buf_json(&b, s, n);
		buf_put(&b, "}", 2);
		if (jsonscan_line(b.p, b.len - 1, &ps, found, &line) < 0) {
			invalid++;
			continue;
		}
		if (good && (json_text(found, back, sizeof(back)) != n ||
				memcmp(back, s, n) != 0))
			other++;
	}
	ok(invalid == 0, "20,000 random texts become valid JSON");
	ok(other == 0, "and where they were UTF-8, come back");
	buf_free(&b);
}

int
main(void)
{
	objects();
	growth();
	round_trip();
	return done_testing();
}
