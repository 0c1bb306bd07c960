#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/detgroup.h"
#include "tool/err.h"
#include "json/intern.h"

static void
keep_rows(struct detgroup *g, const struct detgroup_setup *s)
{
	if (g->kept == NULL)
		g->kept = detkept_new(
		    s->tests, s->width, s->window, s->context != NULL);
}

struct detgroup *
detgroup_new(const struct detgroup_setup *s, uint32_t key)
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
	g->key = key;
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

static void
find_limits(struct detgroup *g, struct detgroup_setup *s)
{
	struct detlimit_test *t = err_calloc(s->tests, sizeof(*t));

	for (size_t i = 0; i < s->tests; i++) {
		const struct residual *r = detlearn_residual(g->test[i].chain);

		t[i].detector = g->test[i].detector;
		t[i].value = g->kept->test[i].reference;
		t[i].worth = r != NULL ? residual_most(r)->worth : NAN;
		if (g->pools != NULL) {
			t[i].contexts = g->pools->pools;
			t[i].rounds = g->pools->rounds;
		}
	}
	detlimit_find(&s->limit, s->kind, t, s->tests, g->learnt, s->width);
	for (size_t i = 0; i < s->tests; i++)
		g->test[i].limit = t[i].limit;
	free(t);
}

/* What the detector has to say of its reference. */
static void
say_remark(const struct detgroup_setup *s, const void *detector)
{
	struct buf b = {0};

	if (s->kind->verbs->remark == NULL)
		return;
	s->kind->verbs->remark(detector, &b);
	if (b.len > 0)
		err_warn("%.*s", (int)b.len, b.p);
	buf_free(&b);
}

/* The pool of each record of the reference, or NULL; free it. */
static uint32_t *
find_pools(struct detgroup *g, const struct detgroup_setup *s)
{
	uint32_t *pool;

	if (s->context == NULL)
		return NULL;
	g->pools = detpools_new(s->context, g->kept->code, g->learnt);
	detpools_say(g->pools, s->context);
	pool = err_malloc(g->learnt * sizeof(*pool));
	for (size_t i = 0; i < g->learnt; i++)
		pool[i] = g->pools->pool[g->kept->code[i]];
	return pool;
}

static void
teach(struct detgroup *g, const struct detgroup_setup *s,
    enum detlearn_dependence how)
{
	struct detlearn l = {
	    .kind = s->kind,
	    .n = g->learnt,
	    .width = s->width,
	    .precedes = !g->from_file,
	    .dependence = how,
	};
	uint32_t *pool = find_pools(g, s);

	keep_rows(g, s); /* it may have no reference */
	if (pool != NULL) {
		l.pool = pool;
		l.pools = g->pools->pools;
	}
	for (size_t i = 0; i < s->tests; i++) {
		struct detgroup_test *test = &g->test[i];

		l.field = (const char *const *)s->watched.name + i;
		l.rows = g->kept->test[i].reference;
		test->chain = detlearn_test(&l, test->detector);
		if (s->kind->verbs->fields != NULL)
			s->kind->verbs->fields(test->detector,
			    (const char *const *)s->watched.name);
		if (g->pools != NULL && s->kind->verbs->contexts != NULL)
			s->kind->verbs->contexts(
			    test->detector, g->pools->pools, g->pools->rounds);
		say_remark(s, test->detector);
	}
	free(pool);
	g->started = 1;
	for (size_t i = 0; i < s->tests; i++)
		detgroup_tell_names(g, s, i);
	detgroup_seed(g, s);
}

void
detgroup_teach(struct detgroup *g, const struct detgroup_setup *s)
{
	teach(g, s, g->plain ? DETLEARN_NONE : s->dependence);
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

/* Dies when no window is full before the guarantee ends. */
static void
fill_window(const struct detgroup *g, const struct detgroup_setup *s)
{
	unsigned long long horizon = detlimit_horizon(&s->limit), t = 0;
	double stat;

	if (!detlimit_promises(s->kind))
		return;
	while (!s->kind->verbs->value(g->test[0].detector, &stat)) {
		if (t++ == horizon)
			err_die(
			    "no statistic within %llu records: the window is "
			    "longer than the horizon of the guarantee",
			    horizon);
		s->kind->verbs->add(g->test[0].detector, 0);
	}
}

void
detgroup_rehearse(struct detgroup_setup *s)
{
	struct detgroup_setup plain = *s;
	struct detgroup *g;

	/* Rows that are made up have no covariance. */
	if (s->kind->verbs->init == NULL)
		return;
	plain.context = NULL;
	g = detgroup_new(&plain, 0);
	for (size_t n = 0; n < s->reference_size; n++) {
		for (size_t i = 0; i < s->tests; i++)
			s->x[i] = s->kind->classes ? 0 : (double)n;
		detgroup_learn(g, &plain);
	}
	teach(g, &plain, DETLEARN_NONE);
	fill_window(g, s);
	/* These limits depend on what the reference will be. */
	if (!s->limit.resample && s->kind->verbs->digest == NULL &&
	    s->context == NULL)
		find_limits(g, s);
	detgroup_free(g, &plain);
}

void
detgroup_start(struct detgroup *g, struct detgroup_setup *s)
{
	detgroup_teach(g, s);
	find_limits(g, s);
	detgroup_settle(g, s);
	g->wanted = g->learnt;
	g->fed = 0;
	seqlog_free(&g->log);
}

void
detgroup_seed(struct detgroup *g, const struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->tests && s->kind->verbs->seed != NULL; i++) {
		const char *field = s->watched.name[i];
		uint64_t name = intern_hash(field, strlen(field));

		s->kind->verbs->seed(g->test[i].detector,
		    ((uint64_t)g->key << 32 | name) + g->turn);
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
