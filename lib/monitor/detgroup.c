#include <stdlib.h>
#include <string.h>

#include "monitor/detgroup.h"
#include "tool/err.h"

static void
keep_rows(struct detgroup *g, const struct detgroup_setup *s)
{
	if (g->kept == NULL)
		g->kept = detkept_new(
		    s->tests, s->width, s->window, s->context != NULL);
}

struct detgroup *
detgroup_new(const struct detgroup_setup *s, size_t code)
{
	struct detgroup *g;
	size_t size = s->kind->verbs->size, classes = s->kind->classes;
	size_t all = sizeof(*g->test) + size;
	char *detector;

	/* All that a record touches lies together. */
	if (classes > 0)
		all += sizeof(*g->names);
	g = err_calloc(1, sizeof(*g) + s->tests * all);
	detector = (char *)&g->test[s->tests];
	g->wanted = s->reference_size;
	g->code = (uint32_t)code;
	if (s->window > 0)
		keep_rows(g, s);
	for (size_t i = 0; i < s->tests; i++)
		g->test[i].detector = detector + i * size;
	if (classes > 0)
		g->names = (struct detnames *)(detector + s->tests * size);
	for (size_t i = 0; i < s->tests && classes > 0; i++)
		detnames_init(&g->names[i], classes);
	return g;
}

const char *
detgroup_value(
    const struct detgroup *g, const struct detgroup_setup *s, size_t *len)
{
	if (s->field == NULL || g->code == DETGROUP_COMMON)
		return NULL;
	return intern_text(s->groups, g->code, len);
}

const struct recmodel *
detgroup_model(const struct detgroup *g, const struct detgroup_setup *s)
{
	return recmodels_at(&s->models, g->model);
}

void
detgroup_is_of(
    struct detgroup *g, struct detgroup_setup *s, const struct recmodel *model)
{
	long number = recmodels_find(&s->models, model);

	if (number < 0)
		err_memory();
	g->model = (uint32_t)number;
}

void
detgroup_tell_names(
    struct detgroup *g, const struct detgroup_setup *s, size_t i)
{
	struct detgroup_test *test = &g->test[i];

	if (s->kind->verbs->names != NULL && g->started)
		s->kind->verbs->names(test->detector, g->names[i].table);
}

void
detgroup_room(struct detgroup *g, const struct detgroup_setup *s, size_t room)
{
	keep_rows(g, s);
	detkept_room(g->kept, room);
}

void
detgroup_learn(struct detgroup *g, const struct detgroup_setup *s)
{
	size_t room = g->kept != NULL ? g->kept->room : 0;

	/* Few at first: many groups may have no more than one record. */
	if (g->learnt == room)
		detgroup_room(g, s, room ? room * 2 : 4);
	detkept_reference(g->kept, g->learnt++, s->x, s->code);
}

void
detgroup_settle(struct detgroup *g, const struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->tests; i++) {
		struct detgroup_test *test = &g->test[i];

		if (s->kind->verbs->hold != NULL)
			s->kind->verbs->hold(test->detector, test->limit);
	}
	if (!s->remember || g->from_file)
		g->kept = detkept_drop(g->kept);
}

void
detgroup_share(struct detgroup *g, const struct detgroup_setup *s,
    const struct detgroup *from)
{
	g->model = from->model;
	g->learnt = g->wanted = from->learnt;
	g->pools = detpools_share(from->pools);
	for (size_t i = 0; i < s->tests; i++) {
		struct detgroup_test *test = &g->test[i];

		test->chain = detlearn_share(s->kind, test->detector,
		    from->test[i].detector, from->test[i].chain);
		if (s->kind->verbs->fields != NULL)
			s->kind->verbs->fields(test->detector,
			    (const char *const *)s->watched.name);
		if (g->names != NULL)
			detnames_lend(&g->names[i], &from->names[i]);
		test->limit = from->test[i].limit;
	}
	g->started = g->from_file = 1;
	for (size_t i = 0; i < s->tests; i++)
		detgroup_tell_names(g, s, i);
	detgroup_seed(g, s);
	detgroup_settle(g, s);
}

void
detgroup_seed(struct detgroup *g, const struct detgroup_setup *s)
{
	size_t len;
	const char *value = detgroup_value(g, s, &len);
	uint64_t key = value != NULL ? intern_hash(value, len) : 0;

	for (size_t i = 0; i < s->tests && s->kind->verbs->seed != NULL; i++) {
		const char *field = s->watched.name[i];
		uint64_t name = intern_hash(field, strlen(field));

		s->kind->verbs->seed(
		    g->test[i].detector, (key << 32 | name) + g->turn);
	}
}

void
detgroup_interrupt(struct detgroup *g, const struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->tests; i++) {
		struct residual *r = detlearn_residual(g->test[i].chain);

		if (r != NULL)
			residual_begin(r);
	}
}

void
detgroup_await_end(struct detgroup_test *test, size_t parts)
{
	test->ending = ending_new(parts);
	if (test->ending == NULL)
		err_memory();
}

void
detgroup_end(struct detgroup_test *test)
{
	free(test->ending);
	test->ending = NULL;
}

void
detgroup_forget(struct detgroup *g, const struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->tests && g->started; i++) {
		struct detgroup_test *test = &g->test[i];

		detlearn_forget(s->kind, test->detector, test->chain);
		test->chain = NULL;
		test->stat = 0;
		detgroup_end(test);
	}
	detpools_free(g->pools);
	g->pools = NULL;
	g->started = 0;
}

void
detgroup_free(struct detgroup *g, const struct detgroup_setup *s)
{
	if (g == NULL)
		return;
	detgroup_forget(g, s);
	detkept_free(g->kept);
	for (size_t i = 0; i < s->tests && g->names != NULL; i++)
		detnames_free(&g->names[i]);
	seqlog_free(&g->log);
	free(g);
}
