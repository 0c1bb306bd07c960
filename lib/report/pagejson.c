#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/cause.h"
#include "report/contrast.h"
#include "report/pageaccuracy.h"
#include "report/pageearlier.h"
#include "report/pagejson.h"
#include "report/pagemetrics.h"
#include "report/pagequality.h"
#include "report/verdict.h"
#include "report/words.h"
#include "stats/special.h"

static void
put_count(struct buf *b, const char *key, unsigned long long n)
{
	buf_key_int(b, key, (long long)n);
}

/* A text that is in the scratch buffer. */
static void
put_text(struct sheet *p, struct buf *b, const char *key)
{
	buf_key_str(b, key, words_end(&p->text));
}

static void
put_quantiles(struct buf *b, const struct grid *g, const uint32_t *count,
    double min, double max)
{
	static const double at[] = {.05, .25, .5, .75, .95};

	buf_key(b, "quantiles");
	buf_str(b, "[");
	for (size_t i = 0; i < 5; i++) {
		buf_str(b, i > 0 ? "," : "");
		buf_real(
		    b, grid_quantile(g, count, min, max, at[i], NULL, NULL));
	}
	buf_str(b, "]");
}

/* What holds for independent records alone, and so is not on the page. */
static void
put_tests(struct buf *b, const struct findings_field *x)
{
	struct grid_test t;

	if (x->grid == NULL || x->cells == NULL)
		return;
	t = grid_test(x->grid, x->cells);
	buf_key_real(b, "chi2", t.chi2);
	buf_key_real(b, "df", t.df);
	buf_key_real(b, "p", t.df > 0 ? special_chi2_tail(t.chi2, t.df) : NAN);
	buf_key_real(b, "glr", t.glr);
}

static void
put_field(struct sheet *p, struct buf *b, const struct findings_field *x)
{
	const struct grid_sums *s = &p->findings.now.sums[x->field];
	const struct grid *g = x->grid;

	buf_str(b, "{");
	buf_key_str(b, "field", p->reading->watched.name[x->field]);
	if (g != NULL) {
		buf_key(b, "reference");
		buf_str(b, "{");
		put_count(b, "n", g->n);
		buf_key_real(b, "mean", g->mean);
		buf_key_real(b, "sd", g->sd);
		put_quantiles(b, g, g->count, g->min, g->max);
		buf_str(b, "}");
	}
	if (g != NULL && x->cells != NULL) {
		buf_key(b, "now");
		buf_str(b, "{");
		put_count(b, "n", s->n);
		buf_key_real(b, "mean", grid_mean(g, s));
		buf_key_real(b, "sd", grid_sd(s));
		put_quantiles(b, g, x->cells, s->min, s->max);
		buf_str(b, "}");
	}
	buf_key_real(b, "distance", x->distance.low);
	buf_key_real(b, "distance_at_most", x->distance.high);
	buf_key_real(b, "shift", x->shift);
	put_tests(b, x);
	buf_key(b, "moved");
	buf_str(b, x->moved ? "true" : "false");
	put_count(b, "missing", p->findings.now.missing[x->field]);
	put_count(b, "outside", p->findings.now.outside[x->field]);
	buf_str(b, "}");
}

static void
put_fields(struct sheet *p, struct buf *b)
{
	buf_key(b, "fields");
	buf_str(b, "[");
	for (size_t i = 0; i < p->findings.fields; i++) {
		buf_str(b, i > 0 ? "," : "");
		put_field(p, b, &p->findings.field[i]);
	}
	buf_str(b, "]");
}

static void
put_event(struct buf *b, const struct alerts *a, const struct alerts_event *e)
{
	buf_str(b, "{");
	put_count(b, "record", e->record);
	buf_key_real(b, "time", e->time);
	buf_key_str(b, "detector", a->test[e->test].detector);
	buf_key_str(b, "field", a->test[e->test].field);
	buf_key_real(b, "stat", e->stat);
	buf_key_real(b, "limit", e->limit);
	if (e->direction[0] != '\0')
		buf_key_str(b, "direction", e->direction);
	if (e->since > 0)
		put_count(b, "since", e->since);
	buf_str(b, "}");
}

static void
put_events(struct sheet *p, struct buf *b)
{
	const struct alerts *a = &p->subject->alerts;

	put_count(b, "events_all", a->events);
	buf_key(b, "events");
	buf_str(b, "[");
	for (size_t i = 0; i < a->events_kept; i++) {
		buf_str(b, i > 0 ? "," : "");
		put_event(b, a, &a->event[i]);
	}
	buf_str(b, "]");
}

static void
put_classes(struct sheet *p, struct buf *b)
{
	const struct findings *f = &p->findings;

	if (isnan(f->mix))
		return;
	buf_key_real(b, "mix_distance", f->mix);
	buf_key_real(b, "mix_chi2", f->mix_chi2);
	buf_key_real(b, "mix_df", f->mix_df);
	buf_key_real(b, "mix_p", f->mix_p);
	buf_key(b, "classes");
	buf_str(b, "[");
	for (size_t i = 0; i < f->classes; i++) {
		buf_str(b, i > 0 ? ",{" : "{");
		reading_class(p->reading, f->class[i].class, &p->text);
		put_text(p, b, "class");
		buf_key_real(b, "usual", f->class[i].before);
		buf_key_real(b, "now", f->class[i].after);
		put_count(b, "n", f->class[i].count);
		buf_str(b, "}");
	}
	buf_str(b, "]");
}

