#include <string.h>

#include "base/utf8.h"
#include "metric/promlabel.h"
#include "metric/promtab.h"

/* A character that would do harm, or be invisible, in a label value. */
static int
is_control(const char *s, size_t len)
{
	unsigned char c = (unsigned char)*s;

	if (len == 2)
		return c == 0xc2 && (unsigned char)s[1] < 0xa0;
	return (c < 0x20 && c != '\n') || c == 0x7f;
}

size_t
promlabel_clean(const char *s, char *out)
{
	static const char instead[] = "\xef\xbf\xbd", more[] = "\xe2\x80\xa6";
	size_t n = 0, fits = 0, left = strlen(s), k, put;

	for (; left > 0; s += k, left -= k, n += put) {
		const char *from = s;

		put = k = utf8_length(s, left);
		if (k == 0 || is_control(s, k)) {
			from = instead;
			put = 3;
			k += k == 0;
		}
		if (n + put > PROMLABEL_LONGEST) {
			memcpy(out + fits, more, 3);
			n = fits + 3;
			break;
		}
		memcpy(out + n, from, put);
		if (n + put <= PROMLABEL_LONGEST - 3)
			fits = n + put;
	}
	out[n] = '\0';
	return n;
}

/* The first four are set by Prometheus, or mean something to it. */
static int
is_taken(const char *name)
{
	static const char *const taken[] = {
	    "job", "instance", "quantile", "le", "stream"};

	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (strcmp(name, taken[i]) == 0)
			return 1;
	return promtab_has_label(name);
}

const char *
promlabel_refuse(const char *name)
{
	/* Not by ctype.h: a locale has no say in this. */
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				      "0123456789";

	if (*name == '\0' || (*name >= '0' && *name <= '9') ||
	    name[strspn(name, letters)] != '\0')
		return "not a label name";
	if (strncmp(name, "__", 2) == 0)
		return "names that begin with '__' are reserved";
	return is_taken(name) ? "the name has a meaning already" : NULL;
}
