/*
 * What follows a known shape is judged and read as jsonscan_line does: streams of
 * lines that are alike, nearly alike, or broken, with one memory for all.
 */
#include <stdlib.h>
#include <string.h>

#include "json/jsonshape.h"
#include "stats/rng.h"
#include "tap.h"

enum { ROOM = 4096 };

static struct jsonshape *shape;
static struct json_line line;
static struct json_span found[JSON_PATHS], want[JSON_PATHS];

/* The same spans, of any line that has as many bytes. */
static int
same_span(const struct json_span *a, const struct json_span *b)
{
	return a->type == b->type &&
	       (a->type == JSON_NONE || (a->p == b->p && a->len == b->len));
}

/* Scans a line both ways; the faults. Its memory ends where it may be read. */
static int
scan(const char *s, size_t n, const struct json_paths *ps)
{
	static char *text;
	struct json_line plain;
	int a, b, faults = 0;

	free(text);
	text = malloc(n + JSONSHAPE_SLACK);
	if (text == NULL)
		exit(1);
	memcpy(text, s, n);
	/* Anything may be behind the NUL, digits and quotes above all. */
	memset(text + n, n % 2 ? '1' : '"', JSONSHAPE_SLACK);
	text[n] = '\0';
	a = jsonshape_scan(shape, text, n, ps, found, &line);
	b = jsonscan_line(text, n, ps, want, &plain);
	if (a != b)
		return 1;
	if (a < 0)
		return plain.at != line.at || strcmp(plain.why, line.why) != 0;
	faults += line.close != plain.close || line.empty != plain.empty;
	for (size_t i = 0; i < ps->n; i++)
		faults += !same_span(&found[i], &want[i]);
	for (size_t i = 0; line.shape != 0 && i < line.scalars; i++) {
		const struct json_span *v = &line.scalar[i];

		faults += v->type != json_type_of((unsigned char)*v->p);
		faults += v->p + v->len > text + n;
	}
	return faults;
}

static int
scan_text(const char *s, const struct json_paths *ps)
{
	return scan(s, strlen(s), ps);
}

/* Scans a line and then another: whether the second took the fast way. */
static int
follows(const char *first, const char *second)
{
	struct json_paths ps = {0};
	int faults;

	jsonpath_add(&ps, "a");
	jsonpath_add(&ps, "b.c");
	memset(shape, 0, sizeof(*shape));
	faults = scan_text(first, &ps);
	faults += line.shape != 0;
	faults += scan_text(second, &ps);
	return faults == 0 && line.shape != 0;
}

static void
alike(void)
{
	static const char *const pairs[][2] = {{"{}", "{}"}, {" { } ", " { } "},
	    {"{\"a\":1}", "{\"a\":-2.5e-3}"}, {"{\"a\":1}", "{\"a\":\"x\"}"},
	    {"{\"a\":1}", "{\"a\":\"\\u00e9\\n\"}"},
	    {"{\"a\":1}", "{\"a\":\"\xc3\xa9\"}"},
	    {"{\"a\":1}", "{\"a\":null}"}, {"{\"a\":true}", "{\"a\":false}"},
	    {"{\"a\":[1,2]}", "{\"a\":[]}"},
	    {"{\"a\":[]}", "{\"a\":[1,-2,3e5]}"}, {"{\"a\":[1]}", "{\"a\":7}"},
	    {"{\"b\":{\"c\":1,\"c\":2}}", "{\"b\":{\"c\":3,\"c\":4}}"},
	    {"{\"a\":1,\"\\u0061\":2}", "{\"a\":3,\"\\u0061\":4}"},
	    {"{\"a\": \t1 , \"b\":{}}\r", "{\"a\": \t20 , \"b\":{}}\r"},
	    {"{\"a\":\"\"}", "{\"a\":\"a text of more than sixteen bytes\"}"},
	    {"{\"a\":1}",
		"{\"a\":-1234567890123456789012345678901234567890.5E+10}"}};
	int fast = 0;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (follows(pairs[i][0], pairs[i][1]))
			fast++;
		else
			printf("# %s\n", pairs[i][1]);
	ok(fast == (int)(sizeof(pairs) / sizeof(*pairs)),
	    "%d lines follow another's shape", fast);
}

