#include <math.h>
#include <string.h>

#include "report/verdict.h"
#include "report/words.h"

static void
put_point(struct buf *b, unsigned long long record, double time)
{
	if (!isnan(time)) {
		words_time(b, time, 0);
		buf_str(b, " UTC (record ");
		words_count(b, record);
		buf_str(b, ")");
	} else {
		buf_str(b, "record ");
		words_count(b, record);
	}
}

/* Who was first to raise an event of the episode, and how many others did. */
static void
put_detectors(struct buf *b, const struct findings *f, const struct subject *s)
{
	const struct alerts *a = &s->alerts;
	char said[BUCKETS_TESTS] = {0};
	size_t n = 0;

	for (size_t i = 0; i < a->events_kept; i++) {
		const struct alerts_event *e = &a->event[i];
		const char *name = a->test[e->test].detector;
		int known = 0;

		if (e->record < f->episode->begin ||
		    (f->episode->end > 0 && e->record > f->episode->end))
			continue;
		for (size_t k = 0; k < a->n; k++)
			known |= said[k] &&
				 strcmp(a->test[k].detector, name) == 0;
		said[e->test] = 1;
		if (known)
			continue;
		if (n++ == 0) {
			buf_str(b, " by ");
			buf_str(b, name);
		}
	}
	if (n > 1) {
		buf_str(b, "; ");
		words_count(b, n - 1);
		buf_str(b, n > 2 ? " more detectors followed"
				 : " more detector followed");
	}
}

static void
put_delay(struct buf *b, const struct findings *f)
{
	buf_str(b, ", found ");
	if (f->found == f->since) {
		buf_str(b, "at that record");
	} else {
		words_counted(b, f->found - f->since + 1, "record");
		buf_str(b, " later");
	}
}

/* Where no detector estimates the change point, only the event is known. */
static void
put_drift(struct buf *b, const struct findings *f, const struct subject *s)
{
	int over = f->state == FINDINGS_OVER;

	if (f->episode->estimated)
		buf_str(b, over ? "The stream drifted from "
				: "The stream has drifted since ");
	else
		buf_str(b, over ? "The stream drifted; it was in alarm from "
				: "The stream has drifted; it is in alarm "
				  "since ");
	put_point(b, f->since, f->since_time);
	if (over) {
		buf_str(
		    b, f->episode->estimated ? " and was back at " : " to ");
		put_point(b, f->episode->end, f->episode->ended);
	}
	if (f->episode->estimated)
		put_delay(b, f);
	else
		buf_str(b, ", found");
	put_detectors(b, f, s);
	buf_str(b,
	    f->episode->estimated ? "." : ". When it began is not estimated.");
}

static void
put_compared(struct buf *b, const struct findings *f, const struct subject *s)
{
	size_t moved = 0;

	for (size_t i = 0; i < f->fields; i++)
		moved += (size_t)f->field[i].moved;
	buf_str(b, "B, ");
	words_counted(b, s->records, "record");
	buf_str(b, ", differs from A, ");
	words_counted(b, s->file->records, "record");
	buf_str(b, ", clearly in ");
	words_count(b, moved);
	buf_str(b, " of ");
	words_counted(b, f->fields, "field");
	buf_str(b, ".");
}

void
verdict_say(const struct findings *f, const struct subject *s, struct buf *b)
{
	switch (f->state) {
	case FINDINGS_EMPTY:
		buf_str(b, "There are no records: nothing was measured.");
		break;
	case FINDINGS_SHORT:
		buf_str(b, "There ");
		buf_str(b, s->records == 1 ? "is " : "are ");
		words_counted(b, s->records, "record");
		buf_str(b, ", too few to compare: the first ");
		words_count(b, s->learn);
		buf_str(b, " are the reference.");
		break;
	case FINDINGS_UNTESTED:
		buf_str(b, "No detector tested these records; the page says "
			   "what moved, not whether that is more than chance.");
		break;
	case FINDINGS_QUIET:
		buf_str(b, "No drift in ");
		words_counted(b, s->records, "record");
		buf_str(b, ": no test has exceeded its limit.");
		break;
	case FINDINGS_COMPARED:
		put_compared(b, f, s);
		break;
	default:
		put_drift(b, f, s);
	}
}

