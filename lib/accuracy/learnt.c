#include <math.h>
#include <stdlib.h>

#include "accuracy/learnt.h"
#include "stats/special.h"

/* How far off the estimate for any kind of damage may be. */
#define ANY_KIND 0.02

/* An array of n elements, which a reader has to make room for. */
static int
make_room(struct store *s, void *array, size_t n, size_t size)
{
	void **p = array;

	if (store_reading(s) && s->why == NULL) {
		*p = calloc(n, size);
		if (*p == NULL)
			store_refuse(s, "memory has ended");
	}
	return s->why == NULL;
}

static int
within(const double *x, size_t n, double min, double max)
{
	for (size_t i = 0; i < n; i++)
		if (!(x[i] >= min && x[i] <= max))
			return 0;
	return 1;
}

static int
rises(const double *x, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (!(x[i] > x[i - 1]))
			return 0;
	return 1;
}

static void
check(const struct learnt *l, struct store *s)
{
	size_t sum = 0;

	for (size_t i = 0; i < l->classes; i++)
		sum += l->count[i];
	if (sum != l->records)
		store_refuse(s, "the classes are not as many as the records");
	else if (!within(&l->accuracy, 1, 0, 1) ||
		 !within(&l->confidence, 1, 0, 1) ||
		 !within(&l->temperature, 1, 0.01, 100) ||
		 !within(&l->atc, 1, -1e3, 1e3) ||
		 !within(&l->cott, 1, -1, 2) ||
		 !within(l->sure, l->classes, 0, 1) ||
		 !within(l->spread, l->classes, 0, 1) ||
		 !within(&l->doubt, 1, -1e9, 1e9) ||
		 !within(l->fit.mean, QUADRIC_X, -1e9, 1e9) ||
		 !within(l->fit.scale, QUADRIC_X, 1e-9, 1e9) ||
		 !within(&l->fit.weight[0][0],
		     QUADRIC_PARTS * (size_t)QUADRIC_TERMS, -1e6, 1e6) ||
		 !within(&l->fit.least, 1, 0, 1) ||
		 !within(l->width, LEARNT_METHODS, 0, 1e6) ||
		 !within(l->cost, l->knots, 0, 1) ||
		 !within(l->right, l->knots, 0, 1) || !rises(l->cost, l->knots))
		store_refuse(s, "a number that can't be");
}

void
learnt_store(struct learnt *l, struct store *s)
{
	int format = 5;

	store_open(s, NULL, '{');
	store_int(s, "accest", &format, 5, 5);
	store_size(s, "classes", &l->classes, 2, LEARNT_CLASSES);
	store_size(s, "window", &l->window, 10, LEARNT_WINDOW);
	recmodel_state(&l->model, s);
	store_size(s, "records", &l->records, 1, LEARNT_RECORDS);
	store_size(s, "damaged", &l->damaged, 0, LEARNT_RECORDS);
	store_real(s, "temperature", &l->temperature);
	store_real(s, "accuracy", &l->accuracy);
	store_real(s, "confidence", &l->confidence);
	store_real(s, "atc", &l->atc);
	store_real(s, "cott", &l->cott);
	if (make_room(s, &l->count, l->classes, sizeof(*l->count)))
		store_u32s(s, "count", l->count, l->classes, LEARNT_RECORDS);
	store_size(s, "knots", &l->knots, 1, LEARNT_KNOTS);
	if (make_room(s, &l->cost, l->knots, sizeof(*l->cost)))
		store_reals(s, "cost", l->cost, l->knots);
	if (make_room(s, &l->right, l->knots, sizeof(*l->right)))
		store_reals(s, "right", l->right, l->knots);
	if (make_room(s, &l->sure, l->classes, sizeof(*l->sure)))
		store_reals(s, "sure", l->sure, l->classes);
	if (make_room(s, &l->spread, l->classes, sizeof(*l->spread)))
		store_reals(s, "spread", l->spread, l->classes);
	store_real(s, "doubt", &l->doubt);
	store_reals(s, "mean", l->fit.mean, QUADRIC_X);
	store_reals(s, "scale", l->fit.scale, QUADRIC_X);
	store_reals(s, "weight", &l->fit.weight[0][0],
	    QUADRIC_PARTS * (size_t)QUADRIC_TERMS);
	store_real(s, "least", &l->fit.least);
	store_reals(s, "width", l->width, LEARNT_METHODS);
	store_close(s, '}');
	if (s->why == NULL)
		check(l, s);
}

/* Of the accuracy of a window, where that of the stream is this. */
static double
variance(const struct learnt *l, double accuracy)
{
	double n = (double)l->window;

	return fmax(accuracy * (1 - accuracy), 1 / n) / n;
}

double
learnt_unit(const struct learnt *l, enum learnt_method method, double accuracy,
    double gain)
{
	double part = method == LEARNT_EM || method == LEARNT_FIT ? 10 : 4;
	double fall = (l->accuracy - accuracy) / part;
	double v = variance(l, accuracy) + fall * fall;

	if (method == LEARNT_FIT)
		v += fmax(gain, 0) / 400 + ANY_KIND * ANY_KIND;
	return sqrt(v);
}

double
learnt_limit(const struct learnt *l, double fall)
{
	return fall + special_normal_quantile(1 - LEARNT_WRONG) *
			  sqrt(variance(l, l->accuracy - fall));
}

double
learnt_curve(const struct learnt *l, double cost)
{
	size_t i = 0;

	while (i < l->knots && l->cost[i] < cost)
		i++;
	if (i == 0)
		return l->right[0];
	if (i == l->knots)
		return l->right[i - 1];
	return l->right[i - 1] + (l->right[i] - l->right[i - 1]) *
				     (cost - l->cost[i - 1]) /
				     (l->cost[i] - l->cost[i - 1]);
}

void
learnt_free(struct learnt *l)
{
	free(l->count);
	free(l->cost);
	free(l->right);
	free(l->sure);
	free(l->spread);
	*l = (struct learnt){0};
}
