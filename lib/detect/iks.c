#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "detect/iks.h"

static struct iks_params
with_defaults(struct iks_params p)
{
	if (p.window == 0)
		p.window = IKS_WINDOW;
	if (p.policy == IKS_TUMBLING)
		p.step = p.window;
	else if (p.step == 0)
		p.step = 1;
	return p;
}

static void
free_slide(struct iks *d)
{
	if (d->u.slide != NULL)
		iks_slide_free(d->u.slide);
	free(d->u.slide);
}

/* From a reference, or from that of another one. */
static const char *
begin_slide(
    struct iks *d, const double *ref, size_t n, const struct iks_slide *other)
{
	const char *why = NO_MEMORY;

	d->u.slide = calloc(1, sizeof(*d->u.slide));
	if (d->u.slide != NULL)
		why = other != NULL
			  ? iks_slide_share(d->u.slide, other)
			  : iks_slide_init(d->u.slide, ref, n, d->of->m);
	if (why != NULL)
		free_slide(d);
	return why;
}

static void
leave(struct iks_common *c)
{
	if (--c->users == 0)
		free(c);
}

/* A stream of c's, from a reference, or from that of another one. */
static const char *
begin(struct iks *d, struct iks_common *c, const double *ref,
    const struct iks *other)
{
	const char *why;

	*d = (struct iks){.of = c, .wait = c->m};
	if (c->p.policy == IKS_SLIDING)
		why = begin_slide(
		    d, ref, c->n, other != NULL ? other->u.slide : NULL);
	else if (other != NULL)
		why = iks_fixed_share(&d->u.fixed, &other->u.fixed);
	else
		why = iks_fixed_init(
		    &d->u.fixed, ref, c->n, c->m, c->p.memo != NULL);
	if (why != NULL)
		leave(c);
	return why;
}

const char *
iks_init(void *iks, const void *params, const double *ref, size_t n)
{
	const struct iks_params *p = params;
	size_t m = iks_window(p), most = n > m ? n : m;
	struct iks_common *c;

	if (n == 0)
		return "the reference is empty";
	if (most > COUNT_MOST || most >= (size_t)1 << 30)
		return "the window or the reference is too large";
	c = malloc(sizeof(*c));
	if (c == NULL)
		return NO_MEMORY;
	*c = (struct iks_common){1, with_defaults(*p), n, m};
	return begin(iks, c, ref, NULL);
}

const char *
iks_share(void *iks, const void *other)
{
	const struct iks *o = other;

	o->of->users++;
	return begin(iks, o->of, NULL, o);
}

static double
location(const struct iks *d)
{
	int up = d->hi >= -d->lo;

	if (d->of->p.policy == IKS_SLIDING)
		return iks_slide_at(d->u.slide, up);
	return iks_fixed_at(&d->u.fixed, up, up ? d->hi : d->lo);
}

/* The window is full. */
static double
p_value(const struct iks *d)
{
	int64_t n = (int64_t)d->of->n, m = (int64_t)d->of->m;
	int64_t *block = malloc((d->of->n + d->of->m) * sizeof *block);
	double *window = malloc(d->of->m * sizeof *window), p = NAN;
	size_t blocks;

	if (block && window) {
		blocks = d->of->p.policy == IKS_SLIDING
			     ? iks_slide_ties(d->u.slide, block)
			     : iks_fixed_ties(&d->u.fixed, window, block);
		p = ks_pvalue_memo(d->of->p.memo, n, m,
		    d->hi > -d->lo ? d->hi : -d->lo, block, blocks);
	}
	free(block);
	free(window);
	return p;
}

void
iks_add(void *iks, double x)
{
	struct iks *d = iks;

	if (d->of->p.policy == IKS_SLIDING)
		iks_slide_add(d->u.slide, x);
	else
		iks_fixed_add(&d->u.fixed, x);
	if (--d->wait > 0)
		return;
	d->wait = d->of->p.step;
	d->ready = 1;
	if (d->of->p.policy == IKS_SLIDING)
		iks_slide_extremes(d->u.slide, &d->hi, &d->lo);
	else if (iks_fixed_extremes(&d->u.fixed, &d->hi, &d->lo) < 0)
		d->failed = 1;
	if (d->failed)
		return;
	if (d->of->p.step > 1)
		d->at = location(d);
	if (d->of->p.memo)
		d->pvalue = p_value(d);
}

/* n m times the statistic */
static int64_t
numerator(const struct iks *d)
{
	if (d->of->p.kuiper)
		return d->hi - d->lo;
	return d->hi > -d->lo ? d->hi : -d->lo;
}

int
iks_value(const void *iks, double *stat)
{
	const struct iks *d = iks;

	if (d->ready)
		*stat = (double)numerator(d) /
			((double)d->of->n * (double)d->of->m);
	if (d->failed)
		*stat = NAN;
	return d->ready;
}

