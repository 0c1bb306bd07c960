#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy/estimate.h"
#include "accuracy/isotonic.h"
#include "accuracy/learn.h"
#include "accuracy/learnmix.h"
#include "accuracy/margin.h"
#include "accuracy/softmax.h"
#include "stats/temper.h"
#include "stats/sort.h"

static const char no_memory[] = "memory has ended";

enum { GRID = 100 };

/* A window of a set, and what is known of it. */
struct seen {
	size_t set, from;
	double cost, truth, by[LEARNT_METHODS];
	double cheap[GRID]; /* share of the plan at i / GRID or below */
};

/* What the fit works with. */
struct fit {
	struct labelled *in;
	struct learnt *out;
	struct transport t;
	struct seen *seen;
	size_t n;
	struct isotonic_point *knot; /* room for as many as windows, and one */
	double *x, *y;               /* the same, of a curve */
	struct margin_off *off;      /* of each window */
};

/* The temperature of the undamaged set; 0 when none fits, NAN: no memory. */
static double
find_temperature(const struct labelled *l)
{
	size_t n = l->set[1] * l->classes;
	float *z = malloc(n * sizeof(*z));
	int *truth = malloc(l->set[1] * sizeof(*truth));
	const struct temper d = {l->set[1], l->classes, z, truth};
	double t = NAN;

	if (z != NULL && truth != NULL) {
		for (size_t i = 0; i < n; i++)
			z[i] = (float)log(fmax(l->p[i], 1e-30));
		for (size_t i = 0; i < l->set[1]; i++)
			truth[i] = (int)l->truth[i];
		t = temper_fit(&d);
	}
	free(z);
	free(truth);
	return t;
}

/* Of the undamaged set: what is a mean or a quantile of it. */
static const char *
fit_clean(struct fit *f)
{
	const struct labelled *l = f->in;
	struct learnt *o = f->out;
	size_t n = l->set[1], right = 0;
	double *score = malloc(n * sizeof(*score));

	if (score == NULL)
		return no_memory;
	for (size_t i = 0; i < n; i++) {
		const double *row = l->p + i * l->classes;

		right += labelled_right(l, i);
		o->confidence += row[softmax_best(row, l->classes)];
		o->count[l->truth[i]]++;
		score[i] = softmax_negentropy(row, l->classes);
	}
	o->records = n;
	o->accuracy = (double)right / (double)n;
	o->confidence /= (double)n;
	sort_reals(score, n);
	o->atc = right > 0 ? score[n - right] : 0;
	free(score);
	return right > 0 ? NULL : "no record is right";
}

/* Lists the windows: each begins a quarter of one after the last. */
static const char *
list_windows(struct fit *f)
{
	const struct labelled *l = f->in;
	size_t step = f->out->window / 4, most = l->n / step + 1;

	f->seen = calloc(most, sizeof(*f->seen));
	f->knot = calloc(most + 1, sizeof(*f->knot));
	f->x = calloc(most + 1, sizeof(*f->x));
	f->y = calloc(most + 1, sizeof(*f->y));
	f->off = calloc(most, sizeof(*f->off));
	if (f->seen == NULL || f->knot == NULL || f->x == NULL ||
	    f->y == NULL || f->off == NULL)
		return no_memory;
	for (size_t s = 0; s < l->sets; s++)
		for (size_t i = l->set[s]; i + f->out->window <= l->set[s + 1];
		     i += step)
			f->seen[f->n++] = (struct seen){.set = s, .from = i};
	for (size_t i = 0; i < f->n; i++) {
		size_t right = 0;

		for (size_t k = 0; k < f->out->window; k++)
			right += labelled_right(l, f->seen[i].from + k);
		f->seen[i].truth = (double)right / (double)f->out->window;
	}
	return NULL;
}

/* Solves a window: its cost, and the plan's shares below each threshold. */
static int
solve(struct fit *f, struct seen *s)
{
	const struct labelled *l = f->in;
	const double *p = l->p + s->from * l->classes;
	size_t n = f->out->window;

	s->cost = transport_solve(&f->t, p, n, f->out->count);
	if (isnan(s->cost))
		return -1;
	for (int i = 0; i < GRID; i++)
		s->cheap[i] = transport_below(&f->t, p, i / (double)GRID) /
			      (double)f->out->records / (double)n;
	return 0;
}

/* The threshold on the grid that is best for all sets but one. */
static int
fit_threshold(const struct fit *f, size_t without)
{
	double least = INFINITY;
	int best = 0;

	for (int k = 0; k < GRID; k++) {
		double sum = 0;

		for (size_t i = 0; i < f->n; i++) {
			const struct seen *s = &f->seen[i];
			double off = s->cheap[k] - s->truth;

			sum += s->set != without ? off * off : 0;
		}
		if (sum < least) {
			least = sum;
			best = k;
		}
	}
	return best;
}

