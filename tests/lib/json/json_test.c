/*
 * The scanner against cases out of RFC 8259, and against a second, slow
 * implementation of its grammar on mutated documents; what jsonval takes out
 * of the lines that pass.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json/jsonscan.h"
#include "stats/rng.h"
#include "tap.h"

enum { ROOM = 4096 };

/* The line at hand, at the end of its memory: reading on is an error. */
static char *text;
static struct json_span found[JSON_PATHS];
static struct json_line line;

static int
scan_n(const char *s, size_t n, const struct json_paths *ps)
{
	free(text);
	text = malloc(n + 1);
	if (text == NULL)
		exit(1);
	memcpy(text, s, n);
	text[n] = '\0';
	return jsonscan_line(text, n, ps, found, &line);
}

static int
scan(const char *s, const struct json_paths *ps)
{
	return scan_n(s, strlen(s), ps);
}

static struct json_paths
paths(const char *a, const char *b)
{
	struct json_paths ps = {0};

	jsonpath_add(&ps, a);
	if (b != NULL)
		jsonpath_add(&ps, b);
	return ps;
}

/* Valid values, by the sections of the RFC. */
static const char *const good[] = {"0", "-0", "1", "-1", "10", "1.0", "0.0",
    "-0.0", "1.5e3", "1E3", "1e+3", "1e-3", "0e0", "0E+00",
    "123456789012345678", "1e400", "-1e-400", "0.10e01", "true", "false",
    "null", "\"\"", "\"a\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\"",
    "\"\\uABCD\\uabcd\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
    "\"\\ud83d\\ude00\"", "\"\x7f\"", "\"\xc2\x80\"", "\"\xdf\xbf\"",
    "\"\xe0\xa0\x80\"", "\"\xed\x9f\xbf\"", "\"\xee\x80\x80\"",
    "\"\xef\xbf\xbf\"", "\"\xf0\x90\x80\x80\"", "\"\xf4\x8f\xbf\xbf\"",
    "\"0123456789abcdef0123456789abcdef\xc3\xa9\"", "[]", "[ ]", "[\t\r]",
    "[1]", "[1,2]", "[ 1 , 2 ]", "[[],{},[{}]]", "{}", "{ }", "{\"\":0}",
    "{\"a\":{\"b\":[]}}", "{\"a\":1,\"a\":2}", "{ \"a\" : 1 , \"b\" : 2 }",
    "[\"]\",\"}\",\"\\\"\"]"};

static const char *const bad[] = {"", "01", "-01", "00", "1.", ".5", "-.5",
    "+1", "-", "--1", "1e", "1e+", "1e-", "1.e1", "1.5.5", "1e1.5", "0x10",
    "1_0", "NaN", "-NaN", "Infinity", "-Infinity", "inf", "nan", "True", "TRUE",
    "tru", "truex", "nul", "nulll", "falsee", "undefined", "'a'", "a", "\"",
    "\"a", "\"\\", "\"\\\"", "\"\\a\"", "\"\\x41\"", "\"\\'\"", "\"\\0\"",
    "\"\\u\"", "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\U0041\"",
    "\"\\u 123\"", "\"\n\"", "\"\t\"", "\"\r\"", "\"\x01\"", "\"\x1f\"",
    "\"0123456789abcdef\x1f\"", "\"\x80\"", "\"\xbf\"", "\"\xc0\x80\"",
    "\"\xc1\xbf\"", "\"\xc2\"", "\"\xc2 \"", "\"\xe0\x80\x80\"",
    "\"\xe0\x9f\xbf\"", "\"\xe2\x82\"", "\"\xed\xa0\x80\"", "\"\xed\xbf\xbf\"",
    "\"\xf0\x80\x80\x80\"", "\"\xf0\x8f\xbf\xbf\"", "\"\xf0\x9f\x98\"",
    "\"\xf4\x90\x80\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xff\"", "\"\xfe\"", "[",
    "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1;2]", "[1}", "{", "}",
    "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}",
    "{\"a\"}", "{a:1}", "{'a':1}", "{1:1}", "{null:1}", "{\"a\" 1}",
    "{\"a\"::1}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}", "{[]:1}",
    "{\"a\":1]", "\v1", "\f1",
    ("\xc2\xa0"
     "1"),
    "/**/1", "1 // x", "#"};

