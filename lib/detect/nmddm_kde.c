#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/nmddm_kde.h"
#include "detect/nmddm_kernel.h"
#include "base/memory.h"

#define HALF_LN_2PI 0.91893853320467274178
#define LARGEST_Z   1e100

/* The table of ln f_ref: a cubic on each of the cells of 1/16 bandwidth,
 * from 4 bandwidths before the reference to 4 after it or 128 from its mean. */
enum {
	CELLS_PER_UNIT = 16,
	MARGIN = 4,
	REACH = 128,
};

double
nmddm_kde_leave_one_out(
    const double *y, size_t m, double h, double far, double *sum)
{
	double mean = 0;

	nmddm_kernel_others(nmddm_kernel_of(h, far), y, m, sum);
	for (size_t i = 0; i < m; i++)
		mean += log(sum[i]);
	return mean / (double)m - log((double)(m - 1) * h) - HALF_LN_2PI;
}

/* Mean and standard deviation. Scaled by a power of two, which is exact, so
 * that squares neither overflow nor vanish; relative to the first value, so
 * that a large offset costs no digits. */
static void
moments(const double *x, size_t n, double *mean, double *sd)
{
	double max = 0, shift, sum = 0, squares = 0;
	int e;

	for (size_t i = 0; i < n; i++)
		max = fabs(x[i]) > max ? fabs(x[i]) : max;
	frexp(max, &e);
	e += 2;
	shift = ldexp(x[0], -e);
	for (size_t i = 0; i < n; i++)
		sum += ldexp(x[i], -e) - shift;
	sum /= (double)n;
	for (size_t i = 0; i < n; i++) {
		double d = ldexp(x[i], -e) - shift - sum;

		squares += d * d;
	}
	*mean = ldexp(shift + sum, e);
	*sd = ldexp(sqrt(squares / (double)(n - 1)), e);
	if (*sd > DBL_MAX)
		*sd = DBL_MAX;
}

double
nmddm_kde_bandwidth(const double *x, size_t n)
{
	double mean, sd;

	moments(x, n, &mean, &sd);
	return sd * pow((double)n, -.2);
}

static double
to_z(const struct nmddm_kde *d, double x)
{
	double z = (x - d->centre) / d->h;

	return z > LARGEST_Z ? LARGEST_Z : z < -LARGEST_Z ? -LARGEST_Z : z;
}

/* The nearer of 37.4 of either bandwidth, in units of the reference's. */
static double
far_away(const struct nmddm_kde *d)
{
	return NMDDM_KERNEL_FAR * (d->h_win < 1 ? d->h_win : 1);
}

static double
log_density(const double *x, size_t n, double h, double far, double y)
{
	return log(nmddm_kernel_sum(nmddm_kernel_of(h, far), x, n, y)) -
	       log((double)n * h) - HALF_LN_2PI;
}

/* ln f_ref at the nodes, and its slope times the cell's width. */
static void
fill_nodes(const struct nmddm_kde *d, double (*node)[2])
{
	struct nmddm_kernel f = nmddm_kernel_of(1, far_away(d));

	for (size_t i = 0; i <= d->cells; i++) {
		double y = d->first + (double)i / CELLS_PER_UNIT, moment, sum;

		sum = nmddm_kernel_moment(f, d->ref, d->n, y, &moment);
		node[i][0] = log(sum) - log((double)d->n) - HALF_LN_2PI;
		node[i][1] = moment / sum / CELLS_PER_UNIT;
	}
}

/* Whether Hermite's cubic over the cells around a node meets the node. It is
 * 16 times as far off there as the cubics of single cells are in between. */
static int
smooth(const double (*node)[2])
{
	double mid = (node[-1][0] + node[1][0]) / 2 +
		     (node[-1][1] - node[1][1]) / 4;

	return fabs(mid - node[0][0]) < 4e-6;
}

static void
fill_table(struct nmddm_kde *d, const double (*node)[2])
{
	for (size_t i = 0; i < d->cells; i++) {
		double *c = d->table[i], rise = node[i + 1][0] - node[i][0];

		c[0] = node[i][0];
		c[1] = node[i][1];
		c[2] = 3 * rise - 2 * node[i][1] - node[i + 1][1];
		c[3] = node[i][1] + node[i + 1][1] - 2 * rise;
		/* such a cell answers NAN */
		if ((i > 0 && !smooth(node + i)) ||
		    (i + 1 < d->cells && !smooth(node + i + 1)))
			c[0] = NAN;
	}
}

static int
tabulate(struct nmddm_kde *d)
{
	double min = REACH - MARGIN, max = -min, (*node)[2];

	for (size_t i = 0; i < d->n; i++) {
		min = d->ref[i] < min ? d->ref[i] : min;
		max = d->ref[i] > max ? d->ref[i] : max;
	}
	min = min < MARGIN - REACH ? -REACH : floor(min) - MARGIN;
	max = max > REACH - MARGIN ? REACH : ceil(max) + MARGIN;
	d->first = min;
	d->cells = (size_t)(max - min) * CELLS_PER_UNIT;
	d->table = malloc(d->cells * sizeof *d->table);
	node = malloc((d->cells + 1) * sizeof *node);
	if (d->table && node) {
		fill_nodes(d, node);
		fill_table(d, (const double(*)[2])node);
	}
	free(node);
	return d->table && node;
}

