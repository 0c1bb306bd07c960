#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "journal/exemplar.h"
#include "journal/exemplarfile.h"
#include "journal/journalfiles.h"
#include "json/jsonfield.h"
#include "tool/err.h"
#include "tool/eventtext.h"
#include "tool/rec.h"

enum { IMAGE, FAULT, GROUP, FIELD, PATHS };

/* Records of the stream that are looked at, back from the event. */
enum { LAST = 4096, NAME = 4096 };

struct seen {
	char *image;
	double value; /* of the field, or NAN; of a class, whether it is it */
	double score; /* the smaller, the better an example */
};

struct look {
	const struct exemplar_setup *setup;
	struct eventtext_moved moved;
	struct jsonfield field;
	struct json_paths paths;
	struct seen *seen; /* in their order */
	size_t n, change;  /* the first since the change */
	unsigned long long number;
	struct buf *names;
	size_t kept;
};

/* What moved, as the first detector with an event has it. */
static int
read_event(struct look *l, const char *line)
{
	const struct json_span whole = {
	    line + strspn(line, " \t\r"), 0, JSON_OBJECT};
	struct json_span key, value;
	const char *at = NULL;

	while (json_next(&whole, &at, &key, &value))
		if (value.type == JSON_OBJECT &&
		    eventtext_moved(&value, &l->moved))
			return 1;
	return 0;
}

static void
prepare(struct look *l)
{
	const char *group = l->setup->group;

	jsonpath_add(&l->paths, "image");
	jsonpath_add(&l->paths, "error");
	jsonpath_add(&l->paths, group != NULL ? group : "image");
	/* What is no field, or all of an array, has no value. */
	if (jsonfield_parse(&l->field, l->moved.field) != NULL ||
	    l->field.to - l->field.from != 1 ||
	    jsonpath_add(&l->paths, l->field.path) < 0)
		jsonpath_add(&l->paths, "image");
}

static double
value_of(const struct look *l, const struct json_span *found)
{
	const char *class = l->moved.value;
	double x;

	if (class[0] != '\0')
		return found->len == strlen(class) &&
		       memcmp(found->p, class, found->len) == 0;
	return found->type != JSON_NONE && found->type != JSON_STRING &&
		       jsonfield_numbers(&l->field, found, &x) == NULL
		   ? x
		   : NAN;
}

/* The last of them; now and then, so that each is moved once. */
static void
trim(struct look *l)
{
	size_t over = l->n > LAST ? l->n - LAST : 0;

	for (size_t i = 0; i < over; i++)
		free(l->seen[i].image);
	l->n -= over;
	memmove(l->seen, l->seen + over, l->n * sizeof(*l->seen));
}

static void
add(struct look *l, const struct json_span *found)
{
	char image[NAME];
	struct seen *s;

	if (found[IMAGE].type != JSON_STRING ||
	    json_text(&found[IMAGE], image, sizeof(image)) >= sizeof(image))
		return;
	if (l->n == 2 * LAST)
		trim(l);
	s = &l->seen[l->n++];
	*s = (struct seen){
	    .image = err_strdup(image), .value = value_of(l, &found[FIELD])};
}

/* The records of the stream that the line is of. */
static void
read_records(struct look *l, const struct json_span *group)
{
	int n, grouped = l->setup->group != NULL;
	char **files = journalfiles_list(l->setup->dir, "records", &n);
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = in.patient = 1;
	while (n > 0 && rec_json(&in, &l->paths, found, &line))
		if (found[FAULT].type <= JSON_FALSE &&
		    (!grouped ||
			(found[GROUP].len == group->len &&
			    memcmp(found[GROUP].p, group->p, group->len) == 0)))
			add(l, found);
	rec_close(&in);
	journalfiles_free(files, n);
}

static int
by_value(const void *a, const void *b)
{
	double x = ((const struct seen *)a)->value;
	double y = ((const struct seen *)b)->value;

	return (x > y) - (x < y);
}

static int
by_score(const void *a, const void *b)
{
	double x = ((const struct seen *)a)->score;
	double y = ((const struct seen *)b)->score;

	return (x > y) - (x < y);
}