int
iks_stat(const struct iks *d, struct iks_stat *s)
{
	double unit = (double)d->of->n * (double)d->of->m;

	if (!d->ready)
		return 0;
	s->num = d->hi > -d->lo ? d->hi : -d->lo;
	s->ks = (double)s->num / unit;
	s->kuiper = (double)(d->hi - d->lo) / unit;
	s->stat = d->of->p.kuiper ? s->kuiper : s->ks;
	s->plus = (double)d->hi / unit;
	s->minus = (double)-d->lo / unit;
	s->p = d->of->p.memo ? d->pvalue : NAN;
	return 1;
}

double
iks_at(const struct iks *d)
{
	return d->of->p.step > 1 ? d->at : location(d);
}

void
iks_print(void *iks, struct buf *out)
{
	struct iks *d = iks;
	struct iks_stat s;

	iks_stat(d, &s);
	/* Not buf_key, for each record has these. */
	buf_str(out, ",\"plus\":");
	buf_real(out, s.plus);
	buf_str(out, ",\"minus\":");
	buf_real(out, s.minus);
	buf_str(out, ",\"at\":");
	buf_real_again(out,
	    d->of->p.policy == IKS_SLIDING ? &d->u.slide->place
					   : &d->u.fixed.ref->place,
	    iks_at(d));
	if (d->of->p.kuiper)
		buf_key_real(out, "ks", s.ks);
	if (d->of->p.memo != NULL)
		buf_key_real(out, "p", s.p);
}

void
iks_reset(void *iks)
{
	struct iks *d = iks;

	d->wait = d->of->m;
	d->ready = 0;
	if (d->of->p.policy == IKS_SLIDING)
		iks_slide_reset(d->u.slide);
	else
		iks_fixed_reset(&d->u.fixed);
}

void
iks_state(void *iks, struct store *s)
{
	struct iks *d = iks;
	int ready = d->ready;
	size_t held;

	store_size(s, "wait", &d->wait, 1, SIZE_MAX);
	store_int(s, "ready", &ready, 0, 1);
	d->ready = ready != 0;
	store_i64(s, "hi", &d->hi);
	store_i64(s, "lo", &d->lo);
	store_real(s, "at", &d->at);
	store_real(s, "pvalue", &d->pvalue);
	if (d->of->p.policy == IKS_SLIDING)
		iks_slide_state(d->u.slide, s);
	else
		iks_fixed_state(&d->u.fixed, s);
	held = d->of->p.policy == IKS_SLIDING ? d->u.slide->held
					      : d->u.fixed.held;
	if (s->why == NULL && held < d->of->m &&
	    (d->ready || d->wait < d->of->m - held))
		store_refuse(s, "a test before the window is full");
}

void
iks_free(void *iks)
{
	struct iks *d = iks;

	if (d->of->p.policy == IKS_SLIDING)
		free_slide(d);
	else
		iks_fixed_free(&d->u.fixed);
	leave(d->of);
}

size_t
iks_window(const void *params)
{
	const struct iks_params *p = params;

	return with_defaults(*p).window;
}

double
iks_simulate(
    const void *params, size_t n, unsigned long long horizon, struct rng *r)
{
	const struct iks_params *p = params;
	double *ref = malloc((n + !n) * sizeof *ref);
	struct iks_params plain = *p;
	int64_t max = -1;
	double unit;
	struct iks d;

	if (!ref)
		return NAN;
	for (size_t i = 0; i < n; i++)
		ref[i] = rng_uniform(r);
	plain.memo = NULL;
	if (iks_init(&d, &plain, ref, n)) {
		free(ref);
		return NAN;
	}
	free(ref);
	for (unsigned long long t = 0; t < horizon; t++) {
		iks_add(&d, rng_uniform(r));
		if (d.ready && numerator(&d) > max)
			max = numerator(&d);
	}
	unit = (double)d.of->n * (double)d.of->m;
	if (d.failed)
		unit = NAN;
	iks_free(&d);
	return max < 0 && !isnan(unit) ? -INFINITY : (double)max / unit;
}

void
iks_key(const void *params, size_t n, struct buf *out)
{
	const struct iks_params *p = params;

	(void)n;
	buf_str(out, "iks-window=");
	buf_int(out, (long long)p->window);
	if (p->policy == IKS_TUMBLING)
		buf_str(out, "-tumbling");
	if (p->policy == IKS_SLIDING)
		buf_str(out, "-sliding");
	if (p->policy != IKS_TUMBLING && p->step > 1) {
		buf_str(out, "-step=");
		buf_int(out, (long long)p->step);
	}
	if (p->kuiper)
		buf_str(out, "-kuiper");
}
