#include <math.h>
#include <string.h>

#include "metric/detread.h"
#include "json/jsonscan.h"

/* A name that is looked for, and its length. */
struct word {
	const char *text;
	size_t len;
};
#define WORD(s)                                                                \
	{                                                                      \
		s, sizeof(s) - 1                                               \
	}

/*
 * The next member of an object: *p at its value, the key if it is wanted, and
 * in *k which of the n words that is, or n. Returns 0 at the end.
 */
static int
next_member(const char **p, const struct word *words, size_t n, size_t *k,
    struct json_span *key)
{
	struct json_span s;
	int escaped;
	size_t i;

	if (!json_key(p, &s, &escaped))
		return 0;
	for (i = 0; i < n; i++) {
		const struct word *w = &words[i];

		if (escaped ? json_equals(&s, w->text, w->len)
			    : s.len == w->len + 2 && s.p[1] == *w->text &&
				  memcmp(s.p + 1, w->text, w->len) == 0)
			break;
	}
	*k = i;
	if (key != NULL)
		*key = s;
	return 1;
}

static int
is_bool(const struct json_span *s)
{
	return s->type == JSON_TRUE || s->type == JSON_FALSE;
}

static int
is_maybe(const struct json_span *s, enum json_type type)
{
	return s->type <= JSON_NULL || s->type == type;
}

/* The first item of an array, which stands for all; none of what is no array. */
static void
read_first(const char **p, struct json_span *first)
{
	const char *item = *p;

	if (**p == '[' && json_item(&item))
		json_value(&item, first);
	json_skip(p);
}

/* An object of a test's top; whether it names a field and its share. */
static int
read_share(const char **p, struct json_span *field, struct json_span *share)
{
	static const struct word words[] = {WORD("field"), WORD("share")};
	struct json_span v[2] = {{.type = JSON_NONE}};
	size_t k;

	if (**p != '{') {
		json_skip(p);
		return 0;
	}
	while (next_member(p, words, 2, &k, NULL))
		if (k < 2)
			json_value(p, &v[k]);
		else
			json_skip(p);
	if (v[0].type != JSON_STRING || v[1].type != JSON_NUMBER)
		return 0;
	*field = v[0];
	*share = v[1];
	return 1;
}

/* What moved: classes may be there instead of fields, and are left out. */
static void
read_top(const char **p, struct detread_test *t)
{
	size_t n = 0;

	if (**p != '[') {
		json_skip(p);
		return;
	}
	while (json_item(p))
		if (n < DETREAD_TOP)
			n += (size_t)read_share(p, &t->top[n], &t->share[n]);
		else
			json_skip(p);
}

/* One test; whether its types are right. */
static int
read_test(const char **p, struct detread_test *t)
{
	static const struct word words[] = {WORD("field"), WORD("alarm"),
	    WORD("stat"), WORD("limit"), WORD("p"), WORD("event"), WORD("df"),
	    WORD("fields"), WORD("top")};
	struct json_span v[7] = {{.type = JSON_NONE}};
	size_t k;

	if (**p != '{') {
		json_skip(p);
		return 0;
	}
	memset(t, 0, sizeof(*t));
	while (next_member(p, words, 9, &k, NULL))
		if (k < 7)
			json_value(p, &v[k]);
		else if (k == 7)
			read_first(p, &v[0]);
		else if (k == 8)
			read_top(p, t);
		else
			json_skip(p);
	memcpy(t, v, sizeof(v));
	return t->field.type == JSON_STRING && t->field.len > 2 &&
	       is_bool(&t->alarm) && is_maybe(&t->stat, JSON_NUMBER) &&
	       is_maybe(&t->limit, JSON_NUMBER) &&
	       is_maybe(&t->p, JSON_NUMBER) && is_maybe(&t->event, JSON_STRING);
}

/* An array that may be tests, after those of the record so far. */
static int
read_tests(struct detread *r, const char **p, struct detread_member *m)
{
	int good = 1;

	m->test = &r->test[r->tests];
	m->n = 0;
	if (**p != '[') {
		json_skip(p);
		return 0;
	}
	while (json_item(p)) {
		if (r->tests + m->n < DETREAD_TESTS) {
			good &= read_test(p, &r->test[r->tests + m->n]);
			m->n++;
		} else {
			json_skip(p);
			good = 0;
		}
	}
	return good;
}

/* A member of that name that stands before this one does not count. */
static void
drop_earlier(struct detread *r, const struct json_span *name)
{
	for (size_t i = 0; i < r->members; i++) {
		const struct json_span *s = &r->member[i].name;

		if (s->len != name->len || memcmp(s->p, name->p, s->len) != 0)
			continue;
		memmove(&r->member[i], &r->member[i + 1],
		    (--r->members - i) * sizeof(*r->member));
		r->bad++;
		return;
	}
}

/* An object at the top: perhaps a detector's, a filter's or the error. */
static void
read_object(
    struct detread *r, const char **p, const struct json_span *name, int field)
{
	static const struct word words[] = {WORD("alarm"), WORD("state"),
	    WORD("stage"), WORD("tool"), WORD("reason"), WORD("tests"),
	    WORD("distance"), WORD("duplicate"), WORD("accuracy"), WORD("low"),
	    WORD("high"), WORD("method"), WORD("window")};
	struct json_span v[13] = {{.type = JSON_NONE}};
	struct detread_member m = {.name = *name, .test = r->test + r->tests};
	int tests = 0, good = 1;
	size_t k;

