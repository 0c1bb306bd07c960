#include <math.h>
#include <stdlib.h>

#include "accuracy/transport.h"

#define NONE UINT32_MAX

int
transport_init(struct transport *t, size_t classes)
{
	size_t k = classes;

	*t = (struct transport){.classes = k, .unused = NONE};
	t->edge = calloc(k * k, sizeof(*t->edge));
	t->by = calloc(k * k, sizeof(*t->by));
	t->dist = calloc(k, sizeof(*t->dist));
	t->potential = calloc(k, sizeof(*t->potential));
	t->from = calloc(k, sizeof(*t->from));
	t->head = calloc(k, sizeof(*t->head));
	t->done = calloc(k, 1);
	t->excess = calloc(k, sizeof(*t->excess));
	if (t->edge && t->by && t->dist && t->potential && t->from && t->head &&
	    t->done && t->excess)
		return 0;
	transport_free(t);
	return -1;
}

void
transport_free(struct transport *t)
{
	free(t->edge);
	free(t->by);
	free(t->dist);
	free(t->potential);
	free(t->from);
	free(t->head);
	free(t->done);
	free(t->excess);
	free(t->piece);
	*t = (struct transport){0};
}

/* A piece may go where it is cheapest of all that its class has. */
static void
offer(struct transport *t, const double *p, uint32_t i, size_t to)
{
	const struct transport_piece *x = &t->piece[i];
	size_t at = x->class * t->classes + to;
	const double *row = p + x->row * t->classes;
	double cost = row[x->class] - row[to];

	if (cost < t->edge[at]) {
		t->edge[at] = cost;
		t->by[at] = i;
	}
}

/* A free piece; NONE when memory ends. */
static uint32_t
new_piece(struct transport *t)
{
	uint32_t i = t->unused;

	if (i != NONE) {
		t->unused = t->piece[i].next;
		return i;
	}
	if (t->pieces == t->room) {
		size_t room = t->room * 2 + 64;
		void *p = realloc(t->piece, room * sizeof(*t->piece));

		if (p == NULL)
			return NONE;
		t->piece = p;
		t->room = room;
	}
	return (uint32_t)t->pieces++;
}

/* Adds mass of a record to a class; -1 when memory ends. */
static int
give(struct transport *t, const double *p, uint32_t row, uint32_t class,
    int64_t mass)
{
	uint32_t i = t->head[class];

	while (i != NONE && t->piece[i].row != row)
		i = t->piece[i].next;
	if (i != NONE) {
		t->piece[i].mass += mass;
		return 0;
	}
	i = new_piece(t);
	if (i == NONE)
		return -1;
	t->piece[i] = (struct transport_piece){
	    row, class, t->head[class], mass};
	t->head[class] = i;
	for (size_t k = 0; k < t->classes; k++)
		offer(t, p, i, k);
	return 0;
}

/* The piece is empty: others of its class are the cheapest now. */
static void
drop(struct transport *t, const double *p, uint32_t i)
{
	size_t class = t->piece[i].class;
	uint32_t *link = &t->head[class];

	while (*link != i)
		link = &t->piece[*link].next;
	*link = t->piece[i].next;
	t->piece[i].next = t->unused;
	t->unused = i;
	for (size_t k = 0; k < t->classes; k++) {
		size_t at = class * t->classes + k;

		if (t->by[at] != i)
			continue;
		t->edge[at] = INFINITY;
		t->by[at] = NONE;
		for (uint32_t j = t->head[class]; j != NONE;
		     j = t->piece[j].next)
			offer(t, p, j, k);
	}
}

