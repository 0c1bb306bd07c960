/*
 * Small charts as inline SVG. Colours are classes of the page's style: r is
 * the reference, n what is now, g a line to read by, a an alarm.
 */
#ifndef SVG_H
#define SVG_H

#include "base/buf.h"

/* The beginning, with its title for those who don't see it, escaped here. */
void svg_open(struct buf *b, double width, double height, const char *title);
void svg_close(struct buf *b);

/* Two shares by bin: the reference filled, what is now as steps over it. */
void svg_two(struct buf *b, double width, double height, const double *before,
    const double *after, size_t bins);

/*
 * A line through n values over time, NAN being a gap, scaled so that low is
 * at the bottom and high at the top; values beyond stay at the edge. x says
 * where each stands, 0 .. 1.
 */
struct svg_area {
	double left, top, width, height, low, high;
};
void svg_line(struct buf *b, const struct svg_area *a, const double *x,
    const double *y, size_t n, const char *class);

/* The area between two such lines; both are known, or neither. */
void svg_band(struct buf *b, const struct svg_area *a, const double *x,
    const double *low, const double *high, size_t n, const char *class);

/* A filled box, a vertical line at x of 0 .. 1, a text. */
void svg_box(struct buf *b, double x, double y, double width, double height,
    const char *class);
void svg_rule(struct buf *b, double x1, double y1, double x2, double y2,
    const char *class);
void svg_text(
    struct buf *b, double x, double y, const char *anchor, const char *text);

/* Text as XML has it: what is markup or no character of XML is made inert. */
void svg_escape(struct buf *b, const char *text);

#endif
