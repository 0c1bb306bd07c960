#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/grid.h"
#include "stats/sort.h"

/* The value at a rank from 1 on, the smallest that has p of all up to it. */
static double
order(const double *sorted, size_t n, double p)
{
	double k = ceil(p * (double)n - 1e-9);

	k = k < 1 ? 1 : k;
	return sorted[(size_t)(k > (double)n ? (double)n : k) - 1];
}

/* A length that says how far apart values are; positive. */
static double
scale_of(const double *sorted, size_t n)
{
	double s = (order(sorted, n, .95) - order(sorted, n, .05)) / 4;

	if (!(s > 0) || !isfinite(s))
		s = fabs(sorted[n / 2]) / 8;
	return s > 0 ? s : 1;
}

/* The edges in rising order, each once; how many. */
static size_t
place_edges(double *edge, const double *sorted, size_t n)
{
	static const double far[GRID_BEYOND] = {
	    .25, .5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 32};
	double scale = scale_of(sorted, n), all[GRID_EDGES];
	size_t k = 0, edges = 0;

	for (size_t i = 0; i < GRID_BEYOND; i++)
		all[k++] = sorted[0] - scale * far[GRID_BEYOND - 1 - i];
	for (size_t i = 0; i <= GRID_PERCENT; i++)
		all[k++] = order(sorted, n, (double)i / GRID_PERCENT);
	for (size_t i = 0; i < GRID_BEYOND; i++)
		all[k++] = sorted[n - 1] + scale * far[i];
	for (size_t i = 0; i < k; i++)
		if (isfinite(all[i]) &&
		    (edges == 0 || all[i] > edge[edges - 1]))
			edge[edges++] = all[i];
	return edges;
}

int
grid_init(struct grid *g, double *value, size_t n)
{
	double edge[GRID_EDGES], sum = 0, squares = 0;

	memset(g, 0, sizeof(*g));
	sort_reals(value, n);
	if (rank_init(&g->rank, edge, place_edges(edge, value, n)) < 0)
		return -1;
	g->n = n;
	g->min = value[0];
	g->max = value[n - 1];
	for (size_t i = 0; i < n; i++)
		sum += value[i] / (double)n;
	g->mean = sum = value[0] == value[n - 1] ? value[0] : sum;
	for (size_t i = 0; i < n; i++) {
		squares += (value[i] - sum) * (value[i] - sum);
		g->count[grid_cell(g, value[i])]++;
	}
	g->sd = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
	return 0;
}

size_t
grid_cell(const struct grid *g, double x)
{
	size_t r = rank_of(&g->rank, x);

	return 2 * r - (r > 0 && g->rank.value[r - 1] == x);
}

void
grid_add(const struct grid *g, struct grid_sums *s, double x)
{
	double d = x - g->mean;

	s->min = s->n == 0 || x < s->min ? x : s->min;
	s->max = s->n == 0 || x > s->max ? x : s->max;
	s->n++;
	s->sum += d;
	s->squares += d * d;
}

void
grid_merge(struct grid_sums *into, const struct grid_sums *s)
{
	if (s->n == 0)
		return;
	into->min = into->n == 0 || s->min < into->min ? s->min : into->min;
	into->max = into->n == 0 || s->max > into->max ? s->max : into->max;
	into->n += s->n;
	into->sum += s->sum;
	into->squares += s->squares;
}

double
grid_mean(const struct grid *g, const struct grid_sums *s)
{
	return s->n > 0 ? g->mean + s->sum / (double)s->n : NAN;
}

double
grid_sd(const struct grid_sums *s)
{
	double n = (double)s->n;

	if (s->n < 2)
		return NAN;
	return sqrt(fmax(0, (s->squares - s->sum * s->sum / n) / (n - 1)));
}

static double
total(const struct grid *g, const uint32_t *count)
{
	double n = 0;

	for (size_t i = 0; i <= 2 * g->rank.n; i++)
		n += count[i];
	return n;
}

