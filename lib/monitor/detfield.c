#include <stdint.h>
#include <stdlib.h>

#include "monitor/detfield.h"
#include "base/buf.h"
#include "json/json.h"
#include "tool/err.h"

/* More values than this are a mistake. */
static const size_t most = 1000000;

static void
refuse_overlap(const struct detfield *f, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (jsonfield_overlap(&f->item[i], &f->item[k]))
			err_die("'--field': twice: '%s'", f->text[i]);
}

/* The name of one value; free it. */
static char *
value_name(const struct detfield *f, size_t i, size_t element)
{
	struct buf b = {0};

	buf_str(&b, f->item[i].path);
	if (f->item[i].array) {
		buf_str(&b, "[");
		buf_int(&b, (long long)element);
		buf_str(&b, "]");
	}
	buf_put(&b, "", 1);
	if (b.failed)
		err_memory();
	return b.p;
}

/* The length of each field is known: counts and names the values. */
static void
name_values(struct detfield *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->items; i++) {
		size_t more = f->item[i].to - f->item[i].from;

		if (more > most - n)
			err_die("'--field': more than %zu values", most);
		n += more;
	}
	f->name = err_calloc(n, sizeof(*f->name));
	f->span = err_calloc(n, sizeof(*f->span));
	for (size_t i = 0; i < f->items; i++)
		for (size_t e = f->item[i].from; e < f->item[i].to; e++)
			f->name[f->values++] = value_name(f, i, e);
}

void
detfield_init(struct detfield *f, const char *const *text, size_t n,
    struct json_paths *ps)
{
	*f = (struct detfield){.text = text, .items = n, .plain = 1};
	f->item = err_calloc(n, sizeof(*f->item));
	for (size_t i = 0; i < n; i++) {
		const char *why = jsonfield_parse(&f->item[i], text[i]);

		if (why != NULL)
			err_die("'--field': %s: '%s'", why, text[i]);
		refuse_overlap(f, i);
		if (jsonpath_add(ps, f->item[i].path) < 0)
			err_die("'--field': not a dotted path: '%s'", text[i]);
		f->plain &= !f->item[i].array;
		f->learnt |= f->item[i].all;
	}
	if (!f->learnt)
		name_values(f);
}

void
detfield_free(struct detfield *f)
{
	for (size_t i = 0; i < f->items; i++)
		jsonfield_free(&f->item[i]);
	for (size_t i = 0; i < f->values; i++)
		free(f->name[i]);
	free(f->item);
	free(f->name);
	free(f->span);
}

int
detfield_learn(struct detfield *f, const struct json_span *found)
{
	size_t longest = 1;
	double *x;
	int good = 1;

	for (size_t i = 0; i < f->items; i++) {
		struct jsonfield *j = &f->item[i];

		if (j->all)
			j->to = jsonfield_length(&found[i]);
		good &= j->to > j->from;
		if (j->to - j->from > longest)
			longest = j->to - j->from;
	}
	x = good ? err_calloc(longest, sizeof(*x)) : NULL;
	for (size_t i = 0; i < f->items && good; i++)
		good = jsonfield_numbers(&f->item[i], &found[i], x) == NULL;
	free(x);
	if (good)
		name_values(f);
	return good;
}

/* Keeps why a field could not be read; whether it could. */
static int
note(struct detfield *f, size_t i, const char *why)
{
	f->why = why != NULL && *why != '\0' ? why : NULL;
	f->bad = i;
	return why == NULL;
}

int
detfield_numbers(struct detfield *f, const struct json_span *found, double *x)
{
	for (size_t i = 0; i < f->items; i++) {
		const struct jsonfield *j = &f->item[i];

		if (!note(f, i, jsonfield_numbers(j, &found[i], x)))
			return 0;
		x += j->to - j->from;
	}
	return 1;
}

int
detfield_spans(struct detfield *f, const struct json_span *found)
{
	struct json_span *to = f->span;

	for (size_t i = 0; i < f->items; i++) {
		const struct jsonfield *j = &f->item[i];

		if (!note(f, i, jsonfield_spans(j, &found[i], to)))
			return 0;
		to += j->to - j->from;
	}
	return 1;
}

void
detfield_complain(struct detfield *f, const char *file, unsigned long long line)
{
	const struct jsonfield *j = &f->item[f->bad];

	if (f->why == NULL)
		return;
	if (f->odd++ == 0)
		err_warn("%s:%llu: '%s' %s: skipped, as are all such records "
			 "(%s%zu elements are wanted)",
		    file, line, f->text[f->bad], f->why,
		    j->all ? "" : "at least ", j->to);
	f->why = NULL;
}

/* The length of one array, 0 while it is not known. */
static void
length_state(struct detfield *f, struct jsonfield *j, struct store *s)
{
	size_t n = f->values > 0 ? j->to : 0;

	store_size(s, NULL, &n, 0, most);
	if (f->values > 0 && n != j->to)
		store_refuse(s, "an array of another length");
	else if (store_reading(s) && n > 0)
		j->to = n;
}

void
detfield_state(struct detfield *f, struct store *s)
{
	int known = 1;

	store_open(s, "elements", '[');
	for (size_t i = 0; i < f->items; i++) {
		if (f->item[i].all)
			length_state(f, &f->item[i], s);
		known &= f->item[i].to < SIZE_MAX;
	}
	store_close(s, ']');
	if (store_reading(s) && s->why == NULL && known && f->values == 0)
		name_values(f);
}
