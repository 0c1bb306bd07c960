#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/pagefields.h"
#include "report/svg.h"
#include "report/words.h"

enum {
	IN_MAIL = 8,
	QUANTILES = 12,
	BINS = 36,
	SHAPE = 150,
	TREND = 150,
	RATIO = 110,
	HEIGHT = 38
};

static double
quantile(
    const struct sheet *p, const struct findings_field *x, int now, double q)
{
	const struct grid_sums *s = &p->findings.now.sums[x->field];

	if (x->grid == NULL || (now && x->cells == NULL))
		return NAN;
	if (!now)
		return grid_quantile(x->grid, x->grid->count, x->grid->min,
		    x->grid->max, q, NULL, NULL);
	return grid_quantile(x->grid, x->cells, s->min, s->max, q, NULL, NULL);
}

/* Where both distributions are, but for their last percent. */
static void
range_of(const struct sheet *p, const struct findings_field *x, double *low,
    double *high)
{
	*low = fmin(quantile(p, x, 0, .005), quantile(p, x, 1, .005));
	*high = fmax(quantile(p, x, 0, .995), quantile(p, x, 1, .995));
	if (!(*high > *low)) {
		*low -= .5;
		*high += .5;
	}
}

static void
put_shape(struct sheet *p, const struct findings_field *x, const char *name)
{
	double before[BINS], after[BINS], low, high;
	const struct grid_sums *s = &p->findings.now.sums[x->field];

	p->chart.len = 0;
	if (x->cells == NULL || x->grid == NULL) {
		doc_chart(&p->doc, &p->chart);
		return;
	}
	range_of(p, x, &low, &high);
	grid_bins(x->grid, x->grid->count, x->grid->min, x->grid->max, low,
	    high, BINS, before);
	grid_bins(x->grid, x->cells, s->min, s->max, low, high, BINS, after);
	buf_str(&p->text, "Distribution of ");
	buf_str(&p->text, name);
	buf_str(&p->text, " from ");
	words_number(&p->text, low, 3);
	buf_str(&p->text, " to ");
	words_number(&p->text, high, 3);
	buf_str(&p->text, ": reference filled, now as a line");
	svg_open(&p->chart, SHAPE, HEIGHT, words_end(&p->text));
	svg_two(&p->chart, SHAPE, HEIGHT, before, after, BINS);
	svg_close(&p->chart);
	doc_chart(&p->doc, &p->chart);
}

/* The mean over time, over the reference's 5 to 95 %. */
static void
put_trend(struct sheet *p, const struct findings_field *x, const char *name)
{
	const struct buckets *b = &p->subject->buckets;
	double at[BUCKETS_MOST], y[BUCKETS_MOST], low, high, l, h;
	struct svg_area area = {0, 2, TREND, HEIGHT - 4, 0, 1};

	p->chart.len = 0;
	if (x->grid == NULL || b->n == 0) {
		doc_chart(&p->doc, &p->chart);
		return;
	}
	low = l = quantile(p, x, 0, .05);
	high = h = quantile(p, x, 0, .95);
	for (size_t i = 0; i < b->n; i++) {
		at[i] = ((double)i + .5) / (double)b->n;
		y[i] = grid_mean(x->grid, &b->bucket[i]->sums[x->field]);
		low = fmin(low, y[i]);
		high = fmax(high, y[i]);
	}
	area.low = high > low ? low : low - .5;
	area.high = high > low ? high : high + .5;
	buf_str(&p->text, name);
	buf_str(&p->text, " over time: the mean, and shaded the reference's "
			  "5 to 95 % of single records");
	svg_open(&p->chart, TREND, HEIGHT, words_end(&p->text));
	svg_box(&p->chart, 0,
	    2 + area.height * (area.high - h) / (area.high - area.low), TREND,
	    fmax(1, area.height * (h - l) / (area.high - area.low)), "r");
	svg_line(&p->chart, &area, at, y, b->n, "n");
	svg_close(&p->chart);
	doc_chart(&p->doc, &p->chart);
}

