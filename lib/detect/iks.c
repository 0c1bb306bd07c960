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
	d->u.slide = NULL;
}

/* From a reference, or from that of another one. */
static const char *
begin_slide(
    struct iks *d, const double *ref, size_t n, const struct iks_slide *other)
{
	const char *why = NO_MEMORY;

	d->u.slide = calloc(1, sizeof(*d->u.slide));
	if (d->u.slide != NULL)
		why = other != NULL ? iks_slide_share(d->u.slide, other)
				    : iks_slide_init(d->u.slide, ref, n, d->m);
	if (why != NULL) {
		free(d->u.slide);
		d->u.slide = NULL;
	}
	return why;
}

const char *
iks_init(void *iks, const void *params, const double *ref, size_t n)
{
	const struct iks_params *p = params;
	struct iks *d = iks;

	*d = (struct iks){.p = with_defaults(*p), .n = n};
	d->m = d->wait = d->p.window;
	if (n == 0)
		return "the reference is empty";
	if (n >= (size_t)1 << 30 || (uint64_t)d->m >> 32 > 0)
		return "window times reference size is too large";
	if (d->p.policy == IKS_SLIDING)
		return begin_slide(d, ref, n, NULL);
	return iks_fixed_init(&d->u.fixed, ref, n, d->m, d->p.memo != NULL);
}

const char *
iks_share(void *iks, const void *other)
{
	const struct iks *o = other;
	struct iks *d = iks;

	*d = (struct iks){.p = o->p, .n = o->n, .m = o->m, .wait = o->m};
	if (d->p.policy == IKS_SLIDING)
		return begin_slide(d, NULL, o->n, o->u.slide);
	return iks_fixed_share(&d->u.fixed, &o->u.fixed);
}

static double
location(const struct iks *d)
{
	int up = d->hi >= -d->lo;

	if (d->p.policy == IKS_SLIDING)
		return iks_slide_at(d->u.slide, up);
	return iks_fixed_at(&d->u.fixed, up, up ? d->hi : d->lo);
}

