#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/special.h"
#include "stats/sort.h"
#include "detect/nscore.h"

/* So many values are compared at once, and follow the last one. */
enum { FEW = 4 };

uint64_t
nscore_seed(uint64_t seed, const double *ref, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		seed += (ref[i] > ref[i - 1]) + 2 * (ref[i] < ref[i - 1]);
		seed *= 0x9e3779b97f4a7c15;
		seed ^= seed >> 32;
	}
	return seed;
}

/* The integral of the square of the quantile, from 0 to p. */
static double
squares(double p)
{
	double z;

	if (p <= 0 || p >= 1)
		return p;
	z = special_normal_quantile(p);
	return p - z * special_normal_density(z);
}

static void
free_ref(struct nscore_ref *r)
{
	free(r->value);
	free(r->score);
	free(r->below);
	free(r->guide);
	free(r);
}

static inline size_t
cell(const struct nscore_ref *r, double x)
{
	size_t i = (size_t)((x - r->value[0]) * r->scale);

	return i < r->n ? i : r->n - 1;
}

/* -1 when memory ended. */
static int
guide(struct nscore_ref *r)
{
	r->scale = (double)r->n / (r->value[r->n - 1] - r->value[0]);
	if (!(r->scale > 0 && isfinite(r->scale)) || r->n > UINT32_MAX)
		return 0;
	r->guide = calloc(r->n + 1, sizeof(*r->guide));
	if (r->guide == NULL)
		return -1;
	for (size_t i = 0; i < r->n; i++)
		r->guide[cell(r, r->value[i]) + 1]++;
	for (size_t i = 0; i < r->n; i++)
		r->guide[i + 1] += r->guide[i];
	return 0;
}

/* Scores that a record would else compute; -1 when memory ended. */
static int
tabulate(struct nscore_ref *r, int flags)
{
	double all = (double)r->n + 1;

	if (flags & (NSCORE_RANDOM | NSCORE_BITS))
		return 0;
	r->score = malloc((2 * r->n + 1) * sizeof(*r->score));
	if (r->score == NULL)
		return -1;
	for (size_t i = 0; i <= r->n; i++) {
		double z = special_normal_quantile((double)(i + 1) / 2 / all);

		r->score[i] = z;
		r->score[2 * r->n - i] = -z;
	}
	if (!(flags & NSCORE_SQUARES))
		return 0;
	r->below = malloc((r->n + 2) * sizeof(*r->below));
	if (r->below == NULL)
		return -1;
	for (size_t i = 0; i <= r->n + 1; i++)
		r->below[i] = squares((double)i / all);
	return 0;
}

int
nscore_init(
    struct nscore *s, const double *ref, size_t n, int flags, uint64_t seed)
{
	struct nscore_ref *r = calloc(1, sizeof(*r));

	*s = (struct nscore){0};
	if (r == NULL)
		return -1;
	r->n = n;
	r->users = 1;
	r->value = malloc((n + FEW) * sizeof(*r->value));
	if (r->value == NULL || tabulate(r, flags) < 0) {
		free_ref(r);
		return -1;
	}
	memcpy(r->value, ref, n * sizeof(*ref));
	sort_reals(r->value, n);
	for (size_t i = 0; i < FEW; i++)
		r->value[n + i] = INFINITY;
	s->rng = flags & NSCORE_RANDOM ? malloc(sizeof(*s->rng)) : NULL;
	if (guide(r) < 0 || ((flags & NSCORE_RANDOM) && s->rng == NULL)) {
		free_ref(r);
		free(s->rng);
		s->rng = NULL;
		return -1;
	}
	if (s->rng != NULL)
		rng_seed(s->rng, nscore_seed(seed, ref, n), 0);
	s->ref = r;
	return 0;
}

int
nscore_share(struct nscore *s, const struct nscore *other)
{
	*s = (struct nscore){.ref = other->ref};
	s->ref->users++;
	if (other->rng == NULL)
		return 0;
	s->rng = malloc(sizeof(*s->rng));
	if (s->rng == NULL)
		return -1;
	*s->rng = *other->rng;
	return 0;
}

