#include <stdlib.h>

#include "monitor/detnames.h"
#include "tool/err.h"

void
detnames_init(struct detnames *n, size_t max)
{
	*n = (struct detnames){err_calloc(1, sizeof(*n->table)), 0};
	intern_init(n->table, max);
}

void
detnames_lend(struct detnames *n, const struct detnames *from)
{
	detnames_free(n);
	*n = (struct detnames){from->table, 1};
}

static void
extend(struct detnames *n)
{
	struct intern *own = err_calloc(1, sizeof(*own));

	intern_extend(own, n->table);
	*n = (struct detnames){own, 0};
}

long
detnames_code(struct detnames *n, const struct json_span *value)
{
	long code = n->lent ? intern_find(n->table, value) : INTERN_NEW;

	if (n->lent && code == INTERN_NEW)
		extend(n);
	return code == INTERN_NEW ? intern_code(n->table, value) : code;
}

void
detnames_state(struct detnames *n, struct store *s)
{
	const struct detnames before = *n;

	if (store_reading(s) && n->lent)
		extend(n);
	intern_state(n->table, "names", s);
	if (before.lent && n->table->n == before.table->n)
		detnames_lend(n, &before);
}

void
detnames_free(struct detnames *n)
{
	if (n->table != NULL && !n->lent) {
		intern_free(n->table);
		free(n->table);
	}
	*n = (struct detnames){0};
}
