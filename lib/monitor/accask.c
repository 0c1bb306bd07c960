#include <stdlib.h>
#include <string.h>

#include "monitor/accask.h"
#include "tool/err.h"
#include "tool/out.h"

void
accask_init(struct accask *a, size_t window)
{
	a->record = err_calloc(window, sizeof(*a->record));
	a->window = window;
}

void
accask_note(struct accask *a, const struct json_span *name, double sure)
{
	struct accask_record *r = &a->record[a->next];

	a->next = (a->next + 1) % a->window;
	r->name.len = 0;
	if (name->type > JSON_NULL && name->type < JSON_ARRAY)
		buf_put(&r->name, name->p, name->len);
	if (r->name.failed)
		err_memory();
	r->sure = sure;
}

/* Those without a name last, those that are as sure by their names. */
static int
by_sureness(const void *a, const void *b)
{
	const struct accask_record *x = a, *y = b;

	if ((x->name.len > 0) != (y->name.len > 0))
		return x->name.len > 0 ? -1 : 1;
	if (x->sure != y->sure)
		return x->sure < y->sure ? -1 : 1;
	if (x->name.len != y->name.len)
		return x->name.len < y->name.len ? -1 : 1;
	return x->name.len > 0 ? memcmp(x->name.p, y->name.p, x->name.len) : 0;
}

void
accask_put(struct accask *a, size_t n, const char *key)
{
	size_t named = 0;
	struct buf line = {0};

	qsort(a->record, a->window, sizeof(*a->record), by_sureness);
	while (named < a->window && a->record[named].name.len > 0)
		named++;
	n = n < named ? n : named;
	for (size_t i = 0; i < n; i++) {
		const struct buf
		    *name = &a->record[(2 * i + 1) * named / (2 * n)].name;

		line.len = 0;
		buf_str(&line, "{");
		buf_json(&line, key, strlen(key));
		buf_str(&line, ":");
		buf_put(&line, name->p, name->len);
		buf_str(&line, "}");
		if (line.failed)
			err_memory();
		out_record(line.p, line.len);
	}
	buf_free(&line);
}

void
accask_free(struct accask *a)
{
	for (size_t i = 0; i < a->window; i++)
		buf_free(&a->record[i].name);
	free(a->record);
	*a = (struct accask){0};
}
