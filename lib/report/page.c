#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/page.h"
#include "report/pageaccuracy.h"
#include "report/pageearlier.h"
#include "report/pageevents.h"
#include "report/cause.h"
#include "report/pageclasses.h"
#include "report/pagecompare.h"
#include "report/pagefields.h"
#include "report/pageimages.h"
#include "report/pageline.h"
#include "report/pagemetrics.h"
#include "report/pagenotes.h"
#include "report/pagepromise.h"
#include "report/verdict.h"
#include "report/words.h"

enum { HOUR = 3600 };

static enum doc_mood
mood_of(enum findings_state state)
{
	switch (state) {
	case FINDINGS_DRIFT:
		return DOC_BAD;
	case FINDINGS_QUIET:
		return DOC_GOOD;
	default:
		return DOC_OPEN;
	}
}

static void
put_verdict(struct sheet *p)
{
	const struct findings *f = &p->findings;
	char verdict[512], moved[1024];
	int drifted = f->episode != NULL || f->state == FINDINGS_UNTESTED ||
		      f->state == FINDINGS_COMPARED;

	verdict_say(f, p->subject, &p->text);
	snprintf(verdict, sizeof(verdict), "%s", words_end(&p->text));
	if (drifted)
		verdict_moved(f, p->reading, p->subject, &p->text);
	snprintf(moved, sizeof(moved), "%s", words_end(&p->text));
	doc_verdict(&p->doc, mood_of(f->state), findings_word(f->state),
	    verdict, moved, drifted ? cause(f, p->reading) : "");
}

static char *
copy(struct sheet *p, char *to, size_t size)
{
	snprintf(to, size, "%s", words_end(&p->text));
	return to;
}

static void
put_facts(struct sheet *p)
{
	const struct subject *s = p->subject;
	const struct findings *f = &p->findings;
	int fine = s->end - s->begin < HOUR;
	char text[5][128];
	const char *pair[16];
	size_t n = 0;

	words_count(&p->text, s->records);
	pair[n++] = "Records";
	pair[n++] = copy(p, text[0], 128);
	if (s->timed > 0) {
		words_time(&p->text, s->begin, fine);
		pair[n++] = "From (UTC)";
		pair[n++] = copy(p, text[1], 128);
		words_time(&p->text, s->end, fine);
		pair[n++] = "To (UTC)";
		pair[n++] = copy(p, text[2], 128);
	}
	words_count(&p->text, s->errors.all);
	pair[n++] = "Unreadable images";
	pair[n++] = copy(p, text[3], 128);
	if (f->now.known > 0) {
		if (f->before.known > 0) {
			words_percent(&p->text, findings_accuracy(&f->before));
			buf_str(&p->text, " \342\206\222 ");
		}
		words_percent(&p->text, findings_accuracy(&f->now));
		pair[n++] = "Accuracy";
		pair[n++] = copy(p, text[4], 128);
	} else if (s->estimated.n > 0) {
		words_percent(&p->text, findings_estimated(f, s).accuracy);
		pair[n++] = "Estimated accuracy";
		pair[n++] = copy(p, text[4], 128);
	}
	pair[n] = NULL;
	doc_facts(&p->doc, pair);
}

/* Our own detectors, for who does not know them. */
static void
explain_detectors(struct sheet *p)
{
	static const char *const known[][2] = {
	    {"pht", "pht: has a mean shifted? "},
	    {"iks", "iks: has a distribution changed, by the distance of "
		    "distribution functions? "},
	    {"nmddm", "nmddm: the same, by the likelihood of all values. "},
	    {"chi2", "chi2: has the mix of classes changed? "},
	    {"mewma", "mewma: has a vector shifted, all its elements "
		      "together? "},
	    {"edet", "edet: has a mean or a spread changed, by an e-value? "},
	    {"driftfdr", "driftfdr: is the stream among those of many that "
			 "drift? "},
	    {"accest", "accest: has accuracy fallen, as estimated without "
		       "labels? It gives no promise about false alarms. "},
	};
	const struct alerts *a = &p->subject->alerts;

	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
		for (size_t i = 0; i < a->n; i++)
			if (strcmp(a->test[i].detector, known[k][0]) == 0) {
				buf_str(&p->text, known[k][1]);
				break;
			}
	if (p->text.len > 0)
		doc_note(&p->doc, words_end(&p->text));
}

void
page_choose(struct sheet *p, size_t i)
{
	findings_free(&p->findings);
	p->subject = p->reading->subject[i];
	findings_make(&p->findings, p->reading, p->subject);
}

