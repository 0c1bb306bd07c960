#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/num.h"
#include "json/jsonfield.h"

static const char bad_length[] = "has not as many elements as it should";
static const char bad_number[] = "has an element that is not a number";

/* What stands in the brackets; 0 when it is none of the forms. */
static int
parse_brackets(struct jsonfield *f, const char *text)
{
	char again[64];

	if (strcmp(text, "[*]") == 0) {
		f->all = 1;
		f->to = SIZE_MAX;
		return 1;
	}
	/* Written anew it is the same: no sign, no zero before, no overflow. */
	if (sscanf(text, "[%zu:%zu]", &f->from, &f->to) == 2) {
		snprintf(again, sizeof(again), "[%zu:%zu]", f->from, f->to);
	} else if (sscanf(text, "[%zu]", &f->from) == 1) {
		snprintf(again, sizeof(again), "[%zu]", f->from);
		f->to = f->from + 1;
	} else {
		return 0;
	}
	return strcmp(text, again) == 0 && f->from < f->to;
}

const char *
jsonfield_parse(struct jsonfield *f, const char *text)
{
	size_t len = strcspn(text, "[");

	*f = (struct jsonfield){.array = text[len] == '[', .to = 1};
	if (f->array && !parse_brackets(f, text + len))
		return "neither [N], [N:M] nor [*] at its end";
	f->path = strndup(text, len);
	return f->path != NULL ? NULL : NO_MEMORY;
}

void
jsonfield_free(struct jsonfield *f)
{
	free(f->path);
	*f = (struct jsonfield){0};
}

int
jsonfield_overlap(const struct jsonfield *a, const struct jsonfield *b)
{
	return a->array == b->array && a->from < b->to && b->from < a->to &&
	       strcmp(a->path, b->path) == 0;
}

size_t
jsonfield_length(const struct json_span *array)
{
	const char *p = array->p;
	size_t n = 0;

	if (array->type != JSON_ARRAY)
		return 0;
	for (; json_item(&p); n++)
		json_skip(&p);
	return n;
}

/* Goes to the element that the field begins with; 0 when there is none. */
static int
go_to_first(const struct jsonfield *f, const char **p)
{
	for (size_t i = 0; i < f->from; i++) {
		if (!json_item(p))
			return 0;
		json_skip(p);
	}
	return json_item(p);
}

/* To the one after element i; 0 when that is none of the field's. */
static int
go_on(const struct jsonfield *f, const char **p, size_t i)
{
	return (i + 1 < f->to || f->all) && json_item(p) && i + 1 < f->to;
}

/* Whether reading ended after element i - 1 as it should. */
static const char *
check_end(const struct jsonfield *f, const char *p, size_t i)
{
	return i == f->to && (!f->all || p[-1] == ']') ? NULL : bad_length;
}

const char *
jsonfield_numbers(
    const struct jsonfield *f, const struct json_span *found, double *x)
{
	const char *p = found->p, *end = p + found->len;
	size_t i = f->from;

	if (!f->array)
		return json_number(found, x) < 0 ? "" : NULL;
	if (found->type != JSON_ARRAY)
		return "";
	if (!go_to_first(f, &p))
		return bad_length;
	do {
		if (json_type_of((unsigned char)*p) != JSON_NUMBER)
			return bad_number;
		p = num_scan(p, end, x++);
		if (p == NULL)
			return bad_number;
	} while (go_on(f, &p, i++));
	return check_end(f, p, i);
}

const char *
jsonfield_spans(const struct jsonfield *f, const struct json_span *found,
    struct json_span *to)
{
	const char *p = found->p;
	size_t i = f->from;

	if (!f->array) {
		*to = *found;
		return NULL;
	}
	if (found->type != JSON_ARRAY)
		return "";
	if (!go_to_first(f, &p))
		return bad_length;
	do
		json_value(&p, to++);
	while (go_on(f, &p, i++));
	return check_end(f, p, i);
}
