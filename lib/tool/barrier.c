#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "tool/barrier.h"
#include "tool/err.h"
#include "json/json.h"
#include "json/jsonpath.h"
#include "json/jsonscan.h"

enum {
	DIGITS = 32,  /* of the run's number, hexadecimal */
	LONGEST = 255 /* bytes of a barrier; a longer line is none */
};

static const char *
own_number(void)
{
	static const char *number;

	if (number == NULL)
		number = getenv(BARRIER_VARIABLE);
	if (number == NULL || strlen(number) != DIGITS)
		number = "";
	return number;
}

void
barrier_begin(void)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char random[DIGITS / 2];
	char text[DIGITS + 1];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		err_die("getrandom: %m");
	for (size_t i = 0; i < DIGITS; i++)
		text[i] = hex[random[i / 2] >> i % 2 * 4 & 15];
	text[DIGITS] = '\0';
	if (setenv(BARRIER_VARIABLE, text, 1) < 0)
		err_memory();
}

int
barrier_expected(void)
{
	return own_number()[0] != '\0';
}

/* Of a line that has this run's number somewhere. */
static long long
read_barrier(const char *line, size_t n, const char *number)
{
	struct json_paths paths = {0};
	struct json_span found[2];
	struct json_line rest;
	double x;

	jsonpath_add(&paths, "barrier.run");
	jsonpath_add(&paths, "barrier.generation");
	if (jsonscan_line(line, n, &paths, found, &rest) < 0 ||
	    found[0].type != JSON_STRING || found[0].len != DIGITS + 2 ||
	    memcmp(found[0].p + 1, number, DIGITS) != 0 ||
	    json_number(&found[1], &x) < 0 || x < 1 || x > 9e15 ||
	    x != floor(x))
		return 0;
	return (long long)x;
}

long long
barrier_number(const char *line, size_t n)
{
	const char *number = own_number();

	if (n > LONGEST || number[0] == '\0' ||
	    memmem(line, n, number, DIGITS) == NULL)
		return 0;
	return read_barrier(line, n, number);
}

void
barrier_put(struct buf *b, long long generation)
{
	buf_str(b, "{\"barrier\":{");
	buf_key_int(b, "generation", generation);
	buf_key_str(b, "run", own_number());
	buf_str(b, "}}");
}
