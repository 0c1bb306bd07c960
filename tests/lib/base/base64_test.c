/* base64: the examples of RFC 4648, section 10; every byte; what is none. */
#include <string.h>

#include "base/base64.h"
#include "base/buf.h"
#include "tap.h"

static const char *const examples[][2] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

static int
is(const struct buf *b, const void *p, size_t n)
{
	return b->len == n && (n == 0 || memcmp(b->p, p, n) == 0);
}

int
main(void)
{
	static const char *const bad[] = {"Z", "Zg", "Zg=", "Zg=A",
	    "Z===", "====", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9v", "Zm9-",
	    "Zm9v\n", "Zm\0009", "\377m9v"};
	struct buf b = {0}, back = {0};
	char bytes[256];
	int wrong = 0;

	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const char *plain = examples[i][0], *text = examples[i][1];

		b.len = back.len = 0;
		base64_put(&b, plain, strlen(plain));
		ok(is(&b, text, strlen(text)), "'%s' is written", plain);
		ok(base64_get(&back, text, strlen(text)) == 0 &&
			is(&back, plain, strlen(plain)),
		    "'%s' is read", text);
	}
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 167 + 13);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		b.len = back.len = 0;
		base64_put(&b, bytes, n);
		wrong += base64_get(&back, b.p, b.len) < 0 ||
			 !is(&back, bytes, n);
	}
	ok(wrong == 0, "every byte comes back");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		size_t n = i == 12 ? 4 : strlen(bad[i]);

		back.len = 0;
		buf_str(&back, "x");
		ok(base64_get(&back, bad[i], n) < 0 && is(&back, "x", 1),
		    "no base64: number %zu", i);
	}
	buf_free(&b);
	buf_free(&back);
	return done_testing();
}