void
page_stream(struct sheet *p)
{
	const struct findings *f = &p->findings;

	put_verdict(p);
	put_facts(p);
	if (f->state == FINDINGS_EMPTY) {
		pageearlier(p);
		return;
	}
	doc_contents(&p->doc);
	if (f->state == FINDINGS_COMPARED) {
		pagecompare(p);
	} else {
		pagepromise(p);
		doc_section(&p->doc, "Time line");
		pageline(p);
		explain_detectors(p);
		pageevents(p);
	}
	pageearlier(p);
	if (f->state != FINDINGS_SHORT) {
		pagefields(p);
		pageclasses(p);
		pageaccuracy(p);
	}
	pageimages(p);
	pagenotes_unreadable(p);
	pagenotes_quality(p);
	if (f->state != FINDINGS_SHORT)
		pageaccuracy_estimated(p);
	pagemetrics(p);
	pagenotes_identity(p);
	pagenotes_next(p);
	doc_contents_end(&p->doc);
}

/* Streams by state, those that drift first. */
void
page_order(const struct reading *r, size_t *order)
{
	size_t n = 0;

	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < r->subjects; i++) {
			const struct alerts *a = &r->subject[i]->alerts;

			if (pass == (a->alarm ? 0 : a->episodes > 0 ? 1 : 2))
				order[n++] = i;
		}
}

/* How many streams drift, in a sentence. */
static void
put_fleet_verdict(struct sheet *p)
{
	const struct reading *r = p->reading;
	unsigned long long drift = 0, over = 0;
	char said[256];

	for (size_t i = 0; i < r->subjects; i++) {
		const struct alerts *a = &r->subject[i]->alerts;

		drift += a->alarm != 0;
		over += !a->alarm && a->episodes > 0;
	}
	if (drift + over == 0) {
		buf_str(&p->text, "No alarm in ");
		words_counted(&p->text, r->subjects, "stream");
	} else {
		words_count(&p->text, drift);
		buf_str(&p->text, " of ");
		words_counted(&p->text, r->subjects, "stream");
		buf_str(&p->text, drift == 1 ? " drifts" : " drift");
	}
	if (over > 0) {
		buf_str(&p->text, ", and ");
		words_count(&p->text, over);
		buf_str(&p->text, " drifted and came back");
	}
	buf_str(&p->text, ".");
	snprintf(said, sizeof(said), "%s", words_end(&p->text));
	doc_verdict(&p->doc,
	    drift > 0  ? DOC_BAD
	    : over > 0 ? DOC_OPEN
		       : DOC_GOOD,
	    drift > 0  ? "Drift"
	    : over > 0 ? "Drift, over"
		       : "In control",
	    said, "", "");
}

void
page_fleet(struct sheet *p, const size_t *order,
    void (*target)(struct buf *b, const struct reading *r, size_t i))
{
	static const struct doc_column column[] = {{"Stream", DOC_WORDS},
	    {"State", DOC_WORDS}, {"Since", DOC_WORDS}, {"Records", DOC_NUMBER},
	    {"Unreadable", DOC_NUMBER}, {"Events", DOC_NUMBER},
	    {"Moved most", DOC_WORDS}, {"D", DOC_NUMBER}};
	char link[600];

	put_fleet_verdict(p);
	doc_table(&p->doc,
	    "Those that drift first. D is how far the field that moved most is "
	    "from its reference, 0 to 1.",
	    column, 8);
	for (size_t i = 0; i < p->reading->subjects; i++) {
		const struct findings *f = &p->findings;
		const struct findings_field *x = &f->field[0];

		page_choose(p, order[i]);
		target(&p->text, p->reading, order[i]);
		copy(p, link, sizeof(link));
		doc_link(&p->doc, p->subject->name, link);
		doc_cell(&p->doc, findings_word(f->state));
		sheet_time(p, f->since_time, 0);
		sheet_count(p, p->subject->records);
		sheet_count(p, p->subject->errors.all);
		sheet_count(p, p->subject->alerts.events);
		doc_cell(&p->doc, f->fields > 0
				      ? p->reading->watched.name[x->field]
				      : "\342\200\223");
		sheet_number(p, f->fields > 0 ? x->distance.low : NAN, 2);
	}
	doc_table_end(&p->doc);
}

void
page_free(struct sheet *p)
{
	findings_free(&p->findings);
	buf_free(&p->text);
	buf_free(&p->chart);
}

int
page_full(const struct sheet *p)
{
	return p->doc.format == DOC_HTML && p->doc.out->len > SHEET_FULL;
}
