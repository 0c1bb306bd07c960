#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "report/svg.h"

/* Controls, what turns the direction of text, and what XML does not have. */
static int
is_inert(const unsigned char *p, size_t n)
{
	if (n == 1)
		return (*p >= 0x20 && *p != 0x7f) || *p == '\t' || *p == '\n';
	if (n == 2)
		return !(p[0] == 0xc2 && p[1] < 0xa0);
	if (n != 3)
		return 1;
	if (p[0] == 0xe2 && p[1] == 0x80)
		return p[2] < 0xaa || p[2] > 0xae;
	if (p[0] == 0xe2 && p[1] == 0x81)
		return p[2] < 0xa6 || p[2] > 0xa9;
	return !(p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe);
}

void
svg_escape(struct buf *b, const char *text)
{
	size_t left = strlen(text), n;

	for (; left > 0; text += n, left -= n) {
		n = utf8_length(text, left);
		if (n == 0 || !is_inert((const unsigned char *)text, n)) {
			n = n > 0 ? n : 1;
			buf_str(b, "\357\277\275");
			continue;
		}
		switch (*text) {
		case '&':
			buf_str(b, "&amp;");
			break;
		case '<':
			buf_str(b, "&lt;");
			break;
		case '>':
			buf_str(b, "&gt;");
			break;
		case '"':
			buf_str(b, "&quot;");
			break;
		case '\'':
			buf_str(b, "&#39;");
			break;
		default:
			buf_put(b, text, n);
		}
	}
}

void
svg_open(struct buf *b, double width, double height, const char *title)
{
	char text[256];

	snprintf(text, sizeof(text),
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
	    "viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\"><title>",
	    width, height, width, height);
	buf_str(b, text);
	svg_escape(b, title);
	buf_str(b, "</title>");
}

void
svg_close(struct buf *b)
{
	buf_str(b, "</svg>");
}

void
svg_box(struct buf *b, double x, double y, double width, double height,
    const char *class)
{
	char text[200];

	snprintf(text, sizeof(text),
	    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
	    "height=\"%.1f\"/>",
	    class, x, y, width, height);
	buf_str(b, text);
}

void
svg_rule(struct buf *b, double x1, double y1, double x2, double y2,
    const char *class)
{
	char text[200];

	snprintf(text, sizeof(text),
	    "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>", class, x1, y1,
	    x2, y2);
	buf_str(b, text);
}

void
svg_text(
    struct buf *b, double x, double y, const char *anchor, const char *words)
{
	char text[128];

	snprintf(text, sizeof(text),
	    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
	buf_str(b, text);
	svg_escape(b, words);
	buf_str(b, "</text>");
}

static void
put_point(struct buf *b, char how, double x, double y)
{
	char text[64];

	snprintf(text, sizeof(text), "%c%.1f %.1f", how, x, y);
	buf_str(b, text);
}

/* The outline of bins, from the bottom and back to it. */
static void
put_steps(struct buf *b, double width, double height, const double *share,
    size_t bins, double most, const char *class)
{
	double step = width / (double)bins, y = height;

	buf_str(b, "<path class=\"");
	buf_str(b, class);
	buf_str(b, "\" d=\"");
	put_point(b, 'M', 0, height);
	for (size_t i = 0; i < bins; i++) {
		y = height - (height - 2) * share[i] / most;
		put_point(b, 'L', step * (double)i, y);
		put_point(b, 'L', step * (double)(i + 1), y);
	}
	put_point(b, 'L', width, height);
	buf_str(b, "\"/>");
}

void
svg_two(struct buf *b, double width, double height, const double *before,
    const double *after, size_t bins)
{
	double most = 1e-9;

	for (size_t i = 0; i < bins; i++)
		most = fmax(most, fmax(before[i], after[i]));
	put_steps(b, width, height, before, bins, most, "r");
	put_steps(b, width, height, after, bins, most, "n");
	svg_rule(b, 0, height - .5, width, height - .5, "g");
}

/* Where a value stands on an area's height, from its top down. */
static double
height_of(const struct svg_area *a, double y)
{
	double share = (y - a->low) / (a->high - a->low);

	return a->top + a->height * (1 - fmin(fmax(share, 0), 1));
}

void
svg_band(struct buf *b, const struct svg_area *a, const double *x,
    const double *low, const double *high, size_t n, const char *class)
{
	buf_str(b, "<path class=\"");
	buf_str(b, class);
	buf_str(b, "\" d=\"M0 0");
	for (size_t i = 0, end; i < n; i = end + 1) {
		for (end = i; end < n && !isnan(low[end]); end++)
			put_point(b, end > i ? 'L' : 'M',
			    a->left + a->width * x[end],
			    height_of(a, high[end]));
		for (size_t k = end; k > i; k--)
			put_point(b, 'L', a->left + a->width * x[k - 1],
			    height_of(a, low[k - 1]));
		buf_str(b, end > i ? "z" : "");
	}
	buf_str(b, "\"/>");
}

void
svg_line(struct buf *b, const struct svg_area *a, const double *x,
    const double *y, size_t n, const char *class)
{
	int down = 0;

	buf_str(b, "<path class=\"");
	buf_str(b, class);
	buf_str(b, "\" d=\"M0 0");
	for (size_t i = 0; i < n; i++) {
		if (isnan(y[i])) {
			down = 0;
			continue;
		}
		put_point(b, down ? 'L' : 'M', a->left + a->width * x[i],
		    height_of(a, y[i]));
		if (!down && (i + 1 == n || isnan(y[i + 1])))
			buf_str(b, "h.1");
		down = 1;
	}
	buf_str(b, "\"/>");
}
