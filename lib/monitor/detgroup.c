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
	detlimit_free(&s->limit);
}

void
detgroup_init(struct detgroup *g, const struct detgroup_setup *s)
{
	*g = (struct detgroup){.wanted = s->reference_size};
	g->test = err_calloc(s->tests, sizeof(*g->test));
	if (s->context != NULL && s->window > 0)
		g->recent = err_calloc(s->window, sizeof(*g->recent));
	for (size_t i = 0; i < s->tests; i++) {
		struct detgroup_test *test = &g->test[i];

		test->detector = err_calloc(1, s->kind->verbs->size);
		if (s->window > 0)
			test->recent = err_calloc(
			    s->window * s->width, sizeof(*test->recent));
		if (s->kind->classes == 0)
			continue;
		test->names = err_calloc(1, sizeof(*test->names));
		intern_init(test->names, s->kind->classes);
	}
}

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
		long code = intern_code(g->test[i].names, &found[i]);

		if (code == INTERN_NO_MEMORY)
			err_memory();
		if (code < 0)
			return 0;
		s->x[i] = (double)code;
	}
	return 1;
}

int
detgroup_values(
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
detgroup_context(
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

void
detgroup_room(struct detgroup *g, const struct detgroup_setup *s, size_t room)
{
	g->room = room;
	if (s->context != NULL)
		g->code = err_realloc(g->code, room * sizeof(*g->code));
	for (size_t i = 0; i < s->tests; i++)
		g->test[i].reference = err_realloc(
		    g->test[i].reference, room * s->width * sizeof(double));
}

void
detgroup_learn(struct detgroup *g, const struct detgroup_setup *s)
{
	/* Few at first: many groups may have no more than one record. */
	if (g->learnt == g->room)
		detgroup_room(g, s, g->room ? g->room * 2 : 4);
	if (s->context != NULL)
		g->code[g->learnt] = s->code;
	for (size_t i = 0; i < s->tests; i++)
		memcpy(g->test[i].reference + g->learnt * s->width,
		    s->x + i * s->width, s->width * sizeof(double));
	g->learnt++;
}

/* Gives the classes the codes that they have in from. */
static void
copy_names(struct intern *names, const struct intern *from)
{
	struct buf text = {0};

	for (size_t code = 0; names != NULL && code < from->n; code++) {
		struct json_span v;

		text.len = 0;
		intern_put(from, code, &text);
		v = (struct json_span){
		    text.p, text.len, json_type_of((unsigned char)*text.p)};
		if (intern_code(names, &v) < 0)
			err_memory();
	}
	buf_free(&text);
}

void
detgroup_copy(struct detgroup *g, const struct detgroup_setup *s,
    const struct detgroup *from)
{
	size_t size = from->learnt * s->width * sizeof(double);

	g->model = from->model;
	g->learnt = from->learnt;
	detgroup_room(g, s, g->learnt);
	if (s->context != NULL)
		memcpy(g->code, from->code, g->learnt * sizeof(*g->code));
	for (size_t i = 0; i < s->tests; i++) {
		memcpy(g->test[i].reference, from->test[i].reference, size);
		copy_names(g->test[i].names, from->test[i].names);
	}
}

static void
find_limits(struct detgroup *g, struct detgroup_setup *s)
{
	struct detlimit_test *t = err_calloc(s->tests, sizeof(*t));

	for (size_t i = 0; i < s->tests; i++) {
		const struct residual_fit *fit = g->test[i].chain.residual.fit;

		t[i].detector = g->test[i].detector;
		t[i].value = g->test[i].reference;
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
	g->pools = detpools_new(s->context, g->code, g->learnt);
	detpools_say(g->pools, s->context);
	pool = err_malloc(g->learnt * sizeof(*pool));
	for (size_t i = 0; i < g->learnt; i++)
		pool[i] = g->pools->pool[g->code[i]];
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

	if (pool != NULL) {
		l.pool = pool;
		l.pools = g->pools->pools;
	}
	for (size_t i = 0; i < s->tests; i++) {
		struct detgroup_test *test = &g->test[i];

		l.field = (const char *const *)s->watched.name + i;
		l.rows = test->reference;
		detlearn_test(&l, test->detector, &test->chain);
		if (s->kind->verbs->fields != NULL)
			s->kind->verbs->fields(test->detector,
			    (const char *const *)s->watched.name);
		if (g->pools != NULL && s->kind->verbs->contexts != NULL)
			s->kind->verbs->contexts(
			    test->detector, g->pools->pools, g->pools->rounds);
		say_remark(s, test->detector);
		if (s->kind->verbs->names != NULL)
			s->kind->verbs->names(test->detector, test->names);
	}
	free(pool);
	g->started = 1;
}

void
detgroup_teach(struct detgroup *g, const struct detgroup_setup *s)
{
	teach(g, s, g->plain ? DETLEARN_NONE : s->dependence);
}

static void
drop_reference(struct detgroup *g, const struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->tests; i++) {
		free(g->test[i].reference);
		g->test[i].reference = NULL;
	}
	free(g->code);
	g->code = NULL;
	g->room = 0;
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
		drop_reference(g, s);
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
		copy_names(test->names, from->test[i].names);
		if (s->kind->verbs->names != NULL)
			s->kind->verbs->names(test->detector, test->names);
		test->limit = from->test[i].limit;
	}
	g->started = g->from_file = 1;
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
	struct detgroup g;

	/* Rows that are made up have no covariance. */
	if (s->kind->verbs->init == NULL)
		return;
	plain.context = NULL;
	detgroup_init(&g, s);
	for (size_t n = 0; n < s->reference_size; n++) {
		for (size_t i = 0; i < s->tests; i++)
			s->x[i] = s->kind->classes ? 0 : (double)n;
		detgroup_learn(&g, &plain);
	}
	teach(&g, &plain, DETLEARN_NONE);
	fill_window(&g, s);
	/* These limits depend on what the reference will be. */
	if (!s->limit.resample && s->kind->verbs->digest == NULL &&
	    s->context == NULL)
		find_limits(&g, s);
	detgroup_free(&g, s);
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
	detgroup_forget(g, s);
	drop_reference(g, s);
	free(g->recent);
	for (size_t i = 0; i < s->tests; i++) {
		struct detgroup_test *test = &g->test[i];

		free(test->detector);
		free(test->recent);
		if (test->names != NULL)
			intern_free(test->names);
		free(test->names);
	}
	seqlog_free(&g->log);
	free(g->test);
}