struct grid_distance
grid_distance(const struct grid *g, const uint32_t *count)
{
	double n = total(g, count), m = (double)g->n, a = 0, b = 0;
	struct grid_distance d = {0, 0, 0};

	if (n == 0)
		return (struct grid_distance){NAN, NAN, 0};
	for (size_t i = 0; i <= 2 * g->rank.n; i++) {
		double p = g->count[i] / m, q = count[i] / n, most;

		/* Within an interval one may jump before the other does. */
		most = fmax(fabs(a - (b + q)), fabs(a + p - b));
		if (i % 2 == 0)
			d.high = fmax(d.high, most);
		a += p;
		b += q;
		if (fabs(a - b) > d.low) {
			d.low = fabs(a - b);
			d.up = a > b;
		}
	}
	d.high = fmin(1, fmax(d.high, d.low));
	return d;
}

/* Counts by tenth of the reference; a bin ends where so many are below. */
static void
add_tenths(const struct grid *g, const uint32_t *count, double *a, double *b)
{
	size_t below = 0, bin = 0;

	for (size_t i = 0; i <= 2 * g->rank.n; i++) {
		while (bin + 1 < GRID_TENTHS &&
		       below * GRID_TENTHS >= (bin + 1) * g->n)
			bin++;
		a[bin] += g->count[i];
		b[bin] += count[i];
		below += g->count[i];
	}
}

/* x ln(x / (the share that it has of both)) */
static double
part(double x, double size, double both, double all)
{
	return x > 0 ? x * log(x * all / (size * both)) : 0;
}

struct grid_test
grid_test(const struct grid *g, const uint32_t *count)
{
	double n = (double)g->n, m = total(g, count);
	double a[GRID_TENTHS] = {0}, b[GRID_TENTHS] = {0};
	struct grid_test t = {0, -1, 0};

	if (m == 0)
		return (struct grid_test){NAN, NAN, NAN};
	add_tenths(g, count, a, b);
	for (size_t i = 0; i < GRID_TENTHS; i++) {
		double d = n * b[i] - m * a[i], both = a[i] + b[i];

		if (both == 0)
			continue;
		t.df++;
		t.chi2 += d * d / (n * m * both);
		t.glr += part(a[i], n, both, n + m) +
			 part(b[i], m, both, n + m);
	}
	t.glr = fmax(t.glr, 0);
	return t;
}

/* Bounds of a cell, for values within min .. max. */
static void
bounds(const struct grid *g, size_t cell, double min, double max, double *low,
    double *high)
{
	size_t k = cell / 2;

	*high = k < g->rank.n ? fmin(g->rank.value[k], max) : max;
	if (cell % 2 == 1)
		*low = *high;
	else
		*low = k > 0 ? fmax(g->rank.value[k - 1], min) : min;
}

double
grid_quantile(const struct grid *g, const uint32_t *count, double min,
    double max, double p, double *low, double *high)
{
	double n = total(g, count), below = 0, l = NAN, h = NAN, x = NAN;

	for (size_t i = 0; i <= 2 * g->rank.n && n > 0; i++) {
		if (count[i] > 0) {
			bounds(g, i, min, max, &l, &h);
			x = l + (h - l) * fmax(0, p * n - below) / count[i];
		}
		below += count[i];
		if (count[i] > 0 && below >= p * n - 1e-9)
			break;
	}
	if (low != NULL)
		*low = l;
	if (high != NULL)
		*high = h;
	return fmin(x, h);
}

void
grid_bins(const struct grid *g, const uint32_t *count, double min, double max,
    double low, double high, size_t bins, double *share)
{
	double n = total(g, count), width = (high - low) / (double)bins;

	memset(share, 0, bins * sizeof(*share));
	for (size_t i = 0; i <= 2 * g->rank.n; i++) {
		double l, h;

		if (count[i] == 0)
			continue;
		bounds(g, i, min, max, &l, &h);
		if (l < low || h > high || h < l)
			continue;
		for (size_t k = 0; k < bins; k++) {
			double a = low + width * (double)k, b = a + width;
			double part = h > l
					  ? fmin(h, b) - fmax(l, a)
					  : l >= a && (l < b || k == bins - 1);

			if (part > 0)
				share[k] += count[i] / n *
					    (h > l ? part / (h - l) : 1);
		}
	}
}

void
grid_free(struct grid *g)
{
	rank_free(&g->rank);
}