static void
unlike(void)
{
	static const char *const pairs[][2] = {{"{}", "{ }"}, {"{}", ""},
	    {"{\"a\":1}", "{\"a\":01}"}, {"{\"a\":1}", "{\"a\":1.}"},
	    {"{\"a\":1}", "{\"a\":.1}"}, {"{\"a\":1}", "{\"a\":-}"},
	    {"{\"a\":1}", "{\"a\":1e}"}, {"{\"a\":1}", "{\"a\":+1}"},
	    {"{\"a\":1}", "{\"a\":truex}"}, {"{\"a\":1}", "{\"a\":nul}"},
	    {"{\"a\":1}", "{\"a\":\"\\x\"}"}, {"{\"a\":1}", "{\"a\":\"\xff\"}"},
	    {"{\"a\":1}", "{\"a\":\"\t\"}"}, {"{\"a\":1}", "{\"a\":\"}"},
	    {"{\"a\":1}", "{\"a\":"}, {"{\"a\":1}", "{\"a\":1"},
	    {"{\"a\":1}", "{\"a\":1}}"}, {"{\"a\":1}", "{\"a\":1} "},
	    {"{\"a\":1}", "{\"a\":[1,]}"}, {"{\"a\":1}", "{\"a\":[1 ,2]}"},
	    {"{\"a\":1}", "{\"a\":[1"}, {"{\"a\":1}", "{\"a\":[,1]}"},
	    {"{\"a\":1}", "{\"a\":{}}"}, {"{\"a\":1}", "{\"a\":[[]]}"},
	    {"{\"a\":1}", "{\"b\":1}"}, {"{\"a\":1}", "{\"a\":1,\"a\":2}"},
	    /* What is found is no scalar: not remembered. */
	    {"{\"a\":{}}", "{\"a\":{}}"}, {"{\"a\":[[1]]}", "{\"a\":[[1]]}"}};
	int slow = 0;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (!follows(pairs[i][0], pairs[i][1]) && line.shape == 0)
			slow++;
		else
			printf("# %s\n", pairs[i][1]);
	ok(slow == (int)(sizeof(pairs) / sizeof(*pairs)),
	    "%d lines do not, and are judged as ever", slow);
}

static void
depth(void)
{
	struct json_paths ps = {0};
	char s[3 * JSON_DEPTH + 16] = "";
	int faults = 0;

	/* A scalar at the deepest level, then an array in its place. */
	memset(shape, 0, sizeof(*shape));
	for (int deep = JSON_DEPTH - 3; deep < JSON_DEPTH; deep++)
		for (int again = 0; again < 4; again++) {
			size_t n = (size_t)sprintf(s, "{\"a\":");

			memset(s + n, '[', (size_t)deep);
			n += (size_t)deep;
			n += (size_t)sprintf(
			    s + n, again % 2 ? "[1,2],{}" : "1,{}");
			memset(s + n, ']', (size_t)deep);
			n += (size_t)deep;
			s[n++] = '}';
			faults += scan(s, n, &ps);
		}
	ok(faults == 0, "an array for a number, where it is too deep");
}

static void
more_paths(void)
{
	struct json_paths ps = {0};
	int faults;

	memset(shape, 0, sizeof(*shape));
	faults = scan_text("{\"a\":1,\"b\":2}", &ps);
	faults += scan_text("{\"a\":1,\"b\":2}", &ps);
	jsonpath_add(&ps, "b");
	faults += scan_text("{\"a\":1,\"b\":2}", &ps);
	faults += scan_text("{\"a\":1,\"b\":2}", &ps);
	ok(faults == 0 && line.shape != 0 && found[0].type == JSON_NUMBER,
	    "a path that is added is found from then on");
}

static void
kinds(void)
{
	struct json_paths ps = {0};
	static const unsigned char expected[] = {JSON_FALSE, JSON_FALSE,
	    JSON_STRING | JSONSHAPE_EMPTY, JSON_ARRAY | JSONSHAPE_EMPTY,
	    JSON_NUMBER, JSON_NULL, JSON_ARRAY, JSON_STRING};
	const char *s = "{\"a\":[true,false,\"\",[],10,null,[1],\"xy\"]}";
	unsigned first;
	int faults;

	memset(shape, 0, sizeof(*shape));
	faults = scan_text(s, &ps) + scan_text(s, &ps);
	first = line.shape;
	ok(faults == 0 && line.scalars == 8 &&
		memcmp(line.kind, expected, 8) == 0,
	    "kinds of scalars");
	faults = scan_text("{}", &ps) + scan_text("{}", &ps);
	ok(faults == 0 && line.shape != 0 && line.shape != first &&
		line.scalars == 0,
	    "another shape has another number");
	faults = scan_text(s, &ps);
	ok(faults == 0 && line.shape == first, "and comes back with its own");
}