static double
log_reference(const struct nmddm_kde *d, double z)
{
	double at = (z - d->first) * CELLS_PER_UNIT, l = NAN;

	if (at >= 0 && at < (double)d->cells) {
		const double *c = d->table[(size_t)at];

		at -= floor(at);
		l = c[0] + at * (c[1] + at * (c[2] + at * c[3]));
	}
	return isnan(l) ? log_density(d->ref, d->n, 1, far_away(d), z) : l;
}

const char *
nmddm_kde_init(
    struct nmddm_kde *d, const double *ref, size_t n, size_t m, int table)
{
	double sd;

	*d = (struct nmddm_kde){.n = n, .m = m};
	if (n < 2 || m < 2)
		return "a density needs two values";
	if (m > COUNT_MOST)
		return "the window is too large";
	moments(ref, n, &d->centre, &sd);
	d->h = sd * pow((double)n, -.2);
	/* A constant has a neighbourhood of a millionth of itself. */
	if (d->h == 0)
		d->h = d->centre != 0 ? fabs(d->centre) * 1e-6 : 1e-6;
	d->h_win = pow((double)n / (double)m, .2);
	d->ref = malloc(n * sizeof *d->ref);
	d->win = malloc(m * sizeof *d->win);
	d->lref = malloc(m * sizeof *d->lref);
	d->sum = malloc(m * sizeof *d->sum);
	if (!d->ref || !d->win || !d->lref || !d->sum) {
		nmddm_kde_free(d);
		return NO_MEMORY;
	}
	for (size_t i = 0; i < n; i++)
		d->ref[i] = to_z(d, ref[i]);
	if (table && !tabulate(d)) {
		nmddm_kde_free(d);
		return NO_MEMORY;
	}
	return NULL;
}

const char *
nmddm_kde_share(struct nmddm_kde *d, const struct nmddm_kde *other)
{
	size_t n = other->n, m = other->m, cells = other->cells;

	*d = *other;
	d->next = d->held = 0;
	d->ref = malloc(n * sizeof *d->ref);
	d->win = malloc(m * sizeof *d->win);
	d->lref = malloc(m * sizeof *d->lref);
	d->sum = malloc(m * sizeof *d->sum);
	d->table = other->table ? malloc(cells * sizeof *d->table) : NULL;
	if (!d->ref || !d->win || !d->lref || !d->sum ||
	    (other->table && !d->table)) {
		nmddm_kde_free(d);
		return NO_MEMORY;
	}
	memcpy(d->ref, other->ref, n * sizeof *d->ref);
	if (d->table)
		memcpy(d->table, other->table, cells * sizeof *d->table);
	return NULL;
}

void
nmddm_kde_add(struct nmddm_kde *d, double x)
{
	double z = to_z(d, x);

	d->win[d->next] = z;
	d->lref[d->next] = log_reference(d, z);
	d->next = d->next + 1 == d->m ? 0 : d->next + 1;
	d->held += d->held < d->m;
}

double
nmddm_kde_mean(struct nmddm_kde *d)
{
	double sum = 0;

	for (size_t i = 0; i < d->m; i++)
		sum += d->lref[i];
	return nmddm_kde_leave_one_out(
		   d->win, d->m, d->h_win, far_away(d), d->sum) -
	       sum / (double)d->m;
}

double
nmddm_kde_max(struct nmddm_kde *d)
{
	double h = nmddm_kde_bandwidth(d->win, d->m), max = -INFINITY;

	if (h < 1e-6)
		h = 1e-6;
	for (size_t i = 0; i < d->m; i++) {
		double y = d->win[i], l;

		l = d->lref[i] < -690 ? 0
				      : log_density(d->win, d->m, h,
					    NMDDM_KERNEL_FAR * h, y) -
					    d->lref[i];
		max = l > max ? l : max;
	}
	return max;
}

void
nmddm_kde_reset(struct nmddm_kde *d)
{
	d->held = d->next = 0;
}

void
nmddm_kde_state(struct nmddm_kde *d, struct store *s)
{
	store_size(s, "held", &d->held, 0, d->m);
	store_size(s, "next", &d->next, 0, d->m - 1);
	store_reals(s, "window", d->win, d->held);
	for (size_t i = 0; store_reading(s) && i < d->held; i++)
		d->lref[i] = log_reference(d, d->win[i]);
}

void
nmddm_kde_free(struct nmddm_kde *d)
{
	free(d->ref);
	free(d->win);
	free(d->lref);
	free(d->sum);
	free(d->table);
	*d = (struct nmddm_kde){0};
}
