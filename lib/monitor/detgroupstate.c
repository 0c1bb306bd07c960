#include <math.h>

#include "monitor/detgroupstate.h"
#include "monitor/detstart.h"
#include "base/memory.h"
#include "tool/err.h"

/* What a group without a reference of its own begins with. */
static void
recall_references(struct detgroup *g, struct detgroup_setup *s)
{
	detgroup_forget(g, s);
	detgroup_room(g, s, g->learnt + 1);
}

static void
flag_state(struct store *to, const char *name, uint8_t *flag)
{
	int x = *flag;

	store_int(to, name, &x, 0, 1);
	*flag = (uint8_t)x;
}

/* A categorical value is a code of names. */
static void
check_codes(
    const struct detgroup_setup *s, struct store *to, const double *x, size_t n)
{
	double classes = (double)s->kind->classes;

	for (size_t i = 0; classes > 0 && i < n; i++)
		if (!(x[i] >= 0 && x[i] < classes && x[i] == floor(x[i])))
			store_refuse(to, "no code of a class");
}

/* The numbers of some records' contexts. */
static void
codes_state(const struct detgroup_setup *s, struct store *to, const char *name,
    uint32_t *code, size_t n)
{
	size_t known = s->context != NULL ? s->context->known.n : 0;

	if (s->context != NULL && n > 0 && known == 0)
		store_refuse(to, "a context that is not there");
	else if (s->context != NULL)
		store_u32s(to, name, code, n, (uint32_t)(known - 1));
}

static void
references_state(
    struct detgroup *g, const struct detgroup_setup *s, struct store *to)
{
	store_open(to, "references", '[');
	for (size_t i = 0; i < s->tests; i++) {
		double *row = g->kept ? g->kept->test[i].reference : NULL;

		store_open(to, NULL, '{');
		store_reals(to, "values", row, g->learnt * s->width);
		check_codes(s, to, row, g->learnt);
		store_close(to, '}');
	}
	store_close(to, ']');
	codes_state(
	    s, to, "contexts", g->kept ? g->kept->code : NULL, g->learnt);
}

/* Of an alarm that began before there was any, there is none. */
static void
ending_of(struct detgroup_test *test, const struct detgroup_setup *s,
    struct store *to)
{
	const struct kind_verbs *verbs = s->kind->verbs;
	size_t parts;

	if (!store_optional(to, "ending", test->ending != NULL))
		return;
	parts = verbs->parts != NULL ? verbs->parts(test->detector) : 0;
	if (!test->alarm || s->after != DETGROUP_HOLD || parts == 0) {
		store_refuse(to, "an end that is not awaited");
		return;
	}
	if (store_reading(to))
		detgroup_await_end(test, parts);
	store_open(to, "ending", '{');
	ending_state(test->ending, to);
	store_close(to, '}');
}

static void
field_state(struct detgroup *g, size_t i, const struct detgroup_setup *s,
    struct store *to)
{
	struct detgroup_test *test = &g->test[i];
	struct residual *residual = detlearn_residual(test->chain);
	double *row = s->window > 0 ? g->kept->test[i].recent : NULL;
	size_t recent = g->fed < s->window ? (size_t)g->fed : s->window;

	store_open(to, NULL, '{');
	flag_state(to, "alarm", &test->alarm);
	store_real(to, "stat", &test->stat);
	store_reals(to, "recent", row, recent * s->width);
	/* They may become the reference. */
	check_codes(s, to, row, recent);
	if (residual != NULL) {
		store_open(to, "residual", '{');
		residual_state(residual, to);
		store_close(to, '}');
	}
	store_open(to, "detector", '{');
	s->kind->verbs->state(test->detector, to);
	store_close(to, '}');
	ending_of(test, s, to);
	store_close(to, '}');
}

/* The detectors have learnt; what they have seen since. */
static void
started_state(struct detgroup *g, struct detgroup_setup *s, struct store *to)
{
	store_open(to, "limits", '[');
	for (size_t i = 0; i < s->tests; i++)
		store_real(to, NULL, &g->test[i].limit);
	store_close(to, ']');
	if (store_reading(to))
		detgroup_settle(g, s);
	store_count(to, "fed", &g->fed);
	seqlog_state(&g->log, to);
	if (s->window > 0)
		codes_state(s, to, "recent_contexts", g->kept->recent_code,
		    g->fed < s->window ? (size_t)g->fed : s->window);
	store_open(to, "fields", '[');
	for (size_t i = 0; i < s->tests; i++)
		field_state(g, i, s, to);
	store_close(to, ']');
}

/*
 * Whether any test is given residuals. Before there were any, none was: such a
 * group goes on as it began.
 */
static void
dependence_state(struct detgroup *g, const struct detgroup_setup *s, int own,
    struct store *to)
{
	int here = 0, there;

	for (size_t i = 0; i < s->tests; i++)
		here |= detlearn_residual(g->test[i].chain) != NULL;
	there = store_optional(to, "dependent", here);
	if (there)
		store_int(to, "dependent", &there, 1, 1);
	if (!store_reading(to))
		return;
	g->plain = !there;
	if (!own && here != there)
		store_refuse(to, "made when no dependence was looked for: "
				 "'--dependence none' goes on");
}

/* What is random in those that have started goes on as it was. */
static void
turn_state(struct detgroup *g, const struct detgroup_setup *s, struct store *to)
{
	size_t turn = g->turn;

	if (s->kind->verbs->seed == NULL ||
	    !store_optional(to, "turn", turn > 0))
		return;
	store_size(to, "turn", &turn, 1, UINT32_MAX);
	g->turn = (uint32_t)turn;
	if (store_reading(to) && g->started)
		detgroup_seed(g, s);
}

static void
names_state(struct detgroup *g, const struct detgroup_setup *s, size_t i,
    struct store *to)
{
	detnames_state(&g->names[i], to);
	detgroup_tell_names(g, s, i);
}

void
detgroupstate_store(
    struct detgroup *g, struct detgroup_setup *s, struct store *to)
{
	int started = g->started, own = !g->from_file;
	struct recmodel model = *detgroup_model(g, s);

	store_open(to, NULL, '{');
	store_int(to, "own", &own, 0, 1);
	store_int(to, "started", &started, 0, 1);
	flag_state(to, "tested", &g->tested);
	flag_state(to, "alarm", &g->alarm);
	store_size(to, "wanted", &g->wanted, 0, COUNT_MOST);
	recmodel_state(&model, to);
	detgroup_is_of(g, s, &model);
	turn_state(g, s, to);
	for (size_t i = 0; s->kind->classes > 0 && i < s->tests; i++)
		names_state(g, s, i, to);
	if (started)
		dependence_state(g, s, own, to);
	if (own) {
		g->from_file = 0;
		store_size(to, "learnt", &g->learnt, 0, g->wanted);
		/* A value takes a byte of the text, and a comma. */
		if (store_reading(to) &&
		    g->learnt > (size_t)(to->end - to->p) / s->width)
			store_refuse(to, "more values than there can be");
		if (store_reading(to) && to->why == NULL)
			recall_references(g, s);
		if (to->why == NULL)
			references_state(g, s, to);
		if (store_reading(to) && to->why == NULL && started)
			detstart_teach(g, s);
	}
	if (store_reading(to) && to->why == NULL && started != g->started)
		store_refuse(to, "a reference that is not here");
	if (started && to->why == NULL)
		started_state(g, s, to);
	store_close(to, '}');
}
