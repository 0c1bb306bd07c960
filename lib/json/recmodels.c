#include <stdlib.h>

#include "json/recmodels.h"

long
recmodels_find(struct recmodels *m, const struct recmodel *model)
{
	size_t n = m->names.n;
	struct recmodel *grown;
	long code;

	if (model->len == 0)
		return 0;
	if (m->names.max == 0)
		intern_init(&m->names, INT32_MAX);
	code = intern_bytes(&m->names, model->name, model->len);
	if (code < 0 || (size_t)code < n)
		return code < 0 ? -1 : code + 1;
	grown = realloc(m->known, (n + 1) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	m->known = grown;
	grown[n] = *model;
	return code + 1;
}

void
recmodels_free(struct recmodels *m)
{
	intern_free(&m->names);
	free(m->known);
	*m = (struct recmodels){0};
}
