#include <math.h>
#include <string.h>

#include "detread.h"
#include "jsonval.h"

/*
 * The walk. Each function is called with *p at the byte where what it names
 * begins and leaves it at the byte behind that. The line is valid, so there
 * is always an end.
 */

/* Quotes, opening and closing brackets; all other bytes are 0. */
enum { QUOTE = 1, OPEN, CLOSE };
static const unsigned char kind[256] = {
    ['"'] = QUOTE,
    ['{'] = OPEN,
    ['['] = OPEN,
    ['}'] = CLOSE,
    [']'] = CLOSE,
};

static void
space(const char **p)
{
	while (**p == ' ' || **p == '\t' || **p == '\r' || **p == '\n')
		++*p;
}

static void
string(const char **p)
{
	const char *s = *p + 1;

	for (; *s != '"'; s++)
		s += *s == '\\';
	*p = s + 1;
}

static void
brackets(const char **p)
{
	const char *s = *p;

	for (int depth = 0;;) {
		switch (kind[(unsigned char)*s]) {
		case QUOTE:
			string(&s);
			continue;
		case OPEN:
			depth++;
			break;
		case CLOSE:
			if (--depth == 0) {
				*p = s + 1;
				return;
			}
		}
		s++;
	}
}

static void
value(const char **p, struct json_span *v)
{
	v->p = *p;
	v->type = json_type_of((unsigned char)**p);
	if (v->type == JSON_STRING)
		string(p);
	else if (v->type == JSON_OBJECT || v->type == JSON_ARRAY)
		brackets(p);
	else
		*p += strcspn(*p, ",}] \t\r\n");
	v->len = (size_t)(*p - v->p);
}

/*
 * Steps to the next item of an array or object: *p is at its opening bracket,
 * or behind an item. Returns 1 with *p at the item, 0 with *p behind it all.
 */
static int
item(const char **p)
{
	int opens;

	space(p);
	opens = kind[(unsigned char)**p] == OPEN;
	if (kind[(unsigned char)*(*p)++] == CLOSE)
		return 0;
	space(p);
	if (!opens || kind[(unsigned char)**p] != CLOSE)
		return 1;
	++*p;
	return 0;
}

/* The next member of an object: its key, and *p at its value. */
static int
member(const char **p, struct json_span *key)
{
	if (!item(p))
		return 0;
	*key = (struct json_span){*p, 0, JSON_STRING};
	string(p);
	key->len = (size_t)(*p - key->p);
	space(p);
	++*p;
	space(p);
	return 1;
}

/* The index of the key among n names, or n. */
static size_t
which(const struct json_span *key, const char *const *names, size_t n)
{
	int odd = memchr(key->p, '\\', key->len) != NULL;

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(names[i]);

		if (odd ? json_equals(key, names[i], len)
			: key->len == len + 2 &&
			      memcmp(key->p + 1, names[i], len) == 0)
			return i;
	}
	return n;
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
	static const char *const names[] = {
	    "field", "alarm", "stat", "limit", "p", "event"};
	struct json_span v[7] = {{.type = JSON_NONE}}, key;

	if (**p != '{') {
		value(p, &key);
		return 0;
	}
	while (member(p, &key))
		value(p, &v[which(&key, names, 6)]);
	*t = (struct detread_test){v[0], v[1], v[2], v[3], v[4], v[5]};
	return t->field.type == JSON_STRING && is_bool(&t->alarm) &&
	       is_maybe(&t->stat, JSON_NUMBER) &&
	       is_maybe(&t->limit, JSON_NUMBER) &&
	       is_maybe(&t->p, JSON_NUMBER) && is_maybe(&t->event, JSON_STRING);
}

/* An array that may be tests, behind those of the record so far. */
static int
read_tests(struct detread *r, const char **p, struct detread_member *m)
{
	struct json_span v;
	int good = 1;

	m->test = &r->test[r->tests];
	m->n = 0;
	if (**p != '[') {
		value(p, &v);
		return 0;
	}
	while (item(p)) {
		if (r->tests + m->n < DETREAD_TESTS) {
			good &= read_test(p, &r->test[r->tests + m->n]);
			m->n++;
		} else {
			value(p, &v);
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
	static const char *const names[] = {"alarm", "state", "stage", "tests"};
	struct json_span v[5] = {{.type = JSON_NONE}}, key;
	struct detread_member m = {.name = *name};
	int tests = 0, good = 1;

	while (member(p, &key)) {
		size_t k = which(&key, names, 4);

		if (k == 3) {
			tests = 1;
			good = read_tests(r, p, &m);
		} else {
			value(p, &v[k]);
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

void
detread(struct detread *r, const char *line)
{
	static const char *const names[DETREAD_FIELDS] = {
	    "time", "class", "label", "prob", "error", "trailer"};
	struct json_span key, other;
	const char *p = line, *begin;

	for (int i = 0; i < DETREAD_FIELDS; i++)
		r->field[i].type = JSON_NONE;
	r->stage.type = JSON_NONE;
	r->members = r->tests = r->bad = 0;
	while (member(&p, &key)) {
		size_t k = which(&key, names, DETREAD_FIELDS);
		struct json_span *v = k < DETREAD_FIELDS ? &r->field[k]
							 : &other;

		begin = p;
		if (*p != '{') {
			value(&p, v);
			continue;
		}
		read_object(r, &p, &key, (int)k);
		*v = (struct json_span){
		    begin, (size_t)(p - begin), JSON_OBJECT};
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
