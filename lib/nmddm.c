#include <math.h>
#include <stdlib.h>

#include "nmddm.h"

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
nmddm_window(const struct nmddm_params *p)
{
	return with_defaults(*p).window;
}

const char *
nmddm_init(
    struct nmddm *d, const struct nmddm_params *p, const double *ref, size_t n)
{
	*d = (struct nmddm){.p = with_defaults(*p), .n = n};
	d->first = d->p.scan ? NMDDM_SCAN_FIRST : d->p.window;
	switch (p->mode) {
	case NMDDM_GLR:
		if (d->p.scan)
			return nmddm_scan_init(&d->u.scan, ref, n, d->p.window,
			    d->p.bins, d->p.seed);
		return nmddm_glr_init(
		    &d->u.glr, ref, n, d->p.window, d->p.bins, d->p.seed);
	case NMDDM_PAPER:
		return nmddm_paper_init(&d->u.paper, d->p.window);
	default:
		return nmddm_kde_init(
		    &d->u.kde, ref, n, d->p.window, p->mode == NMDDM_KDE);
	}
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
	nmddm_scan_add(&d->u.scan, x);
	if (!due)
		return;
	d->stat = nmddm_scan_value(&d->u.scan, &d->back);
	d->split = d->back ? d->u.scan.held - d->back : 0;
}

void
nmddm_add(struct nmddm *d, double x)
{
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

void
nmddm_reset(struct nmddm *d)
{
	d->count = 0;
	d->ready = 0;
	d->stat = 0;
	d->split = d->back = 0;
	if (d->p.scan)
		nmddm_scan_reset(&d->u.scan);
	else if (d->p.mode == NMDDM_GLR)
		nmddm_glr_reset(&d->u.glr);
	else if (d->p.mode == NMDDM_PAPER)
		nmddm_paper_reset(&d->u.paper);
	else
		nmddm_kde_reset(&d->u.kde);
}

void
nmddm_state(struct nmddm *d, struct store *s)
{
	store_count(s, "count", &d->count);
	store_int(s, "ready", &d->ready, 0, 1);
	store_real(s, "stat", &d->stat);
	store_size(s, "split", &d->split, 0, SIZE_MAX);
	store_size(s, "back", &d->back, 0, SIZE_MAX);
	store_size(s, "age", &d->age, 0, SIZE_MAX);
	if (d->p.scan)
		nmddm_scan_state(&d->u.scan, s);
	else if (d->p.mode == NMDDM_GLR)
		nmddm_glr_state(&d->u.glr, s);
	else if (d->p.mode == NMDDM_PAPER)
		nmddm_paper_state(&d->u.paper, s);
	else
		nmddm_kde_state(&d->u.kde, s);
}

void
nmddm_free(struct nmddm *d)
{
	if (d->p.scan)
		nmddm_scan_free(&d->u.scan);
	else if (d->p.mode == NMDDM_GLR)
		nmddm_glr_free(&d->u.glr);
	else if (d->p.mode == NMDDM_PAPER)
		nmddm_paper_free(&d->u.paper);
	else
		nmddm_kde_free(&d->u.kde);
}

double
nmddm_simulate(const struct nmddm_params *p, size_t n,
    unsigned long long horizon, struct rng *r)
{
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
