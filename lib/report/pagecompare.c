#include <math.h>
#include <stdio.h>

#include "report/contrast.h"
#include "report/pagecompare.h"
#include "report/words.h"

static void
put_signed(struct sheet *p, double x)
{
	char text[64] = "\342\200\223";

	if (isfinite(x))
		snprintf(text, sizeof(text), "%s%.3f",
		    x < 0 ? "\342\210\222" : "+", fabs(x));
	doc_cell(&p->doc, text);
}

static void
put_field(struct sheet *p, size_t field)
{
	const struct usual *a = p->subject->file, *b = &p->subject->own;
	struct contrast c;

	if (a->column[field] == NULL || b->column[field] == NULL)
		return;
	c = contrast(a->column[field], a->grid[field]->n, b->column[field],
	    b->grid[field]->n);
	doc_cell(&p->doc, p->reading->watched.name[field]);
	sheet_count(p, c.n);
	sheet_count(p, c.m);
	sheet_number(p, c.d, 4);
	if (c.p == 0)
		doc_cell(&p->doc, "< 1e-300");
	else
		sheet_number(p, c.p, 3);
	put_signed(p, c.delta);
	put_signed(p, c.shift);
}

/* Pearson's statistic of the classes, and Cramer's V. */
static void
say_classes(struct sheet *p)
{
	const struct findings *f = &p->findings;
	double n = (double)(f->usual->classes + f->now.classed);

	if (isnan(f->mix_chi2))
		return;
	buf_str(&p->text, "Classes: Pearson's chi-square ");
	words_number(&p->text, f->mix_chi2, 5);
	buf_str(&p->text, " with ");
	words_number(&p->text, f->mix_df, 6);
	buf_str(&p->text, " degrees of freedom, p ");
	words_number(&p->text, f->mix_p, 3);
	buf_str(&p->text, "; Cram\303\251r's V ");
	words_number(&p->text, sqrt(f->mix_chi2 / n), 3);
	buf_str(&p->text, ".");
	doc_say(&p->doc, words_end(&p->text));
}

void
pagecompare(struct sheet *p)
{
	static const struct doc_column column[] = {{"Field", DOC_WORDS},
	    {"n of A", DOC_NUMBER}, {"n of B", DOC_NUMBER}, {"D", DOC_NUMBER},
	    {"p", DOC_NUMBER}, {"Cliff's delta", DOC_NUMBER},
	    {"Shift in sd", DOC_NUMBER}};

	doc_section(&p->doc, "A against B");
	doc_table(&p->doc,
	    "The two-sample test of Kolmogorov and Smirnov, its p exact given "
	    "the ties, if each record is independent of the others; and how "
	    "much it matters: Cliff's delta is -1 where all of B is below A, 1 "
	    "where all is above, 0 where neither is. With many records p is "
	    "small where nothing matters.",
	    column, 7);
	for (size_t i = 0; i < p->findings.fields; i++)
		put_field(p, p->findings.field[i].field);
	doc_table_end(&p->doc);
	if (p->subject->file->records > USUAL_ROWS ||
	    p->subject->own.records > USUAL_ROWS)
		doc_note(&p->doc, "Of a file of more than 4096 records it is a "
				  "random sample of so many.");
	say_classes(p);
}
