#include <stdlib.h>
#include <string.h>

#include "report/sumtext.h"

void
sumtext(struct store *s, const char *name, char *text, size_t size)
{
	struct buf b = {0};

	if (!store_reading(s))
		buf_str(&b, text);
	store_bytes(s, name, &b);
	if (b.failed)
		store_no_memory(s);
	if (store_reading(s) && s->why == NULL) {
		if (b.len >= size || memchr(b.p, '\0', b.len) != NULL) {
			store_refuse(s, "a text that has no room");
		} else {
			memcpy(text, b.p, b.len);
			text[b.len] = '\0';
		}
	}
	buf_free(&b);
}

void
sumtext_count(struct store *s, const char *name, unsigned long long *x,
    unsigned long long most)
{
	unsigned long long y = *x;

	store_count(s, name, &y);
	if (y > most)
		store_refuse(s, "a count that is too large");
	if (s->why == NULL)
		*x = y;
}

static void
put_portrait(struct store *s, struct portrait *p, unsigned long long records,
    size_t classes)
{
	store_open(s, NULL, '[');
	sumtext(s, NULL, p->name, sizeof(p->name));
	sumtext_count(s, NULL, &p->record, records);
	store_real(s, NULL, &p->distance);
	store_real(s, NULL, &p->prob);
	store_int(s, NULL, &p->class, -1, (int)classes);
	store_close(s, ']');
	if (store_reading(s) && p->name[0] == '\0')
		store_refuse(s, "an image without a name");
}

void
sumtext_portraits(struct store *s, const char *name, struct portrait *p,
    size_t n, unsigned long long records, size_t classes)
{
	size_t used = 0;

	while (used < n && p[used].name[0] != '\0')
		used++;
	store_open(s, name, '[');
	store_size(s, NULL, &used, 0, n);
	for (size_t i = 0; i < used && s->why == NULL; i++)
		put_portrait(s, &p[i], records, classes);
	store_close(s, ']');
}

static void
put_reason(struct store *s, struct reason *x, unsigned long long records)
{
	store_open(s, NULL, '[');
	sumtext(s, NULL, x->text, sizeof(x->text));
	store_count(s, NULL, &x->count);
	sumtext_count(s, NULL, &x->first, records);
	sumtext_count(s, NULL, &x->last, records);
	for (size_t i = 0; i < REASONS_NAMES; i++)
		sumtext(s, NULL, x->name[i], sizeof(x->name[i]));
	store_close(s, ']');
	if (store_reading(s) && x->count == 0)
		store_refuse(s, "a reason that never was");
}

void
sumtext_reasons(struct store *s, const char *name, struct reasons *r,
    unsigned long long records)
{
	store_open(s, name, '[');
	store_count(s, NULL, &r->all);
	store_count(s, NULL, &r->rest);
	store_size(s, NULL, &r->n, 0, REASONS_MOST);
	if (store_reading(s) && s->why == NULL && r->n > 0) {
		r->reason = calloc(REASONS_MOST, sizeof(*r->reason));
		if (r->reason == NULL)
			store_no_memory(s);
	}
	for (size_t i = 0; i < r->n && s->why == NULL; i++)
		put_reason(s, &r->reason[i], records);
	if (s->why != NULL && r->reason == NULL)
		r->n = 0;
	store_close(s, ']');
}