/* The middle value before the change, or NAN. */
static double
usual_value(const struct look *l)
{
	struct seen *copy = err_calloc(l->change + 1, sizeof(*copy));
	size_t n = 0;
	double middle = NAN;

	for (size_t i = 0; i < l->change; i++)
		if (!isnan(l->seen[i].value))
			copy[n++] = l->seen[i];
	qsort(copy, n, sizeof(*copy), by_value);
	if (n > 0)
		middle = copy[n / 2].value;
	free(copy);
	return middle;
}

static void
copy_image(struct look *l, const struct seen *s, const char *kind, size_t i)
{
	struct buf name = {0};

	exemplarfile_name(&name, l->number, kind, i, s->image);
	if (name.failed)
		err_memory();
	if (exemplarfile_copy(
		s->image, l->setup->dir, name.p, l->setup->most)) {
		buf_str(l->names, l->kept++ > 0 ? "," : ",\"images\":[");
		buf_json(l->names, name.p, strlen(name.p));
	}
	buf_free(&name);
}

/* The best of those from one to another, by their scores. */
static void
keep_best(struct look *l, size_t from, size_t to, const char *kind)
{
	size_t n = to - from, most = l->setup->each;

	qsort(l->seen + from, n, sizeof(*l->seen), by_score);
	for (size_t i = 0; i < n && i < most; i++)
		if (!isinf(l->seen[from + i].score))
			copy_image(l, &l->seen[from + i], kind, i + 1);
}

/* How good an example it is; infinite: none. */
static double
score_of(const struct look *l, size_t i, double middle)
{
	double off = l->seen[i].value - middle;
	int class = l->moved.value[0] != '\0', before = i < l->change;

	/* Without a place to lie in, those nearest to the change. */
	if (before && (class || isnan(off)))
		return (double)(l->change - i);
	if (class)
		return l->seen[i].value > 0 ? (double)(i - l->change)
					    : INFINITY;
	if (isnan(off))
		return INFINITY;
	if (before)
		return fabs(off);
	return l->moved.direction != 0 ? -off * l->moved.direction : -fabs(off);
}

static void
keep_all(struct look *l)
{
	double middle = usual_value(l);

	for (size_t i = l->change; i < l->n && i < l->change + l->setup->each;
	     i++)
		copy_image(l, &l->seen[i], "first", i - l->change + 1);
	for (size_t i = 0; i < l->n; i++)
		l->seen[i].score = score_of(l, i, middle);
	keep_best(l, 0, l->change, "usual");
	keep_best(l, l->change, l->n, "far");
}

/*
 * The change point. Where there is none, the window of the classes that were
 * counted goes back to as many of that class; or it is the last record.
 */
static size_t
change_of(const struct look *l)
{
	double since = l->moved.since, left = l->moved.observed;
	size_t i = l->n;

	if (since >= 1)
		return since < (double)l->n ? l->n - (size_t)since : 0;
	if (l->moved.value[0] == '\0')
		return l->n > 0 ? l->n - 1 : 0;
	while (i > 0 && left > 0)
		left -= l->seen[--i].value;
	return i;
}

void
exemplar_keep(const struct exemplar_setup *s, const char *line, size_t n,
    unsigned long long number, struct buf *b)
{
	struct look l = {.setup = s, .number = number, .names = b};
	struct json_span found[JSON_PATHS];
	struct json_line scanned;

	if (s->each == 0 || !read_event(&l, line))
		return;
	prepare(&l);
	if (jsonscan_line(line, n, &l.paths, found, &scanned) < 0) {
		jsonfield_free(&l.field);
		return;
	}
	l.seen = err_calloc(2 * LAST, sizeof(*l.seen));
	read_records(&l, &found[GROUP]);
	trim(&l);
	l.change = change_of(&l);
	keep_all(&l);
	buf_str(b, l.kept > 0 ? "]" : "");
	for (size_t i = 0; i < l.n; i++)
		free(l.seen[i].image);
	free(l.seen);
	jsonfield_free(&l.field);
	exemplar_prune(s);
}

void
exemplar_prune(const struct exemplar_setup *s)
{
	if (s->each > 0)
		exemplarfile_prune(s->dir, s->most, s->days);
}