/* The window is full. */
static double
p_value(const struct iks *d)
{
	int64_t n = (int64_t)d->n, m = (int64_t)d->m;
	int64_t *block = malloc((d->n + d->m) * sizeof *block);
	double *window = malloc(d->m * sizeof *window), p = NAN;
	size_t blocks;

	if (block && window) {
		blocks = d->p.policy == IKS_SLIDING
			     ? iks_slide_ties(d->u.slide, block)
			     : iks_fixed_ties(&d->u.fixed, window, block);
		p = ks_pvalue_memo(d->p.memo, n, m,
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

	d->last = x;
	if (d->p.policy == IKS_SLIDING)
		iks_slide_add(d->u.slide, x);
	else
		iks_fixed_add(&d->u.fixed, x);
	if (--d->wait > 0)
		return;
	d->wait = d->p.step;
	d->ready = 1;
	if (d->p.policy == IKS_SLIDING)
		iks_slide_extremes(d->u.slide, &d->hi, &d->lo);
	else if (iks_fixed_extremes(&d->u.fixed, &d->hi, &d->lo) < 0)
		d->failed = 1;
	if (d->failed)
		return;
	if (d->p.step > 1)
		d->at = location(d);
	if (d->p.memo)
		d->pvalue = p_value(d);
}

/* n m times the statistic */
static int64_t
numerator(const struct iks *d)
{
	if (d->p.kuiper)
		return d->hi - d->lo;
	return d->hi > -d->lo ? d->hi : -d->lo;
}

int
iks_value(const void *iks, double *stat)
{
	const struct iks *d = iks;

	if (d->ready)
		*stat = (double)numerator(d) / ((double)d->n * (double)d->m);
	if (d->failed)
		*stat = NAN;
	return d->ready;
}

int
iks_stat(const struct iks *d, struct iks_stat *s)
{
	double unit = (double)d->n * (double)d->m;

	if (!d->ready)
		return 0;
	s->num = d->hi > -d->lo ? d->hi : -d->lo;
	s->ks = (double)s->num / unit;
	s->kuiper = (double)(d->hi - d->lo) / unit;
	s->stat = d->p.kuiper ? s->kuiper : s->ks;
	s->plus = (double)d->hi / unit;
	s->minus = (double)-d->lo / unit;
	s->p = d->p.memo ? d->pvalue : NAN;
	return 1;
}

double
iks_at(const struct iks *d)
{
	return d->p.step > 1 ? d->at : location(d);
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
	    d->p.policy == IKS_SLIDING ? &d->u.slide->place
				       : &d->u.fixed.ref->place,
	    iks_at(d));
	if (d->p.kuiper)
		buf_key_real(out, "ks", s.ks);
	if (d->p.memo != NULL)
		buf_key_real(out, "p", s.p);
}

enum { PLACE, SIGN, SHARE, PARTS };

size_t
iks_parts(const void *iks)
{
	const struct iks *d = iks;

	return d->p.policy == IKS_SLIDING ? 0 : PARTS;
}

void
iks_aim(const void *iks, struct ending *e)
{
	const struct iks *d = iks;
	int up = d->hi >= -d->lo;
	double place = iks_at(d), share, extreme;

	/* Half a value is on each side, where the reference has none. */
	share = (iks_ref_share(d->u.fixed.ref, place, !up) + 0.5) /
		((double)d->n + 1);
	extreme = (double)(up ? d->hi : -d->lo) / ((double)d->n * (double)d->m);
	e->direction[PLACE] = place;
	e->direction[SIGN] = up ? 1 : -1;
	e->direction[SHARE] = share;
	ending_size(e, (double)d->m, extreme / sqrt(share * (1 - share)));
}

double
iks_score(const void *iks, const double *direction)
{
	const struct iks *d = iks;
	double share = direction[SHARE], place = direction[PLACE];
	int below = direction[SIGN] > 0 ? d->last <= place : d->last < place;

	return direction[SIGN] * (share - below) / sqrt(share * (1 - share));
}

void
iks_reset(void *iks)
{
	struct iks *d = iks;

	d->wait = d->m;
	d->ready = 0;
	if (d->p.policy == IKS_SLIDING)
		iks_slide_reset(d->u.slide);
	else
		iks_fixed_reset(&d->u.fixed);
}

void
iks_state(void *iks, struct store *s)
{
	struct iks *d = iks;
	size_t held;

	store_size(s, "wait", &d->wait, 1, SIZE_MAX);
	store_int(s, "ready", &d->ready, 0, 1);
	store_i64(s, "hi", &d->hi);
	store_i64(s, "lo", &d->lo);
	store_real(s, "at", &d->at);
	store_real(s, "pvalue", &d->pvalue);
	if (d->p.policy == IKS_SLIDING)
		iks_slide_state(d->u.slide, s);
	else
		iks_fixed_state(&d->u.fixed, s);
	held = d->p.policy == IKS_SLIDING ? d->u.slide->held : d->u.fixed.held;
	if (s->why == NULL && held < d->m &&
	    (d->ready || d->wait < d->m - held))
		store_refuse(s, "a test before the window is full");
}

void
iks_free(void *iks)
{
	struct iks *d = iks;

	if (d->p.policy == IKS_SLIDING)
		free_slide(d);
	else
		iks_fixed_free(&d->u.fixed);
	*d = (struct iks){0};
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
	unit = (double)d.n * (double)d.m;
	if (d.failed)
		unit = NAN;
	iks_free(&d);
	return max < 0 && !isnan(unit) ? -INFINITY : (double)max / unit;
}

void
iks_key(const void *params, struct buf *out)
{
	const struct iks_params *p = params;

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

const struct kind_verbs iks_verbs = {
    .size = sizeof(struct iks),
    .init = iks_init,
    .share = iks_share,
    .add = iks_add,
    .value = iks_value,
    .print = iks_print,
    .reset = iks_reset,
    .state = iks_state,
    .parts = iks_parts,
    .aim = iks_aim,
    .score = iks_score,
    .free = iks_free,
    .window = iks_window,
    .key = iks_key,
    .simulate = iks_simulate,
};
