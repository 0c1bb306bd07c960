#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "run/logname.h"

enum { ORDINAL = 3 /* digits of a number that counts; more are a date */ };

size_t
logname_plain(const char *name)
{
	static const char *const suffix[] = {
	    ".gz", ".xz", ".zst", ".bz2", ".lz4"};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(suffix) / sizeof(*suffix); i++) {
		size_t k = strlen(suffix[i]);

		if (n > k && strcmp(name + n - k, suffix[i]) == 0)
			return n - k;
	}
	return n;
}

int
logname_same(const char *a, const char *b)
{
	size_t n = logname_plain(a);

	return n == logname_plain(b) && memcmp(a, b, n) == 0;
}

/* How many digits there are, up to the end. */
static size_t
digits(const char *p, const char *end)
{
	const char *q = p;

	while (q < end && isdigit((unsigned char)*q))
		q++;
	return (size_t)(q - p);
}

/* The bytes that a name begins with as the log's does. */
static size_t
common(const char *name, const char *base)
{
	size_t n = 0;

	while (name[n] != '\0' && name[n] == base[n])
		n++;
	return n;
}

int
logname_alike(const char *a, const char *b, const char *base)
{
	const char *a_end = a + logname_plain(a), *b_end = b + logname_plain(b);
	size_t n = common(a, base), m = common(b, base);

	n = n < m ? n : m;
	a += n;
	b += n;
	while (a < a_end && b < b_end) {
		size_t x = digits(a, a_end), y = digits(b, b_end);

		if (x != y && (x == 0 || y == 0 || x > ORDINAL || y > ORDINAL))
			return 0;
		if (x == 0 && *a != *b)
			return 0;
		a += x > 0 ? x : 1;
		b += y > 0 ? y : 1;
	}
	return a == a_end && b == b_end;
}

long
logname_number(const char *name, const char *base)
{
	const char *end = name + logname_plain(name);
	const char *p = name + common(name, base);
	long found = -1;

	while (p < end) {
		size_t n = digits(p, end);

		if (n > ORDINAL ||
		    (n > 0 && (found >= 0 || p == name || p[-1] != '.')))
			return -1;
		if (n > 0)
			found = strtol(p, NULL, 10);
		p += n > 0 ? n : 1;
	}
	return found;
}

const char *
logname_date(const char *name, const char *base)
{
	name += common(name, base);
	return name + strcspn(name, "0123456789");
}

int
logname_is_usual(const char *name, const char *base)
{
	const char *end = name + logname_plain(name);
	const char *p = name + common(name, base);
	size_t n = 0;

	if (end - name >= 4 && memcmp(end - 4, ".old", 4) == 0)
		return 1;
	for (const char *q = p; q < end; q++)
		n += isdigit((unsigned char)*q) != 0;
	if (n == 0)
		return 0;
	return n > ORDINAL || (p < end && *p == '.') ||
	       (p > name && p[-1] == '.');
}
