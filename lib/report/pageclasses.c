#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/pageclasses.h"
#include "report/svg.h"
#include "report/words.h"

enum { SHOWN = 12, PAIRS = 10, WIDTH = 180, HEIGHT = 18 };

static void
put_share(struct sheet *p, double share)
{
	words_percent(&p->text, share);
	doc_cell(&p->doc, words_end(&p->text));
}

/* Two bars: the usual share filled, the share now as an outline. */
static void
put_bars(struct sheet *p, const struct findings_class *c, double most)
{
	p->chart.len = 0;
	buf_str(&p->text, "Usual share ");
	words_percent(&p->text, c->before);
	buf_str(&p->text, ", now ");
	words_percent(&p->text, c->after);
	svg_open(&p->chart, WIDTH, HEIGHT, words_end(&p->text));
	svg_box(
	    &p->chart, 0, 3, (WIDTH - 2) * c->before / most, HEIGHT - 6, "r");
	svg_box(
	    &p->chart, 1, 1.5, (WIDTH - 3) * c->after / most, HEIGHT - 3, "n");
	svg_close(&p->chart);
	doc_chart(&p->doc, &p->chart);
}

static void
put_class(struct sheet *p, const struct findings_class *c, double most)
{
	char text[64];
	double change = (c->after - c->before) * 100;

	reading_class(p->reading, c->class, &p->text);
	doc_cell(&p->doc, words_end(&p->text));
	put_share(p, c->before);
	put_share(p, c->after);
	snprintf(text, sizeof(text), "%s%.1f",
	    change < 0 ? "\342\210\222" : "+", fabs(change));
	doc_cell(&p->doc, text);
	words_count(&p->text, c->count);
	doc_cell(&p->doc, words_end(&p->text));
	put_bars(p, c, most);
}

static void
put_mix(struct sheet *p)
{
	static const struct doc_column column[] = {{"Class", DOC_WORDS},
	    {"Usual share", DOC_NUMBER}, {"now", DOC_NUMBER},
	    {"Change, points", DOC_NUMBER}, {"Records now", DOC_NUMBER},
	    {"Usual (filled) and now (outline)", DOC_CHART}};
	const struct findings *f = &p->findings;
	size_t shown = f->classes < SHOWN ? f->classes : SHOWN;
	double most = 1e-9;

	for (size_t i = 0; i < shown; i++)
		most = fmax(most, fmax(f->class[i].before, f->class[i].after));
	doc_table(&p->doc,
	    "Shares of the predicted classes; those that changed most stand "
	    "first.",
	    column, 6);
	for (size_t i = 0; i < shown; i++)
		put_class(p, &f->class[i], most);
	doc_table_end(&p->doc);
}

static void
say_mix(struct sheet *p)
{
	const struct findings *f = &p->findings;

	words_percent(&p->text, f->mix);
	buf_str(&p->text,
	    " of the records would have to be in another class for "
	    "the mix to be the usual one (Pearson's chi-square ");
	words_number(&p->text, f->mix_chi2, 4);
	buf_str(&p->text, " with ");
	words_number(&p->text, f->mix_df, 6);
	buf_str(&p->text, " degrees of freedom).");
	if (f->classes > SHOWN) {
		buf_str(&p->text, " There are ");
		words_count(&p->text, f->classes);
		buf_str(&p->text, " classes; the table has those that changed "
				  "most.");
	}
	if (p->reading->classes_over) {
		buf_str(&p->text, " Classes after the first ");
		words_count(&p->text, USUAL_CLASSES);
		buf_str(&p->text, " are counted together, as all others.");
	}
	doc_say(&p->doc, words_end(&p->text));
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
		words_count(&p->text, k->sure[i]);
		doc_cell(&p->doc, words_end(&p->text));
		put_share(p, k->prob[i] / n);
		put_share(p, (double)k->hits[i] / n);
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
		words_count(&p->text, pair[i].count);
		doc_cell(&p->doc, words_end(&p->text));
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
pageclasses(struct sheet *p)
{
	const struct findings *f = &p->findings;

	if (!isnan(f->mix)) {
		doc_section(&p->doc, "Classes");
		say_mix(p);
		put_mix(p);
	}
	if (f->now.known == 0)
		return;
	doc_section(&p->doc, "Accuracy");
	say_accuracy(p);
	if (p->doc.format == DOC_TEXT)
		return;
	put_calibration(p);
	put_confusion(p);
}