static void
grammar(void)
{
	struct json_paths none = {0};
	char s[256];
	int wrong = 0;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		snprintf(s, sizeof(s), "{\"x\":%s,\"y\":[%s, %s ]}", good[i],
		    good[i], good[i]);
		if (scan(s, &none) < 0 && ++wrong)
			printf("# refused at %zu, '%s': %s\n", line.at,
			    line.why, s);
	}
	ok(wrong == 0, "%zu values are valid", sizeof(good) / sizeof(*good));
	wrong = 0;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(s, sizeof(s), "{\"x\":%s}", bad[i]);
		if (scan(s, &none) == 0 && ++wrong)
			printf("# accepted: %s\n", s);
		snprintf(s, sizeof(s), "{\"x\":[1,%s]}", bad[i]);
		if (scan(s, &none) == 0 && ++wrong)
			printf("# accepted: %s\n", s);
		if (line.at > strlen(s) || line.why == NULL)
			wrong++;
	}
	ok(wrong == 0, "%zu are not", sizeof(bad) / sizeof(*bad));
}

static void
refused(const char *s, size_t n, size_t at, const char *why)
{
	struct json_paths none = {0};

	if (!ok(scan_n(s, n, &none) < 0 && line.at == at &&
		    strcmp(line.why, why) == 0,
		"refused: %s at %zu", why, at) &&
	    line.why != NULL)
		printf("# %s at %zu\n", line.why, line.at);
}

static void
lines(void)
{
	struct json_paths none = {0};

	refused("", 0, 0, "empty");
	refused(" \t\r", 3, 3, "empty");
	refused("[]", 2, 0, "not an object");
	refused("1", 1, 0, "not an object");
	refused("\"{}\"", 4, 0, "not an object");
	refused("\xef\xbb\xbf{}", 5, 0, "not an object");
	refused("{}{}", 4, 2, "text after the object");
	refused("{}\r{}", 5, 3, "text after a CR: lines end in LF");
	refused("{} x", 4, 3, "text after the object");
	refused("{},", 3, 2, "text after the object");
	refused("{}\0", 3, 2, "text after the object");
	refused("\0{}", 3, 0, "not an object");
	refused("{\0}", 3, 1, "expected a quoted key");
	refused("{\"a\0\":1}", 8, 3, "control character in a string");
	refused("{\"a\":1\0}", 8, 6, "expected ',' or '}'");
	refused("{\"a\":\0", 6, 5, "not a value");
	ok(scan(" \t\r{ \r\t} \t\r", &none) == 0 && line.empty &&
		line.close == 7,
	    "an empty object with white space around and in it");
	ok(scan("{\"a\":1 } ", &none) == 0 && !line.empty && line.close == 7,
	    "where it closes");
	ok(scan("{\"a\":\"}\"}\r", &none) == 0 && line.close == 8,
	    "not at a brace in a string");
}

static int
nested(size_t depth, char open, char close)
{
	struct json_paths none = {0};
	char s[3 * JSON_DEPTH] = "{\"a\":";
	size_t n = strlen(s);

	memset(s + n, open, depth);
	memset(s + n + depth, close, depth);
	n += 2 * depth;
	s[n++] = '}';
	return scan_n(s, n, &none);
}

static void
depth(void)
{
	char *s = malloc(6 * 100000);
	struct json_paths none = {0};

	ok(nested(JSON_DEPTH - 1, '[', ']') == 0, "%d levels", JSON_DEPTH);
	ok(nested(JSON_DEPTH, '[', ']') < 0 &&
		strcmp(line.why, "nested too deep") == 0,
	    "%d levels are too deep", JSON_DEPTH + 1);
	ok(nested(2, '[', '}') < 0, "brackets must match");
	for (int i = 0; s != NULL && i < 100000; i++)
		memcpy(s + 5 * i, "{\"a\":", 5);
	ok(s != NULL && scan_n(s, 500000, &none) < 0,
	    "100,000 levels are refused, not recursed");
	free(s);
}

/* Whether path i was found as this text, "" for absent. */
static int
spans(int i, const char *want)
{
	if (*want == '\0')
		return found[i].type == JSON_NONE;
	return found[i].type == json_type_of((unsigned char)*want) &&
	       found[i].len == strlen(want) &&
	       memcmp(found[i].p, want, found[i].len) == 0;
}

static void
finds(const char *s, const char *a, const char *b, const char *want_a,
    const char *want_b)
{
	struct json_paths ps = paths(a, b);

	ok(scan(s, &ps) == 0 && spans(0, want_a) && spans(1, want_b),
	    "%s and %s in %s", a, b, s);
}

