#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tool/eventtext.h"

enum { TESTS = 4, TOPS = 3, TEXT = 200 };

/* What a test says, where it does. */
struct test {
	struct json_span event, field, fields, change, direction, plus, minus,
	    top, since, since_seq;
};

/* The members of an object that have these names, n of them. */
static void
read_members(const struct json_span *object, const char *const *name, size_t n,
    struct json_span *to)
{
	struct json_span key, value;
	const char *at = NULL;

	if (object->type != JSON_OBJECT)
		return;
	while (json_next(object, &at, &key, &value))
		for (size_t i = 0; i < n; i++)
			if (json_equals(&key, name[i], strlen(name[i])))
				to[i] = value;
}

static void
read_test(const struct json_span *object, struct test *t)
{
	static const char *const name[] = {"event", "field", "fields", "change",
	    "direction", "plus", "minus", "top", "since", "since_seq"};
	struct json_span found[10] = {{0}};

	read_members(object, name, 10, found);
	*t = (struct test){found[0], found[1], found[2], found[3], found[4],
	    found[5], found[6], found[7], found[8], found[9]};
}

static double
number(const struct json_span *s)
{
	double x;

	return s->type == JSON_NUMBER && json_number(s, &x) == 0 ? x : NAN;
}

/* A string's text, or any other value as it is written; cut, if long. */
static void
put_value(struct buf *b, const struct json_span *s)
{
	char text[TEXT];

	if (s->type == JSON_STRING) {
		json_text(s, text, sizeof(text));
		buf_str(b, text);
	} else {
		buf_put(b, s->p, s->len < TEXT ? s->len : TEXT);
	}
}

static int
is_word(const struct json_span *s, const char *word)
{
	return s->type == JSON_STRING && json_equals(s, word, strlen(word));
}

/* 1: up, -1: down, 0: neither is said. */
static int
direction_of(const struct test *t)
{
	double plus = number(&t->plus), minus = number(&t->minus);

	if (is_word(&t->direction, "up") || plus >= 2 * minus)
		return 1;
	return is_word(&t->direction, "down") || minus >= 2 * plus ? -1 : 0;
}

/* One of those that moved most: a class, or a field of many. */
static void
put_top(struct buf *b, const struct json_span *object)
{
	static const char *const name[] = {
	    "class", "observed", "expected", "field", "direction"};
	struct json_span v[5] = {{0}};
	char text[80];

	read_members(object, name, 5, v);
	put_value(b, v[0].type != JSON_NONE ? &v[0] : &v[3]);
	if (v[0].type == JSON_NONE) {
		buf_str(b, " ");
		put_value(b, &v[4]);
		return;
	}
	snprintf(text, sizeof(text), ": %.0f instead of %.3g", number(&v[1]),
	    number(&v[2]));
	buf_str(b, text);
}

/* The first items of an array, with commas between. */
static void
put_list(struct buf *b, const struct json_span *array,
    void (*put)(struct buf *b, const struct json_span *item))
{
	struct json_span item;
	const char *at = NULL;

	for (int i = 0; json_next(array, &at, NULL, &item); i++) {
		buf_str(b, i == 0 ? "" : ", ");
		if (i == TOPS) {
			buf_str(b, "...");
			return;
		}
		put(b, &item);
	}
}

/* What has moved, and how. */
static void
put_test(struct buf *b, const struct test *t)
{
	int joint = t->fields.type == JSON_ARRAY;
	int classes = !joint && t->top.type == JSON_ARRAY;
	int some = t->top.type == JSON_ARRAY && t->top.len > 2;
	int direction = direction_of(t);

	buf_str(b, classes                         ? "the mix of "
		   : is_word(&t->change, "spread") ? "the spread of "
						   : "");
	if (joint && some) {
		put_list(b, &t->top, put_top);
		return;
	}
	if (joint)
		put_list(b, &t->fields, put_value);
	else
		put_value(b, &t->field);
	buf_str(b, direction > 0   ? " went up"
		   : direction < 0 ? " went down"
				   : " changed");
	if (some) {
		buf_str(b, " (");
		put_list(b, &t->top, put_top);
		buf_str(b, ")");
	}
}

