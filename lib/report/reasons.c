#include <stdlib.h>
#include <string.h>

#include "report/reasons.h"

/* Copies as much as fits, whole characters of UTF-8 only. */
static void
copy(char *to, const char *text)
{
	size_t n = strnlen(text, REASONS_TEXT - 1);

	while (
	    text[n] != '\0' && n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	memcpy(to, text, n);
	to[n] = '\0';
}

static struct reason *
find(struct reasons *r, const char *text)
{
	char key[REASONS_TEXT];

	copy(key, text);
	if (r->reason == NULL)
		r->reason = calloc(REASONS_MOST, sizeof(*r->reason));
	if (r->reason == NULL)
		return NULL;
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->reason[i].text, key) == 0)
			return &r->reason[i];
	if (r->n == REASONS_MOST)
		return NULL;
	strcpy(r->reason[r->n].text, key);
	return &r->reason[r->n++];
}

void
reasons_add(struct reasons *r, const char *text, const char *name,
    unsigned long long record)
{
	struct reason *found = find(r, text);

	r->all++;
	if (found == NULL) {
		r->rest++;
		return;
	}
	if (found->count < REASONS_NAMES)
		copy(found->name[found->count], name);
	if (found->count++ == 0)
		found->first = record;
	found->last = record;
}

void
reasons_join(
    struct reasons *r, const struct reasons *next, unsigned long long before)
{
	r->all += next->all;
	r->rest += next->rest;
	for (size_t i = 0; i < next->n; i++) {
		const struct reason *x = &next->reason[i];
		struct reason *to = find(r, x->text);

		if (to == NULL) {
			r->rest += x->count;
			continue;
		}
		for (size_t k = 0; k < REASONS_NAMES; k++)
			if (k < x->count && to->count + k < REASONS_NAMES)
				copy(to->name[to->count + k], x->name[k]);
		if (to->count == 0)
			to->first = before + x->first;
		to->count += x->count;
		to->last = before + x->last;
	}
}

static int
compare(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	if (x->count != y->count)
		return (x->count < y->count) - (x->count > y->count);
	return (x->first > y->first) - (x->first < y->first);
}

void
reasons_sort(struct reasons *r)
{
	if (r->n > 0)
		qsort(r->reason, r->n, sizeof(*r->reason), compare);
}

void
reasons_free(struct reasons *r)
{
	free(r->reason);
	r->reason = NULL;
}
