#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/pageline.h"
#include "report/svg.h"
#include "report/words.h"

enum { WIDTH = 900, LEFT = 130, RIGHT = 84, LANE = 44, GAP = 18, TOP = 22 };

/* What lanes have in common: where each bucket stands. */
struct line {
	struct sheet *p;
	struct buf *b;
	size_t n, first; /* first: a lane's test */
	double x[BUCKETS_MOST], top;
	double span; /* records */
};

static double
place_of(const struct line *l, double record)
{
	return LEFT + (WIDTH - LEFT - RIGHT) * (record - 1) / l->span;
}

static struct svg_area
area_of(const struct line *l, double low, double high)
{
	return (struct svg_area){
	    LEFT, l->top, WIDTH - LEFT - RIGHT, LANE, low, high};
}

static int
has_accuracy(const struct sheet *p)
{
	return p->findings.now.known + p->findings.before.known +
		   p->subject->estimated.n >
	       0;
}

static void
put_label(struct line *l, const char *name, const char *high, const char *low)
{
	svg_text(l->b, LEFT - 10, l->top + LANE / 2 + 4, "end", name);
	svg_text(l->b, WIDTH - RIGHT + 6, l->top + 9, "start", high);
	svg_text(l->b, WIDTH - RIGHT + 6, l->top + LANE, "start", low);
	svg_rule(l->b, LEFT, l->top + LANE, WIDTH - RIGHT, l->top + LANE, "g");
}

/* The largest statistic to limit of a detector's tests in each bucket. */
static void
put_detector(struct line *l, const char *name)
{
	const struct alerts *a = &l->p->subject->alerts;
	double y[BUCKETS_MOST], most = 2;
	struct svg_area area;
	char text[32];

	for (size_t i = 0; i < l->n; i++) {
		const struct bucket *k = l->p->subject->buckets.bucket[i];

		y[i] = NAN;
		for (size_t t = 0; k->peak != NULL && t < a->n; t++)
			if (strcmp(a->test[t].detector, name) == 0)
				y[i] = fmax(y[i], (double)k->peak[t]);
		most = fmax(most, y[i]);
	}
	/* The root keeps the limit visible beside large statistics. */
	for (size_t i = 0; i < l->n; i++)
		y[i] = sqrt(fmax(y[i], 0) + 0 * y[i]);
	area = area_of(l, 0, sqrt(most));
	svg_rule(l->b, LEFT, l->top + LANE * (1 - 1 / sqrt(most)),
	    WIDTH - RIGHT, l->top + LANE * (1 - 1 / sqrt(most)), "l");
	svg_line(l->b, &area, l->x, y, l->n, "k");
	snprintf(text, sizeof(text), "%.3g\303\227", most);
	put_label(l, name, text, "0");
	l->top += LANE + GAP;
}

static void
put_shares(
    struct line *l, const char *name, const double *y, double low, double high)
{
	struct svg_area area = area_of(l, low, high);
	char top[32], bottom[32];

	snprintf(top, sizeof(top), "%.3g\302\240%%", high * 100);
	snprintf(bottom, sizeof(bottom), "%.3g\302\240%%", low * 100);
	svg_line(l->b, &area, l->x, y, l->n, "k");
	put_label(l, name, top, bottom);
	l->top += LANE + GAP;
}

/* What was estimated, with its interval, behind what was. */
static void
put_estimate(struct line *l, double least)
{
	const struct svg_area area = area_of(l, least, 1);
	double y[BUCKETS_MOST], low[BUCKETS_MOST], high[BUCKETS_MOST];

	for (size_t i = 0; i < l->n; i++) {
		struct estimated_sums e = estimated_mean(
		    &l->p->subject->buckets.bucket[i]->estimated);

		y[i] = e.accuracy;
		low[i] = e.low;
		high[i] = e.high;
	}
	svg_band(l->b, &area, l->x, low, high, l->n, "r");
	svg_line(l->b, &area, l->x, y, l->n, "n");
}

static void
put_accuracy(struct line *l)
{
	double y[BUCKETS_MOST], low = 1;

	if (!has_accuracy(l->p))
		return;
	for (size_t i = 0; i < l->n; i++) {
		const struct bucket *k = l->p->subject->buckets.bucket[i];

		y[i] = findings_accuracy(k);
		low = fmin(low, fmin(y[i], estimated_mean(&k->estimated).low));
	}
	low = fmax(floor(low * 10 - .01) / 10, 0);
	if (l->p->subject->estimated.n > 0)
		put_estimate(l, low);
	put_shares(l, "accuracy", y, low, 1);
}

static void
put_errors(struct line *l)
{
	double y[BUCKETS_MOST], high = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct bucket *k = l->p->subject->buckets.bucket[i];

		y[i] = (double)k->errors / (double)k->records;
		high = fmax(high, y[i]);
	}
	if (high > 0)
		put_shares(l, "unreadable", y, 0, high);
}

