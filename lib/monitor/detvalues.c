#include "monitor/detvalues.h"
#include "json/json.h"
#include "tool/err.h"

/* The codes of the classes in the fields; 0 when one has none. */
static int
codes_of(
    struct detgroup *g, struct detgroup_setup *s, const struct json_span *found)
{
	if (!s->watched.plain) {
		if (!detfield_spans(&s->watched, found))
			return 0;
		found = s->watched.span;
	}
	for (size_t i = 0; i < s->tests; i++) {
		struct detnames *names = &g->names[i];
		const struct intern *before = names->table;
		long code = detnames_code(names, &found[i]);

		if (code == INTERN_NO_MEMORY)
			err_memory();
		if (names->table != before)
			detgroup_tell_names(g, s, i);
		if (code < 0)
			return 0;
		s->x[i] = (double)code;
	}
	return 1;
}

int
detvalues_take(
    struct detgroup *g, struct detgroup_setup *s, const struct json_span *found)
{
	if (s->kind->classes > 0)
		return codes_of(g, s, found);
	if (!s->watched.plain)
		return detfield_numbers(&s->watched, found, s->x);
	for (size_t i = 0; i < s->watched.values; i++)
		if (json_number(&found[i], &s->x[i]) < 0)
			return 0;
	return 1;
}

int
detvalues_context(
    struct detgroup *g, struct detgroup_setup *s, const struct json_span *found)
{
	long code;

	if (s->context == NULL)
		return 1;
	code = detcontext_code(s->context, found, !g->started);
	if (code < 0)
		return code == DETCONTEXT_UNKNOWN ? 0 : -1;
	s->code = (uint32_t)code;
	return !g->started || detpools_of(g->pools, s->code) >= 0;
}
