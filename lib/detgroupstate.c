#include <math.h>

#include "detgroup.h"
#include "err.h"

/* What a group without a reference of its own begins with. */
static void
recall_references(struct detgroup *g, struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->fields; i++)
		if (g->started)
			s->kind->free(g->field[i].detector);
	g->started = 0;
	for (size_t i = 0; i < s->fields; i++) {
		struct detgroup_field *f = &g->field[i];

		f->reference = err_realloc(
		    f->reference, (g->learnt + 1) * sizeof(double));
	}
	g->room = g->learnt + 1;
}

/* A categorical value is a code of names. */
static void
check_codes(const struct detgroup *g, const struct detgroup_field *f,
    const struct detgroup_setup *s, struct store *to)
{
	for (size_t i = 0; s->kind->classes != NULL && i < g->learnt; i++) {
		double x = f->reference[i];

		if (!(x >= 0 && x < (double)*s->kind->classes && x == floor(x)))
			store_refuse(to, "no code of a class");
	}
}

static void
references_state(
    struct detgroup *g, const struct detgroup_setup *s, struct store *to)
{
	store_open(to, "references", '[');
	for (size_t i = 0; i < s->fields; i++) {
		struct detgroup_field *f = &g->field[i];

		store_open(to, NULL, '{');
		store_reals(to, "values", f->reference, g->learnt);
		check_codes(g, f, s, to);
		store_close(to, '}');
	}
	store_close(to, ']');
}

static void
field_state(struct detgroup *g, struct detgroup_field *f,
    const struct detgroup_setup *s, struct store *to)
{
	size_t recent = g->fed < s->window ? (size_t)g->fed : s->window;

	store_open(to, NULL, '{');
	store_int(to, "alarm", &f->alarm, 0, 1);
	store_real(to, "stat", &f->stat);
	store_reals(to, "recent", f->recent, recent);
	store_open(to, "detector", '{');
	s->kind->state(f->detector, to);
	store_close(to, '}');
	store_close(to, '}');
}

/* The detectors have learnt; what they have seen since. */
static void
started_state(struct detgroup *g, struct detgroup_setup *s, struct store *to)
{
	store_open(to, "limits", '[');
	for (size_t i = 0; i < s->fields; i++)
		store_real(to, NULL, &g->field[i].limit);
	store_close(to, ']');
	if (store_reading(to))
		detgroup_settle(g, s);
	store_count(to, "fed", &g->fed);
	seqlog_state(&g->log, to);
	store_open(to, "fields", '[');
	for (size_t i = 0; i < s->fields; i++)
		field_state(g, &g->field[i], s, to);
	store_close(to, ']');
}

void
detgroup_state(struct detgroup *g, struct detgroup_setup *s, struct store *to)
{
	int started = g->started, own = !g->from_file;

	store_open(to, NULL, '{');
	store_int(to, "own", &own, 0, 1);
	store_int(to, "started", &started, 0, 1);
	store_int(to, "tested", &g->tested, 0, 1);
	store_int(to, "alarm", &g->alarm, 0, 1);
	store_size(to, "wanted", &g->wanted, 0, (size_t)1 << 40);
	for (size_t i = 0; s->kind->classes != NULL && i < s->fields; i++)
		intern_state(&g->field[i].names, "names", to);
	if (own) {
		g->from_file = 0;
		store_size(to, "learnt", &g->learnt, 0, g->wanted);
		/* A value takes a byte of the text, and a comma. */
		if (store_reading(to) && g->learnt > (size_t)(to->end - to->p))
			store_refuse(to, "more values than there can be");
		if (store_reading(to) && to->why == NULL)
			recall_references(g, s);
		if (to->why == NULL)
			references_state(g, s, to);
		if (store_reading(to) && to->why == NULL && started)
			detgroup_teach(g, s);
	}
	if (store_reading(to) && to->why == NULL && started != g->started)
		store_refuse(to, "a reference that is not here");
	if (started && to->why == NULL)
		started_state(g, s, to);
	store_close(to, '}');
}
