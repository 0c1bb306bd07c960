#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/pageaccuracy.h"
#include "report/pagequality.h"
#include "report/words.h"

enum { PAIRS = 10, ROWS = 8 };

/* "61.0 % (41.2 % to 82.0 %)" */
static void
put_interval(struct buf *b, double accuracy, double low, double high)
{
	words_percent(b, accuracy);
	buf_str(b, " (");
	words_percent(b, low);
	buf_str(b, " to ");
	words_percent(b, high);
	buf_str(b, ")");
}

static void
say_estimate(struct sheet *p)
{
	const struct estimated *e = &p->subject->estimated;
	struct estimated_sums now = findings_estimated(
	    &p->findings, p->subject);
	struct estimated_sums before = estimated_mean(
	    &p->findings.before.estimated);
	struct buf *b = &p->text;

	buf_str(b, "Without labels, ");
	buf_str(b, e->by);
	buf_str(b, e->method[0] != '\0' ? " (" : "");
	buf_str(b, e->method);
	buf_str(b, e->method[0] != '\0' ? ")" : "");
	buf_str(b, " estimates how many of the last ");
	if (e->window >= 1 && e->window <= 1e9) {
		words_count(b, (unsigned long long)e->window);
		buf_str(b, " ");
	}
	buf_str(b, "records are right: ");
	put_interval(b, now.accuracy, now.low, now.high);
	if (p->findings.episode != NULL && before.n > 0) {
		buf_str(b, ", and before the change ");
		put_interval(b, before.accuracy, before.low, before.high);
		buf_str(b, " on average");
	}
	buf_str(b, ". The interval is to hold the truth 9 times in 10.");
	doc_say(&p->doc, words_end(b));
}

static void
put_row(struct sheet *p, const struct bucket *k, unsigned long long last)
{
	struct estimated_sums e = estimated_mean(&k->estimated);

	sheet_count(p, last);
	sheet_time(p, k->end, 0);
	sheet_percent(p, e.accuracy);
	sheet_percent(p, e.low);
	sheet_percent(p, e.high);
	sheet_percent(p, findings_accuracy(k));
	sheet_count(p, k->known);
}

/* The stream in a few parts: what was estimated, and what was. */
static void
put_estimates(struct sheet *p)
{
	static const struct doc_column column[] = {{"To record", DOC_NUMBER},
	    {"To (UTC)", DOC_WORDS}, {"Estimated", DOC_NUMBER},
	    {"from", DOC_NUMBER}, {"to", DOC_NUMBER},
	    {"Right, by truth", DOC_NUMBER}, {"Truth known", DOC_NUMBER}};
	struct buckets *b = &p->subject->buckets;
	size_t step = (b->n + ROWS - 1) / ROWS;

	doc_table(&p->doc,
	    "Accuracy over time: the mean estimate at these records, each of "
	    "the window that ends there, and how many are right where truth is "
	    "known.",
	    column, 7);
	for (size_t i = 0; i < b->n; i += step) {
		struct bucket sum = {0};
		size_t end = i + step < b->n ? i + step : b->n;

		buckets_sum(b, i, end, &sum);
		put_row(p, &sum, sum.first + sum.records - 1);
		buckets_empty(&sum);
	}
	doc_table_end(&p->doc);
}

static void
put_calibration(struct sheet *p)
{
	static const struct doc_column column[] = {{"Probability", DOC_WORDS},
	    {"Records", DOC_NUMBER}, {"Mean probability", DOC_NUMBER},
	    {"Right", DOC_NUMBER}};
	const struct bucket *k = &p->findings.now;
	char text[64];

	doc_table(&p->doc,
	    "Calibration now: of the answers given with such a probability, "
	    "as many should be right.",
	    column, 4);
	for (size_t i = 0; i < BUCKETS_CONFIDENCE; i++) {
		double n = (double)k->sure[i];

		if (n == 0)
			continue;
		snprintf(text, sizeof(text), "%.1f to %.1f", (double)i / 10,
		    (double)(i + 1) / 10);
		doc_cell(&p->doc, text);
		sheet_count(p, k->sure[i]);
		sheet_percent(p, k->prob[i] / n);
		sheet_percent(p, (double)k->hits[i] / n);
	}
	doc_table_end(&p->doc);
}

static int
by_count(const void *a, const void *b)
{
	const struct subject_pair *x = a, *y = b;

	return (x->count < y->count) - (x->count > y->count);
}

