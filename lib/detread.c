#include <math.h>
#include <string.h>

#include "detread.h"
#include "jsonval.h"

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
member(const char **p, const struct word *words, size_t n, size_t *k,
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

/* One test; whether its types are right. */
static int
read_test(const char **p, struct detread_test *t)
{
	static const struct word words[] = {WORD("field"), WORD("alarm"),
	    WORD("stat"), WORD("limit"), WORD("p"), WORD("event")};
	struct json_span v[6] = {{.type = JSON_NONE}};
	size_t k;

	if (**p != '{') {
		json_skip(p);
		return 0;
	}
	while (member(p, words, 6, &k, NULL))
		if (k < 6)
			json_value(p, &v[k]);
		else
			json_skip(p);
	*t = (struct detread_test){v[0], v[1], v[2], v[3], v[4], v[5]};
	return t->field.type == JSON_STRING && t->field.len > 2 &&
	       is_bool(&t->alarm) && is_maybe(&t->stat, JSON_NUMBER) &&
	       is_maybe(&t->limit, JSON_NUMBER) &&
	       is_maybe(&t->p, JSON_NUMBER) && is_maybe(&t->event, JSON_STRING);
}

/* An array that may be tests, behind those of the record so far. */
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
forget(struct detread *r, const struct json_span *name)
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

/* An object at the top: perhaps a detector's, perhaps the error. */
static void
read_object(
    struct detread *r, const char **p, const struct json_span *name, int field)
{
	static const struct word words[] = {
	    WORD("alarm"), WORD("state"), WORD("stage"), WORD("tests")};
	struct json_span v[3] = {{.type = JSON_NONE}};
	struct detread_member m = {.name = *name};
	int tests = 0, good = 1;
	size_t k;

	while (member(p, words, 4, &k, NULL)) {
		if (k == 3) {
			tests = 1;
			good = read_tests(r, p, &m);
		} else if (k < 3) {
			json_value(p, &v[k]);
		} else {
			json_skip(p);
		}
	}
	if (field == DETREAD_ERROR)
		r->stage = v[2];
	if (v[0].type == JSON_NONE || (!tests && v[1].type == JSON_NONE))
		return;
	forget(r, name);
	if (!good || !is_bool(&v[0]) || !is_maybe(&v[1], JSON_STRING) ||
	    r->members == DETREAD_MEMBERS) {
		r->bad++;
		return;
	}
	r->member[r->members++] = m;
	r->tests += m.n;
}

static void
walk(struct detread *r, const char *line)
{
	static const struct word words[] = {WORD("time"), WORD("class"),
	    WORD("label"), WORD("prob"), WORD("error"), WORD("trailer")};
	struct json_span key, other;
	const char *p = line, *begin;
	size_t k;

	for (int i = 0; i < DETREAD_FIELDS; i++)
		r->field[i].type = JSON_NONE;
	r->stage.type = JSON_NONE;
	r->members = r->tests = r->bad = 0;
	while (member(&p, words, DETREAD_FIELDS, &k, &key)) {
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

/* The first scalar that stands at p or behind it. */
static size_t
scalar_at(const struct json_line *l, const char *p)
{
	size_t i = 0;

	while (i < l->scalars && l->scalar[i].p < p)
		i++;
	return i;
}

/* A step for each of n spans in r; 0 when one of them is no scalar. */
static int
add_steps(struct detread_recipe *c, const struct detread *r,
    const struct json_span *s, size_t n, const struct json_line *l)
{
	for (; n > 0; n--, s++) {
		size_t i;

		if (s->type == JSON_NONE)
			continue;
		i = scalar_at(l, s->p);
		if (i == l->scalars || l->scalar[i].p != s->p ||
		    c->steps == JSONSHAPE_SLOTS)
			return 0;
		c->step[c->steps].to = (uint32_t)((const char *)s -
						  (const char *)r);
		c->step[c->steps++].scalar = (uint32_t)i;
	}
	return 1;
}

/* Makes the recipe of a line that has been walked through. */
static void
write_recipe(struct detread_recipe *c, const struct detread *r,
    const struct json_line *l)
{
	int good;

	c->shape = 0;
	c->steps = 0;
	good = add_steps(c, r, r->field, DETREAD_FIELDS, l) &&
	       add_steps(c, r, &r->stage, 1, l);
	for (size_t i = 0; i < r->tests && good; i++)
		good = add_steps(
		    c, r, (const void *)&r->test[i], DETREAD_SPANS, l);
	for (size_t i = 0; i < r->members && good; i++) {
		const struct detread_member *m = &r->member[i];
		size_t k = scalar_at(l, m->name.p);

		good = k < l->scalars;
		c->member[i].scalar = k;
		c->member[i].back = (size_t)(l->scalar[k].p - m->name.p);
		c->member[i].len = m->name.len;
		c->member[i].first = (size_t)(m->test - r->test);
		c->member[i].tests = m->n;
	}
	if (!good)
		return;
	c->members = r->members;
	c->tests = r->tests;
	c->bad = r->bad;
	memcpy(c->kind, l->kind, l->scalars);
	c->shape = l->shape;
}

/* Does what the walk would do. */
static void
follow_recipe(struct detread *r, const struct detread_recipe *c,
    const struct json_line *l)
{
	for (int i = 0; i < DETREAD_FIELDS; i++)
		r->field[i].type = JSON_NONE;
	r->stage.type = JSON_NONE;
	memset(r->test, 0, c->tests * sizeof(*r->test));
	r->members = c->members;
	r->tests = c->tests;
	r->bad = c->bad;
	for (size_t i = 0; i < c->steps; i++)
		memcpy((char *)r + c->step[i].to, &l->scalar[c->step[i].scalar],
		    sizeof(struct json_span));
	for (size_t i = 0; i < c->members; i++)
		r->member[i] = (struct detread_member){
		    {l->scalar[c->member[i].scalar].p - c->member[i].back,
			c->member[i].len, JSON_STRING},
		    &r->test[c->member[i].first], c->member[i].tests};
}

void
detread(struct detread *r, const char *line, const struct json_line *scanned)
{
	struct detread_recipe *c = &r->recipe[scanned->shape % JSONSHAPE_ENDS];

	if (scanned->shape == 0) {
		walk(r, line);
	} else if (c->shape == scanned->shape &&
		   memcmp(c->kind, scanned->kind, scanned->scalars) == 0) {
		follow_recipe(r, c, scanned);
	} else {
		walk(r, line);
		write_recipe(c, r, scanned);
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
