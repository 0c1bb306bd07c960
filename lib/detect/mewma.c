#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "detect/mewma.h"
#include "detect/mewma_null.h"

double *
mewma_z(const struct mewma *m, size_t k)
{
	return (double *)(m->of + m->fit->p.lambdas) + k * m->fit->whiten.d;
}

/* Bytes of what a stream has. */
static size_t
size_of(const struct mewma_fit *f)
{
	return f->p.lambdas *
	       (sizeof(struct mewma_ewma) + f->whiten.d * sizeof(double));
}

/* Room for one stream. */
static const char *
init_stream(struct mewma *m, struct mewma_fit *f)
{
	*m = (struct mewma){.fit = f, .of = calloc(1, size_of(f))};
	if (m->of != NULL)
		return NULL;
	mewma_free(m);
	return NO_MEMORY;
}

const char *
mewma_init(void *mewma, const void *params, const double *rows, size_t n,
    size_t fields)
{
	struct mewma_fit *f = malloc(sizeof(*f));
	const char *why = f == NULL
			      ? NO_MEMORY
			      : mewma_fit_init(f, params, rows, n, fields);

	if (why == NULL)
		return init_stream(mewma, f);
	free(f);
	return why;
}

const char *
mewma_share(void *mewma, const void *other)
{
	struct mewma_fit *f = ((const struct mewma *)other)->fit;

	f->users++;
	return init_stream(mewma, f);
}

void
mewma_fields(void *mewma, const char *const *name)
{
	((struct mewma *)mewma)->fit->name = name;
}

void
mewma_contexts(void *mewma, size_t contexts, double rounds)
{
	struct mewma_fit *f = ((struct mewma *)mewma)->fit;

	f->contexts = contexts;
	f->rounds = rounds;
}

void
mewma_residuals(void *mewma, double worth)
{
	((struct mewma *)mewma)->fit->worth = worth;
}

void
mewma_add(void *mewma, const double *x)
{
	struct mewma *m = mewma;
	const struct mewma_fit *f = m->fit;
	size_t d = f->whiten.d;
	double square = 0;

	whiten_apply(&f->whiten, x, f->y);
	for (size_t i = 0; i < d; i++)
		square += f->y[i] * f->y[i];
	for (size_t k = 0; k < f->p.lambdas; k++) {
		struct mewma_ewma *e = &m->of[k];

		e->t2 = mewma_fit_update(
		    f, k, mewma_z(m, k), f->y, mewma_fit_clip(f, k, square));
		e->above = e->t2 > f->mean[k] ? e->above + 1 : 0;
	}
}

size_t
mewma_largest(const struct mewma *m)
{
	const double *h = m->fit->h;
	size_t which = 0;

	for (size_t k = 1; k < m->fit->p.lambdas; k++)
		if (m->of[k].t2 / h[k] > m->of[which].t2 / h[which])
			which = k;
	return which;
}

int
mewma_value(const void *mewma, double *stat)
{
	const struct mewma *m = mewma;
	size_t k = mewma_largest(m);

	*stat = m->of[k].t2 / m->fit->h[k];
	return 1;
}

long long
mewma_since(const void *mewma)
{
	const struct mewma *m = mewma;

	return (long long)m->of[mewma_largest(m)].above;
}

/* Whether a field is of interest to a person: it has a name of its own. */
static int
is_named(const struct mewma *m, const struct mewma_part *p)
{
	const char *name = m->fit->name ? m->fit->name[p->field] : "";
	size_t len = strlen(name);

	return len > 0 && name[len - 1] != ']' && p->share >= MEWMA_NAMED;
}

static int
precedes(const struct mewma *m, const struct mewma_part *a,
    const struct mewma_part *b)
{
	int named = is_named(m, a), other = is_named(m, b);

	return named != other ? named : a->share > b->share;
}

size_t
mewma_top(const struct mewma *m, struct mewma_part *top, size_t n)
{
	const struct whiten *w = &m->fit->whiten;
	double *part = malloc(2 * w->d * sizeof(*part));
	size_t k = mewma_largest(m), kept = 0;

	if (part == NULL)
		return 0;
	whiten_parts(w, mewma_z(m, k), part, part + w->d);
	for (size_t i = 0; i < w->d; i++) {
		struct mewma_part new = {
		    w->live[i], part[i], part[w->d + i] > 0};
		size_t at = kept < n ? kept++ : n;

		/* From the last one kept upwards. */
		for (; at > 0 && precedes(m, &new, &top[at - 1]); at--)
			if (at < n)
				top[at] = top[at - 1];
		if (at < n)
			top[at] = new;
	}
	free(part);
	return kept;
}

