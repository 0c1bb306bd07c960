#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/name.h"
#include "report/reading.h"
#include "tool/err.h"

/* In the order of enum reading_path. */
static const char *const known[] = {"seq", "time", "class", "label", "prob",
    "truth", "wrong", "image", "image_bytes", "error", "error.stage",
    "error.reason", "skipped.tool", "skipped.reason", "trailer",
    "barrier.generation", "model"};

static double
number(const struct json_span *s)
{
	double x;

	return s->type == JSON_NUMBER && json_number(s, &x) == 0 ? x : NAN;
}

static void
text_of(const struct json_span *s, char *text, size_t size)
{
	if (s->type == JSON_STRING)
		json_text(s, text, size);
	else
		text[0] = '\0';
}

/* The class's code, with its label; -1. */
static long
class_of(struct reading *r)
{
	const struct json_span *label = &r->found[READING_LABEL];
	long code = intern_code(&r->classes, &r->found[READING_CLASS]);

	if (code == INTERN_NO_MEMORY)
		err_memory();
	if (code == USUAL_CLASSES)
		r->classes_over = 1;
	if (code >= 0 && code < USUAL_CLASSES && r->label[code][0] == '\0')
		text_of(label, r->label[code], READING_CLASS_LABEL);
	return code < 0 ? -1 : code;
}

/* The class that truth names, by value or by label; -1. */
static long
truth_of(struct reading *r)
{
	const struct json_span *s = &r->found[READING_TRUTH];
	char text[READING_CLASS_LABEL];
	long code;

	if (s->type == JSON_STRING) {
		json_text(s, text, sizeof(text));
		for (size_t i = 0; i < r->classes.n; i++)
			if (r->label[i][0] != '\0' &&
			    strcmp(r->label[i], text) == 0)
				return (long)i;
	}
	code = s->type > JSON_NULL ? intern_code(&r->classes, s) : -1;
	return code < 0 || code >= USUAL_CLASSES ? -1 : code;
}

/* Whether the class is right: 1, 0, or -1 when that is not known. */
static int
rightness(const struct reading *r, long class, long truth)
{
	double wrong = number(&r->found[READING_WRONG]);

	if (wrong == 0 || wrong == 1)
		return wrong == 0;
	return class < 0 || truth < 0 ? -1 : class == truth;
}

static void
understand(struct reading *r, struct subject_record *to, const char *line)
{
	r->text.len = 0;
	watched_read(&r->watched, r->found, r->value);
	*to = (struct subject_record){.line = line,
	    .read = r->read,
	    .value = r->value,
	    .n = r->watched.n,
	    .time = number(&r->found[READING_TIME]),
	    .seq = number(&r->found[READING_SEQ]),
	    .prob = number(&r->found[READING_PROB]),
	    .class = class_of(r),
	    .truth = truth_of(r),
	    .image = ""};
	to->right = rightness(r, to->class, to->truth);
	if (r->found[READING_IMAGE].type == JSON_STRING &&
	    name_get(&r->text, &r->found[READING_IMAGE],
		&r->found[READING_BYTES]) == NULL)
		to->image = r->text.p;
	if (r->text.failed)
		err_memory();
}

static void
read_reference(struct reading *r)
{
	char *name = err_strdup(r->setup.reference);
	struct subject_record record;
	struct portrait image;
	struct json_line scan;
	struct rec in;

	rec_open(&in, &name, 1, '\n');
	while (rec_json(&in, &r->paths, r->found, &scan)) {
		if (r->found[READING_ERROR].type > JSON_NULL ||
		    r->found[READING_TRAILER].type != JSON_NONE)
			continue;
		/* New fields are found from the next line on. */
		if (watched_look(&r->watched, &r->paths, in.line, &scan))
			jsonscan_line(
			    in.line, in.len, &r->paths, r->found, &scan);
		understand(r, &record, in.line);
		image = (struct portrait){.record = r->file.records + 1,
		    .prob = record.prob,
		    .class = (int)record.class};
		if (strlen(record.image) < PORTRAIT_NAME)
			strcpy(image.name, record.image);
		usual_add(&r->file, r->value, record.n, record.class, &image);
	}
	rec_close(&in);
	if (usual_make(&r->file) < 0)
		err_memory();
	memset(r->watched.shape, 0, sizeof(r->watched.shape));
	r->has_file = 1;
	free(name);
}

void
reading_open(struct reading *r, const struct reading_setup *setup)
{
	memset(r, 0, sizeof(*r));
	r->setup = *setup;
	r->read = err_calloc(1, sizeof(*r->read));
	r->label = err_calloc(USUAL_CLASSES, sizeof(*r->label));
	intern_init(&r->classes, USUAL_CLASSES);
	intern_init(&r->names, setup->streams);
	usual_init(&r->file);
	r->file.keep = setup->compare;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		jsonpath_add(&r->paths, known[i]);
	/* A path that no record has keeps the numbers in order. */
	if (jsonpath_add(
		&r->paths, setup->group != NULL ? setup->group : "seq.-") < 0)
		err_die("'--group': not a dotted path: '%s'", setup->group);
	r->watched.except = setup->group;
	r->watched.named = setup->fields > 0;
	for (size_t i = 0; i < setup->fields; i++)
		if (watched_add(&r->watched, &r->paths, setup->field[i]) < 0)
			err_die("'--field': not a dotted path, or more than "
				"%d: '%s'",
			    WATCHED_MOST, setup->field[i]);
	if (setup->reference != NULL)
		read_reference(r);
}

