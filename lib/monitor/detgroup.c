#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/detgroup.h"
#include "tool/err.h"
#include "json/json.h"

/* The fields as the options name them. */
static void
prepare_joint_head(struct detgroup_setup *s)
{
	struct buf *head = &s->head[0];

	buf_str(head, "{\"fields\":[");
	for (size_t i = 0; i < s->watched.items; i++) {
		buf_str(head, i > 0 ? "," : "");
		buf_json(head, s->watched.text[i], strlen(s->watched.text[i]));
	}
	buf_str(head, "],\"stat\":");
}

void
detgroup_prepare(struct detgroup_setup *s, const char *instance)
{
	int joint = s->kind->verbs->add_row != NULL;

	s->tests = joint ? 1 : s->watched.values;
	s->width = joint ? s->watched.values : 1;
	s->x = err_calloc(s->watched.values, sizeof(*s->x));
	s->z = err_calloc(s->width, sizeof(*s->z));
	s->head = err_calloc(s->tests, sizeof(*s->head));
	s->limit_text = err_calloc(s->tests, sizeof(*s->limit_text));
	if (joint)
		prepare_joint_head(s);
	for (size_t i = 0; i < s->tests && !joint; i++) {
		buf_str(&s->head[i], "{");
		buf_key_str(&s->head[i], "field", s->watched.name[i]);
		buf_str(&s->head[i], ",\"stat\":");
	}
	buf_key(&s->open, instance);
	s->object = s->open.len;
	buf_str(&s->open, "{\"alarm\":");
	if (s->after == DETGROUP_ADOPT && s->kind->verbs->window != NULL)
		s->window = s->kind->verbs->window(s->kind->params);
}

void
detgroup_finish(struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->tests; i++)
		buf_free(&s->head[i]);
	free(s->head);
	free(s->limit_text);
	free(s->x);
	free(s->z);
	buf_free(&s->open);
	recmodels_free(&s->models);
	detlimit_free(&s->limit);
}

static void
keep_rows(struct detgroup *g, const struct detgroup_setup *s)
{
	if (g->kept == NULL)
		g->kept = detkept_new(
		    s->tests, s->width, s->window, s->context != NULL);
}

struct detgroup *
detgroup_new(const struct detgroup_setup *s)
{
	struct detgroup *g;
	size_t size = s->kind->verbs->size;
	char *detector;

	/* All that a record touches lies together. */
	g = err_calloc(1, sizeof(*g) + s->tests * (sizeof(*g->test) + size));
	detector = (char *)&g->test[s->tests];
	g->wanted = s->reference_size;
	if (s->window > 0)
		keep_rows(g, s);
	for (size_t i = 0; i < s->tests; i++) {
		struct detgroup_test *test = &g->test[i];

		test->detector = detector + i * size;
		if (s->kind->classes > 0)
			detnames_init(&test->names, s->kind->classes);
	}
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
		s->kind->verbs->names(test->detector, test->names.table);
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
		const struct residual_fit *fit = g->test[i].chain.residual.fit;

		t[i].detector = g->test[i].detector;
		t[i].value = g->kept->test[i].reference;
		t[i].worth = fit != NULL ? fit->ar.worth : NAN;
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
		detlearn_test(&l, test->detector, &test->chain);
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

		detlearn_share(s->kind, test->detector, &test->chain,
		    from->test[i].detector, &from->test[i].chain);
		if (s->kind->verbs->fields != NULL)
			s->kind->verbs->fields(test->detector,
			    (const char *const *)s->watched.name);
		detnames_lend(&test->names, &from->test[i].names);
		test->limit = from->test[i].limit;
	}
	g->started = g->from_file = 1;
	for (size_t i = 0; i < s->tests; i++)
		detgroup_tell_names(g, s, i);
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
	g = detgroup_new(&plain);
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
detgroup_interrupt(struct detgroup *g, const struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->tests; i++)
		if (g->test[i].chain.residual.fit != NULL)
			residual_begin(&g->test[i].chain.residual);
}

void
detgroup_forget(struct detgroup *g, const struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->tests && g->started; i++) {
		detlearn_forget(
		    s->kind, g->test[i].detector, &g->test[i].chain);
		ending_free(&g->test[i].ending);
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
	for (size_t i = 0; i < s->tests; i++)
		detnames_free(&g->test[i].names);
	seqlog_free(&g->log);
	free(g);
}