/* The largest statistic over its limit, of all tests of the field. */
static size_t
find_ratios(const struct sheet *p, const char *name, double *y)
{
	const struct buckets *b = &p->subject->buckets;
	const struct alerts *a = &p->subject->alerts;
	size_t known = 0;

	for (size_t i = 0; i < b->n; i++) {
		const float *peak = b->bucket[i]->peak;

		y[i] = NAN;
		for (size_t t = 0; peak != NULL && t < a->n; t++)
			if (strcmp(a->test[t].field, name) == 0)
				y[i] = fmax(y[i], (double)peak[t]);
		known += !isnan(y[i]);
	}
	return known;
}

/* It over time, as in the time line: the root, and the limit dashed. */
static void
put_ratio(struct sheet *p, const char *name)
{
	const struct buckets *b = &p->subject->buckets;
	double at[BUCKETS_MOST], y[BUCKETS_MOST], most = 2;
	struct svg_area area = {0, 2, RATIO, HEIGHT - 4, 0, 1};

	p->chart.len = 0;
	if (find_ratios(p, name, y) > 0) {
		for (size_t i = 0; i < b->n; i++)
			most = fmax(most, y[i]);
		for (size_t i = 0; i < b->n; i++) {
			at[i] = ((double)i + .5) / (double)b->n;
			y[i] = sqrt(fmax(y[i], 0) + 0 * y[i]);
		}
		area.high = sqrt(most);
		buf_str(&p->text, "Tests of ");
		buf_str(&p->text, name);
		buf_str(&p->text, " over time: the largest statistic over its "
				  "limit, which is dashed; at most ");
		words_number(&p->text, most, 3);
		svg_open(&p->chart, RATIO, HEIGHT, words_end(&p->text));
		svg_rule(&p->chart, 0, 2 + area.height * (1 - 1 / area.high),
		    RATIO, 2 + area.height * (1 - 1 / area.high), "l");
		svg_line(&p->chart, &area, at, y, b->n, "k");
		svg_close(&p->chart);
	}
	doc_chart(&p->doc, &p->chart);
}

/* The distance, and how much too small it may be when that is seen. */
static void
put_distance(struct sheet *p, const struct grid_distance *d)
{
	char text[64];

	if (isnan(d->low)) {
		doc_cell(&p->doc, "\342\200\223");
		return;
	}
	snprintf(text, sizeof(text), "%.3f", d->low);
	doc_cell(&p->doc, text);
}

static void
put_field(struct sheet *p, const struct findings_field *x)
{
	const char *name = p->reading->watched.name[x->field];
	char text[64] = "\342\200\223";

	doc_cell(&p->doc, name);
	put_shape(p, x, name);
	sheet_number(p, x->before, 4);
	sheet_number(p, x->after, 4);
	if (!isnan(x->shift) && isfinite(x->shift))
		snprintf(text, sizeof(text), "%s%.2f",
		    x->shift < 0 ? "\342\210\222" : "+", fabs(x->shift));
	doc_cell(&p->doc, text);
	put_distance(p, &x->distance);
	put_trend(p, x, name);
	put_ratio(p, name);
}

static void
put_quantiles(struct sheet *p)
{
	static const struct doc_column column[] = {{"Field", DOC_WORDS},
	    {"", DOC_WORDS}, {"n", DOC_NUMBER}, {"5 %", DOC_NUMBER},
	    {"25 %", DOC_NUMBER}, {"50 %", DOC_NUMBER}, {"75 %", DOC_NUMBER},
	    {"95 %", DOC_NUMBER}, {"mean", DOC_NUMBER}, {"sd", DOC_NUMBER}};
	static const double at[] = {.05, .25, .5, .75, .95};

	doc_table(&p->doc,
	    "Quantiles, read on the reference's percentiles: right within one "
	    "percent of the records.",
	    column, 10);
	for (size_t i = 0; i < p->findings.fields && i < QUANTILES; i++) {
		const struct findings_field *x = &p->findings.field[i];
		const struct grid_sums *s = &p->findings.now.sums[x->field];

		for (int now = 0; now < 2 && x->grid != NULL; now++) {
			doc_cell(&p->doc, p->reading->watched.name[x->field]);
			doc_cell(&p->doc, now ? "now" : "reference");
			sheet_count(p, now ? s->n : x->grid->n);
			for (size_t k = 0; k < 5; k++)
				sheet_number(p, quantile(p, x, now, at[k]), 4);
			sheet_number(
			    p, now ? grid_mean(x->grid, s) : x->grid->mean, 4);
			sheet_number(p, now ? grid_sd(s) : x->grid->sd, 4);
		}
	}
	doc_table_end(&p->doc);
}