static void
put_confusion(struct sheet *p)
{
	static const struct doc_column column[] = {{"Truth", DOC_WORDS},
	    {"Taken for", DOC_WORDS}, {"Records", DOC_NUMBER}};
	struct subject_pair *pair = p->subject->pair;

	qsort(pair, SUBJECT_PAIRS, sizeof(*pair), by_count);
	if (pair[0].count == 0)
		return;
	doc_table(
	    &p->doc, "The commonest mistakes, over all records.", column, 3);
	for (size_t i = 0; i < PAIRS && pair[i].count > 0; i++) {
		reading_class(p->reading, (size_t)pair[i].truth - 1, &p->text);
		doc_cell(&p->doc, words_end(&p->text));
		reading_class(p->reading, (size_t)pair[i].class, &p->text);
		doc_cell(&p->doc, words_end(&p->text));
		sheet_count(p, pair[i].count);
	}
	doc_table_end(&p->doc);
	if (p->subject->pairs_over > 0)
		doc_note(&p->doc, "There were more kinds of mistakes than are "
				  "told apart.");
}

static double
calibration_error(const struct bucket *k)
{
	double error = 0, n = 0;

	for (size_t i = 0; i < BUCKETS_CONFIDENCE; i++) {
		error += fabs(k->prob[i] - (double)k->hits[i]);
		n += (double)k->sure[i];
	}
	return n > 0 ? error / n : NAN;
}

static void
say_accuracy(struct sheet *p)
{
	const struct findings *f = &p->findings;

	buf_str(&p->text, "Truth is known for ");
	words_counted(&p->text, f->now.known, "record");
	buf_str(&p->text, " of this time: ");
	words_percent(&p->text, findings_accuracy(&f->now));
	buf_str(&p->text, " of the answers are right");
	if (f->before.known > 0) {
		buf_str(&p->text, ", of those before it ");
		words_percent(&p->text, findings_accuracy(&f->before));
	}
	buf_str(&p->text, ". Probability and accuracy differ by ");
	words_percent(&p->text, calibration_error(&f->now));
	buf_str(&p->text, " on average (expected calibration error).");
	doc_say(&p->doc, words_end(&p->text));
}

void
pageaccuracy(struct sheet *p)
{
	if (p->findings.now.known == 0)
		return;
	doc_section(&p->doc, "Accuracy");
	say_accuracy(p);
	if (p->doc.format == DOC_TEXT)
		return;
	put_calibration(p);
	pagequality(p);
	put_confusion(p);
}

void
pageaccuracy_estimated(struct sheet *p)
{
	if (p->subject->estimated.n == 0)
		return;
	doc_section(&p->doc, "Estimated accuracy");
	say_estimate(p);
	put_estimates(p);
}

/* Each bucket that has an estimate, or of which truth is known. */
static void
put_series(struct sheet *p, struct buf *b)
{
	const struct buckets *all = &p->subject->buckets;
	int any = 0;

	buf_key(b, "accuracy_over_time");
	buf_str(b, "[");
	for (size_t i = 0; i < all->n; i++) {
		const struct bucket *k = all->bucket[i];
		struct estimated_sums e = estimated_mean(&k->estimated);

		if (e.n == 0 && k->known == 0)
			continue;
		buf_str(b, any++ ? ",{" : "{");
		buf_key_int(
		    b, "record", (long long)(k->first + k->records - 1));
		buf_key_real(b, "time", k->end);
		buf_key_real(b, "estimated", e.accuracy);
		buf_key_real(b, "low", e.low);
		buf_key_real(b, "high", e.high);
		buf_key_real(b, "accuracy", findings_accuracy(k));
		buf_key_int(b, "known", (long long)k->known);
		buf_str(b, "}");
	}
	buf_str(b, "]");
}

void
pageaccuracy_json(struct sheet *p, struct buf *b)
{
	const struct estimated *e = &p->subject->estimated;
	struct estimated_sums now = findings_estimated(
	    &p->findings, p->subject);

	if (e->n == 0)
		return;
	buf_key(b, "estimated");
	buf_str(b, "{");
	buf_key_str(b, "by", e->by);
	buf_key_str(b, "method", e->method);
	buf_key_real(b, "window", e->window);
	buf_key_real(b, "accuracy", now.accuracy);
	buf_key_real(b, "low", now.low);
	buf_key_real(b, "high", now.high);
	buf_key_real(b, "before",
	    estimated_mean(&p->findings.before.estimated).accuracy);
	buf_str(b, "}");
	put_series(p, b);
}
