#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "detect/nmddm.h"

/* Bytes of what a stream owns in such a mode; 0: nothing. */
static size_t
own_size(const struct nmddm_params *p)
{
	if (p->scan)
		return sizeof(struct nmddm_scan);
	if (p->mode == NMDDM_GLR)
		return 0;
	return p->mode == NMDDM_PAPER ? sizeof(struct nmddm_paper)
				      : sizeof(struct nmddm_kde);
}

/* From a reference, or with that of another one. */
static const char *
fill(struct nmddm *d, const double *ref, size_t n, const struct nmddm *other)
{
	const struct nmddm_params *p = &d->of->p;

	if (p->mode == NMDDM_PAPER)
		return nmddm_paper_init(d->u.paper, p->window);
	if (other == NULL && p->scan)
		return nmddm_scan_init(
		    d->u.scan, ref, n, p->window, p->bins, p->seed);
	if (other == NULL && p->mode == NMDDM_GLR)
		return nmddm_glr_init(
		    &d->u.glr, ref, n, p->window, p->bins, p->seed);
	if (other == NULL)
		return nmddm_kde_init(
		    d->u.kde, ref, n, p->window, p->mode == NMDDM_KDE);
	if (p->scan)
		return nmddm_scan_share(d->u.scan, other->u.scan);
	if (p->mode == NMDDM_GLR)
		return nmddm_glr_share(&d->u.glr, &other->u.glr);
	return nmddm_kde_share(d->u.kde, other->u.kde);
}

static void
leave(struct nmddm_common *c)
{
	if (--c->users == 0)
		free(c);
}

/* d is one of c's users. */
static const char *
begin(struct nmddm *d, struct nmddm_common *c, const double *ref, size_t n,
    const struct nmddm *other)
{
	size_t size = own_size(&c->p);
	const char *failure = NO_MEMORY;

	*d = (struct nmddm){.of = c};
	if (size > 0)
		d->u.own = malloc(size);
	if (size == 0 || d->u.own != NULL)
		failure = fill(d, ref, n, other);
	if (failure == NULL)
		return NULL;
	if (size > 0)
		free(d->u.own);
	leave(c);
	return failure;
}

const char *
nmddm_init(void *nmddm, const void *params, const double *ref, size_t n)
{
	const struct nmddm_params *p = params;
	struct nmddm_common *c = malloc(sizeof(*c));

	if (c == NULL)
		return NO_MEMORY;
	*c = (struct nmddm_common){.users = 1, .p = nmddm_params_full(*p)};
	c->first = c->p.scan ? NMDDM_SCAN_FIRST : c->p.window;
	if (c->p.window <= UINT32_MAX)
		return begin(nmddm, c, ref, n, NULL);
	free(c);
	return "the window is too large";
}

const char *
nmddm_share(void *nmddm, const void *other)
{
	const struct nmddm *o = other;

	o->of->users++;
	return begin(nmddm, o->of, NULL, 0, o);
}

void
nmddm_hold(void *nmddm, double limit)
{
	struct nmddm *d = nmddm;

	d->of->p.limit = limit;
}

static void
paper_add(struct nmddm *d, double x)
{
	struct nmddm_paper *w = d->u.paper;
	size_t split;

	nmddm_paper_add(w, x);
	d->ready = d->ready && nmddm_paper_ready(w);
	if (!nmddm_paper_ready(w) || d->count % d->of->p.step != 0)
		return;
	d->stat = nmddm_paper_scan(w, &split);
	d->split = (uint32_t)split;
	d->back = split ? (uint32_t)(w->len - split) : 0;
	d->age = 0;
	d->ready = 1;
	if (d->stat > d->of->p.limit) {
		nmddm_paper_cut(w, split);
		d->count = w->len;
	}
}

static void
scan_add(struct nmddm *d, double x, int due)
{
	size_t back;

	nmddm_scan_add(d->u.scan, x);
	if (!due)
		return;
	d->stat = nmddm_scan_value(d->u.scan, &back);
	d->back = (uint32_t)back;
	d->split = back ? (uint32_t)(d->u.scan->held - back) : 0;
}

