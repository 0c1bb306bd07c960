#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "detect/focus.h"

/* Squares of sums of it, times their age, are still doubles. */
static const double largest = 1e100;

int
focus_init(struct focus *f)
{
	*f = (struct focus){.limit = INFINITY, .most = largest};
	f->up.corner = calloc(2 * FOCUS_CORNERS, sizeof(*f->up.corner));
	if (f->up.corner == NULL)
		return -1;
	f->down.corner = f->up.corner + FOCUS_CORNERS;
	focus_reset(f);
	return 0;
}

void
focus_hold(struct focus *f, double limit)
{
	f->limit = limit > 0 ? limit : DBL_MAX / 2;
	f->most = fmin(2 * sqrt(f->limit), largest);
}

static void
begin(struct focus_side *s)
{
	s->corner[0] = s->now = (struct focus_point){0, 0};
	s->n = 1;
}

static void
reset(struct focus_side *s)
{
	begin(s);
	s->stat = s->since = s->size = s->held = 0;
}

void
focus_reset(struct focus *f)
{
	reset(&f->up);
	reset(&f->down);
}

/* The best of the corners. */
static void
judge(struct focus_side *s)
{
	double best = 0, age = 1;
	size_t n = s->n;

	for (size_t i = 0; i < n; i++) {
		double rise = s->now.sum - s->corner[i].sum;
		double old = s->now.at - s->corner[i].at;

		/* Squares are compared over one another's age. */
		if (rise > 0 && rise * rise * age > best * best * old) {
			best = rise;
			age = old;
		}
	}
	s->stat = best * best / (2 * age);
	s->since = best > 0 ? age : 0;
	s->size = best / age;
}

/*
 * The point between a and b, a later one, from which the statistic is most:
 * from a it is more, from b less.
 */
static struct focus_point
between(struct focus_point now, struct focus_point a, struct focus_point b,
    double most)
{
	double rise = now.sum - a.sum, up = b.sum - a.sum, on = b.at - a.at;
	double half = rise * up - most * on;
	double excess = rise * rise - 2 * most * (now.at - a.at);
	double part = half * half - up * up * excess;

	if (excess > 0)
		part = fmin(excess / (half + sqrt(fmax(part, 0))), 1);
	else
		part = 0;
	return (struct focus_point){a.sum + part * up, a.at + part * on};
}

/* Drops old moments, so that the statistic is most. */
static void
forget(struct focus_side *s, double most)
{
	struct focus_point first, next = s->now;
	size_t keep = s->n - 1;

	for (; keep > 0; keep--) {
		double rise = s->now.sum - s->corner[keep].sum;

		if (rise * rise >= 2 * most * (s->now.at - s->corner[keep].at))
			break;
		next = s->corner[keep];
	}
	first = between(s->now, s->corner[keep], next, most);
	s->corner[keep] = first;
	s->n -= keep;
	for (size_t i = 0; i < s->n; i++) {
		s->corner[i].sum = s->corner[i + keep].sum - first.sum;
		s->corner[i].at = s->corner[i + keep].at - first.at;
	}
	s->now.sum -= first.sum;
	s->now.at -= first.at;
	if (s->held == 0)
		s->held = s->since;
	judge(s);
}

/*
 * Makes room for one corner. Since the sums rise from corner to corner, the
 * older neighbour of one that goes has at least its rise: what is lost is the
 * ratio of their ages.
 */
static void
thin(struct focus_side *s)
{
	double least = INFINITY;
	size_t go = 1;

	for (size_t i = 1; i + 1 < s->n; i++) {
		double gap = (s->now.at - s->corner[i - 1].at) /
			     (s->now.at - s->corner[i + 1].at);

		if (gap < least) {
			least = gap;
			go = i;
		}
	}
	for (s->n--; go < s->n; go++)
		s->corner[go] = s->corner[go + 1];
}

/* The point that has been reached becomes a corner of the hull. */
static void
corner(struct focus_side *s)
{
	const struct focus_point now = s->now;

	if (now.sum <= s->corner[0].sum) {
		begin(s);
		return;
	}
	for (; s->n > 1; s->n--) {
		const struct focus_point *b = &s->corner[s->n - 1], *a = b - 1;

		if ((b->sum - a->sum) * (now.at - b->at) <
		    (now.sum - b->sum) * (b->at - a->at))
			break;
	}
	if (s->n == FOCUS_CORNERS)
		thin(s);
	s->corner[s->n++] = now;
}

static void
add(struct focus_side *s, double z, double limit)
{
	s->now.sum += z;
	s->now.at++;
	judge(s);
	s->held += s->held > 0;
	if (s->stat > 2 * limit)
		forget(s, 2 * limit);
	if (s->stat <= limit)
		s->held = 0;
	corner(s);
}

void
focus_add(struct focus *f, double z)
{
	z = fmin(fmax(z, -f->most), f->most);
	add(&f->up, z, f->limit);
	add(&f->down, -z, f->limit);
}

void
focus_stat(const struct focus *f, struct focus_stat *s)
{
	int rose = f->up.stat >= f->down.stat;
	const struct focus_side *side = rose ? &f->up : &f->down;

	s->stat = side->stat;
	s->direction = rose ? 1 : -1;
	s->since = (unsigned long long)fmax(side->since, side->held);
	s->size = rose ? side->size : -side->size;
}

void
focus_free(struct focus *f)
{
	free(f->up.corner);
	f->up.corner = f->down.corner = NULL;
}

static void
point_state(struct focus_point *p, struct store *s)
{
	store_real(s, NULL, &p->sum);
	store_real(s, NULL, &p->at);
}

static void
side_state(struct focus_side *f, const char *name, struct store *s)
{
	store_open(s, name, '{');
	store_real(s, "stat", &f->stat);
	store_real(s, "since", &f->since);
	store_real(s, "size", &f->size);
	store_real(s, "held", &f->held);
	store_size(s, "corners", &f->n, 1, FOCUS_CORNERS);
	store_open(s, "points", '[');
	point_state(&f->now, s);
	for (size_t i = 0; i < f->n; i++)
		point_state(&f->corner[i], s);
	store_close(s, ']');
	store_close(s, '}');
}

void
focus_state(struct focus *f, struct store *s)
{
	side_state(&f->up, "up", s);
	side_state(&f->down, "down", s);
}
