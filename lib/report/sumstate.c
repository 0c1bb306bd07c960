#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "json/jsonscan.h"
#include "report/findings.h"
#include "report/sumbucket.h"
#include "report/sumstate.h"
#include "report/sumstream.h"
#include "report/sumtext.h"
#include "tool/err.h"

void
sumstate_open(struct reading *r, size_t fields)
{
	memset(r, 0, sizeof(*r));
	r->label = err_calloc(USUAL_CLASSES, sizeof(*r->label));
	intern_init(&r->classes, USUAL_CLASSES);
	intern_init(&r->names, READING_STREAMS);
	usual_init(&r->file);
	r->file.fields = fields;
}

void
sumstate_fold(struct reading *r)
{
	struct findings *f = err_malloc(sizeof(*f));

	for (size_t i = 0; i < r->subjects; i++) {
		struct subject *s = r->subject[i];
		struct alerts *a = &s->alerts;

		findings_make(f, r, s);
		if (a->episodes_kept > 0)
			a->episode[a->episodes_kept - 1]
			    .since_time = f->since_time;
		buckets_fold(&s->buckets, f->to, s->buckets.n);
		buckets_fold(&s->buckets, f->from, f->to);
		buckets_fold(&s->buckets, f->ended, f->from);
		buckets_fold(&s->buckets, 0, f->ended);
		findings_free(f);
		if (s->buckets.failed)
			err_memory();
	}
	free(f);
}

/* Whether it is the one form of a value that can tell streams or classes. */
static int
is_value(const char *p, size_t len)
{
	struct buf line = {0}, form = {0};
	struct json_paths paths = {0};
	struct json_span found;
	struct json_line scan;
	int is;

	jsonpath_add(&paths, "v");
	buf_str(&line, "{\"v\":");
	buf_put(&line, p, len);
	buf_put(&line, "}", 2);
	is = !line.failed &&
	     jsonscan_line(line.p, line.len - 1, &paths, &found, &scan) == 0 &&
	     intern_value(&form, &found) && !form.failed && form.len == len &&
	     memcmp(form.p, p, len) == 0;
	buf_free(&line);
	buf_free(&form);
	return is;
}

static void
put_values(struct store *s, struct intern *t, const char *name)
{
	intern_state(t, name, s);
	for (size_t i = 0; i < t->n && store_reading(s) && s->why == NULL;
	     i++) {
		size_t len;
		const char *p = intern_text(t, i, &len);

		if (!is_value(p, len))
			store_refuse(s, "a value that is none");
	}
}

static void
put_lines(struct store *s, struct reading *r)
{
	unsigned long long *counts[] = {&r->lines, &r->bad, &r->torn,
	    &r->groupless, &r->crowded, &r->trailers, &r->barriers};

	store_open(s, "lines", '[');
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		store_count(s, NULL, counts[i]);
	store_close(s, ']');
	sumtext_reasons(s, "skipped", &r->skipped, r->lines);
}

static void
put_classes(struct store *s, struct reading *r)
{
	put_values(s, &r->classes, "classes");
	store_open(s, "labels", '[');
	for (size_t i = 0; i < r->classes.n && s->why == NULL; i++)
		sumtext(s, NULL, r->label[i], READING_CLASS_LABEL);
	store_close(s, ']');
	store_int(s, "classes_over", &r->classes_over, 0, 1);
}

static void
put_streams(struct store *s, struct reading *r, size_t fields)
{
	size_t n = r->subjects;

	store_size(s, "streams", &n, 0, READING_STREAMS);
	if (store_reading(s) && r->names.n != n && (n != 1 || r->names.n > 0))
		store_refuse(s, "not as many streams as names of them");
	store_open(s, "stream", '[');
	for (size_t i = 0; i < n && s->why == NULL; i++) {
		if (store_reading(s))
			reading_new(r, NULL);
		sumstream(s, r->subject[i], fields, r->classes.n);
	}
	store_close(s, ']');
}

void
sumstate(struct reading *r, size_t fields, struct store *s)
{
	store_open(s, NULL, '{');
	put_lines(s, r);
	put_classes(s, r);
	put_values(s, &r->names, "names");
	put_streams(s, r, fields);
	store_close(s, '}');
}

double
sumstate_begin(const struct reading *r)
{
	double begin = NAN;

	for (size_t i = 0; i < r->subjects; i++)
		begin = fmin(begin, r->subject[i]->begin);
	return begin;
}

/* The numbers that classes of the second have in the first. */
static int
join_classes(struct reading *r, const struct reading *next, uint32_t *class)
{
	for (size_t i = 0; i < next->classes.n; i++) {
		size_t len;
		const char *p = intern_text(&next->classes, i, &len);
		long code = intern_bytes(&r->classes, p, len);

		if (code < 0)
			return -1;
		class[i] = (uint32_t)code;
		if (code == USUAL_CLASSES)
			r->classes_over = 1;
		else if (r->label[code][0] == '\0')
			memcpy(r->label[code], next->label[i],
			    READING_CLASS_LABEL);
	}
	class[next->classes.n] = USUAL_CLASSES;
	r->classes_over |= next->classes_over;
	return 0;
}

/* The stream that one of the second belongs to; NULL: it is one too many. */
static struct subject *
stream_of(struct reading *r, const struct reading *next, size_t i)
{
	struct json_span *s = &r->found[READING_GROUP];

	*s = (struct json_span){.type = JSON_NONE};
	if (next->names.n > 0) {
		s->p = intern_text(&next->names, i, &s->len);
		s->type = json_type_of((unsigned char)*s->p);
	}
	return reading_stream(r, next->subject[i]->records);
}

static void
move_fields(struct reading *r, const size_t *field)
{
	for (size_t i = 0; i < r->subjects; i++) {
		struct buckets *b = &r->subject[i]->buckets;

		for (size_t k = 0; k < b->n; k++)
			sumbucket_move(b->bucket[k], field, r->file.fields);
	}
}

const char *
sumstate_join(struct reading *r, struct reading *next, const size_t *field)
{
	uint32_t class[USUAL_CLASSES + 1];
	const char *why = NULL;

	if (join_classes(r, next, class) < 0)
		return NO_MEMORY;
	move_fields(next, field);
	for (size_t i = 0; i < next->subjects && why == NULL; i++) {
		struct subject *s = stream_of(r, next, i);

		if (s != NULL)
			why = sumstream_join(s, next->subject[i], class);
	}
	reasons_join(&r->skipped, &next->skipped, r->lines);
	r->lines += next->lines;
	r->bad += next->bad;
	r->torn += next->torn;
	r->groupless += next->groupless;
	r->crowded += next->crowded;
	r->trailers += next->trailers;
	r->barriers += next->barriers;
	return why;
}
