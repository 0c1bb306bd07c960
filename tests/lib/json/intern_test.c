/* intern: what is one class and what is another. */
#include <string.h>

#include "json/intern.h"
#include "tap.h"

static long
code(struct intern *t, const char *json)
{
	struct json_span s = {json, strlen(json), json_type_of(*json)};

	return intern_code(t, &s);
}

static int
reads(const struct intern *t, size_t i, const char *want)
{
	struct buf b = {0};
	int same;

	intern_put(t, i, &b);
	same = b.len == strlen(want) && memcmp(b.p, want, b.len) == 0;
	buf_free(&b);
	return same;
}

static void
values(void)
{
	static const char *const unusable[] = {
	    "null", "1.5", "1e3", "1.0", "-0.0", "[1]", "{\"a\":1}"};
	struct intern t;
	int refused = 0;

	intern_init(&t, 100);
	ok(code(&t, "7") == 0 && code(&t, "\"7\"") == 1 &&
		code(&t, "true") == 2 && code(&t, "false") == 3 &&
		code(&t, "\"true\"") == 4 && code(&t, "-7") == 5 &&
		code(&t, "\"\"") == 6 && code(&t, "\"caf\xc3\xa9\"") == 7,
	    "the type is part of the value");
	ok(code(&t, "\"\\u0037\"") == 1 && code(&t, "\"\\u00e9\"") == 8 &&
		code(&t, "\"caf\\u00E9\"") == 7,
	    "the escapes of a string are not");
	ok(code(&t, "\"\\u0000\"") == 9 && code(&t, "\"\\u0000x\"") == 10,
	    "NUL is a character");
	ok(reads(&t, 1, "\"7\"") && reads(&t, 0, "7") && reads(&t, 2, "true") &&
		reads(&t, 10, "\"\\u0000x\""),
	    "and back");
	ok(code(&t, "-0") == 11 && code(&t, "0") == 11 && reads(&t, 11, "0"),
	    "-0 is 0");
	for (size_t i = 0; i < sizeof unusable / sizeof *unusable; i++)
		refused += code(&t, unusable[i]) == INTERN_UNUSABLE;
	ok(refused == 7 && t.n == 12, "what is no class");
	intern_free(&t);
}

static void
lengths(void)
{
	char text[300];
	struct intern t;

	intern_init(&t, 100);
	memset(text, '1', sizeof text);
	text[255] = '\0';
	ok(code(&t, text) == 0, "255 digits");
	text[255] = '1';
	text[256] = '\0';
	ok(code(&t, text) == INTERN_UNUSABLE, "256 are too many");
	text[0] = text[256] = '"';
	text[257] = '\0';
	ok(code(&t, text) == 1, "255 bytes");
	text[256] = '1';
	text[257] = '"';
	text[258] = '\0';
	ok(code(&t, text) == INTERN_UNUSABLE, "256 are too many");
	intern_free(&t);
}

static void
bytes(void)
{
	struct intern t;
	size_t len;

	intern_init(&t, 2);
	ok(intern_bytes(&t, "a\0b", 4) == 0 &&
		intern_bytes(&t, "a\0c", 4) == 1 &&
		intern_bytes(&t, "a\0b", 4) == 0 &&
		intern_bytes(&t, "a", 1) == 2,
	    "bytes are told apart to the last");
	ok(memcmp(intern_text(&t, 1, &len), "a\0c", 4) == 0 && len == 4,
	    "and found again");
	intern_free(&t);
}

/* A table that goes on where another one ends. */
static void
extended(void)
{
	const struct json_span new = {"\"c\"", 3, JSON_STRING};
	const struct json_span odd = {"null", 4, JSON_NULL};
	struct intern base, t, again;
	struct buf text = {0};
	struct store s;

	intern_init(&base, 4);
	code(&base, "\"a\"");
	code(&base, "\"b\"");
	intern_extend(&t, &base);
	ok(t.n == 2 && code(&t, "\"b\"") == 1 && reads(&t, 0, "\"a\""),
	    "it has what its base has");
	ok(intern_find(&t, &new) == INTERN_NEW && t.n == 2 &&
		intern_find(&t, &odd) == INTERN_UNUSABLE,
	    "and finds nothing else");
	ok(code(&t, "\"c\"") == 2 && intern_find(&t, &new) == 2 &&
		code(&t, "\"d\"") == 3 && code(&t, "\"e\"") == 4 &&
		reads(&t, 2, "\"c\"") && reads(&t, 3, "\"d\"") && t.n == 4,
	    "what is new comes after that, up to the most");
	ok(base.n == 2, "the base stays");
	store_write(&s, &text);
	intern_state(&t, NULL, &s);
	buf_put(&text, "", 1);
	intern_extend(&again, &base);
	store_read(&s, text.p, text.len - 1);
	intern_state(&again, NULL, &s);
	ok(store_end(&s) == NULL && again.n == 4 && reads(&again, 3, "\"d\""),
	    "its state is that of all");
	intern_free(&again);
	intern_free(&t);
	intern_free(&base);
	buf_free(&text);
}

static void
many(size_t max)
{
	struct intern t;
	char text[32];
	int good = 1;

	intern_init(&t, max);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < 3000; i++) {
			snprintf(text, sizeof text, "\"class %zu\"", i);
			good = good &&
			       code(&t, text) == (long)(i < max ? i : max);
		}
	good = good && t.n == (max < 3000 ? max : 3000);
	for (size_t i = 0; i < t.n; i++) {
		snprintf(text, sizeof text, "\"class %zu\"", i);
		good = good && reads(&t, i, text);
	}
	ok(good, "3000 classes, at most %zu", max);
	ok(reads(&t, max, "null"), "the rest has no name");
	intern_free(&t);
}

int
main(void)
{
	values();
	lengths();
	bytes();
	extended();
	many(1);
	many(16);
	many(1000);
	many(5000);
	return done_testing();
}