/* All records go to their most probable class, of equals the first. */
static int
begin(struct transport *t, const double *p, size_t n, int64_t unit)
{
	size_t k = t->classes;

	t->pieces = 0;
	t->unused = NONE;
	for (size_t i = 0; i < k; i++) {
		t->head[i] = NONE;
		t->potential[i] = 0;
	}
	for (size_t i = 0; i < k * k; i++) {
		t->edge[i] = INFINITY;
		t->by[i] = NONE;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t best = 0;

		for (uint32_t c = 1; c < k; c++)
			if (p[i * k + c] > p[i * k + best])
				best = c;
		if (give(t, p, (uint32_t)i, best, unit) < 0)
			return -1;
		t->excess[best] += unit;
	}
	return 0;
}

static size_t
nearest(const struct transport *t)
{
	size_t best = t->classes;

	for (size_t i = 0; i < t->classes; i++)
		if (!t->done[i] &&
		    (best == t->classes || t->dist[i] < t->dist[best]))
			best = i;
	return best;
}

static void
relax(struct transport *t, size_t a)
{
	for (size_t b = 0; b < t->classes; b++) {
		double w = t->edge[a * t->classes + b] + t->potential[a] -
			   t->potential[b];

		/* Below 0 by rounding alone. */
		w = t->dist[a] + (w > 0 ? w : 0);
		if (!t->done[b] && w < t->dist[b]) {
			t->dist[b] = w;
			t->from[b] = (uint32_t)a;
		}
	}
}

/* The class that lacks records and is nearest to those with too many. */
static size_t
search(struct transport *t)
{
	size_t a;

	for (size_t i = 0; i < t->classes; i++) {
		t->done[i] = 0;
		t->from[i] = NONE;
		t->dist[i] = t->excess[i] > 0 ? 0 : INFINITY;
	}
	while (t->excess[a = nearest(t)] >= 0) {
		t->done[a] = 1;
		relax(t, a);
	}
	for (size_t i = 0; i < t->classes; i++)
		t->potential[i] += fmin(t->dist[i], t->dist[a]);
	return a;
}

/* Moves what the path to that class can take. */
static int
augment(struct transport *t, const double *p, size_t to)
{
	size_t k = t->classes, b;
	int64_t mass = -t->excess[to];

	for (b = to; t->from[b] != NONE; b = t->from[b]) {
		int64_t m = t->piece[t->by[t->from[b] * k + b]].mass;

		mass = m < mass ? m : mass;
	}
	mass = t->excess[b] < mass ? t->excess[b] : mass;
	t->excess[b] -= mass;
	t->excess[to] += mass;
	for (b = to; t->from[b] != NONE; b = t->from[b]) {
		uint32_t i = t->by[t->from[b] * k + b];

		t->piece[i].mass -= mass;
		if (give(t, p, t->piece[i].row, (uint32_t)b, mass) < 0)
			return -1;
		if (t->piece[i].mass == 0)
			drop(t, p, i);
	}
	return 0;
}

static int
any_excess(const struct transport *t)
{
	for (size_t i = 0; i < t->classes; i++)
		if (t->excess[i] > 0)
			return 1;
	return 0;
}

double
transport_solve(
    struct transport *t, const double *p, size_t n, const uint32_t *count)
{
	int64_t unit = 0;
	double cost = 0;

	for (size_t i = 0; i < t->classes; i++) {
		unit += count[i];
		t->excess[i] = -(int64_t)count[i] * (int64_t)n;
	}
	if (begin(t, p, n, unit) < 0)
		return NAN;
	while (any_excess(t))
		if (augment(t, p, search(t)) < 0)
			return NAN;
	for (size_t i = 0; i < t->pieces; i++) {
		const struct transport_piece *x = &t->piece[i];

		cost += (double)x->mass *
			(1 - p[x->row * t->classes + x->class]);
	}
	return cost / (double)unit / (double)n;
}

double
transport_below(const struct transport *t, const double *p, double cost)
{
	int64_t mass = 0;

	for (size_t i = 0; i < t->pieces; i++) {
		const struct transport_piece *x = &t->piece[i];

		if (1 - p[x->row * t->classes + x->class] <= cost)
			mass += x->mass;
	}
	return (double)mass;
}
