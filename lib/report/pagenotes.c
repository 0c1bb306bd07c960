#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/pagenotes.h"
#include "report/words.h"

void
pagenotes_reasons(struct sheet *p, const struct reasons *r, const char *caption)
{
	static const struct doc_column column[] = {{"Reason", DOC_WORDS},
	    {"Images", DOC_NUMBER}, {"Last record", DOC_NUMBER},
	    {"For example", DOC_WORDS}};

	doc_table(&p->doc, caption, column, 4);
	for (size_t i = 0; i < r->n; i++) {
		const struct reason *x = &r->reason[i];

		doc_cell(&p->doc, x->text);
		sheet_count(p, x->count);
		sheet_count(p, x->last);
		for (size_t k = 0; k < REASONS_NAMES; k++) {
			if (x->name[k][0] == '\0')
				continue;
			buf_str(&p->text, k > 0 ? ", " : "");
			buf_str(&p->text, x->name[k]);
		}
		doc_cell(&p->doc, words_end(&p->text));
	}
	doc_table_end(&p->doc);
	if (r->rest > 0) {
		words_counted(&p->text, r->rest, "image");
		buf_str(&p->text, " had still other reasons.");
		doc_note(&p->doc, words_end(&p->text));
	}
}

void
pagenotes_unreadable(struct sheet *p)
{
	if (p->subject->errors.all == 0)
		return;
	doc_section(&p->doc, "Images that could not be read");
	pagenotes_reasons(
	    p, &p->subject->errors, "By reason, the most frequent first.");
}

static void
say_count(
    struct sheet *p, unsigned long long n, const char *what, const char *rest)
{
	if (n == 0)
		return;
	words_counted(&p->text, n, what);
	buf_str(&p->text, rest);
	doc_say(&p->doc, words_end(&p->text));
}

/* Fields that are missing or out of the reference's range. */
static void
put_gaps(struct sheet *p)
{
	static const struct doc_column column[] = {{"Field", DOC_WORDS},
	    {"Values now", DOC_NUMBER}, {"Missing", DOC_NUMBER},
	    {"Out of the reference's range", DOC_NUMBER},
	    {"Smallest now", DOC_NUMBER}, {"Largest now", DOC_NUMBER}};
	const struct bucket *k = &p->findings.now;

	doc_table(&p->doc, "Values of what is now.", column, 6);
	for (size_t i = 0; i < p->findings.fields; i++) {
		size_t x = p->findings.field[i].field;

		doc_cell(&p->doc, p->reading->watched.name[x]);
		sheet_count(p, k->sums[x].n);
		sheet_count(p, k->missing[x]);
		sheet_count(p, k->outside[x]);
		sheet_number(p, k->sums[x].n > 0 ? k->sums[x].min : NAN, 4);
		sheet_number(p, k->sums[x].n > 0 ? k->sums[x].max : NAN, 4);
	}
	doc_table_end(&p->doc);
}

static void
put_silences(struct sheet *p)
{
	const struct subject_gap *gap;

	for (size_t i = 0; (gap = subject_silence(p->subject, i)); i++) {
		buf_str(&p->text, "No record for ");
		words_duration(&p->text, gap->to - gap->from);
		buf_str(&p->text, " after ");
		words_time(&p->text, gap->from, 1);
		buf_str(&p->text, " UTC.");
		doc_say(&p->doc, words_end(&p->text));
	}
}

void
pagenotes_quality(struct sheet *p)
{
	const struct subject *s = p->subject;

	doc_section(&p->doc, "Data quality");
	say_count(p, s->repeats, "record",
	    " with exactly the values of the one before: does the camera "
	    "repeat its picture?");
	say_count(p, s->seq_gaps, "gap", " in the records' numbers (seq).");
	say_count(p, s->backwards, "record", " older than the one before.");
	say_count(p, s->new_classes, "record",
	    " of a class that the reference lacks.");
	put_silences(p);
	if (p->findings.fields > 0 && p->doc.format != DOC_TEXT)
		put_gaps(p);
	else if (s->repeats + s->seq_gaps + s->backwards + s->new_classes == 0)
		doc_say(&p->doc, "Nothing to remark.");
}

/* The stream's own files, or all of them. */
static const char *
files_of(const struct sheet *p)
{
	return p->subject->source.len > 0 ? p->subject->source.p
					  : p->setup->files;
}

static void
say_reference(struct sheet *p)
{
	const struct reading *r = p->reading;

	buf_str(&p->text, "Reference: ");
	if (r->has_file) {
		words_counted(&p->text, r->file.records, "record");
		buf_str(&p->text, " of ");
		buf_str(&p->text, r->setup.reference);
		if (r->file.records > USUAL_ROWS) {
			buf_str(&p->text, " (of the fields a random sample "
					  "of ");
			words_count(&p->text, USUAL_ROWS);
			buf_str(&p->text, ")");
		}
	}
	if (p->subject->summed == 0) {
		buf_str(&p->text,
		    r->has_file ? "; for fields that it lacks, " : "");
		buf_str(&p->text, "the stream's first ");
		words_counted(&p->text, p->subject->own.records, "record");
	}
	buf_str(&p->text, ".");
	doc_say(&p->doc, words_end(&p->text));
}