/* What our own tools measure, in words; the field's name for all others. */
static const char *
words_of(const char *name)
{
	static const char *const known[][2] = {
	    {"pixels.sharpness", "sharpness"}, {"pixels.contrast", "contrast"},
	    {"pixels.brightness", "brightness"},
	    {"pixels.width", "the images' width"},
	    {"pixels.height", "the images' height"},
	    {"prob", "the model's confidence (prob)"},
	    {"entropy", "the model's indecision (entropy)"}};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(name, known[i][0]) == 0)
			return known[i][1];
	return name;
}

static void
put_field(struct buf *b, const struct findings_field *x, const char *name,
    size_t before)
{
	const char *words = words_of(name);
	size_t start;

	buf_str(b, before > 0 ? ", " : "");
	start = b->len;
	buf_str(b, words);
	if (before == 0 && words != name && b->len > start)
		b->p[start] = (char)(b->p[start] - 'a' + 'A');
	buf_str(b, " ");
	words_change(b, x->before, x->after);
	buf_str(b, " (");
	words_number(b, x->before, 3);
	buf_str(b, " \342\206\222 ");
	words_number(b, x->after, 3);
	buf_str(b, ")");
}

/* What it costs, by truth where that is known on both sides of the change. */
static void
put_accuracy(struct buf *b, const struct findings *f, const struct subject *s)
{
	double before = findings_accuracy(&f->before);
	double now = findings_accuracy(&f->now);
	int known = !isnan(before) && !isnan(now);
	struct estimated_sums e = findings_estimated(f, s);

	if (!known) {
		before = estimated_mean(&f->before.estimated).accuracy;
		now = e.n > 0 ? e.accuracy : NAN;
	}
	if (isnan(before) || isnan(now) || fabs(now - before) < .005)
		return;
	buf_str(b, b->len > 0 ? " " : "");
	buf_str(b, known ? "Accuracy " : "Accuracy, as estimated, ");
	buf_str(b, now < before ? "fell from " : "rose from ");
	words_percent(b, before);
	buf_str(b, " to ");
	words_percent(b, now);
	if (!known) {
		buf_str(b, " (");
		words_percent(b, e.low);
		buf_str(b, " to ");
		words_percent(b, e.high);
		buf_str(b, ")");
	}
	buf_str(b, ".");
}

/* Where no field of its own moved: what contributed to the first event. */
static void
put_tops(struct buf *b, const struct findings *f, const struct subject *s,
    const struct reading *r)
{
	const struct alerts *a = &s->alerts;
	const struct alerts_event *e = NULL;

	for (size_t i = 0; i < a->events_kept && e == NULL; i++)
		if (a->event[i].record >= f->episode->begin &&
		    a->event[i].top[0].what[0] != '\0')
			e = &a->event[i];
	for (size_t i = 0; e != NULL && i < ALERTS_TOP; i++) {
		if (e->top[i].what[0] == '\0' || e->top[i].share < .05)
			continue;
		buf_str(b, i > 0 ? ", " : "");
		if (!isnan(e->top[i].observed)) {
			buf_str(b, i > 0 ? "class " : "Class ");
			reading_called(r, e->top[i].what, b);
		} else {
			buf_str(b, e->top[i].what);
		}
		if (!isnan(e->top[i].share)) {
			buf_str(b, " went ");
			buf_str(b, e->top[i].direction);
			buf_str(b, " (");
			words_percent(b, e->top[i].share);
			buf_str(b, " of the statistic)");
		} else if (!isnan(e->top[i].observed)) {
			buf_str(b, " came ");
			words_number(b, e->top[i].observed, 6);
			buf_str(b, " times where ");
			words_number(b, e->top[i].expected, 3);
			buf_str(b, " were expected");
		}
	}
}

void
verdict_moved(const struct findings *f, const struct reading *r,
    const struct subject *s, struct buf *b)
{
	static const char *const first[] = {
	    "sharpness", "contrast", "brightness", "width", "height", "prob"};
	char said[WATCHED_MOST] = {0};
	size_t n = 0, start = b->len;

	for (size_t k = 0; k < 6 && n < 3; k++) {
		const struct findings_field *x = findings_field(f, r, first[k]);

		if (x == NULL || !x->moved)
			continue;
		put_field(b, x, r->watched.name[x->field], n++);
		said[x->field] = 1;
	}
	for (size_t i = 0; i < f->fields && n < 3; i++) {
		const struct findings_field *x = &f->field[i];

		if (x->moved && !said[x->field])
			put_field(b, x, r->watched.name[x->field], n++);
	}
	if (n == 0 && f->episode != NULL)
		put_tops(b, f, s, r);
	if (b->len > start)
		buf_str(b, ".");
	put_accuracy(b, f, s);
}
