#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report/words.h"

static const char dash[] = "\342\200\223";

const char *
words_end(struct buf *b)
{
	buf_put(b, "", 1);
	b->len = 0;
	return b->failed ? "" : b->p;
}

void
words_number(struct buf *b, double x, int digits)
{
	char text[64];
	double size = fabs(x);

	if (isnan(x)) {
		buf_str(b, dash);
		return;
	}
	if (size != 0 && (size < 1e-4 || size >= 1e6)) {
		snprintf(text, sizeof(text), "%.*g", digits, x);
	} else {
		int whole = size >= 1 ? (int)floor(log10(size)) + 1 : 1;
		int after = digits > whole ? digits - whole : 0;

		if (size > 0 && size < 1)
			after = digits - 1 - (int)floor(log10(size));
		snprintf(text, sizeof(text), "%.*f", after, x);
		if (strchr(text, '.') != NULL && fmod(x, 1) == 0)
			*strchr(text, '.') = '\0';
	}
	if (text[0] == '-') {
		buf_str(b, "\342\210\222");
		buf_str(b, text + 1);
	} else {
		buf_str(b, text);
	}
}

void
words_count(struct buf *b, unsigned long long n)
{
	char text[32];
	size_t len = (size_t)snprintf(text, sizeof(text), "%llu", n);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0 && len > 4)
			buf_str(b, "\302\240");
		buf_put(b, text + i, 1);
	}
}

void
words_counted(struct buf *b, unsigned long long n, const char *what)
{
	words_count(b, n);
	buf_str(b, " ");
	buf_str(b, what);
	if (n != 1)
		buf_str(b, "s");
}

void
words_percent(struct buf *b, double share)
{
	char text[32];
	double p = share * 100;

	if (isnan(share)) {
		buf_str(b, dash);
		return;
	}
	snprintf(text, sizeof(text), p != 0 && p < 0.1 ? "%.2f" : "%.1f", p);
	buf_str(b, text);
	buf_str(b, "\302\240%");
}

void
words_time(struct buf *b, double t, int fine)
{
	char text[64];
	struct tm tm;
	time_t whole;

	if (!(t > -6e10 && t < 2e11)) {
		buf_str(b, dash);
		return;
	}
	whole = (time_t)floor(t);
	gmtime_r(&whole, &tm);
	strftime(text, sizeof(text),
	    fine ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M", &tm);
	buf_str(b, text);
}

void
words_duration(struct buf *b, double seconds)
{
	static const struct {
		double size;
		const char *name;
	} unit[] = {{86400 * 2, "day"}, {3600 * 2, "hour"}, {120, "minute"},
	    {0, "second"}};
	double length[] = {86400, 3600, 60, 1};
	size_t i = 0;

	if (isnan(seconds)) {
		buf_str(b, dash);
		return;
	}
	while (seconds < unit[i].size)
		i++;
	if (seconds < 10 && i == 3) {
		words_number(b, seconds, 2);
		buf_str(b, " seconds");
		return;
	}
	words_counted(
	    b, (unsigned long long)round(seconds / length[i]), unit[i].name);
}

void
words_change(struct buf *b, double before, double after)
{
	static const struct {
		double up_to;
		const char *text;
	} step[] = {{.03, "fell to almost nothing"}, {.15, "fell to a tenth"},
	    {.22, "fell to a fifth"}, {.29, "fell to a quarter"},
	    {.41, "fell to a third"}, {.58, "fell to a half"},
	    {.71, "fell to two thirds"}, {.85, "fell to three quarters"},
	    {1, "fell slightly"}, {1.18, "rose slightly"},
	    {1.4, "rose by a quarter"}, {1.75, "rose by a half"},
	    {2.5, "doubled"}, {3.5, "trebled"}};
	double ratio = after / before;
	char text[64];

	if (!(before > 0) || !(after >= 0)) {
		buf_str(b, after > before ? "rose" : "fell");
		return;
	}
	if (ratio == 1) {
		buf_str(b, "kept its middle and changed its spread");
		return;
	}
	for (size_t i = 0; i < sizeof(step) / sizeof(*step); i++)
		if (ratio <= step[i].up_to) {
			buf_str(b, step[i].text);
			return;
		}
	if (ratio < 1e6) {
		snprintf(
		    text, sizeof(text), "rose to %.0f times its value", ratio);
		buf_str(b, text);
	} else {
		buf_str(b, "rose from almost nothing");
	}
}