/* More shapes, and longer ones, than there is room for. */
static void
no_room(void)
{
	struct json_paths ps = {0};
	static char s[200000];
	int faults = 0;

	jsonpath_add(&ps, "k7.x");
	jsonpath_add(&ps, "z");
	memset(shape, 0, sizeof(*shape));
	for (int i = 0; i < 20000; i++) {
		int n = sprintf(s, "{\"k%d\":{\"x\":%d},\"z\":\"%d\"}",
		    i * i % 1000, i, i % 10);

		faults += scan(s, (size_t)n, &ps);
	}
	ok(faults == 0, "1,000 shapes in turn");
	for (int k = 0; k < 4; k++) {
		size_t n = 0;

		s[n++] = '{';
		for (int i = 0; i < 2000; i++)
			n += (size_t)sprintf(
			    s + n, "\"long key number %d\":%d,", i, k);
		n += (size_t)sprintf(s + n, "\"z\":%d}", k);
		faults += scan(s, n, &ps);
		faults += scan_text("{\"z\":1}", &ps);
	}
	ok(faults == 0 && found[1].type == JSON_NUMBER, "2,000 scalars");
	memset(shape, 0, sizeof(*shape));
	for (int k = 0; k < 2; k++) {
		size_t n = (size_t)sprintf(s, "{\"z\":[%d", k);

		for (int i = 0; i < 20000; i++)
			n += (size_t)sprintf(s + n, ",%d", i);
		n += (size_t)sprintf(s + n, "]}");
		faults += scan(s, n, &ps);
	}
	ok(faults == 0 && line.shape != 0, "20,000 numbers are one scalar");
}

/* A line in which the scalars, or anything, is changed. */
static size_t
vary(struct rng *r, const char *seed, char *s)
{
	static const char *const scalars[] = {"0", "-1.25", "17e3", "true",
	    "null", "\"text\"", "\"\"", "\"\\\"\"", "[]", "[1,2.5,-3]", "{}",
	    "[{}]", "123456789012345678901", "\"\xe2\x82\xac\"", "01",
	    "\"\x80\"", "[1,]", "tru", "\"sixteen and more bytes of text\""};
	static const char likely[] = "{}[]\",:\\u019eE+-. \t\rtfn\xc3\xa9\x80";
	size_t n = 0;

	for (; *seed != '\0'; seed++) {
		const char *v;

		if (*seed != '@') {
			s[n++] = *seed;
			continue;
		}
		v = scalars[rng_below(r,
		    rng_below(r, 8) ? 10 : sizeof(scalars) / sizeof(*scalars))];
		memcpy(s + n, v, strlen(v));
		n += strlen(v);
	}
	if (rng_below(r, 4) == 0)
		s[rng_below(r, n)] = likely[rng_below(r, sizeof(likely))];
	if (rng_below(r, 32) == 0)
		n = rng_below(r, n);
	return n;
}

static void
streams(void)
{
	static const char *const seeds[] = {"{\"a\":@,\"b\":{\"c\":@}}",
	    "{\"a\":@,\"b\":{\"c\":@},\"d\":[{\"e\":@,\"f\":@},@]}",
	    "{ \"a\" : @ , \"b\" : { \"c\" : @ } , \"a\":@ } \r",
	    "{\"b\":@,\"a\":@,\"\\u0062\":{\"c\":@}}", "{\"x\":@}", "{}",
	    ("{\"seq\":@,\"a\":@,\"pht\":{\"alarm\":@,\"tests\":[{\"field\":@,"
	     "\"stat\":@,\"limit\":@}]}}")};
	struct json_paths ps = {0};
	struct rng r;
	char s[ROOM];
	int faults = 0, fast = 0, valid = 0;

	jsonpath_add(&ps, "a");
	jsonpath_add(&ps, "b.c");
	jsonpath_add(&ps, "a");
	jsonpath_add(&ps, "b");
	rng_seed(&r, 8259, 1);
	for (int k = 0; k < 50; k++) {
		memset(shape, 0, sizeof(*shape));
		for (int i = 0; i < 4000; i++) {
			size_t n = vary(&r,
			    seeds[rng_below(
				&r, sizeof(seeds) / sizeof(*seeds))],
			    s);

			faults += scan(s, n, &ps);
			valid += line.why == NULL;
			fast += line.why == NULL && line.shape != 0;
		}
	}
	ok(faults == 0, "200,000 lines are read as jsonscan_line reads them");
	ok(valid > 100000 && fast > 50000, "%d valid, %d of them fast", valid,
	    fast);
}

int
main(void)
{
	shape = calloc(1, sizeof(*shape));
	if (shape == NULL)
		return 1;
	alike();
	unlike();
	depth();
	more_paths();
	kinds();
	no_room();
	streams();
	free(shape);
	return done_testing();
}
