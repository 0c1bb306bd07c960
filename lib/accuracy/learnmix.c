#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy/estimate.h"
#include "accuracy/learnmix.h"
#include "accuracy/margin.h"
#include "accuracy/prior.h"
#include "accuracy/softmax.h"
#include "stats/rng.h"
#include "stats/sort.h"
#include "stats/special.h"

static const char no_memory[] = "memory has ended";

/* Of half the squared weights, beside a mean logarithm of a likelihood. */
#define PENALTY 0.001

/* Undamaged windows whose doubt is no larger than that of damaged ones. */
#define CALM 0.98

/* The parameter of the mixes; 0: as they come. */
static const int mixes[] = {0, 10, 1};
enum { MIXES = 3 };

struct fit {
	const struct labelled *in;
	struct learnt *out;
	struct quadric_point *seen; /* numbers and truth of each window */
	double *by, *score;         /* by: the polynomial's estimate */
	struct margin_off *off;
	size_t n;
	double *row; /* of a window */
	double *share;
	size_t *record, *first; /* of a pool, by class; where each begins */
	struct rng rng;
};

static double
gamma_of(struct rng *r, int shape)
{
	double sum = 0;

	for (int i = 0; i < shape; i++)
		sum -= log(1 - rng_uniform(r));
	return sum;
}

/* Lists the records of from .. to by their classes. */
static void
sort_pool(struct fit *f, size_t from, size_t to)
{
	size_t classes = f->out->classes, at = 0;

	memset(f->first, 0, (classes + 1) * sizeof(*f->first));
	for (size_t i = from; i < to; i++)
		f->first[f->in->truth[i] + 1]++;
	for (size_t k = 0; k < classes; k++)
		f->first[k + 1] += f->first[k];
	for (size_t k = 0; k < classes; k++)
		for (size_t i = from; i < to && at < f->first[k + 1]; i++)
			if (f->in->truth[i] == k)
				f->record[at++] = i;
}

/* Shares of the classes that the pool has, each up to and with its own. */
static void
draw_shares(struct fit *f, int shape)
{
	double sum = 0;

	for (size_t k = 0; k < f->out->classes; k++) {
		if (f->first[k + 1] > f->first[k])
			sum += gamma_of(&f->rng, shape);
		f->share[k] = sum;
	}
}

static size_t
draw_record(struct fit *f)
{
	size_t k = 0, classes = f->out->classes;
	double u = rng_uniform(&f->rng) * f->share[classes - 1];

	while (k + 1 < classes &&
	       (u >= f->share[k] || f->first[k + 1] == f->first[k]))
		k++;
	while (f->first[k + 1] == f->first[k])
		k--;
	return f->record[f->first[k] +
			 rng_below(&f->rng, f->first[k + 1] - f->first[k])];
}

/* A window of a set, in one of the mixes. */
static int
look(struct fit *f, size_t set, size_t from, int shape)
{
	struct quadric_point *s = &f->seen[f->n];
	size_t n = f->out->window, classes = f->out->classes, right = 0;

	if (shape > 0)
		draw_shares(f, shape);
	for (size_t i = 0; i < n; i++) {
		size_t at = shape > 0 ? draw_record(f) : from + i;

		memcpy(f->row + i * classes, f->in->p + at * classes,
		    classes * sizeof(*f->row));
		right += labelled_right(f->in, at);
	}
	s->set = set;
	s->y = (double)right / (double)n;
	f->n++;
	return prior_find(f->out, f->row, n, s->x);
}

/*
 * Records of other mixes are drawn from all undamaged ones, but of damaged ones
 * from two windows, which mostly have one strength.
 */
static const char *
look_at_all(struct fit *f)
{
	const struct labelled *l = f->in;
	size_t window = f->out->window, step = window / 4;

	for (size_t s = 0; s < l->sets; s++)
		for (size_t i = l->set[s]; i + window <= l->set[s + 1];
		     i += step) {
			size_t end = i + 2 * window;

			if (s == 0)
				sort_pool(f, 0, l->set[1]);
			else
				sort_pool(f, i,
				    end < l->set[s + 1] ? end : l->set[s + 1]);
			for (int m = 0; m < MIXES; m++)
				if (look(f, s, i, mixes[m]) < 0)
					return no_memory;
		}
	return NULL;
}

/* The largest probability's mean and variance by answer, or of all. */
static void
fit_confidence(const struct labelled *l, struct learnt *o)
{
	double all = 0, n = (double)l->set[1];

	for (size_t k = 0; k < o->classes; k++) {
		double sum = 0, squares = 0, count = 0;

		for (size_t i = 0; i < l->set[1]; i++) {
			const double *row = l->p + i * l->classes;

			if (softmax_best(row, l->classes) != k)
				continue;
			count++;
			sum += row[k];
			squares += row[k] * row[k];
		}
		all += squares;
		o->sure[k] = count > 1 ? sum / count : -1;
		o->spread[k] = count > 1 ? fmax(squares / count -
						    o->sure[k] * o->sure[k],
					       0)
					 : 0;
	}
	for (size_t k = 0; k < o->classes; k++)
		if (o->sure[k] < 0) {
			o->sure[k] = o->confidence;
			o->spread[k] = fmax(
			    all / n - o->confidence * o->confidence, 0);
		}
}