/* The curve of all sets but one into x and y; how many knots. */
static size_t
fit_curve(struct fit *f, size_t without)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->seen[i].set != without)
			f->knot[n++] = (struct isotonic_point){
			    f->seen[i].cost, f->seen[i].truth, 1};
	n = isotonic_falling(f->knot, n);
	for (size_t i = 0; i < n; i++) {
		f->x[i] = f->knot[i].x;
		f->y[i] = f->knot[i].y;
	}
	/* Where all probabilities are 0, nothing is right. */
	if (n == 0 || f->x[n - 1] < 1) {
		f->x[n] = 1;
		f->y[n++] = 0;
	}
	return n;
}

/* What each method says of a window, as learnt by others. */
static void
judge_window(struct fit *f, struct seen *s, const struct learnt *others, int t)
{
	const double *p = f->in->p + s->from * f->in->classes;
	double gain;

	for (int m = 0; m < LEARNT_COT; m++)
		s->by[m] = estimate_by(others, &f->t, (enum learnt_method)m, p,
		    f->out->window, &gain);
	s->by[LEARNT_COT] = learnt_curve(others, s->cost);
	s->by[LEARNT_COTT] = s->cheap[t];
}

/* All windows, each by what the other sets say, where there are others. */
static const char *
judge_windows(struct fit *f)
{
	struct learnt others = *f->out;
	int t = 0;

	for (size_t i = 0; i < f->n; i++)
		if (solve(f, &f->seen[i]) < 0)
			return no_memory;
	for (size_t i = 0; i < f->n; i++) {
		struct seen *s = &f->seen[i];
		size_t without = f->in->sets > 1 ? s->set : SIZE_MAX;

		if (i == 0 || s->set != s[-1].set) {
			t = fit_threshold(f, without);
			others.knots = fit_curve(f, without);
			others.cost = f->x;
			others.right = f->y;
		}
		judge_window(f, s, &others, t);
	}
	return NULL;
}

/* The width that covers nine windows of ten. */
static void
fit_width(struct fit *f, int method)
{
	double fresh = margin_fresh(f->out->records, f->out->window, 0);

	for (size_t i = 0; i < f->n; i++) {
		double x = f->seen[i].by[method], off = x - f->seen[i].truth;

		off *= f->seen[i].set == 0 ? fresh : 1;
		f->off[i] = (struct margin_off){
		    fabs(off) /
			learnt_unit(f->out, (enum learnt_method)method, x, 0),
		    f->seen[i].set};
	}
	f->out->width[method] = margin_width(f->off, f->n, f->x);
}

static const char *
keep_curve(struct fit *f)
{
	struct learnt *o = f->out;

	o->cott = fit_threshold(f, SIZE_MAX) / (double)GRID;
	o->knots = fit_curve(f, SIZE_MAX);
	if (o->knots > LEARNT_KNOTS)
		return "more than 4096 knots of the curve";
	o->cost = malloc(o->knots * sizeof(*o->cost));
	o->right = malloc(o->knots * sizeof(*o->right));
	if (o->cost == NULL || o->right == NULL)
		return no_memory;
	memcpy(o->cost, f->x, o->knots * sizeof(*o->cost));
	memcpy(o->right, f->y, o->knots * sizeof(*o->right));
	return NULL;
}

static const char *
fit_all(struct fit *f)
{
	const char *why = fit_clean(f);

	if (why == NULL)
		why = list_windows(f);
	if (why == NULL)
		why = judge_windows(f);
	for (int m = 0; m < LEARNT_EM && why == NULL; m++)
		fit_width(f, m);
	if (why == NULL)
		why = keep_curve(f);
	return why != NULL ? why : learnmix_fit(f->in, f->out);
}

static const char *
temper_rows(struct labelled *l, double t)
{
	if (isnan(t))
		return no_memory;
	if (t == 0)
		return "no temperature fits: all records are right, or no "
		       "better than a guess";
	for (size_t i = 0; i < l->n; i++)
		softmax_temper(l->p + i * l->classes, l->classes, t);
	return NULL;
}

const char *
learn_fit(struct labelled *l, size_t window, struct learnt *out)
{
	struct fit f = {.in = l, .out = out};
	const char *why;

	*out = (struct learnt){
	    .classes = l->classes, .window = window, .model = l->model};
	/* How far off it is can't be seen in a window that is nearly all. */
	if (l->sets == 0 || l->set[1] < 2 * window)
		return "fewer undamaged records than two windows have";
	out->temperature = find_temperature(l);
	why = temper_rows(l, out->temperature);
	if (why != NULL)
		return why;
	/* They may be in the order of the classes; windows may not. */
	labelled_shuffle(l);
	out->damaged = l->n - l->set[1];
	out->count = calloc(l->classes, sizeof(*out->count));
	if (out->count == NULL || transport_init(&f.t, l->classes) < 0) {
		learnt_free(out);
		return no_memory;
	}
	why = fit_all(&f);
	transport_free(&f.t);
	free(f.seen);
	free(f.knot);
	free(f.x);
	free(f.y);
	free(f.off);
	if (why != NULL)
		learnt_free(out);
	return why;
}
