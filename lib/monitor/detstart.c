#include <math.h>
#include <stdlib.h>

#include "monitor/detstart.h"
#include "tool/err.h"

/* A value of a group's field as it is said: a string without its quotes. */
static void
put_value(struct buf *b, const char *value, size_t len)
{
	const struct json_span s = {value, len, JSON_STRING};
	char text[INTERN_LONGEST + 1];

	if (*value != '"') {
		buf_put(b, value, len);
		return;
	}
	json_text(&s, text, sizeof(text));
	buf_str(b, text);
}

/* What messages of the group begin with: "camera cam0: ", or nothing. */
static void
put_name(
    const struct detgroup *g, const struct detgroup_setup *s, struct buf *b)
{
	size_t len;
	const char *value = detgroup_value(g, s, &len);

	if (value != NULL) {
		buf_str(b, s->field);
		buf_str(b, " ");
		put_value(b, value, len);
		buf_str(b, ": ");
	}
	buf_put(b, "", 1);
	if (b->failed)
		err_memory();
}

/* What the detector has to say of its reference. */
static void
say_remark(struct detgroup_setup *s, const void *detector, const char *name)
{
	void (*say)(const char *, ...) = s->remarked > 0 ? err_info : err_warn;
	struct buf b = {0};

	if (s->kind->verbs->remark == NULL)
		return;
	s->kind->verbs->remark(detector, &b);
	if (b.len > 0) {
		say("%s%.*s", name, (int)b.len, b.p);
		s->remarked++;
	}
	buf_free(&b);
}

/* The pool of each record of the reference, or NULL; free it. */
static uint32_t *
find_pools(struct detgroup *g, const struct detgroup_setup *s, const char *name)
{
	uint32_t *pool;

	if (s->context == NULL)
		return NULL;
	g->pools = detpools_new(s->context, g->kept->code, g->learnt);
	detpools_say(g->pools, s->context, name);
	pool = err_malloc(g->learnt * sizeof(*pool));
	for (size_t i = 0; i < g->learnt; i++)
		pool[i] = g->pools->pool[g->kept->code[i]];
	return pool;
}

static void
teach_test(
    struct detgroup *g, struct detgroup_setup *s, size_t i, struct detlearn *l)
{
	const struct kind_verbs *verbs = s->kind->verbs;
	const char *const *names = (const char *const *)s->watched.name;
	struct detgroup_test *test = &g->test[i];

	l->field = names + i;
	l->rows = g->kept->test[i].reference;
	test->chain = detlearn_test(l, test->detector);
	if (verbs->fields != NULL)
		verbs->fields(test->detector, names);
	if (g->pools != NULL && verbs->contexts != NULL)
		verbs->contexts(
		    test->detector, g->pools->pools, g->pools->rounds);
	say_remark(s, test->detector, l->group);
}

void
detstart_teach(struct detgroup *g, struct detgroup_setup *s)
{
	struct buf name = {0};
	struct detlearn l = {
	    .kind = s->kind,
	    .n = g->learnt,
	    .width = s->width,
	    .precedes = !g->from_file,
	    .dependence = g->plain ? DETLEARN_NONE : s->dependence,
	    .told = s->dependent > 0,
	};
	uint32_t *pool;

	put_name(g, s, &name);
	l.group = name.p;
	if (g->kept == NULL) /* it has no reference */
		detgroup_room(g, s, 1);
	pool = find_pools(g, s, name.p);
	if (pool != NULL) {
		l.pool = pool;
		l.pools = g->pools->pools;
	}
	for (size_t i = 0; i < s->tests; i++)
		teach_test(g, s, i, &l);
	s->dependent += (unsigned)l.warned;
	buf_free(&name);
	free(pool);
	g->started = 1;
	for (size_t i = 0; i < s->tests; i++)
		detgroup_tell_names(g, s, i);
	detgroup_seed(g, s);
}

static void
find_limits(struct detgroup *g, struct detgroup_setup *s)
{
	struct detlimit_test *t = err_calloc(s->tests, sizeof(*t));

	for (size_t i = 0; i < s->tests; i++) {
		const struct residual *r = detlearn_residual(g->test[i].chain);

		t[i].detector = g->test[i].detector;
		t[i].value = g->kept->test[i].reference;
		t[i].ar = r != NULL ? residual_most(r) : NULL;
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
detstart_rehearse(struct detgroup_setup *s)
{
	struct detgroup_setup plain = *s;
	struct detgroup *g;

	/* Rows that are made up have no covariance. */
	if (s->kind->verbs->init == NULL)
		return;
	plain.context = NULL;
	g = detgroup_new(&plain, DETGROUP_COMMON);
	for (size_t n = 0; n < s->reference_size; n++) {
		for (size_t i = 0; i < s->tests; i++)
			s->x[i] = s->kind->classes ? 0 : (double)n;
		detgroup_learn(g, &plain);
	}
	g->plain = 1;
	detstart_teach(g, &plain);
	fill_window(g, s);
	/* These limits depend on what the reference will be. */
	if (!s->limit.resample && s->kind->verbs->digest == NULL &&
	    s->context == NULL)
		find_limits(g, s);
	detgroup_free(g, &plain);
}

void
detstart_group(struct detgroup *g, struct detgroup_setup *s)
{
	detstart_teach(g, s);
	find_limits(g, s);
	detgroup_settle(g, s);
	g->wanted = g->learnt;
	g->fed = 0;
	seqlog_free(&g->log);
}

void
detstart_report(const struct detgroup_setup *s)
{
	if (s->dependent > 1)
		err_warn("%llu references have records that depend so much on "
			 "those before them: -v names each",
		    s->dependent);
	if (s->remarked > 1)
		err_warn("%llu references have constant fields, or few records "
			 "for their number: -v names each",
		    s->remarked);
}
