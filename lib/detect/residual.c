#include <stdlib.h>
#include <string.h>

#include "detect/residual.h"

static int
make_room(struct residual *r)
{
	const struct residual_fit *f = r->fit;

	r->past = calloc((f->order + 1) * f->width, sizeof(*r->past));
	return r->past != NULL ? 0 : -1;
}

/* One field, whose scores x is given, n; among as ar_fit has it. */
static int
fit_field(struct residual_part *p, const double *rows, size_t n, size_t width,
    const struct residual_choice *c, size_t among, double *x)
{
	for (size_t i = 0; i < n; i++)
		x[i] = rows[i * width];
	if (nscore_init(&p->score, x, n, 0, 0) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		x[i] = nscore_of(&p->score, x[i]);
	if (ar_fit(&p->ar, x, n, c->most, among, c->form) < 0)
		return -1;
	if (p->ar.order == 0)
		nscore_free(&p->score);
	return 0;
}

/* All that had none, each among so many; -1 when memory ended. */
static int
fit_fields(struct residual_fit *f, const double *rows, size_t n,
    const struct residual_choice *c, size_t among, double *x)
{
	for (size_t j = 0; j < f->width; j++) {
		struct residual_part *p = &f->part[j];

		if (p->ar.order > 0)
			continue;
		if (fit_field(p, rows + j, n, f->width, c, among, x) < 0)
			return -1;
		if (p->ar.order > f->order)
			f->order = p->ar.order;
		if (p->ar.order > 0 &&
		    (f->part[f->most].ar.order == 0 ||
			p->ar.worth < f->part[f->most].ar.worth))
			f->most = j;
	}
	return 0;
}

/* A row becomes its scores. */
static void
score(struct residual_fit *f, double *row)
{
	for (size_t j = 0; j < f->width; j++)
		if (f->part[j].ar.order > 0)
			row[j] = nscore_of(&f->part[j].score, row[j]);
}

/* A row of scores becomes its residuals; 0 when too few came before. */
static int
filter(struct residual *r, double *row)
{
	const struct residual_fit *f = r->fit;
	size_t width = f->width;

	memmove(r->past + width, r->past, f->order * width * sizeof(*r->past));
	memcpy(r->past, row, width * sizeof(*r->past));
	if (r->held < f->order) {
		r->held++;
		return 0;
	}
	for (size_t j = 0; j < width; j++)
		row[j] = ar_residual(
		    &f->part[j].ar, row[j], r->past + width + j, width);
	return 1;
}

/* 1 when there is dependence, and then e has the residuals. */
static int
fit(struct residual *r, const double *rows, size_t n,
    const struct residual_choice *c, double *e)
{
	struct residual_fit *f = r->fit;
	size_t width = f->width, among = c->dependent ? 0 : width;
	double *x = malloc((n + width) * sizeof(*x)), *row = x + n;
	int found = x == NULL ? -1 : fit_fields(f, rows, n, c, among, x);

	/* When one has it, others may have less of it. */
	if (found == 0 && f->order > 0 && among > 1)
		found = fit_fields(f, rows, n, c, 1, x);
	if (found == 0 && f->order > 0)
		found = make_room(r) < 0 ? -1 : 1;
	for (size_t i = 0; found == 1 && i < n; i++) {
		/* Of a single field x has the scores. */
		memcpy(row, width > 1 ? rows + i * width : x + i,
		    width * sizeof(*row));
		if (width > 1)
			score(f, row);
		if (!filter(r, row))
			continue;
		memcpy(e, row, width * sizeof(*e));
		e += width;
	}
	free(x);
	return found;
}

int
residual_init(struct residual *r, const double *rows, size_t n, size_t width,
    const struct residual_choice *choice, double *e)
{
	int found = -1;

	*r = (struct residual){.fit = calloc(1, sizeof(*r->fit))};
	if (r->fit == NULL)
		return -1;
	r->fit->users = 1;
	r->fit->width = width;
	r->fit->part = calloc(width, sizeof(*r->fit->part));
	if (r->fit->part != NULL)
		found = fit(r, rows, n, choice, e);
	if (found != 1)
		residual_free(r);
	return found < 0 ? -1 : 0;
}

int
residual_share(struct residual *r, const struct residual *other)
{
	*r = (struct residual){.fit = other->fit};
	if (r->fit == NULL)
		return 0;
	r->fit->users++;
	return make_room(r);
}

void
residual_begin(struct residual *r)
{
	r->held = 0;
}

int
residual_next(struct residual *r, double *row)
{
	score(r->fit, row);
	return filter(r, row);
}

const struct ar *
residual_most(const struct residual *r)
{
	return &r->fit->part[r->fit->most].ar;
}

double
residual_worth(const struct residual *r)
{
	const struct residual_fit *f = r->fit;
	double sum = 0;

	for (size_t j = 0; j < f->width; j++)
		sum += 1 / f->part[j].ar.worth;
	return (double)f->width / sum;
}

void
residual_state(struct residual *r, struct store *s)
{
	store_size(s, "held", &r->held, 0, r->fit->order);
	store_reals(s, "past", r->past, r->held * r->fit->width);
}

static void
free_fit(struct residual_fit *f)
{
	for (size_t j = 0; f->part != NULL && j < f->width; j++)
		nscore_free(&f->part[j].score);
	free(f->part);
	free(f);
}

void
residual_free(struct residual *r)
{
	if (r->fit != NULL && --r->fit->users == 0)
		free_fit(r->fit);
	free(r->past);
	*r = (struct residual){0};
}
