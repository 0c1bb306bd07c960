#include <stdarg.h>
#include <stdio.h>

#include "metric/check/promsay.h"
#include "tool/err.h"

enum { LONGEST = 400 };

static void
say(struct promsay *s, const char *file, size_t line, const char *fmt,
    va_list ap)
{
	char text[LONGEST];

	vsnprintf(text, sizeof(text), fmt, ap);
	for (char *p = text; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	s->found++;
	err_warn("%s:%zu: %s", file, line, text);
}

void
promsay(struct promsay *s, size_t line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(s, s->file, line, fmt, ap);
	va_end(ap);
}

void
promsay_of(
    struct promsay *s, const char *file, size_t line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(s, file, line, fmt, ap);
	va_end(ap);
}
