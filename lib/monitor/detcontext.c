#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/detcontext.h"
#include "json/json.h"
#include "tool/err.h"

/* The end of the year 9999: what is later is no second since 1970. */
static const double latest = 253402300800;

static const struct {
	const char *suffix;
	int every, cycle;
} cycles[] = {{":hour", 3600, 24}, {":weekday", 86400, 7}};

/* 1970 began on a Thursday. */
enum { THURSDAY = 4 };

static void
parse(struct detcontext_item *item, const char *text)
{
	size_t len = strlen(text);

	item->path = err_strdup(text);
	for (size_t i = 0; i < sizeof(cycles) / sizeof(*cycles); i++) {
		size_t tail = strlen(cycles[i].suffix);

		if (len <= tail ||
		    strcmp(text + len - tail, cycles[i].suffix) != 0)
			continue;
		item->path[len - tail] = '\0';
		item->every = cycles[i].every;
		item->cycle = cycles[i].cycle;
	}
	/* No name of a field, more likely than one with a colon in it. */
	if (strchr(item->path, ':') != NULL)
		err_die("'--context': '%s': only ':hour' and ':weekday' are "
			"known of a time",
		    text);
}

void
detcontext_init(struct detcontext *c, const char *const *text, size_t n,
    struct json_paths *ps)
{
	*c = (struct detcontext){.text = text, .items = n, .first = ps->n};
	c->item = err_calloc(n, sizeof(*c->item));
	intern_init(&c->known, DETCONTEXT_MOST);
	for (size_t i = 0; i < n; i++) {
		parse(&c->item[i], text[i]);
		if (jsonpath_add(ps, c->item[i].path) < 0)
			err_die("'--context': not a dotted path: '%s'",
			    c->item[i].path);
	}
}

/* Puts the place in a cycle of a time; 0 when it is none. */
static int
put_time(const struct detcontext_item *item, const struct json_span *v,
    struct buf *b)
{
	double t;
	long long n;

	if (json_number(v, &t) < 0 || !(t >= 0 && t < latest))
		return 0;
	n = (long long)t / item->every;
	buf_int(b, (n + (item->cycle == 7 ? THURSDAY : 0)) % item->cycle);
	return 1;
}

long
detcontext_code(struct detcontext *c, const struct json_span *found, int add)
{
	long code;

	c->key.len = 0;
	for (size_t i = 0; i < c->items; i++) {
		const struct json_span *v = &found[c->first + i];

		if (i > 0)
			buf_str(&c->key, ",");
		if (c->item[i].every > 0) {
			if (!put_time(&c->item[i], v, &c->key))
				return DETCONTEXT_UNUSABLE;
			continue;
		}
		if (!intern_value(&c->value, v))
			return DETCONTEXT_UNUSABLE;
		buf_put(&c->key, c->value.p, c->value.len);
	}
	if (c->key.failed || c->value.failed)
		err_memory();
	code = add ? intern_bytes(&c->known, c->key.p, c->key.len)
		   : intern_known(&c->known, c->key.p, c->key.len);
	if (code == INTERN_NO_MEMORY)
		err_memory();
	return code < 0 || code == DETCONTEXT_MOST ? DETCONTEXT_UNKNOWN : code;
}

void
detcontext_names(const struct detcontext *c, struct buf *b)
{
	for (size_t i = 0; i < c->items; i++) {
		buf_str(b, i > 0 ? ", " : "");
		buf_str(b, c->text[i]);
	}
	buf_put(b, "", 1);
	if (b->failed)
		err_memory();
}

void
detcontext_complain(
    struct detcontext *c, const char *file, unsigned long long line)
{
	struct buf names = {0};

	if (!c->told) {
		detcontext_names(c, &names);
		err_warn("%s:%llu: '%s' is %.*s, and the reference has no such "
			 "context: not tested, as are all such records",
		    file, line, names.p, (int)c->key.len, c->key.p);
		buf_free(&names);
	}
	c->told = 1;
}

struct json_span
detcontext_value(const char **text, const char *end)
{
	const char *begin = *text, *p = begin;
	int quoted = 0;

	for (; p < end && (quoted || *p != ','); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '\\' && p + 1 < end)
			p++;
	}
	*text = p;
	return (struct json_span){begin, (size_t)(p - begin),
	    begin < end ? json_type_of((unsigned char)*begin) : JSON_NONE};
}

/* Whether it is what intern_value makes, or nearly so. */
static int
is_value(const struct json_span *v)
{
	size_t sign = v->len > 0 && *v->p == '-', digits = sign;

	while (digits < v->len && v->p[digits] >= '0' && v->p[digits] <= '9')
		digits++;
	if (v->type == JSON_NUMBER)
		return digits == v->len && digits > sign;
	if (v->type == JSON_STRING)
		return v->len >= 2 && v->p[v->len - 1] == '"';
	return (v->len == 4 && memcmp(v->p, "true", 4) == 0) ||
	       (v->len == 5 && memcmp(v->p, "false", 5) == 0);
}

static int
is_context(const struct detcontext *c, const char *p, size_t len)
{
	const char *end = p + len;

	for (size_t i = 0; i < c->items; i++) {
		struct json_span v = detcontext_value(&p, end);

		if (!is_value(&v) || (p < end) != (i + 1 < c->items))
			return 0;
		p++;
	}
	return 1;
}

void
detcontext_state(struct detcontext *c, struct store *s)
{
	intern_state(&c->known, "contexts", s);
	for (size_t i = 0; store_reading(s) && i < c->known.n; i++) {
		size_t len;
		const char *text = intern_text(&c->known, i, &len);

		if (!is_context(c, text, len))
			store_refuse(s, "no context");
	}
}

void
detcontext_free(struct detcontext *c)
{
	for (size_t i = 0; i < c->items; i++)
		free(c->item[i].path);
	free(c->item);
	intern_free(&c->known);
	buf_free(&c->key);
	buf_free(&c->value);
}