void
pagenotes_identity(struct sheet *p)
{
	const struct reasons *m = &p->subject->models;

	doc_section(&p->doc, "What this was made of");
	say_reference(p);
	say_count(p, p->subject->summed, "record",
	    p->subject->summed == 1
		? " is known by a summary."
		: " are known by summaries: over time there is a part for each "
		  "of these, and a few where it has an alarm.");
	for (size_t i = 0; i < m->n; i++) {
		buf_str(&p->text, "Model ");
		buf_str(&p->text, m->reason[i].text);
		buf_str(&p->text, ": ");
		words_counted(&p->text, m->reason[i].count, "record");
		buf_str(&p->text, ".");
		doc_say(&p->doc, words_end(&p->text));
	}
	buf_str(&p->text, "Records: ");
	buf_str(&p->text, files_of(p));
	buf_str(&p->text, ". Options: ");
	buf_str(&p->text, p->setup->options);
	buf_str(&p->text, ".");
	doc_say(&p->doc, words_end(&p->text));
	if (p->reading->watched.full)
		doc_say(&p->doc, "There were more fields than a report takes; "
				 "name those that matter with --field.");
}

/* Whether a text needs no quotes, in a shell and in jq. */
static int
is_plain(const char *s)
{
	return *s != '\0' && s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789_.-")] == '\0';
}

/* How to see the images; what would need quotes is put into no command. */
static void
put_look(struct sheet *p)
{
	const char *group = p->reading->setup.group;
	char number[32];

	if (group != NULL && (!is_plain(group) || strchr(group, '-') != NULL ||
				 !is_plain(p->subject->name)))
		return;
	buf_str(&p->text, "jq -r 'select(.image");
	if (group != NULL) {
		buf_str(&p->text, " and (.");
		buf_str(&p->text, group);
		buf_str(&p->text, " | tostring) == \"");
		buf_str(&p->text, p->subject->name);
		buf_str(&p->text, "\"");
	}
	buf_str(&p->text, ") | .image' ");
	buf_str(&p->text, files_of(p));
	snprintf(
	    number, sizeof(number), " | sed -n %llu,+199p", p->findings.since);
	buf_str(&p->text, number);
	buf_str(&p->text, " >look.txt");
	doc_command(&p->doc,
	    "The first 200 images after the change, to look at or to label:",
	    words_end(&p->text));
}

/* Not the alerts about a pipeline that stands still. */
static void
put_silence(struct sheet *p)
{
	const char *stream = p->subject->name;

	buf_str(&p->text, "amtool silence add alertname=~'Drift(Sustained|"
			  "DetectorsAgree|Event)' ");
	if (stream != NULL && is_plain(stream)) {
		buf_str(&p->text, "stream=");
		buf_str(&p->text, stream);
		buf_str(&p->text, " ");
	}
	buf_str(&p->text, "-d 4h -c 'see the drift report'");
	doc_command(&p->doc,
	    "Until it is mended, silence its alerts:", words_end(&p->text));
}

/* Of a pipeline's journal, it accepts it itself. */
static void
put_accept(struct sheet *p)
{
	const char *group = p->reading->setup.group;

	if (group != NULL &&
	    (!p->reading->journal || !is_plain(p->subject->name)))
		return;
	if (p->reading->journal) {
		buf_str(
		    &p->text, "driftpipe-run -c CONFIG --rebaseline last:1000");
		if (group != NULL) {
			buf_str(&p->text, " --rebaseline-group ");
			buf_str(&p->text, p->subject->name);
		}
		doc_command(&p->doc,
		    "If this is the new normal, stop the pipeline and have its "
		    "detectors begin anew with the last records:",
		    words_end(&p->text));
		return;
	}
	buf_str(&p->text, "cat ");
	buf_str(&p->text, files_of(p));
	buf_str(&p->text, " | tail -n 1000 >reference.ndjson");
	doc_command(&p->doc,
	    "If this is the new normal, take the last records as the "
	    "reference, and start the detectors with it anew:",
	    words_end(&p->text));
}

/* Commands for who reads this after an alarm. */
void
pagenotes_next(struct sheet *p)
{
	const struct findings *f = &p->findings;

	doc_section(&p->doc, "What to do next");
	if (f->episode == NULL) {
		doc_say(&p->doc, "Nothing has to be done.");
		return;
	}
	if (p->subject->summed > 0) {
		doc_say(&p->doc, "The records are where the summaries were "
				 "made: a report there names the commands.");
	} else {
		put_look(p);
		put_accept(p);
	}
	put_silence(p);
}

void
pagenotes_input(struct sheet *p)
{
	const struct reading *r = p->reading;

	if (r->bad + r->skipped.all + r->groupless + r->crowded == 0)
		return;
	doc_section(&p->doc, "What was not used");
	say_count(p, r->bad, "line", " of the input that is no record.");
	say_count(p, r->groupless, "record",
	    " without the field that tells the streams apart.");
	say_count(p, r->crowded, "record",
	    " of streams beyond the number that is told apart "
	    "(--max-groups).");
	for (size_t i = 0; i < r->skipped.n; i++) {
		words_counted(&p->text, r->skipped.reason[i].count, "record");
		buf_str(&p->text, " skipped by ");
		buf_str(&p->text, r->skipped.reason[i].text);
		buf_str(&p->text, ".");
		doc_say(&p->doc, words_end(&p->text));
	}
}