void
mewma_print(void *mewma, struct buf *out)
{
	const struct mewma *m = mewma;

	buf_key_real(out, "lambda", m->fit->p.lambda[mewma_largest(m)]);
}

void
mewma_explain(void *mewma, struct buf *out)
{
	const struct mewma *m = mewma;
	struct mewma_part top[MEWMA_TOP];
	size_t n = m->fit->name ? mewma_top(m, top, MEWMA_TOP) : 0;

	buf_str(out, ",\"top\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(out, i > 0 ? ",{" : "{");
		buf_key_str(out, "field", m->fit->name[top[i].field]);
		buf_key_real(out, "share", round(top[i].share * 1e4) / 1e4);
		buf_key_str(out, "direction", top[i].up ? "up" : "down");
		buf_str(out, "}");
	}
	buf_str(out, "]");
}

/* The first field that is constant in the reference; d when there is none. */
static size_t
first_constant(const struct whiten *w)
{
	size_t i = 0;

	while (i < w->d && w->live[i] == i)
		i++;
	return i;
}

void
mewma_remark(const void *mewma, struct buf *out)
{
	const struct mewma *m = mewma;
	const struct whiten *w = &m->fit->whiten;
	char text[160];

	if (w->d < w->fields) {
		snprintf(text, sizeof(text),
		    "%zu of %zu fields are constant in the reference and left "
		    "out, the first being '",
		    w->fields - w->d, w->fields);
		buf_str(out, text);
		buf_str(out, m->fit->name[first_constant(w)]);
		buf_str(out, "'");
	}
	if (w->n >= MEWMA_ENOUGH * w->d)
		return;
	snprintf(text, sizeof(text),
	    "%s%zu records are a short reference for %zu fields: %d for each "
	    "detect sooner",
	    out->len > 0 ? "; " : "", w->n, w->d, MEWMA_ENOUGH);
	buf_str(out, text);
}

void
mewma_reset(void *mewma)
{
	struct mewma *m = mewma;

	memset(m->of, 0, size_of(m->fit));
}

void
mewma_state(void *mewma, struct store *s)
{
	struct mewma *m = mewma;
	size_t lambdas = m->fit->p.lambdas;

	store_reals(s, "z", mewma_z(m, 0), lambdas * m->fit->whiten.d);
	store_open(s, "t2", '[');
	for (size_t k = 0; k < lambdas; k++)
		store_real(s, NULL, &m->of[k].t2);
	store_close(s, ']');
	store_open(s, "above", '[');
	for (size_t k = 0; k < lambdas; k++)
		store_u64(s, NULL, &m->of[k].above);
	store_close(s, ']');
}

void
mewma_free(void *mewma)
{
	struct mewma *m = mewma;

	if (m->fit != NULL && mewma_fit_free(m->fit))
		free(m->fit);
	free(m->of);
	*m = (struct mewma){0};
}

void
mewma_key(const void *params, size_t n, struct buf *out)
{
	const struct mewma_params *p = params;

	(void)n;
	buf_str(out, "mewma-lambda=");
	for (size_t k = 0; k < p->lambdas; k++) {
		buf_str(out, k > 0 ? "," : "");
		buf_real(out, p->lambda[k]);
	}
	buf_str(out, "-clip-largest=");
	buf_real(out, p->clip);
	buf_str(out, "-h=");
	buf_real(out, p->fap);
	buf_str(out, ",");
	buf_real(out, p->horizon);
}

void
mewma_digest(const void *mewma, struct buf *out)
{
	const struct mewma *m = mewma;
	char text[24];

	snprintf(
	    text, sizeof(text), "-%016llx", (unsigned long long)m->fit->digest);
	buf_str(out, text);
	if (m->fit->worth > 0) {
		buf_str(out, "-worth=");
		buf_real(out, m->fit->worth);
	}
	if (m->fit->contexts == 0)
		return;
	buf_str(out, "-contexts=");
	buf_int(out, (long long)m->fit->contexts);
	buf_str(out, "-rounds=");
	buf_real(out, m->fit->rounds);
}

double
mewma_simulate(
    const void *mewma, size_t n, unsigned long long horizon, struct rng *r)
{
	(void)n;
	return mewma_null_simulate(
	    ((const struct mewma *)mewma)->fit, horizon, r);
}
