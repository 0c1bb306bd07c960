#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "detect/nmddm.h"

static struct nmddm_params
with_defaults(struct nmddm_params p)
{
	static const size_t window[] = {
	    [NMDDM_GLR] = 100,
	    [NMDDM_PAPER] = 3000,
	    [NMDDM_KDE] = 100,
	    [NMDDM_SEED] = 50,
	};

	p.scan = p.scan && p.mode == NMDDM_GLR;
	if (p.window == 0)
		p.window = p.scan ? 1000 : window[p.mode];
	if (p.mode == NMDDM_SEED)
		p.step = p.window;
	else if (p.step == 0 && p.mode == NMDDM_KDE)
		p.step = p.window < 5 ? 1 : p.window / 5;
	else if (p.step == 0)
		p.step = p.mode == NMDDM_PAPER ? 50 : 1;
	if (p.bins == 0)
		p.bins = 8;
	if (p.limit == 0)
		p.limit = nmddm_paper_limit(0.001);
	return p;
}

size_t
nmddm_window(const void *params)
{
	const struct nmddm_params *p = params;

	return with_defaults(*p).window;
}

int
nmddm_starts_untaught(const void *params)
{
	const struct nmddm_params *p = params;

	return p->mode == NMDDM_PAPER;
}

static const char *
init_scan(struct nmddm *d, const double *ref, size_t n)
{
	const char *failure = NO_MEMORY;

	d->u.scan = malloc(sizeof *d->u.scan);
	if (d->u.scan)
		failure = nmddm_scan_init(
		    d->u.scan, ref, n, d->p.window, d->p.bins, d->p.seed);
	if (failure)
		free(d->u.scan);
	return failure;
}

const char *
nmddm_init(void *nmddm, const void *params, const double *ref, size_t n)
{
	const struct nmddm_params *p = params;
	struct nmddm *d = nmddm;

	*d = (struct nmddm){.p = with_defaults(*p), .n = n};
	d->first = d->p.scan ? NMDDM_SCAN_FIRST : d->p.window;
	switch (p->mode) {
	case NMDDM_GLR:
		if (d->p.scan)
			return init_scan(d, ref, n);
		return nmddm_glr_init(
		    &d->u.glr, ref, n, d->p.window, d->p.bins, d->p.seed);
	case NMDDM_PAPER:
		return nmddm_paper_init(&d->u.paper, d->p.window);
	default:
		return nmddm_kde_init(
		    &d->u.kde, ref, n, d->p.window, p->mode == NMDDM_KDE);
	}
}

static const char *
share_scan(struct nmddm *d, const struct nmddm_scan *other)
{
	const char *failure = NO_MEMORY;

	d->u.scan = malloc(sizeof *d->u.scan);
	if (d->u.scan)
		failure = nmddm_scan_share(d->u.scan, other);
	if (failure)
		free(d->u.scan);
	return failure;
}

const char *
nmddm_share(void *nmddm, const void *other)
{
	const struct nmddm *o = other;
	struct nmddm *d = nmddm;

	*d = (struct nmddm){.p = o->p, .n = o->n, .first = o->first};
	if (d->p.scan)
		return share_scan(d, o->u.scan);
	if (d->p.mode == NMDDM_GLR)
		return nmddm_glr_share(&d->u.glr, &o->u.glr);
	if (d->p.mode == NMDDM_PAPER)
		return nmddm_paper_init(&d->u.paper, d->p.window);
	return nmddm_kde_share(&d->u.kde, &o->u.kde);
}

void
nmddm_hold(void *nmddm, double limit)
{
	struct nmddm *d = nmddm;

	d->p.limit = limit;
}

static void
paper_add(struct nmddm *d, double x)
{
	struct nmddm_paper *w = &d->u.paper;

	nmddm_paper_add(w, x);
	d->ready = d->ready && nmddm_paper_ready(w);
	if (!nmddm_paper_ready(w) || d->count % d->p.step != 0)
		return;
	d->stat = nmddm_paper_scan(w, &d->split);
	d->back = d->split ? w->len - d->split : 0;
	d->age = 0;
	d->ready = 1;
	if (d->stat > d->p.limit) {
		nmddm_paper_cut(w, d->split);
		d->count = w->len;
	}
}

static void
scan_add(struct nmddm *d, double x, int due)
{
	nmddm_scan_add(d->u.scan, x);
	if (!due)
		return;
	d->stat = nmddm_scan_value(d->u.scan, &d->back);
	d->split = d->back ? d->u.scan->held - d->back : 0;
}

