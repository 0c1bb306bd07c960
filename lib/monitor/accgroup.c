#include <stdlib.h>

#include "accuracy/realised.h"
#include "detect/ending.h"
#include "monitor/accgroup.h"
#include "tool/err.h"

/* By how much accuracy has fallen, as estimated. */
static double
fall_of(const struct accgroup *g, const struct accgroup_rule *r)
{
	return r->learnt->accuracy - g->window.last.accuracy;
}

/* Hysteresis, as the detectors have it. */
static int
has_fallen(const struct accgroup *g, const struct accgroup_rule *r)
{
	double fall = fall_of(g, r), limit = r->limit;

	return fall > limit || (g->alarm && fall > ENDING_SHARE * limit);
}

static void
put_alarm(struct buf *b, int alarm, int event)
{
	buf_key(b, "alarm");
	buf_str(b, alarm ? "true" : "false");
	if (event)
		buf_key_str(b, "event", "drift");
}

static void
put_object(struct buf *b, const char *name, double x, double low, double high)
{
	buf_key(b, name);
	buf_str(b, "{");
	/* The first one of an object has no comma. */
	buf_str(b, "\"accuracy\":");
	buf_real(b, x);
	buf_key_real(b, "low", low);
	buf_key_real(b, "high", high);
}

/* What truth says of the window, and what the estimate becomes by it. */
static void
put_realised(struct buf *b, const struct accgroup *g, size_t window)
{
	const struct estimate *e = &g->window.last, *c;
	struct realised r;

	realised_by(&r, e, g->truth, window);
	if (r.n == 0)
		return;
	put_object(b, "realised", r.accuracy, r.low, r.high);
	buf_key_int(b, "n", (long long)r.n);
	buf_key_real(b, "bias", e->accuracy - r.accuracy);
	buf_str(b, "}");
	c = &r.corrected;
	put_object(b, "corrected", c->accuracy, c->low, c->high);
	buf_str(b, "}");
}

/* The member of all records until the next estimate, but for its event. */
static void
put_member(struct accgroup *g, const struct accgroup_rule *r)
{
	static const char *const name[] = {
	    "cbpe", "atc", "doc", "cot", "cott", "em", "fit"};
	const struct estimate *e = &g->window.last;
	struct buf *b = &g->member;

	b->len = 0;
	buf_key(b, r->instance);
	g->object = b->len;
	buf_str(b, "{");
	if (!estimate_known(&g->window, r->learnt)) {
		put_alarm(b, 0, 0);
		buf_str(b, ",\"state\":\"filling\"}");
		return;
	}
	put_alarm(b, g->alarm, g->event);
	buf_key_real(b, "accuracy", e->accuracy);
	buf_key_real(b, "low", e->low);
	buf_key_real(b, "high", e->high);
	buf_key_str(b, "method", name[e->method]);
	buf_key_int(b, "window", (long long)r->learnt->window);
	if (g->truth != NULL)
		put_realised(b, g, r->learnt->window);
	buf_str(b, ",\"tests\":[{\"field\":\"accuracy\"");
	buf_key_real(b, "stat", fall_of(g, r));
	buf_key_real(b, "limit", r->limit);
	put_alarm(b, g->alarm, g->event);
	buf_str(b, "}]}");
}

struct accgroup *
accgroup_new(const struct accgroup_rule *r)
{
	struct accgroup *g = err_calloc(1, sizeof(*g));
	size_t window = r->learnt->window;

	if (estimate_init(&g->window, r->learnt) < 0)
		err_memory();
	if (r->truths)
		g->truth = err_calloc(window, sizeof(*g->truth));
	if (r->asks)
		accask_init(&g->ask, window);
	for (size_t i = 0; g->truth != NULL && i < window; i++)
		g->truth[i] = REALISED_UNKNOWN;
	put_member(g, r);
	return g;
}

enum accgroup_news
accgroup_add(struct accgroup *g, const struct accgroup_rule *r,
    struct transport *solver, const double *p, uint32_t truth)
{
	size_t at = g->window.next;
	int before = g->alarm, had = g->event;
	int new = estimate_add(
	    &g->window, r->learnt, solver, r->method, r->stride, p);

	if (new < 0)
		err_memory();
	if (g->truth != NULL)
		g->truth[at] = truth;
	if (new)
		g->alarm = has_fallen(g, r);
	g->event = g->alarm && !before;
	if (new || had)
		put_member(g, r);
	return g->event ? ACCGROUP_EVENT
	       : new    ? ACCGROUP_ESTIMATE
			: ACCGROUP_SAME;
}

void
accgroup_state(
    struct accgroup *g, const struct accgroup_rule *r, struct store *s)
{
	store_open(s, NULL, '{');
	store_int(s, "alarm", &g->alarm, 0, 1);
	estimate_state(&g->window, r->learnt, s);
	if (g->truth != NULL && store_optional(s, "truth", 1))
		store_u32s(
		    s, "truth", g->truth, r->learnt->window, REALISED_UNKNOWN);
	store_close(s, '}');
	if (store_reading(s) && s->why == NULL)
		put_member(g, r);
}

void
accgroup_free(struct accgroup *g)
{
	estimate_free(&g->window);
	buf_free(&g->member);
	free(g->truth);
	accask_free(&g->ask);
	free(g);
}