/* What is compared with what. */
static void
say_now(struct sheet *p)
{
	const struct buckets *b = &p->subject->buckets;
	const struct findings *f = &p->findings;
	const struct bucket *last = b->bucket[f->to - 1];

	if (f->state == FINDINGS_COMPARED) {
		doc_say(&p->doc, "The reference is A, and now is B.");
		return;
	}
	buf_str(&p->text, "Now is records ");
	words_count(&p->text, b->bucket[f->from]->first);
	buf_str(&p->text, " to ");
	words_count(&p->text, last->first + last->records - 1);
	buf_str(&p->text,
	    f->episode != NULL
		? ", those of the last alarm but for what came before "
		  "the first whole part. "
		: ", the whole stream. ");
	buf_str(&p->text, "The reference is ");
	if (p->reading->has_file) {
		words_counted(&p->text, p->reading->file.records, "record");
		buf_str(&p->text, " of ");
		buf_str(&p->text, p->reading->setup.reference);
	}
	if (p->subject->summed == 0) {
		buf_str(&p->text, p->reading->has_file
				      ? ", and for fields that it lacks "
				      : "");
		buf_str(&p->text, "the stream's first ");
		words_counted(&p->text, p->subject->own.records, "record");
	}
	buf_str(&p->text, ".");
	doc_say(&p->doc, words_end(&p->text));
}

/* The fields that our own tools write, for who doesn't know them. */
static void
explain(struct sheet *p)
{
	static const char *const known[][2] = {
	    {"prob", "prob: the probability of the answer, by the model. "},
	    {"entropy", "entropy: how undecided the model is; 0 is certain. "},
	    {"pixels.brightness", "pixels.brightness, contrast: mean and "
				  "deviation of the picture's luma. "},
	    {"pixels.sharpness",
		"pixels.sharpness: how much neighbouring "
		"pixels differ; blur lowers it, noise raises it. "},
	    {"feat.mean", "feat: statistics of what a layer of the network "
			  "puts out. "},
	};

	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
		for (size_t i = 0; i < p->reading->watched.n; i++)
			if (strcmp(p->reading->watched.name[i], known[k][0]) ==
			    0)
				buf_str(&p->text, known[k][1]);
	if (p->text.len > 0)
		doc_note(&p->doc, words_end(&p->text));
}

void
pagefields(struct sheet *p)
{
	static const struct doc_column column[] = {{"Field", DOC_WORDS},
	    {"Reference (filled) and now (line)", DOC_CHART},
	    {"Median before", DOC_NUMBER}, {"now", DOC_NUMBER},
	    {"Shift in sd", DOC_NUMBER}, {"Distance D", DOC_NUMBER},
	    {"Mean over time", DOC_CHART}, {"Tests, to limit", DOC_CHART}};

	size_t shown = p->findings.fields;

	doc_section(&p->doc, "What moved");
	if (p->findings.fields == 0) {
		doc_say(&p->doc, "The records have no numbers to compare.");
		return;
	}
	say_now(p);
	doc_table(&p->doc,
	    "What moved most stands first. D is the Kolmogorov-Smirnov "
	    "distance of now from the reference: 0 is alike, 1 is no overlap; "
	    "it is at most 0.01 too small. The shift is of the mean, in the "
	    "reference's standard deviations. Over time: the mean, and shaded "
	    "where 5 to 95 % of the reference's records are; and the largest "
	    "statistic of the field's tests, the limit being dashed.",
	    column, 8);
	if (p->doc.format == DOC_TEXT && shown > IN_MAIL)
		shown = IN_MAIL;
	for (size_t i = 0; i < shown; i++)
		put_field(p, &p->findings.field[i]);
	doc_table_end(&p->doc);
	explain(p);
	if (p->doc.format != DOC_TEXT)
		put_quantiles(p);
}