void
nmddm_add(void *nmddm, double x)
{
	struct nmddm *d = nmddm;
	int due;

	d->count++;
	d->age++;
	due = d->count >= d->first && (d->count - d->first) % d->p.step == 0;
	switch (d->p.mode) {
	case NMDDM_GLR:
		if (d->p.scan) {
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
		nmddm_kde_add(&d->u.kde, x);
		if (due)
			d->stat = nmddm_kde_mean(&d->u.kde);
		break;
	case NMDDM_SEED:
		nmddm_kde_add(&d->u.kde, x);
		if (due)
			d->stat = nmddm_kde_max(&d->u.kde);
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

static const struct nmddm_bins *
bins(const struct nmddm *d)
{
	return d->p.scan ? &d->u.scan->bins : &d->u.glr.ref->bins;
}

size_t
nmddm_parts(const void *nmddm)
{
	const struct nmddm *d = nmddm;

	return d->p.mode == NMDDM_GLR ? bins(d)->bins : 0;
}

void
nmddm_aim(const void *nmddm, struct ending *e)
{
	const struct nmddm *d = nmddm;

	for (size_t j = 0; j < e->parts; j++)
		e->direction[j] = (double)nmddm_bins_share(bins(d), j);
	ending_counts(e,
	    d->p.scan ? nmddm_scan_after(d->u.scan, d->back) : d->u.glr.count);
}

double
nmddm_score(const void *nmddm, const double *direction)
{
	const struct nmddm *d = nmddm;

	return direction[d->p.scan ? nmddm_scan_last(d->u.scan)
				   : nmddm_glr_last(&d->u.glr)];
}

void
nmddm_reset(void *nmddm)
{
	struct nmddm *d = nmddm;

	d->count = 0;
	d->ready = 0;
	d->stat = 0;
	d->split = d->back = 0;
	if (d->p.scan)
		nmddm_scan_reset(d->u.scan);
	else if (d->p.mode == NMDDM_GLR)
		nmddm_glr_reset(&d->u.glr);
	else if (d->p.mode == NMDDM_PAPER)
		nmddm_paper_reset(&d->u.paper);
	else
		nmddm_kde_reset(&d->u.kde);
}

void
nmddm_state(void *nmddm, struct store *s)
{
	struct nmddm *d = nmddm;

	store_count(s, "count", &d->count);
	store_int(s, "ready", &d->ready, 0, 1);
	store_real(s, "stat", &d->stat);
	store_size(s, "split", &d->split, 0, SIZE_MAX);
	store_size(s, "back", &d->back, 0, SIZE_MAX);
	store_size(s, "age", &d->age, 0, SIZE_MAX);
	if (d->p.scan)
		nmddm_scan_state(d->u.scan, s);
	else if (d->p.mode == NMDDM_GLR)
		nmddm_glr_state(&d->u.glr, s);
	else if (d->p.mode == NMDDM_PAPER)
		nmddm_paper_state(&d->u.paper, s);
	else
		nmddm_kde_state(&d->u.kde, s);
}

void
nmddm_free(void *nmddm)
{
	struct nmddm *d = nmddm;

	if (d->p.scan) {
		nmddm_scan_free(d->u.scan);
		free(d->u.scan);
	} else if (d->p.mode == NMDDM_GLR)
		nmddm_glr_free(&d->u.glr);
	else if (d->p.mode == NMDDM_PAPER)
		nmddm_paper_free(&d->u.paper);
	else
		nmddm_kde_free(&d->u.kde);
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

void
nmddm_key(const void *params, struct buf *out)
{
	static const char *const name[] = {"glr", "paper", "kde", "seed"};
	const struct nmddm_params *p = params;

	buf_str(out, "nmddm-");
	buf_str(out, name[p->mode]);
	buf_str(out, p->scan ? "-scan" : "");
	buf_str(out, "-window=");
	buf_int(out, (long long)p->window);
	buf_str(out, "-step=");
	buf_int(out, (long long)p->step);
	buf_str(out, "-bins=");
	buf_int(out, (long long)p->bins);
}

const struct kind_verbs nmddm_verbs = {
    .size = sizeof(struct nmddm),
    .init = nmddm_init,
    .share = nmddm_share,
    .hold = nmddm_hold,
    .add = nmddm_add,
    .value = nmddm_value,
    .since = nmddm_since,
    .print = nmddm_print,
    .reset = nmddm_reset,
    .state = nmddm_state,
    .parts = nmddm_parts,
    .aim = nmddm_aim,
    .score = nmddm_score,
    .free = nmddm_free,
    .window = nmddm_window,
    .starts_untaught = nmddm_starts_untaught,
    .key = nmddm_key,
    .simulate = nmddm_simulate,
};