	while (next_member(p, words, 13, &k, NULL)) {
		if (k == 5) {
			tests = 1;
			good = read_tests(r, p, &m);
		} else if (k < 13) {
			json_value(p, &v[k]);
		} else {
			json_skip(p);
		}
	}
	if (field == DETREAD_ERROR)
		r->part[DETREAD_STAGE] = v[2];
	if (field == DETREAD_SKIPPED)
		memcpy(&r->part[DETREAD_TOOL], &v[3], 2 * sizeof(*v));
	if (is_bool(&v[7]))
		memcpy(&r->part[DETREAD_DISTANCE], &v[6], 2 * sizeof(*v));
	if (v[0].type == JSON_NONE || (!tests && v[1].type == JSON_NONE))
		return;
	drop_earlier(r, name);
	if (!good || !is_bool(&v[0]) || !is_maybe(&v[1], JSON_STRING) ||
	    r->members == DETREAD_MEMBERS) {
		r->bad++;
		return;
	}
	if (m.n > 0) {
		memcpy(r->test[r->tests].accuracy, &v[8],
		    sizeof(r->test->accuracy));
		r->test[r->tests].method = v[11];
		r->test[r->tests].window = v[12];
	}
	m.state = v[1];
	m.reason = v[4];
	r->member[r->members++] = m;
	r->tests += m.n;
}

static void
forget_fields(struct detread *r)
{
	for (int i = 0; i < DETREAD_FIELDS; i++)
		r->field[i].type = JSON_NONE;
	for (int i = 0; i < DETREAD_PARTS; i++)
		r->part[i].type = JSON_NONE;
}

static void
read_members(struct detread *r, const char *line)
{
	static const struct word words[] = {WORD("time"), WORD("class"),
	    WORD("label"), WORD("prob"), WORD("error"), WORD("trailer"),
	    WORD("skipped"), WORD("damaged"), WORD("model")};
	struct json_span key, other;
	const char *p = line, *begin;
	size_t k;

	forget_fields(r);
	r->members = r->tests = r->bad = 0;
	while (next_member(&p, words, DETREAD_FIELDS, &k, &key)) {
		struct json_span *v = k < DETREAD_FIELDS ? &r->field[k]
							 : &other;

		begin = p;
		if (*p != '{') {
			json_value(&p, v);
			continue;
		}
		read_object(r, &p, &key, (int)k);
		*v = (struct json_span){
		    begin, (size_t)(p - begin), JSON_OBJECT};
	}
}

/* Has the spans of a line that has been read go into its recipe. */
static int
put_spans(
    struct jsonrecipe *c, const struct detread *r, const struct json_line *l)
{
	int good = jsonrecipe_scalars(c, r, r->field, DETREAD_FIELDS, l) &&
		   jsonrecipe_scalars(c, r, r->part, DETREAD_PARTS, l);

	for (size_t i = 0; i < r->tests && good; i++)
		good = jsonrecipe_scalars(
		    c, r, (const void *)&r->test[i], DETREAD_SPANS, l);
	for (size_t i = 0; i < r->members && good; i++) {
		const struct detread_member *m = &r->member[i];

		good = jsonrecipe_key(c, r, &m->name, l) &&
		       jsonrecipe_scalars(c, r, &m->state, 1, l) &&
		       jsonrecipe_scalars(c, r, &m->reason, 1, l);
	}
	return good;
}

/* Remembers how the line was read. */
static void
learn_form(
    struct detread_form *f, const struct detread *r, const struct json_line *l)
{
	jsonrecipe_begin(&f->recipe);
	if (!put_spans(&f->recipe, r, l))
		return;
	for (size_t i = 0; i < r->members; i++) {
		f->member[i].first = (size_t)(r->member[i].test - r->test);
		f->member[i].tests = r->member[i].n;
	}
	f->members = r->members;
	f->tests = r->tests;
	f->bad = r->bad;
	jsonrecipe_end(&f->recipe, l);
}

/* Does what read_members would do. */
static void
follow_form(
    struct detread *r, const struct detread_form *f, const struct json_line *l)
{
	forget_fields(r);
	memset(r->test, 0, f->tests * sizeof(*r->test));
	r->members = f->members;
	r->tests = f->tests;
	r->bad = f->bad;
	for (size_t i = 0; i < f->members; i++)
		r->member[i] = (struct detread_member){
		    .test = &r->test[f->member[i].first],
		    .n = f->member[i].tests};
	jsonrecipe_follow(&f->recipe, r, l);
}

void
detread(struct detread *r, const char *line, const struct json_line *scanned)
{
	struct detread_form *f = &r->form[scanned->shape % JSONSHAPE_ENDS];

	if (scanned->shape == 0) {
		read_members(r, line);
	} else if (jsonrecipe_fits(&f->recipe, scanned)) {
		follow_form(r, f, scanned);
	} else {
		read_members(r, line);
		learn_form(f, r, scanned);
	}
}

void
detread_text(const struct json_span *s, char *text)
{
	size_t n;

	memset(text, 0, DETREAD_TEXT);
	n = json_text(s, text, DETREAD_TEXT);
	if (n >= DETREAD_TEXT)
		n = DETREAD_TEXT - 4; /* a last character may not have fit */
	for (size_t i = 0; i < n; i++)
		if (text[i] == '\0')
			text[i] = '\1';
}

double
detread_number(const struct json_span *s, double min, double max, int *range)
{
	double x;

	if (s->type != JSON_NUMBER)
		return NAN;
	if (json_number(s, &x) == 0 && x >= min && x <= max)
		return x;
	*range = 1;
	return NAN;
}
