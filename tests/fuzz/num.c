/*
 * A text that begins with a number is read as strtod reads it; eight bytes
 * taken for a double are written so that they come back, in as few digits as
 * the C library needs.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/jsonscan.h"
#include "base/num.h"
#include "target.h"

static void
read_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	const char *end;
	double x, want;

	demand(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	end = size > 0 && *text != '"' ? jsonscan_scalar(text, text + size)
				       : NULL;
	if (end != NULL) {
		int in_range;

		/* What follows may go on where JSON's number does not: 0x1. */
		text[end - text] = '\0';
		want = strtod(text, NULL);
		in_range = isfinite(want);
		demand((num_read(text, (size_t)(end - text), &x) == 0) ==
		       in_range);
		demand(
		    !in_range || (x == want && !signbit(x) == !signbit(want)));
	}
	free(text);
}

static int
count_digits(const char *s)
{
	int n = 0, zeros = 0;

	for (; *s != '\0' && *s != 'e'; s++) {
		if (*s < '0' || *s > '9' || (n == 0 && *s == '0'))
			continue;
		n++;
		zeros = *s == '0' ? zeros + 1 : 0;
	}
	return n - zeros;
}

static void
write_double(double x)
{
	char text[NUM_SIZE + 1], want[64];
	size_t n = num_write(text, x);
	double back;

	demand(n < sizeof(text));
	text[n] = '\0';
	demand(jsonscan_scalar(text, text + n) == text + n);
	demand(num_read(text, n, &back) == 0 && back == x);
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(want, sizeof(want), "%.*e", digits - 1, x);
		if (strtod(want, NULL) == x)
			break;
	}
	demand(count_digits(text) <= count_digits(want));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	double x;

	read_text(data, size);
	if (size >= sizeof(x)) {
		memcpy(&x, data, sizeof(x));
		if (isfinite(x))
			write_double(x);
	}
	return 0;
}
