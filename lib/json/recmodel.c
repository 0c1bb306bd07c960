#include <string.h>

#include "base/utf8.h"
#include "json/recmodel.h"

/* The length of the name; 0 where there is none. */
static size_t
spelt(const struct json_span *model)
{
	if (model->type != JSON_STRING || model->len - 2 > RECMODEL_LONGEST ||
	    memchr(model->p, '\\', model->len) != NULL)
		return 0;
	return model->len - 2;
}

int
recmodel_differs(const struct recmodel *m, const struct json_span *model)
{
	if (m->len == 0 ||
	    (model->type == JSON_STRING && model->len == m->len + 2 &&
		memcmp(model->p + 1, m->name, m->len) == 0))
		return 0;
	return spelt(model) > 0;
}

void
recmodel_learn(struct recmodel *m, const struct json_span *model)
{
	if (m->len > 0)
		return;
	m->len = spelt(model);
	if (m->len > 0)
		memcpy(m->name, model->p + 1, m->len);
}

/* Whether a record could have spelt it so. */
static int
is_name(const struct buf *b)
{
	size_t n;

	for (size_t i = 0; i < b->len; i += n) {
		n = utf8_length(b->p + i, b->len - i);
		if (n == 0 || (unsigned char)b->p[i] < ' ' || b->p[i] == '"' ||
		    b->p[i] == '\\')
			return 0;
	}
	return b->len > 0 && b->len <= RECMODEL_LONGEST;
}

void
recmodel_state(struct recmodel *m, struct store *s)
{
	struct buf name = {0};

	/* Older versions did not keep it. */
	if (!store_optional(s, "model", m->len > 0))
		return;
	if (!store_reading(s))
		buf_put(&name, m->name, m->len);
	store_bytes(s, "model", &name);
	if (store_reading(s) && s->why == NULL && !is_name(&name))
		store_refuse(s, "no name of a model");
	if (store_reading(s) && s->why == NULL)
		memcpy(m->name, name.p, m->len = name.len);
	buf_free(&name);
}