/* Each bin of the probability that has answers. */
static void
put_calibration(struct sheet *p, struct buf *b)
{
	const struct bucket *k = &p->findings.now;
	int any = 0;

	if (k->known == 0)
		return;
	buf_key_real(b, "accuracy", findings_accuracy(k));
	buf_key_real(
	    b, "accuracy_before", findings_accuracy(&p->findings.before));
	buf_key(b, "calibration");
	buf_str(b, "[");
	for (size_t i = 0; i < BUCKETS_CONFIDENCE; i++) {
		if (k->sure[i] == 0)
			continue;
		buf_str(b, any++ ? ",{" : "{");
		put_count(b, "n", k->sure[i]);
		buf_key_real(b, "prob", k->prob[i] / (double)k->sure[i]);
		buf_key_real(
		    b, "right", (double)k->hits[i] / (double)k->sure[i]);
		buf_str(b, "}");
	}
	buf_str(b, "]");
}

static void
put_reasons(struct buf *b, const char *key, const struct reasons *r)
{
	buf_key(b, key);
	buf_str(b, "[");
	for (size_t i = 0; i < r->n; i++) {
		buf_str(b, i > 0 ? ",{" : "{");
		buf_key_str(b, "reason", r->reason[i].text);
		put_count(b, "n", r->reason[i].count);
		put_count(b, "last", r->reason[i].last);
		buf_str(b, "}");
	}
	buf_str(b, "]");
}

/* The two-sample tests of --compare. */
static void
put_contrasts(struct sheet *p, struct buf *b)
{
	const struct usual *x = p->subject->file, *y = &p->subject->own;
	int any = 0;

	if (p->findings.state != FINDINGS_COMPARED)
		return;
	buf_key(b, "compared");
	buf_str(b, "[");
	for (size_t k = 0; k < p->findings.fields; k++) {
		size_t i = p->findings.field[k].field;
		struct contrast c;

		if (x->column[i] == NULL || y->column[i] == NULL)
			continue;
		c = contrast(
		    x->column[i], x->grid[i]->n, y->column[i], y->grid[i]->n);
		buf_str(b, any++ ? ",{" : "{");
		buf_key_str(b, "field", p->reading->watched.name[i]);
		buf_key_real(b, "d", c.d);
		buf_key_real(b, "p", c.p);
		buf_key_real(b, "delta", c.delta);
		buf_key_real(b, "shift", c.shift);
		buf_str(b, "}");
	}
	buf_str(b, "]");
}

static void
put_images(struct buf *b, const char *key, const struct portrait *x, size_t n)
{
	int any = 0;

	buf_key(b, key);
	buf_str(b, "[");
	for (size_t i = 0; i < n; i++) {
		if (x[i].name[0] == '\0')
			continue;
		buf_str(b, any++ ? "," : "");
		buf_json(b, x[i].name, strlen(x[i].name));
	}
	buf_str(b, "]");
}

static void
put_verdict(struct sheet *p, struct buf *b)
{
	const struct findings *f = &p->findings;

	if (p->subject->name != NULL)
		buf_key_str(b, "stream", p->subject->name);
	buf_key_str(b, "state", findings_word(f->state));
	verdict_say(f, p->subject, &p->text);
	put_text(p, b, "verdict");
	verdict_moved(f, p->reading, p->subject, &p->text);
	put_text(p, b, "moved");
	buf_key_str(b, "cause", cause(f, p->reading));
	if (f->episode == NULL)
		return;
	put_count(b, "since", f->since);
	buf_key_real(b, "since_time", f->since_time);
	put_count(b, "found", f->found);
}

void
pagejson_stream(struct sheet *p, struct buf *b)
{
	const struct subject *s = p->subject;

	buf_str(b, "{");
	put_verdict(p, b);
	put_count(b, "records", s->records);
	buf_key_real(b, "begin", s->begin);
	buf_key_real(b, "end", s->end);
	put_count(b, "unreadable_all", s->errors.all);
	put_reasons(b, "unreadable", &s->errors);
	put_reasons(b, "models", &s->models);
	put_count(b, "repeats", s->repeats);
	put_count(b, "seq_gaps", s->seq_gaps);
	put_count(b, "seq_lost", s->seq_lost);
	put_count(b, "backwards", s->backwards);
	put_count(b, "new_class_records", s->new_classes);
	put_events(p, b);
	pageearlier_json(p, b);
	put_contrasts(p, b);
	put_fields(p, b);
	put_classes(p, b);
	put_calibration(p, b);
	pagequality_json(p, b);
	pageaccuracy_json(p, b);
	pagemetrics_json(p, b);
	put_images(b, "typical", s->own.typical, USUAL_TYPICAL);
	put_images(b, "after", s->after, s->afters);
	put_images(b, "furthest", p->findings.now.furthest, BUCKETS_PORTRAITS);
	buf_str(b, "}");
}

void
pagejson_input(const struct sheet *p, struct buf *b)
{
	const struct reading *r = p->reading;

	put_count(b, "lines", r->lines);
	put_count(b, "bad_lines", r->bad);
	put_count(b, "groupless", r->groupless);
	put_count(b, "crowded", r->crowded);
	put_reasons(b, "skipped", &r->skipped);
	buf_key_str(b, "version", p->setup->version);
}
