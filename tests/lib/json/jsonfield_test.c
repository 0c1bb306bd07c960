/* jsonfield: the forms of a field's name, and the elements that they name. */
#include <string.h>

#include "json/jsonfield.h"
#include "tap.h"

static struct jsonfield f;

static int
parses(const char *text)
{
	jsonfield_free(&f);
	return jsonfield_parse(&f, text) == NULL;
}

/* Reads the array; "ok", or the first word of why not, or "none". */
static const char *
read_array(const char *text, double *x)
{
	const struct json_span v = {
	    text, strlen(text), json_type_of((unsigned char)*text)};
	const char *why = jsonfield_numbers(&f, &v, x);

	return why == NULL ? "ok" : *why == '\0' ? "none" : why;
}

static void
names(void)
{
	static const char *const wrong[] = {"a[]", "a[", "a[1", "a[-1]",
	    "a[01]", "a[ 1]", "a[1:]", "a[:2]", "a[2:2]", "a[3:2]", "a[1].b",
	    "a[1][2]", "a[*]b", "a[x]", "a[1:2:3]", "a[18446744073709551616]"};

	ok(parses("a.b") && !f.array && f.to - f.from == 1 &&
		strcmp(f.path, "a.b") == 0,
	    "a path");
	ok(parses("a.b[3]") && f.array && f.from == 3 && f.to == 4 &&
		strcmp(f.path, "a.b") == 0,
	    "an element");
	ok(parses("a[0:9]") && f.from == 0 && f.to == 9, "a range");
	ok(parses("a[*]") && f.all, "all");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ok(!parses(wrong[i]), "not %s", wrong[i]);
}

static void
elements(void)
{
	double x[4] = {0};

	parses("a[1:3]");
	ok(strcmp(read_array("[1, 2.5 ,-3e0]", x), "ok") == 0 && x[0] == 2.5 &&
		x[1] == -3,
	    "a range of just so many");
	ok(strcmp(read_array("[[],2,3,null]", x), "ok") == 0,
	    "what is not in it does not matter");
	ok(strstr(read_array("[1,2]", x), "elements") != NULL, "too short");
	ok(strstr(read_array("[]", x), "elements") != NULL, "empty");
	ok(strstr(read_array("[1,null,3]", x), "number") != NULL, "null");
	ok(strstr(read_array("[1,1e999,3]", x), "number") != NULL, "1e999");
	ok(strcmp(read_array("7", x), "none") == 0, "no array");
	parses("a[*]");
	f.to = 3;
	ok(strcmp(read_array("[1,2,3 ]", x), "ok") == 0 && x[2] == 3, "all");
	ok(strstr(read_array("[1,2,3,4]", x), "elements") != NULL, "one more");
	ok(strstr(read_array("[1,2]", x), "elements") != NULL, "one less");
	parses("a");
	ok(strcmp(read_array("4", x), "ok") == 0 && x[0] == 4, "a number");
	ok(strcmp(read_array("[4]", x), "none") == 0, "an array is none");
}

static void
spans(void)
{
	static const char text[] = "[\"b\", {\"c\":[1]} ,3]";
	const struct json_span v = {text, sizeof(text) - 1, JSON_ARRAY};
	struct json_span to[2];

	parses("a[0:2]");
	ok(jsonfield_length(&v) == 3, "the length of an array");
	ok(jsonfield_spans(&f, &v, to) == NULL && to[0].type == JSON_STRING &&
		to[1].type == JSON_OBJECT && to[1].len == 9,
	    "elements of any type");
}

static void
overlaps(void)
{
	static const struct {
		const char *a, *b;
		int want;
	} row[] = {{"a", "a", 1}, {"a", "b", 0}, {"a[1]", "a[2]", 0},
	    {"a[0:2]", "a[1]", 1}, {"a[0:2]", "a[2:4]", 0}, {"a[*]", "a[7]", 1},
	    {"a[*]", "b[7]", 0}};

	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct jsonfield a, b;

		jsonfield_parse(&a, row[i].a);
		jsonfield_parse(&b, row[i].b);
		ok(jsonfield_overlap(&a, &b) == row[i].want &&
			jsonfield_overlap(&b, &a) == row[i].want,
		    "%s and %s", row[i].a, row[i].b);
		jsonfield_free(&a);
		jsonfield_free(&b);
	}
}

int
main(void)
{
	names();
	elements();
	spans();
	overlaps();
	jsonfield_free(&f);
	return done_testing();
}
