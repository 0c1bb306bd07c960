/*
 * keyhash: one number for what any tool takes for one group. The numbers are
 * those of another program for FNV-1a:
 *
 *	python3 -c 'h = 0xcbf29ce484222325
 *	for c in b"cam0": h = ((h ^ c) * 0x100000001b3) % 2**64
 *	print(((h ^ h >> 32) * 0x9e3779b97f4a7c15) % 2**64 >> 32)'
 */
#include <string.h>

#include "json/keyhash.h"
#include "metric/promlabel.h"
#include "tap.h"

/* The number of a value as JSON; -1: it is none of a group. */
static long long
number(const char *json)
{
	struct json_span s = {json, strlen(json), json_type_of(*json)};
	uint32_t hash;

	return keyhash(&s, &hash) ? (long long)hash : -1;
}

static long long
number_of_text(const char *text)
{
	char json[1024];

	snprintf(json, sizeof(json), "\"%s\"", text);
	return number(json);
}

static void
numbers(void)
{
	ok(number("\"cam0\"") == 3699296515 && number("\"a\"") == 2192678300 &&
		number("\"ab\"") == 3023837616,
	    "FNV-1a");
	ok(number("7") == 3645262826 && number("\"7\"") == number("7") &&
		number("\"\\u0037\"") == number("7") &&
		number("true") == 2728468073 &&
		number("\"true\"") == number("true"),
	    "the type and the spelling are no matter");
	ok(number("\"caf\xc3\xa9\"") == 2548405020 &&
		number("\"caf\\u00e9\"") == 2548405020,
	    "nor are escapes");
	ok(number("\"-7\"") == number("-7") && number("-7") != number("7") &&
		number("-0") == number("0"),
	    "a sign is one");
}

/* How many of the names cam0, cam1, ... the fullest of P parts has. */
static unsigned
fullest(unsigned names, unsigned parts)
{
	unsigned n[16] = {0}, most = 0;
	char json[32];

	for (unsigned i = 0; i < names; i++) {
		snprintf(json, sizeof(json), "\"cam%u\"", i);
		n[number(json) % parts]++;
	}
	for (unsigned k = 0; k < parts; k++)
		most = n[k] > most ? n[k] : most;
	return most;
}

/* Of 10,000 thrown into 4 parts, a part has 2,500 +- 43. */
static void
even(void)
{
	int right = 1;

	for (unsigned parts = 2; parts <= 16; parts++)
		right = right && fullest(10000, parts) < 10500 / parts + 50;
	ok(right, "names that are numbered are in all parts alike");
	ok(fullest(10, 4) <= 5, "even a few");
}

static void
none(void)
{
	static const char *const value[] = {
	    "null", "\"\"", "1.5", "1e3", "[1]", "{\"a\":1}"};
	struct json_span missing = {0};
	uint32_t hash;
	int right = !keyhash(&missing, &hash);

	for (size_t i = 0; i < sizeof(value) / sizeof(*value); i++)
		right += number(value[i]) == -1;
	ok(right == 7, "what is no group");
}

/* Texts that make one label have one number, wherever the label is cut. */
static void
labels(void)
{
	static const char *const piece[] = {"x", "\x01", "\xc2\x85", "\xc3\xa9",
	    "\xe6\x9d\xb1", "\xf0\x9f\x93\xb7", "\xff"};
	enum { PIECES = sizeof(piece) / sizeof(*piece) };
	char text[2][512], label[2][PROMLABEL_LONGEST + 1];
	int same = 0, alike = 0, differ = 0;

	for (size_t i = 0; i < 20000; i++) {
		size_t from = 225 + i / PIECES % 40, k = i;

		for (int t = 0; t < 2; t++) {
			memset(text[t], 'x', from);
			text[t][from] = '\0';
			for (int n = 0; n < 9; n++, k = k * 75 % 65537)
				strcat(text[t], piece[(k + n) % PIECES]);
			promlabel_clean(text[t], label[t]);
		}
		if (strcmp(label[0], label[1]) != 0) {
			differ += number_of_text(text[0]) !=
				  number_of_text(text[1]);
			continue;
		}
		same++;
		alike += number_of_text(text[0]) == number_of_text(text[1]);
	}
	ok(same > 1000 && alike == same, "one label, one number: %d of %d",
	    alike, same);
	ok(differ > 1000, "others have others, mostly");
	ok(number("\"\\u0001a\"") == number("\"\\u007fa\""),
	    "characters that labels replace are one");
}

int
main(void)
{
	numbers();
	even();
	none();
	labels();
	return done_testing();
}