/* Where no records came for long, which the axis of records hides. */
static void
put_silences(struct line *l)
{
	const struct subject_gap *gap;
	struct buf text = {0};

	if (subject_silence(l->p->subject, 0) == NULL)
		return;
	for (size_t i = 0; (gap = subject_silence(l->p->subject, i)); i++) {
		double x = place_of(l, (double)gap->record);

		svg_rule(l->b, x, l->top, x, l->top + LANE, "k");
		words_duration(&text, gap->to - gap->from);
		svg_text(l->b, x + (x > WIDTH / 2 ? -5 : 5),
		    l->top + 12 + 13 * (double)(i % 3),
		    x > WIDTH / 2 ? "end" : "start", words_end(&text));
	}
	put_label(l, "no records for", "", "");
	l->top += LANE + GAP;
	buf_free(&text);
}

static double
height_of(const struct sheet *p)
{
	const struct alerts *a = &p->subject->alerts;
	double lanes = has_accuracy(p) + (p->subject->errors.all > 0) +
		       (subject_silence(p->subject, 0) != NULL);

	for (size_t i = 0; i < a->n; i++) {
		size_t k = 0;

		while (strcmp(a->test[k].detector, a->test[i].detector) != 0)
			k++;
		lanes += k == i;
	}
	return TOP + lanes * (LANE + GAP) + 38;
}

/* Alarms as bands behind the lanes, with the estimated change point. */
static void
put_episodes(struct line *l, double bottom)
{
	const struct alerts *a = &l->p->subject->alerts;

	for (size_t i = 0; i < a->episodes_kept; i++) {
		const struct alerts_episode *e = &a->episode[i];
		double end = e->end > 0 ? (double)e->end : l->span + 1;
		double from = place_of(l, (double)e->begin);
		double since = place_of(l, (double)e->since);

		svg_box(l->b, from, TOP - 6, fmax(1, place_of(l, end) - from),
		    bottom - TOP + 6, "a");
		svg_rule(l->b, since, TOP - 6, since, bottom, "c");
		if (i + 1 == a->episodes_kept)
			svg_text(l->b, since, TOP - 10,
			    since > WIDTH / 2 ? "end" : "start",
			    e->estimated ? "estimated change" : "event");
	}
}

static void
put_axis(struct line *l, double y)
{
	struct subject *s = l->p->subject;
	struct buf text = {0};

	for (int i = 0; i <= 2; i++) {
		unsigned long long record = i == 2
						? s->records
						: 1 + (s->records - 1) *
							  (unsigned long long)
							      i /
							  2;
		double x = place_of(l, (double)record);
		const char *anchor = i == 0   ? "start"
				     : i == 1 ? "middle"
					      : "end";

		buf_str(&text, "record ");
		words_count(&text, record);
		svg_text(l->b, x, y, anchor, words_end(&text));
		if (isnan(subject_time(s, record)))
			continue;
		words_time(&text, subject_time(s, record), 0);
		svg_text(l->b, x, y + 20, anchor, words_end(&text));
	}
	buf_free(&text);
}

static void
put_lanes(struct line *l)
{
	const struct alerts *a = &l->p->subject->alerts;

	for (size_t i = 0; i < a->n; i++) {
		size_t k = 0;

		while (strcmp(a->test[k].detector, a->test[i].detector) != 0)
			k++;
		if (k == i)
			put_detector(l, a->test[i].detector);
	}
	put_accuracy(l);
	put_errors(l);
	put_silences(l);
}

void
pageline(struct sheet *p)
{
	const struct buckets *b = &p->subject->buckets;
	double height = height_of(p);
	struct line l = {.p = p,
	    .b = &p->chart,
	    .n = b->n,
	    .top = TOP,
	    .span = fmax(1, (double)p->subject->records - 1)};

	for (size_t i = 0; i < b->n; i++)
		l.x[i] = ((double)b->bucket[i]->first - 1 +
			     (double)(b->bucket[i]->records - 1) / 2) /
			 l.span;
	p->chart.len = 0;
	svg_open(&p->chart, WIDTH, height,
	    "Each detector's statistic over its limit, by record; shaded "
	    "while there is an alarm");
	put_episodes(&l, height - 38);
	put_lanes(&l);
	put_axis(&l, height - 23);
	svg_close(&p->chart);
	buf_str(&p->text,
	    "Each detector's statistic against its limit, the dashed line (on "
	    "a square-root scale; at the right its top, in limits), and "
	    "below it what else is known over time. Shaded: an alarm. Dotted: "
	    "where the change is estimated to have begun.");
	if (p->subject->estimated.n > 0)
		buf_str(&p->text, " Accuracy: as estimated without labels, in "
				  "colour, with its interval as a band; the "
				  "plain line is where truth is known.");
	doc_figure(&p->doc, &p->chart, words_end(&p->text));
}
