#include <math.h>
#include <stdlib.h>

#include "metric/tallystream_put.h"
#include "stats/stat.h"

void
tallystream_put_pair(const struct tallystream *s, size_t feature,
    size_t detector, const char *const *values, struct prom *p)
{
	const struct tallystream_detector *d;
	const struct tallypair *pair;

	if (detector >= s->detectors)
		return;
	d = &s->detector[detector];
	pair = tallystream_find(d, feature, 0);
	if (pair != NULL)
		tallypair_put(p, values, pair, d->waiting);
}

void
tallystream_put_detector(const struct tallystream *s, size_t detector,
    const char *name, struct prom *p)
{
	const struct tallystream_detector *d;

	if (detector >= s->detectors || !s->detector[detector].seen)
		return;
	d = &s->detector[detector];
	prom_set(p, DRIFT_LEARNING, &name, d->learning);
	prom_set(p, DRIFT_REFERENCE_MISMATCH, &name, d->foreign);
}

void
tallystream_put_reference(const struct tallystream *s, size_t feature,
    const char *name, struct prom *p)
{
	const struct tallystream_feature *f;

	if (!tallystream_counts(s, feature))
		return;
	f = &s->feature[feature];
	if (f->every.n > 0)
		tallypair_gauge(p, DRIFT_REFERENCE_MEAN, &name, f->every.mean);
	if (f->every.n > 1)
		tallypair_gauge(p, DRIFT_REFERENCE_STDDEV, &name,
		    sqrt(f->every.square / (double)(f->every.n - 1)));
}

void
tallystream_put_values(const struct tallystream *s, size_t feature,
    const char *name, struct prom *p)
{
	const struct tallywindow *w;
	struct stat stat;
	double *x;

	if (!tallystream_counts(s, feature))
		return;
	w = &s->feature[feature].window;
	x = tallywindow_values(w);
	if (x == NULL) {
		p->failed = 1;
		return;
	}
	stat_of(&stat, x, w->n);
	free(x);
	tallypair_gauge(p, DRIFT_FEATURE_MEAN, &name, stat.mean);
	tallypair_gauge(p, DRIFT_FEATURE_STDDEV, &name, stat.std);
	tallypair_gauge(p, DRIFT_FEATURE_WINDOW_SAMPLES, &name, w->n);
}
