#include <math.h>
#include <string.h>

#include "report/pageevents.h"
#include "report/words.h"

/* What contributed; a class by its label. */
static void
put_what(struct sheet *p, const struct alerts_event *e, size_t i)
{
	if (strcmp(p->subject->alerts.test[e->test].field, "class") == 0)
		reading_called(p->reading, e->top[i].what, &p->text);
	else
		buf_str(&p->text, e->top[i].what);
}

/* What a test said of the change: its direction, or what contributed. */
static void
put_change(struct sheet *p, const struct alerts_event *e)
{
	int said = e->direction[0] != '\0';

	buf_str(&p->text, e->direction);
	for (size_t i = 0; i < ALERTS_TOP && e->top[i].what[0] != '\0'; i++) {
		buf_str(&p->text, said ? "; " : "");
		put_what(p, e, i);
		if (e->top[i].direction[0] != '\0') {
			buf_str(&p->text, " ");
			buf_str(&p->text, e->top[i].direction);
		}
		if (!isnan(e->top[i].share)) {
			buf_str(&p->text, " ");
			words_percent(&p->text, e->top[i].share);
		}
		if (!isnan(e->top[i].observed)) {
			buf_str(&p->text, " ");
			words_number(&p->text, e->top[i].observed, 4);
			buf_str(&p->text, " times, expected ");
			words_number(&p->text, e->top[i].expected, 3);
		}
		said = 1;
	}
	doc_cell(&p->doc, words_end(&p->text));
}

static void
put_event(struct sheet *p, const struct alerts_event *e)
{
	const struct alerts_test *t = &p->subject->alerts.test[e->test];

	sheet_time(p, e->time, 1);
	sheet_count(p, e->record);
	doc_cell(&p->doc, t->detector);
	doc_cell(&p->doc, t->field);
	sheet_number(p, e->stat, 4);
	sheet_number(p, e->limit, 4);
	put_change(p, e);
	if (e->since > 0)
		sheet_count(p, e->since);
	else
		doc_cell(&p->doc, "\342\200\223");
}

void
pageevents(struct sheet *p)
{
	static const struct doc_column column[] = {{"Event at", DOC_WORDS},
	    {"Record", DOC_NUMBER}, {"Detector", DOC_WORDS},
	    {"Field", DOC_WORDS}, {"Statistic", DOC_NUMBER},
	    {"Limit", DOC_NUMBER}, {"Change", DOC_WORDS},
	    {"Since record", DOC_NUMBER}};
	const struct alerts *a = &p->subject->alerts;

	if (a->events_kept == 0)
		return;
	buf_str(&p->text, "Events, where a test came to exceed its limit");
	if (a->events > a->events_kept) {
		buf_str(&p->text, ": the first ");
		words_count(&p->text, a->events_kept);
		buf_str(&p->text, " of ");
		words_count(&p->text, a->events);
	}
	buf_str(&p->text, ".");
	doc_table(&p->doc, words_end(&p->text), column, 8);
	for (size_t i = 0; i < a->events_kept; i++)
		put_event(p, &a->event[i]);
	doc_table_end(&p->doc);
}
