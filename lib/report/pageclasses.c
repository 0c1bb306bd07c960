#include <math.h>
#include <stdio.h>

#include "report/pageclasses.h"
#include "report/svg.h"
#include "report/words.h"

enum { SHOWN = 12, WIDTH = 180, HEIGHT = 18 };

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
	sheet_percent(p, c->before);
	sheet_percent(p, c->after);
	snprintf(text, sizeof(text), "%s%.1f",
	    change < 0 ? "\342\210\222" : "+", fabs(change));
	doc_cell(&p->doc, text);
	sheet_count(p, c->count);
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

void
pageclasses(struct sheet *p)
{
	if (isnan(p->findings.mix))
		return;
	doc_section(&p->doc, "Classes");
	say_mix(p);
	put_mix(p);
}