/*
 * The record, and the change point: by its seq, by counting back where all
 * records are of one group, or as so many records ago.
 */
static void
put_place(
    struct buf *b, const struct eventtext *of, double since, double since_seq)
{
	double seq = number(&of->seq);
	double here = isnan(seq) ? (double)of->number : seq;
	char text[80];

	snprintf(text, sizeof(text), " at record %.15g", here);
	buf_str(b, text);
	if (isnan(since_seq) && of->field == NULL)
		since_seq = here + 1 - since;
	if (since_seq > 0)
		snprintf(text, sizeof(text), ", since about %.15g", since_seq);
	else if (since > 1)
		snprintf(text, sizeof(text), ", since %.15g of its records ago",
		    since);
	else
		return;
	buf_str(b, text);
}

static void
put_group(struct buf *b, const struct eventtext *of)
{
	if (of->field == NULL)
		return;
	buf_str(b, of->field);
	buf_str(b, " ");
	put_value(b, &of->group);
	buf_str(b, ": ");
}

/* The tests that have an event; the longest since goes to *since. */
static int
put_tests(struct buf *b, const struct json_span *tests, double *since,
    double *since_seq)
{
	struct json_span object;
	const char *at = NULL;
	struct test t;
	int n = 0;

	while (
	    tests->type == JSON_ARRAY && json_next(tests, &at, NULL, &object)) {
		read_test(&object, &t);
		if (t.event.type != JSON_STRING)
			continue;
		if (n < TESTS) {
			buf_str(b, n > 0 ? ", " : "");
			put_test(b, &t);
		}
		n++;
		if (isnan(*since) || number(&t.since) > *since) {
			*since = number(&t.since);
			*since_seq = number(&t.since_seq);
		}
	}
	if (n > TESTS) {
		buf_str(b, " and ");
		buf_int(b, n - TESTS);
		buf_str(b, " more");
	}
	return n;
}

int
eventtext_put(
    struct buf *b, const struct eventtext *of, const struct json_span *member)
{
	static const char *const name[] = {"tests"};
	struct json_span tests = {0};
	double since = NAN, since_seq = NAN;
	size_t before = b->len;

	read_members(member, name, 1, &tests);
	put_group(b, of);
	if (put_tests(b, &tests, &since, &since_seq) == 0) {
		b->len = before;
		return 0;
	}
	put_place(b, of, since, since_seq);
	if (of->image.type == JSON_STRING) {
		buf_str(b, " (");
		put_value(b, &of->image);
		buf_str(b, ")");
	}
	return 1;
}

/*
 * Of those that moved most, the first field, or the first class that there is
 * more of.
 */
static void
read_top(struct test *t, struct eventtext_moved *moved)
{
	static const char *const name[] = {
	    "field", "direction", "class", "observed", "expected"};
	struct json_span object;
	const char *at = NULL;

	moved->value[0] = '\0';
	while (t->top.type == JSON_ARRAY &&
	       json_next(&t->top, &at, NULL, &object)) {
		struct json_span v[5] = {{0}};

		read_members(&object, name, 5, v);
		if (v[0].type == JSON_STRING) {
			t->field = v[0];
			t->direction = v[1];
			return;
		}
		if (number(&v[3]) > number(&v[4]) &&
		    v[2].len < sizeof(moved->value)) {
			memcpy(moved->value, v[2].p, v[2].len);
			moved->value[v[2].len] = '\0';
			moved->observed = number(&v[3]);
			return;
		}
	}
}

int
eventtext_moved(const struct json_span *member, struct eventtext_moved *moved)
{
	static const char *const name[] = {"tests"};
	struct json_span tests = {0}, object;
	const char *at = NULL;
	struct test t;

	read_members(member, name, 1, &tests);
	while (
	    tests.type == JSON_ARRAY && json_next(&tests, &at, NULL, &object)) {
		read_test(&object, &t);
		if (t.event.type != JSON_STRING)
			continue;
		read_top(&t, moved);
		moved->field[0] = '\0';
		if (t.field.type == JSON_STRING)
			json_text(&t.field, moved->field, sizeof(moved->field));
		moved->direction = direction_of(&t);
		moved->since = number(&t.since);
		return 1;
	}
	return 0;
}