static void
fit_gate(struct fit *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->seen[i].set == 0)
			f->score[n++] = f->seen[i].x[PRIOR_DOUBT];
	sort_reals(f->score, n);
	f->out->doubt = f->score[(size_t)(CALM * (double)(n - 1))];
}

static int
looks_damaged(const struct fit *f, size_t i)
{
	return f->seen[i].x[PRIOR_DOUBT] > f->out->doubt;
}

/*
 * Windows that a width is learnt from: for EM undamaged ones that are taken for
 * such, for FIT damaged ones that are, too.
 */
static int
counts(const struct fit *f, enum learnt_method m, size_t i)
{
	int fit = m == LEARNT_FIT;

	return (f->seen[i].set > 0) == fit && looks_damaged(f, i) == fit;
}

static double
said(const struct fit *f, enum learnt_method m, size_t i)
{
	return m == LEARNT_EM ? f->seen[i].x[PRIOR_RIGHT] : f->by[i];
}

/*
 * What was said less the truth, were the window new. One of a kind of damage is
 * judged without it, and is.
 */
static double
off_by(const struct fit *f, enum learnt_method m, size_t i)
{
	double off = said(f, m, i) - f->seen[i].y;

	return f->seen[i].set > 0
		   ? off
		   : off * margin_fresh(f->out->records, f->out->window,
			       mixes[i % MIXES] > 0);
}

/* Covers nine of ten of such windows, were they new. */
static void
fit_width(struct fit *f, enum learnt_method m, int any)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		double gain = m == LEARNT_FIT ? f->seen[i].x[PRIOR_GAIN] : 0;

		if (any || counts(f, m, i))
			f->off[n++] = (struct margin_off){
			    fabs(off_by(f, m, i)) /
				learnt_unit(f->out, m, said(f, m, i), gain),
			    f->seen[i].set};
	}
	f->out->width[m] = margin_width(f->off, n, f->score);
	/* A few kinds may be alike by chance: the unit is a deviation. */
	if (m == LEARNT_FIT)
		f->out->width[m] = fmax(f->out->width[m],
		    special_normal_quantile((1 + ESTIMATE_LEVEL) / 2));
}

/*
 * By the polynomial, as learnt without the window's own kind of damage; where
 * nothing is damaged, or all looks well, as learnt from all. Whether it is not.
 */
static int
judge_all(struct fit *f)
{
	struct quadric fit = f->out->fit;
	size_t doubtful = 0, without = 0;

	for (size_t i = 0; i < f->n; i++)
		doubtful += (size_t)counts(f, LEARNT_FIT, i);
	for (size_t i = 0; i < f->n; i++) {
		size_t set = f->seen[i].set;

		if (set != without && doubtful > 0)
			quadric_fit(
			    &fit, f->seen, f->n, set, PENALTY, f->score);
		without = set;
		f->by[i] = quadric_at(&fit, f->seen[i].x);
	}
	return doubtful > 0;
}

static void
fit_margins(struct fit *f)
{
	int doubtful = judge_all(f);

	fit_width(f, LEARNT_EM, 0);
	fit_width(f, LEARNT_FIT, !doubtful);
}

static const char *
fit_all(struct fit *f)
{
	const char *why;

	fit_confidence(f->in, f->out);
	why = look_at_all(f);
	if (why != NULL)
		return why;
	fit_gate(f);
	quadric_fit(&f->out->fit, f->seen, f->n, SIZE_MAX, PENALTY, f->score);
	fit_margins(f);
	return NULL;
}

const char *
learnmix_fit(const struct labelled *l, struct learnt *out)
{
	struct fit f = {.in = l, .out = out};
	size_t most = (l->n / (out->window / 4) + 1) * MIXES;
	const char *why = no_memory;

	rng_seed(&f.rng, 2, 0);
	out->sure = calloc(out->classes, sizeof(*out->sure));
	out->spread = calloc(out->classes, sizeof(*out->spread));
	f.seen = calloc(most, sizeof(*f.seen));
	f.by = calloc(most, sizeof(*f.by));
	f.off = calloc(most, sizeof(*f.off));
	f.score = calloc(most, sizeof(*f.score));
	f.row = calloc(out->window * out->classes, sizeof(*f.row));
	f.share = calloc(out->classes, sizeof(*f.share));
	f.record = calloc(l->n, sizeof(*f.record));
	f.first = calloc(out->classes + 1, sizeof(*f.first));
	if (out->sure && out->spread && f.seen && f.by && f.off && f.score &&
	    f.row && f.share && f.record && f.first)
		why = fit_all(&f);
	free(f.seen);
	free(f.by);
	free(f.off);
	free(f.score);
	free(f.row);
	free(f.share);
	free(f.record);
	free(f.first);
	return why;
}