void
nmddm_add(void *nmddm, double x)
{
	struct nmddm *d = nmddm;
	int due;

	d->count++;
	d->age++;
	due = d->count >= d->of->first &&
	      (d->count - d->of->first) % d->of->p.step == 0;
	switch (d->of->p.mode) {
	case NMDDM_GLR:
		if (d->of->p.scan) {
			scan_add(d, x, due);
			break;
		}
		nmddm_glr_add(&d->u.glr, x);
		if (due)
			d->stat = nmddm_glr_value(&d->u.glr);
		break;
	case NMDDM_PAPER:
		paper_add(d, x);
		return;
	case NMDDM_KDE:
		nmddm_kde_add(d->u.kde, x);
		if (due)
			d->stat = nmddm_kde_mean(d->u.kde);
		break;
	case NMDDM_SEED:
		nmddm_kde_add(d->u.kde, x);
		if (due)
			d->stat = nmddm_kde_max(d->u.kde);
		break;
	}
	d->ready |= due;
	if (due)
		d->age = 0;
}

int
nmddm_stat(const struct nmddm *d, struct nmddm_stat *s)
{
	if (d->ready)
		*s = (struct nmddm_stat){d->stat, d->split, d->back, d->age};
	return d->ready;
}

int
nmddm_value(const void *nmddm, double *stat)
{
	const struct nmddm *d = nmddm;

	if (d->ready)
		*stat = d->stat;
	return d->ready;
}

long long
nmddm_since(const void *nmddm)
{
	const struct nmddm *d = nmddm;

	return d->ready && d->back > 0 ? (long long)(d->back + d->age) : -1;
}

void
nmddm_print(void *nmddm, struct buf *out)
{
	const struct nmddm *d = nmddm;

	if (d->back > 0)
		buf_key_int(out, "split", (long long)d->split);
}

void
nmddm_reset(void *nmddm)
{
	struct nmddm *d = nmddm;

	d->count = 0;
	d->ready = 0;
	d->stat = 0;
	d->split = d->back = 0;
	if (d->of->p.scan)
		nmddm_scan_reset(d->u.scan);
	else if (d->of->p.mode == NMDDM_GLR)
		nmddm_glr_reset(&d->u.glr);
	else if (d->of->p.mode == NMDDM_PAPER)
		nmddm_paper_reset(d->u.paper);
	else
		nmddm_kde_reset(d->u.kde);
}

void
nmddm_state(void *nmddm, struct store *s)
{
	struct nmddm *d = nmddm;
	size_t split = d->split, back = d->back;

	store_count(s, "count", &d->count);
	store_int(s, "ready", &d->ready, 0, 1);
	store_real(s, "stat", &d->stat);
	store_size(s, "split", &split, 0, UINT32_MAX);
	store_size(s, "back", &back, 0, UINT32_MAX);
	d->split = (uint32_t)split;
	d->back = (uint32_t)back;
	store_size(s, "age", &d->age, 0, SIZE_MAX);
	if (d->of->p.scan)
		nmddm_scan_state(d->u.scan, s);
	else if (d->of->p.mode == NMDDM_GLR)
		nmddm_glr_state(&d->u.glr, s);
	else if (d->of->p.mode == NMDDM_PAPER)
		nmddm_paper_state(d->u.paper, s);
	else
		nmddm_kde_state(d->u.kde, s);
}

void
nmddm_free(void *nmddm)
{
	struct nmddm *d = nmddm;
	struct nmddm_common *c = d->of;

	if (c->p.scan)
		nmddm_scan_free(d->u.scan);
	else if (c->p.mode == NMDDM_GLR)
		nmddm_glr_free(&d->u.glr);
	else if (c->p.mode == NMDDM_PAPER)
		nmddm_paper_free(d->u.paper);
	else
		nmddm_kde_free(d->u.kde);
	if (own_size(&c->p) > 0)
		free(d->u.own);
	leave(c);
}

double
nmddm_simulate(
    const void *params, size_t n, unsigned long long horizon, struct rng *r)
{
	const struct nmddm_params *p = params;
	double (*draw)(struct rng *) = p->mode == NMDDM_GLR ? rng_uniform
							    : rng_normal;
	struct nmddm_params uncut = *p;
	double *ref, max = -INFINITY;
	const char *failure;
	struct nmddm d;

	uncut.limit = INFINITY;
	ref = malloc((n + !n) * sizeof *ref);
	if (!ref)
		return NAN;
	for (size_t i = 0; i < n; i++)
		ref[i] = draw(r);
	failure = nmddm_init(&d, &uncut, ref, n);
	free(ref);
	if (failure)
		return NAN;
	for (unsigned long long t = 0; t < horizon; t++) {
		nmddm_add(&d, draw(r));
		if (d.ready && d.stat > max)
			max = d.stat;
	}
	nmddm_free(&d);
	return max;
}
