#include <stdio.h>
#include <string.h>

#include "report/pagemetrics.h"
#include "report/words.h"

/* Rows of a page; the largest of a metric come first. */
enum { ROWS = 60 };

/* Whose samples they are: of the only stream all. */
static const char *
stream_of(const struct sheet *p)
{
	return p->reading->setup.fleet ? p->subject->name : NULL;
}

static int
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return n > k && strcmp(name + n - k, end) == 0;
}

/* "reason decode, model fashion"; the stream where it may be another. */
static void
put_labels(struct sheet *p, const struct metrics_sample *s)
{
	int any = 0;

	if (stream_of(p) == NULL && s->stream != NULL) {
		buf_str(&p->text, "stream ");
		buf_str(&p->text, s->stream);
		any = 1;
	}
	for (size_t i = 0; i < s->labels; i++) {
		if (s->label[i].value[0] == '\0')
			continue;
		buf_str(&p->text, any++ ? ", " : "");
		buf_str(&p->text, s->label[i].name);
		buf_str(&p->text, " ");
		buf_str(&p->text, s->label[i].value);
	}
	doc_cell(&p->doc, words_end(&p->text));
}

/* A time as such, a count in full; of what is always 1 nothing. */
static void
put_value(struct sheet *p, const struct metrics_sample *s)
{
	const struct promtab *about = &promtab[s->metric];

	if (ends_in(about->name, "_timestamp_seconds")) {
		words_time(&p->text, s->value, 1);
		buf_str(&p->text, " UTC");
	} else if (ends_in(about->name, "_seconds")) {
		words_duration(&p->text, s->value);
	} else if (about->type == PROMTAB_COUNTER && s->value < 1e18) {
		words_count(&p->text, (unsigned long long)s->value);
	} else if (!ends_in(about->name, "_info")) {
		words_number(&p->text, s->value, 6);
	}
	doc_cell(&p->doc, words_end(&p->text));
}

void
pagemetrics(struct sheet *p)
{
	static const struct doc_column column[] = {
	    {"What", DOC_WORDS}, {"Of", DOC_WORDS}, {"Value", DOC_NUMBER}};
	const struct metrics *m = p->setup->metrics;
	size_t rows = 0, left = 0;

	if (m == NULL)
		return;
	doc_section(&p->doc, "What the metrics add");
	for (size_t i = 0; i < m->n; i++) {
		const struct metrics_sample *s = &m->sample[i];

		if (!metrics_is_of(s, stream_of(p)))
			continue;
		if (rows == ROWS) {
			left++;
			continue;
		}
		if (rows++ == 0)
			doc_table(&p->doc,
			    "As promtext counts: since the pipeline began, not "
			    "only in these records. What is 0 is left out.",
			    column, 3);
		doc_cell(&p->doc, promtab[s->metric].help);
		put_labels(p, s);
		put_value(p, s);
	}
	if (rows > 0)
		doc_table_end(&p->doc);
	else
		doc_say(&p->doc, "They have nothing about this stream.");
	if (left > 0 || m->full)
		doc_note(&p->doc, "There are more of them than fit here.");
}

void
pagemetrics_json(const struct sheet *p, struct buf *b)
{
	const struct metrics *m = p->setup->metrics;
	int any = 0;

	if (m == NULL)
		return;
	buf_key(b, "metrics");
	buf_str(b, "[");
	for (size_t i = 0; i < m->n; i++) {
		const struct metrics_sample *s = &m->sample[i];

		if (!metrics_is_of(s, stream_of(p)))
			continue;
		buf_str(b, any++ ? ",{" : "{");
		buf_key_str(b, "name", promtab[s->metric].name);
		if (s->stream != NULL)
			buf_key_str(b, "stream", s->stream);
		buf_key(b, "labels");
		buf_str(b, "{");
		for (size_t k = 0; k < s->labels; k++)
			buf_key_str(b, s->label[k].name, s->label[k].value);
		buf_str(b, "}");
		buf_key_real(b, "value", s->value);
		buf_str(b, "}");
	}
	buf_str(b, "]");
}