static void
fields(void)
{
	finds("{\"a\":1,\"b\":[2, 3]}", "a", "b", "1", "[2, 3]");
	finds("{ \"a\" : \"x\" , \"b\" : { } }", "a", "b", "\"x\"", "{ }");
	finds("{\"a\":{\"b\":{\"c\":-1.5}}}", "a.b.c", "a.b", "-1.5",
	    "{\"c\":-1.5}");
	finds("{\"a\":1,\"a\":2}", "a", "b", "2", "");
	finds("{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "a.b", "a.c", "", "2");
	finds("{\"a\":{\"b\":1},\"a\":3}", "a.b", "a", "", "3");
	finds("{\"a\":3,\"a\":{\"b\":1,\"b\":null}}", "a.b", "a", "null",
	    "{\"b\":1,\"b\":null}");
	finds("{\"b\":{\"a\":1},\"c\":[{\"a\":2}]}", "a", "b.a", "", "1");
	finds("{\"a.b\":1,\"a\":{\"b\":2}}", "a.b", "a", "2", "{\"b\":2}");
	finds("{\"a\":[{\"b\":1}]}", "a.b", "a", "", "[{\"b\":1}]");
	finds("{\"\\u0061\":1,\"\\u00e9\":2}", "a", "\xc3\xa9", "1", "2");
	finds("{\"a\":1,\"\\u0061\":2}", "a", "b", "2", "");
	finds("{\"a\\u0000\":1,\"aa\":2}", "a", "aa", "", "2");
	finds("{\"\\ud83d\\ude00\":1,\"\\ud83d\":2}", "\xf0\x9f\x98\x80",
	    "\xef\xbf\xbd", "1", "2");
	finds("{\"a\":true,\"b\":false}", "a", "b", "true", "false");
	finds("{\"A\":1,\"ab\":2,\"\":3}", "a", "b", "", "");
	finds("{\"a\":1}", "a", "a", "1", "1");
}

static void
path_limits(void)
{
	struct json_paths ps = {0};
	char doc[2048] = "{", name[8];
	static char names[JSON_PATHS][8];
	int added = 0, right = 0;

	ok(jsonpath_add(&ps, "") < 0, "no empty path");
	ok(jsonpath_add(&ps, ".a") < 0 && jsonpath_add(&ps, "a.") < 0 &&
		jsonpath_add(&ps, "a..b") < 0 && jsonpath_add(&ps, ".") < 0,
	    "no empty key");
	ok(jsonpath_add(&ps, "a.b.c.d.e.f.g.h.i") < 0 && ps.n == 0,
	    "no more than %d keys", JSON_KEYS);
	for (int i = 0; i < JSON_PATHS; i++) {
		snprintf(names[i], sizeof(names[i]), "k%d", i);
		added += jsonpath_add(&ps, names[i]) == i;
		snprintf(doc + strlen(doc), sizeof(doc) - strlen(doc),
		    "\"k%d\":%d,", i, i);
	}
	ok(added == JSON_PATHS && jsonpath_add(&ps, "x") < 0,
	    "%d paths, no more", JSON_PATHS);
	doc[strlen(doc) - 1] = '}';
	ok(scan(doc, &ps) == 0, "a scan for all of them");
	for (int i = 0; i < JSON_PATHS; i++) {
		snprintf(name, sizeof(name), "%d", i);
		right += spans(i, name);
	}
	ok(right == JSON_PATHS, "finds each");
	ps = paths("a.b.c.d.e.f.g.h", "a.b.c.d.e.f.g");
	ok(scan("{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{"
		"\"i\":7}}}}}}}}}",
	       &ps) == 0 &&
		spans(0, "{\"i\":7}") && spans(1, "{\"h\":{\"i\":7}}"),
	    "a path of %d keys", JSON_KEYS);
}

static void
text_is(const char *s, const char *want, size_t n)
{
	struct json_paths ps = paths("a", NULL);
	char doc[128], buf[64];

	snprintf(doc, sizeof(doc), "{\"a\":%s}", s);
	ok(scan(doc, &ps) == 0 && json_text(found, buf, sizeof(buf)) == n &&
		memcmp(buf, want, n + 1) == 0 && json_equals(found, want, n) &&
		!json_equals(found, want, n + 1) &&
		!json_equals(found, "other", 5),
	    "the text of %s", s);
}

static void
texts(void)
{
	struct json_paths ps = paths("a", NULL);
	char buf[8];

	text_is("\"\"", "", 0);
	text_is("\"abc\"", "abc", 3);
	text_is("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8);
	text_is("\"\\u0041\\u00e9\\u20ac\"", "A\xc3\xa9\xe2\x82\xac", 6);
	text_is("\"a\\u0000b\"", "a\0b", 3);
	text_is("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 4);
	text_is("\"\\uD83D\\uDE00\"", "\xf0\x9f\x98\x80", 4);
	text_is("\"\\ud83d\"", "\xef\xbf\xbd", 3);
	text_is("\"\\ude00\"", "\xef\xbf\xbd", 3);
	text_is("\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80", 7);
	text_is("\"\\ud83d\\u0041\"",
	    "\xef\xbf\xbd"
	    "A",
	    4);
	text_is("\"\\udbff\\udfff\"", "\xf4\x8f\xbf\xbf", 4);
	scan("{\"a\":\"abc\\u20acd\"}", &ps);
	ok(json_text(found, buf, 6) == 7 && strcmp(buf, "abc") == 0,
	    "no part of a character at the cut");
	ok(json_text(found, buf, 1) == 7 && *buf == '\0', "room for a NUL");
}

static void
numbers(void)
{
	static const char *const none[] = {
	    "null", "\"1\"", "[1]", "{}", "true", "1e999"};
	struct json_paths ps = paths("a", NULL);
	double *x = NULL, y;
	size_t room = 0, n = 9;
	char doc[16384] = "{\"a\":[0";

	ok(scan("{\"a\":[ 1 ,-2.5e1\t, 0 ]}", &ps) == 0 &&
		json_numbers(found, &x, &room, &n) == 0 && n == 3 &&
		x[0] == 1 && x[1] == -25 && x[2] == 0,
	    "numbers of an array");
	ok(scan("{\"a\":[]}", &ps) == 0 &&
		json_numbers(found, &x, &room, &n) == 0 && n == 0,
	    "none of an empty one");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		snprintf(doc, 64, "{\"a\":[1,%s]}", none[i]);
		ok(scan(doc, &ps) == 0 &&
			json_numbers(found, &x, &room, &n) < 0,
		    "%s is no number", none[i]);
	}
	strcpy(doc, "{\"a\":[0");
	for (size_t i = 1; i < 3000; i++)
		sprintf(doc + strlen(doc), ",%zu", i);
	strcat(doc, "]}");
	ok(scan(doc, &ps) == 0 && json_numbers(found, &x, &room, &n) == 0 &&
		n == 3000 && x[2999] == 2999 && x[1024] == 1024,
	    "the array grows");
	ok(scan("{\"a\":1e309}", &ps) == 0 && json_number(found, &y) < 0,
	    "1e309 is beyond a double");
	ok(scan("{\"a\":\"1\"}", &ps) == 0 && json_number(found, &y) < 0,
	    "a string is no number");
	free(x);
}

static void
removes(const char *s, const char *path, const char *want)
{
	struct json_paths ps = paths(path, NULL);
	const char *begin, *end;
	char left[128];

	scan(s, &ps);
	json_member(found, &begin, &end);
	snprintf(left, sizeof(left), "%.*s%s", (int)(begin - text), text, end);
	if (!ok(strcmp(left, want) == 0, "%s out of %s", path, s))
		printf("# left %s\n", left);
}

static void
members(void)
{
	removes("{\"a\":1}", "a", "{}");
	removes("{ \"a\" : 1 }", "a", "{ }");
	removes("{\"a\":1,\"b\":2}", "a", "{\"b\":2}");
	removes("{\"a\":1 , \"b\":2}", "a", "{ \"b\":2}");
	removes("{\"b\":2,\"a\":1}", "a", "{\"b\":2}");
	removes("{\"b\":2 , \"a\" : [1,2] }", "a", "{\"b\":2  }");
	removes("{\"b\":2,\"a\":1,\"c\":3}", "a", "{\"b\":2,\"c\":3}");
	removes("{\"b\":{\"a\":1},\"c\":3}", "b.a", "{\"b\":{},\"c\":3}");
	removes("{\"b\":\"\\\\\",\"\\u0061\":1}", "a", "{\"b\":\"\\\\\"}");
	removes("{\"x\\\"\\\\\":0,\"a\":1}", "a", "{\"x\\\"\\\\\":0}");
}

/* A second implementation of the grammar, byte by byte, without speed. */

static const unsigned char *at, *stop;

static int
next_is(int c)
{
	return at < stop && *at == c;
}

static void
blanks(void)
{
	while (at < stop && *at && strchr(" \t\r\n", *at))
		at++;
}

static int
one_of(int low, int high)
{
	if (at >= stop || *at < low || *at > high)
		return 0;
	at++;
	return 1;
}

/* RFC 3629, section 4, line by line. */
static int
slow_utf8(void)
{
	static const unsigned char row[][5] = {{0xc2, 0xdf, 0x80, 0xbf, 0},
	    {0xe0, 0xe0, 0xa0, 0xbf, 1}, {0xe1, 0xec, 0x80, 0xbf, 1},
	    {0xed, 0xed, 0x80, 0x9f, 1}, {0xee, 0xef, 0x80, 0xbf, 1},
	    {0xf0, 0xf0, 0x90, 0xbf, 2}, {0xf1, 0xf3, 0x80, 0xbf, 2},
	    {0xf4, 0xf4, 0x80, 0x8f, 2}};

	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		if (!one_of(row[i][0], row[i][1]))
			continue;
		if (!one_of(row[i][2], row[i][3]))
			return 0;
		for (int k = 0; k < row[i][4]; k++)
			if (!one_of(0x80, 0xbf))
				return 0;
		return 1;
	}
	return 0;
}

static int
slow_string(void)
{
	if (!one_of('"', '"'))
		return 0;
	while (at < stop && *at != '"') {
		if (one_of('\\', '\\')) {
			if (at >= stop || !*at || !strchr("\"\\/bfnrtu", *at))
				return 0;
			if (*at++ != 'u')
				continue;
			for (int i = 0; i < 4; i++)
				if (!one_of('0', '9') && !one_of('a', 'f') &&
				    !one_of('A', 'F'))
					return 0;
		} else if (!one_of(0x20, 0x7f) && !slow_utf8()) {
			return 0;
		}
	}
	return one_of('"', '"');
}

static int
slow_digits(void)
{
	if (!one_of('0', '9'))
		return 0;
	while (one_of('0', '9'))
		;
	return 1;
}

static int
slow_number(void)
{
	one_of('-', '-');
	if (!one_of('0', '0') && !slow_digits())
		return 0;
	if (one_of('.', '.') && !slow_digits())
		return 0;
	if (one_of('e', 'e') || one_of('E', 'E')) {
		if (!one_of('+', '+'))
			one_of('-', '-');
		return slow_digits();
	}
	return 1;
}

static int
slow_word(const char *w)
{
	size_t n = strlen(w);

	if ((size_t)(stop - at) < n || memcmp(at, w, n) != 0)
		return 0;
	at += n;
	return 1;
}

static int slow_value(int level);

static int
slow_list(int close, int level)
{
	at++;
	blanks();
	if (one_of(close, close))
		return 1;
	for (;;) {
		blanks();
		if (close == '}') {
			if (!slow_string())
				return 0;
			blanks();
			if (!one_of(':', ':'))
				return 0;
		}
		if (!slow_value(level + 1))
			return 0;
		if (one_of(close, close))
			return 1;
		if (!one_of(',', ','))
			return 0;
	}
}

static int
slow_value(int level)
{
	int good_one;

	blanks();
	if (level == JSON_DEPTH && (next_is('[') || next_is('{')))
		return 0;
	good_one = next_is('{')   ? slow_list('}', level)
		   : next_is('[') ? slow_list(']', level)
		   : next_is('"') ? slow_string()
				  : slow_word("true") || slow_word("false") ||
					slow_word("null") || slow_number();
	blanks();
	return good_one;
}

static int
slow_scan(const char *s, size_t n)
{
	at = (const unsigned char *)s;
	stop = at + n;
	blanks();
	return next_is('{') && slow_value(0) && at == stop;
}

/* Takes everything out of a value that jsonval can. Returns the faults. */
static int
take_out(const struct json_span *s, int level)
{
	static double *x;
	static size_t room;
	struct json_span key = {.type = JSON_NONE}, val;
	char buf[300];
	size_t n;
	double y;
	int faults = 0;

	if (s->type == JSON_STRING) {
		n = json_text(s, buf, sizeof(buf));
		faults += n < sizeof(buf) && !json_equals(s, buf, n);
		json_text(s, buf, 4);
	}
	if (s->type == JSON_NUMBER && json_number(s, &y) == 0)
		faults += y != strtod(s->p, NULL);
	if (s->type != JSON_OBJECT && s->type != JSON_ARRAY)
		return faults +
		       (json_number(s, &y) == 0 && s->type != JSON_NUMBER);
	if (s->type == JSON_ARRAY)
		json_numbers(s, &x, &room, &n);
	for (const char *p = NULL; json_next(s, &p, &key, &val);) {
		faults += val.len == 0 || val.type == JSON_NONE;
		faults += val.p + val.len > s->p + s->len;
		if (s->type == JSON_OBJECT)
			faults += take_out(&key, level + 1);
		faults += take_out(&val, level + 1);
	}
	return faults;
}

/* The found values, and the line without each of them. */
static int
check_found(const struct json_paths *ps, size_t len)
{
	struct json_paths none = {0};
	struct json_span dummy[1];
	struct json_line after;
	const char *begin, *end;
	char left[ROOM];
	int faults = 0;

	for (size_t i = 0; i < ps->n; i++) {
		size_t n;

		if (found[i].type == JSON_NONE)
			continue;
		faults += take_out(&found[i], 0);
		json_member(&found[i], &begin, &end);
		n = (size_t)(begin - text);
		memcpy(left, text, n);
		memcpy(left + n, end, len - (size_t)(end - text));
		n += len - (size_t)(end - text);
		left[n] = '\0';
		faults += jsonscan_line(left, n, &none, dummy, &after) < 0;
		faults += !slow_scan(left, n);
	}
	return faults;
}

static size_t
mutate(struct rng *r, char *s, size_t n)
{
	static const char likely[] =
	    "{}[]\",:\\u0019aAeE+-. \t\rtfn\xc3\xa9\x80";

	for (uint64_t k = rng_below(r, 4); k > 0 || n < 2; k--) {
		size_t i = rng_below(r, n + 1), j = rng_below(r, n + 1);
		char c = rng_below(r, 4) ? likely[rng_below(r, sizeof(likely))]
					 : (char)rng_below(r, 256);

		switch (rng_below(r, 4)) {
		case 0: /* insert */
			memmove(s + i + 1, s + i, n++ - i);
			s[i] = c;
			break;
		case 1: /* take out */
			if (i < n)
				memmove(s + i, s + i + 1, --n - i);
			break;
		case 2: /* change */
			if (i < n)
				s[i] = c;
			break;
		default: /* copy a piece elsewhere */
			if (i > j || n + (j - i) > ROOM / 2)
				break;
			memmove(s + j + (j - i), s + j, n - j);
			memcpy(s + j, s + i, j - i);
			n += j - i;
		}
	}
	return n;
}

static void
fuzz(void)
{
	static const char *const seeds[] = {
	    "{\"a\":1,\"b\":[1,2.5e-3,-0],\"c\":{\"d\":\"x\\u00e9\\n\"}}",
	    "{ \"c\" : { \"d\" : null , \"e\":[{},[],\"\"] } , \"a\":true }",
	    ("{\"a\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 plain text that is "
	     "longer than sixteen bytes\",\"\\u0061\":\"\\ud83d\\ude00\"}"),
	    "{\"seq\":1,\"a\":{\"b\":{\"c\":[[[1]]]}},\"b\":\"\\\"\\\\\"}",
	    "{\"b\":-1.5E+10,\"a\":123456789012345678901234567890}"};
	struct json_paths ps = paths("a", "c.d");
	struct rng r;
	int accepted = 0, differ = 0, faults = 0;

	jsonpath_add(&ps, "b");
	jsonpath_add(&ps, "a.b.c");
	rng_seed(&r, 8259, 0);
	for (int i = 0; i < 100000; i++) {
		const char *seed = seeds[rng_below(&r, 5)];
		char s[ROOM];
		size_t n = strlen(seed);
		int good_one;

		memcpy(s, seed, n);
		n = mutate(&r, s, n);
		good_one = scan_n(s, n, &ps) == 0;
		if (good_one != slow_scan(s, n) && differ++ < 5)
			printf("# %d, %s: %.*s\n", good_one,
			    line.why ? line.why : "", (int)n, s);
		accepted += good_one;
		if (good_one)
			faults += check_found(&ps, n);
	}
	ok(differ == 0, "100,000 mutations are judged alike");
	ok(accepted > 10000 && accepted < 90000, "%d of them valid", accepted);
	ok(faults == 0, "all that is found can be taken out");
}

int
main(void)
{
	grammar();
	lines();
	depth();
	fields();
	path_limits();
	texts();
	numbers();
	members();
	fuzz();
	free(text);
	return done_testing();
}
