#include <math.h>
#include <string.h>

#include "report/pageearlier.h"
#include "report/pagenotes.h"
#include "report/words.h"

static void
put_event(struct sheet *p, const struct earlier_event *e)
{
	sheet_time(p, e->time, 1);
	sheet_count(p, e->record);
	doc_cell(&p->doc, e->text);
}

/* The number of the first event that is still known. */
static unsigned long long
first_known(const struct earlier *e)
{
	return e->events > EARLIER_EVENTS ? e->events - EARLIER_EVENTS : 0;
}

static void
put_events(struct sheet *p, const struct earlier *e)
{
	static const struct doc_column column[] = {{"Event at", DOC_WORDS},
	    {"Record", DOC_NUMBER}, {"What", DOC_WORDS}};

	if (e->events == 0)
		return;
	words_counted(&p->text, e->events, "event");
	if (!isnan(e->begin)) {
		buf_str(&p->text, ", the first at ");
		words_time(&p->text, e->begin, 0);
		buf_str(&p->text, " UTC");
	}
	buf_str(&p->text, first_known(e) > 0 ? ". The last of them:" : ".");
	doc_table(&p->doc, words_end(&p->text), column, 3);
	for (unsigned long long i = first_known(e); i < e->events; i++)
		put_event(p, &e->event[i % EARLIER_EVENTS]);
	doc_table_end(&p->doc);
}

void
pageearlier(struct sheet *p)
{
	const struct earlier *e = p->subject->earlier;

	if (e == NULL)
		return;
	doc_section(&p->doc, "In the journal, before these records");
	put_events(p, e);
	if (e->errors.all > 0)
		pagenotes_reasons(
		    p, &e->errors, "Images that could not be read, by reason.");
}

void
pageearlier_json(struct sheet *p, struct buf *b)
{
	const struct earlier *e = p->subject->earlier;

	if (e == NULL)
		return;
	buf_key(b, "earlier");
	buf_str(b, "{");
	buf_key_int(b, "events_all", (long long)e->events);
	buf_key_int(b, "unreadable_all", (long long)e->errors.all);
	buf_key(b, "events");
	buf_str(b, "[");
	for (unsigned long long i = first_known(e); i < e->events; i++) {
		const struct earlier_event *x = &e->event[i % EARLIER_EVENTS];

		buf_str(b, i > first_known(e) ? ",{" : "{");
		buf_key_int(b, "record", (long long)x->record);
		buf_key_real(b, "time", x->time);
		buf_key_str(b, "text", x->text);
		buf_str(b, "}");
	}
	buf_str(b, "]}");
}