/* How many of the n ascending values are below x; with equal, up to x. */
static inline size_t
below(const double *ref, size_t n, double x, int equal)
{
	size_t base = 0;

	/* A product, not a branch that would be mispredicted. */
	while (n > 0) {
		size_t half = (n + 1) / 2;
		double v = ref[base + half - 1];

		base += (size_t)(equal ? v <= x : v < x) * half;
		n -= half;
	}
	return base;
}

/* How many values are below x. */
static size_t
rank_of(const struct nscore_ref *r, double x)
{
	size_t from = 0, to = r->n;
	const double *v;

	if (r->guide != NULL && x > r->value[0] && x <= r->value[to - 1]) {
		size_t i = cell(r, x);

		from = r->guide[i];
		to = r->guide[i + 1];
	}
	if (to - from > FEW)
		return from + below(r->value + from, to - from, x, 0);
	/* Those after the cell are not below x: no branch to mispredict. */
	v = r->value + from;
	return from + (size_t)(v[0] < x) + (size_t)(v[1] < x) +
	       (size_t)(v[2] < x) + (size_t)(v[3] < x);
}

/* How many values are the one at i, the first of them: few, as a rule. */
static size_t
same_from(const struct nscore_ref *r, size_t i)
{
	double x = r->value[i];
	size_t step = 1, from = i + 1;

	while (from + step <= r->n && r->value[from + step - 1] == x) {
		from += step;
		step *= 2;
	}
	step = step - 1 < r->n - from ? step - 1 : r->n - from;
	return from - i + below(r->value + from, step, x, 1);
}

double
nscore_bits(double x)
{
	uint64_t h;

	x += 0.0; /* of -0 too */
	memcpy(&h, &x, sizeof(h));
	for (int i = 0; i < 2; i++) {
		h = (h ^ h >> 32) * 0x9e3779b97f4a7c15;
		h ^= h >> 29;
	}
	return ((double)(h >> 12) + 0.5) * 0x1p-52;
}

/* The score of x, which the reference has so often. */
static double
by_bits(const struct nscore_ref *r, double x, size_t less, size_t same)
{
	double part = same > 1 ? (double)same / 2 : nscore_bits(x);
	double all = (double)(same > 0 ? r->n : r->n + 1);

	return special_normal_quantile(((double)less + part) / all);
}

/* The score; the reference has *less values below x, and *cells - 1 like it. */
static double
place(struct nscore *s, double x, size_t *less, size_t *cells)
{
	const struct nscore_ref *r = s->ref;
	double all = (double)r->n + 1, rank;

	*less = rank_of(r, x);
	*cells = 1;
	if (*less < r->n && r->value[*less] == x)
		*cells += same_from(r, *less);
	if (r->score != NULL)
		return r->score[2 * *less + *cells - 1];
	if (s->rng == NULL)
		return by_bits(r, x, *less, *cells - 1);
	rank = (double)*less + rng_uniform(s->rng) * (double)*cells;
	return special_normal_quantile(fmin(fmax(rank, 0.5), all - 0.5) / all);
}

double
nscore_of(struct nscore *s, double x)
{
	size_t less, cells;

	return place(s, x, &less, &cells);
}

double
nscore_square(struct nscore *s, double x, double *z)
{
	const struct nscore_ref *r = s->ref;
	size_t less, cells;

	*z = place(s, x, &less, &cells);
	if (s->rng != NULL)
		return *z * *z;
	return (r->below[less + cells] - r->below[less]) * ((double)r->n + 1) /
	       (double)cells;
}

void
nscore_free(struct nscore *s)
{
	if (s->ref != NULL && --s->ref->users == 0)
		free_ref(s->ref);
	free(s->rng);
	*s = (struct nscore){0};
}

void
nscore_state(struct nscore *s, struct store *to)
{
	struct rng none = {{0}};

	rng_state(s->rng != NULL ? s->rng : &none, to);
	if ((none.s[0] | none.s[1] | none.s[2] | none.s[3]) != 0)
		store_refuse(to, "a generator of nothing");
}