struct subject *
reading_new(struct reading *r, const char *name)
{
	struct subject *s = subject_new(
	    name, r->has_file ? &r->file : NULL, r->setup.learn);

	if (s == NULL)
		err_memory();
	s->own.keep = r->setup.compare;
	r->subject = err_realloc(
	    r->subject, (r->subjects + 1) * sizeof(struct subject *));
	r->subject[r->subjects++] = s;
	return s;
}

struct subject *
reading_stream(struct reading *r, unsigned long long records)
{
	const struct json_span *s = &r->found[READING_GROUP];
	char name[INTERN_LONGEST + 1];
	long code;

	if (r->only == NULL && r->setup.group == NULL)
		r->only = reading_new(r, r->setup.stream);
	if (r->only != NULL)
		return r->only;
	code = intern_code(&r->names, s);
	if (code == INTERN_NO_MEMORY)
		err_memory();
	if (code < 0)
		r->groupless += records;
	else if ((size_t)code == r->names.max)
		r->crowded += records;
	if (code < 0 || (size_t)code == r->names.max)
		return NULL;
	if ((size_t)code < r->subjects)
		return r->subject[code];
	if (s->type == JSON_STRING)
		json_text(s, name, sizeof(name));
	else
		snprintf(name, sizeof(name), "%.*s", (int)s->len, s->p);
	return reading_new(r, name);
}

static void
add_error(struct reading *r, struct subject *s, const char *line)
{
	char stage[REASONS_TEXT], reason[REASONS_TEXT];
	struct subject_record record;

	text_of(&r->found[READING_STAGE], stage, sizeof(stage));
	text_of(&r->found[READING_REASON], reason, sizeof(reason));
	understand(r, &record, line);
	subject_error(s, &record, stage[0] ? stage : "error",
	    reason[0] ? reason : "no reason given");
}

int
reading_sign(struct reading *r)
{
	char reason[REASONS_TEXT], tool[REASONS_TEXT];

	if (r->found[READING_TRAILER].type == JSON_OBJECT) {
		r->trailers++;
		return 1;
	}
	if (r->found[READING_BARRIER].type == JSON_NUMBER) {
		r->barriers++;
		return 1;
	}
	if (r->found[READING_SKIPPED].type != JSON_STRING ||
	    r->found[READING_SKIP_REASON].type != JSON_STRING)
		return 0;
	text_of(&r->found[READING_SKIPPED], tool, sizeof(tool) / 4);
	text_of(&r->found[READING_SKIP_REASON], reason, sizeof(reason) / 2);
	strcat(strcat(tool, ": "), reason);
	reasons_add(&r->skipped, tool, "", r->lines);
	return 1;
}

static void
add_line(struct reading *r, const struct rec *in, const struct json_line *scan)
{
	struct subject_record record;
	struct subject *s;
	char model[REASONS_TEXT];

	r->lines++;
	if (reading_sign(r) || (s = reading_subject(r)) == NULL)
		return;
	if (r->found[READING_ERROR].type > JSON_NULL) {
		add_error(r, s, in->line);
		return;
	}
	detread(r->read, in->line, scan);
	understand(r, &record, in->line);
	subject_add(s, &record);
	if (r->found[READING_MODEL].type == JSON_STRING) {
		text_of(&r->found[READING_MODEL], model, sizeof(model));
		reasons_add(&s->models, model, "", s->records);
	}
}

void
reading_records(
    struct reading *r, char **files, int n, struct earlier_seam *seam)
{
	struct json_line scan, again;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = 1;
	while (rec_json(&in, &r->paths, r->found, &scan)) {
		/* What is new has its place from this line on. */
		if (watched_look(&r->watched, &r->paths, in.line, &scan))
			jsonscan_line(
			    in.line, in.len, &r->paths, r->found, &again);
		add_line(r, &in, &scan);
		if (seam != NULL)
			earlier_look(seam, in.line, in.len);
	}
	r->bad += in.bad;
	r->torn += in.torn;
	rec_close(&in);
}

void
reading_end(struct reading *r)
{
	if (r->subjects == 0 && !r->setup.fleet)
		reading_new(r, r->setup.stream);
	for (size_t i = 0; i < r->subjects; i++) {
		subject_end(r->subject[i]);
		if (r->subject[i]->failed)
			err_memory();
	}
	reasons_sort(&r->skipped);
}

void
reading_class(const struct reading *r, size_t class, struct buf *b)
{
	if (class >= USUAL_CLASSES)
		buf_str(b, "all others");
	else if (r->label[class][0] != '\0')
		buf_str(b, r->label[class]);
	else
		intern_put(&r->classes, class, b);
}

void
reading_called(const struct reading *r, const char *value, struct buf *b)
{
	struct buf name = {0};
	size_t n = strlen(value), i;

	for (i = 0; i < r->classes.n && i < USUAL_CLASSES; i++) {
		name.len = 0;
		intern_put(&r->classes, i, &name);
		if (name.len == n && memcmp(name.p, value, n) == 0 &&
		    r->label[i][0] != '\0')
			break;
	}
	if (i < r->classes.n && i < USUAL_CLASSES)
		buf_str(b, r->label[i]);
	else
		buf_str(b, value);
	buf_free(&name);
}

void
reading_close(struct reading *r)
{
	for (size_t i = 0; i < r->subjects; i++)
		subject_free(r->subject[i]);
	free(r->subject);
	free(r->label);
	free(r->read);
	usual_free(&r->file);
	watched_free(&r->watched);
	reasons_free(&r->skipped);
	intern_free(&r->classes);
	intern_free(&r->names);
	buf_free(&r->text);
}
